/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/moves.h"

#include "core/model/account_pass.h"

#include <string.h>

enum {
	AHEAD = 24,      /* lives are asked for so many moves before their turn */
	DIGITS = 1 << 9, /* values of half of a time */
	SQUARE = DIGITS * DIGITS,
};

#define RING_EMPTY (ID_NONE - 1) /* a place that was used keeps its entry */

void moves_init(struct moves *moves, struct budget *budget)
{
	*moves = (struct moves){ .budget = budget };
	moves->parked.budget = moves->keys.budget = moves->room.budget = budget;
	moves->order.budget = moves->half.budget = budget;
	moves->last_of.budget = budget;
}

void moves_free(struct moves *moves)
{
	array_free(&moves->parked);
	array_free(&moves->keys);
	array_free(&moves->room);
	array_free(&moves->order);
	array_free(&moves->half);
	id_map_free(&moves->last_of);
}

void moves_clear(struct moves *moves)
{
	moves->waiting = 0;
	array_clear(&moves->parked);
	if (moves->last_of.count > 0)
		id_map_clear(&moves->last_of);
}

/* ---- out of order */

static uint64_t pair_of(uint32_t high, uint32_t low)
{
	return (uint64_t)high << 32 | low;
}

/* Those of one place stand in a ring, in the order in which they came. */
static void park(struct moves *moves, struct go_life *life, const struct move *move)
{
	uint32_t fresh = (uint32_t)moves->parked.count;
	uint32_t last = id_map_set(&moves->last_of, pair_of(move->g, move->order), fresh);

	*array_push(&moves->parked) = (struct parked){ *move, fresh };
	if (last != ID_NONE && last != RING_EMPTY) {
		moves->parked.items[fresh].next = moves->parked.items[last].next;
		moves->parked.items[last].next = fresh;
	}
	life->parked++;
	moves->waiting++;
}

/* The ring of a place, taken out; INDEX_NONE. */
static uint32_t take_ring(struct moves *moves, uint64_t key)
{
	uint32_t last = id_map_find(&moves->last_of, key);

	if (last == ID_NONE)
		return INDEX_NONE;
	id_map_set(&moves->last_of, key, RING_EMPTY);
	return last == RING_EMPTY ? INDEX_NONE : last;
}

static void give(struct moves *moves, struct account *account, const struct move *move);

/* What waited for the place that a goroutine is at now. */
static void give_parked(struct moves *moves, struct account *account, uint32_t g)
{
	while (account->lives.items[g].parked > 0) {
		uint32_t last = take_ring(moves, pair_of(g, account->lives.items[g].expect)), at;

		if (last == INDEX_NONE)
			return;
		at = moves->parked.items[last].next;
		for (;;) {
			struct move move = moves->parked.items[at].move;
			uint32_t next = moves->parked.items[at].next;

			moves->parked.items[at].move.g = INDEX_NONE;
			account->lives.items[g].parked--;
			moves->waiting--;
			if (move.order == account->lives.items[g].expect)
				account_move(account, &move);
			else
				account->dropped++;
			if (at == last)
				break;
			at = next;
		}
	}
}

static bool is_status(const struct move *move)
{
	return move->order == 0 &&
	       (move->kind == MOVE_WAKE ? move->how >= WAKE_STATUS_RUNNABLE
	                                : move->kind == MOVE_OPEN && move->how >= RUN_STATUS);
}

static void give(struct moves *moves, struct account *account, const struct move *move)
{
	struct go_life *life = &account->lives.items[move->g];

	if (move->kind == MOVE_ASSIST && move->how == MARK_ACTIVE) {
		account_move(account, move);
		return;
	}
	if (move->kind == MOVE_OPEN && move->how == RUN_CREATE_SYSCALL)
		account_new_life(account, move);
	else if (move->order == life->expect)
		account_move(account, move);
	else if (move->order > life->expect)
		park(moves, life, move);
	else
		account->dropped += !is_status(move);
	if (account->lives.items[move->g].parked > 0)
		give_parked(moves, account, move->g);
}

