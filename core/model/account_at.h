/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_ACCOUNT_AT_H
#define CORE_MODEL_ACCOUNT_AT_H

#include "core/model/account.h"
#include "core/model/turn.h"

/* Inside of the account: a move and whom it is about. */

struct acting {
	struct account *account;
	const struct move *move;
	struct go_life *life;
	struct go_delta *delta;
};

static inline struct acting account_acting(struct account *account, const struct move *move)
{
	return (struct acting){
		.account = account,
		.move = move,
		.life = &account->lives.items[move->g],
		.delta = account_own_delta(account, move->g),
	};
}

/* One that has ended is plain from now on, if nothing is special about it: its delta is free for
 * others. */
void account_fold(const struct acting *a);

/* One of which nothing is known. */
extern const struct go_delta account_new_delta;

/* Nobody knows what it does from now on. */
void account_forget(const struct acting *a);

/* An end of a mark assist whose other end is in another run (account_assist.c). */
void account_assist(const struct acting *a);

/* The assist that the goroutine is in, if any, is over for all that is known. */
void account_lose_assist(const struct acting *a);

/* An assist covers the current run from there on, or up to there. */
void account_clip_from(const struct acting *a, part_time begin);
void account_clip(const struct acting *a, part_time end);

/* A run that begins, one that ends - row: of its syscalls, or INDEX_NONE - and a wake-up, for the
 * history that is being made (account_record.c). */
void account_record_open(const struct acting *a);
void account_record_close(const struct acting *a, uint32_t row);
void account_record_wake(const struct acting *a);
void account_record_life(struct account *account, const struct move *move);

/* The run that a goroutine is in, as a record; INDEX_NONE. */
static inline uint32_t account_run_of(const struct go_life *life)
{
	return life->record & (RECORD_WAKE | RECORD_TURN) ? INDEX_NONE : life->record;
}

/* One that has to be a record: it has no end here, or one in a syscall. Where the pass has not noted
 * what it begins with, first stands for that: an event of it that is not behind its syscalls. */
void account_record_run(struct account *account, uint32_t g, event_ref first);

#endif
