/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_ORDER_H
#define CORE_TRACE_V1_ORDER_H

#include "core/trace/v1_merge.h"

/* The events of a v1 trace in order and with their times (trace-format-v1.md 4 and 5): syscalls
 * end when they really did, futile wake-ups are gone, times are ns. Two passes over the file: what
 * an event turns out to be is known only from later ones, and noted in the first pass in a few
 * bits.
 *
 *	v1_order_init(&order, budget, file)     the file is read
 *	while (v1_order_step(&order, COUNT)) ;
 *	while (v1_order_next(&order, &event)) ...
 */

/* Processors that Go makes up to show some events on; ids from 1000001. */
enum v1_made_up { V1_REAL_P, V1_TIMER_P, V1_NETPOLL_P, V1_SYSCALL_P, V1_GC_P };

struct v1_event {
	struct v1_raw raw; /* ticks corrected */
	int64_t time_ns;   /* since the first event */
	uint8_t made_up;   /* enum v1_made_up: where Go shows it */
	bool loses_proc;   /* of GoSysCall: its next is GoSysBlock */
};

struct v1_order {
	struct budget *budget;
	const struct v1_file *file;
	struct v1_merge merge;
	uint8_t phase;
	struct error verdict; /* what Go refuses the trace for; none: it is well */
	const char *why;      /* the same, if it is the order; NULL: it is not */

	/* found in the first pass */
	ARRAY(uint64_t) flags; /* bits: of syscalls that lose their P, of wake-ups by the network */
	ARRAY(uint64_t) futile;              /* bits of events, if there are any */
	ARRAY(struct v1_moved {              /* ends of syscalls that stand too late in the file */
				int64_t key; /* ticks; header 1.5: sequence number */
				int64_t ticks;
				uint64_t g, seq;
				uint32_t ordinal, offset, go;
				int32_t p;
	})
	moved;

	/* of goroutines, by number, in the first pass */
	ARRAY(struct v1_go_mark {
		int64_t block_ticks; /* of GoSysBlock */
		uint32_t flag;       /* of its open syscall; V1_NO_BATCH */
		uint32_t chain;      /* since it was last woken: into links */
		bool is_on_net, has_blocked, is_futile;
	})
	gos;
	ARRAY(struct v1_link { uint32_t ordinal, next; }) links;
	uint32_t free_link;

	/* where a pass is */
	uint32_t flag_at, ordinal;
	size_t moved_at;
	int64_t last_ticks, first_ticks;
	double ns_per_tick;
	struct v1_raw ahead; /* taken from the merge and not given yet */
	bool has_ahead, has_first;
	bool is_full; /* there was no memory to go on: events from most on are left out */
	uint32_t most;
	uint64_t clamped; /* times that went backwards */
};

void v1_order_init(struct v1_order *order, struct budget *budget, const struct v1_file *file);
void v1_order_free(struct v1_order *order);

/* About so many events of the first pass; false when it is done. */
bool v1_order_step(struct v1_order *order, size_t count);

/* Ticks as a time of events, once the first of them is given; DAMAGE_TIME_UNKNOWN stays that. */
int64_t v1_order_ns(const struct v1_order *order, int64_t ticks);

/* Where the order is not what the trace tells, as that can't be: a row about where it began. */
void v1_order_note(const struct v1_order *order, struct damage *damage);

/* The next event; false at the end. */
bool v1_order_next(struct v1_order *order, struct v1_event *event);

#endif
