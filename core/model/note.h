/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_NOTE_H
#define CORE_MODEL_NOTE_H

#include "core/base/radix.h"
#include "core/model/records.h"

/* What a program says of itself while it runs (Go: runtime/trace): begins and ends of regions,
 * which belong to a goroutine and nest; logs; begins and ends of tasks. */
enum note_kind { NOTE_REGION_BEGIN, NOTE_REGION_END, NOTE_LOG };

/* As the walk finds it, with its recorded time. Texts and stacks: own ids, or the trace's where a
 * history is made. */
struct note {
	uint64_t task;
	part_time time;
	uint32_t g;
	uint32_t order; /* the run's in its goroutine's life */
	uint32_t name;  /* of a region; the category of a log */
	uint32_t text;  /* of a log: its message */
	uint32_t stack;
	uint16_t proc;
	uint8_t kind; /* enum note_kind */
};

typedef ARRAY(struct note) note_array;

/* With its end, if that was found after it in the part: of several ends the last. */
struct task_begin {
	uint64_t task, parent;
	part_time time, end; /* end: TIME_NONE */
	uint32_t g, end_go;  /* INDEX_NONE */
	uint32_t name, stack;
};

/* Another one. */
struct task_end {
	uint64_t task;
	part_time time;
	uint32_t g; /* INDEX_NONE */
};

/* Notes, which come thread by thread, in the order of each goroutine's life, and the mates of
 * regions: the one begun last ends first, whatever it is called. Found in steps:
 *
 *	note_match_begin(&match, &notes, lives)
 *	while (note_match_step(&match)) ;
 *
 * A life is the goroutine, or what life says of each note. */
struct note_match {
	const note_array *notes;
	u32_array life;        /* of each note, if it is filled in before the first step */
	size_t lives;          /* how many there may be */
	u32_array first;       /* of each life: its first key */
	u64_array keys;        /* in order, life by life: the order, the note, its kind */
	u32_array mate, outer; /* of each key: the other end's, and of a begin that of the region
	                        * around it; INDEX_NONE */
	unsigned phase;
	size_t at; /* in it: a note, or a life */
};

enum { NOTE_KIND_BITS = 2, NOTES_MAX = 1 << 30 /* what is behind them is not matched */ };

static inline uint32_t note_at(uint64_t key)
{
	return (uint32_t)key >> NOTE_KIND_BITS;
}

static inline enum note_kind note_kind(uint64_t key)
{
	return (enum note_kind)(key & ((1 << NOTE_KIND_BITS) - 1));
}

void note_match_init(struct note_match *match, struct budget *budget);
void note_match_free(struct note_match *match);

void note_match_begin(struct note_match *match, const note_array *notes, size_t lives);

/* False: that was the last. */
bool note_match_step(struct note_match *match);

#endif
