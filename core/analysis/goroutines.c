/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/ranks.h"
#include "core/model/retell.h"

/* The goroutines of one name. */
struct group {
	struct life sum;
	uint64_t count;
	int64_t longest_ns;
};

/* A group a name; names that no goroutine has stay empty. Equal names have equal ids. */
struct groups {
	const struct model *model;
	struct group *groups;
	struct ranks ranks; /* of what each has lived */
	bool has_sums;
};

enum { MEDIAN, LATE };

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

static void see(void *context, const struct roster_reader *reader, uint32_t go,
                const struct goroutine *goroutine)
{
	struct groups *groups = context;
	struct group *group = &groups->groups[goroutine->name];
	struct life life = analysis_life(groups->model, reader, goroutine);

	(void)go;
	ranks_see(&groups->ranks, goroutine->name, life.total_ns > 0 ? life.total_ns : 0);
	if (groups->has_sums)
		return;
	add_up(&group->sum, &life);
	if (life.total_ns > group->longest_ns)
		group->longest_ns = life.total_ns;
}

/* Nearest rank: of the smallest that per_cent of all do not exceed. */
static uint64_t rank_of(uint64_t count, uint64_t per_cent)
{
	return count == 0 ? 0 : (per_cent * count + 99) / 100 - 1;
}

static void count(struct groups *groups)
{
	const struct model *model = groups->model;
	struct roster_reader reader;

	roster_reader_init(&reader, &model->roster);
	for (uint32_t go = 0; go < model->roster.count; go++)
		groups->groups[roster_read(&reader, go)->name].count++;
	roster_reader_free(&reader);
	for (size_t i = 0; i < model->strings.texts.count; i++) {
		uint64_t all = groups->groups[i].count;

		ranks_want(&groups->ranks, i, all,
		           (uint64_t[]){ [MEDIAN] = rank_of(all, 50), [LATE] = rank_of(all, 99) });
	}
}

static bool make_groups(struct groups *groups, struct arena *arena, struct error *err)
{
	const struct model *model = groups->model;
	struct roster_listener listener = { see, groups };

	groups->groups = ARENA_NEW(arena, model->strings.texts.count + 1, struct group);
	ranks_init(&groups->ranks, arena->budget, model->strings.texts.count);
	count(groups);
	while (ranks_look(&groups->ranks)) {
		if (!retell_goroutines(model, &listener, err))
			return false;
		groups->has_sums = true;
	}
	return true;
}

static void add_row(struct table *table, const struct groups *groups, string_id name)
{
	const struct group *group = &groups->groups[name];

	table_add_text(table, strings_text(&groups->model->strings, name));
	table_add_number(table, (int64_t)group->count);
	analysis_add_life(table, &group->sum);
	table_add_number(table, ranks_found(&groups->ranks, name, MEDIAN));
	table_add_number(table, ranks_found(&groups->ranks, name, LATE));
	table_add_number(table, group->longest_ns);
}

bool analysis_goroutines(struct table *table, const struct model *model,
                         const struct question *question, struct error *err)
{
	enum { NAME = 0, EXEC = 3 };
	static const struct table_order order[] = { { .column = EXEC, .is_downwards = true },
		                                    { .column = NAME } };
	static const char *const totals[] = { "total_p50_ns", "total_p99_ns", "total_max_ns",
		                              NULL };
	struct arena arena = { .budget = table->arena.budget };
	struct groups groups = { .model = model };
	bool good = make_groups(&groups, &arena, err);

	(void)question;
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "count", COLUMN_COUNT);
	analysis_add_life_columns(table);
	analysis_add_columns(table, COLUMN_DURATION, totals);
	for (string_id i = 0; i < model->strings.texts.count && good; i++)
		if (groups.groups[i].count != 0)
			add_row(table, &groups, i);
	ranks_free(&groups.ranks);
	arena_free(&arena);
	table_sort(table, order, sizeof(order) / sizeof(order[0]));
	return good;
}
