/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/region_ranges.h"
#include "core/analysis/said.h"

/* Each region, and how its goroutine spent its time in it. */

struct row {
	struct user_region region;
	uint32_t times; /* its number there */
};

struct regions {
	const struct model *model;
	const struct question *question;
	ARRAY(struct row) rows;
	struct region_times times;
	struct region_ranges around;
	struct region_families families;
	bool has_found;
};

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct regions *regions = to;

	regions->model = model;
	regions->question = question;
	regions->rows.budget = budget;
	region_times_init(&regions->times, budget);
	region_families_init(&regions->families, budget);
	region_ranges_init(&regions->around, &regions->times, model);
}

static void add(void *to, const struct user_region *region)
{
	struct regions *regions = to;
	const struct question *question = regions->question;
	struct bytes name = strings_text(&regions->model->strings, region->name);
	struct filter_said said = said_region(region);

	if (question->has_selector && !bytes_equal(question->selector, name))
		return;
	regions->has_found = true;
	if (!analysis_accepts_said(question, regions->model, &said))
		return;
	*array_push(&regions->rows) = (struct row){
		*region,
		region_times_add(&regions->times, region->go,
		                 region->begins_before ? TIME_UNKNOWN : region->begin_ns,
		                 region->end_ns),
	};
}

/* Regions first: what is not inside of one does not matter. */
static bool look(void *to, const struct model *model, uint32_t number, size_t *at)
{
	static const size_t ranges = SIZE_MAX / 2;
	struct regions *regions = to;
	size_t place;
	bool goes_on;

	if (*at < ranges) {
		if (!said_notes(model, number, at, &(struct said_listener){ to, add, NULL }))
			*at = ranges;
		return true;
	}
	place = *at - ranges;
	goes_on = region_ranges_add(&regions->around, number, &place);
	*at = ranges + place;
	return goes_on;
}

static void tell(void *to, const struct model *model, struct told *told)
{
	struct regions *regions = to;

	told_know(told, model);
	region_times_tell(&regions->times, told);
}

/* ---- the table */

static void add_row(struct table *table, struct regions *regions, const struct row *row)
{
	const struct user_region *region = &row->region;

	table_add_text(table, strings_text(&regions->model->strings, region->name));
	analysis_add_go(table, regions->model, region->go);
	analysis_add_task(table, region->task);
	analysis_add_time(table, region->begins_before ? TIME_UNKNOWN : region->begin_ns);
	analysis_add_time(table, region->is_open ? TIME_UNKNOWN : region->end_ns);
	region_times_add_row(&regions->times, row->times, region->end_ns - region->begin_ns,
	                     &regions->families, table);
}

static void add_columns(struct table *table, struct regions *regions)
{
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "goroutine", COLUMN_ID);
	table_add_column(table, "task", COLUMN_ID);
	table_add_column(table, "start_ns", COLUMN_TIME);
	table_add_column(table, "end_ns", COLUMN_TIME);
	region_times_add_columns(&regions->times, &regions->families, table, regions->model);
}

static bool end(void *to, struct table *table, struct error *err)
{
	enum { NAME, GOROUTINE, START = 3, TOTAL = 5 };
	static const struct table_order order[] = { { .column = TOTAL, .is_downwards = true },
		                                    { .column = START },
		                                    { .column = GOROUTINE },
		                                    { .column = NAME } };
	struct regions *regions = to;

	region_times_end(&regions->times);
	add_columns(table, regions);
	for (size_t i = 0; i < regions->rows.count; i++)
		add_row(table, regions, &regions->rows.items[i]);
	table_sort(table, order, sizeof(order) / sizeof(order[0]));
	if (!said_is_whole(regions->model))
		return analysis_is_cut(err);
	return regions->has_found || analysis_none_found(regions->question, "region", err);
}

static void drop(void *to)
{
	struct regions *regions = to;

	array_free(&regions->rows);
	region_times_free(&regions->times);
	region_families_free(&regions->families);
}

const struct analysis_pass analysis_region = {
	.size = sizeof(struct regions),
	.begin = begin,
	.needs = PASS_STAYS | PASS_SAID | PASS_RANGES,
	.part = look,
	.told = tell,
	.end = end,
	.drop = drop,
};
