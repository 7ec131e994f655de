/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_SEAM_H
#define CORE_MODEL_SEAM_H

#include "core/model/job.h"
#include "core/model/seams.h"
#include "core/model/stitch.h"

/* Inside of the stitcher: what its files share while they join one part. */

struct seam {
	struct model *model;
	struct seams *seams;
	struct part *part;
	struct walk *walk;
	struct account *account;
	bool is_first;
	bool is_whole;        /* nothing is missing: all who live in it are named */
	bool is_doubtful;     /* what it tells does not go with what was before */
	uint64_t headless;    /* goroutines without a status or a creation: something is missing */
	int64_t lost_from_ns; /* since when something of the part is; INT64_MAX: nothing */
};

static inline int64_t seam_ns(const struct seam *seam, part_time time)
{
	return part_ns(seam->part, time);
}

/* A length in part_time units. */
static inline int64_t seam_len(const struct seam *seam, int64_t units)
{
	return units * (INT64_C(1) << seam->part->shift);
}

/* The trace's number of the part's goroutine; INDEX_NONE stays. */
static inline uint32_t seam_go(const struct seam *seam, uint32_t own)
{
	return own == INDEX_NONE ? INDEX_NONE : seam->seams->go_of.items[own];
}

/* The same at a time: an id may come again, though it seldom does. */
uint32_t seam_go_among(const struct seam *seam, uint32_t own, part_time time);

static inline uint32_t seam_go_at(const struct seam *seam, uint32_t own, part_time time)
{
	return seam->seams->past.count > 0 ? seam_go_among(seam, own, time) : seam_go(seam, own);
}

/* What the part's own goroutine of a time did in it. */
const struct go_delta *seam_delta_at(const struct seam *seam, uint32_t own, part_time time);

/* Puts own numbers, or indexes into past lives, in the order of ids: numbers of the trace are given
 * out in that order, so that they do not depend on how the part was walked, and that neighbours
 * stand together. */
void seam_sort_by_id(const struct seam *seam, u32_array *items, bool of_past);

/* A moment of the trace in the part's units, not before it. */
part_time seam_floor(const struct seam *seam, int64_t floor_ns);

static inline uint32_t seam_proc(const struct seam *seam, uint16_t own)
{
	return own == PROC_NONE ? INDEX_NONE : seam->seams->proc_of.items[own];
}

/* A goroutine of the trace that was not known. */
uint32_t seam_new_go(struct seam *seam, uint64_t id);

/* It is the last of its id from now on: to be found by that. */
void seam_set_go(struct model *model, uint64_t id, uint32_t go);

/* It lives: what it does is remembered from now on; and no more. */
struct live *seam_begin_live(struct model *model, uint32_t go, int64_t now_ns);
void seam_end_live(struct model *model, uint32_t go);

/* What a goroutine does; NULL: it is dead. Valid until the next join. */
struct live *seam_live(struct model *model, uint32_t go);

/* Books what go has done since since_ns, up to now_ns. */
void seam_leave(struct model *model, uint32_t go, int64_t now_ns);

/* The assist of a goroutine, as far as it is drawn on its P since before the part, ends then. */
void seam_clip_assist(struct model *model, uint32_t go, int64_t end_ns);

/* When it left its P, if it went on with what it does until then: no later than a syscall lost it.
 */
int64_t seam_lane_end(const struct live *live, int64_t until_ns);

/* A syscall of a run that began in an earlier part, as the lane of its P has it. */
void seam_end_call(struct model *model, uint32_t go, int64_t until_ns, uint32_t part);

/* Ends a run that began in an earlier part, on its P's lane. */
void seam_end_run(struct model *model, uint32_t go, int64_t end_ns, uint32_t part, event_ref ref);

/* What it does is not known from then on. */
void seam_lose_go(struct seam *seam, uint32_t go, int64_t known_ns);

