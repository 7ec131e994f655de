/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/expected.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PRINTED = 5 }; /* differences of a table */

bool file_read(struct arena *arena, const char *path, struct bytes *text)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	long len;

	if (file == NULL)
		return false;
	fseek(file, 0, SEEK_END);
	len = ftell(file);
	rewind(file);
	data = arena_new(arena, (size_t)(len < 0 ? 0 : len) + 1, 1);
	*text = (struct bytes){ data, fread(data, 1, (size_t)(len < 0 ? 0 : len), file) };
	fclose(file);
	return true;
}

/* Where the cell at the head of text ends: at a comma, a line end, or the end. */
static size_t end_of_cell(struct bytes text)
{
	bool is_inside = false; /* quotes; doubled ones leave and come back */
	size_t at;

	for (at = 0; at < text.len; at++) {
		if (text.data[at] == '"')
			is_inside = !is_inside;
		if (!is_inside && (text.data[at] == ',' || text.data[at] == '\n'))
			break;
	}
	return at;
}

/* Takes a cell off text, without its quotes; *more: another follows in this row. */
static struct bytes take_cell(struct arena *arena, struct bytes *text, bool *more)
{
	size_t end = end_of_cell(*text), len = 0;
	bool is_quoted = end > 1 && text->data[0] == '"';
	uint8_t *out = arena_new(arena, end + 1, 1);

	for (size_t i = is_quoted; i + is_quoted < end; i++) {
		out[len++] = text->data[i];
		i += is_quoted && text->data[i] == '"';
	}
	*more = end < text->len && text->data[end] == ',';
	end += end < text->len;
	text->data += end;
	text->len -= end;
	return (struct bytes){ out, len };
}

void csv_parse(struct csv *csv, struct budget *budget, struct bytes text)
{
	*csv = (struct csv){ .arena = { .budget = budget } };
	csv->cells.budget = budget;
	while (text.len > 0) {
		size_t first = csv->cells.count;
		bool more = true;

		while (more)
			*array_push(&csv->cells) = take_cell(&csv->arena, &text, &more);
		if (csv->rows++ == 0)
			csv->columns = csv->cells.count;
		csv->is_ragged |= csv->cells.count - first != csv->columns;
	}
}

void csv_free(struct csv *csv)
{
	arena_free(&csv->arena);
	array_free(&csv->cells);
}

static struct bytes cell(const struct csv *csv, size_t row, size_t column)
{
	return csv->cells.items[row * csv->columns + column];
}

static bool is_named(struct bytes name, const char *what)
{
	return bytes_equal(name, bytes_of(what));
}

static bool has_name(struct bytes name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (is_named(name, *list))
			return true;
	return false;
}

static bool holds(struct bytes text, const char *part)
{
	size_t len = strlen(part);

	for (size_t i = 0; i + len <= text.len; i++)
		if (memcmp(text.data + i, part, len) == 0)
			return true;
	return false;
}

static bool ends_in_ns(struct bytes name)
{
	return name.len >= 3 && memcmp(name.data + name.len - 3, "_ns", 3) == 0;
}

static bool is_time(const struct csv *csv, size_t row, size_t column)
{
	struct bytes name = cell(csv, 0, column);

	return ends_in_ns(name) || holds(name, "_ns[") ||
	       (is_named(name, "value") && ends_in_ns(cell(csv, row, 0)));
}

static bool take_number(struct bytes text, double *number)
{
	char copy[64];
	char *end;

	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	*number = strtod(copy, &end);
	return *end == '\0';
}

static double slack(double value)
{
	return fmax(1000, 1e-4 * fabs(value));
}

static bool is_equal(const struct csv *want, const struct csv *got, size_t row, size_t other,
                     size_t column)
{
	struct bytes x = cell(want, row, column), y = cell(got, other, column);
	double a, b;

	if (bytes_equal(x, y))
		return true;
	if (!take_number(x, &a) || !take_number(y, &b))
		return false;
	if (is_time(want, row, column))
		return fabs(a - b) <= slack(a);
	return (holds(x, ".") || holds(y, ".")) && fabs(a - b) <= 1e-4;
}

/* ---- rows matched by what identifies them */

static bool is_id(struct bytes name)
{
	static const char *const ids[] = { "name",      "function", "file",      "line",
		                           "goroutine", "task",     "type",      "proc",
		                           "thread",    "cycle",    "window_ns", "reason",
		                           "category",  "message",  "event",     "parent",
		                           "count",     NULL };

	return has_name(name, ids);
}

static bool is_start(struct bytes name)
{
	static const char *const starts[] = { "start_ns", "when_ns", "time_ns", NULL };

	return has_name(name, starts);
}

/* Starts count in steps of 4 us, so that those nearly equal are. */
static int64_t step_of(struct bytes start)
{
	double number;

	return take_number(start, &number) ? (int64_t)floor(number / 4096) : -1;
}

