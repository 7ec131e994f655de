/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/family.h"
#include "core/analysis/region_times.h"
#include "core/analysis/said.h"
#include "core/model/part.h"

#include <stdio.h>

/* Each region, and how its goroutine spent its time in it. */

enum { PIECES_A_STEP = 1 << 14 };

struct row {
	struct user_region region;
	uint32_t times; /* its number there */
};

struct regions {
	const struct model *model;
	const struct question *question;
	ARRAY(struct row) rows;
	struct region_times times;
	size_t assists, stops; /* of the model's, that are known */
	string_id assist_name, sweep_name;
	struct family reasons, ranges;
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
	family_init(&regions->reasons, budget);
	family_init(&regions->ranges, budget);
	regions->assist_name = strings_find(&model->strings, bytes_of("GC mark assist"));
	regions->sweep_name = strings_find(&model->strings, bytes_of("GC incremental sweep"));
}

static void add(void *to, const struct user_region *region)
{
	struct regions *regions = to;
	const struct question *question = regions->question;
	struct bytes name = strings_text(&regions->model->strings, region->name);

	if (question->has_selector && !bytes_equal(question->selector, name))
		return;
	regions->has_found = true;
	if (region->begin_ns >= question->to_ns || region->end_ns < question->from_ns)
		return;
	*array_push(&regions->rows) = (struct row){
		*region,
		region_times_add(&regions->times, region->go,
		                 region->begins_before ? TIME_UNKNOWN : region->begin_ns,
		                 region->end_ns),
	};
}

/* ---- ranges of the goroutines meanwhile */

static string_id stop_name(const struct model *model, string_id reason)
{
	struct bytes text = strings_text(&model->strings, reason);
	char name[1100];
	int len = snprintf(name, sizeof(name), "stop-the-world (%.*s)",
	                   (int)(text.len < 1024 ? text.len : 1024), (const char *)text.data);

	return len < 0 ? 0
	               : strings_find(&model->strings,
	                              (struct bytes){ (const uint8_t *)name, (size_t)len });
}

/* Those that begin before the part is over. */
static void add_ranges(struct regions *regions, const struct model *model, const struct part *part)
{
	for (; regions->assists < model->assists.count; regions->assists++) {
		const struct assist *assist = &model->assists.items[regions->assists];

		if (assist->begin_ns > part->end_ns)
			break;
		region_times_range(&regions->times, assist->go, regions->assist_name,
		                   assist->begin_ns, assist->end_ns);
	}
	for (; regions->stops < model->stops.count; regions->stops++) {
		const struct stw *stop = &model->stops.items[regions->stops];

		if (stop->begin_ns > part->end_ns)
			break;
		region_times_range(&regions->times, stop->go, stop_name(model, stop->reason),
		                   stop->begin_ns, stop->end_ns);
	}
}

static bool add_sweeps(struct regions *regions, const struct part *part, size_t *at)
{
	const struct history *history = part->history;
	size_t count = history->lanes.pieces.count;
	size_t end = count - *at > PIECES_A_STEP ? *at + PIECES_A_STEP : count;

	for (; *at < end; ++*at) {
		const struct piece *piece = &history->lanes.pieces.items[*at];

		if (piece->kind == PIECE_SWEEP && piece->g != INDEX_NONE)
			region_times_range(&regions->times, history->go_of.items[piece->g],
			                   regions->sweep_name, part_ns(part, piece->begin),
			                   part_ns(part, piece->end));
	}
	return *at < count;
}

/* Regions first: what is not inside of one does not matter. */
static bool look(void *to, const struct model *model, uint32_t number, size_t *at)
{
	static const size_t pieces = SIZE_MAX / 2;
	struct regions *regions = to;
	const struct part *part = model->parts.items[number];
	size_t place;
	bool goes_on;

	if (*at < pieces) {
		if (!said_notes(model, number, at, &(struct said_listener){ to, add, NULL })) {
			add_ranges(regions, model, part);
			*at = pieces;
		}
		return true;
	}
	place = *at - pieces;
	goes_on = add_sweeps(regions, part, &place);
	*at = pieces + place;
	return goes_on;
}

static void tell(void *to, const struct model *model, struct told *told)
{
	struct regions *regions = to;

	told_know(told, model);
	region_times_tell(&regions->times, told);
}

/* ---- the table */

static void note(struct family *family, const struct region_times *times, uint32_t chain)
{
	for (; chain != INDEX_NONE; chain = times->amounts.items[chain].next)
		family_note(family, times->amounts.items[chain].name,
		            times->amounts.items[chain].ns);
}

static void add_amounts(struct table *table, struct family *family,
                        const struct region_times *times, uint32_t chain)
{
	for (; chain != INDEX_NONE; chain = times->amounts.items[chain].next)
		family_put(family, times->amounts.items[chain].name,
		           times->amounts.items[chain].ns);
	family_add_row(family, table);
}

static struct life life_in(const struct regions *regions, const struct row *row)
{
	const struct region_spent *spent = &regions->times.spent.items[row->times];
	struct life life = {
		.total_ns = row->region.end_ns - row->region.begin_ns,
		.exec_ns = spent->exec_ns,
		.sched_wait_ns = spent->sched_ns,
		.syscall_exec_ns = spent->syscall_exec_ns,
		.syscall_block_ns = spent->syscall_block_ns,
	};
	int64_t known_ns;

	for (uint32_t i = spent->blocks; i != INDEX_NONE; i = regions->times.amounts.items[i].next)
		life.block_ns += regions->times.amounts.items[i].ns;
	known_ns = life.exec_ns + life.sched_wait_ns + life.syscall_exec_ns +
	           life.syscall_block_ns + life.block_ns;
	life.unknown_ns = life.total_ns > known_ns ? life.total_ns - known_ns : 0;
	return life;
}

static void add_row(struct table *table, struct regions *regions, const struct row *row)
{
	const struct region_spent *spent = &regions->times.spent.items[row->times];
	const struct user_region *region = &row->region;
	struct life life = life_in(regions, row);

	table_add_text(table, strings_text(&regions->model->strings, region->name));
	analysis_add_go(table, regions->model, region->go);
	analysis_add_task(table, region->task);
	analysis_add_time(table, region->begins_before ? TIME_UNKNOWN : region->begin_ns);
	analysis_add_time(table, region->is_open ? TIME_UNKNOWN : region->end_ns);
	analysis_add_life(table, &life);
	add_amounts(table, &regions->reasons, &regions->times, spent->blocks);
	add_amounts(table, &regions->ranges, &regions->times, spent->ranges);
}

static void add_columns(struct table *table, struct regions *regions)
{
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "goroutine", COLUMN_ID);
	table_add_column(table, "task", COLUMN_ID);
	table_add_column(table, "start_ns", COLUMN_TIME);
	table_add_column(table, "end_ns", COLUMN_TIME);
	analysis_add_life_columns(table);
	family_add_columns(&regions->reasons, table, regions->model, "block_ns");
	family_add_columns(&regions->ranges, table, regions->model, "range_ns");
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
	for (size_t i = 0; i < regions->times.spent.count; i++) {
		note(&regions->reasons, &regions->times, regions->times.spent.items[i].blocks);
		note(&regions->ranges, &regions->times, regions->times.spent.items[i].ranges);
	}
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
	family_free(&regions->reasons);
	family_free(&regions->ranges);
}

const struct analysis_pass analysis_region = {
	.size = sizeof(struct regions),
	.begin = begin,
	.part = look,
	.told = tell,
	.end = end,
	.free = drop,
};
