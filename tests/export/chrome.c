/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/chrome.h"
#include "core/export/every_event.h"
#include "core/model/loader.h"

#include <stdlib.h>

#include "tests/export/json_events.h"
#include "tests/load.h"
#include "tests/tap.h"
#include "tests/trace_text.h"

static struct budget budget;

/* ---- what is written, and what it says */

static bool collect(void *context, struct bytes text)
{
	byte_array *to = context;
	size_t at = to->count;

	array_resize(to, at + text.len);
	memcpy(to->items + at, text.data, text.len);
	return true;
}

static bool add(void *context, const struct event *event)
{
	chrome_add(context, event);
	return true;
}

static const struct chrome_wish all = { INT64_MIN, INT64_MAX, false };

static byte_array chrome_of(const struct index *index, const struct source *source,
                            const struct chrome_wish *wish)
{
	static struct text_out out;
	byte_array json = { .budget = &budget };
	struct every_event every = {
		.budget = &budget, .index = index, .source = source, .take = add
	};
	struct error err = { 0 };
	struct damage damage;
	uint64_t records;

	damage_init(&damage, &budget);
	text_out_init(&out, collect, &json);
	every.context = chrome_open(&budget, &out, wish);
	every_event(&every, &damage, &records, &err);
	chrome_close(every.context);
	text_flush(&out);
	damage_free(&damage);
	return json;
}

/* Slices by what they are, and all else that can be counted. */
struct tally {
	uint64_t runs, syscalls, stops, marks, assists, sweeps, logs, tasks, regions, samples;
	uint64_t arrows_from, arrows_to, from_first; /* first: P 0 */
	uint64_t new_tasks, exits;
	uint64_t counters, starts, late;
	int64_t run_ns, from_ns, to_ns;
	char log[128];
	ARRAY(struct json_event) slices;
};

static bool begins(const struct json_event *event, const char *prefix)
{
	return strncmp(event->name, prefix, strlen(prefix)) == 0;
}

static void add_slice(struct tally *tally, const struct json_event *event)
{
	tally->late += event->dur_ns < 0;
	if (event->group == 2) { /* TASKS: a row each */
		tally->tasks++;
		return;
	}
	tally->syscalls += strcmp(event->name, "syscall") == 0;
	tally->stops += begins(event, "stop-the-world (");
	tally->marks += strcmp(event->name, "GC concurrent mark phase") == 0;
	tally->assists += strcmp(event->name, "GC mark assist") == 0;
	tally->sweeps += strcmp(event->name, "GC incremental sweep") == 0;
	*array_push(&tally->slices) = *event;
	if (event->name[0] == 'G' && event->name[1] >= '0' && event->name[1] <= '9') {
		tally->runs++;
		tally->run_ns += event->dur_ns;
	}
}

static void add_json(void *to, const struct json_event *event)
{
	struct tally *tally = to;
	int64_t end_ns = event->begin_ns + (event->dur_ns > 0 ? event->dur_ns : 0);

	switch (event->phase) {
	case 'X':
		add_slice(tally, event);
		break;
	case 'I':
		tally->samples += begins(event, "CPU profile sample");
		tally->starts += begins(event, "proc start");
		if (strcmp(event->category, "user event") == 0) {
			tally->logs++;
			memcpy(tally->log, event->name, sizeof(tally->log));
		}
		break;
	case 'b':
		tally->regions += strcmp(event->category, "Region") == 0;
		break;
	case 's':
		tally->arrows_from++;
		tally->new_tasks += strcmp(event->name, "newTask") == 0;
		tally->exits += begins(event, "exit blocked syscall");
		tally->from_first += event->row == 0;
		break;
	case 't':
		tally->arrows_to++;
		break;
	case 'C':
		tally->counters++;
		break;
	}
	if (event->phase != 'M' && event->phase != 'X' && event->phase != 'b' &&
	    event->phase != 'e' && (event->begin_ns < tally->from_ns || end_ns >= tally->to_ns))
		tally->late++;
}

static bool read_json(byte_array *json, struct tally *tally, int64_t from_ns, int64_t to_ns)
{
	struct json_trace trace = { .each = add_json, .to = tally };

	*tally = (struct tally){ .from_ns = from_ns,
		                 .to_ns = to_ns,
		                 .slices = { .budget = &budget } };
	trace.in = (struct bytes){ json->items, json->count };
	json_events_read(&trace);
	if (trace.fault != NULL)
		printf("# at byte %zu: %s\n", trace.at, trace.fault);
	array_free(json);
	return trace.fault == NULL;
}

