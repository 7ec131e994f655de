/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/detail.h"
#include "core/model/part.h"

#include "tests/same/loaded.h"

/* The story as the load path has it: sums and ranges as they stand in the model; what goroutines
 * did one after the other from the histories of all parts; what runs on Ps as a picture gets it. */

enum { AT_ONCE = 64 /* moves of a P */ };
enum { DETAILS = 500 }; /* of runs of a P that are asked for, about: each reads the file anew */

string_id reader_text(const struct reader *r, string_id id)
{
	return strings_add(r->story->strings, strings_text(&r->model->strings, id));
}

uint64_t reader_go(const struct reader *r, uint32_t go)
{
	return go < r->model->roster.count ? roster_brief(&r->model->roster, go).id : EVENT_NONE;
}

uint64_t reader_proc(const struct reader *r, uint32_t proc)
{
	return proc < r->model->procs.count ? r->model->procs.items[proc].id : EVENT_NONE;
}

uint64_t reader_stack(const struct reader *r, stack_id stack)
{
	return stack < r->stacks.count ? r->stacks.items[stack] : 1;
}

static void read_stacks(struct reader *r)
{
	const struct strings *strings = &r->model->strings;

	for (uint32_t i = 0; i < r->model->stacks.places.count; i++) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&r->model->stacks, i, &count);
		uint64_t hash = 0;

		for (uint32_t f = 0; f < count; f++)
			hash = story_add_frame(
				hash, frames[f].pc, strings_text(strings, frames[f].function),
				strings_text(strings, frames[f].file), frames[f].line);
		*array_push(&r->stacks) = hash;
	}
}

/* ---- sums */

static void read_amounts(const struct reader *r, const struct roster_reader *reader,
                         share_array *shares, uint32_t chain)
{
	for (; chain != INDEX_NONE; chain = roster_amount(reader, chain)->next)
		share_add(shares, reader_text(r, roster_amount(reader, chain)->name),
		          roster_amount(reader, chain)->ns);
}

static void read_go(const struct reader *r, const struct roster_reader *reader,
                    const struct goroutine *from)
{
	struct story_go *to = array_push(&r->story->gos);
	struct budget *budget = r->story->budget;

	*to = (struct story_go){
		.id = from->id,
		.parent = reader_go(r, from->parent),
		.created_ns = from->created_ns,
		.started_ns = from->started_ns,
		.ended_ns = from->ended_ns,
		.exec_ns = from->exec_ns,
		.sched_ns = from->sched_ns,
		.syscall_exec_ns = from->syscall_exec_ns,
		.syscall_block_ns = from->syscall_block_ns,
		.name = reader_text(r, from->name),
		.blocks = { .budget = budget },
		.ranges = { .budget = budget },
		.stays = { .budget = budget },
		.lane = { .budget = budget },
		.regions = { .budget = budget },
	};
	read_amounts(r, reader, &to->blocks, from->blocks);
	read_amounts(r, reader, &to->ranges, from->ranges);
}

/* ---- Ps */

static int64_t born_ns(const struct reader *r, uint32_t go)
{
	return go < r->model->roster.count ? roster_brief(&r->model->roster, go).created_ns
	                                   : TIME_UNKNOWN;
}

static void read_detail(const struct reader *r, const struct span *span, struct story_span *to)
{
	struct detail detail;

	detail_find(&detail, r->model, &r->loaded->index, &r->loaded->source, span);
	to->has_waker = detail.has_waker;
	to->ended = detail.ended;
	to->thread = detail.thread;
	to->waker = detail.has_waker ? reader_go(r, detail.waker) : EVENT_NONE;
	to->woken_ns = detail.has_waker ? detail.woken_ns : 0;
	to->self_ns = detail.self_ns;
	to->woken = detail.wake_count;
	to->reason = reader_text(r, detail.reason);
}

static void read_span(const struct reader *r, const struct span *span, struct story_proc *to,
                      bool is_picked)
{
	struct story_span read = {
		.begin_ns = span->begin_ns,
		.end_ns = span->end_ns,
		.go = reader_go(r, span->go),
		.kind = span->kind,
		.thread = EVENT_NONE,
		.waker = EVENT_NONE,
	};

	if (span->kind == SPAN_RUN) {
		read.worker = span->worker;
		read.born_ns = born_ns(r, span->go);
		read.has_detail = !span->is_long;
		read.is_unread = !is_picked;
		if (is_picked && !span->is_long)
			read_detail(r, span, &read);
		*array_push(&to->spans) = read;
	} else if (span->kind == SPAN_SYSCALL || span->kind == SPAN_ASSIST) {
		*array_push(&to->inner) = read;
	}
}

