/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_SIGNS_H
#define CORE_ANALYSIS_SIGNS_H

#include "core/analysis/busy.h"
#include "core/analysis/lengths.h"
#include "core/analysis/spells.h"
#include "core/base/id_map.h"
#include "core/model/telling.h"

/* What findings are made from (findings.h) and the model does not have anyway: gathered in one pass
 * over what goroutines did. How much is kept does not depend on the length of the trace, but for a
 * few bytes for each place in the program. */

struct long_wait {
	int64_t begin_ns, end_ns;
	uint32_t go;
	uint32_t by;  /* who ended it; INDEX_NONE: a timer, the network, or nobody knows */
	bool is_open; /* nobody has, so far */
};

/* Waits that begin at one stack, for one reason. */
struct wait_site {
	stack_id stack;
	string_id reason;
	uint64_t count;   /* of those that ended */
	int64_t sum_ns;   /* of all */
	int64_t first_ns, last_ns; /* when the first and the last of them began */
	uint64_t shorts;  /* of those, shorter than WAIT_LEAST_NS */
	int64_t usual_ns; /* what nine of ten do not exceed, when all is told; 0: there are fewer
	                   * than SITE_PEERS. Of what is shorter than WAIT_LEAST_NS that. */
	ARRAY(struct long_wait) longest; /* SITE_WAITS at most, in no order */
	int64_t shortest_ns;             /* of those, if there are so many */
};

enum { SITE_WAITS = 64, SITE_PEERS = 10, WAIT_LEAST_NS = 1 << 17 };

/* Goroutines created at one stack in one BURST_BIN_NS. */
struct births {
	stack_id stack;
	uint32_t count;
	int64_t bin;
	int64_t waits_ns; /* for a P, before they ran first */
};

enum { BURST_BIN_NS = 10000000 };

/* Syscalls, entered at one stack, that lost their P and then waited for one. */
struct lost_call {
	stack_id stack;
	uint64_t count;
	int64_t sum_ns;
	struct long_wait longest; /* without its by */
};

/* A run without a stop. */
struct long_run_seen {
	int64_t begin_ns, end_ns;
	uint32_t go, proc;
	stack_id stack; /* of the event that ended it; 0 */
	struct queued queued;
};

/* Sweeping inside runs of goroutines that began with a function. */
struct swept {
	string_id name;
	uint64_t count;
	int64_t sum_ns;
	struct long_wait longest;
};

/* A stop of the world, beyond what the model tells of it. */
struct stop_seen {
	uint32_t hurt;       /* goroutines running or runnable when it began, but for the holder */
	stack_id last_stack; /* where the last one stopped; 0 */
};

enum { SCHED_SHARES = 4, LAST_BITS = 2 };

struct signs {
	const struct model *model;
	const struct finding_limits *limits;
	struct spells spells;
	struct busy busy;
	ARRAY(struct wait_site) sites;
	ARRAY(struct births) births;
	ARRAY(struct lost_call) calls;
	ARRAY(struct long_run_seen) runs;
	ARRAY(struct swept) swept;
	ARRAY(struct stop_seen) stops;  /* like the model's */
	struct id_map site_of;          /* stack and reason -> sites */
	struct id_map births_of;        /* stack and bin */
	struct id_map call_of;          /* stack */
	struct id_map swept_of;         /* name */
	struct id_map last_of;          /* goroutine -> one of the stops whose last it is */
	ARRAY(struct waited {           /* long waits, until it is told who ended them */
		struct long_wait wait;
		uint32_t site;
	})
	waited;
	u32_array free_waited;
	/* Of each goroutine, what the next stay says more of: an enum last_told, and which. */
	struct sparse last_told;
	uint32_t part;                  /* that is told of */
	struct lengths lengths;         /* of waits for a P, then of those of each site */
	int64_t sched_ns[SCHED_SHARES]; /* half of those, nine of ten, 99 and 999 do not exceed that
	                                 */
	int64_t sched_most_ns;
	struct { /* runs beyond those that are kept */
		uint64_t count;
		int64_t share_ns;
	} more_runs;
	string_id sleep, chan_send, chan_receive, sync, select;
};

void signs_init(struct signs *signs, const struct model *model, const struct finding_limits *limits,
                struct budget *budget);
void signs_free(struct signs *signs);

/* As a survey's listener has them. */
bool signs_part(struct signs *signs, uint32_t part, size_t *at);
void signs_tell(struct signs *signs, struct told *told);
/* A part is told. */
void signs_settle(struct signs *signs, const struct telling *telling);
void signs_end(struct signs *signs);

#endif
