/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/filter_span.h"
#include "core/analysis/proc_stops.h"
#include "core/analysis/region_ranges.h"
#include "core/analysis/spread.h"
#include "core/model/part.h"

/* Goroutines, one by one and by name, of a stretch of the trace: what lies inside of it counts, of
 * those that lived then. What a filter does not accept does not count at all, and who did nothing
 * that it accepts is not there. */

enum { GOS_A_STEP = 1 << 12 };

struct row {
	uint32_t go, times;
	int64_t begin_ns, end_ns; /* of its life inside */
	int64_t accepted_ns;      /* by the filter */
	/* of its whole life, as far as it is told; TIME_UNKNOWN */
	int64_t created_ns, started_ns, ended_ns;
};

struct within {
	const struct model *model;
	const struct question *question;
	struct region_times times;
	struct region_ranges around;
	struct region_families families;
	struct roster_reader reader;
	ARRAY(struct row) rows;
	struct id_pages row_of; /* by goroutine */
	struct proc_stops stops;
	bool has_found;
};

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct within *within = to;

	within->model = model;
	within->question = question;
	within->rows.budget = budget;
	region_times_init(&within->times, budget);
	region_ranges_init(&within->around, &within->times, model);
	region_families_init(&within->families, budget);
	roster_reader_init(&within->reader, &model->roster);
	proc_stops_init(&within->stops, budget);
	id_pages_init(&within->row_of, budget);
}

/* NULL: it does not live inside, or is not asked for. Of one that the roster has forgotten that is
 * not known yet. */
static struct row *find(struct within *within, uint32_t number)
{
	uint32_t fresh = (uint32_t)within->rows.count, at = id_pages_find(&within->row_of, number);
	bool is_forgotten = roster_is_forgotten(&within->model->roster, number);
	const struct goroutine *go;
	int64_t begin_ns = 0, end_ns = within->model->end_ns;

	if (at != ID_NONE)
		return &within->rows.items[at];
	go = roster_read(&within->reader, number);
	if (!question_has_go(within->question, number) ||
	    !analysis_selects_go(within->question, within->model, go))
		return NULL;
	within->has_found = true;
	if (!is_forgotten) {
		begin_ns = go->created_ns;
		end_ns = go->ended_ns == TIME_UNKNOWN ? end_ns : go->ended_ns;
	}
	if (begin_ns >= within->question->to_ns || end_ns < within->question->from_ns)
		return NULL;
	begin_ns = question_clip(within->question, begin_ns);
	end_ns = question_clip(within->question, end_ns);
	id_pages_set(&within->row_of, number, fresh);
	*array_push(&within->rows) = (struct row){
		.go = number,
		.times = region_times_add(&within->times, number, begin_ns, end_ns),
		.begin_ns = begin_ns,
		.end_ns = end_ns,
		.created_ns = TIME_UNKNOWN,
		.started_ns = TIME_UNKNOWN,
		.ended_ns = TIME_UNKNOWN,
	};
	return &within->rows.items[fresh];
}

/* Who is there, then what is charged to them. */
static bool look(void *to, const struct model *model, uint32_t number, size_t *at)
{
	struct within *within = to;
	const struct part *part = model->parts.items[number];
	const u64_array *own_of = &part_visited(part)->strands.own_of;
	size_t end = *at + GOS_A_STEP < own_of->count ? *at + GOS_A_STEP : own_of->count, place;
	bool goes_on;

	if (*at == 0)
		proc_stops_add(&within->stops, model, number);
	if (*at < own_of->count) {
		for (; *at < end; ++*at)
			find(within, (uint32_t)(own_of->items[*at] >> 32));
		return true;
	}
	place = *at - own_of->count;
	goes_on = region_ranges_add(&within->around, number, &place);
	*at = own_of->count + place;
	return goes_on;
}

static void learn(struct row *row, const struct told *told)
{
	if (row->created_ns == TIME_UNKNOWN)
		row->created_ns = told->begin_ns;
	if (row->started_ns == TIME_UNKNOWN && told->span.kind == SPAN_RUN)
		row->started_ns = told->begin_ns;
	row->ended_ns = told->is_open ? TIME_UNKNOWN : told->end_ns;
}

static void tell(void *to, const struct model *model, struct told *told)
{
	struct within *within = to;
	struct row *row = find(within, told->span.go);
	struct filter *filter = within->question->filter;
	int64_t inside_ns;

	if (row == NULL)
		return;
	learn(row, told);
	told_know(told, model);
	inside_ns = question_clip(within->question, told->end_ns) -
	            question_clip(within->question, told->begin_ns);
	if (filter != NULL && !filter_accepts_told(filter, model, told))
		return;
	row->accepted_ns += inside_ns;
	told->lost_ns = proc_stops_lost(&within->stops, told);
	region_times_tell(&within->times, told);
}

