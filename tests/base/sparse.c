/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/sparse.h"

#include "tests/draw.h"
#include "tests/tap.h"

enum { INDEXES = 1 << 16, SETS = 200000 };

static struct budget budget;
static uint64_t seed = 1;
static uint32_t plain[INDEXES];

static bool is_as_plain(const struct sparse *sparse)
{
	uint32_t next = 0, i = 0;

	for (; i < INDEXES; i++)
		if (sparse_get(sparse, i) != plain[i])
			return false;
	for (i = 0; sparse_next(sparse, &next); i = ++next) {
		for (; i < next; i++)
			if (plain[i] != 0)
				return false;
		if (plain[next] == 0)
			return false;
	}
	for (; i < INDEXES; i++)
		if (plain[i] != 0)
			return false;
	return true;
}

/* Values come, change and go about a place that moves on. */
static void it_is_an_array(void)
{
	struct sparse sparse;

	sparse_init(&sparse, &budget);
	ok(sparse_get(&sparse, UINT32_MAX) == 0 && is_as_plain(&sparse), "at first all are 0");
	for (uint32_t i = 0; i < SETS; i++) {
		uint32_t at = draw_u32(&seed, INDEXES), value = draw_u32(&seed, 3);

		plain[at] = value;
		sparse_set(&sparse, at, value);
	}
	ok(is_as_plain(&sparse), "it is as an array");
	sparse_clear(&sparse);
	memset(plain, 0, sizeof(plain));
	ok(is_as_plain(&sparse), "which can be emptied");
	sparse_set(&sparse, 70, 7);
	plain[70] = 7;
	ok(is_as_plain(&sparse), "and goes on");
	sparse_free(&sparse);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

static void few_take_little(void)
{
	enum { MANY = 1 << 22, ALIVE = 1000 };
	struct sparse sparse;
	bool good = true;

	sparse_init(&sparse, &budget);
	for (uint32_t i = 0; i < MANY; i++) {
		sparse_set(&sparse, i, i + 1);
		if (i >= ALIVE)
			sparse_set(&sparse, i - ALIVE, 0);
		good = good && sparse_get(&sparse, i) == i + 1;
	}
	ok(good, "each has its own");
	ok(atomic_load(&budget.peak) < MANY / 8, "%zu bytes for %d that come and go",
	   atomic_load(&budget.peak), MANY);
	sparse_free(&sparse);
}

int main(void)
{
	few_take_little();
	it_is_an_array();
	return tap_done();
}
