/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_FILTER_H
#define CORE_ANALYSIS_FILTER_H

#include "core/analysis/pattern.h"
#include "core/base/array.h"
#include "core/trace/stacks.h"

/* The expressions that say which stretches are meant, the same at the prompt and on the command
 * line:
 *
 *	state=runnable && dur>2ms && func~"ServeHTTP"
 *	stack~"net/http.* ** sync\.\(\*Mutex\)\.Lock" || !(g=10..20 || p=0)
 *
 * || binds less than &&, and that less than !. A value with a space or one of ()&|"! in it stands
 * in quotes, in which only \" is special. Times and durations are as on the command line. */
enum filter_field {
	FILTER_STATE, /* what it is: a word of filter_states */
	FILTER_DUR,   /* how long */
	FILTER_TIME, /* time=1s..2s: what laps into it; time<1s: begins before; time>1s: ends behind
	              */
	FILTER_BEGIN, /* just that */
	FILTER_END,
	FILTER_G, /* ids, with or without their letter: g=G21 */
	FILTER_P,
	FILTER_M,
	FILTER_TASK,   /* an id; or its type */
	FILTER_NAME,   /* of the goroutine: its outermost function */
	FILTER_FUNC,   /* that, or any function of its stacks */
	FILTER_FILE,   /* any source file of its stacks */
	FILTER_STACK,  /* stack~"A B ** C": frames from the outermost, ** any number of others */
	FILTER_REASON, /* why it stopped, or waits */
	FILTER_REGION, /* texts of which there may be several: one will do */
	FILTER_LOG,
	FILTER_LABEL,
	FILTER_FIELDS,
};

extern const char *const filter_fields[FILTER_FIELDS];

/* What a stretch is. */
enum filter_state {
	FILTER_RUNNING,
	FILTER_RUNNABLE,
	FILTER_WAITING,
	FILTER_SYSCALL,
	FILTER_ASSIST,
	FILTER_SWEEP,
	FILTER_GC,
	FILTER_STW,
	FILTER_COMPLETE, /* of tasks and regions: both ends are in the trace, */
	FILTER_OPEN,     /* or not */
	FILTER_STATES,
};

extern const char *const filter_states[FILTER_STATES];

struct filter_term {
	uint8_t field;                  /* enum filter_field */
	uint8_t comparison;             /* enum filter_comparison */
	bool is_number;                 /* low and high count, else text or patterns */
	int64_t low, high;              /* ns, ids, a state; low..high with both */
	bool low_is_back, high_is_back; /* from the end of the trace */
	struct bytes text;              /* of the expression's copy */
	uint32_t first_pattern, patterns;
};

struct filter {
	struct arena arena;
	ARRAY(struct filter_node) nodes; /* the last is the whole */
	ARRAY(struct filter_term) terms;
	ARRAY(struct filter_pattern) patterns;
	uint32_t fields; /* that occur, a bit each: what a subject has to have */
};

/* Zero-initialized but for the budget of the arrays: use filter_init. False: err's offset is the
 * byte of the text that makes no sense. The empty text accepts everything. */
void filter_init(struct filter *filter, struct budget *budget);
bool filter_parse(struct filter *filter, struct bytes text, struct error *err);
void filter_free(struct filter *filter);

/* A stretch, as far as the filter's fields ask for it. */
struct filter_subject {
	const struct strings *strings;
	const struct stacks *stacks;
	int64_t begin_ns, end_ns;
	int64_t trace_end_ns;
	uint64_t g, p, m, task; /* FILTER_NONE */
	string_id name, reason, task_type;
	stack_id stack[2]; /* where it began and where it ended; 0 */
	const string_id *regions, *logs;
	size_t region_count, log_count;
	struct bytes label; /* of a GC worker */
	uint8_t state;      /* enum filter_state */
};

#define FILTER_NONE UINT64_MAX

static inline bool filter_asks(const struct filter *filter, enum filter_field field)
{
	return (filter->fields >> field & 1) != 0;
}

/* Each text is looked at once for each pattern, however many stretches have it: the filter learns.
 * What is too costly to match does not match. */
bool filter_accepts(struct filter *filter, const struct filter_subject *subject);

/* ---- between parsing and looking */

enum filter_comparison {
	FILTER_EQUAL,
	FILTER_UNEQUAL,
	FILTER_LESS,
	FILTER_AT_MOST,
	FILTER_MORE,
	FILTER_AT_LEAST,
	FILTER_MATCH,
	FILTER_NO_MATCH,
};

struct filter_node {
	enum { FILTER_ALL, FILTER_TERM, FILTER_NOT, FILTER_AND, FILTER_OR } kind;
	uint32_t a, b; /* nodes; of a term: its number */
};

struct filter_pattern {
	struct pattern pattern;
	bool is_gap;          /* ** of a stack */
	ARRAY(uint8_t) known; /* by string id: what became of it */
};

#endif
