/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_merge.h"

#include "core/base/checked.h"

#include <stdlib.h>

enum status { DEAD, RUNNABLE, RUNNING, WAITING };

enum { GC_KEY = 0, LOOKS_AN_EVENT = 16, LAST_BATCH_BITS = 32 };

void v1_merge_init(struct v1_merge *merge, struct budget *budget, const struct v1_file *file)
{
	*merge = (struct v1_merge){ .budget = budget, .file = file };
	merge->cursors.budget = merge->front.budget = merge->parked.budget = budget;
	merge->waiting.budget = merge->woken.budget = budget;
	merge->gos.budget = merge->go_of.budget = budget;
}

void v1_merge_free(struct v1_merge *merge)
{
	array_free(&merge->cursors);
	array_free(&merge->front);
	array_free(&merge->parked);
	array_free(&merge->waiting);
	array_free(&merge->woken);
	array_free(&merge->gos);
	id_map_free(&merge->go_of);
}

/* ---- reading a list */

static bool is_samples(const struct v1_merge *merge, const struct v1_cursor *cursor)
{
	return cursor == &merge->cursors.items[merge->cursors.count - 1];
}

static int64_t base_of(const struct v1_file *file, uint32_t batch)
{
	struct v1_record record = { 0 };
	size_t at = file->batches.items[batch].offset;

	v1_take(v1_file_bytes(file), &at, file->minor, &record);
	return (int64_t)record.ticks;
}

static void begin_batch(struct v1_merge *merge, struct v1_cursor *cursor,
                        const struct v1_record *record)
{
	uint32_t next = merge->file->batches.items[cursor->batch].next;

	cursor->is_begun = true;
	cursor->ticks = (int64_t)record->ticks;
	cursor->seq = (int64_t)record->seq;
	cursor->limit = INT64_MAX;
	if (!merge->is_lenient)
		return;
	cursor->limit = next != V1_NO_BATCH ? base_of(merge->file, next) : merge->last_base;
	if (next == V1_NO_BATCH)
		cursor->limit =
			saturating_add_i64(cursor->limit, INT64_C(1) << LAST_BATCH_BITS);
}

/* Who an event is about, and who runs on the P after it. */
static void attribute(struct v1_cursor *cursor, struct v1_raw *event)
{
	event->g = cursor->g;
	switch (event->type) {
	case V1_GO_START:
	case V1_GO_START_LOCAL:
	case V1_GO_START_LABEL:
		event->g = cursor->g = event->arg[0];
		break;
	case V1_GO_END:
	case V1_GO_STOP:
	case V1_GO_SCHED:
	case V1_GO_PREEMPT:
	case V1_GO_SLEEP:
	case V1_GO_BLOCK:
	case V1_GO_BLOCK_SEND:
	case V1_GO_BLOCK_RECV:
	case V1_GO_BLOCK_SELECT:
	case V1_GO_BLOCK_SYNC:
	case V1_GO_BLOCK_COND:
	case V1_GO_BLOCK_NET:
	case V1_GO_BLOCK_GC:
	case V1_GO_SYS_BLOCK:
		cursor->g = 0;
		break;
	case V1_GO_SYS_EXIT:
	case V1_GO_WAITING:
	case V1_GO_IN_SYSCALL:
		event->g = event->arg[0];
		break;
	default:
		break;
	}
}

static void fill_head(struct v1_merge *merge, struct v1_cursor *cursor,
                      const struct v1_record *record, size_t offset)
{
	size_t list = (size_t)(cursor - merge->cursors.items);

	/* differences wrap: a clock may step back */
	cursor->ticks = (int64_t)((uint64_t)cursor->ticks + record->ticks);
	cursor->seq = (int64_t)((uint64_t)cursor->seq + record->seq);
	cursor->head = (struct v1_raw){
		.ticks = cursor->ticks,
		.seq = cursor->seq,
		.arg = { record->arg[0], record->arg[1], record->arg[2] },
		.stack = (uint32_t)record->stack,
		.offset = (uint32_t)offset,
		.p = merge->file->lists.items[list].p,
		.type = record->type,
	};
	if (cursor->head.ticks > cursor->limit)
		cursor->head.ticks = cursor->limit;
	attribute(cursor, &cursor->head);
}

static bool next_sample(struct v1_merge *merge, struct v1_cursor *cursor)
{
	const struct v1_sample *sample;

	if (cursor->at == merge->file->samples.count)
		return false;
	sample = &merge->file->samples.items[cursor->at++];
	cursor->head = (struct v1_raw){
		.ticks = sample->ticks,
		.g = sample->g,
		.stack = sample->stack,
		.p = sample->p,
		.type = V1_CPU_SAMPLE,
	};
	return true;
}

