/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/said.h"
#include "core/analysis/spread.h"

/* Tasks, one by one and by type: those that begin or end in the trace, and those that only a
 * region, a log or a child names. */

struct row {
	uint64_t id;
	uint32_t regions, logs, goroutines;
};

struct tasks {
	const struct model *model;
	const struct question *question;
	ARRAY(struct row) rows;
	struct id_pages row_of; /* by id */
	u64_array gos, room;    /* a row and, in the low half, a goroutine of it */
	struct words {          /* likewise what is said of it, if a filter asks for that */
		u64_array of;
		u32_array now; /* of one row */
	} regions, logs;
};

/* 0 is what has no task. */
static struct row *find(struct tasks *tasks, uint64_t id)
{
	uint32_t fresh = (uint32_t)tasks->rows.count, at;

	if (id == 0)
		return NULL;
	at = id_pages_add(&tasks->row_of, id, fresh);
	if (at == fresh)
		*array_push(&tasks->rows) = (struct row){ .id = id };
	return &tasks->rows.items[at];
}

static void note_go(struct tasks *tasks, const struct row *row, uint32_t go)
{
	if (go != INDEX_NONE)
		*array_push(&tasks->gos) = (uint64_t)(row - tasks->rows.items) << 32 | go;
}

static void note_word(struct tasks *tasks, struct words *words, enum filter_field field,
                      const struct row *row, string_id word)
{
	const struct filter *filter = tasks->question->filter;

	if (filter != NULL && filter_asks(filter, field))
		*array_push(&words->of) = (uint64_t)(row - tasks->rows.items) << 32 | word;
}

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct tasks *tasks = to;

	tasks->model = model;
	tasks->question = question;
	tasks->rows.budget = tasks->gos.budget = tasks->room.budget = budget;
	tasks->regions.of.budget = tasks->regions.now.budget = budget;
	tasks->logs.of.budget = tasks->logs.now.budget = budget;
	id_pages_init(&tasks->row_of, budget);
	for (size_t i = 0; i < model->said.tasks.count; i++) {
		const struct user_task *task = &model->said.tasks.items[i];
		const struct row *row = find(tasks, task->id);

		if (row == NULL)
			continue;
		note_go(tasks, row, task->go);
		note_go(tasks, row, task->end_go);
		find(tasks, task->parent);
	}
}

static void add_region(void *to, const struct user_region *region)
{
	struct tasks *tasks = to;
	struct row *row = find(tasks, region->task);

	if (row == NULL)
		return;
	row->regions++;
	note_word(tasks, &tasks->regions, FILTER_REGION, row, region->name);
	note_go(tasks, row, region->go);
}

static void add_log(void *to, const struct user_log *log)
{
	struct tasks *tasks = to;
	struct row *row = find(tasks, log->task);

	if (row == NULL)
		return;
	row->logs++;
	note_word(tasks, &tasks->logs, FILTER_LOG, row, log->message);
	note_word(tasks, &tasks->logs, FILTER_LOG, row, log->category);
	note_go(tasks, row, log->go);
}

static bool look(void *to, const struct model *model, uint32_t part, size_t *at)
{
	return said_notes(model, part, at, &(struct said_listener){ to, add_region, add_log });
}

/* ---- */

static struct user_task told_of(const struct tasks *tasks, const struct row *row)
{
	const struct user_task *task = user_task(tasks->model, row->id);

	return task != NULL ? *task
	                    : (struct user_task){ .id = row->id,
		                                  .go = INDEX_NONE,
		                                  .begin_ns = TIME_UNKNOWN,
		                                  .end_ns = TIME_UNKNOWN };
}

/* Open ends count to the trace's. */
static int64_t begin_of(const struct user_task *task)
{
	return task->begin_ns == TIME_UNKNOWN ? 0 : task->begin_ns;
}

static int64_t end_of(const struct tasks *tasks, const struct user_task *task)
{
	return task->end_ns == TIME_UNKNOWN ? tasks->model->end_ns : task->end_ns;
}

static bool is_complete(const struct user_task *task)
{
	return task->begin_ns != TIME_UNKNOWN && task->end_ns != TIME_UNKNOWN;
}

/* Those of a row, of words in order. */
static void take_words(struct words *words, uint32_t row)
{
	size_t low = 0, high = words->of.count;

	array_clear(&words->now);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (words->of.items[middle] >> 32 < row)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < words->of.count && words->of.items[low] >> 32 == row; low++)
		*array_push(&words->now) = (string_id)words->of.items[low];
}

static bool is_inside(struct tasks *tasks, uint32_t row, const struct user_task *task)
{
	struct filter_said said = said_task(task, tasks->model);

	take_words(&tasks->regions, row);
	take_words(&tasks->logs, row);
	said.regions = tasks->regions.now.items;
	said.region_count = tasks->regions.now.count;
	said.logs = tasks->logs.now.items;
	said.log_count = tasks->logs.now.count;
	return analysis_accepts_said(tasks->question, tasks->model, &said);
}

/* All that was noted, by row. */
static void put_in_order(struct tasks *tasks)
{
	radix_sort(&tasks->gos, &tasks->room, 0, 64);
	radix_sort(&tasks->regions.of, &tasks->room, 32, 32);
	radix_sort(&tasks->logs.of, &tasks->room, 32, 32);
}