static int order_rows(const struct csv *csv, size_t a, size_t b)
{
	for (size_t i = 0; i < csv->columns; i++) {
		int order = is_id(cell(csv, 0, i)) ? bytes_compare(cell(csv, a, i), cell(csv, b, i))
		                                   : 0;

		if (order != 0)
			return order;
	}
	for (size_t i = 0; i < csv->columns; i++) {
		int64_t x, y;

		if (!is_start(cell(csv, 0, i)))
			continue;
		x = step_of(cell(csv, a, i));
		y = step_of(cell(csv, b, i));
		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

/* A stable merge sort of rows [0, count), through room. */
static void sort_rows(const struct csv *csv, size_t *rows, size_t *room, size_t count)
{
	size_t half = count / 2, a = 0, b = half;

	if (count < 2)
		return;
	sort_rows(csv, rows, room, half);
	sort_rows(csv, rows + half, room, count - half);
	for (size_t i = 0; i < count; i++)
		room[i] = b == count || (a < half && order_rows(csv, rows[a], rows[b]) <= 0)
		                  ? rows[a++]
		                  : rows[b++];
	memcpy(rows, room, count * sizeof(*rows));
}

static size_t *matched_rows(const struct csv *csv, struct arena *arena, bool by_key)
{
	size_t *rows = ARENA_NEW(arena, csv->rows, size_t);
	size_t *room = ARENA_NEW(arena, csv->rows, size_t);

	for (size_t i = 1; i < csv->rows; i++)
		rows[i] = i;
	if (by_key && csv->rows > 1)
		sort_rows(csv, rows + 1, room, csv->rows - 1);
	return rows;
}

static void say(const struct csv *want, const struct csv *got, size_t row, size_t other,
                size_t column)
{
	struct bytes x = cell(want, row, column), y = cell(got, other, column);
	struct bytes name = cell(want, 0, column);

	printf("# row");
	for (size_t i = 0; i < want->columns; i++)
		if (i == 0 || is_id(cell(want, 0, i)))
			printf(" %.*s", (int)cell(want, row, i).len,
			       (const char *)cell(want, row, i).data);
	printf(", %.*s: expected %.*s, found %.*s\n", (int)name.len, (const char *)name.data,
	       (int)x.len, (const char *)x.data, (int)y.len, (const char *)y.data);
}

static size_t compare_rows(const struct csv *want, const struct csv *got, bool by_key)
{
	struct arena arena = { .budget = want->arena.budget };
	size_t *rows = matched_rows(want, &arena, by_key);
	size_t *others = matched_rows(got, &arena, by_key);
	size_t count = 0;

	for (size_t i = 1; i < want->rows; i++)
		for (size_t j = 0; j < want->columns; j++)
			if (!is_equal(want, got, rows[i], others[i], j) && count++ < PRINTED &&
			    by_key)
				say(want, got, rows[i], others[i], j);
	arena_free(&arena);
	return count;
}

/* ---- the order of what we got */

static bool find_column(const struct csv *csv, const char *name, size_t *column)
{
	for (*column = 0; *column < csv->columns; ++*column)
		if (is_named(cell(csv, 0, *column), name))
			return true;
	return false;
}

/* The column that orders a table; *sign is -1 if downwards. False: it has an order of its own. */
static bool find_order(const struct csv *csv, size_t *column, int *sign)
{
	static const struct {
		const char *name;
		int sign;
	} orders[] = { { "flat_delay_ns", -1 }, { "flat_count", -1 }, { "cycle", 1 },
		       { "window_ns", 1 },      { "time_ns", 1 },     { "max_ns", -1 },
		       { "duration_ns", -1 } };
	struct bytes first = cell(csv, 0, 0);
	bool has_second = csv->columns > 1;

	*sign = -1;
	if (is_named(first, "name") && has_second && is_named(cell(csv, 0, 1), "count"))
		return find_column(csv, "exec_ns", column);
	if (is_named(first, "goroutine") ||
	    (is_named(first, "name") && has_second && is_named(cell(csv, 0, 1), "goroutine")))
		return find_column(csv, "total_ns", column);
	*sign = 1;
	if (is_named(first, "proc") || is_named(first, "thread") ||
	    (is_named(first, "task") && csv->columns > 2 && is_named(cell(csv, 0, 2), "when_ns")))
		return find_column(csv,
		                   is_named(first, "proc")     ? "proc"
		                   : is_named(first, "thread") ? "thread"
		                                               : "task",
		                   column);
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		*sign = orders[i].sign;
		if (find_column(csv, orders[i].name, column))
			return true;
	}
	return false;
}

static size_t out_of_order(const struct csv *csv)
{
	double value, last = -INFINITY;
	size_t column, count = 0;
	int sign;

	if (!find_order(csv, &column, &sign))
		return 0;
	for (size_t i = 1; i < csv->rows; i++) {
		value = take_number(cell(csv, i, column), &value) ? sign * value : INFINITY;
		if (!isinf(last) && value < last - slack(last) && count++ < PRINTED)
			printf("# row %zu is out of order\n", i);
		if (isinf(last) && last > 0 && value < last && count++ < PRINTED)
			printf("# row %zu comes after one that has no value\n", i);
		last = fmax(last, value);
	}
	return count;
}

static bool has_header(const struct csv *want, const struct csv *got)
{
	if (want->rows == 0 || got->rows == 0 || want->columns != got->columns)
		return false;
	for (size_t i = 0; i < want->columns; i++)
		if (!bytes_equal(cell(want, 0, i), cell(got, 0, i)))
			return false;
	return true;
}

size_t expected_compare(const struct csv *want, const struct csv *got)
{
	size_t count = 0;

	if (want->is_ragged || got->is_ragged || !has_header(want, got)) {
		printf("# another header: expected %zu columns, found %zu\n", want->columns,
		       got->columns);
		return 1;
	}
	if (want->rows != got->rows) {
		printf("# expected %zu rows, found %zu\n", want->rows - 1, got->rows - 1);
		return 1;
	}
	if (compare_rows(want, got, false) != 0)
		count = compare_rows(want, got, true);
	if (count > PRINTED)
		printf("# ... %zu differences\n", count);
	return count + out_of_order(got);
}
