/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/hunt.h"

#include <stdio.h>

static const struct span no_hit = {
	.go = INDEX_NONE, .proc = INDEX_NONE, .part = INDEX_NONE, .index = INDEX_NONE
};

void hunt_init(struct hunt *hunt, struct budget *budget)
{
	*hunt = (struct hunt){ .hit = no_hit };
	search_init(&hunt->search, budget);
}

void hunt_free(struct hunt *hunt)
{
	search_free(&hunt->search);
}

bool hunt_for(struct hunt *hunt, const char *text, int64_t from_ns, struct error *err)
{
	if (hunt->search.is_on && strcmp(hunt->text, text) == 0)
		return true;
	hunt->hit = no_hit;
	hunt->has_rank = false;
	snprintf(hunt->text, sizeof(hunt->text), "%s", text);
	return search_begin(&hunt->search, bytes_of(text), from_ns, err);
}

void hunt_end(struct hunt *hunt)
{
	search_end(&hunt->search);
	hunt->hit = no_hit;
	hunt->has_rank = false;
}

static void find_rank(struct hunt *hunt, const struct model *model)
{
	if (hunt->hit.kind != SPAN_NONE && !hunt->has_rank)
		hunt->has_rank = search_rank(&hunt->search, model, &hunt->hit, &hunt->rank);
}

void hunt_take(struct hunt *hunt, const struct model *model, const struct span *hit)
{
	hunt->hit = *hit;
	hunt->has_rank = false;
	find_rank(hunt, model);
}

bool hunt_step(struct hunt *hunt, const struct model *model, struct loader *loader)
{
	uint32_t known = hunt->search.known;
	bool more = search_step(&hunt->search, model, loader);

	if (hunt->search.known != known)
		find_rank(hunt, model);
	return more;
}
