/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/roster.h"

#include "tests/tap.h"

enum { MANY = 1000 };

static struct budget budget;
static struct roster roster;

/* Numbers of all sizes, and all parts there and not, as i has it. */
static void fill(uint32_t go, uint64_t i)
{
	struct goroutine *g = roster_edit(&roster, go);

	g->created_ns = i % 7 == 0 ? INT64_MAX - (int64_t)i : (int64_t)i * 1001;
	if (i % 2)
		g->started_ns = g->created_ns - (int64_t)i;
	if (i % 3)
		g->ended_ns = (int64_t)i * 5000;
	g->exec_ns = (int64_t)(i << (i % 40));
	g->sched_ns = i % 5 == 0 ? INT64_MAX : (int64_t)i;
	g->syscall_exec_ns = i % 4 ? 0 : (int64_t)i;
	g->syscall_block_ns = i % 8 ? 0 : 77;
	if (i % 6)
		g->parent = (uint32_t)(i % 11 == 0 ? UINT32_MAX - 1 : i / 2);
	g->name = (string_id)(i * 3);
	for (uint64_t name = 0; name < i % 4; name++)
		roster_add_amount(&roster, &g->blocks, (string_id)name + 1,
		                  (int64_t)(i * 10 + name));
	if (i % 9 == 0)
		roster_add_amount(&roster, &g->ranges, 5, (int64_t)i);
}

static bool has_amounts(const struct roster_reader *reader, const struct goroutine *g, uint64_t i)
{
	uint64_t name = i % 4;
	uint32_t at;

	for (at = g->blocks; at != INDEX_NONE; at = roster_amount(reader, at)->next) {
		const struct amount *amount = roster_amount(reader, at);

		if (name-- == 0 || amount->name != (string_id)name + 1 ||
		    amount->ns != (int64_t)(i * 10 + name))
			return false;
	}
	if (name != 0 || (g->ranges != INDEX_NONE) != (i % 9 == 0))
		return false;
	return g->ranges == INDEX_NONE || roster_amount(reader, g->ranges)->ns == (int64_t)i;
}

static bool is_as_filled(const struct roster_reader *reader, const struct goroutine *g, uint64_t i)
{
	return g->id == (i % 13 == 0 ? UINT64_MAX - i : i * 17) &&
	       g->created_ns == (i % 7 == 0 ? INT64_MAX - (int64_t)i : (int64_t)i * 1001) &&
	       g->started_ns == (i % 2 ? g->created_ns - (int64_t)i : TIME_UNKNOWN) &&
	       g->ended_ns == (i % 3 ? (int64_t)i * 5000 : TIME_UNKNOWN) &&
	       g->exec_ns == (int64_t)(i << (i % 40)) &&
	       g->sched_ns == (i % 5 == 0 ? INT64_MAX : (int64_t)i) &&
	       g->syscall_exec_ns == (i % 4 ? 0 : (int64_t)i) &&
	       g->syscall_block_ns == (i % 8 ? 0 : 77) &&
	       g->parent ==
	               (i % 6 ? (uint32_t)(i % 11 == 0 ? UINT32_MAX - 1 : i / 2) : INDEX_NONE) &&
	       g->name == (string_id)(i * 3) && has_amounts(reader, g, i);
}

static bool all_are_as_filled(void)
{
	struct roster_reader reader;
	bool good = true;

	roster_reader_init(&reader, &roster);
	for (uint32_t i = 0; i < MANY && good; i++) {
		uint32_t go = i * 7 % MANY; /* not in order */
		struct goroutine brief = roster_brief(&roster, go);

		good = is_as_filled(&reader, roster_read(&reader, go), go) &&
		       brief.id == roster_read(&reader, go)->id &&
		       brief.name == (string_id)(go * 3);
	}
	roster_reader_free(&reader);
	return good;
}

static bool is_packed(uint32_t block)
{
	return roster.states.items[block].form == ROSTER_PACKED;
}