/* ---- slices on a row nest: none ends after one that it begins in */

static int by_row(const void *a, const void *b)
{
	const struct json_event *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return (x->dur_ns < y->dur_ns) - (x->dur_ns > y->dur_ns);
}

static size_t count_crossed(struct tally *tally)
{
	enum { DEEP = 8 };
	const struct json_event *around[DEEP];
	size_t depth = 0, crossed = 0;

	qsort(tally->slices.items, tally->slices.count, sizeof(struct json_event), by_row);
	for (size_t i = 0; i < tally->slices.count; i++) {
		const struct json_event *slice = &tally->slices.items[i];
		int64_t end_ns = slice->begin_ns + slice->dur_ns;

		while (depth > 0 &&
		       (around[depth - 1]->row != slice->row ||
		        around[depth - 1]->begin_ns + around[depth - 1]->dur_ns <= slice->begin_ns))
			depth--;
		crossed += depth == DEEP ||
		           (depth > 0 &&
		            around[depth - 1]->begin_ns + around[depth - 1]->dur_ns < end_ns);
		if (depth < DEEP)
			around[depth++] = slice;
	}
	return crossed;
}

/* ---- the demo */

static void same_as_the_model(const struct loaded *loaded)
{
	const struct model *model = &loaded->model;
	byte_array json = chrome_of(&loaded->index, &loaded->source, &all);
	int64_t on_procs_ns = 0;
	uint64_t runs = 1; /* it was running when the trace began */
	struct tally tally;

	for (size_t i = 0; i < model->procs.count; i++) {
		runs += model->procs.items[i].runs;
		on_procs_ns += model->procs.items[i].run_ns + model->procs.items[i].syscall_ns;
	}
	ok(read_json(&json, &tally, INT64_MIN, INT64_MAX), "it is JSON");
	is_u64(tally.runs, runs, "a slice for each run");
	ok(llabs(tally.run_ns - on_procs_ns) < 1000, "as long as goroutines had Ps");
	is_u64(tally.syscalls, model->syscalls, "and each syscall");
	is_u64(tally.stops, model->stops.count, "each stop of the world");
	is_u64(tally.marks, model->cycles.count, "each mark phase");
	ok(tally.assists >= model->assists.count, "each mark assist");
	is_u64(tally.sweeps, 35, "each sweep");
	is_u64(tally.regions, model->regions, "each region");
	is_u64(tally.logs, model->logs, "each log");
	is_u64(tally.tasks, model->said.tasks.count, "each task");
	ok(tally.samples > 0 && tally.samples <= model->samples, "samples that have a P");
	is_u64(tally.arrows_from, tally.arrows_to, "arrows have two ends");
	ok(tally.from_first > 1000, "from P 0, too");
	ok(tally.counters > 10000 && tally.starts > 1000, "counters, and turns of Ps");
	is_u64(tally.late, 0, "all slices have a length");
	is_u64(count_crossed(&tally), 0, "and nest");
	array_free(&tally.slices);
}

static uint64_t tasks_with_parents(const struct model *model)
{
	uint64_t count = 0;

	for (size_t i = 0; i < model->said.tasks.count; i++)
		count += model->said.tasks.items[i].parent != 0 &&
		         model->said.tasks.items[i].parent != EVENT_NONE;
	return count;
}

/* Runs by thread: those by P, but for syscalls, which go on without one. */
static void by_thread(const struct loaded *loaded)
{
	static const struct chrome_wish wish = { INT64_MIN, INT64_MAX, true };
	const struct model *model = &loaded->model;
	byte_array json = chrome_of(&loaded->index, &loaded->source, &wish), by_proc;
	struct tally tally, other;

	by_proc = chrome_of(&loaded->index, &loaded->source, &all);
	ok(read_json(&json, &tally, INT64_MIN, INT64_MAX) &&
	           read_json(&by_proc, &other, INT64_MIN, INT64_MAX),
	   "by thread it is JSON");
	is_u64(tally.runs, other.runs + 2, "a slice for each run, and for two without a P");
	ok(tally.run_ns > other.run_ns, "which blocked syscalls make longer");
	is_u64(tally.syscalls, model->syscalls + 2, "each syscall, two since before the trace");
	is_u64(tally.stops, model->stops.count, "each stop of the world");
	is_u64(tally.sweeps, 0, "sweeps are those of Ps");
	is_u64(tally.logs, model->logs, "each log");
	ok(tally.samples >= other.samples, "samples without a P, too");
	is_u64(tally.starts, other.starts, "turns of Ps");
	ok(other.exits > 0 && tally.exits == 0, "no syscall ends elsewhere");
	is_u64(tally.arrows_from, other.arrows_from - other.exits + 4,
	       "all other arrows are there, and four from threads without a P");
	is_u64(tally.new_tasks, tasks_with_parents(model), "and those to new tasks");
	is_u64(tally.from_first, 0, "there is no thread 0");
	is_u64(count_crossed(&tally), 0, "slices nest");
	array_free(&tally.slices);
	array_free(&other.slices);
}

