/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/rows.h"

#include "core/base/sort.h"
#include "core/model/user.h"

void rows_init(struct rows *rows, struct budget *budget)
{
	*rows = (struct rows){ .list = { .budget = budget } };
	rows->lanes.budget = budget;
	for (uint8_t kind = 0; kind < ROWS_FIXED; kind++)
		*array_push(&rows->list) = (struct row){ .kind = kind };
}

void rows_free(struct rows *rows)
{
	array_free(&rows->list);
	array_free(&rows->lanes);
}

const char *row_name(enum row_kind kind)
{
	static const char *const names[ROW_KINDS] = {
		[ROW_RUNNABLE] = "runnable",
		[ROW_RUNNING] = "running",
		[ROW_GC_WAIT] = "gc-wait",
		[ROW_HEAP] = "heap",
		[ROW_THREADS] = "threads",
		[ROW_CALLS] = "in-syscall",
		[ROW_NETWORK] = "network",
		[ROW_TIMERS] = "timers",
		[ROW_EXITS] = "syscalls",
		[ROW_GC] = "gc",
		[ROW_THREAD] = "M",
		[ROW_STW] = "stw",
		[ROW_RUN] = "P",
		[ROW_INNER] = "P",
		[ROW_GO] = "G",
		[ROW_GROUP] = "G",
		[ROW_TASK] = "T",
		[ROW_TRAIL] = "path",
		[ROW_PROC_REGIONS] = "P",
		[ROW_PROC_MARKS] = "P",
		[ROW_PROC_MOVES] = "P",
		[ROW_THREAD_MOVES] = "M",
		[ROW_REGIONS] = "G",
		[ROW_REGIONS_1] = "G",
		[ROW_REGIONS_2] = "G",
		[ROW_MARKS] = "G",
	};

	return names[kind];
}

/* ---- from lanes to lines */

enum { ROWS_A_LANE = 6, LANES_WITH_ROOM = 4, TASKS_WITH_ROOM = 40, REGIONS_SEEN = 128 };

bool rows_have_said(const struct rows *rows, const struct lane_look *lane)
{
	uint8_t said = lane->said != SAID_WITH_ROOM ? lane->said : rows->said;

	if (lane->is_task)
		return false;
	return said == SAID_SHOWN ||
	       (said == SAID_WITH_ROOM && rows->lanes_of == LANES_OF_GOS &&
	        rows->lanes.count <= (rows->has_tasks ? TASKS_WITH_ROOM : LANES_WITH_ROOM));
}

/* The rows of a lane, the one that folding leaves first. */
static size_t kinds_of(const struct rows *rows, const struct lane_look *lane,
                       uint8_t kinds[ROWS_A_LANE])
{
	bool of_procs = rows->lanes_of == LANES_OF_PROCS;
	size_t count = 0;

	if (lane->is_task) {
		kinds[0] = ROW_TASK;
		return 1;
	}
	kinds[count++] = of_procs ? ROW_RUN : rows->lanes_of == LANES_OF_GOS ? ROW_GO : ROW_THREAD;
	if (of_procs)
		kinds[count++] = ROW_INNER;
	if (!rows_have_said(rows, lane))
		return count;
	if (rows->lanes_of == LANES_OF_THREADS) {
		kinds[count++] = ROW_THREAD_MOVES;
		return count;
	}
	for (int i = 0; i < (rows->has_regions && of_procs ? 1 : lane->regions); i++)
		kinds[count++] = (uint8_t)((of_procs ? ROW_PROC_REGIONS : ROW_REGIONS) + i);
	if (rows->has_marks)
		kinds[count++] = of_procs ? ROW_PROC_MARKS : ROW_MARKS;
	if (of_procs)
		kinds[count++] = ROW_PROC_MOVES;
	return count;
}

