/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/detail_at.h"

#include "core/model/go_teller.h"

enum { EVENTS_MAX = 1 << 16 /* looked through for what a run woke */ };

static void fill_end(struct detail *detail, const struct detail_reader *r, const struct part *part,
                     event_ref ref)
{
	struct wire_event event;

	if (!detail_read_event(r, part, ref, &event, &detail->thread))
		return;
	switch (event.type) {
	case WIRE_GO_BLOCK:
	case WIRE_GO_STOP:
		detail->ended = event.type == WIRE_GO_BLOCK ? RUN_BLOCK : RUN_STOP;
		detail->reason = tables_string(&part->tables, event.arg[0]);
		break;
	case WIRE_GO_DESTROY:
	case WIRE_GO_SWITCH_DESTROY:
		detail->ended = RUN_DESTROY;
		break;
	case WIRE_GO_SYSCALL_END_BLOCKED:
		detail->ended = RUN_SYSCALL_BLOCKED;
		break;
	case WIRE_GO_DESTROY_SYSCALL:
		detail->ended = RUN_SYSCALL_DESTROY;
		break;
	case WIRE_GO_SWITCH:
		detail->ended = RUN_SWITCHED;
		break;
	default:
		break;
	}
	detail->end_stack = detail_stack_at(r, part, ref);
}

/* ---- what was before a run: its goroutine's earlier slots */

/* Where the goroutine had stopped before, or was born: the start stack. */
static void fill_stop_before(struct detail *detail, const struct part *part,
                             const struct run *before)
{
	detail->start_stack = before->stack;
	if (before->end == TIME_NONE || !detail->has_waker)
		return;
	detail->blocked_ns = detail->woken_ns - part_ns(part, before->end);
	if (before->close == RUN_BLOCK)
		detail->blocked_on =
			tables_string(&part->tables, part->history->reasons.items[before->reason]);
}

static void fill_before(struct detail *detail, const struct detail_reader *r,
                        const struct part *part, const struct run *run)
{
	const struct history *history = part->history;
	uint32_t what = run->before;

	if (run->open != RUN_START && run->open != RUN_SWITCH)
		return;
	while (what != INDEX_NONE && detail->start_stack == 0) {
		const struct wake *wake;

		if (!(what & RECORD_WAKE)) {
			fill_stop_before(detail, part, &history->runs.items[what]);
			return;
		}
		wake = &history->wakes.items[what & ~RECORD_WAKE];
		detail_fill_wake(detail, r, part, wake);
		what = wake->before;
	}
}

/* ---- what a run woke: its thread's events between its first and its last */

static void note_woken(struct detail *detail, const struct detail_reader *r,
                       const struct part *part, const struct wire_event *event, int64_t ns)
{
	uint32_t go;

	if (event->type != WIRE_GO_UNBLOCK && event->type != WIRE_GO_CREATE)
		return;
	go = model_go_in(r->model, event->arg[0], part->number);
	if (detail->wake_count < DETAIL_WAKES) {
		detail->wakes[detail->wake_count].go = go;
		detail->wakes[detail->wake_count].time_ns = ns;
		detail->wakes[detail->wake_count].is_creation = event->type == WIRE_GO_CREATE;
	}
	detail->wake_count++;
}

