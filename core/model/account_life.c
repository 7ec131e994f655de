/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account_at.h"

#include "core/model/history.h"

/* Lives of goroutines: their begin, their sums, and what is corrected later. */

static const struct go_life new_life = {
	.is_special = true,
	.record = INDEX_NONE,
	.row = INDEX_NONE,
	.delta = INDEX_NONE,
	.started = TIME_NONE,
	.proc = PROC_NONE,
};

/* Goroutines come in the order of their numbers. */
static part_time known_floor(struct account *account, uint32_t g, part_time floor)
{
	while (account->known != NULL && account->known_used < account->known->gos.count) {
		const struct floor *next = &account->known->gos.items[account->known_used];

		if (next->own > g)
			break;
		account->known_used++;
		if (next->own == g && next->time > floor)
			floor = next->time;
	}
	return floor;
}

static void grow(struct account *account, size_t gos, size_t procs)
{
	array_reserve(&account->lives, gos);
	if (gos > account->runs.count)
		array_resize(&account->runs, gos);
	for (size_t g = account->lives.count; g < gos; g++) {
		*array_push(&account->lives) = new_life;
		account->lives.items[g].last = known_floor(account, (uint32_t)g, 0);
	}
	for (size_t i = 0; account->known != NULL && i < account->known->heads.count; i++)
		if (account->known->heads.items[i].proc != PROC_NONE &&
		    account->known->heads.items[i].proc >= procs)
			procs = account->known->heads.items[i].proc + 1u; /* before it is told of */
	while (account->procs.count < procs)
		*array_push(&account->procs) = (struct proc_delta){ .last_go = INDEX_NONE };
}

void account_grow(struct account *account)
{
	grow(account, account->walk->gos.count, account->walk->procs.count);
}

void account_floors(struct account *account)
{
	account_grow(account);
	for (size_t g = 0; g < account->lives.count; g++) {
		if (account->walk->gos.items[g].floor > account->lives.items[g].last)
			account->lives.items[g].last = account->walk->gos.items[g].floor;
		account->lives.items[g].is_mute = walk_is_mute(account->walk, g);
	}
}

static void take_stays(struct account *account, const struct stretch *stretch)
{
	stay_array *stays = &account->stays;

	if (stays->count == 0)
		account->first_stay = stretch->first_stay;
	array_reserve(stays, stays->count + stretch->stays.count);
	if (stretch->stays.count > 0)
		memcpy(stays->items + stays->count, stretch->stays.items,
		       stretch->stays.count * sizeof(*stays->items));
	stays->count += stretch->stays.count;
}

void account_take(struct account *account, const struct stretch *stretch)
{
	grow(account, stretch->gos, stretch->procs);
	for (size_t i = 0, first = stretch->gos - stretch->mute.count; i < stretch->mute.count; i++)
		account->lives.items[first + i].is_mute = stretch->mute.items[i];
	take_stays(account, stretch);
	for (size_t i = 0; i < stretch->calls.count; i++)
		*array_push(&account->calls) = stretch->calls.items[i];
	for (size_t i = 0; i < stretch->notes.count; i++)
		*array_push(&account->notes.all) = stretch->notes.items[i];
	account->forever = stretch->forever;
	account_take_entries(account, stretch);
}

static void settle_blocks(const struct acting *a)
{
	const struct go_life *life = a->life;
	const struct block_row *row;

	if (life->has_blocked)
		account_add_block(a->account, &a->delta->blocks, life->blocked_reason,
		                  life->blocked);
	if (life->row == INDEX_NONE)
		return;
	row = &a->account->rows.items[life->row];
	for (unsigned reason = 0; row->has >> reason != 0; reason++)
		if ((row->has >> reason & 1) != 0)
			account_add_block(a->account, &a->delta->blocks, (uint8_t)reason,
			                  row->units[reason]);
}

/* The sums of a life that is over, or of all when the part is. */
static void settle(struct account *account, uint32_t g)
{
	struct move none = { .g = g };
	struct acting a = account_acting(account, &none);
	struct go_life *life = a.life;

	settle_blocks(&a);
	a.delta->exec = life->exec;
	a.delta->sched = life->sched;
	a.delta->syscall_exec += life->syscall_exec;
	a.delta->last = life->last;
	a.delta->early_count = a.delta->is_created ? 0 : life->early;
	a.delta->assist = INDEX_NONE; /* one that goes on: what it has run so far is on the clock's
	                                 side */
}