static void add_lines(struct rows *rows, enum row_kind kind, const struct lane_look *lane,
                      int lines)
{
	for (int line = 0; line < lines; line++)
		*array_push(&rows->list) = (struct row){ .kind = (uint8_t)kind,
			                                 .line = (uint8_t)line,
			                                 .lines = (uint8_t)lines,
			                                 .copy = lane->copy,
			                                 .index = lane->index };
}

static void add_lane(struct rows *rows, const struct lane_look *lane)
{
	uint8_t kinds[ROWS_A_LANE];
	size_t count = kinds_of(rows, lane, kinds);
	int lines = lane->lines > 0 ? lane->lines : rows->is_fine ? 2 : 1;

	if (rows->is_grouped && lane->is_folded) {
		add_lines(rows, ROW_GROUP, lane, lines);
		return;
	}
	add_lines(rows, (enum row_kind)kinds[0], lane, lines);
	for (size_t i = 1; i < count && !lane->is_folded; i++)
		add_lines(rows, (enum row_kind)kinds[i], lane, 1);
}

bool rows_is_in_row_above(const struct rows *rows, size_t at)
{
	const struct lane_look *lane = &rows->lanes.items[at];

	return rows->is_grouped && at > 0 && lane->is_folded && lane[-1].is_folded &&
	       lane[-1].group == lane->group && lane[-1].is_pinned == lane->is_pinned &&
	       lane[-1].is_hidden == lane->is_hidden;
}

/* Whether lanes of tasks go on with what is inside of a folded one: deeper than it. */
static bool is_inside(const struct rows *rows, const struct lane_look *lane, int *folded)
{
	if (!rows->has_tasks)
		return false;
	if (lane->depth > *folded)
		return true;
	*folded = lane->is_task && lane->is_folded ? lane->depth : UINT8_MAX;
	return false;
}

void rows_arrange(struct rows *rows)
{
	rows->list.count = ROWS_FIXED;
	if (rows->has_trail)
		*array_push(&rows->list) = (struct row){ .kind = ROW_TRAIL, .lines = 1 };
	for (int pinned = 1; pinned >= 0; pinned--) {
		int folded = UINT8_MAX; /* the depth of the task that is */

		for (size_t i = 0; i < rows->lanes.count; i++) {
			const struct lane_look *lane = &rows->lanes.items[i];

			if (!is_inside(rows, lane, &folded) && lane->is_pinned == (pinned == 1) &&
			    !lane->is_hidden && !rows_is_in_row_above(rows, i))
				add_lane(rows, lane);
		}
		if (pinned == 1)
			rows->pinned = (int)rows->list.count - ROWS_FIXED;
	}
}

/* ---- which lanes there are */

static uint64_t id_of(const struct rows *rows, const struct model *model, uint32_t index)
{
	return rows->lanes_of == LANES_OF_PROCS ? model->procs.items[index].id
	                                        : model->threads.items[index].id;
}

static bool comes_before(const struct rows *rows, const struct model *model, uint32_t a, uint32_t b)
{
	uint64_t id_a = id_of(rows, model, a), id_b = id_of(rows, model, b);

	return id_a != id_b ? id_a < id_b : a < b;
}

/* They come nearly in order, so that each finds its place at once. */
static void add_by_id(struct rows *rows, const struct model *model, uint32_t index)
{
	size_t at = rows->lanes.count;

	*array_push(&rows->lanes) = (struct lane_look){ 0 };
	for (; at > 0 && !comes_before(rows, model, rows->lanes.items[at - 1].index, index); at--)
		rows->lanes.items[at] = rows->lanes.items[at - 1];
	rows->lanes.items[at] = (struct lane_look){ .index = index };
}

/* How deep a goroutine's regions nest in a window. */
static uint8_t regions_in(const struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns)
{
	struct user_region regions[REGIONS_SEEN];
	size_t count = user_regions(model, go, begin_ns, end_ns, regions, REGIONS_SEEN);
	uint32_t most = 0;

	for (size_t i = 0; i < count; i++)
		most = regions[i].depth + 1 > most ? regions[i].depth + 1 : most;
	return (uint8_t)(most < ROWS_REGIONS ? most : ROWS_REGIONS);
}

