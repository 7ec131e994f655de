/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_heap.h"

#include <stdlib.h>

#include "tests/tap.h"

static struct budget budget;

static bool is_heap(const order_heap *heap)
{
	for (size_t i = 1; i < heap->count; i++)
		if (heap->items[(i - 1) / 2].time_ns > heap->items[i].time_ns)
			return false;
	return true;
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed;
}

static void it_stays_a_heap(void)
{
	order_heap heap = { .budget = &budget };
	uint32_t seed = 7, inserted = 0;
	bool good = true;

	for (int step = 0; step < 3000; step++) {
		uint32_t what = next(&seed) >> 28;
		size_t i = heap.count > 0 ? (next(&seed) >> 8) % heap.count : 0;

		if (what < 6 || heap.count == 0)
			order_heap_insert(&heap, next(&seed) >> 26, inserted++);
		else if (what < 12)
			order_heap_update(&heap, i, next(&seed) >> 26);
		else
			order_heap_remove(&heap, i);
		good = good && is_heap(&heap);
	}
	ok(good && inserted > 0, "the first is the least after whatever was done");
	array_free(&heap);
}

static void one_at_the_end_is_removed(void)
{
	order_heap heap = { .budget = &budget };

	order_heap_insert(&heap, 5, 0);
	order_heap_insert(&heap, 3, 1);
	order_heap_insert(&heap, 9, 2);
	order_heap_remove(&heap, 2);
	is_u64(heap.count, 2, "one less");
	is_u64(heap.items[0].thread, 1, "the first is the least");
	order_heap_remove(&heap, 0);
	order_heap_remove(&heap, 0);
	is_u64(heap.count, 0, "until there is none");
	array_free(&heap);
}

/* ---- sorting */

enum { PATTERNS = 7 };

static int64_t time_of(int pattern, uint32_t i, uint32_t count, uint32_t random)
{
	switch (pattern) {
	case 0:
		return (random >> 24) % 3;
	case 1:
		return (random >> 20) % count;
	case 2:
		return i / 3;
	case 3:
		return (count - i) / 3;
	case 4:
		return 5;
	case 5:
		return i < count / 2 ? i / 2 : (count - i) / 2;
	default:
		return i % 17 == 0 ? random >> 28 : i / 2;
	}
}

/* FNV-1 of who stands where. */
static uint64_t sorted_as(uint32_t count, int pattern, bool *by_time)
{
	order_heap heap = { .budget = &budget };
	uint32_t seed = count * 7 + (uint32_t)pattern;
	uint64_t sum = UINT64_C(14695981039346656037);

	for (uint32_t i = 0; i < count; i++)
		*array_push(&heap) =
			(struct order_place){ time_of(pattern, i, count, next(&seed)), i };
	order_heap_sort(&heap);
	for (size_t i = 0; i < heap.count; i++) {
		*by_time =
			*by_time && (i == 0 || heap.items[i - 1].time_ns <= heap.items[i].time_ns);
		sum = (sum ^ heap.items[i].thread) * UINT64_C(1099511628211);
	}
	array_free(&heap);
	return sum;
}

/* The sums were made by slices.SortFunc of Go 1.26. */
static void it_sorts_as_go_does(void)
{
	static const struct {
		uint32_t count;
		uint64_t sums[PATTERNS];
	} cases[] = {
		{ 2,
		  { 0x08328707b4eb6e3a, 0x08328707b4eb6e3a, 0x08328707b4eb6e3a, 0x08328707b4eb6e3a,
		    0x08328707b4eb6e3a, 0x08328707b4eb6e3a, 0x082f2207b4e88cc4 } },
		{ 5,
		  { 0xe229c3c00eed98b3, 0xa6cbd5367af405f5, 0x3378e3d0c52edfaf, 0x71594b24fb552c85,
		    0x3378e3d0c52edfaf, 0x6760c6d0e2906631, 0x0f66e1bf4f6b8607 } },
		{ 12,
		  { 0xa01a0bd1da279e81, 0x254201aea33bf55d, 0x2d7d4819416d7fb9, 0x57ba9480012a8f4f,
		    0x2d7d4819416d7fb9, 0x63b54b4c11b1cf63, 0xccbd208925bb4571 } },
		{ 13,
		  { 0xa1a7ca6e7a9545f5, 0xfaeeacb129df614b, 0xb96137ea2d10008f, 0x3d5c5a78177a3ed9,
		    0xb96137ea2d10008f, 0x3df30d23858bee2d, 0x07e733d789e0b1f9 } },
		{ 20,
		  { 0x6d628a85b10112ad, 0xdf83ff5397a94a1f, 0xcc927f6ee23a0f61, 0xde3e9d22b9d1447b,
		    0xcc927f6ee23a0f61, 0x57e1ef6836a1e9a5, 0xb3bdc160b7f2ff99 } },
		{ 50,
		  { 0xd99bcf51b304d1ba, 0x1e3df227fc161e5e, 0xef94cd2b7088d5ea, 0x9343451b7a466e24,
		    0xef94cd2b7088d5ea, 0x0fd924f6af5b2f70, 0x526de5ec2f92a3d2 } },
		{ 51,
		  { 0x9e27bb0f6a78965a, 0xaff294565ea340fe, 0xa2ae78d038835e08, 0x0a0893e29ba33556,
		    0xa2ae78d038835e08, 0xb79ae5df49cf9eb6, 0x77b1981f3a872c72 } },
		{ 100,
		  { 0xdfd375e4eb2e0d0d, 0x9b8c561a095613c1, 0xfb5c8cec60d83ab1, 0xf982ab22ba269df5,
		    0xfb5c8cec60d83ab1, 0xfd0428fa24f7937d, 0x6ef454c9d1a6c777 } },
		{ 1000,
		  { 0x08ca9a39bab029ed, 0xe5a07a6e24001365, 0x988cc5afd8cb65dd, 0xe215947c472f2c91,
		    0x988cc5afd8cb65dd, 0xabcb9b4d8f98a697, 0x0fc762fa8c6ae743 } },
		{ 5000,
		  { 0xd4357d5f7d32ac77, 0xe151d3bfe6d5de97, 0x7405579c4bb800fd, 0x54b873387de1b995,
		    0x7405579c4bb800fd, 0x415a6c03aed9ce8f, 0xabc8ce6bf2e64535 } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool same = true, by_time = true;

		for (int pattern = 0; pattern < PATTERNS; pattern++)
			same = sorted_as(cases[i].count, pattern, &by_time) ==
			               cases[i].sums[pattern] &&
			       same;
		ok(same && by_time, "%" PRIu32 " places stand as in Go", cases[i].count);
	}
}

int main(void)
{
	it_stays_a_heap();
	one_at_the_end_is_removed();
	it_sorts_as_go_does();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
