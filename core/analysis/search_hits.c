/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/search_hits.h"

#include "core/model/part.h"
#include "core/model/user.h"

enum { GOS_A_STEP = 1 << 12, RECORDS_A_STEP = 1 << 15 };

struct teller {
	struct search_match *match;
	const struct model *model;
	const struct part *part;
	const struct history *history;
	const struct search_gos *gos; /* the part's own */
	uint8_t reasons[256]; /* whether the part's own reasons do */
	search_take_fn *take;
	void *to;
};

/* Turns tell all but of syscalls that come back, and of sweeps. */
uint8_t search_pass(const struct search_match *match, bool says)
{
	if ((match->words & (SEARCH_SYSCALL | SEARCH_SWEEP)) != 0)
		return 0;
	return (uint8_t)(PASS_RUNS | PASS_WAITS | PASS_READY | (says ? PASS_SAID : 0));
}

bool search_learn_gos(struct search_match *match, const struct model *model,
                      const struct history *history, uint32_t number, struct search_gos *gos)
{
	const u64_array *own_of = &history->strands.own_of;
	struct roster_reader reader;
	size_t end;

	if (gos->part != number) {
		gos->part = number;
		gos->at = 0;
		array_clear(&gos->matches);
		array_resize(&gos->matches, history->go_of.count);
		array_clear(&gos->runs);
		array_resize(&gos->runs, history->turns.count > 0 ? history->go_of.count : 0);
	}
	end = gos->at + GOS_A_STEP < own_of->count ? gos->at + GOS_A_STEP : own_of->count;
	roster_reader_init(&reader, &model->roster);
	for (; gos->at < end; gos->at++) {
		uint32_t go = (uint32_t)(own_of->items[gos->at] >> 32);
		const struct goroutine *g = roster_read(&reader, go);

		gos->matches.items[(uint32_t)own_of->items[gos->at]] =
			search_has_text(match, model, g->name) ||
			(match->asks_ids && search_has_go(match, model, go));
	}
	roster_reader_free(&reader);
	return gos->at < own_of->count;
}

static uint32_t go_of(const struct teller *t, uint32_t own)
{
	return own == INDEX_NONE ? INDEX_NONE : t->history->go_of.items[own];
}

static void take(const struct teller *t, enum span_kind kind, uint32_t own, uint16_t proc,
                 uint32_t index, part_time begin, part_time end)
{
	struct span hit = {
		.begin_ns = part_ns(t->part, begin),
		.end_ns = part_ns(t->part, end == TIME_NONE ? begin : end),
		.go = go_of(t, own),
		.proc = proc == PROC_NONE ? INDEX_NONE : t->part->proc_of[proc],
		.part = t->part->number,
		.index = index,
		.kind = (uint8_t)kind,
	};

	if (hit.go != INDEX_NONE)
		t->take(t->to, &hit);
}

/* ---- records */

static bool has_inner(const struct teller *t, stack_id stack)
{
	return t->match->has_inner && search_has_inner(t->match, t->model, stack);
}

static bool has_run(const struct teller *t, uint32_t own, unsigned worker)
{
	return t->gos->matches.items[own] != 0 || search_has_word(t->match, SEARCH_RUNNING) ||
	       search_has_label(t->match, worker);
}

/* A run that begins here, on a P. */
static void tell_run(const struct teller *t, const struct run *run, uint32_t index)
{
	bool begins = run->open == RUN_START || run->open == RUN_SWITCH;

	if (begins && run->proc != PROC_NONE && run->g != INDEX_NONE &&
	    (has_run(t, run->g, run->worker) || has_inner(t, run->stack)))
		take(t, SPAN_RUN, run->g, run->proc, index, run->begin, run->lane_end);
}

