/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_SHARE_H
#define CORE_MODEL_SHARE_H

#include <stdbool.h>
#include <stdint.h>

/* Some of the goroutines of a part, by their ids, for a pass over it that memory does not do for in
 * one go: ids are spread evenly over [0, SHARE_ALL), and those of [from, end) are meant. Who has no
 * id, at the head of a stream, is among the first. Before them all comes a share of nobody, which
 * has what is not told by goroutine. */
#define SHARE_ALL (UINT64_C(1) << 32)
#define SHARE_LEAST (SHARE_ALL >> 6)

struct go_share {
	uint64_t from, end;
};

static inline bool share_has(struct go_share share, uint64_t id, bool is_standin)
{
	uint64_t place = is_standin ? 0 : (id * UINT64_C(0x9e3779b97f4a7c15)) >> 32;

	return place >= share.from && place < share.end;
}

static inline bool share_is_all(struct go_share share)
{
	return share.from == 0 && share.end == SHARE_ALL;
}

static inline bool share_is_nobodys(struct go_share share)
{
	return share.end == 0;
}

#endif