bool rows_update_said(struct rows *rows, const struct model *model, int64_t begin_ns,
                      int64_t end_ns)
{
	bool has_marks = model->logs + model->samples > 0, has_regions = model->regions > 0;
	bool is_new = rows->has_marks != has_marks || rows->has_regions != has_regions;

	rows->has_marks = has_marks;
	rows->has_regions = has_regions;
	for (size_t i = 0; i < rows->lanes.count && has_regions; i++) {
		struct lane_look *lane = &rows->lanes.items[i];
		uint8_t regions = 0;

		if (rows->lanes_of == LANES_OF_GOS && !lane->is_hidden && !lane->is_folded &&
		    lane->regions < ROWS_REGIONS && rows_have_said(rows, lane))
			regions = regions_in(model, lane->index, begin_ns, end_ns);
		is_new |= regions > lane->regions;
		lane->regions = regions > lane->regions ? regions : lane->regions;
	}
	if (is_new)
		rows_arrange(rows);
	return is_new;
}

void rows_update(struct rows *rows, const struct model *model)
{
	size_t count = rows->lanes_of == LANES_OF_PROCS     ? model->procs.count
	               : rows->lanes_of == LANES_OF_THREADS ? model->threads.count
	                                                    : rows->procs;

	if (rows->procs == count)
		return;
	for (; rows->procs < count; rows->procs++)
		add_by_id(rows, model, rows->procs);
	rows_arrange(rows);
}

static void drop_lanes(struct rows *rows, enum lanes_of lanes_of)
{
	array_clear(&rows->lanes);
	rows->procs = 0;
	rows->lanes_of = (uint8_t)lanes_of;
	rows->is_grouped = rows->has_tasks = false;
	rows_arrange(rows);
}

void rows_show_procs(struct rows *rows, const struct model *model)
{
	drop_lanes(rows, LANES_OF_PROCS);
	rows_update(rows, model);
}

void rows_show_threads(struct rows *rows, const struct model *model)
{
	drop_lanes(rows, LANES_OF_THREADS);
	rows_update(rows, model);
}

void rows_show_gos(struct rows *rows, const struct model *model, const uint32_t *gos, size_t count)
{
	drop_lanes(rows, LANES_OF_GOS);
	for (size_t i = 0; i < count; i++) {
		string_id name = gos[i] < model->roster.count
		                         ? roster_brief(&model->roster, gos[i]).name
		                         : 0;

		*array_push(&rows->lanes) = (struct lane_look){ .index = gos[i], .group = name };
	}
	rows_arrange(rows);
}

void rows_show_tasks(struct rows *rows, const struct task_row *tasks, size_t count)
{
	drop_lanes(rows, LANES_OF_GOS);
	rows->has_tasks = true;
	for (size_t i = 0; i < count; i++)
		*array_push(&rows->lanes) = (struct lane_look){ .index = tasks[i].index,
			                                        .depth = tasks[i].depth,
			                                        .copy = tasks[i].copy,
			                                        .is_task = tasks[i].is_task };
	rows_arrange(rows);
}

/* ---- how they are shown */

/* The lane of a row; as many as there are: none. */
static size_t find_lane(const struct rows *rows, struct row row)
{
	size_t i = 0;

	if (!row_is_lane(row) || row.kind == ROW_TRAIL)
		return rows->lanes.count;
	while (i < rows->lanes.count &&
	       (rows->lanes.items[i].index != row.index || rows->lanes.items[i].copy != row.copy ||
	        rows->lanes.items[i].is_task != (row.kind == ROW_TASK)))
		i++;
	return i;
}

struct lane_look *rows_look(struct rows *rows, struct row row)
{
	size_t at = find_lane(rows, row);

	return at < rows->lanes.count ? &rows->lanes.items[at] : NULL;
}