/* The next event of a list into its head; false at its end. */
static bool next_head(struct v1_merge *merge, struct v1_cursor *cursor)
{
	const struct v1_file *file = merge->file;
	struct v1_record record;

	if (is_samples(merge, cursor))
		return next_sample(merge, cursor);
	while (cursor->batch != V1_NO_BATCH) {
		size_t offset = cursor->at;
		const char *fault =
			v1_take(v1_file_bytes(file), &cursor->at, file->minor, &record);

		if (fault == NULL && record.type == V1_BATCH && !cursor->is_begun) {
			begin_batch(merge, cursor, &record);
			continue;
		}
		if (fault != NULL || record.type == V1_BATCH) {
			cursor->batch = file->batches.items[cursor->batch].next;
			cursor->is_begun = false;
			if (cursor->batch != V1_NO_BATCH)
				cursor->at = file->batches.items[cursor->batch].offset;
			continue;
		}
		if (!v1_spec(record.type)->is_timed || record.type == V1_CPU_SAMPLE)
			continue;
		fill_head(merge, cursor, &record, offset);
		return true;
	}
	return false;
}

/* ---- what an event needs and does */

static uint32_t find_go(struct v1_merge *merge, uint64_t id)
{
	uint32_t fresh = (uint32_t)merge->gos.count;
	uint32_t go = id_map_add(&merge->go_of, id, fresh);

	if (go == fresh)
		*array_push(&merge->gos) = (struct v1_go_order){ 0, DEAD };
	return go;
}

static struct v1_need numbered(uint32_t go, uint64_t seq, enum status before, enum status after)
{
	return (struct v1_need){ .go = go,
		              .seq = seq,
		              .next_seq = seq + 1,
		              .before = (uint8_t)before,
		              .after = (uint8_t)after };
}

static struct v1_need unnumbered(uint32_t go, enum status before, enum status after, bool counts_up)
{
	return (struct v1_need){ .go = go,
		              .seq = V1_ANY_SEQ,
		              .next_seq = V1_ANY_SEQ,
		              .counts_up = counts_up,
		              .before = (uint8_t)before,
		              .after = (uint8_t)after };
}

static struct v1_need need_of(struct v1_merge *merge, const struct v1_raw *event)
{
	switch (event->type) {
	case V1_GO_CREATE:
		return numbered(find_go(merge, event->arg[0]), 0, DEAD, RUNNABLE);
	case V1_GO_WAITING:
	case V1_GO_IN_SYSCALL:
		return numbered(find_go(merge, event->arg[0]), 1, RUNNABLE, WAITING);
	case V1_GO_START:
	case V1_GO_START_LABEL:
		return numbered(find_go(merge, event->arg[0]), event->arg[1], RUNNABLE, RUNNING);
	case V1_GO_START_LOCAL:
		return unnumbered(find_go(merge, event->arg[0]), RUNNABLE, RUNNING, true);
	case V1_GO_BLOCK:
	case V1_GO_BLOCK_SEND:
	case V1_GO_BLOCK_RECV:
	case V1_GO_BLOCK_SELECT:
	case V1_GO_BLOCK_SYNC:
	case V1_GO_BLOCK_COND:
	case V1_GO_BLOCK_NET:
	case V1_GO_BLOCK_GC:
	case V1_GO_SLEEP:
	case V1_GO_SYS_BLOCK:
		return unnumbered(find_go(merge, event->g), RUNNING, WAITING, false);
	case V1_GO_SCHED:
	case V1_GO_PREEMPT:
		return unnumbered(find_go(merge, event->g), RUNNING, RUNNABLE, false);
	case V1_GO_UNBLOCK:
	case V1_GO_SYS_EXIT:
		return numbered(find_go(merge, event->arg[0]), event->arg[1], WAITING, RUNNABLE);
	case V1_GO_UNBLOCK_LOCAL:
	case V1_GO_SYS_EXIT_LOCAL:
		return unnumbered(find_go(merge, event->arg[0]), WAITING, RUNNABLE, true);
	case V1_GC_START:
		return numbered(GC_KEY, event->arg[0], DEAD, DEAD);
	default:
		return (struct v1_need){ .is_free = true };
	}
}

static bool is_met(const struct v1_merge *merge, const struct v1_need *need)
{
	const struct v1_go_order *go;

	if (need->is_free || merge->is_by_time || merge->file->minor < 7)
		return true;
	go = &merge->gos.items[need->go];
	return (need->seq == V1_ANY_SEQ || need->seq == go->seq) && need->before == go->status;
}

