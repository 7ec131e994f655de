/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/array.h"
#include "core/base/sort.h"

#include "tests/draw.h"
#include "tests/tap.h"

enum { ROUNDS = 300, MOST = 700 };

/* Sorted by key alone: place tells whether equal ones kept their order. */
struct item {
	uint32_t key, place;
	uint64_t more;
};

typedef ARRAY(struct item) item_array;

static struct budget budget;
static unsigned looks;

static uint64_t seed = 71;

static int order(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	looks++;
	return (x->key > y->key) - (x->key < y->key);
}

/* kind 0: any; 1: ascending but for some; 2: descending; 3: all equal */
static void fill(item_array *items, uint32_t count, int kind)
{
	array_clear(items);
	for (uint32_t i = 0; i < count; i++)
		*array_push(items) = (struct item){
			.key = kind == 0   ? draw_u32(&seed, count)
			       : kind == 1 ? (draw_u32(&seed, 20) == 0 ? draw_u32(&seed, count) : i)
			       : kind == 2 ? count - i / 2
			                   : 7,
			.place = i,
			.more = i * UINT64_C(3),
		};
}

static bool is_stable(const item_array *items)
{
	for (size_t i = 0; i < items->count; i++) {
		const struct item *item = &items->items[i];

		if (item->more != item->place * UINT64_C(3))
			return false;
		if (i > 0 && (item[-1].key > item->key ||
		              (item[-1].key == item->key && item[-1].place >= item->place)))
			return false;
	}
	return true;
}

static void sorts_whatever_comes(void)
{
	item_array items = { .budget = &budget };
	bool good = true;

	for (int i = 0; i < ROUNDS; i++) {
		fill(&items, draw_u32(&seed, MOST) + 1, i % 4);
		SORT_ARRAY(&items, order);
		good = good && is_stable(&items);
	}
	ok(good, "stable, of any kind and number");
	fill(&items, 1000, 3);
	looks = 0;
	SORT_ARRAY(&items, order);
	is_u64(looks, 999, "what is sorted costs one look");
	array_free(&items);
	sort_items(&budget, NULL, 0, 8, order);
	is_u64(budget.used, 0, "nothing is kept");
}

static void half_the_memory(void)
{
	item_array items = { .budget = &budget };
	size_t before;

	array_reserve(&items, 100000);
	fill(&items, 100000, 0);
	before = atomic_load(&budget.used);
	atomic_store(&budget.peak, before);
	SORT_ARRAY(&items, order);
	ok(is_stable(&items) && budget.peak - before <= 50001 * sizeof(struct item),
	   "half of theirs while it works");
	array_free(&items);
}

int main(void)
{
	sorts_whatever_comes();
	half_the_memory();
	return tap_done();
}
