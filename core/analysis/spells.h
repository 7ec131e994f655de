/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_SPELLS_H
#define CORE_ANALYSIS_SPELLS_H

#include "core/analysis/finding_limits.h"
#include "core/model/changes.h"
#include "core/model/go_names.h"
#include "core/model/telling.h"

/* Stretches of time that say something about all goroutines and Ps together: found in the numbers
 * over time of each part, and filled with what goroutines did meanwhile. */

enum spell_kind {
	SPELL_QUEUE, /* more goroutines are runnable than there are Ps */
	SPELL_IDLE,  /* some are, and Ps are idle, while the world runs */
	SPELL_ALONE, /* all Ps but one are idle, while the world runs; in the end: that have the
	              * same goroutine on it */
	SPELL_KINDS,
};

enum { SPELL_NAMES = 32 };

struct spell {
	int64_t begin_ns, end_ns;
	int64_t cost_ns; /* runnable goroutines; Ps that they could have; idle Ps: times how long */
	int64_t sum_ns;  /* of the stretches it is made of */
	uint32_t most;   /* of those numbers */
	uint32_t go;     /* the one that ran alone; of a queue, that waited longest; INDEX_NONE */
	int64_t longest_ns, longest_begin_ns; /* a wait for a P in it */
	uint64_t waits;                       /* of those that are long enough to count */
	uint64_t freed;                       /* goroutines that go woke or created about its end */
	/* who had the Ps of a queue: by the function they began with, without syscalls */
	struct spell_holder {
		string_id name;
		int64_t ns;
	} names[SPELL_NAMES];
	uint32_t name_count;
	int64_t others_ns, gc_ns, syscall_ns;
};

typedef ARRAY(struct spell) spell_array;

/* Of each kind the SPELLS_KEPT that cost most. */
enum { SPELLS_KEPT = 256, SPELLS_GRID = 1 << 14 };

struct spells {
	const struct model *model;
	const struct finding_limits *limits;
	struct spell now[SPELL_KINDS]; /* begin_ns is TIME_UNKNOWN: none */
	spell_array kept[SPELL_KINDS]; /* by begin */
	size_t hint[SPELL_KINDS];      /* where one was found in them */
	uint64_t more[SPELL_KINDS];    /* than are kept, */
	int64_t more_ns[SPELL_KINDS];  /* and what those cost */
	ARRAY(struct spell_run {       /* while one P has somebody to run */
				 int64_t begin_ns, end_ns;
				 uint32_t go;
	})
	runs;
	ARRAY(struct spell_wake { /* likewise */
				  int64_t ns;
				  uint32_t by;
	})
	wakes;
	/* up to each SPELLS_GRID-th of the trace: busy Ps, and runnable goroutines, times how long
	 */
	ARRAY(int64_t) busy_ns, queued_ns;
	int64_t busy_now_ns, queued_now_ns;
	int64_t grid_at, grid_next_ns; /* the place that is next, and its time */
	int64_t end_ns;                /* of the trace, when it began */
	int64_t at_ns;                 /* up to which all is settled */
	size_t stop;                   /* the first that ends behind it */
	int32_t counts[COUNTS];
	int64_t procs;              /* GOMAXPROCS */
	struct go_names names; /* of those who ran */
};

void spells_init(struct spells *spells, const struct model *model,
                 const struct finding_limits *limits, struct budget *budget);
void spells_free(struct spells *spells);

/* A part, as a survey's listener has it. hurt is told of each stop that begins in it: how many
 * goroutines are running or runnable then. */
typedef void spells_stop_fn(void *to, size_t stop, int64_t count);
bool spells_part(struct spells *spells, uint32_t part, size_t *at, spells_stop_fn *hurt, void *to);

/* What a goroutine did that ended there. */
void spells_tell(struct spells *spells, const struct told *told);

void spells_end(struct spells *spells);

/* How many Ps were busy in a window, in hundredths, about. */
int64_t spells_busy(const struct spells *spells, int64_t begin_ns, int64_t end_ns);

/* Goroutines that were runnable in a window, times how long, while its part, or the last of them,
 * is told: of the part exactly, of those before it about. And the share of that which falls to each
 * of the Ps that were busy then. */
struct queued {
	int64_t all_ns, share_ns;
};
struct queued spells_queued(const struct spells *spells, uint32_t part, int64_t begin_ns,
                            int64_t end_ns);

/* Behind all others (spells_alone.c): who ran alone, one after the other, in place of the
 * stretches.
 */
void spells_split(struct spells *spells);

/* ---- for the files of it: one more, if it costs enough (spells_kept.c) */
void spells_keep(struct spells *spells, enum spell_kind kind, const struct spell *spell);

#endif
