/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_PART_H
#define CORE_MODEL_PART_H

#include "core/model/earliest.h"
#include "core/model/history.h"
#include "core/model/model.h"
#include "core/model/pyramid.h"
#include "core/model/census.h"

/* What stays of a generation that was joined: its pyramid and its tables of ids; its history while
 * memory allows. */
struct part {
	struct arena *arena;      /* of the pyramid */
	uint32_t number;          /* of the generation in the index */
	int64_t begin_ns, end_ns; /* since the trace's begin; parts may lap a little */
	unsigned shift;           /* of part_time */
	uint64_t offset;          /* of the generation in the file */
	uint32_t procs;
	uint32_t *proc_of;  /* own P -> the trace's */
	uint16_t *own_proc; /* all own Ps, by their numbers of the trace */
	struct pyramid pyramid;
	struct tables tables;      /* joined: ids only, and samples */
	struct checkpoints points; /* where its batches begin */
	struct history *history;   /* NULL: not there now */
	struct part *older, *newer; /* of the loader's with a history, in order of use */
	struct history *pass;      /* what a tour needs of it, while it visits; NULL; */
	struct history *nobodys;   /* of several shares the first (share.h), while others follow */
	ARRAY(struct closeup {     /* windows of which there are the lanes of Ps (closeup.h) */
			       int64_t begin_ns, end_ns;
			       struct history *history;
			       uint64_t last_used;
	})
	closeups;    /* none while the history is there */
	bool is_cut; /* memory was too short for all of it: it gets no history, which might
	              * tell of more than is known */
	struct earliest *earliest; /* that it was read with */
	size_t earliest_count;
	ARRAY(struct head { uint32_t own, go, proc; })
	heads; /* who stood at the heads of streams, and on which P: of the trace */
	struct known known;
	struct census census;
};

/* A blank one; and all that it owns goes with it. */
struct part *part_new(struct budget *budget);
void part_free(struct part *part, struct budget *budget);

/* What it takes, without its pyramid and its history. */
size_t part_bytes(const struct part *part);

static inline int64_t part_ns(const struct part *part, part_time time)
{
	return part->begin_ns + (int64_t)((uint64_t)time << part->shift);
}

/* The time as the part tells it, not before its begin and not beyond what fits. */
static inline part_time part_time_of(const struct part *part, int64_t ns)
{
	uint64_t units = ns <= part->begin_ns ? 0 : (uint64_t)(ns - part->begin_ns) >> part->shift;

	return units >= TIME_NONE ? TIME_NONE - 1 : (part_time)units;
}

/* A time that the file tells of the part as one that it has: some of them can't be (timing.h). */
static inline int64_t part_clip(const struct part *part, int64_t ns)
{
	ns = ns < part->begin_ns ? part->begin_ns : ns;
	return ns > part->end_ns ? part->end_ns : ns;
}

/* What a tour that visits the part looks at; NULL. */
static inline const struct history *part_visited(const struct part *part)
{
	return part->pass != NULL ? part->pass : part->history;
}

/* The same of what is not told by goroutine. */
static inline const struct history *part_visited_whole(const struct part *part)
{
	return part->nobodys != NULL ? part->nobodys : part_visited(part);
}

/* The lanes of Ps in a window: of the history, or of a close-up that has all of it; NULL. Those are
 * of [*from_ns, *to_ns]. */
const struct history *part_lanes(const struct part *part, int64_t begin_ns, int64_t end_ns,
                                 int64_t *from_ns, int64_t *to_ns);

/* Whether a syscall that a goroutine goes on in, and that lost its P in the part, ended before that, as
 * its thread tells in the next part. */
bool part_has_back(const struct part *part, uint32_t go);

/* The part's own number of a P; PROC_NONE. */
static inline uint16_t part_proc(const struct part *part, uint32_t proc)
{
	uint32_t low = 0, high = part->procs;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (part->proc_of[part->own_proc[middle]] < proc)
			low = middle + 1;
		else
			high = middle;
	}
	return low < part->procs && part->proc_of[part->own_proc[low]] == proc ? part->own_proc[low]
	                                                                       : PROC_NONE;
}

#endif
