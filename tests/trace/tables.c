/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/tables.h"

#include "tests/tap.h"
#include "tests/trace_text.h"

static struct budget budget;
static struct clock clock;

/* Reads records in Go's text form as one batch. */
static void read(struct tables *tables, enum batch_kind kind, const char *records)
{
	static char text[8192];
	byte_array out = { .budget = &budget };
	struct error err = { 0 };
	struct batch batch = { .offset = 1000, .kind = (uint8_t)kind };

	snprintf(text, sizeof(text), "Trace Go1.26\n%s", records);
	if (!trace_text_assemble(bytes_of(text), &out, &err))
		printf("# %s\n", err.message);
	batch.size = (uint32_t)out.count - 16;
	tables_read(tables, &batch, (struct bytes){ out.items + 16, out.count - 16 }, &clock);
	array_free(&out);
}

static void strings_and_stacks_find_their_ids(void)
{
	struct tables tables;
	struct strings strings;
	struct stacks stacks;
	const struct frame *frames;
	uint32_t count;

	tables_init(&tables, &budget);
	strings_init(&strings, &budget);
	stacks_init(&stacks, &budget);
	strings_add(&strings, bytes_of("of another generation"));
	read(&tables, BATCH_STACKS,
	     "Stacks\nStack id=9 nframes=2\npc=1 func=70000 file=2 line=3\npc=4 func=5 file=99 "
	     "line=6\n");
	read(&tables, BATCH_STRINGS,
	     "Strings\nString id=70000\ndata=\"main.f\"\nString id=2\ndata=\"main.go\"\n"
	     "String id=5\ndata=\"main.main\"\n");
	ok(bytes_equal(tables_text(&tables, 70000), bytes_of("main.f")), "a text before joining");
	is_u64(tables_text(&tables, 1).len, 0, "one that is not defined is empty");
	ok(tables_names_root(&tables, 9) && !tables_names_root(&tables, 8), "roots with a name");
	tables_join(&tables, &strings, &stacks);
	is_u64(tables_string(&tables, 2), 3, "the trace's id of a text");
	is_u64(tables_string(&tables, 1), 0, "of an unknown one");
	frames = stacks_frames(&stacks, tables_stack(&tables, 9), &count);
	ok(count == 2 && frames[0].function == tables_string(&tables, 70000) &&
	           frames[1].line == 6 && frames[1].file == 0,
	   "frames name texts of the trace; unknown ones are empty");
	is_u64(tables_stack(&tables, 8), 0, "an unknown stack is none");
	ok(tables.damage.rows.count == 0 && tables.string_count == 3 && tables.stack_count == 1,
	   "all is read");
	tables_free(&tables);
	strings_free(&strings);
	stacks_free(&stacks);
}

static void a_text_is_kept_once(void)
{
	struct tables tables;
	struct strings kept;

	tables_init(&tables, &budget);
	strings_init(&kept, &budget);
	strings_add(&kept, bytes_of("of another generation"));
	read(&tables, BATCH_STRINGS, "Strings\nString id=7\ndata=\"b\"\nString id=8\ndata=\"a\"\n");
	ok(tables_keep(&tables, 8, &kept) == 2 && tables_keep(&tables, 7, &kept) == 3 &&
	           tables_keep(&tables, 8, &kept) == 2,
	   "what is asked for first comes first");
	is_u64(tables_keep(&tables, 9, &kept), 0, "what is not defined is the empty text");
	tables_free(&tables);
	strings_free(&kept);
}

/* What stands before a bad record stays; the rest of its batch is lost, the next batch is read. */
static void loses(enum batch_kind kind, const char *good, const char *bad, uint64_t len,
                  const char *what)
{
	struct tables tables;
	char text[2048];

	tables_init(&tables, &budget);
	snprintf(text, sizeof(text), "%s%s", good, bad);
	read(&tables, kind, text);
	ok(tables.damage.rows.count == 1 && tables.damage.rows.items[0].len == len, "%s: lost",
	   what);
	if (tables.damage.rows.count > 0 && tables.damage.rows.items[0].len != len)
		printf("# %" PRIu64 " bytes\n", tables.damage.rows.items[0].len);
	is_u64(tables.string_count + tables.stack_count + tables.samples.count, 1,
	       "the rest is there");
	tables_free(&tables);
}