/* A run that is not as it usually is. Seldom, and so not where the others are. */
static __attribute__((noinline)) void give_run(struct moves *moves, struct account *account,
                                               const struct move *run)
{
	struct move both[2] = { run_open(run), run_close(run) };

	for (int i = 0; i < 2; i++) {
		struct go_life *life = &account->lives.items[run->g];

		if (both[i].order != life->expect || life->parked > 0 || account->history != NULL ||
		    !account_quick(account, life, &both[i]))
			give(moves, account, &both[i]);
	}
}

/* ---- a stretch */

/* Since the begin of the stretch; what is late counts as of then. */
static inline part_time time_in(const struct move *move, part_time begin)
{
	return move->time < begin ? 0 : move->time - begin;
}

/* Of a stretch that is long, or has many. */
static void sort_any(struct moves *moves, const struct stretch *stretch)
{
	size_t count = stretch->moves.count;

	array_clear(&moves->keys);
	array_reserve(&moves->keys, count);
	moves->keys.count = count;
	for (uint32_t i = 0; i < count; i++)
		moves->keys.items[i] =
			pair_of(time_in(&stretch->moves.items[i], stretch->begin), i);
	radix_sort(&moves->keys, &moves->room, 32, radix_bits(stretch->end - stretch->begin));
	for (size_t i = 0; i < count; i++)
		moves->order.items[i] = (uint32_t)moves->keys.items[i];
}

static inline part_time count_digits(uint32_t low[DIGITS], uint32_t high[DIGITS], part_time time)
{
	time %= SQUARE;
	low[time % DIGITS]++;
	high[time / DIGITS]++;
	return time;
}

/* How many there are of each digit -> where the first of them goes. */
static void place(uint32_t digits[DIGITS])
{
	uint32_t sum = 0;

	for (int d = 0; d < DIGITS; d++) {
		uint32_t here = digits[d];

		digits[d] = sum;
		sum += here;
	}
}

/* By time. Most stretches are so short that key and index fit a word; the two digits of the keys
 * are counted while those are made, and the second one brings the indexes to their places. What
 * stands side by side has the same high digit most often: counted in turns, one count need not wait
 * for the one before. */
static void sort(struct moves *moves, const struct stretch *stretch)
{
	uint32_t count = (uint32_t)stretch->moves.count;
	uint32_t low[DIGITS] = { 0 }, high[DIGITS] = { 0 }, odd[DIGITS] = { 0 }, i;
	const struct move *all = stretch->moves.items;
	part_time begin = stretch->begin;
	uint32_t *order, *half;

	array_reserve(&moves->order, count + AHEAD);
	if (stretch->end - begin > SQUARE || count > UINT32_MAX / SQUARE) {
		sort_any(moves, stretch);
		return;
	}
	array_reserve(&moves->half, count);
	order = moves->order.items;
	half = moves->half.items;
	for (i = 0; i + 1 < count; i += 2) {
		order[i] = i * SQUARE + count_digits(low, high, time_in(&all[i], begin));
		order[i + 1] =
			(i + 1) * SQUARE + count_digits(low, odd, time_in(&all[i + 1], begin));
	}
	if (i < count)
		order[i] = i * SQUARE + count_digits(low, high, time_in(&all[i], begin));
	for (int d = 0; d < DIGITS; d++)
		high[d] += odd[d];
	place(low);
	place(high);
	for (i = 0; i < count; i++)
		half[low[order[i] % DIGITS]++] = order[i];
	for (i = 0; i < count; i++)
		order[high[half[i] / DIGITS % DIGITS]++] = half[i] / SQUARE;
}

enum how { HOW_ALL, HOW_PASS, HOW_HISTORY };

