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

static uint32_t winner_of(const struct clocks *clocks, size_t node)
{
	return node >= clocks->leaves ? (uint32_t)(node - clocks->leaves) : clocks->first[node];
}

static void play(struct clocks *clocks, size_t node)
{
	uint32_t left = winner_of(clocks, 2 * node);
	uint32_t right = winner_of(clocks, 2 * node + 1);

	clocks->first[node] = clocks->at[right] < clocks->at[left] ? right : left;
}

void clocks_init(struct clocks *clocks, size_t actors)
{
	clocks->leaves = 2;
	while (clocks->leaves < actors)
		clocks->leaves *= 2;
	clocks->at = allocate(clocks->leaves, sizeof *clocks->at);
	clocks->first = allocate(clocks->leaves, sizeof *clocks->first);
	for (size_t i = 0; i < clocks->leaves; i++)
		clocks->at[i] = NEVER;
	for (size_t node = clocks->leaves - 1; node > 0; node--)
		play(clocks, node);
}

void clocks_set(struct clocks *clocks, uint32_t actor, int64_t at)
{
	clocks->at[actor] = at;
	for (size_t node = (clocks->leaves + actor) / 2; node > 0; node /= 2)
		play(clocks, node);
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
