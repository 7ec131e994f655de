/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/array.h"

enum { LARGE = 1 << 20 };

void *array_grow(struct budget *budget, void *items, size_t *capacity, size_t wanted, size_t size)
{
	/* half as much again; large arrays are moved by the kernel, page by page, not copied, so
	 * that they need not have as much too much */
	size_t room = *capacity + *capacity / (*capacity * size < LARGE ? 2 : 8);
	size_t first = size < 64 ? 64 / size : 1;

	if (wanted <= *capacity)
		return items;
	if (room < first)
		room = first;
	if (room < wanted)
		room = wanted;
	if (room > SIZE_MAX / 2 / size)
		room = SIZE_MAX / 2 / size; /* which the system refuses */
	items = budget_resize(budget, items, *capacity * size, room * size);
	*capacity = room;
	return items;
}

void *array_extend(struct budget *budget, void *items, size_t *count, size_t *capacity,
                   size_t new_count, size_t size)
{
	if (new_count > *capacity)
		items = array_grow(budget, items, capacity, new_count, size);
	if (new_count > *count)
		memset((char *)items + *count * size, 0, (new_count - *count) * size);
	*count = new_count;
	return items;
}
