/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/said.h"
#include "core/analysis/spread.h"
#include "core/base/sort.h"

/* Regions by name and by where they are begun: the innermost frame of that stack, or, as Go's tool
 * has it since 1.24, the outermost one. */

struct group {
	string_id name;
	struct frame frame; /* without its address; all 0: nobody began it */
	uint64_t count;
};

struct regions {
	const struct model *model;
	const struct question *question;
	ARRAY(struct group) groups;
	struct id_map by_hash;
	struct spreads spread;
};

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct regions *regions = to;

	regions->model = model;
	regions->question = question;
	regions->groups.budget = regions->by_hash.budget = budget;
	spread_init(&regions->spread, budget);
}

static bool is_same(const struct group *a, const struct group *b)
{
	return a->name == b->name && a->frame.function == b->frame.function &&
	       a->frame.file == b->frame.file && a->frame.line == b->frame.line;
}

/* Two groups of one hash stand at neighbouring hashes. */
static uint32_t find(struct regions *regions, const struct group *group)
{
	uint32_t fresh = (uint32_t)regions->groups.count, at;
	uint64_t hash = id_hash(group->name ^
	                        id_hash(group->frame.function ^
	                                id_hash(group->frame.file ^ id_hash(group->frame.line))));

	for (;; hash++) {
		at = id_map_add(&regions->by_hash, hash, fresh);
		if (at == fresh) {
			*array_push(&regions->groups) = *group;
			return at;
		}
		if (is_same(&regions->groups.items[at], group))
			return at;
	}
}

static void add(void *to, const struct user_region *region)
{
	struct regions *regions = to;
	struct filter_said said = said_region(region);
	struct group group = { .name = region->name };
	uint32_t count = 0, at;
	const struct frame *frames =
		stacks_frames(&regions->model->stacks, region->stacks[0], &count);

	if (!analysis_accepts_said(regions->question, regions->model, &said))
		return;
	if (count > 0 && !region->begins_before)
		group.frame = frames[regions->question->is_as_go ? count - 1 : 0];
	at = find(regions, &group);
	regions->groups.items[at].count++;
	if (!region->is_open && !region->begins_before)
		spread_add(&regions->spread, at, region->end_ns - region->begin_ns);
}

static bool look(void *to, const struct model *model, uint32_t part, size_t *at)
{
	return said_notes(model, part, at, &(struct said_listener){ to, add, NULL });
}

static bool end(void *to, struct table *table, struct error *err)
{
	enum { NAME, FUNCTION, FILE, LINE, MAX = 9 };
	static const struct table_order order[] = {
		{ .column = MAX, .is_downwards = true, .is_empty_last = true },
		{ .column = NAME },
		{ .column = FUNCTION },
		{ .column = FILE },
		{ .column = LINE }
	};
	struct regions *regions = to;
	const struct strings *strings = &regions->model->strings;

	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "function", COLUMN_TEXT);
	table_add_column(table, "file", COLUMN_TEXT);
	table_add_column(table, "line", COLUMN_COUNT);
	table_add_column(table, "count", COLUMN_COUNT);
	spread_add_columns(table, "complete", regions->question->has_histogram);
	spread_sort(&regions->spread);
	for (uint32_t i = 0; i < regions->groups.count; i++) {
		const struct group *group = &regions->groups.items[i];

		table_add_text(table, strings_text(strings, group->name));
		table_add_text(table, strings_text(strings, group->frame.function));
		table_add_text(table, strings_text(strings, group->frame.file));
		analysis_add_line(table, group->frame.line);
		table_add_number(table, (int64_t)group->count);
		spread_add_group(&regions->spread, table, i, regions->question->has_histogram);
	}
	table_sort(table, order, sizeof(order) / sizeof(order[0]));
	return said_is_whole(regions->model) || analysis_is_cut(err);
}

static void drop(void *to)
{
	struct regions *regions = to;

	array_free(&regions->groups);
	id_map_free(&regions->by_hash);
	spread_free(&regions->spread);
}

const struct analysis_pass analysis_regions = {
	.size = sizeof(struct regions),
	.begin = begin,
	.needs = PASS_SAID,
	.part = look,
	.end = end,
	.drop = drop,
};