static void fill_woken(struct detail *detail, const struct detail_reader *r,
                       const struct part *part, event_ref begin, event_ref end)
{
	static const size_t chunk = 256;
	const struct generation *generation = &r->index->generations.items[part->number];
	const struct batch *batch =
		begin == REF_NONE ? NULL : detail_find_batch(r, part, part->offset + begin);
	uint64_t from = part->offset + begin,
		 to = end == REF_NONE ? UINT64_MAX : part->offset + end;
	const struct batch *last =
		r->index->batches.items + generation->first_batch + generation->batch_count;
	uint64_t m = batch == NULL ? 0 : batch->m;
	uint8_t *payload;
	struct wire_event events[256];
	size_t seen = 0, count;

	if (batch == NULL)
		return;
	payload = budget_resize(r->model->budget, NULL, 0, INDEX_BATCH_MAX);
	for (; batch < last && batch->offset < to && seen < EVENTS_MAX; batch++) {
		struct wire_reader wire = {
			.in = { payload, 0 },
			.clock = generation->clock,
			.time_ns = clock_ns(&generation->clock, batch->ticks),
		};

		if (batch->kind != BATCH_EVENTS || batch->m != m)
			continue;
		wire.in.len = source_read(r->source, batch->offset, payload, batch->size, NULL);
		while ((count = wire_read(&wire, events, chunk)) > 0 && seen < EVENTS_MAX)
			for (size_t i = 0; i < count; i++) {
				uint64_t at = batch->offset + events[i].offset;

				if (at <= from || at >= to)
					continue;
				seen++;
				note_woken(detail, r, part, &events[i],
				           part_clip(part, events[i].time_ns - r->model->start_ns));
			}
	}
	budget_resize(r->model->budget, payload, INDEX_BATCH_MAX, 0);
}

/* ---- what was on the Ps in the meantime */

static void fill_held(struct detail *detail, const struct model *model, int64_t begin_ns,
                      int64_t end_ns)
{
	if (end_ns - begin_ns >= DETAIL_HELD_NS &&
	    model_has_lane(model, lane_of_proc(0, false), begin_ns, end_ns))
		detail->held = holders_in(model, begin_ns, end_ns);
}

/* ---- the kinds */

/* Without its syscalls. */
static int64_t self_of(const struct part *part, const struct history *history, uint16_t own,
                       const struct span *span)
{
	const struct lanes *lanes = &history->lanes;
	int64_t self = span->end_ns - span->begin_ns;

	for (uint32_t at = lanes_first_piece(history, own, part_time_of(part, span->begin_ns));
	     at < lanes->first_piece.items[own + 1]; at++) {
		const struct piece *piece = &lanes->pieces.items[at];

		if (part_ns(part, piece->begin) >= span->end_ns)
			break;
		if (piece->kind == PIECE_SYSCALL && part_ns(part, piece->begin) >= span->begin_ns &&
		    history->go_of.items[piece->g] == span->go)
			self -= part_ns(part, piece->end) - part_ns(part, piece->begin);
	}
	return self < 0 ? 0 : self;
}

static void fill_run(struct detail *detail, const struct detail_reader *r, const struct span *span)
{
	const struct history *history;
	const struct run *run;
	const struct part *part = detail_find_run(r, span, &history, &run);

	if (part == NULL)
		return;
	detail->self_ns = self_of(part, history, run->proc, span);
	if (run->close == RUN_LOST)
		detail->ended = RUN_LOST;
	else
		fill_end(detail, r, part, run->end_ref);
	detail->end_stack = run->stack;
	detail->is_near = history != part->history;
	if (!detail->is_near)
		fill_before(detail, r, part, run);
	fill_woken(detail, r, part, run->begin_ref, run->end_ref);
}

/* The run of a part that begins with an event; NULL. */
static const struct run *run_of_ref(const struct part *part, uint32_t proc, int64_t begin_ns,
                                    event_ref ref)
{
	const struct history *history = part->history;
	uint16_t own = part_proc(part, proc);
	uint32_t at;

	if (history == NULL || own == PROC_NONE || ref == REF_NONE)
		return NULL;
	at = lanes_first_from(history, own, part_time_of(part, begin_ns));
	for (; at < history->lanes.first_run.items[own + 1]; at++) {
		const struct run *run = &history->runs.items[at];

		if (run->begin_ref == ref)
			return run;
		if (part_ns(part, run->begin) > begin_ns)
			break;
	}
	return NULL;
}

