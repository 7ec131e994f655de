/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/fine.h"

/* Records that a cell of the picture may cost. */
enum { RUNS_NEAR = 32, CHANGES_NEAR = 512 };

/* Whether a window has less than most of a part's count of records, if they are spread evenly. */
static bool is_few(const struct part *part, size_t count, int64_t width_ns, size_t most)
{
	int64_t len = part->end_ns - part->begin_ns + 1;

	return (double)count * (double)width_ns <= (double)most * (double)len;
}

bool fine_is_near(const struct part *part, uint16_t own, int64_t width_ns)
{
	const uint32_t *first =
		part->history == NULL ? NULL : &part->history->lanes.first_run.items[own];

	return first != NULL && is_few(part, first[1] - first[0], width_ns, RUNS_NEAR);
}

struct window {
	const struct part *part;
	int64_t begin_ns, end_ns;
	struct mix *mix;
};

/* How much of [begin, end) is in the window. */
static int64_t inside(const struct window *w, part_time begin, part_time end)
{
	int64_t from = part_ns(w->part, begin), to = part_ns(w->part, end);

	from = from > w->begin_ns ? from : w->begin_ns;
	to = to < w->end_ns ? to : w->end_ns;
	return to > from ? to - from : 0;
}

static void add_run(const struct window *w, uint32_t index)
{
	const struct history *history = w->part->history;
	const struct run *run = &history->walk.runs.items[index];
	part_time end = lane_end(&history->walk, index);
	int64_t len = part_ns(w->part, end) - part_ns(w->part, run->begin);
	int64_t spent = inside(w, run->begin, end), syscalls = 0;

	if (spent == 0 && part_ns(w->part, end) <= w->begin_ns)
		return;
	for (uint32_t s = run->first_syscall; s < walk_syscalls_end(&history->walk, index); s++) {
		const struct syscall *syscall = &history->walk.syscalls.items[s];

		if (syscall->begin != TIME_NONE)
			syscalls +=
				inside(w, syscall->begin, syscall->end < end ? syscall->end : end);
	}
	w->mix->spent_ns[run->worker != WORKER_NONE ? LANE_WORKER : LANE_RUN] += spent - syscalls;
	w->mix->spent_ns[LANE_SYSCALL] += syscalls;
	w->mix->spans++;
	if (len >= w->mix->longest_ns) {
		w->mix->longest_ns = len;
		w->mix->longest_go =
			run->g == INDEX_NONE ? INDEX_NONE : history->go_of.items[run->g];
	}
}

static void add_pieces(const struct window *w, uint16_t own)
{
	const struct lanes *lanes = &w->part->history->lanes;
	uint32_t first = lanes->first_piece.items[own], end = lanes->first_piece.items[own + 1];
	uint32_t low = first, high = end;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (part_ns(w->part, lanes->pieces.items[middle].begin) < w->begin_ns)
			low = middle + 1;
		else
			high = middle;
	}
	for (int i = 0; i < 4 && low > first; i++)
		low--; /* one that began before may lap in */
	for (; low < end; low++) {
		const struct piece *piece = &lanes->pieces.items[low];

		if (part_ns(w->part, piece->begin) >= w->end_ns)
			break;
		w->mix->spent_ns[piece->kind == PIECE_ASSIST ? LANE_ASSIST : LANE_SWEEP] +=
			inside(w, piece->begin, piece->end);
	}
}

void fine_mix(const struct part *part, uint16_t own, int64_t begin_ns, int64_t end_ns,
              struct mix *mix)
{
	const struct history *history = part->history;
	struct window w = { part, begin_ns, end_ns, mix };
	uint32_t first = history->lanes.first_run.items[own];
	uint32_t at = lanes_first_from(&history->lanes, &history->walk, own,
	                               part_time_of(part, begin_ns));

	for (at -= at > first; at < history->lanes.first_run.items[own + 1]; at++) {
		uint32_t run = history->lanes.runs.items[at];

		if (part_ns(part, history->walk.runs.items[run].begin) >= end_ns)
			break;
		if (lane_is_whole(&history->walk, run))
			add_run(&w, run);
	}
	add_pieces(&w, own);
}

/* ---- counts */

bool fine_level(const struct part *part, enum series series, int64_t begin_ns, int64_t end_ns,
                struct level *level)
{
	const struct history *history = part->history;
	int64_t now, min, max;
	struct change_cursor cursor;
	enum change change;
	part_time time;

	if (history == NULL || (int)series >= COUNTS || end_ns <= part->begin_ns ||
	    begin_ns > part->end_ns ||
	    !is_few(part, changes_count(&history->changes), end_ns - begin_ns, CHANGES_NEAR))
		return false;
	cursor = changes_from(&history->changes, part_time_of(part, begin_ns));
	now = changes_value(&cursor, (enum count)series);
	min = max = now;
	for (; change_look(&cursor, &time, &change) && part_ns(part, time) < end_ns;
	     change_step(&cursor)) {
		now += change_adds[change][series];
		max = now > max ? now : max;
		min = now < min ? now : min;
	}
	min = min < 0 ? 0 : min;
	level->min = !level->is_known || min < level->min ? min : level->min;
	level->max = !level->is_known || max > level->max ? max : level->max;
	level->last = now;
	level->is_known = true;
	return true;
}