static void a_stretch(const struct loaded *loaded)
{
	int64_t from_ns = 620000000, to_ns = 626000000;
	byte_array json = chrome_of(&loaded->index, &loaded->source,
	                            &(struct chrome_wish){ from_ns, to_ns, false });
	struct tally tally;
	size_t outside = 0;

	ok(read_json(&json, &tally, from_ns, to_ns), "a stretch is JSON");
	for (size_t i = 0; i < tally.slices.count; i++)
		outside += tally.slices.items[i].begin_ns >= to_ns ||
		           tally.slices.items[i].begin_ns + tally.slices.items[i].dur_ns < from_ns;
	ok(tally.slices.count > 100 && outside == 0 && tally.late == 0, "with what laps into it");
	is_u64(tally.stops, 1, "its stop");
	ok(tally.tasks > 0, "and a task that is around it");
	array_free(&tally.slices);
}

static void the_demo(const char *path)
{
	struct loaded loaded = { .run = NULL };
	struct error err = { 0 };

	if (!ok(load_whole(&loaded, path, &err), "the demo"))
		return;
	same_as_the_model(&loaded);
	by_thread(&loaded);
	a_stretch(&loaded);
	load_free(&loaded);
}

/* ---- texts of all kinds */

static void odd_texts(void)
{
	static const char text[] =
		"Trace Go1.25\n"
		"EventBatch gen=1 m=-1 time=10 size=auto\n"
		"Sync\n"
		"Frequency freq=1000000000\n"
		"ClockSnapshot dt=0 mono=1 sec=2 nsec=3\n"
		"EventBatch gen=1 m=1 time=100 size=auto\n"
		"ProcStatus dt=1 p=0 pstatus=1\n"
		"GoStatus dt=1 g=1 m=1 gstatus=2\n"
		"GoLabel dt=1 label_string=1\n"
		"UserTaskBegin dt=1 task=1 parent_task=0 name_string=1 stack=1\n"
		"UserRegionBegin dt=1 task=1 name_string=1 stack=1\n"
		"UserLog dt=1 task=1 key_string=0 value_string=1 stack=1\n"
		"STWBegin dt=1 kind_string=1 stack=1\n"
		"GoBlock dt=9 reason_string=1 stack=1\n"
		"EventBatch gen=1 m=-1 time=10 size=auto\n"
		"Strings\n"
		"String id=1\n"
		"\tdata=\"a\\\"b\\\\c\\x00\\x1f\\n\\xff\\xc3\\xa9\\xed\\xa0\\x80\\x7f</script>\"\n"
		"EventBatch gen=1 m=-1 time=10 size=auto\n"
		"Stacks\n"
		"Stack id=1 nframes=1\n"
		"\tpc=1 func=1 file=1 line=18446744073709551615\n";
	byte_array trace = { .budget = &budget }, json;
	struct error err = { 0 };
	struct source source;
	struct index index;
	struct tally tally;

	if (!trace_text_assemble(bytes_of(text), &trace, &err))
		printf("# %s\n", err.message);
	source_open_stream(&source, &budget);
	source_append(&source, (struct bytes){ trace.items, trace.count });
	source_finish(&source);
	index_open(&index, &budget, &source, &err);
	while (index_step(&index, &source, 100))
		;
	json = chrome_of(&index, &source, &all);
	ok(read_json(&json, &tally, INT64_MIN, INT64_MAX), "a text of all kinds of bytes");
	ok(memcmp(tally.log, "a\"b\\c\0\x1f\n????????", 12) == 0, "comes as it is, or as U+FFFD");
	is_u64(tally.runs + tally.stops + tally.tasks + tally.regions + tally.logs, 5,
	       "wherever it is");
	array_free(&tally.slices);
	array_free(&trace);
	index_free(&index);
	source_close(&source);
}

int main(void)
{
	const char *srcdir = getenv("srcdir");
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir != NULL ? srcdir : ".");
	the_demo(path);
	odd_texts();
	ok(atomic_load(&budget.used) == 0, "all memory is given back");
	return tap_done();
}
