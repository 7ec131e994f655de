/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/fine.h"

/* Records that a cell of the picture may cost. */
enum { RUNS_NEAR = 32, CHANGES_NEAR = 768 };

/* Whether a window has less than most of a count of records, if they are spread evenly. */
static bool is_few(size_t count, int64_t len_ns, int64_t width_ns, size_t most)
{
	return (double)count * (double)width_ns <= (double)most * (double)(len_ns + 1);
}

struct window {
	const struct part *part;
	const struct history *history; /* its, or of a close-up */
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

static void add_run(const struct window *w, const struct run *run)
{
	const struct history *history = w->history;
	int64_t len = part_ns(w->part, run->lane_end) - part_ns(w->part, run->begin);
	int64_t spent = inside(w, run->begin, run->lane_end);

	if (spent == 0 && part_ns(w->part, run->lane_end) <= w->begin_ns)
		return;
	w->mix->spent_ns[run->worker != WORKER_NONE ? LANE_WORKER : LANE_RUN] += spent;
	w->mix->spans++;
	if (len >= w->mix->longest_ns) {
		w->mix->longest_ns = len;
		w->mix->longest_go =
			run->g == INDEX_NONE ? INDEX_NONE : history->go_of.items[run->g];
	}
}

/* Syscalls are inside runs, but only those of this part are told apart in them. */
static void add_piece(const struct window *w, const struct piece *piece)
{
	int64_t spent = inside(w, piece->begin, piece->end);

	switch ((enum piece_kind)piece->kind) {
	case PIECE_ASSIST:
		w->mix->spent_ns[LANE_ASSIST] += spent;
		break;
	case PIECE_SWEEP:
		w->mix->spent_ns[LANE_SWEEP] += spent;
		break;
	case PIECE_SYSCALL:
		if (!piece->is_whole)
			break;
		w->mix->spent_ns[LANE_SYSCALL] += spent;
		w->mix->spent_ns[LANE_RUN] -= spent;
		break;
	}
}

static void add_pieces(const struct window *w, uint16_t own)
{
	const struct lanes *lanes = &w->history->lanes;

	for (uint32_t at = lanes_first_piece(w->history, own, part_time_of(w->part, w->begin_ns));
	     at < lanes->first_piece.items[own + 1]; at++) {
		if (part_ns(w->part, lanes->pieces.items[at].begin) >= w->end_ns)
			break;
		add_piece(w, &lanes->pieces.items[at]);
	}
}

/* Adds what was found to mix. Syscalls of one that is dead by all accounts have no run to be in. */
static void add_found(struct mix *mix, struct mix *found)
{
	if (found->spent_ns[LANE_RUN] < 0) {
		found->spent_ns[LANE_SYSCALL] += found->spent_ns[LANE_RUN];
		found->spent_ns[LANE_RUN] = 0;
	}
	for (int k = 0; k < LANE_KINDS; k++)
		mix->spent_ns[k] += found->spent_ns[k] > 0 ? found->spent_ns[k] : 0;
	mix->spans += found->spans;
	if (found->spans > 0 && found->longest_ns >= mix->longest_ns) {
		mix->longest_ns = found->longest_ns;
		mix->longest_go = found->longest_go;
	}
}

const struct history *fine_near(const struct part *part, uint16_t own, int64_t begin_ns,
                                int64_t end_ns)
{
	int64_t from_ns, to_ns;
	const struct history *history = part_lanes(part, begin_ns, end_ns, &from_ns, &to_ns);
	const uint32_t *first = history == NULL ? NULL : &history->lanes.first_run.items[own];

	return first != NULL && is_few(first[1] - first[0], to_ns - from_ns, end_ns - begin_ns,
	                               RUNS_NEAR)
	               ? history
	               : NULL;
}

void fine_mix(const struct part *part, const struct history *history, uint16_t own,
              int64_t begin_ns, int64_t end_ns, struct mix *mix)
{
	struct mix found = { .longest_go = INDEX_NONE };
	struct window w = { part, history, begin_ns, end_ns, &found };
	uint32_t first = history->lanes.first_run.items[own];
	uint32_t at = lanes_first_from(history, own, part_time_of(part, begin_ns));

	for (at -= at > first; at < history->lanes.first_run.items[own + 1]; at++) {
		const struct run *run = &history->runs.items[at];

		if (part_ns(part, run->begin) >= end_ns)
			break;
		if (lane_is_whole(run))
			add_run(&w, run);
	}
	add_pieces(&w, own);
	add_found(mix, &found);
}

/* ---- counts */

static void hold(struct level *level, int64_t least, int64_t most)
{
	level->min = least < level->min ? least : level->min;
	level->max = most > level->max ? most : level->max;
}

/* A block of changes before the end; false: there is none at the cursor. */
static bool take_block(const struct part *part, struct change_cursor *cursor, enum count count,
                       int64_t end_ns, int64_t *from_ns, struct level *level)
{
	const struct change_mark *mark = change_mark_of(cursor);
	part_time last;

	if (!change_look_block(cursor, &last) || part_ns(part, last) >= end_ns)
		return false;
	if (mark->least[count] <= mark->most[count])
		hold(level, mark->counts[count] + mark->least[count],
		     mark->counts[count] + mark->most[count]);
	change_step_block(cursor);
	*from_ns = part_ns(part, last);
	level->last = change_mark_of(cursor)->counts[count];
	return true;
}

/* The least and the most of a window, from where the cursor is: of changes at one time only the
 * last counts. */
static struct level levels_from(const struct part *part, struct change_cursor cursor,
                                enum count count, int64_t begin_ns, int64_t end_ns)
{
	int64_t from_ns = begin_ns;
	struct level level = { .min = INT64_MAX,
		               .max = INT64_MIN,
		               .last = changes_value(&cursor, count),
		               .is_known = true };
	enum change change;
	part_time time;

	while (change_look(&cursor, &time, &change) && part_ns(part, time) < end_ns) {
		if (part_ns(part, time) > from_ns) /* it was that number for a while */
			hold(&level, level.last, level.last);
		from_ns = part_ns(part, time);
		level.last += change_adds[change][count];
		change_step(&cursor);
		while (take_block(part, &cursor, count, end_ns, &from_ns, &level))
			;
	}
	hold(&level, level.last, level.last);
	return level;
}

bool fine_level(const struct part *part, enum series series, int64_t begin_ns, int64_t end_ns,
                struct level *level)
{
	const struct history *history = part->history;
	struct level found;

	if (history == NULL || (int)series >= COUNTS || end_ns <= part->begin_ns ||
	    begin_ns > part->end_ns ||
	    !is_few(changes_count(&history->changes), part->end_ns - part->begin_ns,
	            end_ns - begin_ns, CHANGES_NEAR))
		return false;
	found = levels_from(part, changes_from(&history->changes, part_time_of(part, begin_ns)),
	                    (enum count)series, begin_ns, end_ns);
	found.min = found.min < 0 ? 0 : found.min;
	level->min = !level->is_known || found.min < level->min ? found.min : level->min;
	level->max = !level->is_known || found.max > level->max ? found.max : level->max;
	level->last = found.last;
	level->is_known = true;
	return true;
}
