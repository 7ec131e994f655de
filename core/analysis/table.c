/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/table.h"

/* How values are packed: a byte that holds a mark and how many bytes follow; those are a number,
 * the lowest byte first. Numbers with a sign are turned so that small ones have few bytes. */
enum mark {
	MARK_NUMBER, /* of the column's kind */
	MARK_ZEROS,  /* so many numbers that are 0, of their columns' kinds */
	MARK_TEXT,   /* its string_id */
	MARK_EMPTY,
	MARK_UNKNOWN,
	MARK_OF_KIND, /* the kind; a MARK_NUMBER comes next */
};

enum { MARK_BITS = 3, VALUE_BYTES_MAX = 1 + 8 };

void table_init(struct table *table, struct budget *budget)
{
	*table = (struct table){ .arena = { .budget = budget } };
	table->columns.budget = table->packed.budget = table->rows.budget = budget;
	strings_init(&table->texts, budget);
}

void table_free(struct table *table)
{
	arena_free(&table->arena);
	array_free(&table->columns);
	strings_free(&table->texts);
	array_free(&table->packed);
	array_free(&table->rows);
	table->whole = table->column = table->zeros = 0;
}

void table_add_column(struct table *table, const char *name, enum column_kind kind)
{
	table_add_column_named(table, bytes_of(name), kind);
}

