/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/anonymize.h"
#include "core/export/anonymize_v1.h"
#include "core/export/wire_records.h"
#include "core/trace/v2_wire.h"

#include <stdlib.h>

#include "tests/events_of.h"
#include "tests/load.h"
#include "tests/tap.h"

static struct budget budget;

enum { SURE = 5 }; /* what is so short may be anywhere by chance */

static bool collect(void *context, struct bytes text)
{
	byte_array *to = context;
	size_t at = to->count;

	array_resize(to, at + text.len);
	memcpy(to->items + at, text.data, text.len);
	return true;
}

static byte_array hide(struct anonymizing *anonymizing, const struct index *index,
                       const struct source *source, struct damage *damage)
{
	static struct text_out out;
	byte_array got = { .budget = &budget };
	struct error err = { 0 };

	text_out_init(&out, collect, &got);
	anonymizing_init(anonymizing, index, source, &budget);
	ok(anonymizing_learn(anonymizing, &err), "all names are known");
	anonymizing_put(anonymizing, &out, damage);
	text_flush(&out);
	return got;
}

static bool has(const byte_array *trace, struct bytes text)
{
	for (const uint8_t *at = trace->items, *end = at + trace->count;
	     (at = memchr(at, text.data[0], (size_t)(end - at))) != NULL; at++)
		if ((size_t)(end - at) >= text.len && memcmp(at, text.data, text.len) == 0)
			return true;
	return false;
}

/* Every text of the trace is in the other one as it is shown there, and not as it was. */
static void compare_texts(const struct loaded *loaded, const struct anonymizing *anonymizing,
                          const byte_array *got)
{
	struct wire_records records;
	struct wire_record record;
	struct error err = { 0 };
	size_t hidden = 0, left = 0, missing = 0;

	wire_records_init(&records, &budget, &loaded->index, &loaded->source, false);
	while (wire_records_next(&records, &record, &err)) {
		struct bytes shown;

		if (record.type != WIRE_STRING || record.data.len == 0)
			continue;
		shown = aliases_of(&anonymizing->aliases, record.data);
		missing += !has(got, shown);
		if (bytes_equal(shown, record.data))
			continue;
		hidden++;
		if (record.data.len >= SURE && has(got, record.data)) {
			printf("# %.*s\n", (int)record.data.len, (const char *)record.data.data);
			left++;
		}
	}
	wire_records_free(&records);
	ok(hidden > 100 && left == 0, "no text of %zu is left", hidden);
	is_u64(missing, 0, "what stands for them is there");
}

static void no_text_is_left(const char *path)
{
	struct anonymizing anonymizing;
	struct error err = { 0 };
	struct damage damage;
	struct loaded loaded = { .run = NULL };
	byte_array got, events = { .budget = &budget };

	if (!ok(load_whole(&loaded, path, &err), "the demo"))
		return;
	damage_init(&damage, &budget);
	got = hide(&anonymizing, &loaded.index, &loaded.source, &damage);
	is_u64(damage.rows.count, 0, "nothing is left out");
	compare_texts(&loaded, &anonymizing, &got);
	ok(!has(&got, bytes_of("customer")) && !has(&got, bytes_of("main.(")) &&
	           !has(&got, bytes_of("/home/")),
	   "nor a part of one");
	ok(has(&got, bytes_of("net/http.(*conn).serve")) && has(&got, bytes_of("GC (dedicated)")) &&
	           has(&got, bytes_of("chan receive")),
	   "what everybody knows is");
	ok(events_of(&budget, (struct bytes){ got.items, got.count }, true, &events),
	   "Go's order can be made of it");
	array_free(&events);
	array_free(&got);
	damage_free(&damage);
	anonymizing_free(&anonymizing);
	load_free(&loaded);
}

/* ---- odd ones */

