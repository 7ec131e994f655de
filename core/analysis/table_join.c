/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/table_join.h"

#include "core/base/sort.h"

/* A column of the joined table: by its place among all of a kind of table, which is that of its
 * family, and by its name in there. */
struct place {
	struct bytes name;
	uint32_t family; /* the place of the first of the family */
	enum column_kind kind;
};

typedef ARRAY(struct place) places;

/* "block_ns" of "block_ns[select]". */
static struct bytes family_of(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] == '[')
			return (struct bytes){ name.data, i };
	return (struct bytes){ NULL, 0 };
}

static const struct place *find(const places *all, struct bytes name)
{
	for (size_t i = 0; i < all->count; i++)
		if (bytes_equal(all->items[i].name, name))
			return &all->items[i];
	return NULL;
}

static int order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->family != y->family)
		return x->family < y->family ? -1 : 1;
	return bytes_compare(x->name, y->name);
}

/* Columns are the same in all tables but for families, which come last, in the same order: one that
 * a table does not have comes where another's is. */
static void add_places(places *all, const struct table *table)
{
	uint32_t before = 0;

	for (size_t i = 0; i < table->columns.count; i++) {
		const struct column *column = &table->columns.items[i];
		const struct place *known = find(all, column->name);
		struct bytes family = family_of(column->name);
		uint32_t place = before + 1;

		for (size_t j = 0; j < all->count && known == NULL && family.len > 0; j++)
			if (bytes_equal(family_of(all->items[j].name), family))
				place = all->items[j].family;
		if (known == NULL)
			*array_push(all) = (struct place){ column->name, place, column->kind };
		before = known != NULL ? known->family : place;
	}
}

static void add_value(struct table *table, const struct value *value, enum column_kind kind)
{
	if (value->is_unknown)
		table_add_unknown(table);
	else if (value->is_empty)
		table_add_empty(table);
	else if (kind == COLUMN_TEXT)
		table_add_text(table, value->text);
	else if (value->kind != kind)
		table_add_of_kind(table, value->kind, value->number);
	else if (kind == COLUMN_ID)
		table_add_id(table, (uint64_t)value->number);
	else
		table_add_number(table, value->number);
}

static void add_rows(struct table *table, const places *all, struct bytes file,
                     const struct table *from, struct arena *arena)
{
	struct value *values = ARENA_NEW(arena, from->columns.count, struct value);

	for (size_t row = 0; row < table_rows(from); row++) {
		struct table_cursor cursor = table_row(from, row);
		size_t column;

		for (size_t i = 0; i < from->columns.count; i++)
			table_next(&cursor, &values[i]);
		table_add_text(table, file);
		for (size_t i = 0; i < all->count; i++) {
			const struct place *place = &all->items[i];

			if (table_find_column(from, place->name, &column))
				add_value(table, &values[column], place->kind);
			else
				table_add_number(table, 0);
		}
	}
}

void table_join(struct table *table, const struct bytes *files, const struct table *tables,
                size_t count)
{
	struct arena arena = { .budget = table->arena.budget };
	places all = { .budget = table->arena.budget };

	for (size_t i = 0; i < count; i++)
		add_places(&all, &tables[i]);
	SORT_ARRAY(&all, order);
	table_add_column(table, "file", COLUMN_TEXT);
	for (size_t i = 0; i < all.count; i++) {
		char *name = ARENA_NEW(&arena, all.items[i].name.len + 1, char);

		memcpy(name, all.items[i].name.data, all.items[i].name.len);
		table_add_column(table, name, all.items[i].kind);
	}
	for (size_t i = 0; i < count; i++) {
		table->is_list |= tables[i].is_list;
		table->is_full |= tables[i].is_full;
		add_rows(table, &all, files[i], &tables[i], &arena);
	}
	array_free(&all);
	arena_free(&arena);
}
