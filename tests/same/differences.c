/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "tests/same/story.h"

/* Where two stories differ. Of v1 traces, what goroutines did and ranges are compared: the events
 * know Ps and threads only as Go's conversion makes them up, nor that a syscall lost its P. */

enum { SHOWN = 12 };

struct comparison {
	const struct story *told, *read;
	int64_t slack_ns; /* of a time */
	size_t differences;
	char where[96]; /* what is being compared */
};

__attribute__((format(printf, 2, 3))) static void at(struct comparison *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(c->where, sizeof(c->where), format, args);
	va_end(args);
}

static bool differs(struct comparison *c, const char *what, int64_t told, int64_t read)
{
	if (told == read)
		return false;
	if (c->differences++ < SHOWN)
		printf("# %s: %s: ordered %" PRId64 ", loaded %" PRId64 "\n", c->where, what, told,
		       read);
	return true;
}

static bool differs_text(struct comparison *c, const char *what, string_id told, string_id read)
{
	struct bytes a = strings_text(c->told->strings, told),
		     b = strings_text(c->read->strings, read);

	if (told == read)
		return false;
	if (c->differences++ < SHOWN)
		printf("# %s: %s: ordered \"%.*s\", loaded \"%.*s\"\n", c->where, what, (int)a.len,
		       (const char *)a.data, (int)b.len, (const char *)b.data);
	return true;
}

/* A time, or a sum of so many. What the reader of v1 makes up takes a nanosecond on its thread. */
static bool differs_ns(struct comparison *c, const char *what, int64_t told, int64_t read,
                       size_t count)
{
	int64_t slack_ns = c->slack_ns * (int64_t)(count + 1);

	if (told - read <= slack_ns && read - told <= slack_ns)
		return false;
	return differs(c, what, told, read);
}

#define TIME(field) differs_ns(c, #field, told->field, read->field, 0)
#define SUM(field) differs_ns(c, #field, told->field, read->field, told->stays.count)

/* A field, by its name. */
#define FIELD(field) differs(c, #field, (int64_t)told->field, (int64_t)read->field)

/* As many as both have, then whether they have the same number. */
#define EACH(array) for (size_t i = 0; i < told->array.count && i < read->array.count; i++)

#define COUNT(array) differs(c, #array, (int64_t)told->array.count, (int64_t)read->array.count)

/* Shares that are there without length count. */
static void compare_shares(struct comparison *c, const char *what, const share_array *told,
                           const share_array *read, size_t count)
{
	for (size_t i = 0; i < told->count && i < read->count; i++) {
		if (differs_text(c, what, told->items[i].name, read->items[i].name))
			return;
		differs_ns(c, what, told->items[i].ns, read->items[i].ns, count);
	}
	differs(c, what, (int64_t)told->count, (int64_t)read->count);
}

/* What began a stay. */
static void compare_begin(struct comparison *c, const struct story_stay *told,
                          const struct story_stay *read)
{
	if (told->state == GO_RUNNABLE)
		FIELD(other);
	if (told->offset != EVENT_NONE && read->offset != EVENT_NONE) {
		FIELD(offset);
		FIELD(stack);
	}
	differs_text(c, "reason", told->reason, read->reason);
}

/* What a goroutine did, as records or as its lane have it: a lane of the load path knows less. */
static void compare_stays(struct comparison *c, const struct story_go *told_go,
                          const struct story_stay *stays, size_t count, bool is_lane)
{
	const struct story_stay *told = told_go->stays.items, *read = stays;
	size_t both = told_go->stays.count < count ? told_go->stays.count : count;

	for (size_t i = 0; i < both; i++, told++, read++) {
		size_t before = c->differences;

		at(c, "G%" PRIu64 " %s %zu", told_go->id, is_lane ? "span of its lane" : "stay", i);
		FIELD(state);
		TIME(begin_ns);
		TIME(end_ns);
		if (!c->told->is_v1 && (!is_lane || told->state == GO_RUNNING))
			FIELD(proc);
		/* one that is created blocked stands nowhere yet */
		if (told->stack != 0 &&
		    !(i == 0 && told->state == GO_WAITING && told->offset != EVENT_NONE))
			FIELD(stack);
		if (is_lane && i + 1 < both && told[1].stack != 0 &&
		    (told->state == GO_RUNNING || told->state == GO_WAITING) &&
		    told[1].state != GO_SYSCALL)
			differs(c, "end_stack", (int64_t)told[1].stack, (int64_t)read->end_stack);
		if (!is_lane)
			compare_begin(c, told, read);
		if (c->differences > before)
			return;
	}
	at(c, "%s G%" PRIu64, is_lane ? "lane of" : "stays of", told_go->id);
	differs(c, "stays", (int64_t)told_go->stays.count, (int64_t)count);
}

