/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/rows.h"

/* Where spans are seen. */

/* Where a P's lanes show it. */
static struct row proc_row(const struct span *span, enum row_kind kind)
{
	if (span->proc == INDEX_NONE)
		return (struct row){ .kind = ROW_RUNNABLE };
	return (struct row){ .kind = (uint8_t)kind, .index = span->proc };
}

/* The first of its lanes that shows below a task. */
static struct row row_below_task(const struct rows *rows, const struct span *span)
{
	for (size_t i = ROWS_FIXED; i < rows->list.count; i++)
		if (rows->list.items[i].kind == ROW_GO && rows->list.items[i].index == span->go &&
		    rows->list.items[i].line == 0)
			return rows->list.items[i];
	return (struct row){ .kind = ROW_RUNNABLE };
}

static struct row go_row(const struct rows *rows, const struct span *span)
{
	struct row row = { .kind = ROW_GO, .index = span->go };
	const struct lane_look *lane = rows_look_at(rows, row);
	size_t at;

	if (rows->has_tasks)
		return row_below_task(rows, span);
	if (lane == NULL || lane->is_hidden)
		return (struct row){ .kind = ROW_RUNNABLE };
	if (!rows->is_grouped || !lane->is_folded)
		return row;
	for (at = (size_t)(lane - rows->lanes.items); rows_is_in_row_above(rows, at); at--)
		;
	return (struct row){ .kind = ROW_GROUP, .index = rows->lanes.items[at].index };
}

static struct row thread_row(const struct span *span)
{
	if (span->thread == 0)
		return (struct row){ .kind = ROW_RUNNABLE };
	return (struct row){ .kind = ROW_THREAD, .index = span->thread - 1 };
}

/* kind: of the row of its P that shows it. */
static struct row lane_row(const struct rows *rows, const struct span *span, enum row_kind kind)
{
	switch ((enum lanes_of)rows->lanes_of) {
	case LANES_OF_PROCS:
		return proc_row(span, kind);
	case LANES_OF_GOS:
		return go_row(rows, span);
	case LANES_OF_THREADS:
		return thread_row(span);
	}
	return (struct row){ .kind = ROW_RUNNABLE };
}

/* What the program says, below the lane of its goroutine, or of its P; else nowhere. */
static struct row said_row(const struct rows *rows, const struct span *span)
{
	bool of_gos = rows->lanes_of == LANES_OF_GOS;
	struct row row = { .kind = of_gos ? ROW_MARKS : ROW_PROC_MARKS,
		           .index = of_gos ? span->go : span->proc };

	if (of_gos)
		row.copy = go_row(rows, span).copy;
	if (span->kind == SPAN_REGION)
		row.kind = (uint8_t)(of_gos ? ROW_REGIONS + span->worker : ROW_PROC_REGIONS);
	if (span->kind == SPAN_REGION && span->worker >= ROWS_REGIONS)
		return (struct row){ .kind = ROW_RUNNABLE }; /* too deep */
	return rows_find(rows, row) >= 0 ? row : (struct row){ .kind = ROW_RUNNABLE };
}

static struct row move_row(const struct rows *rows, const struct span *span)
{
	bool of_threads = rows->lanes_of == LANES_OF_THREADS;
	struct row row = { .kind = of_threads ? ROW_THREAD_MOVES : ROW_PROC_MOVES,
		           .index = of_threads ? span->thread - 1 : span->proc };

	return rows_find(rows, row) >= 0 ? row : (struct row){ .kind = ROW_RUNNABLE };
}

static struct row task_row(const struct rows *rows, const struct span *span)
{
	struct row row = { .kind = ROW_TASK, .index = span->index };

	return rows_find(rows, row) >= 0 ? row : (struct row){ .kind = ROW_RUNNABLE };
}

struct row rows_of_span(const struct rows *rows, const struct span *span)
{
	if (span->is_on_trail && rows->has_trail)
		return (struct row){ .kind = ROW_TRAIL };
	switch ((enum span_kind)span->kind) {
	case SPAN_NONE:
	case SPAN_DAMAGE:
		break;
	case SPAN_RUN:
		return lane_row(rows, span, ROW_RUN);
	case SPAN_SYSCALL:
		return lane_row(rows, span, ROW_INNER);
	case SPAN_RUNNABLE:
	case SPAN_WAITING:
		return go_row(rows, span);
	case SPAN_ASSIST:
	case SPAN_SWEEP:
		return lane_row(rows, span, ROW_INNER);
	case SPAN_STW:
		return (struct row){ .kind = ROW_STW };
	case SPAN_GC:
		return (struct row){ .kind = ROW_GC };
	case SPAN_REGION:
	case SPAN_LOG:
	case SPAN_SAMPLE:
		return said_row(rows, span);
	case SPAN_TASK:
		return task_row(rows, span);
	case SPAN_PROC_START:
	case SPAN_PROC_STOP:
		return move_row(rows, span);
	}
	return (struct row){ .kind = ROW_RUNNABLE };
}

bool rows_show_span(const struct rows *rows, struct row row, const struct span *span)
{
	struct row of;

	if (span->kind == SPAN_STW && row.kind == ROW_INNER)
		return span->proc == row.index;
	row.copy = 0; /* each of its lanes shows it */
	of = rows_of_span(rows, span);
	of.copy = 0;
	return row_has_spans(row) && row_equal(row, of);
}
