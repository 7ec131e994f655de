/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/spells.h"

#include "core/base/checked.h"
#include "core/base/sort.h"

/* Those that are kept of each kind, by begin. */

static int by_cost(const void *a, const void *b)
{
	const struct spell *x = a, *y = b;

	return x->cost_ns != y->cost_ns ? (x->cost_ns < y->cost_ns) - (x->cost_ns > y->cost_ns)
	                                : (x->begin_ns > y->begin_ns) - (x->begin_ns < y->begin_ns);
}

static int by_begin(const void *a, const void *b)
{
	const struct spell *x = a, *y = b;

	return (x->begin_ns > y->begin_ns) - (x->begin_ns < y->begin_ns);
}

/* Half of them go at a time: those that cost least. */
static void drop_cheap(struct spells *spells, enum spell_kind kind)
{
	spell_array *kept = &spells->kept[kind];

	SORT_ARRAY(kept, by_cost);
	for (size_t i = SPELLS_KEPT / 2; i < kept->count; i++) {
		spells->more[kind]++;
		spells->more_ns[kind] =
			saturating_add_i64(spells->more_ns[kind], kept->items[i].cost_ns);
	}
	kept->count = SPELLS_KEPT / 2;
	SORT_ARRAY(kept, by_begin);
}

void spells_keep(struct spells *spells, enum spell_kind kind, const struct spell *spell)
{
	if (spells->kept[kind].count == SPELLS_KEPT)
		drop_cheap(spells, kind);
	*array_push(&spells->kept[kind]) = *spell;
}
