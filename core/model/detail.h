/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_DETAIL_H
#define CORE_MODEL_DETAIL_H

#include "core/model/holders.h"
#include "core/model/user.h"
#include "core/trace/source.h"

/* What is told about a span when it is selected: its events are decoded again from the file, so
 * that nothing of it has to be kept. Times are ns since the begin of the trace. */

enum { DETAIL_WAKES = 16, DETAIL_SAID = 6, DETAIL_HELD_NS = 20000 };

struct detail {
	struct span span;
	string_id name;       /* of the goroutine, or of the stop's reason */
	uint64_t thread;      /* it is on; WIRE_NO_THREAD: not known */
	int64_t self_ns;      /* running, without syscalls and without assists inside */
	stack_id start_stack; /* where it had stopped before, or where it was created */
	stack_id end_stack;   /* where it stopped */
	string_id reason;     /* why it stopped: of GoBlock or GoStop */
	uint8_t ended;        /* enum run_close */
	bool begins_before;   /* the trace */
	bool ends_after;
	bool is_near; /* from a close-up: what was before is not known */
	bool lacks_before; /* what it began with is in the part before, which has no history now */

	/* who made it runnable */
	bool has_waker;
	uint8_t wake;   /* enum wake_kind: unblocked, or created */
	uint32_t waker; /* goroutine; INDEX_NONE: none (network, timer, runtime) */
	int64_t woken_ns;
	stack_id wake_stack;

	/* what was blocked before: how long, and why */
	int64_t blocked_ns; /* before it was woken; TIME_UNKNOWN */
	string_id blocked_on;

	/* who held the Ps while it was runnable, before a run or now, if that was not short */
	struct holders held;

	/* whom it made runnable, the first ones and how many */
	struct {
		uint32_t go;
		int64_t time_ns;
		bool is_creation;
	} wakes[DETAIL_WAKES];
	size_t wake_count;

	/* what the program said in it: of regions those that begin in it, and those around it from
	 * the outermost on; the first ones and how many; and its CPU samples */
	struct user_region inside[DETAIL_SAID], around[DETAIL_SAID];
	struct user_log logs[DETAIL_SAID];
	size_t inside_count, around_count, log_count, sample_count;
	bool has_more; /* than were counted */

	/* of a sweep: bytes, as its end tells; 0: it does not */
	uint64_t swept, reclaimed;

	/* of a stop of the world: straight from the model */
	uint32_t stop; /* INDEX_NONE */
};

/* Fills in what can be known now; what needs a history that is not there stays unknown. */
void detail_find(struct detail *detail, const struct model *model, const struct index *index,
                 const struct source *source, const struct span *span);

#endif