/* What it does when that has ended. */
static void tell_end(const struct teller *t, const struct run *run, uint32_t index)
{
	enum span_kind kind = SPAN_NONE;

	switch ((enum run_close)run->close) {
	case RUN_BLOCK:
	case RUN_SWITCHED:
		kind = SPAN_WAITING;
		break;
	case RUN_STOP:
	case RUN_SYSCALL_BLOCKED:
		kind = SPAN_RUNNABLE;
		break;
	case RUN_GOES_ON:
	case RUN_DESTROY:
	case RUN_SYSCALL_DESTROY:
	case RUN_LOST:
		break;
	}
	if (kind == SPAN_NONE || run->g == INDEX_NONE || run->end == TIME_NONE)
		return;
	if (t->reasons[run->reason] ||
	    search_has_word(t->match, kind == SPAN_WAITING ? SEARCH_WAITING : SEARCH_RUNNABLE))
		take(t, kind, run->g, PROC_NONE, index, run->end, TIME_NONE);
}

/* What was so before the trace begins there. */
static void tell_wake(const struct teller *t, const struct wake *wake, uint32_t index)
{
	bool is_first = t->part->number == 0;
	bool is_ready = wake->kind == WAKE_UNBLOCK || wake->kind == WAKE_CREATE ||
	                (wake->kind == WAKE_STATUS_RUNNABLE && is_first);
	bool waits = wake->kind == WAKE_CREATE_BLOCKED ||
	             (wake->kind == WAKE_STATUS_WAITING && is_first);
	part_time begin = wake->kind >= WAKE_STATUS_RUNNABLE ? 0 : wake->time;

	if ((is_ready && search_has_word(t->match, SEARCH_RUNNABLE)) ||
	    (waits && search_has_word(t->match, SEARCH_WAITING)))
		take(t, is_ready ? SPAN_RUNNABLE : SPAN_WAITING, wake->g, PROC_NONE,
		     index | RECORD_WAKE, begin, TIME_NONE);
}

static void tell_piece(const struct teller *t, const struct piece *piece, uint32_t index)
{
	if (piece->kind == PIECE_SYSCALL && search_has_word(t->match, SEARCH_SYSCALL))
		take(t, SPAN_SYSCALL, piece->g, piece->proc, index, piece->begin, piece->end);
	else if (piece->kind == PIECE_SWEEP && search_has_word(t->match, SEARCH_SWEEP))
		take(t, SPAN_SWEEP, piece->g, piece->proc, index, piece->begin, piece->end);
}

/* ---- turns, which are what a pass has of the usual records */

/* What it does when that has ended tells where a run stood. */
static void tell_turn(const struct teller *t, const struct turn *turn, uint32_t index)
{
	uint32_t *begun = &t->gos->runs.items[turn->g];
	const struct turn *run = *begun > 0 ? &t->history->turns.items[*begun - 1] : NULL;
	bool waits = turn->kind == TURN_WAIT, is_ready = turn->kind == TURN_READY;

	*begun = 0;
	if (turn->kind == TURN_RUN && turn->proc != PROC_NONE) {
		if (has_run(t, turn->g, turn->detail))
			take(t, SPAN_RUN, turn->g, turn->proc, index, turn->time, TIME_NONE);
		else
			*begun = index + 1;
	}
	if (!waits && !is_ready)
		return;
	if (run != NULL && turn->after == GO_RUNNING && has_inner(t, turn->stack))
		take(t, SPAN_RUN, run->g, run->proc, index, run->time, TIME_NONE);
	if (search_has_word(t->match, waits ? SEARCH_WAITING : SEARCH_RUNNABLE) ||
	    (turn->after == GO_RUNNING && t->reasons[turn->detail] != 0))
		take(t, waits ? SPAN_WAITING : SPAN_RUNNABLE, turn->g, PROC_NONE, index, turn->time,
		     TIME_NONE);
}

/* ---- what the program says */

static void tell_region(const struct teller *t, const struct region *region, uint32_t index)
{
	if (region->end != TIME_NONE && search_has_text(t->match, t->model, region->name))
		take(t, SPAN_REGION, region->g, PROC_NONE, index, region->begin, region->end);
}

static void tell_log(const struct teller *t, const struct log_note *log, uint32_t index)
{
	if (search_has_text(t->match, t->model, log->message) ||
	    search_has_text(t->match, t->model, log->category))
		take(t, SPAN_LOG, log->g, PROC_NONE, index, log->time, log->time);
}

/* ---- CPU samples: by all functions of their stacks */

