/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_SEAMS_H
#define CORE_MODEL_SEAMS_H

#include "core/model/goroutine.h"
#include "core/model/records.h"
#include "core/model/steps.h"

/* What the stitcher remembers from one part to the next, and its scratch. */

/* A step of the number of runnable goroutines. */
typedef ARRAY(struct held {
	int64_t ns;
	int64_t add;
}) held_array;

struct seams {
	/* steps of the number of runnable goroutines near the seam, which events of the next part
	 * may precede: the last part's own, in its units, and what else waits */
	struct step_list late[2];
	int64_t late_begin_ns;
	unsigned late_shift;
	held_array held, rest;
	size_t moved;                        /* among the held, which are not in order then */
	int64_t runnable;                    /* before those */
	size_t stops;                        /* of parts before the last */
	uint64_t gc_seq;                     /* the last number of a mark phase */
	bool names_idle;                     /* the last part does (walk.h) */
	bool is_hurt;                        /* something of the last part is lost */
	bool has_loss;                       /* since the last part that was whole */
	int64_t lost_from_ns, lost_until_ns; /* then: when */
	ARRAY(struct open_sweep {            /* of each P */
				  int64_t begin_ns;
				  uint32_t go; /* INDEX_NONE: none is open */
	})
	sweeps;
	ARRAY(uint32_t) losers;   /* goroutines whose syscalls lost their P in the part */
	ARRAY(string_id) reasons; /* of the part: its numbers -> texts */
	u32_array go_of;          /* numbers of the part -> of the trace */
	u32_array whole;          /* own numbers: lives that only this part tells of */
	u32_array others;         /* and all others */
	amount_array amounts;     /* of some of those */
	ARRAY(uint8_t) charged;   /* own number -> whether ranges are charged to it */
	ARRAY(string_id) names;   /* own id of a small stack -> what it names, + 1; 0: not known */
	ARRAY(uint32_t) proc_of;
	ARRAY(uint16_t) own_proc; /* the trace's P -> the part's; PROC_NONE */
	u32_array counted;        /* text -> place in the part's census, + 1; 0: it is not in it */
	u64_array past;           /* lives that are over: own number << 32 | into account->past */
	u64_array keys, room;
	u32_array idle_procs;   /* chains of their keys (seam_range.c) */
	point_array heap, goal; /* of the last parts, by time (seam_heap.c) */
	size_t begun, ended;    /* cycles whose values at their begins and ends are settled */
};

struct seams *seams_new(struct budget *budget);
void seams_free(struct seams *seams, struct budget *budget);

#endif
