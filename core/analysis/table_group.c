/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/table_group.h"

#include "core/base/checked.h"

enum { FEW = 1 << 10 };

struct group {
	struct value value;
	int64_t rows;
};

struct groups {
	const struct table *from;
	size_t column;
	ARRAY(struct group) list;
	struct id_map of;      /* a value, as a number -> list */
	uint32_t of_none;      /* the one of rows without a value, + 1; 0: there is none yet */
	ARRAY(size_t) amounts; /* columns that are summed up */
	ARRAY(int64_t) sums;   /* group by group, so many each */
	bool is_full;          /* memory is too short for all of them */
};

static bool is_amount(enum column_kind kind)
{
	return kind == COLUMN_DURATION || kind == COLUMN_COUNT || kind == COLUMN_BYTES;
}

static void find_amounts(struct groups *groups)
{
	for (size_t i = 0; i < groups->from->columns.count; i++)
		if (i != groups->column && is_amount(groups->from->columns.items[i].kind))
			*array_push(&groups->amounts) = i;
}

/* Texts are told apart by their numbers in the table. */
static uint32_t find(struct groups *groups, const struct value *value)
{
	uint32_t fresh = (uint32_t)groups->list.count, at;

	if (value->is_empty && groups->of_none > 0)
		return groups->of_none - 1;
	at = value->is_empty ? fresh : id_map_add(&groups->of, (uint64_t)value->number, fresh);
	if (at != fresh)
		return at;
	if (value->is_empty)
		groups->of_none = fresh + 1;
	*array_push(&groups->list) = (struct group){ .value = *value };
	array_resize(&groups->sums, groups->list.count * groups->amounts.count);
	return at;
}

/* Half as many again as there are: arrays grow in steps. */
static bool has_room(struct groups *groups)
{
	size_t count = groups->list.count + 1, each = sizeof(struct group) + 2 * sizeof(uint64_t);

	if (count % FEW != 0)
		return true;
	each += groups->amounts.count * sizeof(int64_t);
	groups->is_full = budget_is_beyond(groups->list.budget, (count + count / 2) * each);
	return !groups->is_full;
}

static void add_row(struct groups *groups, size_t row)
{
	struct value value = table_value(groups->from, row, groups->column);
	uint32_t at = find(groups, &value);
	struct table_cursor cursor = table_row(groups->from, row);
	size_t amount = 0;

	groups->list.items[at].rows++;
	for (size_t i = 0; table_next(&cursor, &value) && amount < groups->amounts.count; i++) {
		int64_t *sum = &groups->sums.items[at * groups->amounts.count + amount];

		if (groups->amounts.items[amount] != i)
			continue;
		if (!value.is_empty && value.kind != COLUMN_TEXT)
			*sum = saturating_add_i64(*sum, value.number);
		amount++;
	}
}

static void add_columns(struct table *table, const struct groups *groups)
{
	const struct column *columns = groups->from->columns.items;

	table_add_column_named(table, columns[groups->column].name, columns[groups->column].kind);
	table_add_column(table, "rows", COLUMN_COUNT);
	for (size_t i = 0; i < groups->amounts.count; i++) {
		const struct column *column = &columns[groups->amounts.items[i]];

		table_add_column_named(table, column->name, column->kind);
	}
}

static void add_group(struct table *table, const struct groups *groups, size_t at)
{
	const struct group *group = &groups->list.items[at];

	if (group->value.is_empty)
		table_add_empty(table);
	else if (group->value.kind == COLUMN_TEXT)
		table_add_text(table, group->value.text);
	else
		table_add_number(table, group->value.number);
	table_add_number(table, group->rows);
	for (size_t i = 0; i < groups->amounts.count; i++)
		table_add_number(table, groups->sums.items[at * groups->amounts.count + i]);
}

void table_group(struct table *table, const struct table *from, size_t column)
{
	enum { VALUE, ROWS, FIRST };
	struct budget *budget = table->arena.budget;
	struct groups groups = { .from = from,
		                 .column = column,
		                 .list = { .budget = budget },
		                 .of = { .budget = budget },
		                 .amounts = { .budget = budget },
		                 .sums = { .budget = budget } };
	static const struct table_order order[] = {
		{ .column = FIRST, .is_downwards = true },
		{ .column = ROWS, .is_downwards = true },
		{ .column = VALUE },
	};
	bool has_amounts;

	find_amounts(&groups);
	has_amounts = groups.amounts.count > 0;
	for (size_t row = 0; row < table_rows(from) && has_room(&groups); row++)
		add_row(&groups, row);
	add_columns(table, &groups);
	for (size_t i = 0; i < groups.list.count; i++)
		add_group(table, &groups, i);
	table_sort(table, has_amounts ? order : order + 1, has_amounts ? 3 : 2);
	table->is_full |= from->is_full || groups.is_full;
	array_free(&groups.list);
	id_map_free(&groups.of);
	array_free(&groups.amounts);
	array_free(&groups.sums);
}
