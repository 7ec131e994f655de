/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DRAW_H
#define TESTS_DRAW_H

#include <stdint.h>

/* Numbers that look random and come again from the same seed, which is anything but 0. */
static inline uint64_t draw_any(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* One in [0, below); 0 if there is none. */
static inline uint64_t draw(uint64_t *seed, uint64_t below)
{
	uint64_t any = draw_any(seed);

	return below == 0 ? 0 : any % below;
}

static inline uint32_t draw_u32(uint64_t *seed, uint32_t below)
{
	return (uint32_t)draw(seed, below);
}

#endif
