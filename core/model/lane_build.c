/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/lane_build.h"

enum { RECORDS_A_STEP = 1 << 15 };

/* Runs come about in the order of their begins, so that a few passes do. What lies side by side in
 * a lane is looked at together: so it is in memory. Strands are laid out before, as records come
 * about one after the other there, too. */
enum {
	COUNT_STRANDS,
	LAY_STRANDS,
	BEGIN_KEYS,
	KEYS_OF_BEGIN,
	SORT_BY_BEGIN,
	KEYS_OF_PROC,
	SORT_BY_PROC,
	BEGIN_SORTED,
	SORTED,
	RENAME_RUNS,
	RENAME_WAKES,
	RENAME_STRANDS,
	RENAME_TOLD,
	FIND_RUNS,
	BEGIN_PIECES,
	KEYS_OF_PIECES,
	SORT_PIECES,
	LAY_PIECES,
	OVER,
};

void lane_build_init(struct lane_build *build, struct budget *budget)
{
	*build = (struct lane_build){ .phase = OVER };
	build->keys.budget = build->room.budget = budget;
	build->sorted.budget = build->place_of.budget = budget;
}

static void free_arrays(struct lane_build *build)
{
	array_free(&build->keys);
	array_free(&build->room);
	array_free(&build->sorted);
	array_free(&build->place_of);
}

void lane_build_free(struct lane_build *build)
{
	free_arrays(build);
}

void lane_build_begin(struct lane_build *build, struct history *history, const struct walk *walk,
                      const piece_array *clipped)
{
	build->history = history;
	build->walk = walk;
	build->clipped = clipped;
	build->phase = COUNT_STRANDS;
	build->at = 0;
}

/* ---- runs in their new order */

/* What is reserved is written some a step: it is not touched before. */
static void begin_keys(struct lane_build *build)
{
	array_reserve(&build->keys, build->history->runs.count);
	build->keys.count = build->history->runs.count;
}

static void make_keys_of_begin(struct lane_build *build, size_t end)
{
	for (size_t i = build->at; i < end; i++)
		build->keys.items[i] = (uint64_t)build->history->runs.items[i].begin << 32 | i;
}

static void make_keys_of_proc(struct lane_build *build, size_t end)
{
	for (size_t i = build->at; i < end; i++) {
		uint64_t run = (uint32_t)build->keys.items[i];

		build->keys.items[i] = (uint64_t)build->history->runs.items[run].proc << 32 | run;
	}
}

static void begin_sorted(struct lane_build *build)
{
	array_reserve(&build->sorted, build->keys.count);
	array_reserve(&build->place_of, build->keys.count);
	build->sorted.count = build->place_of.count = build->keys.count;
}

static void put_in_order(struct lane_build *build, size_t end)
{
	for (size_t i = build->at; i < end; i++) {
		uint32_t run = (uint32_t)build->keys.items[i];

		build->sorted.items[i] = build->history->runs.items[run];
		build->place_of.items[run] = (uint32_t)i;
	}
}

static void rename_record(uint32_t *record, const u32_array *place_of)
{
	if (*record != INDEX_NONE && !(*record & RECORD_WAKE))
		*record = place_of->items[*record];
}

static void rename_runs(struct lane_build *build, size_t end)
{
	for (size_t i = build->at; i < end; i++)
		rename_record(&build->sorted.items[i].before, &build->place_of);
}

static void rename_wakes(struct lane_build *build, size_t end)
{
	for (size_t i = build->at; i < end; i++)
		rename_record(&build->history->wakes.items[i].before, &build->place_of);
}

static void rename_strands(struct lane_build *build, size_t end)
{
	for (size_t i = build->at; i < end; i++)
		rename_record(&build->history->strands.records.items[i], &build->place_of);
}

static void rename_told(struct lane_build *build, size_t end)
{
	for (size_t i = build->at; i < end; i++)
		rename_record(&build->history->told_records.items[i], &build->place_of);
}

static void take_sorted(struct lane_build *build)
{
	struct history *history = build->history;

	array_free(&history->runs);
	history->runs.items = build->sorted.items;
	history->runs.count = build->sorted.count;
	history->runs.capacity = build->sorted.capacity;
	build->sorted.items = NULL;
	build->sorted.count = build->sorted.capacity = 0;
}

