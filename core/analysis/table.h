/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_TABLE_H
#define CORE_ANALYSIS_TABLE_H

#include "core/base/array.h"
#include "core/trace/strings.h"

/* The answer of every analysis: typed columns and rows. One description; text, CSV, JSON lines and
 * a view in the terminal are made from it (answers.md 2).
 *
 * There may be millions of rows, and hundreds of columns that are nearly always 0. So rows are
 * packed - some twenty bytes for a goroutine - and each text is held once. */

enum column_kind {
	COLUMN_TEXT,
	COLUMN_TIME,     /* ns since the begin of the trace */
	COLUMN_DURATION, /* ns */
	COLUMN_COUNT,
	COLUMN_BYTES,
	COLUMN_ID,       /* of a goroutine, P, thread, task: decimal, never with units */
	COLUMN_FRACTION, /* in millionths */
	COLUMN_RATE,     /* how many a second, or at a time: in millionths */
	COLUMN_BOOL,
	COLUMN_HISTOGRAM, /* texts that are pictures (histogram.h) */
};

struct column {
	struct bytes name; /* as in answers.md, units included: "exec_ns" */
	enum column_kind kind;
};

struct table {
	struct arena arena; /* holds the names of columns */
	ARRAY(struct column) columns;
	struct strings texts;
	ARRAY(uint8_t) packed; /* values, row by row (table.c) */
	ARRAY(size_t) rows;    /* where each begins in there, in the order in which they stand */
	size_t whole;          /* bytes of packed that are of whole rows */
	size_t column;         /* of the next value */
	size_t zeros;          /* before that, not packed yet */
	bool is_full;          /* memory is too short: further rows were dropped */
	bool is_list;          /* rows are a name and its value; the name tells the unit */
	int name_cols; /* that a text takes at most where people read it; 0: as many as it has */
};

void table_init(struct table *table, struct budget *budget);
void table_free(struct table *table);

/* name is copied. All columns come before the first value. */
void table_add_column(struct table *table, const char *name, enum column_kind kind);

void table_add_column_named(struct table *table, struct bytes name, enum column_kind kind);

/* A column of a family: "block_ns[chan receive]". */
void table_add_column_of(struct table *table, const char *family, struct bytes member,
                         enum column_kind kind);

/* The values of a row, from left to right. Texts are copied; one without a letter is none. */
void table_add_text(struct table *table, struct bytes text);
void table_add_number(struct table *table, int64_t number);
void table_add_id(struct table *table, uint64_t id);
void table_add_empty(struct table *table);
void table_add_unknown(struct table *table);
/* A number of another kind than its column's. */
void table_add_of_kind(struct table *table, enum column_kind kind, int64_t number);

size_t table_rows(const struct table *table);

/* ---- reading */

struct value {
	enum column_kind kind; /* its column's but where rows differ (summary) */
	bool is_empty;         /* none or unknown */
	bool is_unknown;       /* there may be one, the trace does not tell */
	int64_t number;    /* an id is a uint64_t in here; of a text: which of the table's it is */
	struct bytes text; /* of a COLUMN_TEXT, as long as the table lives; else nothing */
};

/* Where one is in a row. Needs no freeing; good until the table changes. */
struct table_cursor {
	const struct table *table;
	size_t column; /* of the next value */
	size_t at;     /* in packed */
	size_t zeros;  /* before what stands there */
};

/* The values of a row, from left to right:
 *
 *	struct table_cursor cursor = table_row(table, row);
 *	while (table_next(&cursor, &value))
 *		...
 */
struct table_cursor table_row(const struct table *table, size_t row);
bool table_next(struct table_cursor *cursor, struct value *value);

/* A single one, for who wants no others of its row. */
struct value table_value(const struct table *table, size_t row, size_t column);

/* The name of a column without its unit, for who shows values with theirs, in two parts: "exec_ns"
 * reads exec, "block_ns[select]" block[select]. */
void table_split_unit(struct bytes name, struct bytes parts[2]);

/* The index of a column; false if there is none of that name. */
bool table_find_column(const struct table *table, struct bytes name, size_t *column);

/* ---- the whole */

/* By what rows are ordered: the values of a column, from the smallest. Texts are in byte order. */
struct table_order {
	size_t column;
	bool is_downwards;  /* from the largest */
	bool is_empty_last; /* else nothing is less than anything */
};

/* Orders rows by the first of the columns; those that are equal there by the next one, and those
 * that are equal in all stay in their order. */
void table_sort(struct table *table, const struct table_order *orders, size_t count);

/* Orders rows by a column: amounts from the largest, times, ids and texts from the smallest; what
 * is empty comes last. */
void table_sort_by(struct table *table, size_t column);

/* Drops the rows from count on; others can be added then. */
void table_cut(struct table *table, size_t count);

/* Puts what clean makes of them in place of all texts and names of columns; nothing is added,
 * sorted or looked for after that. clean gets room for what it makes, and returns that as a string.
 */
typedef const char *table_clean_fn(char *room, size_t size, struct bytes text);
void table_clean(struct table *table, table_clean_fn *clean);

#endif
