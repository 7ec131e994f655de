/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_ROWS_H
#define TUI_STATE_ROWS_H

#include "core/model/model.h"

/* Which rows the timeline has, from top to bottom: those of the whole program, which do not scroll,
 * then the lanes: two a P, by its id, or one a goroutine of those that are looked at. A row keeps
 * its name while others appear around it. */
enum row_kind {
	ROW_RUNNABLE, /* goroutines: how many */
	ROW_RUNNING,
	ROW_HEAP,
	ROW_GC,
	ROW_STW,
	ROW_RUN,   /* of a P: what ran */
	ROW_INNER, /* and what it did for the runtime: mark assists, sweeps, syscalls */
	ROW_GO,    /* of a goroutine: all that it did */
};

enum { ROWS_FIXED = ROW_RUN, ROWS_COLS = 12 /* of the labels */ };

struct row {
	uint8_t kind;   /* enum row_kind */
	uint32_t index; /* of the P in model->procs, or the goroutine's number; others: 0 */
};

/* What the lanes are of. */
enum lanes_of { LANES_OF_PROCS, LANES_OF_GOS };

struct rows {
	ARRAY(struct row) list;
	uint32_t procs;   /* of the model: so many are in the list, if it is of Ps */
	uint8_t lanes_of; /* enum lanes_of */
};

void rows_init(struct rows *rows, struct budget *budget);
void rows_free(struct rows *rows);

/* Adds the rows of Ps that are new. Cheap if there are none. */
void rows_update(struct rows *rows, const struct model *model);

/* Other lanes: those of all Ps, or of some goroutines, in the order given. */
void rows_show_procs(struct rows *rows, const struct model *model);
void rows_show_gos(struct rows *rows, const uint32_t *gos, size_t count);

/* How many scroll: all behind the fixed ones. */
int rows_lanes(const struct rows *rows);
struct row rows_lane(const struct rows *rows, int lane);

/* The place of a row in the list; -1: not there. */
int rows_find(const struct rows *rows, struct row row);

/* The row that is steps away from one; counters, which have nothing to select, are passed over. */
struct row rows_step(const struct rows *rows, struct row from, int steps);

/* The row a span is seen in; the kind of a span without a row is ROW_RUNNABLE. */
struct row rows_of_span(const struct rows *rows, const struct span *span);

/* Whether a row shows a span; a stop is seen in its own row, and under the P of its holder. */
bool rows_show_span(const struct rows *rows, struct row row, const struct span *span);

static inline bool row_equal(struct row a, struct row b)
{
	return a.kind == b.kind && a.index == b.index;
}

static inline bool row_is_lane(struct row row)
{
	return row.kind >= ROW_RUN;
}

static inline bool row_is_of_proc(struct row row)
{
	return row.kind == ROW_RUN || row.kind == ROW_INNER;
}

static inline bool row_has_spans(struct row row)
{
	return row.kind >= ROW_GC;
}

/* Of a row that is one. */
static inline struct lane_id row_lane(struct row row)
{
	return row.kind == ROW_GO ? lane_of_go(row.index)
	                          : lane_of_proc(row.index, row.kind == ROW_INNER);
}

#endif
