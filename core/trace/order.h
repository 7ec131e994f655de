/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_ORDER_H
#define CORE_TRACE_ORDER_H

#include "core/base/radix.h"
#include "core/trace/event.h"
#include "core/trace/index.h"
#include "core/trace/order_heap.h"
#include "core/trace/order_tree.h"
#include "core/trace/tables.h"

/* Whenever a thread has to wait, all are sorted. Few are; many as long as it costs not many more
 * places than this, beside some for each event. */
enum { ORDER_PATIENCE = 1 << 22 };

/* The events of a v2 trace in Go's exact order (trace-format-v2.md 5; Go: internal/trace/order.go
 * and reader.go): always the earliest of those that the scheduler's rules let come now. One batch
 * of each thread is in memory. Threads stand as in Go, so that events of one time come as there;
 * where they are many and wait so often that this is too slow, one whose next event has to wait is
 * out of a tournament until what it waits for changes.
 *
 * Strict: the first event that breaks a rule is the end, as in Go. Otherwise it is believed more
 * than what was before, and listed as damage; where all threads wait for something that is missing,
 * the earliest goes on. Whose state was lost is nobody until it is told. */
struct order {
	struct budget *budget;
	const struct index *index;
	const struct source *source;
	bool is_strict;
	struct damage damage; /* of what was read, besides the index's; not strict */
	uint64_t broken;      /* events that break rules, and rests of batches that are none */
	uint64_t forced;      /* that did not get what they waited for */

	size_t next_generation; /* in the index */
	uint64_t generation;    /* its number */
	uint64_t initial;       /* of the first that has an event; 0: none yet */
	bool is_first;          /* it is that */
	bool gave_last, has_ended, is_refused;
	int64_t last_ns;
	uint64_t syncs;
	struct clock clock; /* of the generation; strict: of any frequency, as Go takes it */
	uint64_t frequency; /* as it stands in the file */
	bool has_frequency;
	struct tables tables;
	size_t next_sample;

	bool has_heap;       /* threads stand in it, else in the trees */
	uint64_t impatience; /* what sorting them has cost of late, up to ORDER_PATIENCE */
	order_heap heap;
	struct order_tree tree;     /* of those whose turn it may be, by time */
	struct order_tree frontier; /* of all */
	struct order_threads {
		struct order_thread *items;
		size_t count, capacity;
		struct budget *budget;
	} threads;               /* of the generation */
	ARRAY(uint32_t) parked;  /* those that wait, in buckets (order_park.c) */
	const struct batch *all; /* of the generation */
	u32_array batches;       /* of events, into all: by thread, each thread's in file order */
	struct order_state *state;
	struct event queue[3];
	unsigned queued, given;
	uint64_t fills;
	uint64_t offset; /* of the last event in the file */
};

void order_init(struct order *order, struct budget *budget, const struct index *index,
                const struct source *source, bool is_strict);
void order_free(struct order *order);

/* The next event. False at the end; *err says then if the trace was refused. */
bool order_next(struct order *order, struct event *event, struct error *err);

#endif
