/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/part.h"

struct part *part_new(struct budget *budget)
{
	struct part *part = budget_resize(budget, NULL, 0, sizeof(*part));

	memset(part, 0, sizeof(*part));
	checkpoints_init(&part->points, budget);
	part->heads.budget = budget;
	part->known.gos.budget = part->known.procs.budget = part->known.heads.budget = budget;
	census_init(&part->census, budget);
	part->closeups.budget = budget;
	part->known.begins.budget = part->known.ends.budget = budget;
	part->known.backs.budget = budget;
	return part;
}

void part_free(struct part *part, struct budget *budget)
{
	tables_free(&part->tables);
	census_free(&part->census);
	checkpoints_free(&part->points);
	history_free(part->history);
	history_free(part->pass);
	history_free(part->nobodys);
	for (size_t i = 0; i < part->closeups.count; i++)
		history_free(part->closeups.items[i].history);
	array_free(&part->closeups);
	array_free(&part->heads);
	array_free(&part->known.gos);
	array_free(&part->known.procs);
	array_free(&part->known.heads);
	array_free(&part->known.begins);
	array_free(&part->known.ends);
	array_free(&part->known.backs);
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

const struct history *part_lanes(const struct part *part, int64_t begin_ns, int64_t end_ns,
                                 int64_t *from_ns, int64_t *to_ns)
{
	*from_ns = part->begin_ns;
	*to_ns = part->end_ns;
	if (part->history != NULL)
		return part->history;
	begin_ns = part_clip(part, begin_ns);
	end_ns = part_clip(part, end_ns);
	for (size_t i = 0; i < part->closeups.count; i++) {
		const struct closeup *closeup = &part->closeups.items[i];

		if (closeup->begin_ns > begin_ns || closeup->end_ns < end_ns)
			continue;
		*from_ns = closeup->begin_ns;
		*to_ns = closeup->end_ns;
		return closeup->history;
	}
	return NULL;
}

bool part_has_back(const struct part *part, uint32_t go)
{
	size_t low = 0, high = part->known.backs.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (part->known.backs.items[middle].go < go)
			low = middle + 1;
		else
			high = middle;
	}
	return low < part->known.backs.count && part->known.backs.items[low].go == go;
}
