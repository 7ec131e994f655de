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

/* An end of a task. */
struct task_note {
	uint64_t task, parent;
	part_time time;
	uint32_t g; /* INDEX_NONE */
	uint32_t name, stack;
	bool begins;
};

/* Notes, which come thread by thread, in the order of each goroutine's life, and the mates of
 * regions: the one begun last ends first, whatever it is called. */
struct note_match {
	u32_array order;       /* into the notes */
	u32_array mate, outer; /* of each note: the other end, and of a begin the begin of the
	                        * region around it; INDEX_NONE */
	u32_array life; /* of each note, among those of its goroutine: ascending; none: there is
	                 * but one each */
	u64_array keys, room;
};

void note_match_init(struct note_match *match, struct budget *budget);
void note_match_free(struct note_match *match);

/* gos, lives: how many there may be. Lives are filled in, if at all. */
void note_match(struct note_match *match, const note_array *notes, size_t gos, size_t lives);

#endif
