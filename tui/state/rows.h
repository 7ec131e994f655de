/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_ROWS_H
#define TUI_STATE_ROWS_H

#include "core/analysis/task_rows.h"

/* Which rows the timeline has, from top to bottom: those of the whole program, which do not scroll;
 * lanes that are pinned, which do not either; then the lanes. A lane is what a P or a goroutine
 * did; it has a row or several, of which folding leaves the first. A row may be several lines tall.
 * A row keeps its name while others appear around it. */
enum row_kind {
	ROW_RUNNABLE, /* goroutines: how many */
	ROW_RUNNING,
	ROW_GC_WAIT,
	ROW_HEAP,
	ROW_THREADS, /* that hold a P */
	ROW_CALLS,   /* threads in a syscall, with a P or without */
	ROW_NETWORK, /* who was woken by it */
	ROW_TIMERS,
	ROW_EXITS, /* of syscalls that had cost the P */
	ROW_GC,
	ROW_STW,
	ROW_RUN,    /* of a P: what ran */
	ROW_INNER,  /* and what it did for the runtime: mark assists, sweeps, syscalls */
	ROW_GO,     /* of a goroutine: all that it did */
	ROW_THREAD, /* of a thread: what ran on it, and its syscalls */
	ROW_GROUP,  /* of all goroutine lanes of one start function, folded into one */
	ROW_TASK,   /* of a task: from its begin to its end */
	ROW_TRAIL,  /* the critical path that was looked for last; it stands above all lanes */
	/* what the program says: of a P regions of who runs there, logs and CPU samples; of a
	 * goroutine its regions, those inside of others below, and the same marks. And when threads
	 * took a P and let go of it: of the P, and of the thread */
	ROW_PROC_REGIONS,
	ROW_PROC_MARKS,
	ROW_PROC_MOVES,
	ROW_THREAD_MOVES,
	ROW_REGIONS,
	ROW_REGIONS_1,
	ROW_REGIONS_2,
	ROW_MARKS,
	ROW_KINDS,
};

enum {
	ROWS_FIXED = ROW_RUN,
	ROWS_COLS = 12, /* of the labels */
	ROW_LINES_MAX = 8,
	ROWS_REGIONS = 3, /* rows of them in each other, of a goroutine */
};

struct row {
	uint8_t kind; /* enum row_kind */
	uint8_t line; /* of a tall one, from its top; of so many: not a part of its name */
	uint8_t lines;
	uint8_t copy;   /* of a goroutine below tasks: which of its lanes, from 0 on */
	uint32_t index; /* of the P in model->procs, thread and task likewise, or the goroutine's
	                 * number; others: 0 */
};

/* Whether lanes have rows of what the program says: as few goroutines have room for; or always, or
 * never. */
enum rows_said { SAID_WITH_ROOM, SAID_SHOWN, SAID_HIDDEN };

/* What the lanes are of. */
enum lanes_of { LANES_OF_PROCS, LANES_OF_GOS, LANES_OF_THREADS };

/* How a lane is shown. */
struct lane_look {
	uint32_t index;  /* as of its rows */
	uint32_t group;  /* of a goroutine: its start function; string_id */
	uint8_t lines;   /* how tall its first row is */
	uint8_t said;    /* enum rows_said */
	uint8_t regions; /* rows for those, as deep as they were seen to nest */
	uint8_t depth;   /* among tasks: how many rows it is inside of; folding one hides those */
	uint8_t copy;    /* of a goroutine, as of its rows */
	bool is_task;
	bool is_folded, is_hidden, is_pinned;
};

struct rows {
	ARRAY(struct row) list;        /* a line each: fixed, pinned, scrolling ones */
	ARRAY(struct lane_look) lanes; /* in their order */
	uint32_t procs;                /* of the model, or threads: so many are in lanes */
	int pinned;                    /* lines */
	uint8_t lanes_of;              /* enum lanes_of */
	uint8_t said;                  /* the same of all lanes */
	bool has_regions, has_marks;   /* logs or CPU samples: in the trace */
	bool is_grouped;               /* goroutines by their start function */
	bool has_tasks;                /* lanes of goroutines stand below those of tasks */
	bool is_fine;                  /* lanes are twice as tall */
	bool has_trail;
	uint8_t lines[ROWS_FIXED]; /* how tall those are that do not scroll; 0: as there is room */
	bool is_hidden[ROWS_FIXED];
	bool shows_wakeups; /* by no goroutine: the rows of them */
};

void rows_init(struct rows *rows, struct budget *budget);
void rows_free(struct rows *rows);

/* Adds the lanes of Ps that are new. Cheap if there are none. */
void rows_update(struct rows *rows, const struct model *model);

/* Adds rows of what the program says, where a window has more of it; false: it has no more. */
bool rows_update_said(struct rows *rows, const struct model *model, int64_t begin_ns,
                      int64_t end_ns);

/* Other lanes: those of all Ps, or of some goroutines, in the order given. */
void rows_show_procs(struct rows *rows, const struct model *model);
void rows_show_threads(struct rows *rows, const struct model *model);
void rows_show_gos(struct rows *rows, const struct model *model, const uint32_t *gos, size_t count);
void rows_show_tasks(struct rows *rows, const struct task_row *tasks, size_t count);

