/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/fuzz/fuzz.h"
#include "tui/report/report.h"
#include "tui/state/utf8.h"

/* Texts of a trace on their way out as CSV and JSON: the bytes, split at 0x1f, are names of columns
 * and values of rows. What has to hold: a reader of CSV gets every byte back; each line of JSON is
 * an object of whole UTF-8 without controls, and texts that are UTF-8 come back. */

enum { COLUMNS = 3, ROWS_MAX = 20, NAME_LEN = 8, TEXT_LEN = 120, IN_MAX = 800 };

static struct budget budget;
static struct writer writer; /* what is written stays in its buffer, which is large enough */

/* The next text; a short one, so that all fit. */
static struct bytes next_text(struct bytes *in, size_t most)
{
	struct bytes text = *in;
	const uint8_t *end = in->len > 0 ? memchr(in->data, 0x1f, in->len) : NULL;

	if (end != NULL)
		text.len = (size_t)(end - in->data);
	in->data += text.len + (end != NULL);
	in->len -= text.len + (end != NULL);
	if (text.len > most)
		text.len = most;
	return text;
}

static void fill(struct table *table, struct bytes in)
{
	static const char *const families[COLUMNS] = { "a", "b_ns", "c" };

	table_init(table, &budget);
	for (int i = 0; i < COLUMNS; i++)
		table_add_column_of(table, families[i], next_text(&in, NAME_LEN), COLUMN_TEXT);
	for (int row = 0; row < ROWS_MAX && in.len > 0; row++)
		for (int i = 0; i < COLUMNS; i++)
			table_add_text(table, next_text(&in, TEXT_LEN));
}

static struct bytes written(void)
{
	must(!writer_has_failed(&writer), "it fits");
	return (struct bytes){ (const uint8_t *)writer.buffer, writer.used };
}

static uint8_t take(struct bytes *in)
{
	uint8_t byte;

	must(in->len > 0, "not cut short");
	byte = in->data[0];
	in->data++;
	in->len--;
	return byte;
}

/* ---- CSV (RFC 4180) */

/* A field, and what ends it. */
static uint8_t take_field(struct bytes *in, uint8_t *field, size_t *len)
{
	bool quoted = in->len > 0 && in->data[0] == '"';
	uint8_t byte;

	*len = 0;
	if (quoted)
		take(in);
	for (;;) {
		byte = take(in);
		if (quoted && byte == '"') {
			byte = take(in);
			if (byte != '"') {
				must(byte == ',' || byte == '\n', "behind quotes a field ends");
				return byte;
			}
		} else if (!quoted && (byte == ',' || byte == '\n')) {
			return byte;
		}
		must(quoted || (byte != '"' && byte != '\r'), "these are quoted");
		field[(*len)++] = byte;
	}
}

static void check_csv(const struct table *table)
{
	uint8_t field[8 * TEXT_LEN];
	struct bytes in;
	size_t len;

	writer_open(&writer, -1);
	report_csv(&writer, table);
	in = written();
	for (size_t row = 0; row <= table_rows(table); row++)
		for (size_t i = 0; i < COLUMNS; i++) {
			uint8_t end = take_field(&in, field, &len);
			struct bytes want = row == 0 ? table->columns.items[i].name
			                             : table_value(table, row - 1, i).text;

			must(end == (i + 1 < COLUMNS ? ',' : '\n'), "as many fields as columns");
			must(bytes_equal((struct bytes){ field, len }, want),
			     "every byte comes back");
		}
	must(in.len == 0, "and nothing else");
}

/* ---- JSON (RFC 8259) */

static void take_json(struct bytes *in, const char *text)
{
	for (; *text != '\0'; text++)
		must(take(in) == (uint8_t)*text, "the form of an object");
}

static uint32_t take_escape(struct bytes *in)
{
	uint8_t byte = take(in);
	uint32_t code = 0;

	if (byte != 'u') {
		must(byte == '"' || byte == '\\', "an escape");
		return byte;
	}
	for (int i = 0; i < 4; i++) {
		byte = take(in);
		must((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f'), "a digit");
		code = code * 16 + (uint32_t)(byte <= '9' ? byte - '0' : byte - 'a' + 10);
	}
	return code;
}

static size_t take_string(struct bytes *in, uint8_t *text)
{
	size_t len = 0, part;
	uint32_t code;

	take_json(in, "\"");
	for (;;) {
		part = utf8_decode(*in, &code);
		must(part > 0, "whole UTF-8");
		must(code >= 0x20 && (code < 0x7f || code > 0x9f), "no controls");
		in->data += part;
		in->len -= part;
		if (code == '"')
			return len;
		if (code == '\\')
			code = take_escape(in);
		len += utf8_encode(code, (char *)text + len);
	}
}

static bool is_utf8(struct bytes text)
{
	uint32_t code;

	while (text.len > 0) {
		size_t len = utf8_decode(text, &code);

		if (len == 0)
			return false;
		text.data += len;
		text.len -= len;
	}
	return true;
}

static void check_string(struct bytes *in, struct bytes want)
{
	uint8_t text[16 * TEXT_LEN];
	size_t len = take_string(in, text);

	must(!is_utf8(want) || bytes_equal((struct bytes){ text, len }, want), "a text comes back");
}

static void check_json(const struct table *table)
{
	struct bytes in;

	writer_open(&writer, -1);
	report_json(&writer, table);
	in = written();
	for (size_t row = 0; row < table_rows(table); row++) {
		for (size_t i = 0; i < COLUMNS; i++) {
			struct value value = table_value(table, row, i);

			take_json(&in, i == 0 ? "{" : ",");
			check_string(&in, table->columns.items[i].name);
			take_json(&in, ":");
			if (value.is_empty)
				take_json(&in, "null");
			else
				check_string(&in, value.text);
		}
		take_json(&in, "}\n");
	}
	must(in.len == 0, "and nothing else");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct table table;

	fill(&table, (struct bytes){ data, size < IN_MAX ? size : IN_MAX });
	check_csv(&table);
	check_json(&table);
	table_free(&table);
	must(atomic_load(&budget.used) == 0, "memory comes back");
	return 0;
}
