/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/profile.h"

#include "core/base/sort.h"

/* A function that calls another one, or is called by it. */
struct neighbour {
	string_id name;
	stack_id seen; /* the last stack that it was counted for, + 1 */
	struct profile_entry sum;
};

struct neighbours {
	ARRAY(struct neighbour) list;
	struct id_map of; /* name -> list */
};

struct peek {
	string_id function;
	struct profile_entry flat, cum;
	struct neighbours callers, callees;
};

static void add(struct neighbours *neighbours, string_id name, stack_id stack,
                const struct profile_entry *entry)
{
	uint32_t fresh = (uint32_t)neighbours->list.count;
	uint32_t at = id_map_add(&neighbours->of, name, fresh);
	struct neighbour *neighbour;

	if (at == fresh)
		*array_push(&neighbours->list) = (struct neighbour){ .name = name };
	neighbour = &neighbours->list.items[at];
	if (neighbour->seen != stack + 1)
		profile_sum(&neighbour->sum, entry);
	neighbour->seen = stack + 1;
}

/* However often it is in a stack, that counts once, and so does each neighbour. */
static void add_stack(struct peek *peek, const struct stacks *stacks, stack_id stack,
                      const struct profile_entry *entry)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(stacks, stack, &count);
	bool is_there = false;

	for (uint32_t i = 0; i < count; i++) {
		if (frames[i].function != peek->function)
			continue;
		if (i == 0)
			profile_sum(&peek->flat, entry);
		else
			add(&peek->callees, frames[i - 1].function, stack, entry);
		add(&peek->callers, i + 1 < count ? frames[i + 1].function : 0, stack, entry);
		is_there = true;
	}
	if (is_there)
		profile_sum(&peek->cum, entry);
}

/* ---- as a table */

struct ranked {
	struct profile_entry sum;
	struct bytes name;
};

/* The most expensive first. */
static int order_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->sum.delay_ns != y->sum.delay_ns)
		return x->sum.delay_ns > y->sum.delay_ns ? -1 : 1;
	if (x->sum.count != y->sum.count)
		return x->sum.count > y->sum.count ? -1 : 1;
	return bytes_compare(x->name, y->name);
}

static void add_row(struct table *table, const struct peek *peek, const char *relation,
                    struct bytes name, const struct profile_entry *entry, enum profile_of of)
{
	double part = of == PROFILE_DELAYS ? (double)entry->delay_ns : (double)entry->count;
	double all = of == PROFILE_DELAYS ? (double)peek->cum.delay_ns : (double)peek->cum.count;

	table_add_text(table, bytes_of(relation));
	table_add_text(table, name);
	table_add_number(table, (int64_t)entry->count);
	if (of == PROFILE_DELAYS)
		table_add_number(table, entry->delay_ns);
	table_add_number(table, all > 0 ? (int64_t)(part / all * 1e6 + 0.5) : 0);
}

static void add_rows(struct table *table, const struct peek *peek, const char *relation,
                     const struct neighbours *neighbours, const struct model *model,
                     enum profile_of of)
{
	ARRAY(struct ranked) ranked = { .budget = table->arena.budget };

	for (size_t i = 0; i < neighbours->list.count; i++)
		*array_push(&ranked) =
			(struct ranked){ neighbours->list.items[i].sum,
			                 strings_text(&model->strings,
			                              neighbours->list.items[i].name) };
	SORT_ARRAY(&ranked, order_ranked);
	for (size_t i = 0; i < ranked.count; i++)
		add_row(table, peek, relation, ranked.items[i].name, &ranked.items[i].sum, of);
	array_free(&ranked);
}

static void free_neighbours(struct neighbours *neighbours)
{
	array_free(&neighbours->list);
	id_map_free(&neighbours->of);
}

bool profile_peek(const struct profile *profile, const struct model *model, enum profile_of of,
                  struct bytes function, struct table *table)
{
	struct budget *budget = table->arena.budget;
	struct neighbours none = { .list = { .budget = budget }, .of = { .budget = budget } };
	struct peek peek = { .function = strings_find(&model->strings, function),
		             .callers = none,
		             .callees = none };

	table_add_column(table, "relation", COLUMN_TEXT);
	table_add_column(table, "function", COLUMN_TEXT);
	table_add_column(table, "count", COLUMN_COUNT);
	if (of == PROFILE_DELAYS)
		table_add_column(table, "delay_ns", COLUMN_DURATION);
	table_add_column(table, "share", COLUMN_FRACTION);
	for (stack_id i = 0; i < profile->stacks.count && peek.function != 0; i++)
		if (profile->stacks.items[i].count > 0)
			add_stack(&peek, &model->stacks, i, &profile->stacks.items[i]);
	if (peek.cum.count > 0) {
		add_rows(table, &peek, "caller", &peek.callers, model, of);
		add_row(table, &peek, "function", function, &peek.cum, of);
		add_row(table, &peek, "itself", function, &peek.flat, of);
		add_rows(table, &peek, "callee", &peek.callees, model, of);
	}
	free_neighbours(&peek.callers);
	free_neighbours(&peek.callees);
	return peek.cum.count > 0;
}
