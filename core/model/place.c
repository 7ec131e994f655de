/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/place.h"

void place_init(struct placement *place, struct budget *budget)
{
	*place = (struct placement){ .tenure_slots = { .budget = budget } };
	place->keys.budget = place->room.budget = budget;
}

void place_free(struct placement *place)
{
	array_free(&place->tenure_slots);
	array_free(&place->keys);
	array_free(&place->room);
}

void place_procs(struct placement *place, struct walk *walk)
{
	struct local_proc *procs = walk->procs.items;
	uint32_t next = 0;

	/* by number, then, as the sort is stable, by P: few, as syscalls that return are forgotten
	 */
	array_clear(&place->keys);
	for (size_t i = 0; i < walk->tenures.count; i++)
		*array_push(&place->keys) = (uint64_t)walk->tenures.items[i].seq << 32 | i;
	radix_sort(&place->keys, &place->room, 32, 28);
	for (size_t p = 0; p < walk->procs.count; p++) {
		procs[p].first_slot = next;
		next += procs[p].count;
		procs[p].count = 0;
	}
	array_resize(&place->tenure_slots, next);
	for (size_t i = 0; i < place->keys.count; i++) {
		uint32_t tenure = (uint32_t)place->keys.items[i];
		struct local_proc *proc = &procs[walk->tenures.items[tenure].proc];

		place->tenure_slots.items[proc->first_slot + proc->count++] = tenure;
	}
}
