/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_QUEUE_H
#define TESTS_BENCH_QUEUE_H

#include <stddef.h>
#include <stdint.h>

/* Who acts next. Clocks: one time for each of a few actors, changed all the time. Alarms: many times, each of which rings once. */

#define NEVER INT64_MAX

struct clocks {
	size_t leaves;   /* a power of two */
	int64_t *at;     /* by actor; NEVER if it waits for others */
	uint32_t *first; /* of a winner tree: the earliest actor below node i; node 1 is the root, leaves follow implicitly */
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

void clocks_init(struct clocks *clocks, size_t actors);
void clocks_set(struct clocks *clocks, uint32_t actor, int64_t at);

static inline uint32_t clocks_first(const struct clocks *clocks)
{
	return clocks->first[1];
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
