/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/cut.h"

#include "tests/tap.h"
#include "tests/trace_text.h"

static struct budget budget;

/* A generation of a millisecond from its number on. */
#define GENERATION(n)                                                                              \
	"EventBatch gen=" #n " m=1 time=" #n "00000 size=auto\n"                                   \
	"ProcStatus dt=1 p=0 pstatus=1\n"                                                          \
	"GoStatus dt=90000 g=1 m=1 gstatus=2\n"                                                    \
	"EventBatch gen=" #n " m=-1 time=" #n "00010 size=auto\n"                                  \
	"Sync\n"                                                                                   \
	"Frequency freq=1000000000\n"                                                              \
	"ClockSnapshot dt=0 mono=1 sec=2 nsec=3\n"
#define GENERATION_26(n) GENERATION(n) "EndOfGeneration\n"

static byte_array assemble(const char *head, const char *text)
{
	byte_array whole = { .budget = &budget }, trace = { .budget = &budget };
	struct error err = { 0 };

	for (const char *at = head; *at != '\0'; at++)
		*array_push(&whole) = (uint8_t)*at;
	for (const char *at = text; *at != '\0'; at++)
		*array_push(&whole) = (uint8_t)*at;
	if (!trace_text_assemble((struct bytes){ whole.items, whole.count }, &trace, &err))
		printf("# %s\n", err.message);
	array_free(&whole);
	return trace;
}

static bool collect(void *context, struct bytes text)
{
	byte_array *to = context;

	for (size_t i = 0; i < text.len; i++)
		*array_push(to) = text.data[i];
	return true;
}

/* What is cut out of a trace, which is freed; *lost: rows about what was left out. */
static byte_array cut_of(byte_array *trace, int64_t from_ns, int64_t to_ns, size_t *lost)
{
	static struct text_out out;
	byte_array got = { .budget = &budget };
	struct error err = { 0 };
	struct damage damage;
	struct source source;
	struct index index;
	struct cut cut;

	source_open_stream(&source, &budget);
	source_append(&source, (struct bytes){ trace->items, trace->count });
	source_finish(&source);
	damage_init(&damage, &budget);
	index_open(&index, &budget, &source, &err);
	while (index_step(&index, &source, 100))
		;
	cut_init(&cut, &index, &source, &budget);
	cut.from_ns = from_ns;
	cut.to_ns = to_ns;
	text_out_init(&out, collect, &got);
	if (cut_has_any(&cut))
		cut_put(&cut, &out, &damage);
	text_flush(&out);
	*lost = damage.rows.count;
	damage_free(&damage);
	index_free(&index);
	source_close(&source);
	array_free(trace);
	return got;
}

static bool same(byte_array *got, byte_array want)
{
	bool are_same = got->count == want.count && memcmp(got->items, want.items, want.count) == 0;

	array_free(got);
	array_free(&want);
	return are_same;
}

static void is_cut(const char *head, const char *text, int64_t from_ns, int64_t to_ns,
                   const char *want, const char *what)
{
	byte_array trace = assemble(head, text);
	size_t lost;
	byte_array got = cut_of(&trace, from_ns, to_ns, &lost);

	ok(same(&got, assemble(head, want)) && lost == 0, "%s", what);
}

static void generations_that_lap(void)
{
	static const char head[] = "Trace Go1.25\n";
	static const char all[] = GENERATION(1) GENERATION(2) GENERATION(3);

	is_cut(head, all, 0, INT64_MAX, all, "all");
	is_cut(head, all, 0, 1, GENERATION(1), "the first");
	is_cut(head, all, 0, 100000, GENERATION(1), "not what begins at its end");
	is_cut(head, all, 99999, 100001, GENERATION(1) GENERATION(2), "two");
	is_cut(head, all, 100000, 100001, GENERATION(2), "the middle");
	is_cut(head, all, 290001, 290002, GENERATION(3), "the last event");
}

static void end_marks(void)
{
	static const char head[] = "Trace Go1.26\n";
	static const char all[] = GENERATION_26(1) GENERATION_26(2) GENERATION_26(3);

	is_cut(head, all, 0, INT64_MAX, all, "all of them");
	is_cut(head, all, 150000, 160000, GENERATION_26(2), "one");
	is_cut(head, GENERATION_26(1) GENERATION(2), 0, INT64_MAX, GENERATION_26(1) GENERATION(2),
	       "a trace that ends without one stays so");
	is_cut(head, GENERATION(1) GENERATION_26(2), 0, INT64_MAX,
	       GENERATION_26(1) GENERATION_26(2),
	       "where it is missing in the middle it is written");
}

static void a_batch_that_is_not_whole(void)
{
	static const char head[] = "Trace Go1.25\n";
	byte_array trace = assemble(head, GENERATION(1)), got;
	byte_array want = assemble(head, "EventBatch gen=1 m=1 time=100000 size=auto\n"
	                                 "ProcStatus dt=1 p=0 pstatus=1\n"
	                                 "GoStatus dt=90000 g=1 m=1 gstatus=2\n");
	size_t lost;

	trace.count--;
	got = cut_of(&trace, 0, INT64_MAX, &lost);
	ok(same(&got, want) && lost == 1, "is left out, and said");
}

/* The first generation is told by the batches around a header whose number was hit. */
static void a_header_that_is_wrong(void)
{
	static const char head[] = "Trace Go1.25\n";
	static const char sound[] = GENERATION(1) GENERATION(1) GENERATION(1) GENERATION(1);
	byte_array trace = assemble(head, sound);
	size_t second = (trace.count - VERSION_HEADER) / 4 + VERSION_HEADER, lost;
	byte_array got;

	trace.items[second + 1] = 0x05;
	got = cut_of(&trace, 0, INT64_MAX, &lost);
	ok(same(&got, assemble(head, sound)) && lost == 0, "is written as its neighbours have it");
}

int main(void)
{
	generations_that_lap();
	end_marks();
	a_batch_that_is_not_whole();
	a_header_that_is_wrong();
	return tap_done();
}
