/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/clock.h"

struct clock clock_of_frequency(uint64_t frequency)
{
	return (struct clock){
		.ns_per_tick = 1.0 / ((double)frequency / 1e9),
		.whole = 1000000000 % frequency == 0 ? 1000000000 / frequency : 0,
	};
}

bool clock_set(struct clock *clock, uint64_t frequency)
{
	bool good = frequency >= 1000 && frequency <= UINT64_C(10000000000);

	*clock = clock_of_frequency(good ? frequency : CLOCK_USUAL_FREQUENCY);
	return good;
}
