/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/said.h"
#include "core/analysis/summary.h"
#include "core/model/part.h"

/* What there is in a stretch of the trace: what laps into it, and what is then. Events are not told
 * one by one: these are not known of a stretch. */

struct counting {
	const struct model *model;
	const struct question *question;
	struct summary summary;
	ARRAY(uint8_t) has_proc; /* like the model's: it did something then */
	int64_t heap_ns;         /* the last time before it that the heap is told of; INT64_MIN */
	uint64_t heap;           /* then */
};

static bool is_then(const struct counting *counting, int64_t ns)
{
	return ns >= counting->question->from_ns && ns < counting->question->to_ns;
}

static uint64_t count_threads(const struct counting *counting)
{
	const struct model *model = counting->model;
	uint64_t count = 0;

	for (size_t i = 0; i < model->threads.count; i++)
		count += summary_has_thread(&model->threads.items[i]) &&
		         analysis_is_inside(counting->question, model->threads.items[i].first_ns,
		                            model->threads.items[i].last_ns + 1);
	return count;
}

static uint64_t count_generations(const struct counting *counting)
{
	const struct model *model = counting->model;
	uint64_t count = 0;

	for (size_t i = 0; i < model->parts.count; i++)
		count += analysis_is_inside(counting->question, model->parts.items[i]->begin_ns,
		                            model->parts.items[i]->end_ns + 1);
	return count;
}

static uint64_t count_tasks(const struct counting *counting)
{
	const struct model *model = counting->model;
	uint64_t count = 0;

	if (!said_is_whole(model))
		return SUMMARY_UNKNOWN;
	for (uint32_t i = 0; i < model->said.tasks.count; i++) {
		struct span span = user_task_span(model, i);

		count += analysis_is_inside(counting->question, span.begin_ns, span.end_ns);
	}
	return count;
}

/* As rows of goroutine have them (within.c). */
static uint64_t count_goroutines(const struct counting *counting)
{
	const struct model *model = counting->model;
	const struct question *question = counting->question;
	struct roster_reader reader;
	uint64_t count = 0;

	roster_reader_init(&reader, &model->roster);
	for (uint32_t i = 0; i < model->roster.count && count != SUMMARY_UNKNOWN; i++) {
		const struct goroutine *go = roster_read(&reader, i);
		bool is_over = go->ended_ns != TIME_UNKNOWN && go->ended_ns < question->from_ns;

		if (roster_is_forgotten(&model->roster, i))
			count = SUMMARY_UNKNOWN;
		else
			count += go->created_ns < question->to_ns && !is_over;
	}
	roster_reader_free(&reader);
	return count;
}

/* That was so last. */
static uint64_t find_gomaxprocs(const struct counting *counting)
{
	const point_array *points = &counting->model->procs_counts;
	uint64_t value = SUMMARY_UNKNOWN;

	for (size_t i = 0; i < points->count; i++)
		if (points->items[i].time_ns < counting->question->to_ns)
			value = points->items[i].value;
	return value;
}

/* What has no time may be anywhere. */
static uint64_t count_lost(const struct counting *counting)
{
	const struct damage *damage = &counting->model->damage;
	uint64_t bytes = 0;

	for (int grade = 0; grade < DAMAGE_GRADES; grade++)
		if (damage->more[grade] > 0)
			return SUMMARY_UNKNOWN;
	for (size_t i = 0; i < damage->rows.count; i++) {
		const struct damage_row *row = &damage->rows.items[i];

		if (row->len > 0 &&
		    (row->begin_ns == DAMAGE_TIME_UNKNOWN || row->end_ns == DAMAGE_TIME_UNKNOWN))
			return SUMMARY_UNKNOWN;
		if (analysis_is_inside(counting->question, row->begin_ns, row->end_ns))
			bytes += row->len;
	}
	return bytes;
}

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct counting *counting = to;

	counting->model = model;
	counting->question = question;
	counting->heap_ns = INT64_MIN;
	counting->has_proc.budget = budget;
	array_resize(&counting->has_proc, model->procs.count);
}

/* ---- by part */

static void add_region(void *to, const struct user_region *region)
{
	struct counting *counting = to;

	counting->summary.regions += !region->begins_before && is_then(counting, region->begin_ns);
}

static void add_log(void *to, const struct user_log *log)
{
	struct counting *counting = to;

	counting->summary.logs += is_then(counting, log->time_ns);
}

