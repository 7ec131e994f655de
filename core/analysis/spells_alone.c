/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/spells.h"

#include "core/base/checked.h"
#include "core/base/sort.h"

/* Stretches in which one P had somebody to run, split by who that was. */

enum {
	GAP_NS = 100000,  /* who runs alone may be interrupted for so long */
	FREED_NS = 200000 /* about the end of one */
};

static int by_begin(const void *a, const void *b)
{
	const struct spell_run *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return (x->go > y->go) - (x->go < y->go);
}

static int by_time(const void *a, const void *b)
{
	const struct spell_wake *x = a, *y = b;

	return (x->ns > y->ns) - (x->ns < y->ns);
}

/* Whom it woke or created about its end. */
static uint64_t freed(const struct spells *spells, const struct spell *spell)
{
	size_t low = 0, high = spells->wakes.count;
	uint64_t count = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (spells->wakes.items[middle].ns < spell->end_ns - FREED_NS)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < spells->wakes.count && spells->wakes.items[low].ns <= spell->end_ns + FREED_NS;
	     low++)
		count += spells->wakes.items[low].by == spell->go;
	return count;
}

static void finish(struct spells *spells, struct spell *spell)
{
	if (spell->begin_ns == TIME_UNKNOWN || spell->sum_ns < spells->limits->serial_ns)
		return;
	spell->most = (uint32_t)(spells->procs - 1);
	spell->cost_ns = saturating_multiply_i64(spell->sum_ns, spells->procs - 1);
	spell->freed = freed(spells, spell);
	spells_keep(spells, SPELL_ALONE, spell);
}

/* Those who run for a moment only are passed over. */
static void add(struct spells *spells, struct spell *now, const struct spell_run *run)
{
	int64_t begin_ns = run->begin_ns;

	if (run->end_ns - run->begin_ns < GAP_NS / 2 && now->go != run->go)
		return;
	if (now->begin_ns == TIME_UNKNOWN || now->go != run->go ||
	    run->begin_ns - now->end_ns > GAP_NS) {
		finish(spells, now);
		*now = (struct spell){ .begin_ns = run->begin_ns,
			               .end_ns = run->begin_ns,
			               .go = run->go };
	}
	begin_ns = begin_ns < now->end_ns ? now->end_ns : begin_ns;
	if (run->end_ns <= begin_ns)
		return;
	now->sum_ns += run->end_ns - begin_ns;
	now->end_ns = run->end_ns;
}

void spells_split(struct spells *spells)
{
	struct spell now = { .begin_ns = TIME_UNKNOWN };

	array_clear(&spells->kept[SPELL_ALONE]);
	spells->more[SPELL_ALONE] = 0;
	spells->more_ns[SPELL_ALONE] = 0;
	SORT_ARRAY(&spells->runs, by_begin);
	SORT_ARRAY(&spells->wakes, by_time);
	for (size_t i = 0; i < spells->runs.count; i++)
		add(spells, &now, &spells->runs.items[i]);
	finish(spells, &now);
}