/* ---- */

/* What became of it, as the roster has it, or, if it has forgotten that, as was told. */
static struct goroutine read_row(struct within *within, const struct row *row)
{
	struct goroutine go = *roster_read(&within->reader, row->go);

	if (!roster_is_forgotten(&within->model->roster, row->go))
		return go;
	go.created_ns = row->created_ns;
	go.started_ns = row->started_ns;
	go.ended_ns = row->ended_ns;
	go.parent = INDEX_NONE;
	return go;
}

static int64_t total_ns(const struct within *within, const struct row *row)
{
	if (within->question->filter != NULL)
		return row->accepted_ns;
	if (!roster_is_forgotten(&within->model->roster, row->go))
		return row->end_ns - row->begin_ns;
	if (row->created_ns == TIME_UNKNOWN)
		return 0;
	return question_clip(within->question,
	                     row->ended_ns == TIME_UNKNOWN ? row->end_ns : row->ended_ns) -
	       question_clip(within->question, row->created_ns);
}

static bool is_there(const struct within *within, const struct row *row)
{
	bool is_unknown = roster_is_forgotten(&within->model->roster, row->go) ||
	                  within->question->filter != NULL;

	return !is_unknown || row->accepted_ns > 0;
}

static void add_row(struct table *table, struct within *within, const struct row *row)
{
	struct goroutine go = read_row(within, row);

	analysis_add_go_head(table, within->model, &go);
	region_times_add_row(&within->times, row->times, total_ns(within, row), &within->families,
	                     table);
}

static bool end_goroutine(void *to, struct table *table, struct error *err)
{
	struct within *within = to;

	region_times_end(&within->times);
	analysis_add_go_columns(table);
	region_times_add_columns(&within->times, &within->families, table, within->model);
	for (size_t i = 0; i < within->rows.count; i++)
		if (is_there(within, &within->rows.items[i]))
			add_row(table, within, &within->rows.items[i]);
	analysis_sort_gos(table);
	return within->has_found || analysis_none_found(within->question, "goroutine", err);
}

/* ---- by name */

struct group {
	string_id name;
	struct life sum;
};

struct groups {
	ARRAY(struct group) groups;
	struct id_map by_name;
	struct spreads spread;
};

static void add_to_group(struct groups *groups, struct within *within, const struct row *row)
{
	string_id name = read_row(within, row).name;
	uint32_t fresh = (uint32_t)groups->groups.count;
	uint32_t at = id_map_add(&groups->by_name, name, fresh);
	struct life life = region_times_life(&within->times, row->times, total_ns(within, row));

	if (at == fresh)
		*array_push(&groups->groups) = (struct group){ .name = name };
	analysis_add_up(&groups->groups.items[at].sum, &life);
	spread_add(&groups->spread, at, life.total_ns);
}

static bool end_goroutines(void *to, struct table *table, struct error *err)
{
	struct within *within = to;
	struct budget *budget = table->arena.budget;
	struct groups groups = { .groups = { .budget = budget }, .by_name = { .budget = budget } };

	(void)err;
	spread_init(&groups.spread, budget);
	region_times_end(&within->times);
	for (size_t i = 0; i < within->rows.count; i++)
		if (is_there(within, &within->rows.items[i]))
			add_to_group(&groups, within, &within->rows.items[i]);
	spread_sort(&groups.spread);
	analysis_add_group_columns(table);
	for (uint32_t i = 0; i < groups.groups.count; i++) {
		const struct group *group = &groups.groups.items[i];
		struct figures figures = spread_of(&groups.spread, i);

		table_add_text(table, strings_text(&within->model->strings, group->name));
		table_add_number(table, (int64_t)figures.count);
		analysis_add_life(table, &group->sum);
		table_add_number(table, figures.p50_ns);
		table_add_number(table, figures.p99_ns);
		table_add_number(table, figures.max_ns);
	}
	analysis_sort_groups(table);
	spread_free(&groups.spread);
	array_free(&groups.groups);
	id_map_free(&groups.by_name);
	return true;
}

static void drop(void *to)
{
	struct within *within = to;

	region_times_free(&within->times);
	region_families_free(&within->families);
	roster_reader_free(&within->reader);
	proc_stops_free(&within->stops);
	array_free(&within->rows);
	id_pages_free(&within->row_of);
}

const struct analysis_pass analysis_goroutine_within = {
	.size = sizeof(struct within),
	.begin = begin,
	.needs = PASS_STAYS | PASS_RANGES,
	.part = look,
	.told = tell,
	.end = end_goroutine,
	.drop = drop,
};

const struct analysis_pass analysis_goroutines_within = {
	.size = sizeof(struct within),
	.begin = begin,
	.needs = PASS_STAYS | PASS_RANGES,
	.part = look,
	.told = tell,
	.end = end_goroutines,
	.drop = drop,
};
