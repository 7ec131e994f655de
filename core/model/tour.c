/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/tour.h"

#include "core/model/loader.h"
#include "core/model/part.h"

void tour_init(struct tour *tour, struct budget *budget)
{
	*tour = (struct tour){ .parts = { .budget = budget } };
}

void tour_free(struct tour *tour)
{
	tour_end(tour);
	array_free(&tour->parts);
}

void tour_end(struct tour *tour)
{
	struct loader *loader = tour->loader;

	for (size_t i = tour->at; i < tour_held_end(tour) && loader != NULL; i++)
		loader_drop_pass(loader, tour->parts.items[i]);
	tour->loader = NULL;
	array_clear(&tour->parts);
	if (loader != NULL)
		loader_set_tour(loader, NULL);
}

void tour_begin(struct tour *tour, struct loader *loader)
{
	if (loader->tour != NULL && loader->tour != tour)
		tour_end(loader->tour);
	tour->loader = loader;
	tour->at = 0;
	tour->too_many = 0;
	tour->is_one_by_one = false;
	tour->width = SHARE_ALL;
	tour->share_from = 0;
	tour->has_begun = false;
	loader_set_tour(loader, tour);
}

enum tour_place tour_at(struct tour *tour, uint32_t *part)
{
	if (tour->loader == NULL)
		return TOUR_OVER;
	if (tour->at == tour->parts.count) {
		tour_end(tour);
		return TOUR_OVER;
	}
	*part = tour->parts.items[tour->at];
	if (loader_has_made(tour->loader, *part))
		return TOUR_PART;
	return loader_can_visit(tour->loader, *part) ? TOUR_WAIT : TOUR_MISSING;
}

/* Up to there goroutines of the part are told of. */
static uint64_t share_end(const struct tour *tour)
{
	const struct part *part = tour->loader->model->parts.items[tour->parts.items[tour->at]];

	return part->pass != NULL ? part->pass->share.end : SHARE_ALL;
}

bool tour_has_more(const struct tour *tour)
{
	return tour->loader != NULL && tour->at < tour->parts.count && share_end(tour) < SHARE_ALL;
}

void tour_go_on(struct tour *tour)
{
	uint64_t end;

	if (tour->loader == NULL || tour->at == tour->parts.count)
		return;
	end = share_end(tour);
	if (end < SHARE_ALL) {
		loader_go_on(tour->loader, tour->parts.items[tour->at]);
		tour->share_from = end;
		tour->has_begun = true;
		return;
	}
	tour->share_from = 0;
	tour->has_begun = false;
	tour->at++;
	loader_release(tour->loader, tour->parts.items[tour->at - 1]);
}

bool tour_narrow(struct tour *tour)
{
	if (!tour->takes_shares || tour->width <= SHARE_LEAST)
		return false;
	tour->is_one_by_one = true;
	tour->width /= 2;
	return true;
}

size_t tour_held_end(const struct tour *tour)
{
	size_t end = tour->at + (tour->is_one_by_one ? 1 : TOUR_AHEAD);

	return end < tour->parts.count ? end : tour->parts.count;
}

bool tour_holds(const struct tour *tour, uint32_t part)
{
	for (size_t i = tour->at; i < tour_held_end(tour); i++)
		if (tour->parts.items[i] == part)
			return true;
	return false;
}
