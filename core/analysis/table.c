/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/table.h"

void table_init(struct table *table, struct budget *budget)
{
	*table = (struct table){ .arena = { .budget = budget } };
	table->columns.budget = table->values.budget = budget;
}

void table_free(struct table *table)
{
	arena_free(&table->arena);
	array_free(&table->columns);
	array_free(&table->values);
}

void table_add_column(struct table *table, const char *name, enum column_kind kind)
{
	*array_push(&table->columns) =
		(struct column){ .name = arena_copy(&table->arena, bytes_of(name)), .kind = kind };
}

void table_add_column_of(struct table *table, const char *family, struct bytes member,
                         enum column_kind kind)
{
	size_t len = strlen(family);
	uint8_t *name = arena_new(&table->arena, len + member.len + 2, 1);

	memcpy(name, family, len);
	name[len] = '[';
	if (member.len != 0)
		memcpy(name + len + 1, member.data, member.len);
	name[len + 1 + member.len] = ']';
	*array_push(&table->columns) =
		(struct column){ .name = { name, len + member.len + 2 }, .kind = kind };
}

static enum column_kind next_kind(const struct table *table)
{
	return table->columns.items[table->values.count % table->columns.count].kind;
}

void table_set_text(struct value *value, struct bytes text)
{
	value->text = text.data;
	value->len = text.len < UINT32_MAX ? (uint32_t)text.len : UINT32_MAX;
}

void table_add_text(struct table *table, struct bytes text)
{
	struct value value = { .kind = COLUMN_TEXT, .is_empty = text.len == 0 };

	if (text.len != 0)
		table_set_text(&value, arena_copy(&table->arena, text));
	*array_push(&table->values) = value;
}

void table_add_of_kind(struct table *table, enum column_kind kind, int64_t number)
{
	*array_push(&table->values) = (struct value){ .number = number, .kind = (uint8_t)kind };
}

void table_add_number(struct table *table, int64_t number)
{
	table_add_of_kind(table, next_kind(table), number);
}

void table_add_id(struct table *table, uint64_t id)
{
	table_add_number(table, (int64_t)id);
}

void table_add_empty(struct table *table)
{
	struct value value = { .kind = (uint8_t)next_kind(table), .is_empty = true };

	*array_push(&table->values) = value;
}

void table_add_unknown(struct table *table)
{
	table_add_empty(table);
	table->values.items[table->values.count - 1].is_unknown = true;
}

size_t table_rows(const struct table *table)
{
	return table->columns.count == 0 ? 0 : table->values.count / table->columns.count;
}

const struct value *table_row(const struct table *table, size_t row)
{
	return table->values.items + row * table->columns.count;
}

bool table_find_column(const struct table *table, struct bytes name, size_t *column)
{
	for (size_t i = 0; i < table->columns.count; i++)
		if (bytes_equal(table->columns.items[i].name, name)) {
			*column = i;
			return true;
		}
	return false;
}

int table_compare(const struct value *a, const struct value *b, size_t column)
{
	const struct value *x = &a[column], *y = &b[column];

	if (x->is_empty || y->is_empty)
		return y->is_empty - x->is_empty;
	if (x->kind == COLUMN_TEXT || y->kind == COLUMN_TEXT)
		return bytes_compare(value_text(x), value_text(y));
	if (x->kind == COLUMN_ID)
		return ((uint64_t)x->number > (uint64_t)y->number) -
		       ((uint64_t)x->number < (uint64_t)y->number);
	return (x->number > y->number) - (x->number < y->number);
}

/* One of the two ways to order rows. */
struct sorter {
	const struct table *table;
	table_order *order; /* NULL: by the column */
	size_t column;
	bool is_downwards;
};

static int order_rows(const struct sorter *sorter, size_t a, size_t b)
{
	const struct value *x = table_row(sorter->table, a), *y = table_row(sorter->table, b);
	size_t column = sorter->column;

	if (sorter->order != NULL)
		return sorter->order(sorter->table, x, y);
	if (x[column].is_empty || y[column].is_empty)
		return x[column].is_empty - y[column].is_empty;
	return sorter->is_downwards ? table_compare(y, x, column) : table_compare(x, y, column);
}

/* Merges the runs [0, half) and [half, count) of from into to; of equals the first comes first. */
static void merge(const struct sorter *sorter, const size_t *from, size_t half, size_t count,
                  size_t *to)
{
	size_t a = 0, b = half;

	for (size_t i = 0; i < count; i++)
		if (b == count || (a < half && order_rows(sorter, from[a], from[b]) <= 0))
			to[i] = from[a++];
		else
			to[i] = from[b++];
}

/* Merge sort of row numbers, from the bottom up; returns which of the two rooms holds them. */
static size_t *sort_rows(const struct sorter *sorter, size_t *rows, size_t *room, size_t count)
{
	size_t *swap;

	for (size_t i = 0; i < count; i++)
		rows[i] = i;
	for (size_t half = 1; half < count; half *= 2) {
		for (size_t at = 0; at < count; at += 2 * half) {
			size_t left = count - at;

			merge(sorter, rows + at, half < left ? half : left,
			      2 * half < left ? 2 * half : left, room + at);
		}
		swap = rows;
		rows = room;
		room = swap;
	}
	return rows;
}

static void sort(struct table *table, const struct sorter *sorter)
{
	struct arena frame = { .budget = table->arena.budget };
	size_t count = table_rows(table), width = table->columns.count;
	size_t *rows = ARENA_NEW(&frame, count, size_t), *room = ARENA_NEW(&frame, count, size_t);
	struct value *sorted = ARENA_NEW(&frame, count * width, struct value);

	rows = sort_rows(sorter, rows, room, count);
	for (size_t i = 0; i < count; i++)
		memcpy(sorted + i * width, table_row(table, rows[i]), width * sizeof(*sorted));
	if (count != 0)
		memcpy(table->values.items, sorted, count * width * sizeof(*sorted));
	arena_free(&frame);
}

void table_sort(struct table *table, table_order *order)
{
	sort(table, &(struct sorter){ .table = table, .order = order });
}

static bool is_amount(enum column_kind kind)
{
	return kind == COLUMN_DURATION || kind == COLUMN_COUNT || kind == COLUMN_BYTES ||
	       kind == COLUMN_FRACTION || kind == COLUMN_BOOL;
}

void table_sort_by(struct table *table, size_t column)
{
	sort(table,
	     &(struct sorter){ .table = table,
	                       .column = column,
	                       .is_downwards = is_amount(table->columns.items[column].kind) });
}

void table_cut(struct table *table, size_t count)
{
	if (count < table_rows(table))
		table->values.count = count * table->columns.count;
}