/* A usual move of a goroutine to which it is the next, or false. */
static inline __attribute__((always_inline)) bool
give_quick(struct account *account, struct go_life *life, const struct move *move, enum how how)
{
	return move->order == life->expect && life->parked == 0 && how != HOW_HISTORY &&
	       (how == HOW_PASS ? account_quick_pass(account, life, move)
	                        : account_quick(account, life, move));
}

static inline __attribute__((always_inline)) void
give_all(struct moves *moves, struct account *account, const struct stretch *stretch, enum how how)
{
	const struct move *all = stretch->moves.items;
	size_t count = stretch->moves.count;
	uint32_t *order = moves->order.items;
	struct go_life *lives = account->lives.items;

	for (size_t i = 0; i < AHEAD && count > 0; i++)
		order[count + i] = 0; /* there is something to be asked for */
	for (size_t i = 0; i < count; i++) {
		const struct move *move = &all[order[i]];

		__builtin_prefetch(&lives[all[order[i + AHEAD]].g], 1);
		if (give_quick(account, &lives[move->g], move, how))
			continue;
		if (move->kind == MOVE_RUN)
			give_run(moves, account, move);
		else
			give(moves, account, move);
	}
}

void moves_give(struct moves *moves, struct account *account, const struct stretch *stretch)
{
	if (account->history == NULL)
		account_tally_begin(account, stretch, stretch->moves.count + moves->waiting);
	account_take(account, stretch);
	sort(moves, stretch);
	if (account->pass != 0)
		give_all(moves, account, stretch, HOW_PASS);
	else if (account->history != NULL)
		give_all(moves, account, stretch, HOW_HISTORY);
	else
		give_all(moves, account, stretch, HOW_ALL);
	if (account->history == NULL)
		account_tally(account, stretch->end);
	if (account->history == NULL || account->pass != 0)
		account_drop_pairs(account);
	if (moves->waiting > 0)
		return;
	if (moves->parked.count > 0)
		moves_clear(moves);
	if (!stretch->is_ahead)
		array_clear(&account->stays);
}

/* ---- the rest */

static void give_late(struct account *account, const struct move *move, part_time lost)
{
	struct go_life *life = &account->lives.items[move->g];

	if (move->order > life->expect) {
		account_miss(account, move->g, lost < move->time ? lost : move->time);
		life->expect = move->order;
	}
	life->parked--;
	if (move->order == life->expect)
		account_move(account, move);
	else
		account->dropped++;
}

/* Those of one goroutine, which begin at first among the keys, in the order of their numbers; where
 * the next goroutine's begin. */
static size_t give_rest_of(struct moves *moves, struct account *account, size_t first,
                           u64_array *orders, part_time lost)
{
	size_t end = first;
	uint64_t g = moves->keys.items[first] >> 32;

	array_clear(orders);
	for (; end < moves->keys.count && moves->keys.items[end] >> 32 == g; end++) {
		uint32_t at = (uint32_t)moves->keys.items[end];

		*array_push(orders) = pair_of(moves->parked.items[at].move.order, at);
	}
	radix_sort(orders, &moves->room, 32, 32);
	for (size_t i = 0; i < orders->count; i++)
		give_late(account, &moves->parked.items[(uint32_t)orders->items[i]].move, lost);
	return end;
}

void moves_give_rest(struct moves *moves, struct account *account)
{
	part_time lost = walk_lost_from(account->walk);
	u64_array orders = { .budget = moves->budget };

	array_clear(&moves->keys);
	for (uint32_t i = 0; i < moves->parked.count; i++)
		if (moves->parked.items[i].move.g != INDEX_NONE)
			*array_push(&moves->keys) = pair_of(moves->parked.items[i].move.g, i);
	radix_sort(&moves->keys, &moves->room, 32, 32);
	for (size_t i = 0; i < moves->keys.count;)
		i = give_rest_of(moves, account, i, &orders, lost);
	array_free(&orders);
	moves_clear(moves);
}
