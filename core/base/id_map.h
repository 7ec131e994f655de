/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ID_MAP_H
#define CORE_BASE_ID_MAP_H

#include "core/base/arena.h"

/* From 64-bit ids of a file to dense 32-bit indexes of ours. The hash is keyed, so that no file can
 * choose ids that collide; nothing may depend on the order inside. */
struct id_map {
	struct budget *budget;
	struct id_slot *slots;
	size_t size;  /* of the table */
	size_t count; /* ids inside */
	uint64_t order; /* of the ids inside */
};

#define ID_NONE UINT32_MAX

/* Sets the key of all maps: once, before the first, from a random source. Without it the key is
 * fixed, which is what tests want. */
void id_map_key(uint64_t key);

/* The well-mixed hash behind it, for tables of other things. */
uint64_t id_hash(uint64_t id);

/* The index of id, or ID_NONE. */
uint32_t id_map_find(const struct id_map *map, uint64_t id);

/* The index of id; one that is new gets the index fresh. */
uint32_t id_map_add(struct id_map *map, uint64_t id, uint32_t fresh);

/* Gives id an index; the one that it had, or ID_NONE. */
uint32_t id_map_set(struct id_map *map, uint64_t id, uint32_t index);

/* Calls each for every id, in no order. */
void id_map_each(const struct id_map *map, void (*each)(void *context, uint64_t id, uint32_t index),
                 void *context);

/* What it takes. It grows by half, in place. */
size_t id_map_bytes(const struct id_map *map);

/* Empties it and keeps its memory, if it was used; takes no longer than filling it did. */
void id_map_clear(struct id_map *map);
void id_map_free(struct id_map *map);

#endif
