/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/damage.h"

#include "tests/tap.h"

static struct budget budget;

static void rows_by_offset_the_gravest_first(void)
{
	struct damage damage;

	damage_init(&damage, &budget);
	ok(!damage_is_serious(&damage) && damage_first(&damage) == NULL, "nothing is no damage");
	damage_lose(&damage, DAMAGE_NOTE, 5, 0, "a note");
	ok(!damage_is_serious(&damage) && damage_first(&damage) == NULL, "a note is none, either");
	damage_lose(&damage, DAMAGE_LOCAL, 90, 3, "a record");
	damage_lose(&damage, DAMAGE_NOTE, 20, 0, "a note");
	damage_lose(&damage, DAMAGE_STRETCH, 20, 40, "a stretch");
	ok(damage_is_serious(&damage), "bytes that are lost are");
	is_u64(damage_first(&damage)->offset, 20, "the first that is serious, unsorted");
	damage_lose(&damage, DAMAGE_LOCAL, 10, 0, "an event that is left out");
	is_u64(damage_first(&damage)->offset, 10, "the first where anything is amiss");
	is_u64(damage_first_lost(&damage)->offset, 20, "the first that has lost bytes");
	damage.rows.count--;
	damage_sort(&damage);
	is_u64(damage.rows.items[0].offset, 5, "the first");
	is_u64(damage.rows.items[1].grade, DAMAGE_STRETCH, "the gravest of its offset");
	is_u64(damage.rows.items[2].grade, DAMAGE_NOTE, "the other one");
	is_u64(damage.rows.items[3].len, 3, "the last");
	is_u64(damage.bytes, 43, "all bytes that are lost");
	damage_free(&damage);
	is_u64(damage.bytes + damage.counts[DAMAGE_LOCAL], 0, "forgets");
}

static void a_row_tells_what_it_knows(void)
{
	struct damage_row row = damage_row(DAMAGE_END, 7, 8, "a batch");

	ok(row.m == DAMAGE_NOBODY && row.p == DAMAGE_NOBODY && row.generation == 0, "nobody");
	ok(row.begin_ns == DAMAGE_TIME_UNKNOWN && row.end_ns == DAMAGE_TIME_UNKNOWN, "no time");
	is_text(row.found, "", "nothing found");
	damage_found(&row, "byte 0x%02x and more than has room here", 255);
	is_text(row.found, "byte 0xff and more than has roo", "what was found, cut to its room");
	is_text(damage_grade_name(DAMAGE_NOTE), "note", "note");
	is_text(damage_grade_name(DAMAGE_END), "end", "end");
}

static void beyond_the_limit_all_are_counted(void)
{
	struct damage all, part;

	damage_init(&all, &budget);
	damage_init(&part, &budget);
	for (int i = 0; i < DAMAGE_ROWS_MAX - 1; i++)
		damage_lose(&all, DAMAGE_LOCAL, (uint64_t)i, 1, "a record");
	for (int i = 0; i < DAMAGE_ROWS_MAX + 5; i++)
		damage_lose(&part, i % 2 == 0 ? DAMAGE_NOTE : DAMAGE_STRETCH, 0, 2, "a stretch");
	is_u64(part.rows.count, DAMAGE_ROWS_MAX, "so many have rows");
	is_u64(part.more[DAMAGE_NOTE] + part.more[DAMAGE_STRETCH], 5, "the others are counted");
	is_u64(part.more_bytes[DAMAGE_STRETCH], 4, "with their bytes");
	damage_join(&all, &part);
	is_u64(all.rows.count, DAMAGE_ROWS_MAX, "so many of both");
	is_u64(all.counts[DAMAGE_LOCAL], DAMAGE_ROWS_MAX - 1, "all of the one");
	is_u64(all.counts[DAMAGE_NOTE] + all.counts[DAMAGE_STRETCH], DAMAGE_ROWS_MAX + 5,
	       "and of the other");
	is_u64(all.bytes, DAMAGE_ROWS_MAX - 1 + 2 * (DAMAGE_ROWS_MAX + 5), "no byte is forgotten");
	damage_free(&all);
	damage_free(&part);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

static void what_comes_later_finds_its_place(void)
{
	static const uint64_t offsets[] = { 10, 20, 30, 50, 40, 25, 60, 25, 5 };
	struct damage once, bit_by_bit;
	bool is_same = true;

	damage_init(&once, &budget);
	damage_init(&bit_by_bit, &budget);
	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		size_t sorted = bit_by_bit.rows.count;

		damage_lose(&once, DAMAGE_LOCAL, offsets[i], i, "a record");
		damage_join_from(&bit_by_bit, &once, i);
		damage_sort_new(&bit_by_bit, sorted);
	}
	is_u64(bit_by_bit.bytes, once.bytes, "each row is joined once");
	damage_sort(&once);
	for (size_t i = 0; i < once.rows.count; i++)
		is_same = is_same && once.rows.items[i].offset == bit_by_bit.rows.items[i].offset &&
		          once.rows.items[i].len == bit_by_bit.rows.items[i].len;
	ok(is_same && once.rows.count == bit_by_bit.rows.count, "the order is the same at any time");
	damage_free(&once);
	damage_free(&bit_by_bit);
}

int main(void)
{
	rows_by_offset_the_gravest_first();
	a_row_tells_what_it_knows();
	beyond_the_limit_all_are_counted();
	what_comes_later_finds_its_place();
	return tap_done();
}