static void compare_regions(struct comparison *c, const struct story_go *told_go,
                            const struct story_go *read_go)
{
	bool knows_depth = true;

	for (size_t i = 0; i < told_go->regions.count && i < read_go->regions.count; i++) {
		const struct story_region *told = &told_go->regions.items[i],
					  *read = &read_go->regions.items[i];
		size_t before = c->differences;

		at(c, "G%" PRIu64 " region %zu", told_go->id, i);
		knows_depth = knows_depth && !told->begins_before;
		FIELD(begins_before);
		FIELD(is_open);
		FIELD(ends_with_go);
		if (!told->begins_before)
			TIME(begin_ns);
		if (!told->is_open)
			TIME(end_ns);
		FIELD(task);
		FIELD(stacks[0]);
		FIELD(stacks[1]);
		if (knows_depth && told->end_ns > told->begin_ns)
			FIELD(depth);
		differs_text(c, "name", told->name, read->name);
		if (c->differences > before)
			return;
	}
	at(c, "G%" PRIu64, told_go->id);
	differs(c, "regions", (int64_t)told_go->regions.count, (int64_t)read_go->regions.count);
}

static void compare_marks(struct comparison *c, const char *title, const struct story_mark *told,
                          size_t told_count, const struct story_mark *read, size_t read_count)
{
	size_t before = c->differences;

	for (size_t i = 0; i < told_count && i < read_count && c->differences == before; i++) {
		at(c, "%s %zu", title, i);
		TIME(time_ns);
		FIELD(go);
		if (!c->told->is_v1) {
			FIELD(proc);
			FIELD(thread);
		}
		FIELD(task);
		FIELD(stack);
		differs_text(c, "category", told->category, read->category);
		differs_text(c, "message", told->message, read->message);
		told++;
		read++;
	}
	at(c, "the trace");
	differs(c, title, (int64_t)told_count, (int64_t)read_count);
}

static void compare_tasks(struct comparison *c)
{
	size_t before = c->differences;

	for (size_t i = 0; i < c->told->tasks.count && i < c->read->tasks.count; i++) {
		const struct story_task *told = &c->told->tasks.items[i],
					*read = &c->read->tasks.items[i];

		at(c, "task %" PRIu64, told->id);
		FIELD(id);
		FIELD(parent);
		FIELD(go);
		FIELD(end_go);
		FIELD(stack);
		TIME(begin_ns);
		TIME(end_ns);
		differs_text(c, "name", told->name, read->name);
		if (c->differences > before)
			return;
	}
}

static void compare_gos(struct comparison *c)
{
	for (size_t i = 0; i < c->told->gos.count && i < c->read->gos.count; i++) {
		const struct story_go *told = &c->told->gos.items[i],
				      *read = &c->read->gos.items[i];

		at(c, "G%" PRIu64, told->id);
		if (FIELD(id))
			return;
		FIELD(parent);
		TIME(created_ns);
		TIME(started_ns);
		TIME(ended_ns);
		SUM(exec_ns);
		SUM(sched_ns);
		SUM(syscall_exec_ns);
		SUM(syscall_block_ns);
		differs_text(c, "name", told->name, read->name);
		compare_shares(c, "blocks", &told->blocks, &read->blocks, told->stays.count);
		compare_shares(c, "ranges", &told->ranges, &read->ranges, told->stays.count);
		compare_stays(c, told, read->stays.items, read->stays.count, false);
		compare_stays(c, told, read->lane.items, read->lane.count, true);
		compare_regions(c, told, read);
	}
}

