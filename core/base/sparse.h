/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_SPARSE_H
#define CORE_BASE_SPARSE_H

#include "core/base/radix.h"

/* 32-bit values by indexes of which few have one at a time, and those that do are neighbours, about:
 * the others have 0, and take no memory but for a directory of 4 bytes for each page. */
enum { SPARSE_BITS = 6, SPARSE_PAGE = 1 << SPARSE_BITS };

struct sparse {
	u32_array directory; /* by index >> SPARSE_BITS: place in pages, + 1; 0: all are 0 */
	ARRAY(struct sparse_page {
		uint32_t values[SPARSE_PAGE];
		uint32_t count;     /* of those that are not 0 */
		uint32_t next_free; /* then: place in pages, + 1 */
	})
	pages;
	uint32_t first_free; /* likewise */
};

void sparse_init(struct sparse *sparse, struct budget *budget);
void sparse_free(struct sparse *sparse);

/* All are 0; it keeps its memory. */
void sparse_clear(struct sparse *sparse);

static inline uint32_t sparse_get(const struct sparse *sparse, uint32_t index)
{
	uint32_t at = index >> SPARSE_BITS, page;

	page = at < sparse->directory.count ? sparse->directory.items[at] : 0;
	return page == 0 ? 0 : sparse->pages.items[page - 1].values[index & (SPARSE_PAGE - 1)];
}

void sparse_set(struct sparse *sparse, uint32_t index, uint32_t value);

/* The first from *index on that has a value; false: there is none. Values may be set meanwhile. */
bool sparse_next(const struct sparse *sparse, uint32_t *index);

#endif
