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

/* No time is later (73 years), so that sums of two are safe. */
#define CLOCK_MAX_NS (INT64_C(1) << 61)

#define CLOCK_USUAL_FREQUENCY 15625000 /* units a second, on every system but Windows */

/* Of a frequency that is not 0. */
struct clock clock_of_frequency(uint64_t frequency);

/* False if the frequency is not one that any clock has (1 kHz to 10 GHz); then the usual one. */
bool clock_set(struct clock *clock, uint64_t frequency);

/* Truncated to ns; what is out of range, the largest time. */
static inline int64_t clock_ns(const struct clock *clock, uint64_t ticks)
{
	double ns;

	if (clock->whole != 0 && ticks < (UINT64_C(1) << 40))
		return (int64_t)(ticks * clock->whole);
	ns = (double)ticks * clock->ns_per_tick;
	return ns >= 0 && ns < (double)CLOCK_MAX_NS ? (int64_t)ns : CLOCK_MAX_NS;
}

#endif
