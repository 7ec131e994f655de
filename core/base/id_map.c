/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_map.h"

enum { FIRST_SIZE = 64, SPARSE = 8 };

struct id_slot { /* 12 bytes: there may be very many */
	uint32_t id[2];
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

static uint64_t id_of(const struct id_slot *slot)
{
	return (uint64_t)slot->id[1] << 32 | slot->id[0];
}

/* Where id is, or the free slot where it would be; linear probing. Each size has an order of its
 * own, so that what comes in the order of a larger table does not fill this one from one end. */
static struct id_slot *slot_of(const struct id_map *map, uint64_t id)
{
	uint64_t place = id_hash(id) * (2 * map->size + 1);
	size_t at = (size_t)((unsigned __int128)place * map->size >> 64);

	while (map->slots[at].used != 0 && id_of(&map->slots[at]) != id)
		at = at + 1 == map->size ? 0 : at + 1;
	return &map->slots[at];
}

static void grow(struct id_map *map)
{
	struct id_map old = *map;

	map->size = old.size == 0 ? FIRST_SIZE : old.size + old.size / 2;
	map->slots = budget_resize(map->budget, NULL, 0, id_map_bytes(map));
	memset(map->slots, 0, id_map_bytes(map));
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].used != 0)
			*slot_of(map, id_of(&old.slots[i])) = old.slots[i];
	budget_resize(map->budget, old.slots, id_map_bytes(&old), 0);
}

size_t id_map_bytes(const struct id_map *map)
{
	return map->size * sizeof(*map->slots);
}

uint32_t id_map_find(const struct id_map *map, uint64_t id)
{
	return map->size == 0 ? ID_NONE : slot_of(map, id)->used - 1;
}

uint32_t id_map_add(struct id_map *map, uint64_t id, uint32_t fresh)
{
	struct id_slot *slot;

	if (map->count * 4 >= map->size * 3)
		grow(map);
	slot = slot_of(map, id);
	if (slot->used == 0) {
		*slot = (struct id_slot){ { (uint32_t)id, (uint32_t)(id >> 32) }, fresh + 1 };
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
	for (size_t i = 0; i < map->size; i++)
		if (map->slots[i].used != 0)
			each(context, id_of(&map->slots[i]), map->slots[i].used - 1);
}

void id_map_clear(struct id_map *map)
{
	/* one that was large once and now is used little would cost more than it does */
	if (map->size > SPARSE * (map->count + FIRST_SIZE))
		id_map_free(map);
	else if (map->size > 0)
		memset(map->slots, 0, id_map_bytes(map));
	map->count = 0;
}

void id_map_free(struct id_map *map)
{
	budget_resize(map->budget, map->slots, id_map_bytes(map), 0);
	*map = (struct id_map){ .budget = map->budget };
}
