/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_TABLE_H
#define CORE_ANALYSIS_TABLE_H

#include "core/base/array.h"

/* The answer of every analysis: typed columns and rows. One description; text, CSV, JSON lines and
 * a view in the terminal are made from it (answers.md 2). */

enum column_kind {
	COLUMN_TEXT,
	COLUMN_TIME,     /* ns since the begin of the trace */
	COLUMN_DURATION, /* ns */
	COLUMN_COUNT,
	COLUMN_BYTES,
	COLUMN_ID,       /* of a goroutine, P, thread, task: decimal, never with units */
	COLUMN_FRACTION, /* in millionths */
	COLUMN_BOOL,
};

struct column {
	struct bytes name; /* as in answers.md, units included: "exec_ns" */
	enum column_kind kind;
};

/* There may be millions of them. */
struct value {
	union {
		int64_t number;      /* of all but a COLUMN_TEXT; an id is a uint64_t in here */
		const uint8_t *text; /* of that; NULL: it is empty */
	};
	uint32_t len;    /* of the text */
	uint8_t kind;    /* enum column_kind; its column's but where rows differ (summary) */
	bool is_empty;   /* none or unknown */
	bool is_unknown; /* there may be one, the trace does not tell */
};

/* Nothing but of texts. */
static inline struct bytes value_text(const struct value *value)
{
	return value->kind == COLUMN_TEXT ? (struct bytes){ value->text, value->len }
	                                  : (struct bytes){ NULL, 0 };
}

struct table {
	struct arena arena; /* holds all texts */
	ARRAY(struct column) columns;
	ARRAY(struct value) values; /* row by row */
	bool is_list;               /* rows are a name and its value; the name tells the unit */
};

void table_init(struct table *table, struct budget *budget);
void table_free(struct table *table);

/* name is copied. All columns come before the first value. */
void table_add_column(struct table *table, const char *name, enum column_kind kind);

/* A column of a family: "block_ns[chan receive]". */
void table_add_column_of(struct table *table, const char *family, struct bytes member,
                         enum column_kind kind);

/* The values of a row, from left to right. Texts are copied, of the longest 4 GiB; one without a
 * letter is none. */
void table_add_text(struct table *table, struct bytes text);
void table_add_number(struct table *table, int64_t number);
void table_add_id(struct table *table, uint64_t id);
void table_add_empty(struct table *table);
void table_add_unknown(struct table *table);
/* A number of another kind than its column's. */
void table_add_of_kind(struct table *table, enum column_kind kind, int64_t number);

size_t table_rows(const struct table *table);
const struct value *table_row(const struct table *table, size_t row);

/* The index of a column; false if there is none of that name. */
bool table_find_column(const struct table *table, struct bytes name, size_t *column);

typedef int table_order(const struct table *table, const struct value *a, const struct value *b);

/* Orders rows by the function, which gets two rows; rows it calls equal stay in their order. */
void table_sort(struct table *table, table_order *order);

/* Orders rows by a column: amounts from the largest, times, ids and texts from the smallest; what
 * is empty comes last. */
void table_sort_by(struct table *table, size_t column);

/* Gives a value another text, which is not copied. */
void table_set_text(struct value *value, struct bytes text);

/* For orders: by a column that holds numbers, or texts. Empty is less than anything. */
int table_compare(const struct value *a, const struct value *b, size_t column);

/* Drops the rows from count on. */
void table_cut(struct table *table, size_t count);

#endif
