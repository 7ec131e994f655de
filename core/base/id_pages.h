/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ID_PAGES_H
#define CORE_BASE_ID_PAGES_H

#include "core/base/array.h"
#include "core/base/id_map.h"
#include "core/base/radix.h"

/* An id_map for ids that come in neighbourhoods, as goroutine ids do. Most lie in one window, an
 * array; of the others sixteen neighbours share a cache line, and only their page is hashed. The
 * window grows only where at least an eighth of it is used, so that no file can make it large. */
enum { ID_PAGE_BITS = 4 };

struct id_pages {
	u32_array window; /* of ids from base on: index + 1; 0: not in here */
	uint64_t base;
	struct id_map page_of; /* of the others: id >> ID_PAGE_BITS -> page */
	ARRAY(struct id_page {
		uint32_t used[1 << ID_PAGE_BITS]; /* index + 1; 0: free */
	})
	pages;
	size_t count; /* ids inside */
};

void id_pages_init(struct id_pages *pages, struct budget *budget);
void id_pages_free(struct id_pages *pages);
void id_pages_clear(struct id_pages *pages);

/* As in id_map. */
uint32_t id_pages_find(const struct id_pages *pages, uint64_t id);
uint32_t id_pages_add(struct id_pages *pages, uint64_t id, uint32_t fresh);
void id_pages_set(struct id_pages *pages, uint64_t id, uint32_t index);

/* id_pages_add for an id that most likely is there, in the window. */
static inline uint32_t id_pages_get(struct id_pages *pages, uint64_t id, uint32_t fresh)
{
	uint64_t at = id - pages->base;

	if (at < pages->window.count && pages->window.items[at] != 0)
		return pages->window.items[at] - 1;
	return id_pages_add(pages, id, fresh);
}

/* Adds all ids of another one, each with its index there. */
void id_pages_join(struct id_pages *pages, const struct id_pages *other);

#endif
