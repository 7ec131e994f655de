/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

#include <stdlib.h>

/* The largest number of runnable goroutines at any time. Events of a generation may precede those
 * of the one before (by 6 ms in what was measured), so that the last steps of each part wait for
 * the next one's first. Of steps at one time those down come first: the number counts when all are
 * done. */

static void count(struct model *model, int64_t add)
{
	struct seams *seams = model->seams;

	seams->runnable += add;
	if (seams->runnable > (int64_t)model->runnable_max)
		model->runnable_max = (uint64_t)seams->runnable;
}

/* The held steps and the part's first ones, by time; those at one moment are one. */
static void merge(struct seam *seam, const step_array *first)
{
	struct seams *seams = seam->seams;
	size_t h = 0, f = 0;

	array_clear(&seams->first);
	while (h < seams->held.count || f < first->count) {
		bool of_held = f == first->count ||
		               (h < seams->held.count &&
		                seams->held.items[h].ns <= seam_ns(seam, first->items[f].time));
		struct held next;

		if (of_held) {
			next = seams->held.items[h++];
		} else {
			next = (struct held){ seam_ns(seam, first->items[f].time),
				              first->items[f].add };
			f++;
		}
		if (seams->first.count > 0 &&
		    seams->first.items[seams->first.count - 1].ns == next.ns)
			seams->first.items[seams->first.count - 1].add += next.add;
		else
			*array_push(&seams->first) = next;
	}
}

static void hold(struct seam *seam, const step_array *steps)
{
	for (size_t i = 0; i < steps->count; i++)
		*array_push(&seam->seams->held) = (struct held){
			seam_ns(seam, steps->items[i].time),
			steps->items[i].add,
		};
}

void seam_floor_runnable(struct seam *seam, const struct go_delta *delta, part_time floor)
{
	struct seams *seams = seam->seams;
	size_t max = 2 * seam->account->steps.first.count;
	bool was = (delta->came_out != GO_UNKNOWN ? delta->came_out : delta->head_state) ==
	           GO_RUNNABLE;

	for (unsigned i = 0; i < delta->early_count && delta->early[i].time < floor; i++) {
		bool is = delta->early[i].state == GO_RUNNABLE;

		if (is != was && seams->moved < max) {
			*array_push(&seams->held) = (struct held){
				seam_ns(seam, delta->early[i].time),
				is ? -1 : 1,
			};
			*array_push(&seams->held) =
				(struct held){ seam_ns(seam, floor), is ? 1 : -1 };
			seams->moved += 2;
		}
		was = is;
	}
}

static int held_order(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	return (x->ns > y->ns) - (x->ns < y->ns);
}

void seam_join_runnable(struct seam *seam)
{
	struct seams *seams = seam->seams;
	const struct steps *steps = &seam->account->steps;
	int64_t until_ns = steps->has_middle ? INT64_MAX : seam->part->end_ns - STEPS_HOLD_NS;

	if (seam->is_first) {
		seams->runnable = seam->account->heads[COUNT_RUNNABLE];
		seam->model->runnable_max = (uint64_t)seams->runnable;
	}
	if (seams->moved > 0)
		qsort(seams->held.items, seams->held.count, sizeof(struct held), held_order);
	seams->moved = 0;
	merge(seam, &steps->first);
	array_clear(&seams->held);
	for (size_t i = 0; i < seams->first.count; i++) {
		if (seams->first.items[i].ns < until_ns)
			count(seam->model, seams->first.items[i].add);
		else
			*array_push(&seams->held) = seams->first.items[i];
	}
	if (steps->has_middle) {
		if (seams->runnable + steps->middle_most > (int64_t)seam->model->runnable_max)
			seam->model->runnable_max =
				(uint64_t)(seams->runnable + steps->middle_most);
		seams->runnable += steps->middle;
	}
	hold(seam, &steps->before);
	hold(seam, &steps->last);
}

void seam_finish_runnable(struct model *model)
{
	for (size_t i = 0; i < model->seams->held.count; i++)
		count(model, model->seams->held.items[i].add);
	array_clear(&model->seams->held);
}
