/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/clock.h"

bool clock_set(struct clock *clock, uint64_t frequency)
{
	bool good = frequency >= 1000 && frequency <= UINT64_C(10000000000);

	if (!good)
		frequency = CLOCK_USUAL_FREQUENCY;
	clock->ns_per_tick = 1.0 / ((double)frequency / 1e9);
	clock->whole = 1000000000 % frequency == 0 ? 1000000000 / frequency : 0;
	return good;
}