static void compare_details(struct comparison *c, const struct story_span *told,
                            const struct story_span *read)
{
	FIELD(has_waker);
	FIELD(ended);
	FIELD(thread);
	FIELD(waker);
	FIELD(woken_ns);
	FIELD(woken);
	if (!told->is_cut)
		FIELD(self_ns);
	differs_text(c, "reason", told->reason, read->reason);
}

static void compare_spans(struct comparison *c, const struct story_proc *told_proc,
                          const struct story_proc *read_proc)
{
	for (size_t i = 0; i < told_proc->spans.count && i < read_proc->spans.count; i++) {
		const struct story_span *told = &told_proc->spans.items[i],
					*read = &read_proc->spans.items[i];
		size_t before = c->differences;

		at(c, "P%" PRIu64 " span %zu", told_proc->id, i);
		TIME(begin_ns);
		TIME(end_ns);
		FIELD(go);
		FIELD(born_ns);
		FIELD(worker);
		FIELD(has_detail);
		if (told->has_detail && !read->is_unread)
			compare_details(c, told, read);
		if (c->differences > before)
			return;
	}
	at(c, "P%" PRIu64, told_proc->id);
	differs(c, "spans", (int64_t)told_proc->spans.count, (int64_t)read_proc->spans.count);
}

/* What a syscall or assist is drawn as: one piece, or an assist one for each generation it is in.
 */
static size_t skip_pieces(const struct story_span *told, const struct story_proc *proc,
                          size_t first)
{
	size_t i = first;

	for (; i < proc->inner.count; i++) {
		const struct story_span *piece = &proc->inner.items[i];

		if (piece->go != told->go || piece->kind != told->kind ||
		    piece->end_ns > told->end_ns || piece->begin_ns < told->begin_ns)
			break;
		if (!told->is_split)
			return piece->begin_ns == told->begin_ns && piece->end_ns == told->end_ns
			               ? i + 1
			               : first;
	}
	return i;
}

static void compare_inner(struct comparison *c, const struct story_proc *told_proc,
                          const struct story_proc *read_proc)
{
	size_t at_piece = 0;

	for (size_t i = 0; i < told_proc->inner.count; i++) {
		const struct story_span *told = &told_proc->inner.items[i];
		size_t next = skip_pieces(told, read_proc, at_piece);

		at(c, "P%" PRIu64 " G%" PRIu64 " %s at %" PRId64 " to %" PRId64, told_proc->id,
		   told->go, told->kind == SPAN_SYSCALL ? "syscall" : "assist", told->begin_ns,
		   told->end_ns);
		if (!told->is_split && next == at_piece) {
			differs(c, "drawn", true, false);
			return;
		}
		at_piece = next;
	}
	at(c, "P%" PRIu64, told_proc->id);
	differs(c, "inner spans", (int64_t)at_piece, (int64_t)read_proc->inner.count);
}

static void compare_moves(struct comparison *c, const struct story_proc *told_proc,
                          const struct story_proc *read_proc)
{
	size_t next = 0;

	for (size_t i = 0; i < told_proc->moves.count; i++) {
		const struct story_move *told = &told_proc->moves.items[i], *read = NULL;

		if (next < read_proc->moves.count)
			read = &read_proc->moves.items[next];
		at(c, "P%" PRIu64 " move %zu", told_proc->id, i);
		if (read == NULL) {
			differs(c, "there", true, false);
			return;
		}
		if (FIELD(ns) || FIELD(is_start))
			return;
		if (told->thread != EVENT_NONE)
			FIELD(thread);
		next++;
	}
	at(c, "P%" PRIu64, told_proc->id);
	differs(c, "moves", (int64_t)next, (int64_t)read_proc->moves.count);
}

static void compare_procs(struct comparison *c)
{
	for (size_t i = 0; i < c->told->procs.count && i < c->read->procs.count; i++) {
		const struct story_proc *told = &c->told->procs.items[i],
					*read = &c->read->procs.items[i];

		at(c, "P%" PRIu64, told->id);
		if (FIELD(id))
			return;
		FIELD(run_ns);
		FIELD(idle_ns);
		FIELD(syscall_ns);
		FIELD(gc_ns);
		FIELD(runs);
		FIELD(losses);
		compare_spans(c, told, read);
		compare_inner(c, told, read);
		compare_moves(c, told, read);
	}
}

