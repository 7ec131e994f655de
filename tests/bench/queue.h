/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_QUEUE_H
#define TESTS_BENCH_QUEUE_H

#include <stddef.h>
#include <stdint.h>

/* Who acts next, and who is there. Clocks: one time for each of a few actors, changed all the time.
 * Alarms: many times, each of which rings once. Lists: numbers in no order. */

struct list {
	uint32_t *items;
	size_t count, capacity;
};

#define NEVER INT64_MAX

enum { ACTOR_BITS = 10, ACTORS_MAX = 1 << ACTOR_BITS };

/* A winner tree: node 1 is the earliest clock of all, nodes from leaves on are the actors'. A node
 * is a time and, in the lowest bits, its actor, so that the earlier of two is the smaller number.
 */
struct clocks {
	size_t leaves; /* a power of two */
	int64_t *nodes;
};

enum alarm_kind {
	ALARM_WAKE,   /* a goroutine's time or data has come */
	ALARM_RETURN, /* a goroutine's system call ends, whose P was taken */
	ALARM_RETAKE, /* the monitor looks at a P in a system call */
};

struct alarm {
	int64_t at;
	enum alarm_kind kind;
	uint32_t who;
	uint64_t ticket; /* RETAKE: the P's sequence number when it was set */
};

struct alarms {
	struct alarm *heap; /* the earliest first */
	size_t count, capacity;
};

void list_add(struct list *list, uint32_t item);
uint32_t list_take_last(struct list *list);

void clocks_init(struct clocks *clocks, size_t actors);
/* NEVER: it waits for others. */
void clocks_set(struct clocks *clocks, uint32_t actor, int64_t at);

/* Of the earliest clock; NEVER and any if all wait. */
static inline int64_t clocks_first(const struct clocks *clocks, uint32_t *actor)
{
	*actor = (uint32_t)clocks->nodes[1] % ACTORS_MAX;
	return clocks->nodes[1] == NEVER ? NEVER : clocks->nodes[1] >> ACTOR_BITS;
}

void alarms_add(struct alarms *alarms, struct alarm alarm);
struct alarm alarms_take(struct alarms *alarms);

static inline int64_t alarms_first(const struct alarms *alarms)
{
	return alarms->count == 0 ? NEVER : alarms->heap[0].at;
}

/* Zeroed; ends the program if there is no memory. */
void *allocate(size_t count, size_t size);

#endif
