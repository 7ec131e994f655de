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
	id_map_set(&map, 0, 5);
	is_u64(id_map_find(&map, 0), 5, "set replaces");
	id_map_clear(&map);
	ok(id_map_find(&map, 0) == ID_NONE && map.count == 0, "clear empties");
	id_map_free(&map);
	is_u64(budget.used, 0, "all memory is given back");
}

int main(void)
{
	finds_what_was_added();
	return tap_done();
}