/* How a row's lane is shown, to be changed: then rows_arrange. NULL: it is no lane's. Of a group
 * the first goroutine; the others follow it. */
struct lane_look *rows_look(struct rows *rows, struct row row);
const struct lane_look *rows_look_at(const struct rows *rows, struct row row);
void rows_arrange(struct rows *rows);

/* Goroutine lanes of a start function, or those of all, become one row each, in the order of their
 * functions; or they get their own rows again. */
void rows_fold_groups(struct rows *rows, uint32_t group, bool all);
void rows_unfold_groups(struct rows *rows, uint32_t group, bool all);

/* Moves a lane up or down by so many that show; false: there is none beyond. */
bool rows_move_lane(struct rows *rows, struct row row, int by);

/* How many lanes are hidden, and how many goroutines a group has. */
size_t rows_hidden(const struct rows *rows);
size_t rows_group_size(const struct rows *rows, struct row group);

/* The lines that scroll. */
int rows_lanes(const struct rows *rows);
struct row rows_lane(const struct rows *rows, int line);

/* The place of a row's first line in the list; -1: not there. */
int rows_find(const struct rows *rows, struct row row);

/* The row that is steps away from one; counters, which have nothing to select, are passed over. */
struct row rows_step(const struct rows *rows, struct row from, int steps);

/* The row a span is seen in; the kind of a span without a row is ROW_RUNNABLE. */
struct row rows_of_span(const struct rows *rows, const struct span *span);

/* Whether a row shows a span; a stop is seen in its own row, and under the P of its holder. */
bool rows_show_span(const struct rows *rows, struct row row, const struct span *span);

/* Groups stand together: a folded lane behind one of its group is in that one's row. */
bool rows_is_in_row_above(const struct rows *rows, size_t at);

/* As commands name a row that does not scroll: "heap". */
const char *row_name(enum row_kind kind);

static inline bool row_equal(struct row a, struct row b)
{
	return a.kind == b.kind && a.index == b.index && a.copy == b.copy;
}

static inline bool row_is_lane(struct row row)
{
	return row.kind >= ROW_RUN;
}

static inline bool row_is_of_wakeups(enum row_kind kind)
{
	return kind >= ROW_NETWORK && kind <= ROW_EXITS;
}

static inline bool row_is_of_proc(struct row row)
{
	return row.kind == ROW_RUN || row.kind == ROW_INNER || row.kind == ROW_PROC_REGIONS ||
	       row.kind == ROW_PROC_MARKS || row.kind == ROW_PROC_MOVES;
}

static inline bool row_is_of_thread(struct row row)
{
	return row.kind == ROW_THREAD || row.kind == ROW_THREAD_MOVES;
}

static inline bool row_is_of_moves(struct row row)
{
	return row.kind == ROW_PROC_MOVES || row.kind == ROW_THREAD_MOVES;
}

static inline bool row_is_of_marks(struct row row)
{
	return row.kind == ROW_MARKS || row.kind == ROW_PROC_MARKS || row_is_of_moves(row);
}

static inline bool row_is_of_said(struct row row)
{
	return row.kind >= ROW_PROC_REGIONS;
}

static inline bool row_is_of_go(struct row row)
{
	return row.kind == ROW_GO || row.kind >= ROW_REGIONS;
}

static inline bool row_has_spans(struct row row)
{
	return row.kind >= ROW_GC;
}

/* Whether a lane has rows of what the program says. */
bool rows_have_said(const struct rows *rows, const struct lane_look *lane);

/* Of a row that is one, but for groups, which have the spans of many. */
static inline struct lane_id row_lane(struct row row)
{
	static const uint8_t said[] = {
		[ROW_PROC_REGIONS] = LANE_REGIONS_ON_PROC,
		[ROW_PROC_MARKS] = LANE_MARKS_ON_PROC,
		[ROW_PROC_MOVES] = LANE_MOVES_OF_PROC,
		[ROW_THREAD_MOVES] = LANE_MOVES_OF_THREAD,
		[ROW_REGIONS] = LANE_REGIONS_OF_GO,
		[ROW_REGIONS_1] = LANE_REGIONS_1_OF_GO,
		[ROW_REGIONS_2] = LANE_REGIONS_2_OF_GO,
		[ROW_MARKS] = LANE_MARKS_OF_GO,
	};

	if (row_is_of_said(row))
		return (struct lane_id){ .of = said[row.kind], .index = row.index };
	if (row.kind == ROW_TASK)
		return (struct lane_id){ .of = LANE_OF_TASK, .index = row.index };
	if (row.kind == ROW_TRAIL)
		return (struct lane_id){ .of = LANE_OF_TRAIL };
	return row.kind == ROW_GO       ? lane_of_go(row.index)
	       : row.kind == ROW_THREAD ? lane_of_thread(row.index)
	                                : lane_of_proc(row.index, row.kind == ROW_INNER);
}

#endif
