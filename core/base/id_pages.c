/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_pages.h"

struct join {
	struct id_pages *pages;
	const struct id_pages *other;
};

enum {
	WITHIN = (1 << ID_PAGE_BITS) - 1,
	WINDOW_MIN = 1 << 14, /* ids that the window always may have */
	WINDOW_PER_ID = 8,    /* and as many times those that are inside */
	BEFORE = 1 << 10,     /* of them before the first that came */
};

void id_pages_init(struct id_pages *pages, struct budget *budget)
{
	*pages = (struct id_pages){ .page_of = { .budget = budget } };
	pages->window.budget = pages->pages.budget = budget;
}

void id_pages_free(struct id_pages *pages)
{
	array_free(&pages->window);
	id_map_free(&pages->page_of);
	array_free(&pages->pages);
	pages->count = 0;
}

void id_pages_clear(struct id_pages *pages)
{
	array_clear(&pages->window);
	id_map_clear(&pages->page_of);
	array_clear(&pages->pages);
	pages->count = 0;
}

/* Among those outside of the window: 0 if it is not there. */
static uint32_t find_outside(const struct id_pages *pages, uint64_t id)
{
	uint32_t page;

	if (pages->pages.count == 0)
		return 0;
	page = id_map_find(&pages->page_of, id >> ID_PAGE_BITS);
	return page == ID_NONE ? 0 : pages->pages.items[page].used[id & WITHIN];
}

uint32_t id_pages_find(const struct id_pages *pages, uint64_t id)
{
	uint64_t at = id - pages->base;
	uint32_t used = at < pages->window.count ? pages->window.items[at] : 0;

	return (used != 0 ? used : find_outside(pages, id)) - 1;
}

/* Makes the window hold an id, if it is near enough. */
static bool reach(struct id_pages *pages, uint64_t id)
{
	size_t most = pages->count * WINDOW_PER_ID, old = pages->window.count;
	uint64_t at;

	if (old == 0)
		pages->base = id < BEFORE ? 0 : id - BEFORE;
	at = id - pages->base;
	if (id < pages->base || (at >= WINDOW_MIN && at >= most))
		return false;
	if (at >= old)
		array_resize(&pages->window, (size_t)at + 1);
	return true;
}

static uint32_t *place_outside(struct id_pages *pages, uint64_t id)
{
	uint32_t fresh = (uint32_t)pages->pages.count;
	uint32_t page = id_map_add(&pages->page_of, id >> ID_PAGE_BITS, fresh);

	if (page == fresh)
		*array_push(&pages->pages) = (struct id_page){ { 0 } };
	return &pages->pages.items[page].used[id & WITHIN];
}

/* Where the id is, or is to be. One that came before the window reached it stays outside. */
static uint32_t *place_of(struct id_pages *pages, uint64_t id)
{
	uint64_t at = id - pages->base;

	if (at < pages->window.count && pages->window.items[at] != 0)
		return &pages->window.items[at];
	if (find_outside(pages, id) != 0 || !reach(pages, id))
		return place_outside(pages, id);
	return &pages->window.items[id - pages->base];
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

static void join_page(void *into, uint64_t id, uint32_t page)
{
	struct join *join = into;
	const struct id_page *from = &join->other->pages.items[page];

	for (uint64_t i = 0; i <= WITHIN; i++)
		if (from->used[i] != 0)
			id_pages_add(join->pages, id << ID_PAGE_BITS | i, from->used[i] - 1);
}

void id_pages_join(struct id_pages *pages, const struct id_pages *other)
{
	struct join join = { pages, other };

	for (size_t i = 0; i < other->window.count; i++)
		if (other->window.items[i] != 0)
			id_pages_add(pages, other->base + i, other->window.items[i] - 1);
	id_map_each(&other->page_of, join_page, &join);
}
