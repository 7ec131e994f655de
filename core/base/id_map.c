/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_map.h"

enum { FIRST_SIZE = 64, SPARSE = 8 };

struct id_slot {
	uint64_t id;
	uint32_t used; /* index + 1; 0: free */
};

/* Set once before the first map is made, then only read. */
static uint64_t hash_key = 0x9e3779b97f4a7c15u;

void id_map_key(uint64_t key)
{
	hash_key = key | 1;
}

uint64_t id_hash(uint64_t id)
{
	unsigned __int128 product = (unsigned __int128)(id ^ hash_key) * 0xd6e8feb86659fd93u;
	uint64_t folded = (uint64_t)product ^ (uint64_t)(product >> 64);

	product = (unsigned __int128)folded * hash_key;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Where id is, or the free slot where it would be; linear probing. */
static struct id_slot *slot_of(const struct id_map *map, uint64_t id)
{
	size_t at = (size_t)id_hash(id) & map->mask;

	while (map->slots[at].used != 0 && map->slots[at].id != id)
		at = (at + 1) & map->mask;
	return &map->slots[at];
}

static size_t table_size(const struct id_map *map)
{
	return map->slots == NULL ? 0 : map->mask + 1;
}

static void grow(struct id_map *map)
{
	struct id_map old = *map;
	size_t old_size = table_size(map);
	size_t size = old_size == 0 ? FIRST_SIZE : old_size * 2;

	map->slots = budget_resize(map->budget, NULL, 0, size * sizeof(*map->slots));
	memset(map->slots, 0, size * sizeof(*map->slots));
	map->mask = size - 1;
	for (size_t i = 0; i < old_size; i++)
		if (old.slots[i].used != 0)
			*slot_of(map, old.slots[i].id) = old.slots[i];
	budget_resize(map->budget, old.slots, old_size * sizeof(*map->slots), 0);
}

uint32_t id_map_find(const struct id_map *map, uint64_t id)
{
	return map->slots == NULL ? ID_NONE : slot_of(map, id)->used - 1;
}

uint32_t id_map_add(struct id_map *map, uint64_t id, uint32_t fresh)
{
	struct id_slot *slot;

	if (map->count * 4 >= table_size(map) * 3)
		grow(map);
	slot = slot_of(map, id);
	if (slot->used == 0) {
		*slot = (struct id_slot){ id, fresh + 1 };
		map->count++;
	}
	return slot->used - 1;
}

void id_map_set(struct id_map *map, uint64_t id, uint32_t index)
{
	id_map_add(map, id, index);
	slot_of(map, id)->used = index + 1;
}

void id_map_each(const struct id_map *map, void (*each)(void *context, uint64_t id, uint32_t index),
                 void *context)
{
	for (size_t i = 0; i < table_size(map); i++)
		if (map->slots[i].used != 0)
			each(context, map->slots[i].id, map->slots[i].used - 1);
}

void id_map_clear(struct id_map *map)
{
	/* one that was large once and now is used little would cost more than it does */
	if (table_size(map) > SPARSE * (map->count + FIRST_SIZE))
		id_map_free(map);
	else if (map->slots != NULL)
		memset(map->slots, 0, table_size(map) * sizeof(*map->slots));
	map->count = 0;
}

void id_map_free(struct id_map *map)
{
	budget_resize(map->budget, map->slots, table_size(map) * sizeof(*map->slots), 0);
	*map = (struct id_map){ .budget = map->budget };
}
