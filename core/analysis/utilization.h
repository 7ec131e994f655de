/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_UTILIZATION_H
#define CORE_ANALYSIS_UTILIZATION_H

#include "core/base/array.h"

/* How much of the Ps the program has for itself - the share that neither the GC nor a stop of the
 * world takes (mutator utilization) -, as a function of time; and what of it is left in the worst
 * windows of a length (go-tool-trace.md 10; Cheng and Blelloch, PLDI 2001). Windows slide over all
 * of it: their mean is piecewise linear, and bends only where an edge of them meets a change. So it
 * is exact, and a length costs a look at all changes. */

struct utilization {
	ARRAY(struct utilization_point {
		int64_t time_ns;
		double share; /* 0 to 1, from then on */
	})
	points;             /* by time; the last one ends it */
	ARRAY(double) sums; /* ns for the program, up to each of them: made by the end */
};

/* Several of them - one a P - are one curve: the worst of all counts. */
struct utilizations {
	struct utilization *items;
	size_t count;
};

void utilization_init(struct utilization *u, struct budget *budget);
void utilization_free(struct utilization *u);

/* From a time on, which is not before the one before; of several at one time the last counts. */
void utilization_add(struct utilization *u, int64_t time_ns, double share);
void utilization_end(struct utilization *u, int64_t time_ns);

/* What it covers; 0: nothing. */
int64_t utilization_length(const struct utilization *u);

/* The lowest mean of any window: the minimum mutator utilization (MMU). One that is shorter than
 * the window counts as a whole. */
double utilization_least(struct utilizations us, int64_t window_ns);

/* What all windows but these shares have at least: of all places where a window can be, ascending
 * shares up to UTILIZATION_SHARES. The least where no window slides. */
enum { UTILIZATION_SHARES = 3 };
void utilization_quantiles(struct utilizations us, struct budget *budget, int64_t window_ns,
                           const double shares[UTILIZATION_SHARES],
                           double found[UTILIZATION_SHARES]);

struct utilization_window {
	int64_t begin_ns;
	double share;
};

/* The worst windows that do not overlap, the worst first, of those that are equal the earliest;
 * none that are the program's alone. Returns how many. */
size_t utilization_worst(struct utilizations us, int64_t window_ns,
                         struct utilization_window *windows, size_t max);

#endif