static void tell_sample(const struct teller *t, uint32_t index)
{
	struct cpu_sample sample;
	struct span hit;

	if (!search_has_stack(
		    t->match, t->model,
		    tables_stack(&t->part->tables, t->part->tables.samples.items[index].stack)))
		return;
	sample = user_sample_at(t->model, t->part->number, index);
	hit = (struct span){ .begin_ns = sample.time_ns,
		             .end_ns = sample.time_ns,
		             .go = sample.go,
		             .proc = sample.proc,
		             .part = t->part->number,
		             .index = index,
		             .kind = SPAN_SAMPLE };
	t->take(t->to, &hit);
}

uint64_t search_count_samples(struct search_match *match, const struct model *model,
                              uint32_t number)
{
	const struct tables *tables = &model->parts.items[number]->tables;
	uint64_t hits = 0;

	for (size_t i = 0; i < tables->samples.count; i++)
		hits += search_has_stack(match, model,
		                         tables_stack(tables, tables->samples.items[i].stack));
	return hits;
}

/* ---- */

static void learn_reasons(struct teller *t)
{
	const struct history *history = t->history;

	for (size_t i = 0; i < history->reasons.count && i < sizeof(t->reasons); i++)
		t->reasons[i] =
			search_has_text(t->match, t->model,
		                        tables_string(&t->part->tables, history->reasons.items[i]));
}

static void tell_record(const struct teller *t, size_t at)
{
	const struct history *history = t->history;
	size_t counts[] = { history->turns.count,   history->runs.count,
		            history->regions.count, history->logs.count,
		            t->part->tables.samples.count,
		            history->wakes.count,   history->lanes.pieces.count };
	int kind = 0;

	while (at >= counts[kind])
		at -= counts[kind++];
	switch (kind) {
	case 0:
		tell_turn(t, &history->turns.items[at], (uint32_t)at);
		break;
	case 1:
		tell_run(t, &history->runs.items[at], (uint32_t)at);
		tell_end(t, &history->runs.items[at], (uint32_t)at);
		break;
	case 2:
		tell_region(t, &history->regions.items[at], (uint32_t)at);
		break;
	case 3:
		tell_log(t, &history->logs.items[at], (uint32_t)at);
		break;
	case 4:
		tell_sample(t, (uint32_t)at);
		break;
	case 5:
		tell_wake(t, &history->wakes.items[at], (uint32_t)at);
		break;
	default:
		tell_piece(t, &history->lanes.pieces.items[at], (uint32_t)at);
	}
}

/* All records are numbered one behind the other; the last ones match by words alone. */
bool search_tell_part(struct search_match *match, const struct model *model,
                      const struct history *history, uint32_t number, struct search_gos *gos,
                      size_t *at, search_take_fn *fn, void *to)
{
	const struct part *part = model->parts.items[number];
	size_t all = history->turns.count + history->runs.count + history->regions.count +
	             history->logs.count + part->tables.samples.count;
	size_t end = *at + RECORDS_A_STEP;
	struct teller t = { .match = match,
		            .model = model,
		            .part = part,
		            .history = history,
		            .gos = gos,
		            .take = fn,
		            .to = to };

	learn_reasons(&t);
	if (match->words != 0)
		all += history->wakes.count + history->lanes.pieces.count;
	for (; *at < end && *at < all; ++*at)
		tell_record(&t, *at);
	return *at < all;
}

/* ---- ranges */

static void tell_long(struct search_match *match, const struct model *model, uint32_t proc,
                      const long_run_array *runs, enum span_kind kind, search_take_fn *fn, void *to)
{
	bool of_kind = (match->words & (kind == SPAN_RUN ? SEARCH_RUNNING : SEARCH_SYSCALL)) != 0;

	for (size_t i = 0; i < runs->count; i++) {
		const struct long_run *run = &runs->items[i];
		struct span hit = { .begin_ns = run->begin_ns,
			            .end_ns = run->end_ns,
			            .go = run->go,
			            .proc = proc,
			            .part = INDEX_NONE,
			            .index = (uint32_t)i,
			            .kind = (uint8_t)kind,
			            .worker = run->worker,
			            .is_long = true };

		/* the begin of the others is a record */
		if (kind == SPAN_RUN && run->begin_part != INDEX_NONE)
			continue;
		if (of_kind || (kind == SPAN_RUN && (search_has_go(match, model, run->go) ||
		                                     search_has_label(match, run->worker))))
			fn(to, &hit);
	}
}