static void compare_stops(struct comparison *c)
{
	for (size_t i = 0; i < c->told->stops.count && i < c->read->stops.count; i++) {
		const struct story_stop *told = &c->told->stops.items[i],
					*read = &c->read->stops.items[i];

		at(c, "stop %zu", i);
		TIME(begin_ns);
		TIME(end_ns);
		FIELD(go);
		FIELD(is_open);
		if (!c->told->is_v1) {
			FIELD(stopping_ns);
			FIELD(thread);
			FIELD(proc);
		}
		if (!c->told->is_v1 && !told->is_tied) {
			FIELD(last_proc);
			FIELD(last_go);
		}
		differs_text(c, "reason", told->reason, read->reason);
	}
}

static void compare_assists(struct comparison *c)
{
	for (size_t i = 0; i < c->told->assists.count && i < c->read->assists.count; i++) {
		const struct story_assist *told = &c->told->assists.items[i],
					  *read = &c->read->assists.items[i];

		at(c, "assist %zu", i);
		TIME(begin_ns);
		TIME(end_ns);
		FIELD(go);
		FIELD(is_open);
		if (!c->told->is_v1) {
			FIELD(on_cpu_ns);
			FIELD(proc);
		}
	}
}

static void compare_threads(struct comparison *c)
{
	for (size_t i = 0; i < c->told->threads.count && i < c->read->threads.count; i++) {
		const struct story_thread *told = &c->told->threads.items[i],
					  *read = &c->read->threads.items[i];

		at(c, "M%" PRIu64, told->id);
		if (FIELD(id))
			return;
		FIELD(first_ns);
		FIELD(last_ns);
		FIELD(events);
		FIELD(samples);
	}
}

static void compare_ranges(struct comparison *c, const char *title, const struct story_range *told,
                           size_t told_count, const struct story_range *read, size_t read_count)
{
	for (size_t i = 0; i < told_count && i < read_count; i++, told++, read++) {
		at(c, "%s %zu", title, i);
		TIME(begin_ns);
		TIME(end_ns);
		FIELD(worker);
	}
}

static void compare_points(struct comparison *c, const char *title, const struct metric_point *told,
                           size_t told_count, const struct metric_point *read, size_t read_count)
{
	for (size_t i = 0; i < told_count && i < read_count; i++, told++, read++) {
		at(c, "%s %zu", title, i);
		TIME(time_ns);
		FIELD(value);
	}
}

static void compare_numbers(struct comparison *c)
{
	const struct story *told = c->told, *read = c->read;

	at(c, "the trace");
	TIME(end_ns);
	if (!c->told->is_v1) {
		FIELD(events);
		COUNT(procs);
		COUNT(threads);
	}
	FIELD(syscalls);
	FIELD(regions);
	FIELD(logs);
	FIELD(samples);
	FIELD(gomaxprocs);
	FIELD(heap_max);
	FIELD(runnable_max);
	COUNT(gos);
	COUNT(stops);
	COUNT(assists);
	COUNT(cycles);
	COUNT(workers);
	COUNT(tasks);
	COUNT(heap);
	COUNT(goal);
}

size_t story_compare(const struct story *told, const struct story *read)
{
	struct comparison comparison = {
		.told = told,
		.read = read,
		.slack_ns = told->is_v1,
	};
	struct comparison *c = &comparison;

	compare_numbers(c);
	compare_gos(c);
	compare_stops(c);
	compare_assists(c);
	compare_marks(c, "log", told->logs_told.items, told->logs_told.count, read->logs_told.items,
	              read->logs_told.count);
	compare_marks(c, "sample", told->sampled.items, told->sampled.count, read->sampled.items,
	              read->sampled.count);
	compare_tasks(c);
	if (!told->is_v1) {
		compare_procs(c);
		compare_threads(c);
	}
	compare_ranges(c, "cycle", told->cycles.items, told->cycles.count, read->cycles.items,
	               read->cycles.count);
	compare_ranges(c, "worker's run", told->workers.items, told->workers.count,
	               read->workers.items, read->workers.count);
	compare_points(c, "heap", told->heap.items, told->heap.count, read->heap.items,
	               read->heap.count);
	compare_points(c, "goal", told->goal.items, told->goal.count, read->goal.items,
	               read->goal.count);
	return c->differences;
}
