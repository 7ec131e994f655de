/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/related.h"

#include "core/model/part.h"

/* A set in the order in which it grew. */
struct set {
	uint32_t *gos;
	size_t count, max;
	struct id_map places;
};

static bool has(const struct set *set, uint32_t go)
{
	return id_map_find(&set->places, go) != ID_NONE;
}

static void add(struct set *set, uint32_t go)
{
	if (go == INDEX_NONE || set->count == set->max || has(set, go))
		return;
	id_map_add(&set->places, go, (uint32_t)set->count);
	set->gos[set->count++] = go;
}

static uint32_t go_of(const struct history *history, uint32_t own)
{
	return own < history->go_of.count ? history->go_of.items[own] : INDEX_NONE;
}

/* Does what is to be done with each wake-up of the window: who was woken, and by whom. */
static void each_wake(const struct model *model, int64_t begin_ns, int64_t end_ns, struct set *set,
                      void (*take)(struct set *set, uint32_t woken, uint32_t by, size_t known))
{
	uint32_t first, end;
	size_t known = set->count;

	model_parts_in(model, begin_ns, end_ns, &first, &end);
	for (; first < end; first++) {
		const struct part *part = model->parts.items[first];
		const struct history *history = part->history;

		for (size_t i = 0; history != NULL && i < history->wakes.count; i++) {
			const struct wake *wake = &history->wakes.items[i];
			int64_t ns = part_ns(part, wake->time);

			if (ns >= begin_ns && ns < end_ns && wake->kind <= WAKE_CREATE_BLOCKED)
				take(set, go_of(history, wake->g), go_of(history, wake->by), known);
		}
	}
}

/* One step: of those that were known before it. */
static void take_waker(struct set *set, uint32_t woken, uint32_t by, size_t known)
{
	uint32_t place = woken == INDEX_NONE ? ID_NONE : id_map_find(&set->places, woken);

	if (place != ID_NONE && place < known)
		add(set, by);
}

static void take_woken(struct set *set, uint32_t woken, uint32_t by, size_t known)
{
	(void)known;
	if (by == set->gos[0])
		add(set, woken);
}

size_t related_gos(const struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns,
                   uint32_t *gos, size_t max)
{
	struct set set = { .gos = gos, .max = max, .places = { .budget = model->budget } };

	add(&set, go);
	each_wake(model, begin_ns, end_ns, &set, take_waker);
	each_wake(model, begin_ns, end_ns, &set, take_waker);
	each_wake(model, begin_ns, end_ns, &set, take_woken);
	id_map_free(&set.places);
	return set.count;
}

size_t active_gos(const struct model *model, int64_t begin_ns, int64_t end_ns, uint32_t *gos,
                  size_t max)
{
	struct set set = { .gos = gos, .max = max, .places = { .budget = model->budget } };
	uint32_t first, end;

	model_parts_in(model, begin_ns, end_ns, &first, &end);
	for (; first < end; first++) {
		const struct part *part = model->parts.items[first];
		const struct history *history = part->history;

		for (size_t i = 0; history != NULL && i < history->runs.count; i++) {
			const struct run *run = &history->runs.items[i];

			if (part_ns(part, run->begin) < end_ns &&
			    (run->end == TIME_NONE || part_ns(part, run->end) > begin_ns))
				add(&set, go_of(history, run->g));
		}
	}
	id_map_free(&set.places);
	return set.count;
}
