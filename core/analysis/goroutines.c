/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/ranks.h"
#include "core/model/retell.h"

/* The goroutines of one name. There may be as many of them as goroutines. */
struct group {
	struct life sum;
	int64_t longest_ns;
	string_id name;
	uint32_t count;
	uint32_t among; /* the groups of several, which have ranks */
};

/* A group a name that goroutines have. Equal names have equal ids. */
struct groups {
	const struct model *model;
	struct id_map by_name;
	ARRAY(struct group) groups;
	uint32_t at; /* that was found last */
	ARRAY(struct lived { /* by each, in the order in which they are told */
		int64_t ns;
		uint32_t group;
	})
	lived;             /* while there is room */
	bool has_no_room;  /* so they are told again */
	struct ranks ranks; /* of what each of several has lived */
};

enum {
	MEDIAN,
	LATE,
	ROOM_SHARE = 8, /* of the memory that is left, for what each has lived */
	CROWD = 4096,   /* looked whether there is room for as many */
};

static bool has_room(const struct groups *groups)
{
	size_t count = groups->lived.count;

	return count % CROWD != 0 || (count + CROWD) * sizeof(struct lived) <=
	                                     budget_room(groups->lived.budget) / ROOM_SHARE;
}

static void keep(struct groups *groups, struct lived lived)
{
	if (groups->has_no_room)
		return;
	groups->has_no_room = !has_room(groups);
	if (groups->has_no_room)
		array_free(&groups->lived);
	else
		*array_push(&groups->lived) = lived;
}

/* The group of a name; neighbours often have the same. */
static uint32_t find_group(struct groups *groups, string_id name)
{
	uint32_t fresh = (uint32_t)groups->groups.count;

	if (groups->at < fresh && groups->groups.items[groups->at].name == name)
		return groups->at;
	groups->at = id_map_add(&groups->by_name, name, fresh);
	if (groups->at == fresh)
		*array_push(&groups->groups) = (struct group){ .name = name };
	return groups->at;
}

static void see(void *context, const struct roster_reader *reader, uint32_t go,
                const struct goroutine *goroutine)
{
	struct groups *groups = context;
	uint32_t at = find_group(groups, goroutine->name);
	struct group *group = &groups->groups.items[at];
	struct life life = analysis_life(groups->model, reader, goroutine);

	(void)go;
	group->count++;
	analysis_add_up(&group->sum, &life);
	if (life.total_ns > group->longest_ns)
		group->longest_ns = life.total_ns;
	keep(groups, (struct lived){ life.total_ns > 0 ? life.total_ns : 0, at });
}

static void rank(struct groups *groups, struct lived lived)
{
	const struct group *group = &groups->groups.items[lived.group];

	if (group->count > 1)
		ranks_see(&groups->ranks, group->among, lived.ns);
}

static void see_again(void *context, const struct roster_reader *reader, uint32_t go,
                      const struct goroutine *goroutine)
{
	struct groups *groups = context;
	uint32_t at = id_map_find(&groups->by_name, goroutine->name);
	struct life life = analysis_life(groups->model, reader, goroutine);

	(void)go;
	if (at != ID_NONE) /* else the file has changed, which whoever tells will notice */
		rank(groups, (struct lived){ life.total_ns > 0 ? life.total_ns : 0, at });
}

/* Nearest rank: of the smallest that per_cent of all do not exceed. */
static uint64_t rank_of(uint64_t count, uint64_t per_cent)
{
	return count == 0 ? 0 : (per_cent * count + 99) / 100 - 1;
}

static void want_ranks(struct groups *groups, struct budget *budget)
{
	uint32_t several = 0;

	array_trim(&groups->groups);
	for (size_t i = 0; i < groups->groups.count; i++)
		if (groups->groups.items[i].count > 1)
			groups->groups.items[i].among = several++;
	ranks_init(&groups->ranks, budget, several, !groups->has_no_room);
	for (size_t i = 0; i < groups->groups.count; i++) {
		const struct group *group = &groups->groups.items[i];

		if (group->count > 1)
			ranks_want(&groups->ranks, group->among, group->count,
			           (uint64_t[]){ [MEDIAN] = rank_of(group->count, 50),
			                         [LATE] = rank_of(group->count, 99) });
	}
}

static bool make_groups(struct groups *groups, struct budget *budget, struct error *err)
{
	struct roster_listener first = { see, groups }, again = { see_again, groups };

	if (!retell_goroutines(groups->model, &first, err))
		return false;
	want_ranks(groups, budget);
	while (ranks_look(&groups->ranks)) {
		for (size_t i = 0; i < groups->lived.count; i++)
			rank(groups, groups->lived.items[i]);
		if (groups->has_no_room && !retell_goroutines(groups->model, &again, err))
			return false;
	}
	return true;
}

static int64_t rank_ns(const struct groups *groups, const struct group *group, int rank)
{
	if (group->count > 1)
		return ranks_found(&groups->ranks, group->among, rank);
	return group->sum.total_ns > 0 ? group->sum.total_ns : 0;
}

static void add_row(struct table *table, const struct groups *groups, const struct group *group)
{
	table_add_text(table, strings_text(&groups->model->strings, group->name));
	table_add_number(table, group->count);
	analysis_add_life(table, &group->sum);
	table_add_number(table, rank_ns(groups, group, MEDIAN));
	table_add_number(table, rank_ns(groups, group, LATE));
	table_add_number(table, group->longest_ns);
}

void analysis_add_group_columns(struct table *table)
{
	static const char *const totals[] = { "total_p50_ns", "total_p99_ns", "total_max_ns",
		                              NULL };

	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "count", COLUMN_COUNT);
	analysis_add_life_columns(table);
	analysis_add_columns(table, COLUMN_DURATION, totals);
}

void analysis_sort_groups(struct table *table)
{
	enum { NAME = 0, EXEC = 3 };
	static const struct table_order order[] = { { .column = EXEC, .is_downwards = true },
		                                    { .column = NAME } };

	table_sort(table, order, sizeof(order) / sizeof(order[0]));
}

bool analysis_goroutines(struct table *table, const struct model *model,
                         const struct question *question, struct error *err)
{
	struct budget *budget = table->arena.budget;
	struct groups groups = { .model = model,
		                 .by_name = { .budget = budget },
		                 .groups = { .budget = budget },
		                 .lived = { .budget = budget } };
	bool good = make_groups(&groups, budget, err);

	(void)question;
	analysis_add_group_columns(table);
	for (size_t i = 0; i < groups.groups.count && good; i++)
		add_row(table, &groups, &groups.groups.items[i]);
	ranks_free(&groups.ranks);
	array_free(&groups.lived);
	array_free(&groups.groups);
	id_map_free(&groups.by_name);
	analysis_sort_groups(table);
	return good;
}