static void read_spans(const struct reader *r, uint32_t proc, struct story_proc *to, bool inner)
{
	size_t max = 0, count, every, wanted = 4096;
	struct span *spans = NULL;

	do {
		budget_resize(r->story->budget, spans, max * sizeof(*spans), 0);
		max = wanted;
		spans = budget_resize(r->story->budget, NULL, 0, max * sizeof(*spans));
		count = model_spans(r->model, lane_of_proc(proc, inner), 0, INT64_MAX, spans, max);
		wanted *= 4;
	} while (count == max);
	every = 1 + count / DETAILS;
	for (size_t i = 0; i < count; i++)
		read_span(r, &spans[i], to, i % every == 0);
	budget_resize(r->story->budget, spans, max * sizeof(*spans), 0);
}

static void read_moves(const struct reader *r, uint32_t proc, struct story_proc *to)
{
	const struct lane_id lane = { .of = LANE_MOVES_OF_PROC, .index = proc };
	struct span span = { .begin_ns = -1 }, spans[AT_ONCE];
	uint32_t part;

	while (model_span_after(r->model, lane, span.begin_ns, &span, &part)) {
		size_t count = model_spans(r->model, lane, span.begin_ns, span.begin_ns + 1, spans,
		                           AT_ONCE);

		for (size_t i = 0; i < count; i++)
			*array_push(&to->moves) = (struct story_move){
				.ns = spans[i].begin_ns,
				.thread = model_span_thread(r->model, &spans[i]),
				.is_start = spans[i].kind == SPAN_PROC_START,
			};
	}
}

static void read_proc(const struct reader *r, uint32_t proc)
{
	const struct model_proc *from = &r->model->procs.items[proc];
	struct story_proc *to = array_push(&r->story->procs);

	*to = (struct story_proc){
		.id = from->id,
		.run_ns = from->run_ns,
		.idle_ns = from->idle_ns,
		.syscall_ns = from->syscall_ns,
		.gc_ns = from->gc_ns,
		.runs = from->runs,
		.losses = from->losses,
		.spans = { .budget = r->story->budget },
		.inner = { .budget = r->story->budget },
		.moves = { .budget = r->story->budget },
	};
	read_spans(r, proc, to, false);
	read_spans(r, proc, to, true);
	read_moves(r, proc, to);
}

/* ---- lanes of goroutines */

static enum go_state state_of(const struct span *span)
{
	return span->kind == SPAN_RUN        ? GO_RUNNING
	       : span->kind == SPAN_RUNNABLE ? GO_RUNNABLE
	       : span->kind == SPAN_WAITING  ? GO_WAITING
	                                     : GO_SYSCALL;
}

/* A syscall that loses its P is one stay; waiting for ever is the end. */
static void read_lane_span(const struct reader *r, struct story_go *go, const struct span *span)
{
	struct story_stay *last = go->lane.count == 0 ? NULL : &go->lane.items[go->lane.count - 1];
	string_id reason = model_wait_reason(r->model, span);
	stack_id stacks[2];
	struct story_stay stay = {
		.begin_ns = span->begin_ns,
		.end_ns = span->end_ns,
		.proc = reader_proc(r, span->proc),
		.other = EVENT_NONE,
		.state = (uint8_t)state_of(span),
	};

	model_span_stacks(r->model, span, stacks);
	if (span->kind == SPAN_WAITING || span->kind == SPAN_SYSCALL)
		stay.stack = reader_stack(r, stacks[0]);
	else if (span->kind == SPAN_RUNNABLE)
		stay.stack = reader_stack(r, stacks[stacks[1] != 0]);
	if (span->kind == SPAN_RUN || span->kind == SPAN_WAITING)
		stay.end_stack = reader_stack(r, stacks[1]);
	if (span->kind == SPAN_WAITING) {
		stay.reason = reader_text(r, reason);
		if (bytes_equal(strings_text(&r->model->strings, reason), bytes_of("forever")))
			return;
	}
	if (span->kind == SPAN_SYSCALL && last != NULL && last->state == GO_SYSCALL)
		last->end_ns = span->end_ns;
	else
		*array_push(&go->lane) = stay;
}

static void read_lane(const struct reader *r, uint32_t go, struct story_go *to)
{
	size_t max = 0, count, wanted = 1024;
	struct span *spans = NULL;

	do {
		budget_resize(r->story->budget, spans, max * sizeof(*spans), 0);
		max = wanted;
		spans = budget_resize(r->story->budget, NULL, 0, max * sizeof(*spans));
		count = model_spans(r->model, lane_of_go(go), 0, INT64_MAX, spans, max);
		wanted *= 4;
	} while (count == max);
	for (size_t i = 0; i < count; i++)
		read_lane_span(r, to, &spans[i]);
	budget_resize(r->story->budget, spans, max * sizeof(*spans), 0);
}

/* ---- ranges */

