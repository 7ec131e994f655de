/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_HISTORY_H
#define CORE_MODEL_HISTORY_H

#include "core/model/changes.h"
#include "core/model/lane.h"
#include "core/model/pass.h"
#include "core/model/share.h"
#include "core/model/strand.h"
#include "core/model/turn.h"

/* A region of a goroutine that begins and ends in the generation; what lasts longer, the model has
 * (regions.h). */
typedef ARRAY(struct region {
	part_time begin, end; /* end: TIME_NONE: the model has it */
	uint32_t g;
	uint32_t outer; /* the region around it; INDEX_NONE */
	uint64_t task;
	string_id name;
	stack_id stacks[2]; /* at its begin and end */
	bool ends_with_go;  /* nobody ended it before its goroutine did */
}) region_array;

typedef ARRAY(struct log_note {
	part_time time;
	uint32_t g;
	uint64_t task;
	string_id category, message;
	stack_id stack;
	uint16_t proc; /* PROC_NONE */
}) log_array;

/* When a thread took a P, or let go of it; of one that was taken away from another it is the taker.
 */
typedef ARRAY(struct proc_move {
	uint64_t m;
	part_time time;
	uint16_t proc;
	bool is_start;
}) proc_move_array;

/* The records of one generation, in order: what deep zoom and the detail pane read. Made by a job
 * when it is wanted; dropped when memory is short, and made again. One for a pass is nobody else's:
 * of runs and wake-ups it has those that turns refer to, ranges inside of runs but for syscalls,
 * and what else was asked for. */
enum { HISTORY_MOMENTS = 3 };

struct history {
	struct budget *budget;
	ARRAY(struct run) runs; /* by their begin, about */
	ARRAY(struct wake) wakes;
	ARRAY(uint64_t) reasons; /* own string ids, by the runs' reasons */
	struct lanes lanes;
	struct strands strands;
	region_array regions;       /* those of a goroutine together, as they were begun */
	u64_array regions_of_gos;   /* own goroutines, ascending, and the first of each in the low
	                             * half */
	log_array logs;             /* by time */
	u32_array logs_of_gos;      /* the same by goroutine, then time */
	proc_move_array proc_moves; /* those of a P together, in order */
	struct changes changes;     /* in order */
	metric_array heap;          /* how large it was from then on, in no order */
	ARRAY(uint32_t) go_of;      /* own goroutine -> the trace's; by the seam */
	ARRAY(struct history_life { /* ids that come again in the part: each later life, in order */
				    uint32_t own;
				    part_time begin;
	})
	lives;
	ARRAY(struct thread_run {                  /* by thread, then begin (thread_spans.c) */
				  uint32_t thread; /* in the model's threads */
				  part_time begin;
				  uint32_t run;
	})
	threads;
	bool has_threads;                   /* they were asked for */
	u32_array moments[HISTORY_MOMENTS]; /* times, ascending (moments.h) */
	bool has_moments;                   /* likewise */
	ARRAY(struct late_wake { /* of waits that began in a part before, which tells why */
				 part_time time;
				 uint32_t go;
	})
	late_wakes;
	uint8_t pass;           /* enum pass_need: it has no more than that, for a pass; 0: all */
	struct go_share share;  /* then: of these goroutines */
	turn_array turns;       /* then */
	u32_array told_records; /* that turns refer to */
	uint64_t bytes;         /* it takes */
	uint64_t last_used;     /* for dropping the oldest */
};

struct history *history_new(struct budget *budget);
void history_free(struct history *history);

/* An empty one in place of one of a pass, with the memory of what takes most there. */
struct history *history_renew(struct history *old);

/* Gives back what its arrays have too much, as it stays a while. */
void history_trim(struct history *history);

/* A syscall inside a run that came back with the P, as a piece for its lane: the run's times are
 * clamped, and what is inside stays inside. */
void history_add_stay(piece_array *pieces, const struct run *run, const struct stay *stay);

#endif
