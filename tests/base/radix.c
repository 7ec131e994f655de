/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/radix.h"

#include "tests/draw.h"
#include "tests/tap.h"

static struct budget budget;

static uint64_t seed = 3;

static uint64_t key_of(uint64_t item, unsigned low, unsigned bits)
{
	return bits == 64 ? item : item >> low & ((UINT64_C(1) << bits) - 1);
}

/* Sorted by the key, and what has the same key in the order it came in: its other bits tell. */
static bool sorts(size_t count, unsigned low, unsigned bits, bool few)
{
	u64_array items = { .budget = &budget }, room = { .budget = &budget };
	uint64_t before = 0, after = 0, mask = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
	bool good = true;

	for (size_t i = 0; i < count; i++) {
		uint64_t item = (few ? draw(&seed, 3) : draw_any(&seed)) << low & mask << low;

		if (low >= 24) /* room for the position below */
			item |= i;
		*array_push(&items) = item;
		before += item * 31 + (item >> 7);
	}
	radix_sort(&items, &room, low, bits);
	for (size_t i = 0; i < count; i++) {
		uint64_t key = key_of(items.items[i], low, bits);
		uint64_t last = i > 0 ? key_of(items.items[i - 1], low, bits) : 0;

		after += items.items[i] * 31 + (items.items[i] >> 7);
		good = good && last <= key;
		if (low >= 24 && i > 0 && last == key)
			good = good && items.items[i - 1] < items.items[i];
	}
	good = good && items.count == count && before == after;
	array_free(&items);
	array_free(&room);
	return good;
}

static void sorts_by_any_bits(void)
{
	static const size_t counts[] = { 0, 1, 2, 3, 100, 1000, 40000 };
	static const unsigned widths[] = { 1, 7, 8, 9, 16, 17, 28, 32, 40 };
	bool good = true;

	for (size_t c = 0; c < 7; c++)
		for (size_t w = 0; w < 9; w++) {
			good = good && sorts(counts[c], 0, widths[w], false);
			good = good && sorts(counts[c], 24, widths[w], false);
			good = good && sorts(counts[c], 24, widths[w], true);
		}
	ok(good, "by any bits, stable, nothing lost");
	ok(sorts(1000, 0, 64, false), "by all bits");
}

static void sorts_halves_as_well(void)
{
	u32_array items = { .budget = &budget }, room = { .budget = &budget };
	bool good = true;

	for (uint32_t i = 0; i < 50000; i++)
		*array_push(&items) = (uint32_t)draw_any(&seed) << 4;
	radix_sort_u32(&items, &room, 4, 28);
	for (size_t i = 1; i < items.count; i++)
		good = good && items.items[i - 1] <= items.items[i];
	ok(good && items.count == 50000, "32 bits");
	array_free(&items);
	array_free(&room);
}

static void bits_of_a_number(void)
{
	is_u64(radix_bits(0), 1, "0 has one bit");
	is_u64(radix_bits(1), 1, "1 as well");
	is_u64(radix_bits(256), 9, "256 has nine");
	is_u64(radix_bits(UINT64_MAX), 64, "the largest has 64");
}

int main(void)
{
	sorts_by_any_bits();
	sorts_halves_as_well();
	bits_of_a_number();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
