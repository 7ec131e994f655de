/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_heap.h"

/* Pattern-defeating quicksort (Peters 2021), with the constants that Go's slices package has: of
 * two places of one time it decides who comes first, and so do texts that are compared byte for
 * byte. */

enum { SMALL = 12, NINTHER = 50, SHIFTS = 5, SHIFT_MIN = 50, MEDIAN_SWAPS = 12, BALANCE = 8 };

struct sort {
	struct order_place *p;
	unsigned swaps; /* of a choice of a pivot */
};

static bool less(const struct sort *s, size_t i, size_t j)
{
	return s->p[i].time_ns < s->p[j].time_ns;
}

static void swap(const struct sort *s, size_t i, size_t j)
{
	struct order_place place = s->p[i];

	s->p[i] = s->p[j];
	s->p[j] = place;
}

static void insertion(const struct sort *s, size_t a, size_t b)
{
	for (size_t i = a + 1; i < b; i++)
		for (size_t j = i; j > a && less(s, j, j - 1); j--)
			swap(s, j, j - 1);
}

static void sink(const struct sort *s, size_t root, size_t len, size_t first)
{
	for (size_t child = 2 * root + 1; child < len; root = child, child = 2 * root + 1) {
		if (child + 1 < len && less(s, first + child, first + child + 1))
			child++;
		if (!less(s, first + root, first + child))
			return;
		swap(s, first + root, first + child);
	}
}

/* Where pivots were bad too often, so that no file can make it slow. */
static void heap_sort(const struct sort *s, size_t a, size_t b)
{
	size_t len = b - a;

	for (size_t i = (len - 1) / 2 + 1; i-- > 0;)
		sink(s, i, len, a);
	for (size_t i = len; i-- > 0;) {
		swap(s, a, a + i);
		sink(s, 0, i, a);
	}
}

/* ---- pivots */

static void in_order(struct sort *s, size_t *i, size_t *j)
{
	size_t first = *i;

	if (!less(s, *j, *i))
		return;
	s->swaps++;
	*i = *j;
	*j = first;
}

static size_t median(struct sort *s, size_t a, size_t b, size_t c)
{
	in_order(s, &a, &b);
	in_order(s, &b, &c);
	in_order(s, &a, &b);
	return b;
}

static size_t choose_pivot(struct sort *s, size_t a, size_t b)
{
	size_t len = b - a, i = a + len / 4, j = a + len / 4 * 2, k = a + len / 4 * 3;

	s->swaps = 0;
	if (len >= NINTHER) {
		i = median(s, i - 1, i, i + 1);
		j = median(s, j - 1, j, j + 1);
		k = median(s, k - 1, k, k + 1);
	}
	return median(s, i, j, k);
}

static void reverse(const struct sort *s, size_t a, size_t b)
{
	for (; a + 1 < b; a++, b--)
		swap(s, a, b - 1);
}

/* ---- patterns */

/* True if it is sorted now, by few steps. */
static bool is_nearly_sorted(const struct sort *s, size_t a, size_t b)
{
	size_t i = a + 1;

	for (int step = 0; step < SHIFTS; step++) {
		while (i < b && !less(s, i, i - 1))
			i++;
		if (i == b)
			return true;
		if (b - a < SHIFT_MIN)
			return false;
		swap(s, i, i - 1);
		if (i - a >= 2)
			for (size_t j = i - 1; j >= 1 && less(s, j, j - 1); j--)
				swap(s, j, j - 1);
		if (b - i >= 2)
			for (size_t j = i + 1; j < b && less(s, j, j - 1); j++)
				swap(s, j, j - 1);
	}
	return false;
}

static void scatter(const struct sort *s, size_t a, size_t b)
{
	size_t len = b - a, at = a + len / 4 * 2 - 1;
	uint64_t random = len, mask = (UINT64_C(2) << (63 - __builtin_clzll(len))) - 1;

	for (size_t i = 0; i < 3; i++) {
		size_t other;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		other = (size_t)(random & mask);
		swap(s, at + i, a + (other >= len ? other - len : other));
	}
}

/* ---- partitions */

/* Where the pivot comes to stand; *was: all stood well before. */
static size_t partition(const struct sort *s, size_t a, size_t b, size_t pivot, bool *was)
{
	size_t i = a + 1, j = b - 1;

	swap(s, a, pivot);
	*was = true;
	for (;;) {
		while (i <= j && less(s, i, a))
			i++;
		while (i <= j && !less(s, j, a))
			j--;
		if (i > j)
			break;
		*was = false;
		swap(s, i++, j--);
	}
	swap(s, j, a);
	return j;
}

/* What equals the pivot comes first; where the rest begins. */
static size_t partition_equal(const struct sort *s, size_t a, size_t b, size_t pivot)
{
	size_t i = a + 1, j = b - 1;

	swap(s, a, pivot);
	for (;;) {
		while (i <= j && !less(s, a, i))
			i++;
		while (i <= j && less(s, a, j))
			j--;
		if (i > j)
			return i;
		swap(s, i++, j--);
	}
}

static void sort(struct sort *s, size_t a, size_t b, unsigned limit)
{
	bool balanced = true, partitioned = true;

	while (b - a > SMALL) {
		size_t len = b - a, pivot, middle;

		if (limit == 0) {
			heap_sort(s, a, b);
			return;
		}
		if (!balanced) {
			scatter(s, a, b);
			limit--;
		}
		pivot = choose_pivot(s, a, b);
		if (s->swaps == MEDIAN_SWAPS) {
			reverse(s, a, b);
			pivot = b - 1 - (pivot - a);
			s->swaps = 0;
		}
		if (balanced && partitioned && s->swaps == 0 && is_nearly_sorted(s, a, b))
			return;
		if (a > 0 && !less(s, a - 1, pivot)) {
			a = partition_equal(s, a, b, pivot);
			continue;
		}
		middle = partition(s, a, b, pivot, &partitioned);
		if (middle - a < b - middle) {
			balanced = middle - a >= len / BALANCE;
			sort(s, a, middle, limit);
			a = middle + 1;
		} else {
			balanced = b - middle >= len / BALANCE;
			sort(s, middle + 1, b, limit);
			b = middle;
		}
	}
	insertion(s, a, b);
}

void order_heap_sort(order_heap *heap)
{
	struct sort s = { .p = heap->items };

	if (heap->count > 1)
		sort(&s, 0, heap->count, 64 - (unsigned)__builtin_clzll(heap->count));
}
