/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_RESYNC_H
#define CORE_TRACE_RESYNC_H

#include "core/trace/batch_head.h"
#include "core/trace/source.h"

/* Searches the next batch of a v2 trace behind bytes that are none (reliability.md 4.3). What the
 * runtime writes has a size in a form that occurs nowhere else, so that it is found by that form;
 * in files that were rewritten two batches in a row have to fit. Each byte is looked at once. */

/* What is known of the trace before the search, for what fits. */
struct resync_near {
	uint64_t number; /* of the generation; 0: none is known */
	uint64_t ticks;  /* about the time */
	uint64_t apart;  /* how far from it the next may be */
	bool is_minimal; /* sizes are not padded in this file */
	bool has_marks;  /* generations end in a mark */
};

enum resync_result {
	RESYNC_BATCH, /* one begins at found */
	RESYNC_TRACE, /* another trace does */
	RESYNC_NONE,  /* nothing up to the end */
	RESYNC_WAIT,  /* more bytes are needed */
	RESYNC_ON,    /* a stretch was looked at, there is more */
};

struct resync {
	struct budget *budget;
	uint8_t *window; /* NULL: no search is on */
	uint64_t from;   /* nothing begins earlier */
	uint64_t at;     /* everything before was looked at */
	size_t stretch;  /* bytes to look at next */
	uint64_t need;   /* bytes the file must have before it is worth looking */
	uint64_t found;
};

void resync_begin(struct resync *resync, struct budget *budget, uint64_t from);
void resync_end(struct resync *resync);

/* Looks at the next stretch, of 64 KiB at most. */
enum resync_result resync_step(struct resync *resync, const struct source *source,
                               const struct resync_near *near);

/* Whether a header is of the generation that is known or the next, and of about its time. */
bool resync_fits(const struct resync_near *near, const struct batch_head *head);

/* Whether the header of a trace of our formats is there, and what is said of it then. */
bool resync_is_trace(struct bytes in);
#define RESYNC_OTHER_TRACE "another trace begins here; only the first is shown"

static inline bool resync_is_on(const struct resync *resync)
{
	return resync->window != NULL;
}

#endif
