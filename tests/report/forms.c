/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/report/capture.h"
#include "tests/tap.h"

static struct budget budget;

/* A column of each kind, a full row and an empty one. */
static void fill(struct table *table)
{
	static const enum column_kind kinds[] = { COLUMN_ID,    COLUMN_TEXT,  COLUMN_TIME,
		                                  COLUMN_COUNT, COLUMN_BYTES, COLUMN_FRACTION,
		                                  COLUMN_BOOL,  COLUMN_RATE };
	static const char *const names[] = { "goroutine",  "name", "start_ns", "count",
		                             "heap_bytes", "mmu",  "complete", "per_s" };

	table_init(table, &budget);
	for (size_t i = 0; i < 8; i++)
		table_add_column(table, names[i], kinds[i]);
	table_add_id(table, UINT64_MAX);
	table_add_text(table, bytes_of("main.main"));
	table_add_number(table, 1500);
	table_add_number(table, -3);
	table_add_number(table, 5 << 20);
	table_add_number(table, 250001);
	table_add_number(table, 1);
	table_add_number(table, -1500000);
	for (size_t i = 0; i < 7; i++)
		table_add_empty(table);
	table_add_unknown(table);
}

static void every_kind(void)
{
	struct table table;

	fill(&table);
	is_text(capture(report_csv, &table),
	        "goroutine,name,start_ns,count,heap_bytes,mmu,complete,per_s\n"
	        "18446744073709551615,main.main,1500,-3,5242880,0.250001,1,-1.500000\n"
	        ",,,,,,,\n",
	        "csv");
	is_text(capture(report_json, &table),
	        "{\"goroutine\":18446744073709551615,\"name\":\"main.main\",\"start_ns\":1500,"
	        "\"count\":-3,\"heap_bytes\":5242880,\"mmu\":0.250001,\"complete\":true,\"per_s\":-"
	        "1.500000}\n"
	        "{\"goroutine\":null,\"name\":null,\"start_ns\":null,\"count\":null,"
	        "\"heap_bytes\":null,\"mmu\":null,\"complete\":null,\"per_s\":null}\n",
	        "json");
	is_text(capture(report_text, &table),
	        "           goroutine  name       start  count      heap      mmu  complete  "
	        "per_s\n"
	        "18446744073709551615  main.main  1.5µs     -3  5.00 MiB  25.00 %       yes   "
	        "-1.5\n"
	        "                                                                                "
	        "?\n",
	        "text");
	table_free(&table);
}

/* One text in a table, in a form. */
static const char *text_in(report_form *form, const char *text, size_t len)
{
	struct table table;
	const char *out;

	table_init(&table, &budget);
	table_add_column(&table, "t", COLUMN_TEXT);
	table_add_text(&table, (struct bytes){ (const uint8_t *)text, len });
	out = capture(form, &table);
	table_free(&table);
	return out;
}

#define TEXT_IN(form, text) text_in(form, text, sizeof(text) - 1)

static void csv_quotes_what_it_must(void)
{
	is_text(TEXT_IN(report_csv, "a,b"), "t\n\"a,b\"\n", "a comma");
	is_text(TEXT_IN(report_csv, "say \"hi\""), "t\n\"say \"\"hi\"\"\"\n", "quotes are doubled");
	is_text(TEXT_IN(report_csv, "a\nb"), "t\n\"a\nb\"\n", "a line end");
	is_text(TEXT_IN(report_csv, " a"), "t\n\" a\"\n", "a space in front");
	is_text(TEXT_IN(report_csv, "a b"), "t\na b\n", "a space inside needs nothing");
}

static void json_is_valid_whatever_the_text(void)
{
	is_text(TEXT_IN(report_json, "\"\\/"), "{\"t\":\"\\\"\\\\/\"}\n", "quote and backslash");
	is_text(TEXT_IN(report_json, "\n\x1b\x7f\xc2\x9b"),
	        "{\"t\":\"\\u000a\\u001b\\u007f\\u009b\"}\n", "controls");
	is_text(TEXT_IN(report_json, "a\0b"), "{\"t\":\"a\\u0000b\"}\n", "NUL");
	is_text(TEXT_IN(report_json, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"),
	        "{\"t\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"}\n", "UTF-8 stays");
	is_text(TEXT_IN(report_json, "a\xff"), "{\"t\":\"a\xef\xbf\xbd\"}\n", "a stray byte");
	is_text(TEXT_IN(report_json, "\xe2\x82"), "{\"t\":\"\xef\xbf\xbd\xef\xbf\xbd\"}\n",
	        "a character cut short");
	is_text(TEXT_IN(report_json, "\xc0\xaf"), "{\"t\":\"\xef\xbf\xbd\xef\xbf\xbd\"}\n",
	        "over-long");
	is_text(TEXT_IN(report_json, "\xed\xa0\x80"),
	        "{\"t\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"}\n", "a surrogate");
	is_text(TEXT_IN(report_json, "\xf4\x90\x80\x80"),
	        "{\"t\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"}\n",
	        "beyond U+10FFFF");
}

static void a_list_has_units_in_its_values(void)
{
	struct table table;

	table_init(&table, &budget);
	table.is_list = true;
	table_add_column(&table, "name", COLUMN_TEXT);
	table_add_column(&table, "value", COLUMN_COUNT);
	table_add_text(&table, bytes_of("version"));
	table_add_text(&table, bytes_of("go1.26"));
	table_add_text(&table, bytes_of("stw_ns"));
	table_add_of_kind(&table, COLUMN_DURATION, 1500000);
	is_text(capture(report_text, &table), "version  go1.26\nstw       1.5ms\n", "text");
	is_text(capture(report_csv, &table), "name,value\nversion,go1.26\nstw_ns,1500000\n", "csv");
	is_text(capture(report_json, &table),
	        "{\"name\":\"version\",\"value\":\"go1.26\"}\n"
	        "{\"name\":\"stw_ns\",\"value\":1500000}\n",
	        "json");
	table_free(&table);
}

static void nothing_is_said_to_be_nothing(void)
{
	struct table table;

	table_init(&table, &budget);
	table_add_column(&table, "start_ns", COLUMN_TIME);
	table_add_column_of(&table, "block_ns", bytes_of("select"), COLUMN_DURATION);
	is_text(capture(report_text, &table), "start  block[select]\n(none)\n", "text");
	is_text(capture(report_csv, &table), "start_ns,block_ns[select]\n", "csv has its header");
	is_text(capture(report_json, &table), "", "json has no lines");
	table_free(&table);
}

static void sizes_for_people(void)
{
	static const struct {
		int64_t bytes;
		const char *text;
	} cases[] = {
		{ 0, "0 B" },
		{ 1023, "1023 B" },
		{ 1024, "1.00 KiB" },
		{ 1048575, "1.00 MiB" },
		{ 123456789, "118 MiB" },
		{ INT64_MAX, "8.00 EiB" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct table table;
		char want[32];

		table_init(&table, &budget);
		table_add_column(&table, "x", COLUMN_BYTES);
		table_add_number(&table, cases[i].bytes);
		snprintf(want, sizeof(want), "%*s\n%s\n", (int)strlen(cases[i].text), "x",
		         cases[i].text);
		is_text(capture(report_text, &table), want, cases[i].text);
		table_free(&table);
	}
}

int main(void)
{
	every_kind();
	csv_quotes_what_it_must();
	json_is_valid_whatever_the_text();
	a_list_has_units_in_its_values();
	nothing_is_said_to_be_nothing();
	sizes_for_people();
	return tap_done();
}
