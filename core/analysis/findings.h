/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_FINDINGS_H
#define CORE_ANALYSIS_FINDINGS_H

#include "core/analysis/finding_limits.h"
#include "core/analysis/locator.h"
#include "core/base/array.h"
#include "core/model/model.h"

/* Where to look first: what took goroutines the most time that they had use for, ranked by that
 * (answers.md, findings). One row is one cause, at its worst place; how often and how long it was
 * in all is told with it. */

enum finding_kind {
	FINDING_STW,
	FINDING_STRAGGLER,
	FINDING_ASSIST,
	FINDING_SWEEP,
	FINDING_RUNNABLE,
	FINDING_IDLE,
	FINDING_SERIAL,
	FINDING_STALL,
	FINDING_CONVOY,
	FINDING_CALL,
	FINDING_BURST,
	FINDING_NO_YIELD,
	FINDING_HEAP,
	FINDING_LOST,
	FINDING_KINDS,
};

extern const char *const finding_names[FINDING_KINDS];

struct finding {
	uint8_t kind;             /* enum finding_kind */
	int64_t begin_ns, end_ns; /* the worst of it */
	int64_t at_ns;            /* when to look at whom it is about */
	bool is_alarm;            /* worth more than a hundredth, and to be said unasked */
	int64_t cost_ns;          /* goroutines x how long, of all of it */
	uint32_t go, proc;        /* whom it is about; INDEX_NONE */
	stack_id stack;           /* where; 0 */
	struct bytes subject, sentence;
};

struct findings {
	struct arena arena;          /* of the texts */
	ARRAY(struct finding) items; /* by rank */
	const struct model *model;
	int64_t worth_all_ns; /* the length of the trace, times its Ps */
	struct findings_rest {
		uint64_t count;
		int64_t cost_ns;
	} rest[FINDING_KINDS]; /* what is only counted */
};

/* Cost as a share of all that Ps could have done, in millionths. */
int64_t finding_worth(const struct findings *findings, const struct finding *finding);

/* Where it is: the window around it, its row and what is selected there. */
const char *finding_locator(char out[LOCATOR_TEXT_MAX], const struct findings *findings,
                            const struct finding *finding);

/* Of the list of analyses. */
enum findings_form { FINDINGS_ALL, FINDINGS_TRIAGE };
enum { TRIAGE_FINDINGS = 10 };

/* Of that state, too: what half of the waits for a P, nine of ten, 99 of a hundred and 999 of a
 * thousand do not exceed, to a five-hundredth, and the longest. */
const int64_t *findings_sched_ns(const void *state, int64_t *most_ns);

/* Of that state: whether one lies in the stretch that was asked for, and passes the filter. */
bool findings_are_asked_for(const void *state, const struct finding *finding);

/* From the state of the pass analysis_findings, once it has been made; NULL with an error: memory
 * was too short. They live as long as that. */
const struct findings *findings_of(void *state, struct error *err);

#endif