static byte_array hidden_of(const char *text, uint64_t *lost)
{
	struct anonymizing anonymizing;
	byte_array trace = { .budget = &budget }, got;
	struct error err = { 0 };
	struct damage damage;
	struct source source;
	struct index index;

	if (!trace_text_assemble(bytes_of(text), &trace, &err))
		printf("# %s\n", err.message);
	source_open_stream(&source, &budget);
	source_append(&source, (struct bytes){ trace.items, trace.count });
	source_finish(&source);
	damage_init(&damage, &budget);
	index_open(&index, &budget, &source, &err);
	while (index_step(&index, &source, 100))
		;
	got = hide(&anonymizing, &index, &source, &damage);
	*lost = damage.bytes;
	anonymizing_free(&anonymizing);
	damage_free(&damage);
	index_free(&index);
	source_close(&source);
	array_free(&trace);
	return got;
}

/* Names in bytes that are no records, and in what experiments write. */
static void names_elsewhere(void)
{
	uint64_t lost;
	byte_array got = hidden_of("Trace Go1.25\n"
	                           "EventBatch gen=1 m=1 time=100 size=auto\n"
	                           "ProcStatus dt=1 p=0 pstatus=1\n"
	                           "String id=1\n"
	                           "\tdata=\"secret one\"\n"
	                           "EventBatch gen=1 m=1 time=100 size=auto\n"
	                           "Stacks\n"
	                           "String id=1\n"
	                           "\tdata=\"secret two\"\n"
	                           "ExperimentalBatch exp=1 gen=1 m=7 time=100\n"
	                           "\tdata=\"secret three\"\n"
	                           "EventBatch gen=1 m=1 time=100 size=auto\n"
	                           "Strings\n"
	                           "String id=2\n"
	                           "\tdata=\"secret four\"\n"
	                           "EventBatch gen=1 m=-1 time=10 size=auto\n"
	                           "Sync\n"
	                           "Frequency freq=1000000000\n"
	                           "ClockSnapshot dt=0 mono=1 sec=2 nsec=3\n",
	                           &lost);

	ok(!has(&got, bytes_of("secret")), "are left out");
	is_u64(lost, 2 * 13, "as far as they are no records, that is said");
	array_free(&got);
}

/* Names that are shorter than what stands for them: a batch of them becomes two. */
static void short_names(void)
{
	static const char head[] = "Trace Go1.25\n"
				   "EventBatch gen=1 m=-1 time=10 size=auto\n"
				   "Sync\n"
				   "Frequency freq=1000000000\n"
				   "ClockSnapshot dt=0 mono=1 sec=2 nsec=3\n"
				   "EventBatch gen=1 m=-1 time=10 size=auto\n"
				   "Strings\n";
	enum { NAMES = 9000, LINE = 64 };
	char *text = malloc(sizeof(head) + NAMES * (size_t)LINE);
	size_t len = sizeof(head) - 1;
	uint64_t lost;
	byte_array got;

	memcpy(text, head, len);
	for (int i = 0; i < NAMES; i++)
		len += (size_t)snprintf(text + len, LINE, "String id=%d\n\tdata=\"x\"\n", i + 1);
	got = hidden_of(text, &lost);
	is_u64(lost, 0, "nothing is lost of them");
	ok(got.count > NAMES * 9, "all are there");
	{
		struct source source;
		struct index index;
		struct error err = { 0 };
		size_t strings = 0;

		source_open_stream(&source, &budget);
		source_append(&source, (struct bytes){ got.items, got.count });
		source_finish(&source);
		index_open(&index, &budget, &source, &err);
		while (index_step(&index, &source, 100))
			;
		for (size_t i = 0; i < index.batches.count; i++)
			strings += index.batches.items[i].kind == BATCH_STRINGS;
		is_u64(strings, 2, "two batches of them");
		is_u64(index.damage.rows.count, 0, "that are well");
		index_free(&index);
		source_close(&source);
	}
	array_free(&got);
	free(text);
}

/* ---- v1 */