static void fill_long(struct detail *detail, const struct detail_reader *r, const struct span *span)
{
	const struct long_run *run =
		&r->model->lanes.items[span->proc].long_runs.items[span->index];
	const struct part *part;
	const struct run *first;

	detail->self_ns = run->end_ns - run->begin_ns;
	detail->begins_before = run->begin_part == INDEX_NONE;
	detail->ends_after = run->is_open;
	if (run->end_part != INDEX_NONE)
		fill_end(detail, r, r->model->parts.items[run->end_part], run->end_ref);
	if (run->begin_part == INDEX_NONE)
		return;
	part = r->model->parts.items[run->begin_part];
	first = run_of_ref(part, span->proc, run->begin_ns, run->begin_ref);
	if (first != NULL)
		fill_before(detail, r, part, first);
	fill_woken(detail, r, part, run->begin_ref, REF_NONE);
}

/* The assist of a goroutine around a time, which knows where it began. */
static void fill_assist(struct detail *detail, const struct detail_reader *r,
                        const struct span *span)
{
	for (size_t i = 0; i < r->model->assists.count; i++) {
		const struct assist *assist = &r->model->assists.items[i];

		if (assist->go != span->go || assist->begin_ns > span->begin_ns ||
		    assist->end_ns < span->end_ns)
			continue;
		detail->start_stack = assist->stack;
		detail->self_ns = assist->on_cpu_ns;
		detail->span.begin_ns = assist->begin_ns;
		detail->span.end_ns = assist->end_ns;
		detail->ends_after = assist->is_open;
		return;
	}
}

static void fill_call(struct detail *detail, const struct detail_reader *r, const struct part *part,
                      event_ref ref, bool is_lost)
{
	struct wire_event event;

	detail->start_stack = detail_stack_at(r, part, ref);
	detail_read_event(r, part, ref, &event, &detail->thread);
	detail->ended = is_lost ? RUN_SYSCALL_BLOCKED : RUN_GOES_ON;
}

static void fill_long_call(struct detail *detail, const struct detail_reader *r,
                           const struct span *span)
{
	const struct long_run *call =
		&r->model->lanes.items[span->proc].long_calls.items[span->index];

	detail->begins_before = call->begin_part == INDEX_NONE;
	detail->ends_after = call->is_open;
	if (call->begin_part != INDEX_NONE)
		fill_call(detail, r, r->model->parts.items[call->begin_part], call->begin_ref,
		          call->is_lost);
}

/* What of a syscall is left when its P is gone is told by the goroutine's record: a run, if its
 * thread tells of it. */
static void fill_lost_call(struct detail *detail, const struct detail_reader *r,
                           const struct part *part, const struct span *span)
{
	struct wire_event event;

	if (part != NULL && span->index < part->history->runs.count)
		detail_read_event(r, part, part->history->runs.items[span->index].begin_ref, &event,
		                  &detail->thread);
}

static void fill_piece(struct detail *detail, const struct detail_reader *r,
                       const struct span *span)
{
	const struct piece *piece;
	const struct part *part;

	if (span->proc == INDEX_NONE) {
		fill_lost_call(detail, r, detail_part(r, span), span);
		return;
	}
	part = detail_find_piece(r, span, &piece);
	if (part != NULL)
		fill_call(detail, r, part, piece->ref, piece->is_lost);
	if (part != NULL && span->kind == SPAN_SWEEP)
		detail_fill_sweep(detail, r, part, piece->ref);
	if (span->kind == SPAN_ASSIST)
		fill_assist(detail, r, span);
}

static void fill_stop(struct detail *detail, const struct model *model, const struct span *span)
{
	const struct stw *stop = &model->stops.items[span->index];

	detail->stop = span->index;
	detail->thread = wire_thread(stop->thread);
	detail->reason = stop->reason;
	detail->start_stack = stop->stack;
	detail->ends_after = stop->is_open;
}

