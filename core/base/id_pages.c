/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/id_pages.h"

struct join {
	struct id_pages *pages;
	const struct id_pages *other;
};

enum { WITHIN = (1 << ID_PAGE_BITS) - 1 };

void id_pages_init(struct id_pages *pages, struct budget *budget)
{
	*pages = (struct id_pages){ .page_of = { .budget = budget } };
	pages->pages.budget = budget;
}

void id_pages_free(struct id_pages *pages)
{
	id_map_free(&pages->page_of);
	array_free(&pages->pages);
	pages->has_last = false;
	pages->count = 0;
}

void id_pages_clear(struct id_pages *pages)
{
	id_map_clear(&pages->page_of);
	array_clear(&pages->pages);
	pages->has_last = false;
	pages->count = 0;
}

uint32_t id_pages_find(const struct id_pages *pages, uint64_t id)
{
	uint32_t page = id_map_find(&pages->page_of, id >> ID_PAGE_BITS);

	return page == ID_NONE ? ID_NONE : pages->pages.items[page].used[id & WITHIN] - 1;
}

void id_pages_find_all(const struct id_pages *pages, const uint64_t *ids, uint32_t *found,
                       size_t count)
{
	uint64_t page_ids[ID_BATCH] = { 0 };

	for (size_t i = 0; i < count; i++)
		page_ids[i] = ids[i] >> ID_PAGE_BITS;
	id_map_find_all(&pages->page_of, page_ids, found, count);
	for (size_t i = 0; i < count; i++)
		if (found[i] != ID_NONE)
			__builtin_prefetch(&pages->pages.items[found[i]]);
	for (size_t i = 0; i < count; i++)
		if (found[i] != ID_NONE)
			found[i] = pages->pages.items[found[i]].used[ids[i] & WITHIN] - 1;
}

static uint32_t *place_of(struct id_pages *pages, uint64_t id)
{
	uint32_t fresh = (uint32_t)pages->pages.count;

	if (!pages->has_last || pages->last_id != id >> ID_PAGE_BITS) {
		pages->last_id = id >> ID_PAGE_BITS;
		pages->last_page = id_map_add(&pages->page_of, pages->last_id, fresh);
		pages->has_last = true;
		if (pages->last_page == fresh)
			*array_push(&pages->pages) = (struct id_page){ { 0 } };
	}
	return &pages->pages.items[pages->last_page].used[id & WITHIN];
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

	id_map_each(&other->page_of, join_page, &join);
}

void id_pages_set(struct id_pages *pages, uint64_t id, uint32_t index)
{
	uint32_t *used = place_of(pages, id);

	pages->count += *used == 0;
	*used = index + 1;
}