static void add_moves(struct counting *counting, const struct part *part)
{
	const proc_move_array *moves = &part_visited(part)->proc_moves;

	for (size_t i = 0; i < moves->count; i++)
		if (is_then(counting, part_ns(part, moves->items[i].time)))
			counting->has_proc.items[part->proc_of[moves->items[i].proc]] = true;
}

/* Of changes at one time only the last counts. */
static void add_runnable(struct counting *counting, const struct part *part)
{
	const struct question *question = counting->question;
	struct change_cursor cursor =
		changes_from(&part_visited(part)->changes, part_time_of(part, question->from_ns));
	int64_t now = changes_value(&cursor, COUNT_RUNNABLE), most = 0, last_ns = INT64_MIN;
	enum change change;
	part_time time;

	for (; change_look(&cursor, &time, &change); change_step(&cursor)) {
		int64_t ns = part_ns(part, time);

		if (ns > last_ns && now > most)
			most = now;
		if (ns >= question->to_ns)
			break;
		now += change_adds[change][COUNT_RUNNABLE];
		last_ns = ns;
	}
	most = now > most ? now : most;
	if (most > (int64_t)counting->summary.runnable_max)
		counting->summary.runnable_max = (uint64_t)most;
}

/* The largest then, and what it was before. */
static void add_heap(struct counting *counting, const struct part *part)
{
	const metric_array *heap = &part_visited(part)->heap;
	struct summary *summary = &counting->summary;

	for (size_t i = 0; i < heap->count; i++) {
		int64_t ns = part_ns(part, heap->items[i].time);
		uint64_t value = heap->items[i].value;

		if (is_then(counting, ns)) {
			summary->heap_max = value > summary->heap_max ? value : summary->heap_max;
		} else if (ns < counting->question->from_ns && ns >= counting->heap_ns) {
			counting->heap_ns = ns;
			counting->heap = value;
		}
	}
}

static bool look(void *to, const struct model *model, uint32_t number, size_t *at)
{
	struct counting *counting = to;
	const struct part *part = model->parts.items[number];

	if (*at == 0)
		add_heap(counting, part);
	if (*at == 0 && analysis_is_inside(counting->question, part->begin_ns, part->end_ns + 1)) {
		add_moves(counting, part);
		add_runnable(counting, part);
		for (size_t i = 0; i < part->tables.samples.count; i++)
			counting->summary.samples += is_then(
				counting, part->tables.samples.items[i].time_ns - model->start_ns);
	}
	return said_notes(model, number, at,
	                  &(struct said_listener){ counting, add_region, add_log });
}

static void tell(void *to, const struct model *model, struct told *told)
{
	struct counting *counting = to;

	(void)model;
	if (told->proc < counting->has_proc.count &&
	    (told->span.kind == SPAN_RUN || told->span.kind == SPAN_SYSCALL) &&
	    analysis_is_inside(counting->question, told->begin_ns, told->end_ns))
		counting->has_proc.items[told->proc] = true;
	counting->summary.syscalls += told->span.kind == SPAN_SYSCALL && told->after == SPAN_RUN &&
	                              is_then(counting, told->begin_ns);
}

/* ---- */

static bool end(void *to, struct table *table, struct error *err)
{
	struct counting *counting = to;
	struct summary *summary = &counting->summary;

	(void)err;
	for (size_t i = 0; i < counting->has_proc.count; i++)
		summary->procs += counting->has_proc.items[i];
	if (!said_is_whole(counting->model))
		summary->regions = summary->logs = SUMMARY_UNKNOWN;
	summary->threads = count_threads(counting);
	summary->generations = count_generations(counting);
	summary->tasks = count_tasks(counting);
	summary->goroutines = count_goroutines(counting);
	summary->gomaxprocs = find_gomaxprocs(counting);
	summary->lost_bytes = count_lost(counting);
	summary->events = summary->stacks = summary->strings = SUMMARY_UNKNOWN;
	summary->heap_max = counting->heap > summary->heap_max ? counting->heap : summary->heap_max;
	if (summary->heap_max == 0 && counting->model->heap_max > 0)
		summary->heap_max = SUMMARY_UNKNOWN; /* it is told of later only */
	summary_put(table, counting->model, counting->question, summary);
	return true;
}

static void drop(void *to)
{
	struct counting *counting = to;

	array_free(&counting->has_proc);
}

const struct analysis_pass analysis_summary_within = {
	.size = sizeof(struct counting),
	.begin = begin,
	.needs = PASS_RUNS | PASS_CALLS | PASS_SAID | PASS_RANGES | PASS_COUNTS,
	.part = look,
	.told = tell,
	.end = end,
	.drop = drop,
};