static void tell_stops(struct search_match *match, const struct model *model, search_take_fn *fn,
                       void *to)
{
	for (size_t i = 0; i < model->stops.count; i++) {
		const struct stw *stop = &model->stops.items[i];
		struct span hit = { .begin_ns = stop->begin_ns,
			            .end_ns = stop->end_ns,
			            .go = stop->go,
			            .proc = stop->proc,
			            .part = INDEX_NONE,
			            .index = (uint32_t)i,
			            .kind = SPAN_STW };

		if ((match->words & SEARCH_STW) != 0 ||
		    search_has_text(match, model, stop->reason) ||
		    search_has_stack(match, model, stop->stack))
			fn(to, &hit);
	}
}

static void tell_assists(struct search_match *match, const struct model *model, search_take_fn *fn,
                         void *to)
{
	for (size_t i = 0; i < model->assists.count; i++) {
		const struct assist *assist = &model->assists.items[i];
		struct span hit = { .begin_ns = assist->begin_ns,
			            .end_ns = assist->end_ns,
			            .go = assist->go,
			            .proc = assist->proc,
			            .part = INDEX_NONE,
			            .index = (uint32_t)i,
			            .kind = SPAN_ASSIST };

		if ((match->words & SEARCH_ASSIST) != 0 ||
		    search_has_stack(match, model, assist->stack))
			fn(to, &hit);
	}
}

/* Regions that no history has, and tasks. */
static void tell_said(struct search_match *match, const struct model *model, search_take_fn *fn,
                      void *to)
{
	const struct said *said = &model->said;

	for (size_t i = 0; i < said->regions.count; i++) {
		const struct long_region *region = &said->regions.items[i];
		struct span hit = { .begin_ns = region->begin_ns,
			            .end_ns = region->end_ns,
			            .go = region->go,
			            .proc = INDEX_NONE,
			            .part = INDEX_NONE,
			            .index = (uint32_t)i,
			            .kind = SPAN_REGION };

		if (hit.begin_ns == TIME_UNKNOWN)
			hit.begin_ns = 0;
		if (search_has_text(match, model, region->name))
			fn(to, &hit);
	}
	for (size_t i = 0; i < said->tasks.count; i++) {
		const struct user_task *task = &said->tasks.items[i];
		struct span hit = { .begin_ns = task->begin_ns,
			            .end_ns = task->end_ns,
			            .go = task->go,
			            .proc = INDEX_NONE,
			            .part = INDEX_NONE,
			            .index = (uint32_t)i,
			            .kind = SEARCH_HIT_TASK };

		if (hit.begin_ns == TIME_UNKNOWN) /* its end is all there is */
			hit.begin_ns = task->end_ns;
		if (search_has_text(match, model, task->name))
			fn(to, &hit);
	}
}

void search_tell_ranges(struct search_match *match, const struct model *model, search_take_fn *fn,
                        void *to)
{
	tell_said(match, model, fn, to);
	tell_stops(match, model, fn, to);
	tell_assists(match, model, fn, to);
	for (size_t i = 0; (match->words & SEARCH_GC) != 0 && i < model->cycles.count; i++) {
		const struct gc_cycle *cycle = &model->cycles.items[i];
		struct span hit = { .begin_ns = cycle->begin_ns,
			            .end_ns = cycle->end_ns,
			            .go = INDEX_NONE,
			            .proc = INDEX_NONE,
			            .part = INDEX_NONE,
			            .index = (uint32_t)i,
			            .kind = SPAN_GC };

		fn(to, &hit);
	}
	for (uint32_t p = 0; p < model->lanes.count; p++) {
		tell_long(match, model, p, &model->lanes.items[p].long_runs, SPAN_RUN, fn, to);
		if ((match->words & SEARCH_SYSCALL) != 0)
			tell_long(match, model, p, &model->lanes.items[p].long_calls, SPAN_SYSCALL,
			          fn, to);
	}
}