const struct lane_look *rows_look_at(const struct rows *rows, struct row row)
{
	size_t at = find_lane(rows, row);

	return at < rows->lanes.count ? &rows->lanes.items[at] : NULL;
}

/* The lane that shows in a row of its own, before or behind one; itself if there is none. */
static size_t neighbour(const struct rows *rows, size_t at, int sign)
{
	const struct lane_look *lanes = rows->lanes.items;
	size_t i = at;

	while (sign < 0 ? i > 0 : i + 1 < rows->lanes.count) {
		i = sign < 0 ? i - 1 : i + 1;
		if (!lanes[i].is_hidden && lanes[i].is_pinned == lanes[at].is_pinned)
			return i;
	}
	return at;
}

bool rows_move_lane(struct rows *rows, struct row row, int by)
{
	struct lane_look *lanes = rows->lanes.items, *look = rows_look(rows, row), lane;
	size_t at, to;

	if (look == NULL || rows->is_grouped)
		return false;
	at = (size_t)(look - lanes);
	to = neighbour(rows, at, by);
	if (to == at)
		return false;
	lane = *look;
	if (to < at)
		memmove(lanes + to + 1, lanes + to, (at - to) * sizeof(*lanes));
	else
		memmove(lanes + at, lanes + at + 1, (to - at) * sizeof(*lanes));
	lanes[to] = lane;
	rows_arrange(rows);
	return true;
}

size_t rows_hidden(const struct rows *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < rows->lanes.count; i++)
		count += rows->lanes.items[i].is_hidden;
	for (int kind = 0; kind < ROWS_FIXED; kind++)
		count += rows->is_hidden[kind];
	return count;
}

size_t rows_group_size(const struct rows *rows, struct row group)
{
	size_t first = find_lane(rows, group), end = first + 1;

	if (first == rows->lanes.count)
		return 0;
	while (end < rows->lanes.count && rows_is_in_row_above(rows, end))
		end++;
	return end - first;
}

static int group_order(const void *a, const void *b)
{
	const struct lane_look *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

void rows_fold_groups(struct rows *rows, uint32_t group, bool all)
{
	if (!rows->is_grouped)
		SORT_ARRAY(&rows->lanes, group_order);
	rows->is_grouped = true;
	for (size_t i = 0; i < rows->lanes.count; i++)
		rows->lanes.items[i].is_folded |= all || rows->lanes.items[i].group == group;
	rows_arrange(rows);
}

void rows_unfold_groups(struct rows *rows, uint32_t group, bool all)
{
	for (size_t i = 0; i < rows->lanes.count; i++)
		if (all || rows->lanes.items[i].group == group)
			rows->lanes.items[i].is_folded = false;
	rows_arrange(rows);
}

/* ---- lines */

int rows_lanes(const struct rows *rows)
{
	return (int)rows->list.count - ROWS_FIXED - rows->pinned;
}

struct row rows_lane(const struct rows *rows, int line)
{
	return rows->list.items[ROWS_FIXED + rows->pinned + line];
}

int rows_find(const struct rows *rows, struct row row)
{
	for (size_t i = 0; i < rows->list.count; i++)
		if (row_equal(rows->list.items[i], row))
			return (int)i;
	return -1;
}

/* Whether the cursor may stand there. */
static bool is_stop(const struct rows *rows, int at)
{
	struct row row = rows->list.items[at];

	return row.line == 0 && row_has_spans(row) &&
	       (row_is_lane(row) || !rows->is_hidden[row.kind]);
}

struct row rows_step(const struct rows *rows, struct row from, int steps)
{
	int at = rows_find(rows, from), best = at, last = (int)rows->list.count - 1;
	int sign = steps < 0 ? -1 : 1;

	for (at += sign; steps != 0 && at >= 0 && at <= last; at += sign)
		if (is_stop(rows, at)) {
			best = at;
			steps -= sign;
		}
	return rows->list.items[best < 0 ? ROW_STW : best];
}
