/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/rows.h"

void rows_init(struct rows *rows, struct budget *budget)
{
	*rows = (struct rows){ .list = { .budget = budget } };
	for (uint8_t kind = 0; kind < ROWS_FIXED; kind++)
		*array_push(&rows->list) = (struct row){ .kind = kind };
}

void rows_free(struct rows *rows)
{
	array_free(&rows->list);
}

static bool comes_before(const struct model *model, uint32_t a, uint32_t b)
{
	uint64_t id_a = model->procs.items[a].id, id_b = model->procs.items[b].id;

	return id_a != id_b ? id_a < id_b : a < b;
}

/* Ps come nearly in order, so that each finds its place at once. */
static void add_proc(struct rows *rows, const struct model *model, uint32_t proc)
{
	size_t at = rows->list.count;

	*array_push(&rows->list) = (struct row){ 0 };
	*array_push(&rows->list) = (struct row){ 0 };
	for (; at > ROWS_FIXED; at -= 2) {
		if (comes_before(model, rows->list.items[at - 1].index, proc))
			break;
		rows->list.items[at + 1] = rows->list.items[at - 1];
		rows->list.items[at] = rows->list.items[at - 2];
	}
	rows->list.items[at] = (struct row){ .kind = ROW_RUN, .index = proc };
	rows->list.items[at + 1] = (struct row){ .kind = ROW_INNER, .index = proc };
}

void rows_update(struct rows *rows, const struct model *model)
{
	if (rows->lanes_of != LANES_OF_PROCS)
		return;
	for (; rows->procs < model->procs.count; rows->procs++)
		add_proc(rows, model, rows->procs);
}

static void drop_lanes(struct rows *rows, enum lanes_of lanes_of)
{
	rows->list.count = ROWS_FIXED;
	rows->procs = 0;
	rows->lanes_of = (uint8_t)lanes_of;
}

void rows_show_procs(struct rows *rows, const struct model *model)
{
	drop_lanes(rows, LANES_OF_PROCS);
	rows_update(rows, model);
}

void rows_show_gos(struct rows *rows, const uint32_t *gos, size_t count)
{
	drop_lanes(rows, LANES_OF_GOS);
	for (size_t i = 0; i < count; i++)
		*array_push(&rows->list) = (struct row){ .kind = ROW_GO, .index = gos[i] };
}

int rows_lanes(const struct rows *rows)
{
	return (int)rows->list.count - ROWS_FIXED;
}

struct row rows_lane(const struct rows *rows, int lane)
{
	return rows->list.items[ROWS_FIXED + lane];
}

int rows_find(const struct rows *rows, struct row row)
{
	for (size_t i = 0; i < rows->list.count; i++)
		if (row_equal(rows->list.items[i], row))
			return (int)i;
	return -1;
}

struct row rows_step(const struct rows *rows, struct row from, int steps)
{
	int64_t at = (int64_t)rows_find(rows, from) + steps;
	int64_t last = (int64_t)rows->list.count - 1;

	at = at > last ? last : at < ROW_GC ? ROW_GC : at;
	return rows->list.items[at];
}

/* Where a P's lanes show it. */
static struct row proc_row(const struct span *span, enum row_kind kind)
{
	if (span->proc == INDEX_NONE)
		return (struct row){ .kind = ROW_RUNNABLE };
	return (struct row){ .kind = (uint8_t)kind, .index = span->proc };
}

static struct row go_row(const struct rows *rows, const struct span *span)
{
	struct row row = { .kind = ROW_GO, .index = span->go };

	return rows_find(rows, row) >= 0 ? row : (struct row){ .kind = ROW_RUNNABLE };
}

struct row rows_of_span(const struct rows *rows, const struct span *span)
{
	bool of_gos = rows->lanes_of == LANES_OF_GOS;

	switch ((enum span_kind)span->kind) {
	case SPAN_NONE:
	case SPAN_DAMAGE:
		break;
	case SPAN_RUN:
		return of_gos ? go_row(rows, span) : proc_row(span, ROW_RUN);
	case SPAN_SYSCALL:
		return of_gos ? go_row(rows, span) : proc_row(span, ROW_INNER);
	case SPAN_RUNNABLE:
	case SPAN_WAITING:
		return go_row(rows, span);
	case SPAN_ASSIST:
	case SPAN_SWEEP:
		return of_gos ? go_row(rows, span) : proc_row(span, ROW_INNER);
	case SPAN_STW:
		return (struct row){ .kind = ROW_STW };
	case SPAN_GC:
		return (struct row){ .kind = ROW_GC };
	}
	return (struct row){ .kind = ROW_RUNNABLE };
}

bool rows_show_span(const struct rows *rows, struct row row, const struct span *span)
{
	if (span->kind == SPAN_STW && row.kind == ROW_INNER)
		return span->proc == row.index;
	return row_has_spans(row) && row_equal(row, rows_of_span(rows, span));
}
