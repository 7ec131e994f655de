/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_map.h"

#include "tests/tap.h"

static void finds_what_was_added(void)
{
	struct budget budget = { 0 };
	struct id_map map = { .budget = &budget };
	bool good = id_map_find(&map, 7) == ID_NONE;

	for (uint32_t i = 0; i < 100000; i++)
		good = good && id_map_add(&map, (uint64_t)i << 32, i) == i;
	for (uint32_t i = 0; i < 100000; i++)
		good = good && id_map_add(&map, (uint64_t)i << 32, 7) == i;
	ok(good && map.count == 100000, "100000 ids that share their low halves");
	ok(id_map_find(&map, 1) == ID_NONE, "one that was not added");
	is_u64(id_map_set(&map, 0, 5), 0, "set gives what was there");
	is_u64(id_map_set(&map, UINT64_MAX, 5), ID_NONE, "or that nothing was");
	is_u64(id_map_find(&map, 0), 5, "set replaces");
	id_map_clear(&map);
	ok(id_map_find(&map, 0) == ID_NONE && map.count == 0, "clear empties");
	id_map_free(&map);
	is_u64(budget.used, 0, "all memory is given back");
}

struct copy {
	struct id_map map;
	uint32_t count;
};

static void add_to_copy(void *context, uint64_t id, uint32_t index)
{
	struct copy *copy = context;

	copy->count += id_map_add(&copy->map, id, index) == index;
}

/* What one gives in its own order another may get: with tables that keep the order of hashes, this
 * takes time in square, which makes 400000 ids take longer than anybody waits. */
static void fills_from_another(void)
{
	struct budget budget = { 0 };
	struct id_map map = { .budget = &budget };
	struct copy copy = { .map = { .budget = &budget } };

	for (uint32_t i = 0; i < 400000; i++)
		id_map_add(&map, (uint64_t)i << 33, i);
	id_map_each(&map, add_to_copy, &copy);
	is_u64(copy.count, 400000, "all come over");
	id_map_free(&map);
	id_map_free(&copy.map);
}

/* Each map has an order of its own, so that many meet what is rare: slots at both ends. */
static void loses_none_when_it_grows(void)
{
	struct budget budget = { 0 };
	size_t found = 0;

	for (uint32_t first = 0; first < 2000; first++) {
		struct id_map map = { .budget = &budget };

		for (uint32_t i = 0; i < 300; i++)
			id_map_add(&map, first + i, i);
		for (uint32_t i = 0; i < 300; i++)
			found += id_map_find(&map, first + i) == i;
		id_map_free(&map);
	}
	is_u64(found, 2000 * 300, "all of 2000 maps that grew some times");
}

static void forgets_its_size(void)
{
	struct budget budget = { 0 };
	struct id_map map = { .budget = &budget };

	for (uint32_t i = 0; i < 100000; i++)
		id_map_add(&map, i, i);
	id_map_clear(&map);
	ok(budget.used > 1000000, "what was used is kept");
	id_map_add(&map, 1, 1);
	id_map_clear(&map);
	ok(budget.used == 0 && id_map_find(&map, 1) == ID_NONE, "but not if it was too large");
	is_u64(id_map_add(&map, 1, 3), 3, "and it can be used again");
	id_map_free(&map);
}

int main(void)
{
	fills_from_another();
	loses_none_when_it_grows();
	forgets_its_size();
	finds_what_was_added();
	return tap_done();
}
