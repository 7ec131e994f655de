/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_runs.h"

#include "tests/draw.h"
#include "tests/tap.h"

enum { IDS = 30000 };

static struct budget budget;

static uint64_t seed = 7;

/* Some in a row, some alone, some at the ends of the range. */
static uint64_t draw_id(void)
{
	switch (draw(&seed, 4)) {
	case 0:
		return draw(&seed, 1000);
	case 1:
		return UINT64_MAX - draw(&seed, 40);
	case 2:
		return draw_any(&seed);
	default:
		return 50000 + draw(&seed, 30000);
	}
}

/* Indexes that go along with ids, as of two who take turns, and with jumps; no two have the same.
 */
static uint32_t index_of(uint64_t id)
{
	return (uint32_t)(id % 5 == 0 ? id / 5 : 1000000000 + id + id / 100 * 7);
}

static void is_what_a_map_is(void)
{
	struct id_runs runs;
	struct id_map map = { .budget = &budget };
	bool good = true;

	id_runs_init(&runs, &budget);
	for (int i = 0; i < IDS; i++) {
		uint64_t id = draw_id();

		id_runs_add(&runs, id, index_of(id));
		id_map_set(&map, id, index_of(id));
		if (i % 1000 == 0 || i == IDS - 1) {
			id_runs_settle(&runs);
			good = good && runs.count == map.count;
		}
		id = draw_id();
		if (i % 1000 == 0)
			good = good && id_runs_find(&runs, id) == id_map_find(&map, id);
	}
	ok(good, "however they come, as many as in a map are there");
	for (int i = 0; i < IDS && good; i++) {
		uint64_t id = draw_id();

		good = id_runs_find(&runs, id) == id_map_find(&map, id);
	}
	ok(good, "with the same indexes");
	id_runs_free(&runs);
	id_map_free(&map);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

static void a_row_takes_nothing(void)
{
	struct id_runs runs;

	id_runs_init(&runs, &budget);
	for (uint32_t i = 0; i < IDS; i++) /* two workers take turns, sixteen at a time */
		id_runs_add(&runs, 100 + (i / 32 * 32 + (i % 2) * 16 + i % 32 / 2), 7 + i);
	id_runs_settle(&runs);
	is_u64(runs.count, IDS / 32 * 32 + IDS % 32, "all are there");
	id_runs_free(&runs);
	id_runs_init(&runs, &budget);
	for (uint32_t i = IDS; i-- > 0;)
		id_runs_add(&runs, 100 + i, 7 + i);
	id_runs_settle(&runs);
	ok(runs.runs.count == (IDS + 99) / 64 - 100 / 64 + 1 &&
	           id_runs_find(&runs, 100 + IDS - 1) == 7 + IDS - 1 &&
	           id_runs_find(&runs, 99) == ID_NONE && id_runs_find(&runs, 100 + IDS) == ID_NONE,
	   "a row is a run for each 64, even if it came backwards");
	id_runs_free(&runs);
}

/* Whose indexes are their ids, wherever they begin and end, be some of them there already. */
static void rows_are_their_ids(void)
{
	struct id_runs runs;
	struct id_map map = { .budget = &budget };
	bool good = true;

	id_runs_init(&runs, &budget);
	for (int i = 0; i < 200; i++) {
		uint64_t first = draw_id(), left = UINT64_MAX - first;
		uint64_t count = draw(&seed, left < 150 ? left : 150);

		id_runs_add_row(&runs, first, count, (uint32_t)first);
		for (uint64_t id = first; id < first + count; id++)
			id_map_set(&map, id, (uint32_t)id);
		if (i % 20 == 19)
			id_runs_settle(&runs);
	}
	is_u64(runs.count, map.count, "rows that lap have each of their ids once");
	for (int i = 0; i < IDS; i++) {
		uint64_t id = draw_id();

		good = good && id_runs_find(&runs, id) == id_map_find(&map, id);
	}
	ok(good, "all of a row are found");
	id_runs_free(&runs);
	id_map_free(&map);
}

int main(void)
{
	is_what_a_map_is();
	a_row_takes_nothing();
	rows_are_their_ids();
	return tap_done();
}
