/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

/* Which life of an id the part's records are about. */

/* The first life of an own goroutine that was not over at a time; NULL: its last. */
static const struct past_life *past_at(const struct seam *seam, uint32_t own, part_time time)
{
	const u64_array *past = &seam->seams->past;
	size_t low = 0, high = past->count;
	const struct past_life *life;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		life = &seam->account->past.items[(uint32_t)past->items[middle]];
		if (life->g < own || (life->g == own && life->delta.last < time))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == past->count)
		return NULL;
	life = &seam->account->past.items[(uint32_t)past->items[low]];
	return life->g == own ? life : NULL;
}

uint32_t seam_go_among(const struct seam *seam, uint32_t own, part_time time)
{
	const struct past_life *life = past_at(seam, own, time);

	return life != NULL ? life->go : seam_go(seam, own);
}

const struct go_delta *seam_delta_at(const struct seam *seam, uint32_t own, part_time time)
{
	const struct past_life *life = past_at(seam, own, time);

	return life != NULL ? &life->delta : account_delta(seam->account, own);
}

/* ---- in the order of ids */

static uint64_t id_of(const struct seam *seam, uint32_t item, bool of_past)
{
	uint32_t own = of_past ? seam->account->past.items[item].g : item;

	return seam->walk->gos.items[own].id;
}

/* By 32 bits of them. */
static void sort_half(const struct seam *seam, u32_array *items, bool of_past, unsigned shift,
                      uint64_t low, uint64_t high)
{
	u64_array *keys = &seam->seams->keys;

	array_clear(keys);
	for (size_t i = 0; i < items->count; i++) {
		uint64_t id = id_of(seam, items->items[i], of_past) - low;

		*array_push(keys) = (id >> shift & UINT32_MAX) << 32 | items->items[i];
	}
	radix_sort(keys, &seam->seams->room, 32,
	           high - low > UINT32_MAX ? 32 : radix_bits(high - low));
	for (size_t i = 0; i < items->count; i++)
		items->items[i] = (uint32_t)keys->items[i];
}

void seam_sort_by_id(const struct seam *seam, u32_array *items, bool of_past)
{
	uint64_t low = UINT64_MAX, high = 0, last = 0;
	bool is_sorted = true;

	for (size_t i = 0; i < items->count; i++) {
		uint64_t id = id_of(seam, items->items[i], of_past);

		low = id < low ? id : low;
		high = id > high ? id : high;
		is_sorted &= id >= last;
		last = id;
	}
	if (is_sorted)
		return;
	sort_half(seam, items, of_past, 0, low, high);
	if (high - low > UINT32_MAX)
		sort_half(seam, items, of_past, 32, low, high);
}
