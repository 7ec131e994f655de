/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_PYRAMID_H
#define CORE_MODEL_PYRAMID_H

#include "core/model/account.h"
#include "core/model/buckets.h"
#include "core/model/model.h"

/* Level of detail: how every bucket of time was spent, on one grid for the whole trace with its
 * origin at the trace's begin (performance.md 9.2). A bucket of level l is 2^(bits + 2l) ns. A part
 * has the levels below 2^TOP_BITS in an arena of its own, read-only once built; the tops above them
 * are shared and grow as parts are joined. Runs that last beyond one part stand in neither but in
 * the tops. */

enum {
	TOP_BITS = 30,
	LEVELS_MAX = 16,
	TOP_LEVELS = 10,
	TOP_BUCKETS = 1 << 16,
	TOP_NODES = 1 << 18
};

/* Unset, before its first value: { INT64_MAX, INT64_MIN, 0 }, which every merge replaces. */
struct series_node {
	int64_t min, max, last;
};

void series_node_merge(struct series_node *into, const struct series_node *from);

struct pyramid {
	unsigned bits;            /* of a bucket of level 0 */
	unsigned levels;          /* up to 2^TOP_BITS, that included */
	int64_t begin_ns, end_ns; /* of the part: nothing in it is outside */
	uint32_t lanes;           /* Ps of the part, in its own numbering */
	struct pyramid_level {
		int64_t first; /* bucket, on the trace's grid */
		uint32_t count;
		struct lane_node *nodes;    /* lanes x count */
		struct series_node *series; /* SERIES_COUNT x count */
	} level[LEVELS_MAX];
};

/* From the buckets of a part, made wider until the busiest lane has enough runs in each, and all is
 * no larger than bytes, if that can be; heap series before their first value are unset (min > max)
 * until pyramid_carry. Then it is filled, in steps, from *at, which is 0 at first, on: lane by
 * lane, from level 0 up. False: that was the last. */
void pyramid_begin(struct pyramid *pyramid, struct arena *arena, struct account *account,
                   uint64_t bytes);
bool pyramid_fill(struct pyramid *pyramid, const struct account *account, size_t *at);

/* Whether it has levels below its highest; and without the finest, in another arena. */
bool pyramid_can_coarsen(const struct pyramid *pyramid);
void pyramid_coarsen(struct pyramid *pyramid, struct arena *arena);

/* So many more of a state through all the part than was known when it was built. */
void pyramid_shift(struct pyramid *pyramid, enum series series, int64_t by);

/* The value that heap and goal have at the begin of a part. */
void pyramid_carry(struct pyramid *pyramid, enum series series, int64_t value);

/* Numbers its longest goroutines by the trace. */
void pyramid_rename(struct pyramid *pyramid, const uint32_t *go_of, size_t count);

/* Adds [begin_ns, end_ns) of a lane to mix. */
void pyramid_mix(const struct pyramid *pyramid, uint32_t lane, int64_t begin_ns, int64_t end_ns,
                 struct mix *mix);
void pyramid_level(const struct pyramid *pyramid, enum series series, int64_t begin_ns,
                   int64_t end_ns, struct level *level);

/* ---- the levels above */

struct top_node {
	int64_t spent_ns[LANE_KINDS];
	int64_t longest_ns;
	uint32_t longest_go;
	uint64_t spans;
};

/* At most TOP_BUCKETS of 2^bits ns: a longer trace has wider ones. */
struct tops {
	unsigned bits;
	ARRAY(struct top_lane { ARRAY(struct top_level { ARRAY(struct top_node) nodes; }) levels; })
	lanes; /* a level has another above it if it has many nodes: most lanes of many have few */
	ARRAY(struct series_node) series[SERIES_COUNT][TOP_LEVELS];
};

void tops_init(struct tops *tops, struct budget *budget);
void tops_free(struct tops *tops);
size_t tops_bytes(const struct tops *tops);
void tops_add_lane(struct tops *tops, struct budget *budget);

/* A part's highest level; lane_of gives each of its lanes the trace's. */
void tops_add(struct tops *tops, const struct pyramid *pyramid, const uint32_t *lane_of);

/* A run that no part holds: both ends within the trace. */
void tops_add_run(struct tops *tops, uint32_t lane, const struct long_run *run);
/* A syscall in one of those. */
void tops_add_call(struct tops *tops, uint32_t lane, const struct long_run *call);
void tops_mix(const struct tops *tops, uint32_t lane, int64_t begin_ns, int64_t end_ns,
              struct mix *mix);
void tops_level(const struct tops *tops, enum series series, int64_t begin_ns, int64_t end_ns,
                struct level *level);

#endif
