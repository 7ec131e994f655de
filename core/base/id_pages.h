/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ID_PAGES_H
#define CORE_BASE_ID_PAGES_H

#include "core/base/array.h"
#include "core/base/id_map.h"
#include "core/base/radix.h"

/* An id_map for ids that come in neighbourhoods, as goroutine ids do: pages of neighbours, found
 * through a directory. The directory reaches as far as it is worth it; pages of ids beyond, and
 * ids that are all alone, are hashed, in small pages. So memory is a small multiple of the ids. */
enum { ID_PAGE_BITS = 8, ID_PAGE = 1 << ID_PAGE_BITS, ID_FEW_BITS = 4, ID_FEW = 1 << ID_FEW_BITS };

struct id_pages {
	u32_array directory; /* id >> ID_PAGE_BITS, less base -> where its page begins; 0: none */
	u32_array places;    /* of the pages in it */
	uint64_t base;
	u32_array pages;      /* ID_PAGE each: index + 1; 0: not in here; the first is blank */
	struct id_map few_of; /* of the others: id >> ID_FEW_BITS -> few */
	ARRAY(struct id_few {
		uint32_t used[ID_FEW]; /* index + 1; 0: free */
	})
	few;
	size_t count; /* ids inside */
};

void id_pages_init(struct id_pages *pages, struct budget *budget);
void id_pages_free(struct id_pages *pages);
void id_pages_clear(struct id_pages *pages);

/* As in id_map. */
uint32_t id_pages_find(const struct id_pages *pages, uint64_t id);
uint32_t id_pages_add(struct id_pages *pages, uint64_t id, uint32_t fresh);
void id_pages_set(struct id_pages *pages, uint64_t id, uint32_t index);

/* What stands for an id in pages: its index + 1, or 0. */
static inline uint32_t id_pages_used(const struct id_pages *pages, uint64_t id)
{
	uint64_t at = (id >> ID_PAGE_BITS) - pages->base;

	return at < pages->directory.count
	               ? pages->pages.items[pages->directory.items[at] + (id & (ID_PAGE - 1))]
	               : 0;
}

/* id_pages_add for an id that most likely is there. */
static inline uint32_t id_pages_get(struct id_pages *pages, uint64_t id, uint32_t fresh)
{
	uint32_t used = id_pages_used(pages, id);

	return used != 0 ? used - 1 : id_pages_add(pages, id, fresh);
}

size_t id_pages_bytes(const struct id_pages *pages);

/* Calls each for every id, neighbours in order. */
void id_pages_each(const struct id_pages *pages,
                   void (*each)(void *context, uint64_t id, uint32_t index), void *context);

#endif
