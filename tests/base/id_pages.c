/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_pages.h"

#include "tests/draw.h"
#include "tests/tap.h"

enum { IDS = 20000 };

static struct budget budget;

static uint64_t seed = 5;

/* Neighbours, as goroutines are; far ones; and the ends of the range. */
static uint64_t draw_id(void)
{
	switch (draw(&seed, 4)) {
	case 0:
		return draw(&seed, 100);
	case 1:
		return UINT64_MAX - draw(&seed, 40);
	case 2:
		return draw_any(&seed);
	default:
		return draw(&seed, 30000);
	}
}

static void is_what_a_map_is(void)
{
	struct id_pages pages;
	struct id_map map = { .budget = &budget };
	bool good = true;
	uint64_t id;

	id_pages_init(&pages, &budget);
	for (int i = 0; i < IDS; i++) {
		id = draw_id();
		good = good && id_pages_find(&pages, id) == id_map_find(&map, id);
		id = draw_id();
		good = good && id_pages_add(&pages, id, (uint32_t)map.count) ==
		                       id_map_add(&map, id, (uint32_t)map.count);
		if (i % 50 == 0) {
			id = draw_id();
			id_pages_set(&pages, id, (uint32_t)i);
			id_map_set(&map, id, (uint32_t)i);
		}
		good = good && pages.count == map.count;
	}
	ok(good, "finds, adds and sets as an id_map does");
	id_pages_clear(&pages);
	ok(pages.count == 0 && id_pages_find(&pages, 1) == ID_NONE &&
	           id_pages_find(&pages, id) == ID_NONE,
	   "a cleared one is empty");
	is_u64(id_pages_add(&pages, 1, 7), 7, "and can be used again");
	id_pages_free(&pages);
	id_map_free(&map);
}

static void note(void *context, uint64_t id, uint32_t index)
{
	id_map_set(context, id, index);
}

static void tells_all(void)
{
	struct id_pages pages;
	struct id_map map = { .budget = &budget }, told = { .budget = &budget };
	bool good = true;

	id_pages_init(&pages, &budget);
	for (int i = 0; i < IDS; i++) {
		uint64_t id = draw_id();

		id_pages_set(&pages, id, (uint32_t)i);
		id_map_set(&map, id, (uint32_t)i);
	}
	id_pages_each(&pages, note, &told);
	for (int i = 0; i < IDS; i++) {
		uint64_t id = draw_id();

		good = good && id_map_find(&told, id) == id_map_find(&map, id);
	}
	ok(good && told.count == map.count, "tells of all ids and their indexes");
	id_pages_free(&pages);
	id_map_free(&map);
	id_map_free(&told);
}

int main(void)
{
	is_what_a_map_is();
	tells_all();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
