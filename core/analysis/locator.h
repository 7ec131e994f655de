/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_LOCATOR_H
#define CORE_ANALYSIS_LOCATOR_H

#include "core/base/bytes.h"

/* A place in a trace as a short text that people can send each other: "t=412.1ms+3ms,g=21". Parts,
 * in any order, between commas:
 *
 *	t=T or t=T+T   the moment, or begin and length of the window; T as time_text_parse has it
 *	g=N p=N m=N    the lane: of a goroutine, P or thread; or task=N
 *	in=ROW         its row below: regions, regions1, regions2, marks or starts
 *	row=gc|stw     or a row without a lane
 *	s=T            begin of what is selected there
 */
enum locator_of {
	LOCATOR_NOTHING,
	LOCATOR_GO,
	LOCATOR_PROC,
	LOCATOR_THREAD,
	LOCATOR_TASK,
	LOCATOR_GC,
	LOCATOR_STW
};

/* The rows below a lane, of what the program says and of Ps that threads take. */
enum locator_in {
	LOCATOR_IN_LANE,
	LOCATOR_IN_REGIONS,
	LOCATOR_IN_REGIONS_1, /* those inside of others */
	LOCATOR_IN_REGIONS_2,
	LOCATOR_IN_MARKS,
	LOCATOR_IN_STARTS,
	LOCATOR_INS,
};

struct locator {
	int64_t begin_ns, length_ns, selected_ns;
	bool has_time, has_length, has_selected;
	uint8_t of; /* enum locator_of */
	uint8_t in; /* enum locator_in */
	uint64_t id;
};

/* False: it is none, or *wrong_at says from which byte on. At least one part must be there. */
bool locator_parse(struct bytes text, struct locator *locator, size_t *wrong_at);

enum { LOCATOR_TEXT_MAX = 160 };
const char *locator_text(char out[LOCATOR_TEXT_MAX], const struct locator *locator);

#endif
