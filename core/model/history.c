/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/history.h"

struct history *history_new(struct budget *budget)
{
	struct history *history = budget_resize(budget, NULL, 0, sizeof(*history));

	*history = (struct history){ .budget = budget, .share = { 0, SHARE_ALL } };
	history->runs.budget = history->wakes.budget = history->reasons.budget = budget;
	history->go_of.budget = history->lives.budget = history->threads.budget = budget;
	history->late_wakes.budget = history->turns.budget = history->told_records.budget = budget;
	for (int i = 0; i < HISTORY_MOMENTS; i++)
		history->moments[i].budget = budget;
	history->regions.budget = history->logs.budget = history->logs_of_gos.budget = budget;
	history->regions_of_gos.budget = history->proc_moves.budget = budget;
	history->heap.budget = budget;
	lanes_init(&history->lanes, budget);
	strands_init(&history->strands, budget);
	changes_init(&history->changes, budget);
	return history;
}

void history_free(struct history *history)
{
	if (history == NULL)
		return;
	array_free(&history->runs);
	array_free(&history->wakes);
	array_free(&history->reasons);
	array_free(&history->go_of);
	array_free(&history->lives);
	array_free(&history->threads);
	array_free(&history->late_wakes);
	array_free(&history->turns);
	array_free(&history->told_records);
	for (int i = 0; i < HISTORY_MOMENTS; i++)
		array_free(&history->moments[i]);
	array_free(&history->regions);
	array_free(&history->regions_of_gos);
	array_free(&history->logs);
	array_free(&history->logs_of_gos);
	array_free(&history->proc_moves);
	array_free(&history->heap);
	lanes_free(&history->lanes);
	strands_free(&history->strands);
	changes_free(&history->changes);
	budget_resize(history->budget, history, sizeof(*history), 0);
}

struct history *history_renew(struct history *old)
{
	struct history *history = history_new(old->budget);
	turn_array turns = old->turns;
	struct changes changes = old->changes;

	old->turns = history->turns;
	old->changes = history->changes;
	array_clear(&turns);
	history->turns = turns;
	history->changes = changes;
	history_free(old);
	return history;
}

void history_trim(struct history *history)
{
	array_trim(&history->runs);
	array_trim(&history->wakes);
	array_trim(&history->go_of);
	array_trim(&history->regions);
	array_trim(&history->logs);
	array_trim(&history->proc_moves);
	array_trim(&history->lanes.pieces);
	for (int i = 0; i < CHANGE_STRETCHES; i++)
		array_trim(&history->changes.stretch[i]);
}

void history_add_stay(piece_array *pieces, const struct run *run, const struct stay *stay)
{
	part_time begin = stay->begin < run->begin ? run->begin : stay->begin;
	part_time end = stay->end > run->end ? run->end : stay->end;

	*array_push(pieces) = (struct piece){
		.begin = begin,
		.end = end < begin ? begin : end,
		.g = run->g,
		.ref = stay->ref,
		.stack = stay->stack,
		.proc = run->proc,
		.kind = PIECE_SYSCALL,
		.is_whole = (run->open == RUN_START || run->open == RUN_SWITCH) &&
		            run->end != TIME_NONE,
	};
}
