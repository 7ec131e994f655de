/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seams.h"

struct seams *seams_new(struct budget *budget)
{
	struct seams *seams = budget_resize(budget, NULL, 0, sizeof(*seams));

	*seams = (struct seams){ .held = { .budget = budget } };
	step_list_init(&seams->late[0], budget);
	step_list_init(&seams->late[1], budget);
	seams->rest.budget = budget;
	seams->sweeps.budget = seams->reasons.budget = budget;
	seams->losers.budget = seams->past.budget = budget;
	seams->whole.budget = seams->others.budget = seams->charged.budget = budget;
	seams->names.budget = seams->amounts.budget = budget;
	seams->counted.budget = seams->go_of.budget = seams->proc_of.budget =
		seams->own_proc.budget = budget;
	seams->keys.budget = seams->room.budget = seams->idle_procs.budget = budget;
	seams->heap.budget = seams->goal.budget = budget;
	return seams;
}

void seams_free(struct seams *seams, struct budget *budget)
{
	array_free(&seams->held);
	array_free(&seams->rest);
	step_list_free(&seams->late[0]);
	step_list_free(&seams->late[1]);
	array_free(&seams->sweeps);
	array_free(&seams->losers);
	array_free(&seams->past);
	array_free(&seams->reasons);
	array_free(&seams->go_of);
	array_free(&seams->counted);
	array_free(&seams->whole);
	array_free(&seams->others);
	array_free(&seams->charged);
	array_free(&seams->names);
	array_free(&seams->amounts);
	array_free(&seams->proc_of);
	array_free(&seams->own_proc);
	array_free(&seams->keys);
	array_free(&seams->room);
	array_free(&seams->idle_procs);
	array_free(&seams->heap);
	array_free(&seams->goal);
	budget_resize(budget, seams, sizeof(*seams), 0);
}
