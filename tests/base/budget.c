/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/array.h"

#include "tests/tap.h"

enum { MIB = 1 << 20 };

static void a_limit_alone(void)
{
	struct budget budget = { 0 };

	ok(budget_ceiling(&budget) == SIZE_MAX && !budget_is_short(&budget), "no limit");
	budget.limit = 96 * MIB;
	is_u64(budget_ceiling(&budget), 93 * MIB, "loading may take all but a 32nd of the limit");
	budget_take(&budget, 93 * MIB);
	ok(budget_is_short(&budget), "and no more");
	budget_give(&budget, 1);
	ok(!budget_is_short(&budget) && budget_room(&budget) == 1, "a byte less is enough");
}

static void a_share_of_the_bytes(void)
{
	struct budget budget = { .limit = (size_t)4096 * MIB };

	budget_add_bytes(&budget, 4 * MIB);
	is_u64(budget_ceiling(&budget), 56 * MIB, "eight times the bytes and 32 MiB, less an 8th");
	budget_add_bytes(&budget, 4 * MIB);
	is_u64(budget_ceiling(&budget), 84 * MIB, "grows as they come");
	ok(!budget_is_beyond(&budget, 96 * MIB) && budget_is_beyond(&budget, 96 * MIB + 1),
	   "that 8th is allowed to who cannot do with less");
	budget_drop_bytes(&budget, 4 * MIB);
	is_u64(budget_ceiling(&budget), 56 * MIB, "shrinks as they go");
	budget_add_bytes(&budget, (size_t)4096 * MIB);
	is_u64(budget_ceiling(&budget), budget.limit - budget.limit / 32,
	       "but the limit stays one");
	budget.is_asked = true;
	budget_drop_bytes(&budget, (size_t)4096 * MIB);
	is_u64(budget_ceiling(&budget), budget.limit - budget.limit / 32,
	       "and one that was asked for is the only one");
}

static void promises(void)
{
	struct budget budget = { .limit = 32 * MIB };
	size_t one = 0, other = 0;

	budget_promise(&budget, &one, 27 * MIB);
	budget_promise(&budget, &other, 4 * MIB);
	ok(budget_is_short(&budget), "what is promised cannot be had");
	budget_promise(&budget, &one, 1 * MIB);
	is_u64(budget_room(&budget), 26 * MIB, "until it is not needed");
	budget_promise(&budget, &one, 0);
	budget_promise(&budget, &other, 0);
	is_u64(budget.promised, 0, "all is given back");
}

static void large_arrays_have_little_too_much(void)
{
	struct budget budget = { 0 };
	ARRAY(uint64_t) array = { .budget = &budget };
	bool good = true;

	for (uint64_t i = 0; i < 4 * MIB / sizeof(i); i++) {
		*array_push(&array) = i;
		good = good && (array.count * sizeof(i) < 2 * MIB ||
		                array.capacity <= array.count + array.count / 8);
	}
	ok(good, "an eighth at most");
	array_free(&array);
	is_u64(budget.used, 0, "and are given back");
}

static void parts_are_taken_of_the_whole(void)
{
	struct budget budget = { .limit = 96 * MIB };
	struct budget part = { .whole = &budget }, other = { .whole = &budget };
	ARRAY(uint64_t) array = { .budget = &part };
	size_t mine = 0;

	array_resize(&array, 1 << 20);
	budget_take(&other, 3 * MIB);
	ok(part.used >= 8 * MIB && budget.used == part.used + other.used, "each counts its own");
	ok(budget.peak == budget.used && part.peak == part.used, "and its peak");
	is_u64(budget_ceiling(&part), 93 * MIB, "limits are those of the whole");
	is_u64(budget_room(&part), budget_room(&budget), "so is the room");
	budget_promise(&part, &mine, budget_room(&part));
	ok(budget_is_short(&other), "what is promised to one is nobody's");
	budget_promise(&other, &mine, 0);
	budget_add_bytes(&part, MIB);
	is_u64(budget_ceiling(&other), 35 * MIB, "bytes of one are of all");
	budget_drop_bytes(&other, MIB);
	array_free(&array);
	budget_give(&other, 3 * MIB);
	is_u64(part.used + other.used + budget.used + budget.bytes, 0, "all comes back");
}

int main(void)
{
	a_limit_alone();
	a_share_of_the_bytes();
	promises();
	large_arrays_have_little_too_much();
	parts_are_taken_of_the_whole();
	return tap_done();
}