void seam_join_procs(struct seam *seam);     /* Ps: first, as they know who lost one */
void seam_join_heads(struct seam *seam);     /* runs at the heads of streams: of whom is known */
void seam_join_new_heads(struct seam *seam); /* and of whom the part tells first */
void seam_join_past(struct seam *seam);      /* lives before the last of their ids */
void seam_name_past(struct seam *seam);      /* their parents, when all have numbers */
/* Some of those that live in the part alone, and of all others, from *at on; false: that was all.
 */
bool seam_join_wholes(struct seam *seam, size_t *at);
bool seam_join_others(struct seam *seam, size_t *at);
/* What is counted of the part (census.h): runs of one that is joined, by the name or the goroutine;
 * and the rest. */
void seam_count_name(struct seam *seam, string_id name, uint32_t runs);
void seam_count_go(struct seam *seam, uint32_t go, uint32_t runs);
void seam_end_census(struct seam *seam);

void seam_sort_backs(struct seam *seam);    /* what is known of the part before: all is there */
void seam_end_lost_runs(struct seam *seam); /* of those whose syscalls lost their P and go on */
/* What a goroutine did in the part, or first did. */
void seam_join_go(struct seam *seam, uint32_t go, uint32_t own, struct go_delta *delta);
void seam_name_parent(struct seam *seam, uint32_t go, const struct go_delta *delta);
/* Whether it was there: one that blocks for ever has ended, and is said to wait still. */
bool seam_tells_of_life(const struct go_delta *delta);
/* One that was said to have ended, and is told of again, has not. */
void seam_revive(struct seam *seam, uint32_t go, const struct go_delta *delta);

/* The same of a P. */
void seam_believe_proc(struct seam *seam, const struct proc_delta *delta, struct model_proc *proc);

/* Since when something of the part is missing, as far as the file tells. */
int64_t seam_find_loss(const struct seam *seam, const struct timing *timing);

/* What it tells of a goroutine's begin is so, whatever was known before. */
void seam_believe_head(struct seam *seam, uint32_t go, const struct go_delta *delta);
void seam_lose_runs(struct seam *seam);     /* of before, that nothing tells the end of */
void seam_settle_loss(struct seam *seam);   /* who is not named in a whole part has ended */
void seam_finish_loss(struct model *model); /* what is not known of the trace's end */
void seam_note_loss(struct seam *seam, const struct timing *timing); /* of the part */
void seam_add_runs(struct seam *seam);                               /* what goroutines did on Ps */
void seam_join_threads(struct seam *seam);                           /* what they hold at the end */
void seam_join_ranges(struct seam *seam);             /* stops, cycles, assists, GOMAXPROCS */
bool seam_join_pieces(struct seam *seam, size_t *at); /* assists and sweeps within: some */
bool seam_join_notes(struct seam *seam, size_t *at);  /* tasks, some, and regions that go on */
bool seam_join_sweeps(struct seam *seam, size_t *at); /* some of the other sweeps */
void seam_bury(struct seam *seam);                    /* forgets what the dead were doing */
void seam_join_runnable(struct seam *seam);
/* Its first changes are not before floor, as far as there is memory for it. */
void seam_floor_runnable(struct seam *seam, const struct go_delta *delta, part_time floor);
void seam_finish_runnable(struct model *model);

/* Heap and goal of a part; what is known for sure of cycles then; and the rest in the end, when
 * cycles have their ends. */
void seam_join_cycles(struct seam *seam);           /* mark phases */
bool seam_join_heap(struct seam *seam, size_t *at); /* some of it */
void seam_settle_heap(struct model *model, int64_t until_ns);
void seam_finish_heap(struct model *model);

/* Its times are those recorded, the goroutine's may have been clamped: it ends not before it
 * begins, and has not run for longer. */
void seam_end_assist(struct assist *assist, int64_t end_ns, int64_t on_cpu_ns);

/* Charges a stop to its holder's ranges. */
void seam_charge_stop(struct model *model, const struct stw *stop);

#endif
