/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_WALK_H
#define CORE_MODEL_WALK_H

#include "core/model/records.h"
#include "core/trace/tables.h"
#include "core/trace/v2_wire.h"

/* From the streams of one generation to records, each thread by itself and in any order; nothing is
 * merged (performance.md 7, phase A; walk.md). Reused from generation to generation: walk_begin
 * empties it and keeps its memory. */
struct walk {
	struct budget *budget;
	int64_t base_ns;   /* the part's begin */
	unsigned shift;    /* of part_time */
	uint64_t offset;   /* of the generation in the file */
	bool is_first;     /* of the trace: what is active, has been since its begin */
	bool has_overflow; /* a time did not fit: do it again with a larger shift */

	struct tables tables;
	struct id_pages go_of;
	struct id_map proc_of, stream_of;
	ARRAY(struct local_go) gos;
	ARRAY(struct local_proc) procs;
	ARRAY(struct stream) streams;

	ARRAY(struct run) runs;
	ARRAY(struct wake) wakes;
	ARRAY(struct syscall) syscalls;
	ARRAY(struct tenure) tenures;
	ARRAY(struct piece) pieces;
	ARRAY(struct mark) marks;
	ARRAY(struct sweep_end) sweep_ends;
	ARRAY(struct stop) stops;
	ARRAY(struct gc_event) gc_events;
	ARRAY(struct metric) heap, goal, gomaxprocs;
	ARRAY(uint64_t)
	reasons; /* own string ids; a reason is an index in here; 0: the empty text */
	ARRAY(uint8_t) reason_of; /* own string id -> reason, for small ids */
	uint8_t forever;          /* the reason of that name; 0: none of it here */
	struct id_pages tasks;    /* every task that is mentioned */
	ARRAY(struct lost) lost;
	uint32_t again; /* lives of goroutine ids that were used before */

	uint64_t events, experimental, regions, logs, syscall_count, dropped;
	part_time last; /* of all */
};

void walk_init(struct walk *walk, struct budget *budget);
void walk_free(struct walk *walk);

/* Ready for a generation. The tables of it are read next, then its event batches. */
void walk_begin(struct walk *walk, const struct generation *generation, unsigned shift,
                bool is_first);

/* One event batch; the batches of a stream in file order. payload is only looked at. */
void walk_batch(struct walk *walk, const struct batch *batch, struct bytes payload,
                const struct clock *clock);

/* The late statuses of the generation before: a goroutine is not earlier than they say. */
void walk_floors(struct walk *walk, struct bytes payload, int64_t batch_ns,
                 const struct clock *clock);

/* After the last batch: what only all streams together tell. */
void walk_end(struct walk *walk);

/* No generation is longer: what claims to be later is taken for so late (4.8 hours). */
#define PART_MAX_NS (INT64_C(1) << 44)

static inline part_time walk_time(struct walk *walk, int64_t time_ns)
{
	uint64_t units;

	if (time_ns < walk->base_ns)
		return 0;
	if (time_ns - walk->base_ns > PART_MAX_NS)
		time_ns = walk->base_ns + PART_MAX_NS;
	units = (uint64_t)(time_ns - walk->base_ns) >> walk->shift;
	if (units >= TIME_NONE) {
		walk->has_overflow = true;
		return TIME_NONE - 1;
	}
	return (part_time)units;
}

static inline int64_t walk_ns(const struct walk *walk, part_time time)
{
	return walk->base_ns + (int64_t)((uint64_t)time << walk->shift);
}

/* The syscalls of a run are [run->first_syscall, walk_syscalls_end). */
static inline uint32_t walk_syscalls_end(const struct walk *walk, uint32_t run)
{
	return run + 1 < walk->runs.count ? walk->runs.items[run + 1].first_syscall
	                                  : (uint32_t)walk->syscalls.count;
}

#endif
