/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_MERGE_H
#define CORE_TRACE_V1_MERGE_H

#include "core/trace/v1_cursor.h"

/* The lists of all Ps as one sequence. Header 1.5: by the sequence numbers in the file. Later ones:
 * by what each event needs its goroutine to be - the earliest of those that can happen comes next,
 * so that it is consistent even where clocks disagree (trace-format-v1.md 4; Go: tracev1/order.go).
 * Lists whose head has to wait are parked at the state they wait for, so that each event is looked
 * at twice at most. Which of two events of one time comes first follows from the order in which Go
 * looks at the lists: this heap is its heap, and the waiting lists stand as they do there. */

/* What an event needs its goroutine to be, and what it makes of it (trace-format-v1.md 4.3). */
struct v1_need {
	uint64_t seq;      /* V1_ANY_SEQ: of any number */
	uint64_t next_seq; /* V1_ANY_SEQ: keeps it */
	uint32_t go;
	uint8_t before, after;
	bool counts_up; /* next: one more than it was */
	bool is_free;   /* needs nothing */
};

#define V1_ANY_SEQ UINT64_MAX

struct v1_merge {
	struct budget *budget;
	const struct v1_file *file;
	struct v1_goroutines goroutines;
	ARRAY(struct v1_list_head {
		struct v1_cursor cursor;
		struct v1_need need; /* of its event */
		uint32_t next_parked;
		uint32_t place; /* in waiting */
		bool is_woken;
	})
	heads;             /* one a list; the last is that of CPU samples */
	u32_array front;   /* a heap of those that can go on */
	u32_array waiting; /* the others, as Go has them */
	u32_array parked;  /* the same by what they wait for: buckets, the first of each */
	u32_array woken;   /* places in waiting of those that need not wait any more */
	ARRAY(struct v1_go_order {
		uint64_t seq;
		uint8_t status;
	})
	gos;             /* by number */
	uint64_t forced; /* events that were not ready and had to be taken */
	uint64_t looks;  /* at parked cursors, to find the one to force */
	bool is_lenient, is_by_time;
	const char *fault; /* why it ended early; only if it is not lenient */
};

void v1_merge_init(struct v1_merge *merge, struct budget *budget, const struct v1_file *file);
void v1_merge_free(struct v1_merge *merge);

/* From the start. Lenient: what can't be is taken as it comes (reliability.md 4.5), and times in a
 * batch are no later than the P's next batch. */
void v1_merge_begin(struct v1_merge *merge, bool is_lenient);

/* The next event; false at the end, or at a fault. */
bool v1_merge_next(struct v1_merge *merge, struct v1_raw *event);

#endif
