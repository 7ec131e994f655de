/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_CLOCK_H
#define CORE_TRACE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* From clock units of a generation to ns (Go: internal/trace/base.go, frequency.mul). */
struct clock {
	double ns_per_tick;
	uint64_t whole; /* the same where it is a whole number, as everywhere but on Windows; else 0
	                 */
};

#define CLOCK_USUAL_FREQUENCY 15625000 /* units a second, on every system but Windows */

/* False if the frequency is not one that any clock has (1 kHz to 10 GHz); then the usual one. */
bool clock_set(struct clock *clock, uint64_t frequency);

/* Truncated to ns; what is out of range, the largest time. */
static inline int64_t clock_ns(const struct clock *clock, uint64_t ticks)
{
	double ns;

	if (clock->whole != 0 && ticks < (UINT64_C(1) << 42))
		return (int64_t)(ticks * clock->whole);
	ns = (double)ticks * clock->ns_per_tick;
	return ns >= 0 && ns < 9.2e18 ? (int64_t)ns : INT64_MAX;
}

#endif
