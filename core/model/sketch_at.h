/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_SKETCH_AT_H
#define CORE_MODEL_SKETCH_AT_H

#include "core/base/radix.h"
#include "core/model/sketch.h"

/* Inside of a sketch: what is read, what it tells, and the cells that take it. */

enum {
	CELLS_MAX = 1024,       /* and more than half of that */
	PLACES_MAX = 8192,      /* batches that are read */
	PLACE_BYTES = 12 << 20, /* of all of them together, about, at most */
	PLACE_BYTES_MIN = 4 << 20,
	PLACE_SHARE = 16, /* of the file; or that: what is small is loaded soon */
	LANE_UNKNOWN = 0, /* of threads whose P is not known */
	RATES_MAX = 8,    /* lanes of a sample that are told apart */
	THREADS_MAX = 1 << 16,
	CALLS_MAX = 1 << 16,
};

/* A batch that is read, from its begin on. */
struct sketch_place {
	uint64_t offset;     /* of its payload in the file */
	uint32_t size, take; /* bytes: all, and to be decoded */
	uint64_t bytes;      /* up to the next that is read of its thread; 0: unknown */
	uint64_t m;          /* its thread, and our number of it */
	uint32_t thread;
	bool is_last; /* its thread has no other in its generation */
	int64_t base_ns;
	int64_t next_ns;  /* when its thread goes on, by the index */
	int64_t until_ns; /* it stands for nothing later: the generation's end */
	struct clock clock;
};

/* What a thread does. */
enum hand {
	HAND_UNKNOWN,
	HAND_NOTHING, /* it has no P, or none of its events tells */
	HAND_IDLE,    /* it has one and runs no goroutine */
	HAND_RUN,
	HAND_CALL,
};

/* What one place tells: all about [known_ns, last_ns), and how things stood then. */
struct sketch_sample {
	uint32_t thread;
	int64_t base_ns, known_ns, last_ns, until_ns;
	uint64_t seen, left; /* bytes that were read, and those that it stands for; 0: unknown */
	uint32_t first_rate, rate_count;
	bool is_end;  /* its thread wrote nothing more up to until_ns */
	uint8_t hand; /* enum hand */
	uint32_t lane;
};

/* How much of it a lane got. */
struct sketch_rate {
	uint32_t lane;
	int64_t spent_ns[LANE_KINDS];
};

/* A syscall that ended without its P, or where its sample does: of which the P was in it until it
 * was taken away, as another thread tells. */
struct sketch_call {
	uint64_t m;
	uint32_t lane;
	int64_t begin_ns, end_ns;
};

struct sketch_steal {
	uint64_t m; /* the thread that lost it */
	int64_t time_ns;
};

struct sketch_lane {
	uint64_t id;                     /* of the P */
	int64_t (*spent_ns)[LANE_KINDS]; /* by cell */
	int64_t now_ns[LANE_KINDS];      /* of the sample that is read */
	bool has_now;
};

struct sketch_point {
	int64_t min, max, last;
	int64_t time_ns; /* of last; TIME_UNKNOWN: there is none */
};

struct sketch {
	struct budget *budget;
	const struct source *source;
	int64_t start_ns, begin_ns, end_ns, last_ns;
	unsigned bits;  /* a cell is 2^bits ns, on a grid from time 0 on */
	int64_t first;  /* cell */
	uint32_t cells; /* 0: there is no grid yet */
	struct arena arena;
	ARRAY(struct sketch_lane) lanes; /* the first is LANE_UNKNOWN */
	struct id_map lane_of;
	struct sketch_point *heap, *goal; /* by cell */
	int64_t *covered_ns;              /* by cell: time of threads that samples stand for */
	ARRAY(struct sketch_place) places;
	ARRAY(struct sketch_sample) samples;
	ARRAY(struct sketch_rate) rates;
	ARRAY(struct sketch_call) calls;
	ARRAY(struct sketch_steal) steals;
	ARRAY(uint8_t) buffer;
	struct id_map thread_of;
	ARRAY(uint32_t) lane_of_thread; /* which it had last; LANE_UNKNOWN */
	size_t advised;                 /* places of which the system knows that they are read */
	size_t at;                      /* the next one to be */
	uint64_t events;
	int64_t heap_max;
	struct sketch_plan *plan; /* while it is made */
	struct sketch_scan *scan; /* likewise */
	bool is_by_index, is_done;
	bool is_complete; /* all batches of the window are read, and whole */
};

/* How many bytes of batches are to be decoded. */
uint64_t sketch_bytes(const struct sketch *sketch);

/* Cells for the window. */
void sketch_set_window(struct sketch *sketch, int64_t begin_ns, int64_t end_ns);

/* INDEX_NONE: there are too many. */
uint32_t sketch_find_thread(struct sketch *sketch, uint64_t m);
uint32_t sketch_find_lane(struct sketch *sketch, uint64_t proc); /* LANE_UNKNOWN: too many */

/* So many ns of a kind, spread evenly over [begin_ns, end_ns) of a lane. */
void sketch_add(struct sketch *sketch, uint32_t lane, enum lane_kind kind, int64_t begin_ns,
                int64_t end_ns, int64_t spent_ns);

/* By thread, then time: the order in which they are read, as a thread keeps its P. */
void sketch_sort_places(struct sketch *sketch);

/* Reads the first bytes of a place (sketch_read.c). */
void sketch_read(struct sketch *sketch, const struct sketch_place *place);

/* Looks on for places in the index (sketch_plan.c). False when all of it was looked at. */
bool sketch_plan_step(struct sketch *sketch);
void sketch_plan_free(struct sketch *sketch);

/* Searches on for places (sketch_scan.c). False when all windows were looked at. */
bool sketch_scan_step(struct sketch *sketch);
void sketch_scan_free(struct sketch *sketch);

/* When all places are read: what they stand for (sketch_end.c). */
void sketch_end(struct sketch *sketch);

#endif