/* ---- pieces: of the walk, and of runs */

static size_t pieces(const struct lane_build *build)
{
	return build->walk->pieces.count + build->clipped->count;
}

static const struct piece *piece_at(const struct lane_build *build, size_t i)
{
	size_t walked = build->walk->pieces.count;

	return i < walked ? &build->walk->pieces.items[i] : &build->clipped->items[i - walked];
}

static void begin_pieces(struct lane_build *build)
{
	array_clear(&build->keys);
	lanes_count_pieces(&build->history->lanes, build->walk->procs.count);
}

static void make_keys_of_pieces(struct lane_build *build, size_t end)
{
	for (size_t i = build->at; i < end; i++) {
		const struct piece *piece = piece_at(build, i);

		if (piece->proc == PROC_NONE)
			continue;
		*array_push(&build->keys) = (uint64_t)piece->begin << 32 | i;
		lanes_count_piece(&build->history->lanes, piece);
	}
}

static void lay_pieces(struct lane_build *build, size_t end)
{
	for (size_t i = build->at; i < end; i++)
		lanes_lay_piece(&build->history->lanes,
		                piece_at(build, (uint32_t)build->keys.items[i]));
}

/* ---- steps */

/* Some more of so many records, by a function that goes from build->at to where it is told. */
static bool go_on(struct lane_build *build, size_t count,
                  void (*some)(struct lane_build *build, size_t end))
{
	size_t rest = count - build->at, step = rest < RECORDS_A_STEP ? rest : RECORDS_A_STEP;

	some(build, build->at + step);
	build->at += step;
	return build->at < count;
}

/* False: the phase is over. */
static bool step(struct lane_build *build)
{
	struct history *history = build->history;
	size_t procs = build->walk->procs.count;

	switch (build->phase) {
	case COUNT_STRANDS:
		strands_begin(history, build->walk->gos.count);
		return false;
	case LAY_STRANDS:
		return strands_lay(history, RECORDS_A_STEP);
	case BEGIN_KEYS:
		begin_keys(build);
		return false;
	case KEYS_OF_BEGIN:
		return go_on(build, build->keys.count, make_keys_of_begin);
	case SORT_BY_BEGIN:
		return radix_sort_step(&build->keys, &build->room, 32,
		                       radix_bits(build->walk->last), (unsigned)build->at++);
	case KEYS_OF_PROC:
		return go_on(build, build->keys.count, make_keys_of_proc);
	case SORT_BY_PROC:
		return radix_sort_step(&build->keys, &build->room, 32, radix_bits(PROC_NONE),
		                       (unsigned)build->at++);
	case BEGIN_SORTED:
		begin_sorted(build);
		return false;
	case SORTED:
		return go_on(build, history->runs.count, put_in_order);
	case RENAME_RUNS:
		return go_on(build, build->sorted.count, rename_runs);
	case RENAME_WAKES:
		return go_on(build, history->wakes.count, rename_wakes);
	case RENAME_STRANDS:
		return go_on(build, history->strands.records.count, rename_strands);
	case RENAME_TOLD:
		return go_on(build, history->told_records.count, rename_told);
	case FIND_RUNS:
		take_sorted(build);
		lanes_find_runs(history, procs);
		return false;
	case BEGIN_PIECES:
		begin_pieces(build);
		return false;
	case KEYS_OF_PIECES:
		return go_on(build, pieces(build), make_keys_of_pieces);
	case SORT_PIECES:
		return radix_sort_step(&build->keys, &build->room, 32,
		                       radix_bits(build->walk->last), (unsigned)build->at++);
	case LAY_PIECES:
		if (build->at == 0)
			lanes_begin_pieces(&history->lanes, build->keys.count);
		return go_on(build, build->keys.count, lay_pieces);
	default:
		return false;
	}
}

bool lane_build_step(struct lane_build *build)
{
	if (!step(build)) {
		build->phase++;
		build->at = 0;
	}
	if (build->phase < OVER)
		return true;
	free_arrays(build);
	return false;
}
