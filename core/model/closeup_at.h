/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_CLOSEUP_AT_H
#define CORE_MODEL_CLOSEUP_AT_H

#include "core/model/feed.h"
#include "core/model/lane_build.h"
#include "core/model/part.h"

/* Inside of a close-up that is made. */

enum closeup_phase { CLOSEUP_WALK, CLOSEUP_ENDS, CLOSEUP_LANES, CLOSEUP_DONE };

struct closeup_job {
	struct budget *budget;
	const struct model *model;
	struct part *part;
	int64_t begin_ns, end_ns;
	part_time begin, end; /* the window; what touches it is in it */
	uint8_t phase;
	size_t at; /* in it */

	struct generation generation; /* a copy, as the index may grow meanwhile; */
	ARRAY(struct batch) batches;  /* likewise */
	struct timing timing;
	struct walk walk;
	struct feed feed;
	struct stretch stretch;
	int64_t stretch_ns; /* it is no longer */
	struct known known;
	u32_array stream_of; /* of each thread of the feed; INDEX_NONE: not walked */
	ARRAY(struct closeup_head { uint32_t part_own, own, go; })
	heads; /* who stands at the head of a stream: the part's number, ours, the trace's */

	struct history *history;
	u32_array orders;  /* of each run, the order of its open */
	u32_array last_of; /* of each goroutine: its run that came last, + 1 */
	stay_array stays;  /* all so far */
	call_array calls;
	piece_array pieces; /* of runs and their syscalls */

	/* what a thread is walked on for, behind the window */
	bool is_begun;
	event_ref run_ref, sweep_ref; /* to their ends; REF_NONE: they are at them */
	uint32_t run_g;
	size_t first_piece; /* of those that come of it */
	int64_t width_ns;
	uint64_t walked, most; /* bytes for that; those of a window */
	struct lane_build build;
};

/* closeup_runs.c: what was walked, to runs and pieces. */
void closeup_take(struct closeup_job *job);
void closeup_open_run(struct closeup_job *job, uint32_t g, uint32_t order, part_time time,
                      event_ref ref, enum run_open open, uint16_t proc);
void closeup_keep_stays(struct closeup_job *job, const struct stream *stream);
/* The run of those that were kept, from first on, has an end on its lane. */
void closeup_settle_stays(struct closeup_job *job, uint32_t g, size_t first);
void closeup_leave_open(struct closeup_job *job, const struct stream *stream);
bool closeup_finish_runs(struct closeup_job *job, part_time floor);

/* Who stands at the head of a stream in the part: the number here, new or known. */
void closeup_add_head(struct closeup_job *job, uint32_t part_own, uint32_t own);
uint32_t closeup_standin(struct closeup_job *job, uint32_t part_own);

#endif