/* Of a life whose id is used again. If nobody said that it ended, it has before that. */
static void end_life(struct account *account, const struct move *move)
{
	struct acting a = account_acting(account, move);

	if (a.life->state != GO_DEAD) {
		account_forget(&a);
		a.delta->ended = move->time > a.life->last ? move->time : a.life->last;
		a.life->since = a.delta->ended;
	}
	a.delta->tail_state = GO_DEAD;
	a.delta->tail_since = a.life->since;
}

void account_new_life(struct account *account, const struct move *move)
{
	struct go_life *life = &account->lives.items[move->g];
	uint32_t parked = life->parked, given;
	bool is_mute = life->is_mute;

	if (life->is_told) {
		struct go_delta *delta;

		account->is_odd |= life->state != GO_DEAD || parked > 0;
		end_life(account, move);
		delta = account_own_delta(account, move->g);
		for (uint32_t c = delta->calls; c != INDEX_NONE; c = account->calls.items[c].next)
			account->calls.items[c].past = (uint32_t)account->past.count;
		settle(account, move->g);
		*array_push(&account->past) = (struct past_life){
			.g = move->g,
			.runs = account->runs.items[move->g],
			.go = INDEX_NONE,
			.delta = *delta,
		};
		account->runs.items[move->g] = 0;
		if (account->history != NULL)
			account_record_life(account, move);
		else if (account->reborn.count < ODD_MAX)
			*array_push(&account->reborn) = (struct reborn_go){ move->g, move->time };
		else
			account->is_odd = true;
		*delta = account_new_delta;
		given = life->delta;
		*life = new_life;
		life->parked = parked;
		life->is_mute = is_mute;
		life->delta = given;
	}
	account_move(account, move);
}

void account_goroutines(struct account *account, uint32_t first, uint32_t end)
{
	if (account->last_end > account->walk->last)
		account->walk->last = account->last_end; /* as a floor has it */
	for (uint32_t g = first; g < end && g < account->lives.count; g++) {
		struct go_life *life = &account->lives.items[g];
		struct go_delta *delta;

		*array_push(life->is_retired ? &account->retired : &account->others) = g;
		if (life->is_retired)
			continue;
		if (!life->is_plain && life->delta == INDEX_NONE)
			continue;
		delta = account_own_delta(account, g);
		settle(account, g);
		if (life->is_begun && life->last > account->walk->last)
			account->walk->last = life->last; /* a late status of before */
		delta->tail_state = life->state;
		delta->tail_since = life->since;
		delta->tail_reason = life->reason;
		delta->tail_is_head = life->is_head;
		if (!delta->has_tail_run)
			delta->tail_proc = life->proc;
	}
}

/* ---- what the seam learns later */

static uint32_t *sum_of(struct go_delta *delta, uint8_t state)
{
	return state == GO_RUNNING    ? &delta->exec
	       : state == GO_RUNNABLE ? &delta->sched
	       : state == GO_SYSCALL  ? &delta->syscall_exec
	                              : NULL;
}

bool account_can_floor(const struct go_delta *delta, part_time floor)
{
	uint32_t less[GO_STATES] = { 0 };

	if (delta->early_count == EARLY && delta->early[EARLY - 1].time < floor)
		return false;
	for (unsigned i = 0; i < delta->early_count; i++) {
		const struct early *early = &delta->early[i];
		part_time until = i + 1 < delta->early_count ? early[1].time : delta->tail_since;

		until = until < floor ? until : floor;
		less[early->state] += until > early->time ? until - early->time : 0;
	}
	return less[GO_RUNNING] <= delta->exec && less[GO_RUNNABLE] <= delta->sched &&
	       less[GO_SYSCALL] <= delta->syscall_exec;
}

void account_floor(struct account *account, struct go_delta *delta, part_time floor)
{
	for (unsigned i = 0; i < delta->early_count; i++) {
		struct early *early = &delta->early[i];
		part_time until = i + 1 < delta->early_count ? early[1].time : delta->tail_since;
		uint32_t *sum = sum_of(delta, early->state), less;

		if (early->time >= floor)
			break;
		until = until > early->time ? until : early->time;
		less = (until < floor ? until : floor) - early->time;
		less = sum != NULL && *sum < less ? *sum : less;
		if (early->state == GO_WAITING)
			account_add_block(account, &delta->blocks, early->reason, -(int64_t)less);
		else if (sum != NULL)
			*sum -= less;
		if (early->state == GO_RUNNING && early->proc != PROC_NONE)
			account->procs.items[early->proc].run -= less;
		if (early->state == GO_SYSCALL && early->proc != PROC_NONE)
			account->procs.items[early->proc].syscall -= less;
		early->time = floor;
	}
	if (delta->head_end != TIME_NONE && delta->head_end < floor)
		delta->head_end = floor;
	if (delta->started != TIME_NONE && delta->started < floor)
		delta->started = floor;
	if (delta->ended != TIME_NONE && delta->ended < floor)
		delta->ended = floor;
	delta->tail_since = delta->tail_since < floor ? floor : delta->tail_since;
	delta->last = delta->last < floor ? floor : delta->last;
	delta->first = delta->first < floor ? floor : delta->first;
	delta->tail_begin = delta->tail_begin < floor ? floor : delta->tail_begin;
	delta->head_lane_end = delta->head_lane_end < floor ? floor : delta->head_lane_end;
	delta->tail_lane_end = delta->tail_lane_end < floor ? floor : delta->tail_lane_end;
}

