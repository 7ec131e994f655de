/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/clock.h"

#include "tests/tap.h"

static void the_usual_clock_counts_64_ns(void)
{
	struct clock clock;

	ok(clock_set(&clock, CLOCK_USUAL_FREQUENCY), "it is a frequency");
	is_i64(clock_ns(&clock, 1), 64, "one unit");
	is_i64(clock_ns(&clock, UINT64_C(1) << 50), INT64_C(1) << 56, "many units");
	is_i64(clock_ns(&clock, UINT64_MAX), CLOCK_MAX_NS, "too many are the largest time");
}

static void odd_clocks_are_truncated_as_go_does(void)
{
	struct clock clock;

	clock_set(&clock, 24000000);
	is_i64(clock_ns(&clock, 1), 41, "41.67 ns");
	is_i64(clock_ns(&clock, 3), 125, "three of them");
	clock_set(&clock, 10000000000u);
	is_i64(clock_ns(&clock, 19), 1, "tenths of a ns");
}

static void what_is_no_frequency(void)
{
	static const uint64_t odd[] = { 0, 999, 10000000001u, UINT64_MAX };
	struct clock clock;

	for (size_t i = 0; i < 4; i++)
		ok(!clock_set(&clock, odd[i]) && clock_ns(&clock, 1) == 64,
		   "%" PRIu64 " Hz is none: the usual one is taken", odd[i]);
	ok(clock_set(&clock, 1000) && clock_ns(&clock, 1) == 1000000, "1 kHz is one");
}

static void whole_and_broken_agree(void)
{
	struct clock clock, broken;
	bool good = true;

	clock_set(&clock, CLOCK_USUAL_FREQUENCY);
	broken = clock;
	broken.whole = 0;
	for (uint64_t ticks = 1; ticks < UINT64_C(1) << 46; ticks = ticks * 3 + 1)
		good = good && clock_ns(&clock, ticks) == clock_ns(&broken, ticks);
	ok(good, "the short way gives what floating point does");
}

int main(void)
{
	the_usual_clock_counts_64_ns();
	odd_clocks_are_truncated_as_go_does();
	what_is_no_frequency();
	whole_and_broken_agree();
	return tap_done();
}
