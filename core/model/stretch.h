/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_STRETCH_H
#define CORE_MODEL_STRETCH_H

#include "core/base/radix.h"
#include "core/model/note.h"

enum { STRETCH_MOVE_COST = 256 }; /* bytes that may come of a move: more is seldom */

/* What the walk of a stretch of time has found that is to be put in order and accounted for. It is
 * handed over, and nothing else is: who accounts for it reads nothing that the walk goes on to
 * change, so that another thread may be at the next stretch meanwhile. */
struct stretch {
	part_time begin, end;
	move_array moves;     /* all before end */
	stay_array stays;     /* of runs that end in it, */
	uint32_t first_stay;  /* which have numbers from here on */
	call_array calls;     /* as they follow those of the stretch before */
	note_array notes;     /* of runs that end in it, or of later ones */
	call_span_array entries; /* of threads, all before end */
	size_t gos, procs;    /* heard of so far */
	ARRAY(uint8_t) mute;  /* of the latest of those: whether nothing is told of them (share.h);
	                       * none: of all it is */
	uint8_t forever;      /* the reason of that name; 0: not so far */
	bool is_ahead;        /* moves of later stretches refer to its stays */
	bool is_far;          /* another thread accounts for it, or has */
};

void stretch_init(struct stretch *stretch, struct budget *budget);
void stretch_free(struct stretch *stretch);

/* Empties it and keeps its memory, if that is not more than most bytes. */
void stretch_clear(struct stretch *stretch, size_t most);

#endif
