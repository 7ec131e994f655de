/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/queue.h"

void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (memory == NULL) {
		fputs("generate: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

void list_add(struct list *list, uint32_t item)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity == 0 ? 64 : list->capacity * 2;
		list->items = realloc(list->items, list->capacity * sizeof *list->items);
		if (list->items == NULL)
			abort();
	}
	list->items[list->count++] = item;
}

uint32_t list_take_last(struct list *list)
{
	return list->items[--list->count];
}

void clocks_init(struct clocks *clocks, size_t actors)
{
	clocks->leaves = 2;
	while (clocks->leaves < actors)
		clocks->leaves *= 2;
	clocks->nodes = allocate(2 * clocks->leaves, sizeof *clocks->nodes);
	for (size_t node = 1; node < 2 * clocks->leaves; node++)
		clocks->nodes[node] = NEVER;
}

void clocks_set(struct clocks *clocks, uint32_t actor, int64_t at)
{
	int64_t first = at == NEVER ? NEVER : at << ACTOR_BITS | actor;
	size_t node = clocks->leaves + actor;

	clocks->nodes[node] = first;
	for (; node > 1; node /= 2) {
		int64_t other = clocks->nodes[node ^ 1];

		first = other < first ? other : first;
		clocks->nodes[node / 2] = first;
	}
}

void alarms_add(struct alarms *alarms, struct alarm alarm)
{
	size_t at = alarms->count++;

	if (alarms->count > alarms->capacity) {
		alarms->capacity = alarms->capacity == 0 ? 1024 : alarms->capacity * 2;
		alarms->heap = realloc(alarms->heap, alarms->capacity * sizeof *alarms->heap);
		if (alarms->heap == NULL)
			abort();
	}
	for (; at > 0 && alarms->heap[(at - 1) / 2].at > alarm.at; at = (at - 1) / 2)
		alarms->heap[at] = alarms->heap[(at - 1) / 2];
	alarms->heap[at] = alarm;
}

struct alarm alarms_take(struct alarms *alarms)
{
	struct alarm *heap = alarms->heap;
	struct alarm taken = heap[0];
	struct alarm last = heap[--alarms->count];
	size_t at = 0;

	for (size_t child = 1; child < alarms->count; child = 2 * at + 1) {
		if (child + 1 < alarms->count && heap[child + 1].at < heap[child].at)
			child++;
		if (heap[child].at >= last.at)
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = last;
	return taken;
}
