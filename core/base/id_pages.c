/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_pages.h"

struct each {
	const struct id_pages *pages;
	void (*each)(void *context, uint64_t id, uint32_t index);
	void *context;
};

enum {
	REACH_MIN = 1 << 12, /* pages that the directory always may reach */
	REACH_PER_ID = 4,    /* and as many for each id inside */
	PAGES_MIN = 16,      /* pages that there may always be */
	IDS_PER_PAGE = 16,   /* and one more for so many ids inside */
	BEFORE = 1 << 11,    /* of the directory before the first page */
};

void id_pages_init(struct id_pages *pages, struct budget *budget)
{
	*pages = (struct id_pages){ .few_of = { .budget = budget } };
	pages->directory.budget = pages->places.budget = budget;
	pages->pages.budget = pages->few.budget = budget;
}

void id_pages_free(struct id_pages *pages)
{
	array_free(&pages->directory);
	array_free(&pages->places);
	array_free(&pages->pages);
	id_map_free(&pages->few_of);
	array_free(&pages->few);
	pages->count = 0;
}

void id_pages_clear(struct id_pages *pages)
{
	/* the directory stays as long as it was, without pages */
	for (size_t page = 0; page < pages->places.count; page++)
		pages->directory.items[pages->places.items[page]] = 0;
	array_clear(&pages->places);
	array_clear(&pages->pages);
	if (pages->few_of.count > 0)
		id_map_clear(&pages->few_of);
	array_clear(&pages->few);
	pages->count = 0;
}

/* Among the few: 0 if it is not there. */
static uint32_t find_few(const struct id_pages *pages, uint64_t id)
{
	uint32_t few;

	if (pages->few.count == 0)
		return 0;
	few = id_map_find(&pages->few_of, id >> ID_FEW_BITS);
	return few == ID_NONE ? 0 : pages->few.items[few].used[id & (ID_FEW - 1)];
}

uint32_t id_pages_find(const struct id_pages *pages, uint64_t id)
{
	uint32_t used = id_pages_used(pages, id);

	return (used != 0 ? used : find_few(pages, id)) - 1;
}

static uint32_t *place_few(struct id_pages *pages, uint64_t id)
{
	uint32_t fresh = (uint32_t)pages->few.count;
	uint32_t few = id_map_add(&pages->few_of, id >> ID_FEW_BITS, fresh);

	if (few == fresh)
		*array_push(&pages->few) = (struct id_few){ { 0 } };
	return &pages->few.items[few].used[id & (ID_FEW - 1)];
}

/* Gives the id a page, if it is near enough to the others and they are many enough. */
static bool make_page(struct id_pages *pages, uint64_t id)
{
	uint64_t page = id >> ID_PAGE_BITS, at;
	size_t had = pages->places.count;

	if (had == 0)
		pages->base = page < BEFORE ? 0 : page - BEFORE;
	at = page - pages->base;
	if (page < pages->base || (at >= REACH_MIN && at >= pages->count * REACH_PER_ID) ||
	    had >= PAGES_MIN + pages->count / IDS_PER_PAGE || had + 2 > UINT32_MAX / ID_PAGE)
		return false;
	if (at >= pages->directory.count)
		array_resize(&pages->directory, (size_t)at + 1);
	array_resize(&pages->pages, (had + 2) * ID_PAGE);
	*array_push(&pages->places) = (uint32_t)at;
	pages->directory.items[at] = ((uint32_t)had + 1) * ID_PAGE;
	return true;
}

/* NULL if it has no page. */
static uint32_t *place_in_page(const struct id_pages *pages, uint64_t id)
{
	uint64_t at = (id >> ID_PAGE_BITS) - pages->base;
	uint32_t page = at < pages->directory.count ? pages->directory.items[at] : 0;

	return page == 0 ? NULL : &pages->pages.items[page + (id & (ID_PAGE - 1))];
}

/* Where the id is, or is to be. One that is among the few stays there. */
static uint32_t *place_of(struct id_pages *pages, uint64_t id)
{
	uint32_t *used = place_in_page(pages, id);

	if (used != NULL && (*used != 0 || pages->few.count == 0))
		return used;
	if (find_few(pages, id) != 0 || (used == NULL && !make_page(pages, id)))
		return place_few(pages, id);
	return place_in_page(pages, id);
}

uint32_t id_pages_add(struct id_pages *pages, uint64_t id, uint32_t fresh)
{
	uint32_t *used = place_of(pages, id);

	if (*used == 0) {
		*used = fresh + 1;
		pages->count++;
	}
	return *used - 1;
}

void id_pages_set(struct id_pages *pages, uint64_t id, uint32_t index)
{
	uint32_t *used = place_of(pages, id);

	pages->count += *used == 0;
	*used = index + 1;
}

size_t id_pages_bytes(const struct id_pages *pages)
{
	return (pages->directory.capacity + pages->places.capacity + pages->pages.capacity) *
	               sizeof(uint32_t) +
	       id_map_bytes(&pages->few_of) + pages->few.capacity * sizeof(struct id_few);
}

static void each_few(void *context, uint64_t id, uint32_t few)
{
	const struct each *all = context;
	const struct id_few *from = &all->pages->few.items[few];

	for (uint64_t i = 0; i < ID_FEW; i++)
		if (from->used[i] != 0)
			all->each(all->context, id << ID_FEW_BITS | i, from->used[i] - 1);
}

void id_pages_each(const struct id_pages *pages,
                   void (*each)(void *context, uint64_t id, uint32_t index), void *context)
{
	struct each all = { pages, each, context };

	for (size_t page = 0; page < pages->places.count; page++)
		for (size_t i = 0; i < ID_PAGE; i++) {
			uint32_t used = pages->pages.items[(page + 1) * ID_PAGE + i];
			uint64_t place = pages->base + pages->places.items[page];

			if (used != 0)
				each(context, place << ID_PAGE_BITS | i, used - 1);
		}
	if (pages->few.count > 0)
		id_map_each(&pages->few_of, each_few, &all);
}
