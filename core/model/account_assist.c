/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account_at.h"

/* Mark assists whose ends are in different runs. */

/* Running time up to a moment of the current run. */
static int64_t exec_clock(const struct acting *a, part_time time)
{
	const struct go_life *life = a->life;
	int64_t since = life->is_head ? 0 : life->since, running = 0;

	if (life->state == GO_RUNNING && time > since)
		running = (int64_t)time - since - (life->is_head ? 0 : a->move->other);
	return (int64_t)life->exec + a->delta->head_exec + (running > 0 ? running : 0);
}

/* Where the piece of an assist on the current run begins. */
static struct clip *clip_of(const struct acting *a)
{
	array_resize(&a->account->clips, a->account->lives.count);
	return &a->account->clips.items[a->move->g];
}

void account_clip_from(const struct acting *a, part_time begin)
{
	clip_of(a)->from = begin;
}

void account_clip(const struct acting *a, part_time end)
{
	const struct clip *clip = clip_of(a);

	if (end > clip->from && a->life->proc != PROC_NONE)
		*array_push(&a->account->clipped) = (struct piece){
			.begin = clip->from,
			.end = end,
			.g = a->move->g,
			.ref = REF_NONE,
			.stack = clip->stack,
			.proc = a->life->proc,
			.kind = PIECE_ASSIST,
		};
}

static void assist_begins(const struct acting *a, bool was_active)
{
	struct account *account = a->account;
	part_time begin = was_active ? 0 : a->move->time;

	a->delta->assist = (uint32_t)account->assists.count;
	*array_push(&account->assists) = (struct far_assist){
		.g = a->move->g,
		.begin = begin,
		.end = TIME_NONE,
		.on_cpu = was_active ? 0 : -exec_clock(a, a->move->time),
		.ref = a->move->ref,
		.stack = a->move->stack,
		.proc = a->move->proc,
		.was_active = was_active,
	};
}

static void assist_ends(const struct acting *a)
{
	struct account *account = a->account;
	struct far_assist *assist;

	if (a->delta->assist == INDEX_NONE) {
		*array_push(&account->assists) = (struct far_assist){
			.g = a->move->g,
			.begin = TIME_NONE,
			.proc = PROC_NONE,
		};
		a->delta->assist = (uint32_t)account->assists.count - 1;
	}
	assist = &account->assists.items[a->delta->assist];
	assist->end = a->move->time;
	assist->on_cpu += exec_clock(a, a->move->time);
	a->delta->assist = INDEX_NONE;
}

void account_assist(const struct acting *a)
{
	a->life->is_kept = true;
	switch ((enum mark_kind)a->move->how) {
	case MARK_BEGIN:
		a->life->in_assist = true;
		*clip_of(a) = (struct clip){ a->move->time, a->move->stack };
		assist_begins(a, false);
		break;
	case MARK_END:
		if (a->life->in_assist)
			account_clip(a, a->move->time);
		a->life->in_assist = false;
		assist_ends(a);
		break;
	case MARK_ACTIVE:
		a->delta->is_assisting = true;
		if (!a->life->in_assist && a->life->is_head && a->life->state == GO_WAITING)
			a->account->heads[COUNT_GC_WAIT]++;
		if (!a->life->in_assist && a->account->walk->is_first)
			assist_begins(a, true);
		a->life->in_assist = true;
		break;
	}
}

void account_lose_assist(const struct acting *a)
{
	if (a->life->in_assist)
		assist_ends(a);
	a->life->in_assist = false;
}
