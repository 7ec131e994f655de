/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_CHANGES_H
#define CORE_MODEL_CHANGES_H

#include "core/base/radix.h"
#include "core/model/records.h"

/* The steps of the numbers of goroutines and Ps in each state, of one generation in order of time.
 * They are found goroutine by goroutine; sorted a stretch of time at a time, where the cache holds
 * it. */

/* A step of the number of goroutines or Ps in a state. */
enum change {
	CHANGE_READY,      /* waiting or born -> runnable */
	CHANGE_START,      /* runnable -> running; a syscall counts as running */
	CHANGE_WAKE_START, /* waiting or born -> running */
	CHANGE_STOP,       /* running -> waiting or dead */
	CHANGE_PREEMPT,    /* running -> runnable */
	CHANGE_UNREADY,    /* runnable -> none of both, where something is missing */
	CHANGE_GC_WAIT,    /* begins to wait in a mark assist */
	CHANGE_GC_WAIT_END,
	CHANGE_PROC_START,
	CHANGE_PROC_STOP,
	CHANGE_CALL, /* a thread enters a syscall */
	CHANGE_CALL_END,
	CHANGE_NONE,
	CHANGES,
};

enum count { COUNT_RUNNING, COUNT_RUNNABLE, COUNT_GC_WAIT, COUNT_PROCS, COUNT_CALLS, COUNTS };

/* What a change adds to each count. */
extern const int32_t change_adds[CHANGES][COUNTS];

enum { CHANGE_STRETCHES = 64 };

/* The same of those that moves and threads change, side by side, as a machine adds and compares
 * them at once. */
enum { TALLY_RUNNING, TALLY_RUNNABLE, TALLY_GC_WAIT, TALLY_CALLS, TALLIES };
typedef int16_t change_tally __attribute__((vector_size(TALLIES * sizeof(int16_t))));
extern const change_tally change_tallies[CHANGES];

/* A change in 32 bits: its time since the begin of its stretch, then four bits of enum change. */
struct changes {
	u32_array stretch[CHANGE_STRETCHES];
	uint32_t expected[CHANGE_STRETCHES]; /* changes that will be added */
	unsigned bits; /* a stretch is 2^bits part_times long */
	/* after sorting: what the counts are before every CHANGE_BLOCK-th change of a stretch, and
	 * how far below and above that until the last of the block; what is over in no time does not
	 * count, and least > most if nothing does */
	ARRAY(struct change_mark {
		int32_t counts[COUNTS];
		int8_t least[COUNTS], most[COUNTS];
	}) marks;
	uint32_t first_mark[CHANGE_STRETCHES];
};

enum { CHANGE_BITS = 4, CHANGE_BLOCK = 64 };

void changes_init(struct changes *changes, struct budget *budget);
void changes_free(struct changes *changes);

/* Empties it, for a part that is so long. Then all changes are expected, then added: so there is no
 * more room than they take. */
void changes_clear(struct changes *changes, part_time last);
void changes_make_room(struct changes *changes);
/* In steps, from 0 on; false: that was the last. counts: at the begin of the part. */
bool changes_sort(struct changes *changes, u32_array *room, const int32_t counts[COUNTS],
                  size_t step);
size_t changes_bytes(const struct changes *changes);
size_t changes_count(const struct changes *changes);

static inline void changes_expect(struct changes *changes, part_time time)
{
	changes->expected[time >> changes->bits]++;
}

static inline void changes_add(struct changes *changes, part_time time, enum change change)
{
	part_time within = time & (part_time)((UINT64_C(1) << changes->bits) - 1);

	*array_push(&changes->stretch[time >> changes->bits]) =
		within << CHANGE_BITS | (uint32_t)change;
}

/* Going through them in order, from a time on. */
struct change_cursor {
	const struct changes *changes;
	uint32_t stretch;
	size_t at;
};

struct change_cursor changes_from(const struct changes *changes, part_time time);

/* The value of a count just before the cursor; at the end of a stretch of its last block. */
int64_t changes_value(const struct change_cursor *cursor, enum count count);

/* Looks at the next one; false at the end. change_step goes past it. */
static inline bool change_look(struct change_cursor *cursor, part_time *time, enum change *change)
{
	const struct changes *changes = cursor->changes;
	uint32_t item;

	while (cursor->at == changes->stretch[cursor->stretch].count) {
		if (cursor->stretch + 1 == CHANGE_STRETCHES)
			return false;
		cursor->stretch++;
		cursor->at = 0;
	}
	item = changes->stretch[cursor->stretch].items[cursor->at];
	*time = (part_time)(((uint64_t)cursor->stretch << changes->bits) + (item >> CHANGE_BITS));
	*change = (enum change)(item & ((1 << CHANGE_BITS) - 1));
	return true;
}

static inline void change_step(struct change_cursor *cursor)
{
	cursor->at++;
}

/* Whether a whole block begins at the cursor, and when its last change is. change_step_block goes
 * past it. */
static inline bool change_look_block(const struct change_cursor *cursor, part_time *last)
{
	const struct changes *changes = cursor->changes;
	const u32_array *stretch = &changes->stretch[cursor->stretch];

	if (cursor->at % CHANGE_BLOCK != 0 || stretch->count - cursor->at < CHANGE_BLOCK)
		return false;
	*last = (part_time)(((uint64_t)cursor->stretch << changes->bits) +
	                    (stretch->items[cursor->at + CHANGE_BLOCK - 1] >> CHANGE_BITS));
	return true;
}

/* Of the block that the cursor is in. */
static inline const struct change_mark *change_mark_of(const struct change_cursor *cursor)
{
	return &cursor->changes->marks.items[cursor->changes->first_mark[cursor->stretch] +
	                                     cursor->at / CHANGE_BLOCK];
}

static inline void change_step_block(struct change_cursor *cursor)
{
	cursor->at += CHANGE_BLOCK;
}

#endif
