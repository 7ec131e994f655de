/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/clock.h"

struct clock clock_of_frequency(uint64_t frequency)
{
	struct clock clock = { .ns_per_tick = 1.0 / ((double)frequency / 1e9) };

	/* of slow clocks Go's number is a bit less than the whole one that it should be */
	if (1000000000 % frequency == 0 &&
	    clock.ns_per_tick == (double)(1000000000 / frequency))
		clock.whole = 1000000000 / frequency;
	return clock;
}

bool clock_set(struct clock *clock, uint64_t frequency)
{
	bool good = frequency >= 1000 && frequency <= UINT64_C(10000000000);

	*clock = clock_of_frequency(good ? frequency : CLOCK_USUAL_FREQUENCY);
	return good;
}
