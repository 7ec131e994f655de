/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"

#include <stdlib.h>

/* The goroutines of one name. */
struct group {
	struct life sum;
	size_t count;
	int64_t *total_ns; /* of each; sorted at the end */
};

static int order_totals(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void add_up(struct life *sum, const struct life *life)
{
	sum->total_ns += life->total_ns;
	sum->exec_ns += life->exec_ns;
	sum->sched_wait_ns += life->sched_wait_ns;
	sum->syscall_exec_ns += life->syscall_exec_ns;
	sum->syscall_block_ns += life->syscall_block_ns;
	sum->block_ns += life->block_ns;
	sum->unknown_ns += life->unknown_ns;
}

/* A group a name; names that no goroutine has stay empty. Equal names have equal ids. */
static struct group *make_groups(struct arena *arena, const struct model *model)
{
	struct group *groups = ARENA_NEW(arena, model->strings.texts.count + 1, struct group);
	int64_t *totals = ARENA_NEW(arena, model->roster.count, int64_t);
	struct roster_reader reader;

	roster_reader_init(&reader, &model->roster);
	for (uint32_t i = 0; i < model->roster.count; i++)
		groups[roster_read(&reader, i)->name].count++;
	for (size_t i = 0; i < model->strings.texts.count; i++) {
		groups[i].total_ns = totals;
		totals += groups[i].count;
		groups[i].count = 0;
	}
	for (uint32_t i = 0; i < model->roster.count; i++) {
		const struct goroutine *go = roster_read(&reader, i);
		struct group *group = &groups[go->name];
		struct life life = analysis_life(model, &reader, go);

		add_up(&group->sum, &life);
		group->total_ns[group->count++] = life.total_ns;
	}
	roster_reader_free(&reader);
	return groups;
}

/* Nearest rank: the smallest that per_cent of all do not exceed. */
static int64_t percentile(const struct group *group, size_t per_cent)
{
	return group->total_ns[(per_cent * group->count + 99) / 100 - 1];
}

static void add_row(struct table *table, struct bytes name, struct group *group)
{
	qsort(group->total_ns, group->count, sizeof(*group->total_ns), order_totals);
	table_add_text(table, name);
	table_add_number(table, (int64_t)group->count);
	analysis_add_life(table, &group->sum);
	table_add_number(table, percentile(group, 50));
	table_add_number(table, percentile(group, 99));
	table_add_number(table, percentile(group, 100));
}

static int order(const struct table *table, const struct value *a, const struct value *b)
{
	enum { NAME = 0, EXEC = 3 };
	int by_exec = table_compare(b, a, EXEC);

	(void)table;
	return by_exec != 0 ? by_exec : table_compare(a, b, NAME);
}

bool analysis_goroutines(struct table *table, const struct model *model,
                         const struct question *question, struct error *err)
{
	static const char *const totals[] = { "total_p50_ns", "total_p99_ns", "total_max_ns",
		                              NULL };
	struct arena arena = { .budget = table->arena.budget };
	struct group *groups = make_groups(&arena, model);

	(void)question;
	(void)err;
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "count", COLUMN_COUNT);
	analysis_add_life_columns(table);
	analysis_add_columns(table, COLUMN_DURATION, totals);
	for (string_id i = 0; i < model->strings.texts.count; i++)
		if (groups[i].count != 0)
			add_row(table, strings_text(&model->strings, i), &groups[i]);
	arena_free(&arena);
	table_sort(table, order);
	return true;
}