static void count_goroutines(struct tasks *tasks)
{
	for (size_t i = 0; i < tasks->gos.count; i++)
		if (i == 0 || tasks->gos.items[i] != tasks->gos.items[i - 1])
			tasks->rows.items[tasks->gos.items[i] >> 32].goroutines++;
}

static void add_row(struct table *table, const struct tasks *tasks, const struct row *row,
                    const struct user_task *task)
{
	table_add_id(table, row->id);
	table_add_text(table, strings_text(&tasks->model->strings, task->name));
	analysis_add_task(table, task->parent);
	analysis_add_time(table, task->begin_ns);
	analysis_add_time(table, task->end_ns);
	table_add_number(table, end_of(tasks, task) - begin_of(task));
	table_add_number(table, is_complete(task));
	table_add_number(table, row->goroutines);
	table_add_number(table, row->regions);
	table_add_number(table, row->logs);
}

static void add_columns(struct table *table)
{
	static const char *const counts[] = { "goroutines", "regions", "logs", NULL };

	table_add_column(table, "task", COLUMN_ID);
	table_add_column(table, "type", COLUMN_TEXT);
	table_add_column(table, "parent", COLUMN_ID);
	table_add_column(table, "start_ns", COLUMN_TIME);
	table_add_column(table, "end_ns", COLUMN_TIME);
	table_add_column(table, "duration_ns", COLUMN_DURATION);
	table_add_column(table, "complete", COLUMN_BOOL);
	analysis_add_columns(table, COLUMN_COUNT, counts);
}

static bool end_task(void *to, struct table *table, struct error *err)
{
	enum { ID = 0, DURATION = 5 };
	static const struct table_order order[] = { { .column = DURATION, .is_downwards = true },
		                                    { .column = ID } };
	struct tasks *tasks = to;
	bool has_found = false;

	put_in_order(tasks);
	count_goroutines(tasks);
	add_columns(table);
	for (uint32_t i = 0; i < tasks->rows.count; i++) {
		struct user_task task = told_of(tasks, &tasks->rows.items[i]);

		if (!analysis_selects_task(tasks->question, tasks->model, &task))
			continue;
		has_found = true;
		if (is_inside(tasks, i, &task))
			add_row(table, tasks, &tasks->rows.items[i], &task);
	}
	table_sort(table, order, sizeof(order) / sizeof(order[0]));
	if (!said_is_whole(tasks->model))
		return analysis_is_cut(err);
	return has_found || analysis_none_found(tasks->question, "task", err);
}

/* ---- by type */

struct type {
	string_id name;
	uint64_t count;
};

struct types {
	ARRAY(struct type) types;
	struct id_map type_of; /* by name */
	struct spreads spread;
};

static void add_to_type(struct types *types, const struct user_task *task)
{
	uint32_t fresh = (uint32_t)types->types.count;
	uint32_t at = id_map_add(&types->type_of, task->name, fresh);

	if (at == fresh)
		*array_push(&types->types) = (struct type){ .name = task->name };
	types->types.items[at].count++;
	if (is_complete(task))
		spread_add(&types->spread, at, task->end_ns - task->begin_ns);
}

static bool end_tasks(void *to, struct table *table, struct error *err)
{
	enum { TYPE = 0, MAX = 6 };
	static const struct table_order order[] = {
		{ .column = MAX, .is_downwards = true, .is_empty_last = true }, { .column = TYPE }
	};
	struct tasks *tasks = to;
	struct budget *budget = table->arena.budget;
	struct types types = { .types = { .budget = budget }, .type_of = { .budget = budget } };

	spread_init(&types.spread, budget);
	put_in_order(tasks);
	for (uint32_t i = 0; i < tasks->rows.count; i++) {
		struct user_task task = told_of(tasks, &tasks->rows.items[i]);

		if (is_inside(tasks, i, &task))
			add_to_type(&types, &task);
	}
	spread_sort(&types.spread);
	table_add_column(table, "type", COLUMN_TEXT);
	table_add_column(table, "count", COLUMN_COUNT);
	spread_add_columns(table, "complete", tasks->question->has_histogram);
	for (uint32_t i = 0; i < types.types.count; i++) {
		const struct type *type = &types.types.items[i];

		table_add_text(table, strings_text(&tasks->model->strings, type->name));
		table_add_number(table, (int64_t)type->count);
		spread_add_group(&types.spread, table, i, tasks->question->has_histogram);
	}
	table_sort(table, order, sizeof(order) / sizeof(order[0]));
	spread_free(&types.spread);
	array_free(&types.types);
	id_map_free(&types.type_of);
	return said_is_whole(tasks->model) || analysis_is_cut(err);
}

static void drop(void *to)
{
	struct tasks *tasks = to;

	array_free(&tasks->rows);
	array_free(&tasks->gos);
	array_free(&tasks->room);
	array_free(&tasks->regions.of);
	array_free(&tasks->regions.now);
	array_free(&tasks->logs.of);
	array_free(&tasks->logs.now);
	id_pages_free(&tasks->row_of);
}

const struct analysis_pass analysis_task = {
	.size = sizeof(struct tasks),
	.begin = begin,
	.needs = PASS_SAID,
	.part = look,
	.end = end_task,
	.drop = drop,
};

const struct analysis_pass analysis_tasks = {
	.size = sizeof(struct tasks),
	.begin = begin,
	.needs = PASS_SAID,
	.part = look,
	.end = end_tasks,
	.drop = drop,
};
