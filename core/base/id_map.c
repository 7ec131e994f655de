/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_map.h"

#include "core/base/array.h"

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

/* Where id wants to be. The order is the same at each size, so that a larger table is filled from
 * one end to the other, but no two maps have the same: what comes in the order of one does not fill
 * another from one end. */
static size_t place_of(const struct id_map *map, uint64_t id)
{
	return (size_t)((unsigned __int128)id_hash(id ^ map->order) * map->size >> 64);
}

/* Where id is, or the free slot where it would be; linear probing. */
static struct id_slot *slot_of(const struct id_map *map, uint64_t id)
{
	size_t at = place_of(map, id);

	while (map->slots[at].used != 0 && id_of(&map->slots[at]) != id)
		at = at + 1 == map->size ? 0 : at + 1;
	return &map->slots[at];
}

/* Moves slots in place, the last first, after the table has become larger: each wants to be behind
 * where it was, and all from there on have been moved. Those of the first few that were not where
 * they wanted to be, or that find no place up to the end, wait until all others are there. */
static void spread(struct id_map *map, size_t old_size)
{
	ARRAY(struct id_slot) aside = { .budget = map->budget };

	for (size_t at = old_size; at-- > 0;) {
		struct id_slot slot = map->slots[at];
		size_t to;

		if (slot.used == 0)
			continue;
		map->slots[at].used = 0;
		to = place_of(map, id_of(&slot));
		while (to >= at && to < map->size && map->slots[to].used != 0)
			to++;
		if (to >= at && to < map->size)
			map->slots[to] = slot;
		else
			*array_push(&aside) = slot;
	}
	for (size_t i = 0; i < aside.count; i++)
		*slot_of(map, id_of(&aside.items[i])) = aside.items[i];
	array_free(&aside);
}

static void grow(struct id_map *map, uint64_t id)
{
	size_t old_size = map->size, old_bytes = id_map_bytes(map);

	if (old_size == 0)
		map->order = id_hash((uintptr_t)map + id);
	map->size = old_size == 0 ? FIRST_SIZE : old_size + old_size / 2;
	map->slots = budget_resize(map->budget, map->slots, old_bytes, id_map_bytes(map));
	memset(map->slots + old_size, 0, id_map_bytes(map) - old_bytes);
	spread(map, old_size);
}

size_t id_map_bytes(const struct id_map *map)
{
	return map->size * sizeof(*map->slots);
}

uint32_t id_map_find(const struct id_map *map, uint64_t id)
{
	return map->size == 0 ? ID_NONE : slot_of(map, id)->used - 1;
}

/* The slot of an id, which counts as inside from now on. */
static struct id_slot *slot_for(struct id_map *map, uint64_t id)
{
	struct id_slot *slot;

	if (map->count * 4 >= map->size * 3)
		grow(map, id);
	slot = slot_of(map, id);
	map->count += slot->used == 0;
	return slot;
}

uint32_t id_map_add(struct id_map *map, uint64_t id, uint32_t fresh)
{
	struct id_slot *slot = slot_for(map, id);

	if (slot->used == 0)
		*slot = (struct id_slot){ { (uint32_t)id, (uint32_t)(id >> 32) }, fresh + 1 };
	return slot->used - 1;
}

uint32_t id_map_set(struct id_map *map, uint64_t id, uint32_t index)
{
	struct id_slot *slot = slot_for(map, id);
	uint32_t before = slot->used - 1;

	*slot = (struct id_slot){ { (uint32_t)id, (uint32_t)(id >> 32) }, index + 1 };
	return before;
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