/* ---- */

void account_init(struct account *account, struct budget *budget)
{
	*account = (struct account){ .lives = { .budget = budget } };
	account->runs.budget = account->deltas.budget = account->past.budget =
		account->procs.budget = budget;
	account->waits.budget = account->retired.budget = account->others.budget = budget;
	account->blocks.budget = account->rows.budget = account->idles.budget =
		account->assists.budget = budget;
	account->clips.budget = account->clipped.budget = account->workers.budget = budget;
	account->proc_changes.budget = account->noted.budget = budget;
	account->entries[0].budget = account->entries[1].budget = budget;
	account->unit_marks.budget = account->unit_adds.budget = budget;
	account->sort_room.budget = account->noted_room.budget = budget;
	account->noted_early.budget = budget;
	account->stays.budget = account->calls.budget = budget;
	account->left_runs.budget = budget;
	account->late_runs.budget = account->lost_calls.budget = account->reborn.budget = budget;
	buckets_init(&account->buckets, budget);
	steps_init(&account->steps, budget);
	account_notes_init(&account->notes, budget);
	changes_init(&account->changes, budget);
}

void account_free(struct account *account)
{
	array_free(&account->stays);
	array_free(&account->calls);
	array_free(&account->lives);
	array_free(&account->runs);
	array_free(&account->deltas);
	array_free(&account->past);
	array_free(&account->waits);
	array_free(&account->retired);
	array_free(&account->others);
	array_free(&account->procs);
	array_free(&account->rows);
	array_free(&account->blocks);
	array_free(&account->idles);
	array_free(&account->assists);
	array_free(&account->clips);
	array_free(&account->clipped);
	array_free(&account->workers);
	array_free(&account->proc_changes);
	array_free(&account->entries[0]);
	array_free(&account->entries[1]);
	array_free(&account->unit_marks);
	array_free(&account->unit_adds);
	array_free(&account->noted);
	array_free(&account->noted_early);
	array_free(&account->noted_room);
	array_free(&account->sort_room);
	array_free(&account->late_runs);
	array_free(&account->left_runs);
	array_free(&account->lost_calls);
	array_free(&account->reborn);
	buckets_free(&account->buckets);
	steps_free(&account->steps);
	account_notes_free(&account->notes);
	changes_free(&account->changes);
}

void account_begin(struct account *account, struct walk *walk, struct history *history,
                   uint8_t pass, const struct known *known)
{
	account->walk = walk;
	account->history = history;
	account->pass = pass;
	account->known = known;
	account->known_used = 0;
	account->first_stay = 0;
	account->forever = 0;
	array_clear(&account->stays);
	array_clear(&account->calls);
	array_clear(&account->lives);
	array_clear(&account->runs);
	memset(account->stopped, 0, sizeof(account->stopped));
	array_clear(&account->deltas);
	account->free_delta = account->free_row = INDEX_NONE;
	account->last_end = 0;
	array_clear(&account->past);
	array_clear(&account->waits);
	array_clear(&account->retired);
	array_clear(&account->others);
	array_clear(&account->procs);
	array_clear(&account->rows);
	array_clear(&account->blocks);
	array_clear(&account->idles);
	array_clear(&account->assists);
	array_clear(&account->clips);
	array_clear(&account->clipped);
	array_clear(&account->workers);
	array_clear(&account->proc_changes);
	array_clear(&account->entries[0]);
	array_clear(&account->entries[1]);
	array_clear(&account->noted);
	array_clear(&account->noted_early);
	array_clear(&account->late_runs);
	array_clear(&account->left_runs);
	array_clear(&account->lost_calls);
	array_clear(&account->reborn);
	account->is_odd = false;
	account->units = 0;
	account->counter = account->call_counter = (struct counter){ .time = 0 };
	memset(account->heads, 0, sizeof(account->heads));
	account->died = account->blocked = account->plain = 0;
	account->clamped = account->dropped = 0;
	account_notes_begin(&account->notes);
	buckets_begin_beside(&account->buckets, &walk->buckets);
	steps_begin(&account->steps, walk->shift, walk->length_ns);
}
