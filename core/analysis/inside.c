/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/inside.h"

#include "core/base/sort.h"

void inside_init(struct inside *inside, struct budget *budget)
{
	*inside = (struct inside){ .gos = { .budget = budget } };
	id_pages_init(&inside->go_of, budget);
}

void inside_free(struct inside *inside)
{
	for (size_t i = 0; i < inside->gos.count; i++)
		array_free(&inside->gos.items[i].stretches);
	array_free(&inside->gos);
	id_pages_free(&inside->go_of);
}

void inside_add(struct inside *inside, const struct user_region *region)
{
	uint32_t fresh = (uint32_t)inside->gos.count;
	uint32_t at = id_pages_add(&inside->go_of, region->go, fresh);
	struct inside_go *go;

	if (at == fresh)
		*array_push(&inside->gos) =
			(struct inside_go){ .stretches = { .budget = inside->gos.budget } };
	go = &inside->gos.items[at];
	*array_push(&go->stretches) =
		(struct inside_stretch){ region->begins_before ? 0 : region->begin_ns,
		                         region->end_ns };
	go->is_sorted = false;
}

static int by_begin(const void *a, const void *b)
{
	const struct inside_stretch *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return (x->end_ns > y->end_ns) - (x->end_ns < y->end_ns);
}

/* One that begins before the one before it ends is inside of that, or laps: it does not count. */
static void put_in_order(struct inside_go *go)
{
	struct inside_stretch *items;
	size_t kept = 0;

	if (go->is_sorted)
		return;
	SORT_ARRAY(&go->stretches, by_begin);
	items = go->stretches.items;
	for (size_t i = 0; i < go->stretches.count; i++)
		if (kept == 0 || items[kept - 1].end_ns <= items[i].begin_ns)
			items[kept++] = items[i];
	go->stretches.count = kept;
	go->is_sorted = true;
}

/* The first that ends behind a time. */
static size_t find(const struct inside_go *go, int64_t ns)
{
	size_t low = 0, high = go->stretches.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (go->stretches.items[middle].end_ns <= ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int64_t inside_ns(struct inside *inside, uint32_t go, int64_t begin_ns, int64_t end_ns)
{
	uint32_t at = id_pages_find(&inside->go_of, go);
	struct inside_go *of;
	int64_t sum = 0;

	if (at == ID_NONE)
		return 0;
	of = &inside->gos.items[at];
	put_in_order(of);
	for (size_t i = find(of, begin_ns); i < of->stretches.count; i++) {
		struct inside_stretch stretch = of->stretches.items[i];

		if (stretch.begin_ns >= end_ns)
			break;
		stretch.begin_ns = stretch.begin_ns < begin_ns ? begin_ns : stretch.begin_ns;
		stretch.end_ns = stretch.end_ns > end_ns ? end_ns : stretch.end_ns;
		sum += stretch.end_ns - stretch.begin_ns;
	}
	return sum;
}
