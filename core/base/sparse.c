/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/sparse.h"

void sparse_init(struct sparse *sparse, struct budget *budget)
{
	*sparse = (struct sparse){ .directory = { .budget = budget },
		                   .pages = { .budget = budget } };
}

void sparse_free(struct sparse *sparse)
{
	array_free(&sparse->directory);
	array_free(&sparse->pages);
	sparse->first_free = 0;
}

void sparse_clear(struct sparse *sparse)
{
	array_clear(&sparse->directory);
	array_clear(&sparse->pages);
	sparse->first_free = 0;
}

static uint32_t take_page(struct sparse *sparse)
{
	uint32_t page = sparse->first_free;

	if (page == 0) {
		array_push(&sparse->pages);
		page = (uint32_t)sparse->pages.count;
	} else {
		sparse->first_free = sparse->pages.items[page - 1].next_free;
	}
	sparse->pages.items[page - 1] = (struct sparse_page){ .count = 0 };
	return page;
}

static void give_page(struct sparse *sparse, uint32_t *page)
{
	sparse->pages.items[*page - 1].next_free = sparse->first_free;
	sparse->first_free = *page;
	*page = 0;
}

void sparse_set(struct sparse *sparse, uint32_t index, uint32_t value)
{
	uint32_t at = index >> SPARSE_BITS, *place, *to;
	struct sparse_page *page;

	if (at >= sparse->directory.count) {
		if (value == 0)
			return;
		array_resize(&sparse->directory, (size_t)at + 1);
	}
	place = &sparse->directory.items[at];
	if (*place == 0 && value == 0)
		return;
	if (*place == 0)
		*place = take_page(sparse);
	page = &sparse->pages.items[*place - 1];
	to = &page->values[index & (SPARSE_PAGE - 1)];
	page->count += (*to == 0) - (uint32_t)(value == 0);
	*to = value;
	if (page->count == 0)
		give_page(sparse, place);
}

bool sparse_next(const struct sparse *sparse, uint32_t *index)
{
	uint64_t end = (uint64_t)sparse->directory.count << SPARSE_BITS, i = *index;

	while (i < end) {
		if (sparse->directory.items[i >> SPARSE_BITS] == 0) {
			i = ((i >> SPARSE_BITS) + 1) << SPARSE_BITS;
			continue;
		}
		if (sparse_get(sparse, (uint32_t)i) != 0) {
			*index = (uint32_t)i;
			return true;
		}
		i++;
	}
	return false;
}
