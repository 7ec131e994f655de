/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HARM_H
#define TESTS_HARM_H

#include "tests/trace_text.h"

/* Damage to a trace, as disks, copies, killed programs and other people's tools do it: bits flip,
 * stretches are cut out, doubled, zeroed, swapped or overwritten; and as only somebody who knows
 * the format would: whole batches go, come twice, change their place, thread, generation or time.
 * The same seed gives the same damage. */

struct harm {
	uint64_t seed; /* not 0 */
};

/* A number below. */
uint64_t harm_draw(struct harm *harm, uint64_t below);

/* Does one to four kinds of damage to bytes; their budget is set. */
void harm_do(struct harm *harm, byte_array *bytes);

#endif
