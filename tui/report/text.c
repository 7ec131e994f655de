/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/report/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/time_text.h"

enum { GAP = 2, NUMBER_MAX = 40 };

_Static_assert((int)TIME_TEXT_MAX <= (int)NUMBER_MAX, "durations are numbers");

/* Columns a text takes: its characters. What is wide or combines has been named or is rare. */
static size_t width_of(struct bytes text)
{
	size_t width = 0;

	for (size_t i = 0; i < text.len; i++)
		width += (text.data[i] & 0xc0) != 0x80;
	return width;
}

/* 1234567 as "1.18 MiB": three digits are enough for people. */
static void bytes_text(char text[NUMBER_MAX], int64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	const char *sign = bytes < 0 ? "-" : "";
	double amount = (double)(bytes < 0 ? 0 - (uint64_t)bytes : (uint64_t)bytes) / 1024;
	size_t unit = 0;

	if (amount < 1) {
		snprintf(text, NUMBER_MAX, "%" PRId64 " B", bytes);
		return;
	}
	for (; amount >= 1023.5 && unit < 5; unit++)
		amount /= 1024;
	snprintf(text, NUMBER_MAX, "%s%.*f %s", sign,
	         amount < 9.995   ? 2
	         : amount < 99.95 ? 1
	                          : 0,
	         amount, units[unit]);
}

/* How a value reads; room is for those that are no texts. */
static struct bytes text_of(const struct value *value, char room[NUMBER_MAX])
{
	if (value->is_empty)
		return bytes_of(value->is_unknown ? "?" : "");
	switch (value->kind) {
	case COLUMN_TEXT:
	case COLUMN_HISTOGRAM:
		return value->text;
	case COLUMN_TIME:
	case COLUMN_DURATION:
		time_text_go(room, value->number);
		break;
	case COLUMN_BYTES:
		bytes_text(room, value->number);
		break;
	case COLUMN_ID:
		snprintf(room, NUMBER_MAX, "%" PRIu64, (uint64_t)value->number);
		break;
	case COLUMN_COUNT:
		snprintf(room, NUMBER_MAX, "%" PRId64, value->number);
		break;
	case COLUMN_FRACTION:
		snprintf(room, NUMBER_MAX, "%.2f %%", (double)value->number / 1e4);
		break;
	case COLUMN_RATE:
		snprintf(room, NUMBER_MAX,
		         value->number < 1000000000000 && value->number > -1000000000000 ? "%.6g"
		                                                                         : "%.0f",
		         (double)value->number / 1e6);
		break;
	case COLUMN_BOOL:
		return bytes_of(value->number != 0 ? "yes" : "no");
	}
	return bytes_of(room);
}

static size_t put_name(struct writer *writer, struct bytes name)
{
	struct bytes parts[2];

	table_split_unit(name, parts);
	if (writer != NULL) {
		writer_put(writer, parts[0]);
		writer_put(writer, parts[1]);
	}
	return width_of(parts[0]) + width_of(parts[1]);
}

/* A text of a column, cut to what the table allows. */
static size_t put_text(struct writer *writer, const struct table *table, struct bytes text)
{
	size_t most = (size_t)table->name_cols, width = width_of(text), cols = 0, len = 0;

	if (table->name_cols <= 0 || width <= most) {
		if (writer != NULL)
			writer_put(writer, text);
		return width;
	}
	while (cols + ((text.data[len] & 0xc0) != 0x80) < most)
		cols += (text.data[len++] & 0xc0) != 0x80;
	if (writer != NULL) {
		writer_put(writer, (struct bytes){ text.data, len });
		writer_put_text(writer, "…");
	}
	return most;
}

/* A value, or the name in a list, which stands before its value; NULL measures only. Returns its
 * width. */
static size_t put_value(struct writer *writer, const struct table *table, const struct value *value,
                        size_t column)
{
	char room[NUMBER_MAX] = "";
	struct bytes text;

	if (table->is_list && column + 2 == table->columns.count)
		return put_name(writer, value->text);
	text = text_of(value, room);
	if (value->kind == COLUMN_TEXT)
		return put_text(writer, table, text);
	if (writer != NULL)
		writer_put(writer, text);
	return width_of(text);
}

static size_t put_head(struct writer *writer, const struct table *table, size_t column)
{
	return put_name(writer, table->columns.items[column].name);
}

static void measure(const struct table *table, size_t *widths)
{
	struct value value;

	for (size_t i = 0; i < table->columns.count; i++)
		widths[i] = put_head(NULL, table, i);
	for (size_t i = 0; i < table_rows(table); i++) {
		struct table_cursor cursor = table_row(table, i);

		for (size_t j = 0; table_next(&cursor, &value); j++) {
			size_t width = put_value(NULL, table, &value, j);

			widths[j] = width > widths[j] ? width : widths[j];
		}
	}
}

/* What comes before a text that is so wide, in a column; texts stand to the left, numbers to the
 * right. Returns the spaces owed behind it: those at the end of a line are not written. */
static size_t begin_cell(struct writer *writer, const struct column *column, size_t pad,
                         size_t width, size_t owed)
{
	bool is_left = column->kind == COLUMN_TEXT;

	owed += is_left ? 0 : pad;
	if (width != 0) {
		writer_put_spaces(writer, owed);
		owed = 0;
	}
	return owed + (is_left ? pad : 0) + GAP;
}

static void put_heads(struct writer *writer, const struct table *table, const size_t *widths)
{
	size_t owed = 0;

	for (size_t i = 0; i < table->columns.count; i++) {
		size_t width = put_head(NULL, table, i);

		owed = begin_cell(writer, &table->columns.items[i], widths[i] - width, width, owed);
		put_head(writer, table, i);
	}
	writer_put_text(writer, "\n");
}

static void put_row(struct writer *writer, const struct table *table, const size_t *widths,
                    size_t row)
{
	struct table_cursor cursor = table_row(table, row);
	struct value value;
	size_t owed = 0;

	for (size_t i = 0; table_next(&cursor, &value); i++) {
		size_t width = put_value(NULL, table, &value, i);

		owed = begin_cell(writer, &table->columns.items[i], widths[i] - width, width, owed);
		put_value(writer, table, &value, i);
	}
	writer_put_text(writer, "\n");
}

void report_text(struct writer *writer, const struct table *table)
{
	struct arena arena = { .budget = table->arena.budget };
	size_t *widths = ARENA_NEW(&arena, table->columns.count, size_t);

	measure(table, widths);
	if (!table->is_list)
		put_heads(writer, table, widths);
	if (table_rows(table) == 0)
		writer_put_text(writer, "(none)\n");
	for (size_t i = 0; i < table_rows(table) && !writer_has_failed(writer); i++)
		put_row(writer, table, widths, i);
	arena_free(&arena);
}