void table_add_column_named(struct table *table, struct bytes name, enum column_kind kind)
{
	*array_push(&table->columns) =
		(struct column){ .name = arena_copy(&table->arena, name), .kind = kind };
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

/* ---- packing */

static uint64_t turned(int64_t number)
{
	return (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);
}

static int64_t turned_back(uint64_t number)
{
	return (int64_t)(number >> 1 ^ ((number & 1) != 0 ? UINT64_MAX : 0));
}

static void pack(struct table *table, enum mark mark, uint64_t number)
{
	uint8_t *head;
	unsigned len = 0;

	array_reserve(&table->packed, table->packed.count + VALUE_BYTES_MAX);
	head = table->packed.items + table->packed.count;
	for (; number != 0; number >>= 8)
		head[++len] = (uint8_t)number;
	*head = (uint8_t)(len << MARK_BITS | mark);
	table->packed.count += 1 + len;
}

static void pack_zeros(struct table *table)
{
	if (table->zeros > 0)
		pack(table, MARK_ZEROS, table->zeros);
	table->zeros = 0;
}

/* Whether there is no memory for more rows, if they are to be sorted, too; arrays grow by up to an
 * eighth more than they need. A few rows are always had. */
static bool is_full(const struct table *table)
{
	enum { SOMETIMES = 256, SORTED = 24 }; /* rows; bytes of each */
	size_t rows = table->rows.count, grown;

	if (table->is_full || rows == 0 || rows % SOMETIMES != 0)
		return table->is_full;
	grown = table->packed.capacity + table->rows.capacity * sizeof(*table->rows.items);
	return budget_is_beyond(table->arena.budget, (rows + SOMETIMES) * SORTED + grown / 8);
}

/* A value is there. */
static void count_value(struct table *table)
{
	if (++table->column < table->columns.count)
		return;
	pack_zeros(table);
	table->column = 0;
	table->is_full = is_full(table);
	if (table->is_full) {
		table->packed.count = table->whole;
		return;
	}
	*array_push(&table->rows) = table->whole;
	table->whole = table->packed.count;
}

static void add(struct table *table, enum mark mark, uint64_t number)
{
	pack_zeros(table);
	pack(table, mark, number);
	count_value(table);
}

static enum column_kind next_kind(const struct table *table)
{
	return table->columns.items[table->column].kind;
}

void table_add_text(struct table *table, struct bytes text)
{
	if (text.len == 0)
		table_add_empty(table);
	else
		add(table, MARK_TEXT, strings_add(&table->texts, text));
}

void table_add_number(struct table *table, int64_t number)
{
	if (number != 0) {
		add(table, MARK_NUMBER, turned(number));
	} else {
		table->zeros++;
		count_value(table);
	}
}

void table_add_of_kind(struct table *table, enum column_kind kind, int64_t number)
{
	if (kind == next_kind(table)) {
		table_add_number(table, number);
	} else {
		pack_zeros(table);
		pack(table, MARK_OF_KIND, kind);
		add(table, MARK_NUMBER, turned(number));
	}
}

void table_add_id(struct table *table, uint64_t id)
{
	table_add_number(table, (int64_t)id);
}

void table_add_empty(struct table *table)
{
	add(table, MARK_EMPTY, 0);
}

void table_add_unknown(struct table *table)
{
	add(table, MARK_UNKNOWN, 0);
}

/* ---- reading */

size_t table_rows(const struct table *table)
{
	return table->rows.count;
}

struct table_cursor table_row(const struct table *table, size_t row)
{
	return (struct table_cursor){ .table = table, .at = table->rows.items[row] };
}

static uint64_t take(struct table_cursor *cursor, enum mark *mark)
{
	const uint8_t *head = cursor->table->packed.items + cursor->at;
	unsigned len = *head >> MARK_BITS;
	uint64_t number = 0;

	*mark = (enum mark)(*head & ((1 << MARK_BITS) - 1));
	for (unsigned i = len; i > 0; i--)
		number = number << 8 | head[i];
	cursor->at += 1 + len;
	return number;
}

static void unpack(struct table_cursor *cursor, struct value *value)
{
	enum mark mark;
	uint64_t number = take(cursor, &mark);

	switch (mark) {
	case MARK_OF_KIND:
		value->kind = (enum column_kind)number;
		value->number = turned_back(take(cursor, &mark));
		break;
	case MARK_NUMBER:
		value->number = turned_back(number);
		break;
	case MARK_ZEROS:
		cursor->zeros = number - 1;
		break;
	case MARK_TEXT:
		value->kind = COLUMN_TEXT;
		value->number = (int64_t)number;
		value->text = strings_text(&cursor->table->texts, (string_id)number);
		break;
	case MARK_UNKNOWN:
		value->is_unknown = true;
		value->is_empty = true;
		break;
	case MARK_EMPTY:
		value->is_empty = true;
		break;
	}
}

bool table_next(struct table_cursor *cursor, struct value *value)
{
	if (cursor->column == cursor->table->columns.count)
		return false;
	*value = (struct value){ .kind = cursor->table->columns.items[cursor->column++].kind };
	if (cursor->zeros > 0)
		cursor->zeros--;
	else
		unpack(cursor, value);
	return true;
}

static void skip_zeros(struct table_cursor *cursor, size_t column)
{
	size_t left = column - cursor->column;
	size_t count = cursor->zeros < left ? cursor->zeros : left;

	cursor->column += count;
	cursor->zeros -= count;
}

struct value table_value(const struct table *table, size_t row, size_t column)
{
	struct table_cursor cursor = table_row(table, row);
	struct value value;

	for (; cursor.column < column; skip_zeros(&cursor, column))
		table_next(&cursor, &value);
	table_next(&cursor, &value);
	return value;
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

/* ---- the whole */

/* Where a row ends in packed. */
static size_t end_of(const struct table *table, size_t row)
{
	struct table_cursor cursor = table_row(table, row);
	struct value value;

	while (table_next(&cursor, &value))
		;
	return cursor.at;
}

void table_cut(struct table *table, size_t count)
{
	ARRAY(uint8_t) kept = { .budget = table->packed.budget };

	if (count >= table->rows.count)
		return;
	for (size_t row = 0; row < count; row++) {
		size_t begin = table->rows.items[row], len = end_of(table, row) - begin;
		size_t at = kept.count;

		array_resize(&kept, at + len);
		memcpy(kept.items + at, table->packed.items + begin, len);
		table->rows.items[row] = at;
	}
	table->rows.count = count;
	table->packed.count = table->whole = kept.count;
	if (kept.count > 0)
		memcpy(table->packed.items, kept.items, kept.count);
	array_free(&kept);
}

static void clean_text(struct table *table, table_clean_fn *clean, struct bytes *text)
{
	enum { ROOM = 1 << 12 };
	char room[ROOM];
	struct bytes cleaned = bytes_of(clean(room, ROOM, *text));

	if (!bytes_equal(*text, cleaned))
		*text = arena_copy(&table->arena, cleaned);
}

void table_clean(struct table *table, table_clean_fn *clean)
{
	for (string_id i = 1; i < table->texts.texts.count; i++) /* 0 is empty */
		clean_text(table, clean, &table->texts.texts.items[i]);
	for (size_t i = 0; i < table->columns.count; i++)
		clean_text(table, clean, &table->columns.items[i].name);
}

/* ---- */

void table_split_unit(struct bytes name, struct bytes parts[2])
{
	static const char *const units[] = { "_ns", "_bytes" };

	parts[0] = name;
	parts[1] = (struct bytes){ name.data, 0 };
	for (size_t i = 1; i < name.len; i++) {
		struct bytes rest = { name.data + i, name.len - i };

		for (size_t j = 0; j < sizeof(units) / sizeof(units[0]); j++) {
			size_t len = strlen(units[j]);

			if (!bytes_begin_with(rest, units[j]) ||
			    (rest.len > len && rest.data[len] != '['))
				continue;
			parts[0].len = i;
			parts[1] = (struct bytes){ rest.data + len, rest.len - len };
			return;
		}
		if (name.data[i] == '[')
			return;
	}
}
