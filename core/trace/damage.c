/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/damage.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void damage_init(struct damage *damage, struct budget *budget)
{
	*damage = (struct damage){ .rows = { .budget = budget } };
}

void damage_free(struct damage *damage)
{
	array_free(&damage->rows);
	damage_clear(damage);
}

void damage_clear(struct damage *damage)
{
	array_clear(&damage->rows);
	for (int grade = 0; grade < DAMAGE_GRADES; grade++)
		damage->counts[grade] = damage->more_bytes[grade] = damage->more[grade] = 0;
	damage->bytes = 0;
}

struct damage_row damage_row(enum damage_grade grade, uint64_t offset, uint64_t len,
                             const char *expected)
{
	return (struct damage_row){
		.offset = offset,
		.len = len,
		.expected = expected,
		.m = DAMAGE_NOBODY,
		.p = DAMAGE_NOBODY,
		.begin_ns = DAMAGE_TIME_UNKNOWN,
		.end_ns = DAMAGE_TIME_UNKNOWN,
		.grade = (uint8_t)grade,
	};
}

void damage_found(struct damage_row *row, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(row->found, sizeof(row->found), format, args);
	va_end(args);
}

void damage_add(struct damage *damage, const struct damage_row *row)
{
	damage->counts[row->grade]++;
	damage->bytes += row->len;
	if (damage->rows.count < DAMAGE_ROWS_MAX) {
		*array_push(&damage->rows) = *row;
	} else {
		damage->more[row->grade]++;
		damage->more_bytes[row->grade] += row->len;
	}
}

void damage_lose(struct damage *damage, enum damage_grade grade, uint64_t offset, uint64_t len,
                 const char *expected)
{
	struct damage_row row = damage_row(grade, offset, len, expected);

	damage_add(damage, &row);
}

void damage_join(struct damage *damage, const struct damage *other)
{
	damage_join_from(damage, other, 0);
}

void damage_join_from(struct damage *damage, const struct damage *other, size_t first)
{
	for (size_t i = first; i < other->rows.count; i++)
		damage_add(damage, &other->rows.items[i]);
	for (int grade = 0; grade < DAMAGE_GRADES; grade++) {
		damage->counts[grade] += other->more[grade];
		damage->more[grade] += other->more[grade];
		damage->more_bytes[grade] += other->more_bytes[grade];
		damage->bytes += other->more_bytes[grade];
	}
}

/* Rows that are all equal here are equal: any order of them is the same. */
static int row_order(const void *a, const void *b)
{
	const struct damage_row *x = a, *y = b;
	int text;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if (x->grade != y->grade)
		return x->grade > y->grade ? -1 : 1;
	if (x->len != y->len)
		return x->len > y->len ? -1 : 1;
	text = strcmp(x->expected, y->expected);
	return text != 0 ? text : strcmp(x->found, y->found);
}

void damage_sort(struct damage *damage)
{
	damage_sort_new(damage, 0);
}

void damage_sort_new(struct damage *damage, size_t sorted)
{
	const struct damage_row *rows = damage->rows.items;
	size_t first = sorted, count = damage->rows.count;

	for (size_t i = sorted; i < count; i++)
		while (first > 0 && row_order(&rows[i], &rows[first - 1]) < 0)
			first--;
	if (count - first > 1)
		qsort(damage->rows.items + first, count - first, sizeof(*rows), row_order);
}

bool damage_is_serious(const struct damage *damage)
{
	for (int grade = DAMAGE_NOTE + 1; grade < DAMAGE_GRADES; grade++)
		if (damage->counts[grade] > 0)
			return true;
	return false;
}

static const struct damage_row *find_first(const struct damage *damage, bool has_lost)
{
	const struct damage_row *first = NULL;

	for (size_t i = 0; i < damage->rows.count; i++) {
		const struct damage_row *row = &damage->rows.items[i];
		bool counts = has_lost ? row->len > 0 : row->grade > DAMAGE_NOTE;

		if (counts && (first == NULL || row_order(row, first) < 0))
			first = row;
	}
	return first;
}

const struct damage_row *damage_first(const struct damage *damage)
{
	return find_first(damage, false);
}

const struct damage_row *damage_first_lost(const struct damage *damage)
{
	return find_first(damage, true);
}

const char *damage_share(char text[DAMAGE_SHARE_MAX], uint64_t lost, uint64_t size)
{
	double share = 100.0 * (double)lost / (double)(size + (size == 0));

	snprintf(text, DAMAGE_SHARE_MAX, lost > 0 && share < 0.1 ? "< 0.1 %%" : "%.1f %%", share);
	return text;
}

const char *damage_grade_name(enum damage_grade grade)
{
	static const char *const names[DAMAGE_GRADES] = { "note", "local", "stretch", "end" };

	return names[grade];
}
