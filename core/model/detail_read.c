/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/detail_at.h"

/* An event is found by its place in the file: its batch tells the thread, and the tables of its
 * part the texts. Only times need the batch from its begin. */

enum { EVENT_MAX = 64 /* bytes of one event, at most */ };

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
