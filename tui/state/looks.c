/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/looks.h"

void looks_init(struct looks *looks, struct budget *budget)
{
	*looks = (struct looks){ .budget = budget };
	for (int i = 0; i < LOOKS_KEPT; i++)
		looks->kept[i].rows.lanes.budget = budget;
}

void looks_free(struct looks *looks)
{
	for (int i = 0; i < LOOKS_KEPT; i++)
		array_free(&looks->kept[i].rows.lanes);
}

static struct look_kept *find(struct looks *looks, unsigned id)
{
	struct look_kept *kept = &looks->kept[id % LOOKS_KEPT];

	return id != 0 && kept->id == id ? kept : NULL;
}

/* How deep regions nest is seen on the way, and no choice. */
static bool is_same_lane(const struct lane_look *a, const struct lane_look *b)
{
	return a->index == b->index && a->copy == b->copy && a->is_task == b->is_task &&
	       a->group == b->group && a->lines == b->lines && a->said == b->said &&
	       a->is_folded == b->is_folded && a->is_hidden == b->is_hidden &&
	       a->is_pinned == b->is_pinned;
}

static bool is_same(const struct rows *a, const struct rows *b)
{
	if (a->lanes.count != b->lanes.count || a->lanes_of != b->lanes_of || a->said != b->said ||
	    a->is_grouped != b->is_grouped || a->has_tasks != b->has_tasks ||
	    a->is_fine != b->is_fine || a->has_trail != b->has_trail || a->shows_wakeups != b->shows_wakeups ||
	    memcmp(a->lines, b->lines, sizeof(a->lines)) != 0 ||
	    memcmp(a->is_hidden, b->is_hidden, sizeof(a->is_hidden)) != 0)
		return false;
	for (size_t i = 0; i < a->lanes.count; i++)
		if (!is_same_lane(&a->lanes.items[i], &b->lanes.items[i]))
			return false;
	return true;
}

/* All but the list, which follows from the rest. */
static void copy(struct rows *to, const struct rows *from)
{
	struct rows rows = *from;

	rows.list = to->list;
	rows.lanes = to->lanes;
	rows.pinned = to->pinned;
	rows.has_regions = to->has_regions;
	rows.has_marks = to->has_marks;
	*to = rows;
	array_clear(&to->lanes);
	array_resize(&to->lanes, from->lanes.count);
	if (from->lanes.count > 0)
		memcpy(to->lanes.items, from->lanes.items,
		       from->lanes.count * sizeof(*from->lanes.items));
}

unsigned looks_note(struct looks *looks, const struct rows *rows)
{
	struct look_kept *kept = find(looks, looks->now);

	if (rows->lanes.count > LOOKS_LANES_MAX)
		return looks->now = 0;
	if (kept != NULL && is_same(&kept->rows, rows))
		return looks->now;
	looks->now = ++looks->last;
	kept = &looks->kept[looks->now % LOOKS_KEPT];
	kept->id = looks->now;
	copy(&kept->rows, rows);
	return looks->now;
}

bool looks_restore(struct looks *looks, unsigned id, struct rows *rows)
{
	struct look_kept *kept = find(looks, id);

	if (kept == NULL)
		return false;
	copy(rows, &kept->rows);
	rows_arrange(rows);
	looks->now = id;
	return true;
}
