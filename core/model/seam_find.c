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

uint32_t seam_go_at(const struct seam *seam, uint32_t own, part_time time)
{
	const struct past_life *life = past_at(seam, own, time);

	return life != NULL ? life->go : seam_go(seam, own);
}

const struct go_delta *seam_delta_at(const struct seam *seam, uint32_t own, part_time time)
{
	const struct past_life *life = past_at(seam, own, time);

	return life != NULL ? &life->delta : account_delta(seam->account, own);
}