static const char v1_head[] = "Trace Go1.11\n"
			      "Batch p=0 ticks=1000\n"
			      "GoCreate dt=0 g=1 start=1 stack=0\n"
			      "ProcStart dt=10 thread=7\n"
			      "GoStartLocal dt=1 g=1\n"
			      "Gomaxprocs dt=10 procs=2 stack=4\n";
static const char v1_tail[] = "GoSched dt=600 stack=4\n"
			      "Batch p=0 ticks=2500\n"
			      "Frequency freq=1000000000\n";

static byte_array v1_of(const char *events, const char *strings)
{
	byte_array trace = { .budget = &budget };
	struct error err = { 0 };
	char text[2048];

	snprintf(text, sizeof(text), "%s%s%s%s", v1_head, events, v1_tail, strings);
	if (!trace_text_assemble(bytes_of(text), &trace, &err))
		printf("# %s\n", err.message);
	return trace;
}

static byte_array hidden_of_v1(const byte_array *trace, struct damage *damage, struct error *err)
{
	static struct text_out out;
	byte_array got = { .budget = &budget };
	struct source source;

	source_open_stream(&source, &budget);
	source_append(&source, (struct bytes){ trace->items, trace->count });
	source_finish(&source);
	text_out_init(&out, collect, &got);
	anonymize_v1(&out, &source, 11, &budget, damage, err);
	text_flush(&out);
	source_close(&source);
	return got;
}

static void a_v1_trace(void)
{
	byte_array trace = v1_of("UserTaskCreate dt=1 task=1 parent=0 name=3 stack=4\n"
	                         "UserRegion dt=1 task=1 mode=0 name=4 stack=4\n"
	                         "UserLog dt=1 task=1 key=5 stack=4 data=\"secret message\"\n"
	                         "UserLog dt=1 task=1 key=0 stack=4 data=\"\"\n",
	                         "String id=1 data=\"main.secret\"\n"
	                         "String id=2 data=\"/secret/main.go\"\n"
	                         "String id=3 data=\"secret task\"\n"
	                         "String id=4 data=\"secret region\"\n"
	                         "String id=5 data=\"secret key\"\n"
	                         "String id=6 data=\"runtime.main\"\n"
	                         "Stack id=4 pc=0x400 func=1 file=2 line=10\n");
	byte_array want = v1_of("UserTaskCreate dt=1 task=1 parent=0 name=3 stack=4\n"
	                        "UserRegion dt=1 task=1 mode=0 name=4 stack=4\n"
	                        "UserLog dt=1 task=1 key=5 stack=4 data=\"message1\"\n"
	                        "UserLog dt=1 task=1 key=0 stack=4 data=\"\"\n",
	                        "String id=1 data=\"p1.f1\"\n"
	                        "String id=2 data=\"p1/f1.go\"\n"
	                        "String id=3 data=\"task1\"\n"
	                        "String id=4 data=\"region1\"\n"
	                        "String id=5 data=\"category1\"\n"
	                        "String id=6 data=\"unused\"\n"
	                        "Stack id=4 pc=0x400 func=1 file=2 line=10\n");
	struct damage damage;
	struct error err = { 0 };
	byte_array got;

	damage_init(&damage, &budget);
	got = hidden_of_v1(&trace, &damage, &err);
	ok(got.count == want.count && memcmp(got.items, want.items, got.count) == 0,
	   "of v1, strings and messages are others");
	ok(err.kind == ERROR_NONE && !damage_is_serious(&damage), "that is all");
	array_free(&got);

	trace.items[trace.count - 9] = 0xff; /* no record begins so */
	got = hidden_of_v1(&trace, &damage, &err);
	ok(!has(&got, bytes_of("secret")) && damage.bytes > 0, "what is no record is left out");
	array_free(&got);
	array_free(&want);
	array_free(&trace);
	damage_free(&damage);
}

int main(void)
{
	const char *srcdir = getenv("srcdir");
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir != NULL ? srcdir : ".");
	no_text_is_left(path);
	names_elsewhere();
	short_names();
	a_v1_trace();
	return tap_done();
}