static size_t packed_blocks(void)
{
	size_t count = 0;

	for (size_t i = 0; i < roster.blocks.count; i++)
		count += is_packed((uint32_t)i);
	return count;
}

static void what_is_packed_is_what_it_was(void)
{
	size_t open;

	roster_init(&roster, &budget);
	for (uint32_t i = 0; i < MANY; i++)
		fill(roster_add(&roster, i % 13 == 0 ? UINT64_MAX - i : i * 17), i);
	ok(all_are_as_filled(), "open ones");
	open = atomic_load(&budget.used);
	roster_pack(&roster, false);
	is_u64(packed_blocks(), MANY / ROSTER_BLOCK, "all whole blocks are packed: nobody lives");
	ok(all_are_as_filled(), "packed ones");
	roster_pack(&roster, true);
	is_u64(packed_blocks(), MANY / ROSTER_BLOCK + 1, "at the end, all are");
	ok(all_are_as_filled(), "with the same in them");
	ok(atomic_load(&budget.used) < open / 2, "in less than half of the memory");
	roster_free(&roster);
	is_u64(atomic_load(&budget.used), 0, "which comes back");
}

static void who_lives_stays_open(void)
{
	struct roster_reader reader;
	struct goroutine *g;

	roster_init(&roster, &budget);
	for (uint32_t i = 0; i < 3 * ROSTER_BLOCK; i++)
		roster_edit(&roster, roster_add(&roster, i))->created_ns = i;
	roster_set_live(&roster, 20, 4);
	roster_pack(&roster, false);
	ok(is_packed(0) && !is_packed(1), "a block in which one lives is not packed");
	is_u64(roster_live(&roster, 20), 4, "its life is known");
	is_u64(roster_live(&roster, 3), INDEX_NONE, "a packed one has none");
	roster_set_live(&roster, 20, INDEX_NONE);
	roster_pack(&roster, false);
	ok(is_packed(1), "until it dies");
	g = roster_edit(&roster, 21);
	roster_add_amount(&roster, &g->ranges, 9, 100);
	g->exec_ns = 5;
	ok(!is_packed(1), "one that is changed after all is unpacked");
	roster_pack(&roster, false);
	roster_reader_init(&reader, &roster);
	ok(is_packed(1) && roster_read(&reader, 21)->exec_ns == 5 &&
	           roster_amount(&reader, roster_read(&reader, 21)->ranges)->ns == 100,
	   "and packed again, with the change");
	roster_reader_free(&reader);
	roster_set_live(&roster, 47, 8);
	roster_pack(&roster, true);
	is_u64(roster_live(&roster, 47), 8, "a life is packed, too, if all is");
	roster_free(&roster);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

static int64_t amount_of(struct roster_reader *reader, uint32_t chain, string_id name)
{
	while (chain != INDEX_NONE && roster_amount(reader, chain)->name != name)
		chain = roster_amount(reader, chain)->next;
	return chain == INDEX_NONE ? -1 : roster_amount(reader, chain)->ns;
}

static void a_chain_may_be_long(void)
{
	struct roster_reader reader;
	bool good = true;

	roster_init(&roster, &budget);
	for (uint32_t i = 0; i < ROSTER_BLOCK; i++)
		roster_edit(&roster, roster_add(&roster, i))->created_ns = i;
	for (int round = 0; round < 3; round++) {
		for (string_id name = 1; name <= 300; name++)
			roster_add_amount(&roster, &roster_edit(&roster, 3)->blocks, name, name);
		roster_pack(&roster, round == 1);
		ok(is_packed(0) == (round == 1), "of a long chain, the block is packed at the end");
	}
	roster_reader_init(&reader, &roster);
	for (string_id name = 1; name <= 300; name++)
		good = good && amount_of(&reader, roster_read(&reader, 3)->blocks, name) ==
		                       3 * (int64_t)name;
	ok(good, "each name has one amount in it, whatever was packed between");
	roster_reader_free(&reader);
	roster_free(&roster);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

/* Neighbours that are complete are packed as they come. */
static void a_block_may_come_complete(void)
{
	amount_array amounts = { .budget = &budget };
	struct goroutine gos[ROSTER_BLOCK];
	struct roster_reader reader;
	const struct goroutine *g;

	for (uint32_t i = 0; i < ROSTER_BLOCK; i++) {
		gos[i] = goroutine_new(1000 + i * i);
		gos[i].created_ns = i;
		gos[i].blocks = i;
		*array_push(&amounts) =
			(struct amount){ .ns = 7 * i, .name = 3, .next = INDEX_NONE };
	}
	roster_init(&roster, &budget);
	for (uint32_t i = 0; i < ROSTER_BLOCK; i++)
		roster_edit(&roster, roster_add(&roster, i))->created_ns = 5;
	is_u64(roster_add_block(&roster, gos, &amounts), ROSTER_BLOCK, "they follow the others");
	is_u64(roster.count, 2 * ROSTER_BLOCK, "and are counted");
	ok(is_packed(1), "they are packed");
	roster_reader_init(&reader, &roster);
	g = roster_read(&reader, ROSTER_BLOCK + 3);
	is_u64(g->id, 1009, "one of them is as it was");
	is_i64(roster_amount(&reader, g->blocks)->ns, 21, "with its amounts");
	roster_reader_free(&reader);
	roster_edit(&roster, ROSTER_BLOCK + 3)->name = 9;
	is_u64(roster_brief(&roster, ROSTER_BLOCK + 3).name, 9, "and may be changed");
	roster_free(&roster);
	array_free(&amounts);
}

/* ---- forgetting */

struct told {
	uint32_t count;
	bool good;
};

static void listen(void *context, const struct roster_reader *reader, uint32_t go,
                   const struct goroutine *g)
{
	struct told *told = context;

	told->count++;
	told->good = told->good && is_as_filled(reader, g, go);
}

static void what_is_forgotten_is_told_before(void)
{
	struct told told = { 0, true };
	struct roster_listener listener = { listen, &told };
	struct goroutine brief;
	size_t packed;
	bool good = true;

	roster_init(&roster, &budget);
	for (uint32_t i = 0; i < MANY; i++)
		fill(roster_add(&roster, i % 13 == 0 ? UINT64_MAX - i : i * 17), i);
	roster_set_live(&roster, 5, 1);
	roster_pack(&roster, false);
	packed = roster.packed;
	roster_forget(&roster, &listener);
	is_u64(told.count, 0, "those that were packed last are not forgotten");
	roster_age(&roster);
	roster_forget(&roster, &listener);
	is_u64(told.count, (MANY / ROSTER_BLOCK - 1) * ROSTER_BLOCK,
	       "then whole blocks in which nobody lives are");
	is_u64(roster.forgotten, told.count, "so many as were told of");
	ok(told.good, "and what they were is told");
	ok(roster.packed + roster.briefs.count < packed / 2, "they take less");
	for (uint32_t i = 0; i < MANY; i++) {
		brief = roster_brief(&roster, i);
		good = good && brief.id == (i % 13 == 0 ? UINT64_MAX - i : i * 17) &&
		       brief.name == (string_id)(i * 3) &&
		       roster_live(&roster, i) == (i == 5 ? 1 : INDEX_NONE);
	}
	ok(good, "ids and names stay");
	ok(!roster.is_torn && roster_is_forgotten(&roster, 20), "nothing is amiss");
	roster_edit(&roster, 20)->exec_ns++;
	ok(roster.is_torn && roster_brief(&roster, 20).id == 20 * 17,
	   "until one is to be changed: that is noted");
	roster_free(&roster);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

int main(void)
{
	a_block_may_come_complete();
	what_is_packed_is_what_it_was();
	who_lives_stays_open();
	a_chain_may_be_long();
	what_is_forgotten_is_told_before();
	return tap_done();
}