/* Of a stay what was before it, of a run the stay before. */
static bool lacks_before(const struct model *model, const struct span *span)
{
	if (span->begins_before)
		return true;
	return (span->kind == SPAN_RUN || span->kind == SPAN_RUNNABLE) && !span->is_near &&
	       span->go != INDEX_NONE && span->part > 0 && span->part < model->parts.count &&
	       model_has_history(model, span->part) &&
	       !model_has_history(model, span->part - 1) &&
	       go_lasts_from_before(model, span->part, span->go, span->begin_ns - 1);
}

/* What was before by the goroutine's lane, where its records do not lead there: a wake-up does not
 * tell where it waited, and what began in the part before is no record of this one. */
static void fill_from_lane(struct detail *detail, const struct model *model,
                                  const struct span *span)
{
	int64_t at = detail->has_waker ? detail->woken_ns : span->begin_ns;
	struct span spans[2];
	stack_id stacks[2];
	size_t count;

	if (detail->start_stack != 0 || detail->lacks_before || span->is_near || at <= 0 ||
	    span->go == INDEX_NONE)
		return;
	count = model_spans(model, lane_of_go(span->go), at - 1, at, spans, 2);
	if (count == 0 || spans[0].end_ns != at || spans[0].kind == SPAN_RUN)
		return;
	model_span_stacks(model, &spans[0], stacks);
	detail->start_stack = stacks[0];
	if (spans[0].kind != SPAN_WAITING || !detail->has_waker || spans[0].begins_before)
		return;
	detail->blocked_ns = at - spans[0].begin_ns;
	detail->blocked_on = model_wait_reason(model, &spans[0]);
}

void detail_find(struct detail *detail, const struct model *model, const struct index *index,
                 const struct source *source, const struct span *span)
{
	struct detail_reader r = { model, index, index_payloads(index, source) };

	*detail = (struct detail){
		.span = *span,
		.thread = WIRE_NO_THREAD,
		.waker = INDEX_NONE,
		.blocked_ns = TIME_UNKNOWN,
		.self_ns = span->end_ns - span->begin_ns,
		.stop = INDEX_NONE,
		.lacks_before = lacks_before(model, span),
	};
	if (span->go < model->roster.count)
		detail->name = roster_brief(&model->roster, span->go).name;
	switch ((enum span_kind)span->kind) {
	case SPAN_RUN:
		if (span->is_long)
			fill_long(detail, &r, span);
		else
			fill_run(detail, &r, span);
		fill_from_lane(detail, model, span);
		if (detail->has_waker)
			fill_held(detail, model, detail->woken_ns, span->begin_ns);
		break;
	case SPAN_SYSCALL:
	case SPAN_ASSIST:
	case SPAN_SWEEP:
		if (span->is_long)
			fill_long_call(detail, &r, span);
		else
			fill_piece(detail, &r, span);
		break;
	case SPAN_STW:
		fill_stop(detail, model, span);
		break;
	case SPAN_GC:
		detail->ends_after = model->cycles.items[span->index].is_open;
		break;
	case SPAN_RUNNABLE:
		detail_fill_runnable(detail, &r, span);
		fill_from_lane(detail, model, span);
		fill_held(detail, model, span->begin_ns, span->end_ns);
		break;
	case SPAN_WAITING:
		detail_fill_waiting(detail, &r, span);
		break;
	case SPAN_REGION:
	case SPAN_LOG:
	case SPAN_SAMPLE:
		detail_fill_mark(detail, &r, span);
		break;
	case SPAN_TASK:
		detail->start_stack = model->said.tasks.items[span->index].stack;
		return;
	case SPAN_PROC_START:
	case SPAN_PROC_STOP:
		detail->thread = model_span_thread(model, span);
		break;
	case SPAN_DAMAGE:
	case SPAN_NONE:
		break;
	}
	if (span->go != INDEX_NONE)
		detail_fill_said(detail, model, span);
}
