/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ID_PAGES_H
#define CORE_BASE_ID_PAGES_H

#include "core/base/array.h"
#include "core/base/id_map.h"

/* An id_map for ids that come in neighbourhoods, as goroutine ids do: sixteen neighbours share a
 * cache line, and only their page is hashed. Half the misses, four times the memory where ids are
 * far apart. */
enum { ID_PAGE_BITS = 4 };

struct id_pages {
	struct id_map page_of; /* id >> ID_PAGE_BITS -> page */
	ARRAY(struct id_page {
		uint32_t used[1 << ID_PAGE_BITS]; /* index + 1; 0: free */
	})
	pages;
	uint64_t last_id; /* of the page looked at last */
	uint32_t last_page;
	bool has_last;
	size_t count; /* ids inside */
};

void id_pages_init(struct id_pages *pages, struct budget *budget);
void id_pages_free(struct id_pages *pages);
void id_pages_clear(struct id_pages *pages);

/* As in id_map. */
uint32_t id_pages_find(const struct id_pages *pages, uint64_t id);
void id_pages_find_all(const struct id_pages *pages, const uint64_t *ids, uint32_t *found,
                       size_t count);
uint32_t id_pages_add(struct id_pages *pages, uint64_t id, uint32_t fresh);
/* Adds all ids of another one, each with its index there. */
void id_pages_join(struct id_pages *pages, const struct id_pages *other);
void id_pages_set(struct id_pages *pages, uint64_t id, uint32_t index);

#endif
