/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_FLOW_H
#define TUI_STATE_FLOW_H

#include "core/model/detail.h"

/* The other ends of the wake-ups of a span: where it was woken from, and where those ran next whom
 * it woke, on any P, the first one as well. */
enum { FLOWS_MAX = DETAIL_WAKES + 1 };

struct flows {
	struct flow {
		int64_t time_ns;
		uint32_t go, proc; /* INDEX_NONE: not known */
		bool is_incoming;
	} items[FLOWS_MAX];
	size_t count;
};

void flows_find(struct flows *flows, const struct model *model, const struct detail *detail);

#endif
