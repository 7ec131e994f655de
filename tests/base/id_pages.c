/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_pages.h"

#include "tests/tap.h"

enum { IDS = 20000 };

static struct budget budget;

static uint64_t draw(void)
{
	static uint64_t seed = 5;

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Neighbours, as goroutines are; far ones; and the ends of the range. */
static uint64_t draw_id(void)
{
	switch (draw() % 4) {
	case 0:
		return draw() % 100;
	case 1:
		return UINT64_MAX - draw() % 40;
	case 2:
		return draw();
	default:
		return draw() % 30000;
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

static void joins_all_of_another(void)
{
	struct id_pages one, other;
	bool good = true;

	id_pages_init(&one, &budget);
	id_pages_init(&other, &budget);
	for (uint32_t i = 0; i < 1000; i++) {
		id_pages_add(&one, i * 3, i);
		id_pages_add(&other, i * 5, i);
	}
	id_pages_join(&one, &other);
	for (uint32_t id = 0; id < 6000; id++)
		good = good && (id_pages_find(&one, id) != ID_NONE) ==
		                       ((id % 3 == 0 && id < 3000) || (id % 5 == 0 && id < 5000));
	ok(good, "has the ids of both");
	is_u64(one.count, 1000 + 1000 - 200, "each once");
	id_pages_free(&one);
	id_pages_free(&other);
}

int main(void)
{
	is_what_a_map_is();
	joins_all_of_another();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
