/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/proc_stops.h"

void proc_stops_init(struct proc_stops *stops, struct budget *budget)
{
	*stops = (struct proc_stops){ .procs = { .budget = budget } };
}

void proc_stops_free(struct proc_stops *stops)
{
	for (size_t i = 0; i < stops->procs.count; i++)
		array_free(&stops->procs.items[i].ns);
	array_free(&stops->procs);
}

static void grow(struct proc_stops *stops, size_t count)
{
	while (stops->procs.count < count)
		*array_push(&stops->procs) =
			(struct proc_stops_of){ .ns = { .budget = stops->procs.budget } };
}

void proc_stops_add(struct proc_stops *stops, const struct model *model, uint32_t number)
{
	const struct part *part = model->parts.items[number];
	const proc_move_array *moves = &part_visited(part)->proc_moves;

	if (version_is_v2(model->version))
		return;
	grow(stops, model->procs.count);
	for (size_t i = 0; i < moves->count; i++)
		if (!moves->items[i].is_start)
			*array_push(&stops->procs.items[part->proc_of[moves->items[i].proc]].ns) =
				part_ns(part, moves->items[i].time);
}

int64_t proc_stops_lost(const struct proc_stops *stops, const struct told *told)
{
	const struct proc_stops_of *of;
	size_t low = 0, high;

	if (told->lost_ns == TIME_UNKNOWN || told->proc >= stops->procs.count)
		return told->lost_ns;
	of = &stops->procs.items[told->proc];
	for (high = of->ns.count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (of->ns.items[middle] < told->lost_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low < of->ns.count ? of->ns.items[low] : TIME_UNKNOWN;
}
