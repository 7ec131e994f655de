/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_PASS_H
#define CORE_MODEL_PASS_H

/* What a pass over the parts of a trace needs of each. Where nothing is lost, what is told of one
 * kind of stays does not depend on whether others are needed; but for syscalls that come back, that
 * end a run only if they are. */
enum pass_need {
	PASS_RUNS = 1, /* of goroutines: turns that such stays begin or end with; */
	PASS_CALLS = 2,
	PASS_WAITS = 4,
	PASS_READY = 8,
	PASS_STAYS = PASS_RUNS | PASS_CALLS | PASS_WAITS | PASS_READY,
	PASS_SAID = 16,   /* what the program says: regions and logs; */
	PASS_RANGES = 32, /* inside of runs, which all others have, too; when threads took Ps; */
	PASS_COUNTS = 64, /* how many goroutines run and are runnable, and Ps are busy (changes.h); */
	PASS_WHOLE = 128, /* histories, and nothing less */
};

#endif