static void read_ranges(const struct reader *r)
{
	const struct model *model = r->model;
	struct story *story = r->story;

	for (size_t i = 0; i < model->stops.count; i++) {
		const struct stw *stop = &model->stops.items[i];

		*array_push(&story->stops) = (struct story_stop){
			.begin_ns = stop->begin_ns,
			.end_ns = stop->end_ns,
			.stopping_ns = stop->stopping_ns,
			.thread = stop->thread,
			.go = reader_go(r, stop->go),
			.proc = reader_proc(r, stop->proc),
			.last_proc = reader_proc(r, stop->last_proc),
			.last_go = reader_go(r, stop->last_go),
			.reason = reader_text(r, stop->reason),
			.is_open = stop->is_open,
		};
	}
	for (size_t i = 0; i < model->assists.count; i++) {
		const struct assist *assist = &model->assists.items[i];

		*array_push(&story->assists) = (struct story_assist){
			.begin_ns = assist->begin_ns,
			.end_ns = assist->end_ns,
			.on_cpu_ns = assist->on_cpu_ns,
			.go = reader_go(r, assist->go),
			.proc = reader_proc(r, assist->proc),
			.is_open = assist->is_open,
		};
	}
	for (size_t i = 0; i < model->cycles.count; i++)
		*array_push(&story->cycles) =
			(struct story_range){ model->cycles.items[i].begin_ns,
			                      model->cycles.items[i].end_ns, 0 };
	for (size_t i = 0; i < model->workers.count; i++)
		*array_push(&story->workers) = (struct story_range){
			model->workers.items[i].begin_ns,
			model->workers.items[i].end_ns,
			model->workers.items[i].worker,
		};
	for (size_t i = 0; i < model->cycles.count; i++) {
		const struct gc_cycle *cycle = &model->cycles.items[i];

		*array_push(&story->heap) =
			(struct metric_point){ cycle->begin_ns, (uint64_t)cycle->heap_begin };
		*array_push(&story->heap) =
			(struct metric_point){ cycle->end_ns, (uint64_t)cycle->heap_end };
		*array_push(&story->goal) =
			(struct metric_point){ cycle->begin_ns, (uint64_t)cycle->goal_begin };
	}
}

static void read_threads(const struct reader *r)
{
	for (size_t i = 0; i < r->model->threads.count; i++) {
		const struct thread *thread = &r->model->threads.items[i];

		*array_push(&r->story->threads) = (struct story_thread){
			.id = thread->id,
			.first_ns = thread->first_ns,
			.last_ns = thread->last_ns,
			.events = thread->events,
			.samples = thread->samples,
		};
	}
}

/* ---- */

static void index_gos(struct reader *r)
{
	for (uint32_t i = 0; i < r->story->gos.count; i++) {
		*array_push(&r->same_id) = id_map_find(&r->go_of, r->story->gos.items[i].id);
		id_map_set(&r->go_of, r->story->gos.items[i].id, i);
	}
}

static void end_stays(const struct story *story)
{
	for (size_t i = 0; i < story->gos.count; i++) {
		struct story_go *go = &story->gos.items[i];

		if (go->stays.count > 0 && go->ended_ns == TIME_UNKNOWN)
			go->stays.items[go->stays.count - 1].end_ns = story->end_ns;
	}
}

void story_read(struct story *story, const struct loaded *loaded)
{
	const struct model *model = &loaded->model;
	struct roster_reader reader;
	struct reader r = { .story = story, .loaded = loaded, .model = model };

	r.stacks.budget = story->budget;
	read_stacks(&r);
	r.go_of.budget = r.same_id.budget = r.heads.budget = r.dead.budget = story->budget;
	story->end_ns = model->end_ns;
	story->events = model->events;
	story->syscalls = model->syscalls;
	story->regions = model->regions;
	story->logs = model->logs;
	story->samples = model->samples;
	story->gomaxprocs = model->gomaxprocs;
	story->heap_max = model->heap_max;
	story->runnable_max = model->runnable_max;
	roster_reader_init(&reader, &model->roster);
	for (uint32_t i = 0; i < model->roster.count; i++)
		read_go(&r, &reader, roster_read(&reader, i));
	roster_reader_free(&reader);
	index_gos(&r);
	array_resize(&r.heads, story->gos.count);
	array_resize(&r.dead, story->gos.count);
	for (uint32_t p = 0; p < model->procs.count; p++)
		read_proc(&r, p);
	for (size_t i = 0; i < model->parts.count; i++) {
		r.part = model->parts.items[i];
		reader_stays(&r);
	}
	end_stays(story);
	for (uint32_t i = 0; i < story->gos.count; i++)
		read_lane(&r, i, &story->gos.items[i]);
	reader_user(&r);
	read_ranges(&r);
	read_threads(&r);
	story_sort(story);
	id_map_free(&r.go_of);
	array_free(&r.same_id);
	array_free(&r.heads);
	array_free(&r.dead);
	array_free(&r.stacks);
}
