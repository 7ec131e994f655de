/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/detail_at.h"

/* An event is found by its place in the file: its batch tells the thread, and the tables of its
 * part the texts. Only times need the batch from its begin. */

enum {
	EVENT_MAX = 64,   /* bytes of one event, at most */
	SWEEP_MAX = 1024, /* and between both ends of a sweep, in so many events */
	SWEEP_EVENTS = 64
};

const struct batch *detail_find_batch(const struct detail_reader *r, const struct part *part,
                                      uint64_t offset)
{
	const struct generation *generation = &r->index->generations.items[part->number];
	size_t low = generation->first_batch, high = low + generation->batch_count;
	const struct batch *batch;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->index->batches.items[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == generation->first_batch)
		return NULL;
	batch = &r->index->batches.items[low - 1];
	return offset - batch->offset < batch->size ? batch : NULL;
}

uint32_t detail_thread_of(const struct detail_reader *r, const struct part *part, event_ref ref)
{
	const struct batch *batch =
		ref == REF_NONE ? NULL : detail_find_batch(r, part, part->offset + ref);

	return batch == NULL ? ID_NONE : id_map_find(&r->model->thread_of, batch->m);
}

bool detail_read_event(const struct detail_reader *r, const struct part *part, event_ref ref,
                       struct wire_event *event, uint64_t *thread)
{
	uint64_t offset = part->offset + ref;
	const struct batch *batch = ref == REF_NONE ? NULL : detail_find_batch(r, part, offset);
	uint8_t buffer[EVENT_MAX];
	struct wire_reader wire = { .in = { buffer, EVENT_MAX } };
	uint64_t left;

	if (batch == NULL)
		return false;
	left = batch->offset + batch->size - offset;
	wire.in.len = source_read(r->source, offset, buffer,
	                          left < EVENT_MAX ? (size_t)left : EVENT_MAX, NULL);
	*thread = wire_thread(batch->m);
	return wire_read(&wire, event, 1) == 1;
}

void detail_fill_sweep(struct detail *detail, const struct detail_reader *r,
                       const struct part *part, event_ref ref)
{
	uint64_t offset = part->offset + ref;
	const struct batch *batch = ref == REF_NONE ? NULL : detail_find_batch(r, part, offset);
	uint8_t buffer[SWEEP_MAX];
	struct wire_reader wire = { .in = { buffer, SWEEP_MAX } };
	struct wire_event event;
	uint64_t left;

	if (batch == NULL)
		return;
	left = batch->offset + batch->size - offset;
	wire.in.len = source_read(r->source, offset, buffer,
	                          left < SWEEP_MAX ? (size_t)left : SWEEP_MAX, NULL);
	for (int i = 0; i < SWEEP_EVENTS && wire_read(&wire, &event, 1) == 1; i++)
		if (event.type == WIRE_GC_SWEEP_END) {
			detail->swept = event.arg[0];
			detail->reclaimed = event.arg[1];
			return;
		}
}

stack_id detail_stack_at(const struct detail_reader *r, const struct part *part, event_ref ref)
{
	struct wire_event event;
	uint64_t thread;
	int arg;

	if (!detail_read_event(r, part, ref, &event, &thread))
		return 0;
	arg = wire_spec(event.type)->stack_arg;
	return arg < 0 ? 0 : tables_stack(&part->tables, event.arg[arg]);
}

const struct part *detail_part(const struct detail_reader *r, const struct span *span)
{
	const struct part *part =
		span->part < r->model->parts.count ? r->model->parts.items[span->part] : NULL;

	return part == NULL || part->history == NULL ? NULL : part;
}

/* ---- spans of close-ups: by their begin, in whatever there is by now */

static const struct run *run_in(const struct part *part, const struct history *history,
                                const struct span *span)
{
	uint16_t own = part_proc(part, span->proc);
	uint32_t at;

	if (history == NULL || own == PROC_NONE)
		return NULL;
	at = lanes_first_from(history, own, part_time_of(part, span->begin_ns));
	for (; at < history->lanes.first_run.items[own + 1]; at++) {
		const struct run *run = &history->runs.items[at];

		if (part_ns(part, run->begin) != span->begin_ns)
			break;
		if (lane_is_whole(run) && history->go_of.items[run->g] == span->go)
			return run;
	}
	return NULL;
}

static uint8_t kind_of(const struct piece *piece)
{
	return piece->kind == PIECE_ASSIST  ? SPAN_ASSIST
	       : piece->kind == PIECE_SWEEP ? SPAN_SWEEP
	                                    : SPAN_SYSCALL;
}

static const struct piece *piece_in(const struct part *part, const struct history *history,
                                    const struct span *span)
{
	uint16_t own = part_proc(part, span->proc);
	uint32_t at;

	if (history == NULL || own == PROC_NONE)
		return NULL;
	at = lanes_first_piece(history, own, part_time_of(part, span->begin_ns));
	for (; at < history->lanes.first_piece.items[own + 1]; at++) {
		const struct piece *piece = &history->lanes.pieces.items[at];

		if (part_ns(part, piece->begin) > span->begin_ns)
			break;
		if (part_ns(part, piece->begin) == span->begin_ns && kind_of(piece) == span->kind &&
		    history->go_of.items[piece->g] == span->go)
			return piece;
	}
	return NULL;
}

static const struct part *near_part(const struct detail_reader *r, const struct span *span)
{
	return span->part < r->model->parts.count ? r->model->parts.items[span->part] : NULL;
}

const struct part *detail_find_run(const struct detail_reader *r, const struct span *span,
                                   const struct history **history, const struct run **run)
{
	const struct part *part = span->is_near ? near_part(r, span) : detail_part(r, span);

	*run = NULL;
	if (part == NULL)
		return NULL;
	*history = part->history;
	*run = !span->is_near ? &part->history->runs.items[span->index]
	                      : run_in(part, part->history, span);
	for (size_t i = 0; *run == NULL && i < part->closeups.count; i++) {
		*history = part->closeups.items[i].history;
		*run = run_in(part, *history, span);
	}
	return *run == NULL ? NULL : part;
}

const struct part *detail_find_piece(const struct detail_reader *r, const struct span *span,
                                     const struct piece **piece)
{
	const struct part *part = span->is_near ? near_part(r, span) : detail_part(r, span);

	*piece = NULL;
	if (part == NULL)
		return NULL;
	*piece = !span->is_near ? &part->history->lanes.pieces.items[span->index]
	                        : piece_in(part, part->history, span);
	for (size_t i = 0; *piece == NULL && i < part->closeups.count; i++)
		*piece = piece_in(part, part->closeups.items[i].history, span);
	return *piece == NULL ? NULL : part;
}

void detail_fill_wake(struct detail *detail, const struct detail_reader *r, const struct part *part,
                      const struct wake *wake)
{
	struct wire_event event;
	uint64_t thread;

	if (wake->kind == WAKE_CREATE || wake->kind == WAKE_CREATE_BLOCKED) {
		if (detail_read_event(r, part, wake->ref, &event, &thread))
			detail->start_stack = tables_stack(&part->tables, event.arg[1]);
	} else if (wake->kind != WAKE_UNBLOCK) {
		return;
	}
	if (detail->has_waker) /* one that was created blocked */
		return;
	detail->has_waker = true;
	detail->wake = (uint8_t)wake->kind;
	detail->waker = wake->by == INDEX_NONE ? INDEX_NONE : part->history->go_of.items[wake->by];
	detail->woken_ns = part_ns(part, wake->time);
	detail->wake_stack = wake->stack;
}
