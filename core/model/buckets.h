/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_BUCKETS_H
#define CORE_MODEL_BUCKETS_H

#include "core/model/changes.h"

/* How each bucket of a part's time was spent, filled while the part is walked: the finest level of
 * its pyramid (performance.md 9.2). Buckets are 2^bits ns wide on the trace's grid; where there
 * would be too many, they become four times as wide. */

/* Up to that width times are in ns; in wider ones they are in units of which as many fill it. */
enum { BUCKETS_NS_BITS = 30 };

static inline unsigned buckets_unit(unsigned bits)
{
	return bits > BUCKETS_NS_BITS ? bits - BUCKETS_NS_BITS : 0;
}

struct lane_node {
	uint32_t spent[LANE_KINDS]; /* in units of 2^buckets_unit ns */
	uint32_t longest_ns;        /* of a run that touches it; at most UINT32_MAX */
	uint32_t longest_go;
	uint32_t spans;
};

/* Relative to the number at the part's begin. */
typedef ARRAY(struct count_node { int32_t min, max, last; }) count_array;

struct buckets {
	struct budget *budget;
	int64_t offset_ns; /* of the part in the trace */
	unsigned shift;    /* of part_time */
	unsigned bits;
	int64_t first; /* bucket, on the trace's grid */
	size_t most;   /* buckets of a lane */
	size_t nodes;  /* of all lanes, as they are */
	uint64_t runs;
	ARRAY(struct bucket_lane {
		ARRAY(struct lane_node) nodes;
		uint64_t runs;
	})
	lanes; /* a lane a P of the part */
	count_array counts[COUNTS];
};

void buckets_init(struct buckets *buckets, struct budget *budget);
void buckets_free(struct buckets *buckets);

/* Empties it for a part that begins offset_ns after the trace, lasts about length_ns and has so
 * many bytes of events by so many threads. */
void buckets_begin(struct buckets *buckets, int64_t offset_ns, unsigned shift, int64_t length_ns,
                   uint64_t event_bytes, size_t threads);

/* Empties it for what another thread finds of the same part meanwhile: as buckets were begun. */
void buckets_begin_beside(struct buckets *beside, const struct buckets *buckets);

/* In the end: the numbers over time that are beside, into buckets that have none. */
void buckets_join(struct buckets *buckets, struct buckets *beside);

/* A run of a goroutine: [begin, end) of a lane. */
void buckets_add_run(struct buckets *buckets, uint16_t proc, enum lane_kind kind, part_time begin,
                     part_time end, uint32_t go);

/* Of what is in a run already, [begin, end) was spent in another way. */
void buckets_move(struct buckets *buckets, uint16_t proc, enum lane_kind from, enum lane_kind to,
                  part_time begin, part_time end);

/* A range beside them. */
void buckets_add(struct buckets *buckets, uint16_t proc, enum lane_kind kind, part_time begin,
                 part_time end);

/* When all is in, in steps of four: as wide as the busiest lane needs for enough runs in each
 * bucket, if that is not beyond 2^30 ns, and as wide as it takes for a pyramid of that many lanes
 * to be no larger than bytes. */
void buckets_widen(struct buckets *buckets, part_time last, size_t lanes, uint64_t bytes);

/* What a pyramid of them and so many lanes takes, if they are not made wider. */
uint64_t buckets_pyramid_bytes(const struct buckets *buckets, part_time last, size_t lanes);

/* Nodes that a pyramid of buckets of that width has in one row, of all its levels. */
size_t buckets_row(int64_t begin_ns, int64_t end_ns, unsigned bits);

static inline int64_t buckets_ns(const struct buckets *buckets, part_time time)
{
	return buckets->offset_ns + (int64_t)((uint64_t)time << buckets->shift);
}

/* A node that holds all of a stretch, if there is one already. */
static inline struct lane_node *buckets_node(struct buckets *buckets, uint16_t proc, int64_t from,
                                             int64_t last)
{
	int64_t bucket = from >> buckets->bits;
	uint64_t at = (uint64_t)(bucket - buckets->first);

	if (last >> buckets->bits != bucket || proc >= buckets->lanes.count ||
	    at >= buckets->lanes.items[proc].nodes.count)
		return NULL;
	return &buckets->lanes.items[proc].nodes.items[at];
}

static inline __attribute__((always_inline)) void
buckets_touch(struct lane_node *node, uint32_t len, uint32_t go)
{
	node->spans++;
	if (len >= node->longest_ns) {
		node->longest_ns = len;
		node->longest_go = go;
	}
}

/* For who adds many runs: the node of a time, if there is one already and what lies in it is told
 * in ns, and from when to when it is. It stays where it is until something is added in another
 * way. */
struct lane_node *buckets_reach(struct buckets *buckets, uint16_t proc, part_time time,
                                part_time *begin, part_time *end);

/* buckets_add_run, and buckets_move for its syscalls, of a run that lies in a node, but for
 * buckets_count_runs: how many there were is counted when another node is reached. */
static inline __attribute__((always_inline)) void
buckets_add_to(const struct buckets *buckets, struct lane_node *node, enum lane_kind kind,
               part_time len, part_time in_syscalls, uint32_t go)
{
	buckets_touch(node, len << buckets->shift, go);
	node->spent[kind] += (len - in_syscalls) << buckets->shift;
	node->spent[LANE_SYSCALL] += in_syscalls << buckets->shift;
}

static inline void buckets_count_runs(struct buckets *buckets, uint16_t proc, uint32_t runs)
{
	buckets->lanes.items[proc].runs += runs;
	buckets->runs += runs;
}

/* ---- numbers over time */

/* Counts side by side, which a machine adds and compares at once. The fifth is followed by itself,
 * in the first place of another one. */
enum { COUNTER_COUNTS = 4 };
typedef int32_t counts_vector __attribute__((vector_size(COUNTER_COUNTS * sizeof(int32_t))));

/* Follows numbers that change, in order of time; of changes at one time only the last counts. */
struct counter {
	counts_vector now;
	counts_vector min, max; /* in the bucket */
	part_time time;         /* of the last change */
	part_time until;        /* the bucket's end */
};

/* Brings numbers from first to last up to a time in a later bucket. */
void counter_move(struct counter *counter, struct buckets *buckets, enum count first,
                  enum count last, part_time time);

/* What the numbers are at the time of the last change, now that it is over. */
static inline void counter_widen(struct counter *counter)
{
	typedef int64_t halves __attribute__((vector_size(sizeof(counts_vector))));
	counts_vector less = counter->now<counter->min, more = counter->now> counter->max;
	halves any = (halves)(less | more);

	if ((any[0] | any[1]) == 0)
		return; /* as most often */
	counter->min = (counter->now & less) | (counter->min & ~less);
	counter->max = (counter->now & more) | (counter->max & ~more);
}

/* A time later than that of the last change: what the numbers were until then is settled. */
static inline void counter_advance(struct counter *counter, struct buckets *buckets,
                                   enum count first, enum count last, part_time time)
{
	counter_widen(counter);
	if (time >= counter->until)
		counter_move(counter, buckets, first, last, time);
	counter->time = time;
}

#endif
