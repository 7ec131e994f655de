/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/part.h"

struct part *part_new(struct budget *budget)
{
	struct part *part = budget_resize(budget, NULL, 0, sizeof(*part));

	memset(part, 0, sizeof(*part));
	part->heads.budget = budget;
	part->known.gos.budget = part->known.procs.budget = part->known.heads.budget = budget;
	census_init(&part->census, budget);
	part->known.begins.budget = part->known.ends.budget = budget;
	return part;
}

void part_free(struct part *part, struct budget *budget)
{
	tables_free(&part->tables);
	census_free(&part->census);
	history_free(part->history);
	array_free(&part->heads);
	array_free(&part->known.gos);
	array_free(&part->known.procs);
	array_free(&part->known.heads);
	array_free(&part->known.begins);
	array_free(&part->known.ends);
	budget_resize(budget, part->proc_of, part->procs * sizeof(*part->proc_of), 0);
	budget_resize(budget, part->own_proc, part->procs * sizeof(*part->own_proc), 0);
	budget_resize(budget, part->earliest, part->earliest_count * sizeof(*part->earliest), 0);
	arena_free(part->arena);
	budget_resize(budget, part->arena, sizeof(*part->arena), 0);
	budget_resize(budget, part, sizeof(*part), 0);
}

size_t part_bytes(const struct part *part)
{
	return sizeof(*part) + tables_bytes(&part->tables) + census_bytes(&part->census) +
	       part->heads.capacity * sizeof(struct head) +
	       (part->known.gos.capacity + part->known.procs.capacity) * sizeof(struct floor) +
	       part->known.heads.capacity * sizeof(struct known_head) +
	       part->procs * (sizeof(*part->proc_of) + sizeof(*part->own_proc)) +
	       part->earliest_count * sizeof(*part->earliest);
}