static void damage(void)
{
	static const char string[] = "Strings\nString id=1\ndata=\"a\"\n";
	static const char stack[] = "Stacks\nStack id=1 nframes=0\n";
	static const char sample[] = "CPUSamples\nCPUSample time=1 m=1 p=1 g=1 stack=1\n";

	loses(BATCH_STRINGS, string, "String id=1\ndata=\"b\"\n", 4, "an id twice");
	loses(BATCH_STRINGS, string, "String id=0\ndata=\"b\"\n", 4, "id 0");
	loses(BATCH_STRINGS, string, "Stack id=2 nframes=0\n", 3, "another record");
	loses(BATCH_STACKS, stack, "Stack id=1 nframes=0\n", 3, "a stack twice");
	loses(BATCH_STACKS, stack, "Stack id=0 nframes=0\n", 3, "stack 0");
	loses(BATCH_SAMPLES, sample, "Sync\n", 1, "no sample");
}

static void what_comes_twice_costs_itself(void)
{
	struct tables tables;

	tables_init(&tables, &budget);
	tables.generation = 7;
	read(&tables, BATCH_STRINGS,
	     "Strings\nString id=1\ndata=\"a\"\nString id=1\ndata=\"bc\"\n"
	     "String id=2\ndata=\"d\"\n");
	ok(tables.string_count == 2 && tables_text(&tables, 2).len == 1, "what is behind it stays");
	is_u64(tables_text(&tables, 1).len, 1, "and the first meaning does");
	is_u64(tables.damage.bytes, 5, "the second is lost");
	is_u64(tables.damage.rows.items[0].generation, 7, "of its generation");
	tables_free(&tables);
}

static void limits_of_go(void)
{
	static char text[4096];
	struct tables tables;
	int at = snprintf(text, sizeof(text), "Strings\nString id=1\ndata=\"");

	tables_init(&tables, &budget);
	memset(text + at, 'x', 1024);
	memcpy(text + at + 1024, "\"\n", 3);
	read(&tables, BATCH_STRINGS, text);
	ok(tables.damage.rows.count == 0 && tables_text(&tables, 1).len == 1024,
	   "a string of 1024 bytes");
	text[at - 8] = '2';
	memcpy(text + at + 1024, "x\"\n", 4);
	read(&tables, BATCH_STRINGS, text);
	is_u64(tables.damage.rows.count, 1, "one byte more is not a string");
	for (int frames = 128; frames <= 129; frames++) {
		at = snprintf(text, sizeof(text), "Stacks\nStack id=%d nframes=%d\n", frames,
		              frames);
		for (int i = 0; i < frames; i++)
			at += snprintf(text + at, sizeof(text) - (size_t)at,
			               "pc=1 func=1 file=1 line=1\n");
		read(&tables, BATCH_STACKS, text);
		is_u64(tables.damage.rows.count, frames == 128 ? 1 : 2,
		       "128 frames are a stack, 129 are not");
	}
	tables_free(&tables);
}

static void samples_come_in_order_of_time(void)
{
	struct tables tables;
	struct strings strings;
	struct stacks stacks;

	tables_init(&tables, &budget);
	strings_init(&strings, &budget);
	stacks_init(&stacks, &budget);
	read(&tables, BATCH_SAMPLES,
	     "CPUSamples\nCPUSample time=30 m=1 p=-1 g=0 stack=1\n"
	     "CPUSample time=10 m=2 p=3 g=4 stack=5\n");
	tables_join(&tables, &strings, &stacks);
	ok(tables.samples.items[0].time_ns == 640 && tables.samples.items[1].time_ns == 1920,
	   "sorted");
	ok(tables.samples.items[0].g == 4 && tables.samples.items[1].p == UINT64_MAX, "whole");
	tables_free(&tables);
	strings_free(&strings);
	stacks_free(&stacks);
}

int main(void)
{
	clock_set(&clock, CLOCK_USUAL_FREQUENCY);
	strings_and_stacks_find_their_ids();
	a_text_is_kept_once();
	damage();
	what_comes_twice_costs_itself();
	limits_of_go();
	samples_come_in_order_of_time();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