/* ---- the front: cursors that can go on, the earliest on top */

static bool is_before(const struct v1_merge *merge, uint32_t a, uint32_t b)
{
	const struct v1_raw *x = &merge->cursors.items[a].head, *y = &merge->cursors.items[b].head;

	return merge->file->minor < 7 ? x->seq < y->seq : x->ticks < y->ticks;
}

static void push_front(struct v1_merge *merge, uint32_t cursor)
{
	uint32_t *heap;
	size_t at = merge->front.count;

	*array_push(&merge->front) = cursor;
	heap = merge->front.items;
	for (; at > 0 && is_before(merge, cursor, heap[(at - 1) / 2]); at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = cursor;
}

static uint32_t pop_front(struct v1_merge *merge)
{
	uint32_t *heap = merge->front.items;
	uint32_t top = heap[0], moved = heap[--merge->front.count];
	size_t at = 0, count = merge->front.count;

	while (2 * at + 1 < count) {
		size_t child = 2 * at + 1;

		if (child + 1 < count && is_before(merge, heap[child + 1], heap[child]))
			child++;
		if (!is_before(merge, heap[child], moved))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = moved;
	return top;
}

/* ---- those that wait */

static uint32_t *bucket_of(struct v1_merge *merge, uint32_t go, uint64_t seq, uint8_t status)
{
	uint64_t hash = id_hash(seq ^ id_hash((uint64_t)go << 8 | status));

	return &merge->parked.items[(size_t)hash & (merge->parked.count - 1)];
}

static void park(struct v1_merge *merge, uint32_t index)
{
	struct v1_cursor *cursor = &merge->cursors.items[index];
	uint32_t *bucket =
		bucket_of(merge, cursor->need.go, cursor->need.seq, cursor->need.before);

	cursor->next_parked = *bucket;
	*bucket = index;
}

static void unpark(struct v1_merge *merge, uint32_t index)
{
	const struct v1_cursor *cursor = &merge->cursors.items[index];
	uint32_t *at = bucket_of(merge, cursor->need.go, cursor->need.seq, cursor->need.before);

	while (*at != index)
		at = &merge->cursors.items[*at].next_parked;
	*at = cursor->next_parked;
}

static void note_woken(struct v1_merge *merge, uint32_t index)
{
	merge->cursors.items[index].is_woken = true;
	*array_push(&merge->woken) = merge->cursors.items[index].place;
}

/* All that wait for this state of a goroutine. */
static void wake(struct v1_merge *merge, uint32_t go, uint64_t seq, uint8_t status)
{
	uint32_t *at = bucket_of(merge, go, seq, status);

	while (*at != V1_NO_BATCH) {
		uint32_t index = *at;
		struct v1_cursor *cursor = &merge->cursors.items[index];

		if (cursor->need.go != go || cursor->need.seq != seq ||
		    cursor->need.before != status) {
			at = &cursor->next_parked;
			continue;
		}
		*at = cursor->next_parked;
		note_woken(merge, index);
	}
}

static void add_waiting(struct v1_merge *merge, uint32_t index)
{
	merge->cursors.items[index].place = (uint32_t)merge->waiting.count;
	*array_push(&merge->waiting) = index;
}

/* The last one takes the place. */
static void drop_waiting(struct v1_merge *merge, uint32_t place)
{
	uint32_t last = merge->waiting.items[--merge->waiting.count];

	merge->waiting.items[place] = last;
	merge->cursors.items[last].place = place;
}

static int place_order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Those that were woken go to the front, in the order of their places; whoever takes the place of one
 * that has gone is looked at next, as Go does it. */
static void settle_woken(struct v1_merge *merge)
{
	size_t from = 0, to = merge->woken.count;

	if (to > 1)
		qsort(merge->woken.items, to, sizeof(uint32_t), place_order);
	while (from < to) {
		uint32_t place = merge->woken.items[from++];

		while (place < merge->waiting.count) {
			uint32_t index = merge->waiting.items[place];

			if (!merge->cursors.items[index].is_woken)
				break;
			merge->cursors.items[index].is_woken = false;
			/* one that came from the end was counted there */
			if (to > from && merge->woken.items[to - 1] >= merge->waiting.count)
				to--;
			push_front(merge, index);
			drop_waiting(merge, place);
		}
		while (to > from && merge->woken.items[to - 1] >= merge->waiting.count)
			to--;
	}
	array_clear(&merge->woken);
}

/* A list with a new head: whether that has to wait is seen when its turn comes. */
static void settle(struct v1_merge *merge, uint32_t index)
{
	struct v1_cursor *cursor = &merge->cursors.items[index];

	if (!next_head(merge, cursor))
		return;
	cursor->need = need_of(merge, &cursor->head);
	add_waiting(merge, index);
	if (is_met(merge, &cursor->need))
		note_woken(merge, index);
	else
		park(merge, index);
}

/* Nothing can go on: the earliest that waits has to; or all, if that happens too often. */
static void force(struct v1_merge *merge)
{
	uint32_t best = merge->waiting.items[0];

	merge->looks += merge->waiting.count;
	merge->is_by_time = merge->looks > LOOKS_AN_EVENT * (merge->file->events + V1_LISTS_MAX);
	for (size_t i = 0; i < merge->waiting.count; i++) {
		uint32_t index = merge->waiting.items[i];

		if (merge->is_by_time) {
			unpark(merge, index);
			note_woken(merge, index);
		} else if (is_before(merge, index, best)) {
			best = index;
		}
	}
	if (!merge->is_by_time) {
		unpark(merge, best);
		note_woken(merge, best);
	}
	settle_woken(merge);
}

static void apply(struct v1_merge *merge, const struct v1_need *need)
{
	struct v1_go_order *go;

	if (need->is_free)
		return;
	go = &merge->gos.items[need->go];
	if (need->next_seq != V1_ANY_SEQ)
		go->seq = need->next_seq;
	else if (need->counts_up)
		go->seq++;
	go->status = need->after;
	if (merge->waiting.count == 0)
		return;
	wake(merge, need->go, go->seq, go->status);
	wake(merge, need->go, V1_ANY_SEQ, go->status);
}

/* ---- the whole */

void v1_merge_begin(struct v1_merge *merge, bool is_lenient)
{
	const struct v1_file *file = merge->file;
	size_t buckets = 16;

	merge->is_lenient = is_lenient;
	merge->is_by_time = false;
	merge->forced = merge->looks = 0;
	merge->fault = NULL;
	array_clear(&merge->front);
	array_clear(&merge->waiting);
	array_clear(&merge->woken);
	array_clear(&merge->gos);
	id_map_clear(&merge->go_of);
	*array_push(&merge->gos) = (struct v1_go_order){ 0, DEAD };
	array_clear(&merge->cursors);
	array_resize(&merge->cursors, file->lists.count + 1);
	while (buckets < merge->cursors.count)
		buckets *= 2;
	array_resize(&merge->parked, buckets);
	for (size_t i = 0; i < buckets; i++)
		merge->parked.items[i] = V1_NO_BATCH;
	merge->last_base = INT64_MIN;
	for (uint32_t b = 0; b < file->batches.count && is_lenient; b++)
		if (base_of(file, b) > merge->last_base)
			merge->last_base = base_of(file, b);
	for (uint32_t i = 0; i < merge->cursors.count; i++) {
		struct v1_cursor *cursor = &merge->cursors.items[i];

		cursor->batch = i < file->lists.count ? file->lists.items[i].first : V1_NO_BATCH;
		if (cursor->batch != V1_NO_BATCH)
			cursor->at = file->batches.items[cursor->batch].offset;
		settle(merge, i);
	}
	settle_woken(merge);
}

/* The Local ones are a shorter way to write the others. */
static uint8_t full_type(uint8_t type)
{
	switch (type) {
	case V1_GO_START_LOCAL:
		return V1_GO_START;
	case V1_GO_UNBLOCK_LOCAL:
		return V1_GO_UNBLOCK;
	case V1_GO_SYS_EXIT_LOCAL:
		return V1_GO_SYS_EXIT;
	default:
		return type;
	}
}

bool v1_merge_next(struct v1_merge *merge, struct v1_raw *event)
{
	struct v1_need need;
	uint32_t index;

	if (merge->front.count == 0 && merge->waiting.count > 0) {
		if (!merge->is_lenient)
			merge->fault = "no consistent ordering of events possible";
		else
			force(merge);
	}
	if (merge->front.count == 0 || merge->fault != NULL)
		return false;
	index = pop_front(merge);
	*event = merge->cursors.items[index].head;
	need = merge->cursors.items[index].need;
	if (!is_met(merge, &need)) {
		merge->forced++;
		if (!merge->is_lenient) {
			merge->fault = "an event is impossible where its time puts it";
			return false;
		}
	}
	event->type = full_type(event->type);
	apply(merge, &need);
	settle(merge, index);
	settle_woken(merge);
	return true;
}
