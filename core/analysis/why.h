/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_WHY_H
#define CORE_ANALYSIS_WHY_H

#include "core/analysis/why_stay.h"
#include "core/base/error.h"
#include "core/model/holders.h"

/* Why a goroutine did not run for a while: who ended its wait, and what that one had done from the
 * begin of the wait on; where that was to wait, too, who ended that; and so on, back in time. Each
 * step is a stretch of one goroutine; those that explain a wait lie inside of it, from its end
 * backwards, and do not lap. What is shorter than a tenth of what is asked for is told in sums.
 *
 * It looks at the histories of the parts that are involved and of no others:
 *
 *	why_begin(&why, model, id, time_ns, budget);
 *	while ((place = why_step(&why)) != WHY_OVER)
 *		if (place == WHY_NEEDS) there have to be the histories of [why.first, why.end)
 *	why.steps, unless why.error
 *	why_free(&why);
 */
enum { WHY_STEPS = 100, WHY_DEPTH = 40, WHY_PART = 10 /* of what is asked for, as above */ };
enum { WHY_PATH_STEPS = 2000, WHY_PATH_PART = 1000 };

/* Why it goes no further. */
enum why_stop { WHY_GOES_ON, WHY_LOOP, WHY_TOO_DEEP };

struct why_row {
	struct why_stay stay;
	uint32_t above;    /* the row that it explains; INDEX_NONE: it is what is asked for */
	uint32_t depth;    /* 0: that */
	uint8_t stop;      /* enum why_stop */
	bool is_explained; /* the next ones are known: */
	struct why_mix meanwhile; /* what who ended it did in this time */
	int64_t held_since_ns;    /* since when that one had the lock; TIME_UNKNOWN */
	struct holders holders;   /* of the Ps, while it was runnable; all_ns 0: not known */
};

struct why {
	const struct model *model;
	struct budget *budget;
	struct follow follow;
	uint8_t phase;
	int64_t time_ns;  /* asked for */
	int64_t least_ns; /* that is told of */
	size_t most;      /* steps */
	bool is_path;
	struct why_stay asked;
	bool has_asked;
	uint32_t first, end; /* parts whose histories are needed */
	ARRAY(struct why_row) steps;
	ARRAY(struct why_row) pending; /* the latest last: to be looked at next */

	/* of who ended the last wait, in its time */
	ARRAY(struct why_stay) found;
	bool is_awaited;    /* what ended the last one found */
	bool has_begun;     /* something was told */
	struct told lock;   /* the last wait for the same lock; SPAN_NONE */
	struct error error; /* ERROR_USAGE: what is asked for is not there, or it ran */
};

enum why_place { WHY_MORE, WHY_NEEDS, WHY_OVER };

/* Of a goroutine by its id, at a time of the trace, which is whole. */
void why_begin(struct why *why, const struct model *model, uint64_t id, int64_t time_ns,
               struct budget *budget);

/* Instead: what a goroutine did in a stretch of time, and who ended its waits, and so on. The first
 * step stands for the stretch itself, with whom as who ended it. Shares down to WHY_PATH_PART are
 * told apart. */
void why_begin_path(struct why *why, const struct model *model, uint32_t go, int64_t begin_ns,
                    int64_t end_ns, struct budget *budget);
void why_free(struct why *why);

/* About a millisecond of it, most often. */
enum why_place why_step(struct why *why);

/* The histories that it needs cannot all be had: it goes on without where that is possible; false:
 * there is no answer. */
bool why_do_without(struct why *why);

/* For who only wants to know what is asked for: steps before that is why.asked. */
bool why_has_asked(const struct why *why);

#endif
