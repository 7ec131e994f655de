/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_EVERY_EVENT_H
#define CORE_EXPORT_EVERY_EVENT_H

#include "core/trace/event.h"
#include "core/trace/index.h"

/* All events of a trace in Go's order, of v1 and v2. */
struct every_event {
	struct budget *budget;
	const struct index *index; /* whole, with empty batches; of v1 its version alone */
	const struct source *source;
	bool is_strict; /* refuses what Go refuses */

	/* Takes one; false: no more are wanted. */
	bool (*take)(void *context, const struct event *event);
	void *context;
};

/* *damage gets what is lost, *records how many but for Sync were taken. *err says, strict, what is
 * refused, and if memory did not do. */
void every_event(const struct every_event *every, struct damage *damage, uint64_t *records,
                 struct error *err);

#endif
