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
	merge->heads.budget = merge->front.budget = merge->parked.budget = budget;
	merge->waiting.budget = merge->woken.budget = budget;
	merge->gos.budget = merge->goroutines.of.budget = budget;
}

void v1_merge_free(struct v1_merge *merge)
{
	array_free(&merge->heads);
	array_free(&merge->front);
	array_free(&merge->parked);
	array_free(&merge->waiting);
	array_free(&merge->woken);
	array_free(&merge->gos);
	id_map_free(&merge->goroutines.of);
}

/* ---- what an event needs and does */

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

static struct v1_need need_of(const struct v1_raw *event)
{
	switch (event->type) {
	case V1_GO_CREATE:
		return numbered(event->target, 0, DEAD, RUNNABLE);
	case V1_GO_WAITING:
	case V1_GO_IN_SYSCALL:
		return numbered(event->go, 1, RUNNABLE, WAITING);
	case V1_GO_START:
	case V1_GO_START_LABEL:
		return numbered(event->go, event->arg[1], RUNNABLE, RUNNING);
	case V1_GO_START_LOCAL:
		return unnumbered(event->go, RUNNABLE, RUNNING, true);
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
		return unnumbered(event->go, RUNNING, WAITING, false);
	case V1_GO_SCHED:
	case V1_GO_PREEMPT:
		return unnumbered(event->go, RUNNING, RUNNABLE, false);
	case V1_GO_UNBLOCK:
	case V1_GO_SYS_EXIT:
		return numbered(event->target, event->arg[1], WAITING, RUNNABLE);
	case V1_GO_UNBLOCK_LOCAL:
	case V1_GO_SYS_EXIT_LOCAL:
		return unnumbered(event->target, WAITING, RUNNABLE, true);
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
	const struct v1_raw *x = &merge->heads.items[a].cursor.event,
			    *y = &merge->heads.items[b].cursor.event;

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
	struct v1_list_head *head = &merge->heads.items[index];
	uint32_t *bucket = bucket_of(merge, head->need.go, head->need.seq, head->need.before);

	head->next_parked = *bucket;
	*bucket = index;
}

static void unpark(struct v1_merge *merge, uint32_t index)
{
	const struct v1_list_head *head = &merge->heads.items[index];
	uint32_t *at = bucket_of(merge, head->need.go, head->need.seq, head->need.before);

	while (*at != index)
		at = &merge->heads.items[*at].next_parked;
	*at = head->next_parked;
}

static void note_woken(struct v1_merge *merge, uint32_t index)
{
	merge->heads.items[index].is_woken = true;
	*array_push(&merge->woken) = merge->heads.items[index].place;
}

/* All that wait for this state of a goroutine. */
static void wake(struct v1_merge *merge, uint32_t go, uint64_t seq, uint8_t status)
{
	uint32_t *at = bucket_of(merge, go, seq, status);

	while (*at != V1_NO_BATCH) {
		uint32_t index = *at;
		struct v1_list_head *head = &merge->heads.items[index];

		if (head->need.go != go || head->need.seq != seq || head->need.before != status) {
			at = &head->next_parked;
			continue;
		}
		*at = head->next_parked;
		note_woken(merge, index);
	}
}

static void add_waiting(struct v1_merge *merge, uint32_t index)
{
	merge->heads.items[index].place = (uint32_t)merge->waiting.count;
	*array_push(&merge->waiting) = index;
}

/* The last one takes the place. */
static void drop_waiting(struct v1_merge *merge, uint32_t place)
{
	uint32_t last = merge->waiting.items[--merge->waiting.count];

	merge->waiting.items[place] = last;
	merge->heads.items[last].place = place;
}

static int place_order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Those that were woken go to the front, in the order of their places; whoever takes the place of
 * one that has gone is looked at next, as Go does it. */
static void settle_woken(struct v1_merge *merge)
{
	size_t from = 0, to = merge->woken.count;

	if (to > 1)
		qsort(merge->woken.items, to, sizeof(uint32_t), place_order);
	while (from < to) {
		uint32_t place = merge->woken.items[from++];

		while (place < merge->waiting.count) {
			uint32_t index = merge->waiting.items[place];

			if (!merge->heads.items[index].is_woken)
				break;
			merge->heads.items[index].is_woken = false;
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
	struct v1_list_head *head = &merge->heads.items[index];

	if (!v1_cursor_next(&head->cursor))
		return;
	while (merge->gos.count < merge->goroutines.count)
		*array_push(&merge->gos) = (struct v1_go_order){ 0, DEAD };
	head->need = need_of(&head->cursor.event);
	add_waiting(merge, index);
	if (is_met(merge, &head->need))
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

/* No event of a last batch is later: those of the others end long before. */
static int64_t limit_of(const struct v1_file *file)
{
	int64_t last = INT64_MIN;

	for (uint32_t b = 0; b < file->batches.count; b++) {
		int64_t base = v1_batch_base(file, b);

		last = base > last ? base : last;
	}
	return saturating_add_i64(last, INT64_C(1) << LAST_BATCH_BITS);
}

void v1_merge_begin(struct v1_merge *merge, bool is_lenient)
{
	const struct v1_file *file = merge->file;
	int64_t limit = is_lenient ? limit_of(file) : INT64_MAX;
	size_t buckets = 16;

	merge->is_lenient = is_lenient;
	merge->is_by_time = false;
	merge->forced = merge->looks = 0;
	merge->fault = NULL;
	array_clear(&merge->front);
	array_clear(&merge->waiting);
	array_clear(&merge->woken);
	array_clear(&merge->gos);
	id_map_clear(&merge->goroutines.of);
	merge->goroutines.count = GC_KEY + 1;
	array_clear(&merge->heads);
	array_resize(&merge->heads, file->lists.count + 1);
	while (buckets < merge->heads.count)
		buckets *= 2;
	array_resize(&merge->parked, buckets);
	for (size_t i = 0; i < buckets; i++)
		merge->parked.items[i] = V1_NO_BATCH;
	for (uint32_t i = 0; i < merge->heads.count; i++) {
		v1_cursor_begin(&merge->heads.items[i].cursor, file, &merge->goroutines, i, limit);
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
	*event = merge->heads.items[index].cursor.event;
	need = merge->heads.items[index].need;
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
