/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/sort.h"

enum { RUN = 8 }; /* sorted by insertion */

struct sort {
	char *items, *room;
	size_t size;
	int (*compare)(const void *, const void *);
};

static char *item_at(const struct sort *s, size_t i)
{
	return s->items + i * s->size;
}

static bool is_sorted(const struct sort *s, size_t begin, size_t end)
{
	for (size_t i = begin + 1; i < end; i++)
		if (s->compare(item_at(s, i - 1), item_at(s, i)) > 0)
			return false;
	return true;
}

static void insertion(const struct sort *s, size_t begin, size_t end)
{
	for (size_t i = begin + 1; i < end; i++) {
		size_t to = i;

		while (to > begin && s->compare(item_at(s, to - 1), item_at(s, i)) > 0)
			to--;
		if (to == i)
			continue;
		memcpy(s->room, item_at(s, i), s->size);
		memmove(item_at(s, to + 1), item_at(s, to), (i - to) * s->size);
		memcpy(item_at(s, to), s->room, s->size);
	}
}

/* [begin, middle) and [middle, end) are sorted: the shorter one goes into room. */
static void merge_forward(const struct sort *s, size_t begin, size_t middle, size_t end)
{
	const char *left = s->room, *left_end = s->room + (middle - begin) * s->size;
	const char *right = item_at(s, middle), *right_end = item_at(s, end);
	char *to = item_at(s, begin);

	memcpy(s->room, item_at(s, begin), (middle - begin) * s->size);
	for (; left < left_end; to += s->size) {
		bool from_right = right < right_end && s->compare(left, right) > 0;

		memcpy(to, from_right ? right : left, s->size);
		if (from_right)
			right += s->size;
		else
			left += s->size;
	}
}

static void merge_backward(const struct sort *s, size_t begin, size_t middle, size_t end)
{
	const char *left = item_at(s, middle),
		   *left_end = item_at(s, begin); /* behind the next one */
	const char *right = s->room + (end - middle) * s->size;
	char *to = item_at(s, end);

	memcpy(s->room, item_at(s, middle), (end - middle) * s->size);
	while (right > s->room) {
		bool from_left = left > left_end && s->compare(left - s->size, right - s->size) > 0;

		to -= s->size;
		if (from_left)
			left -= s->size;
		else
			right -= s->size;
		memcpy(to, from_left ? left : right, s->size);
	}
}

static void merge(const struct sort *s, size_t begin, size_t middle, size_t end)
{
	if (s->compare(item_at(s, middle - 1), item_at(s, middle)) <= 0)
		return;
	if (middle - begin <= end - middle)
		merge_forward(s, begin, middle, end);
	else
		merge_backward(s, begin, middle, end);
}

static size_t min_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

void sort_items(struct budget *budget, void *items, size_t count, size_t size,
                int (*compare)(const void *, const void *))
{
	struct sort s = { .items = items, .size = size, .compare = compare };
	size_t room = (count / 2 + 1) * size;

	if (count < 2 || is_sorted(&s, 0, count))
		return;
	s.room = budget_resize(budget, NULL, 0, room);
	for (size_t i = 0; i < count; i += RUN)
		insertion(&s, i, min_of(i + RUN, count));
	for (size_t width = RUN; width < count; width *= 2)
		for (size_t i = 0; i + width < count; i += 2 * width)
			merge(&s, i, i + width, min_of(i + 2 * width, count));
	budget_resize(budget, s.room, room, 0);
}
