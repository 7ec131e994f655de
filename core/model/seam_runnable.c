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

/* Goes through steps that are in order, all that wait and the first of a part. */
struct merge {
	struct model *model;
	const struct part *part; /* NULL: the trace is at its end */
	const step_array *first;
	size_t held, late, next; /* of held, of both late ones, and of first */
	struct held now;         /* what steps at one moment come to */
	int64_t until_ns;        /* later ones wait on */
};

/* In a part's units. */
static struct held step_of(const struct step *step, int64_t begin_ns, unsigned shift)
{
	return (struct held){ begin_ns + (int64_t)((uint64_t)step->time << shift), step->add };
}

static void settle(struct merge *merge)
{
	if (merge->now.ns < merge->until_ns)
		count(merge->model, merge->now.add);
	else
		*array_push(&merge->model->seams->rest) = merge->now;
}

static void add(struct merge *merge, struct held step)
{
	if (step.ns != merge->now.ns) {
		settle(merge);
		merge->now = (struct held){ step.ns, 0 };
	}
	merge->now.add += step.add;
}

static struct held late_step(const struct seams *seams, size_t at)
{
	const step_array *late = seams->late;
	const struct step *step = at < late[0].count ? &late[0].items[at]
	                                             : &late[1].items[at - late[0].count];

	return step_of(step, seams->late_begin_ns, seams->late_shift);
}

static bool take_first(struct merge *merge, struct held *step)
{
	const struct seams *seams = merge->model->seams;
	const step_array *late = seams->late;
	size_t *from = NULL, first_late = late[0].count;

	if (merge->held < seams->held.count) {
		*step = seams->held.items[merge->held];
		from = &merge->held;
	}
	if (merge->late < first_late + late[1].count) {
		struct held next = late_step(seams, merge->late);

		if (from == NULL || next.ns < step->ns) {
			*step = next;
			from = &merge->late;
		}
	}
	if (merge->first != NULL && merge->next < merge->first->count) {
		struct held next = step_of(&merge->first->items[merge->next], merge->part->begin_ns,
		                           merge->part->shift);

		if (from == NULL || next.ns < step->ns) {
			*step = next;
			from = &merge->next;
		}
	}
	if (from != NULL)
		++*from;
	return from != NULL;
}

/* Steps that nothing else lies between, and that all count. */
struct alone {
	int64_t ns, sum, most;
};

static inline void alone_add(struct alone *alone, struct held step)
{
	if (step.ns != alone->ns && alone->sum > alone->most)
		alone->most = alone->sum;
	alone->ns = step.ns;
	alone->sum += step.add;
}

static void count_alone(struct model *model, const struct alone *alone)
{
	int64_t most = alone->sum > alone->most ? alone->sum : alone->most;

	count(model, most);
	count(model, alone->sum - most);
}

/* Late ones that are before all others. */
static void count_late(struct merge *merge)
{
	const struct seams *seams = merge->model->seams;
	size_t count = seams->late[0].count + seams->late[1].count;
	struct alone alone = { .ns = INT64_MIN };
	int64_t end_ns = seams->held.count > 0 ? seams->held.items[0].ns : INT64_MAX;

	if (merge->first != NULL && merge->first->count > 0) {
		int64_t ns = step_of(&merge->first->items[0], merge->part->begin_ns,
		                     merge->part->shift)
		                     .ns;

		end_ns = ns < end_ns ? ns : end_ns;
	}
	for (; merge->late < count; merge->late++) {
		struct held step = late_step(seams, merge->late);

		if (step.ns >= end_ns)
			break;
		alone_add(&alone, step);
	}
	count_alone(merge->model, &alone);
}

static bool is_first_alone(const struct merge *merge)
{
	const struct seams *seams = merge->model->seams;

	return merge->first != NULL && merge->until_ns == INT64_MAX &&
	       merge->held == seams->held.count &&
	       merge->late == seams->late[0].count + seams->late[1].count;
}

/* The first ones behind all others; some may be at the moment of what came last. */
static void count_first(struct merge *merge)
{
	const step_array *first = merge->first;
	struct alone alone = { .ns = INT64_MIN };
	struct held step;

	for (; merge->next < first->count; merge->next++) {
		step = step_of(&first->items[merge->next], merge->part->begin_ns,
		               merge->part->shift);
		if (step.ns != merge->now.ns)
			break;
		merge->now.add += step.add;
	}
	settle(merge);
	merge->now.add = 0;
	for (; merge->next < first->count; merge->next++)
		alone_add(&alone, step_of(&first->items[merge->next], merge->part->begin_ns,
		                          merge->part->shift));
	count_alone(merge->model, &alone);
}

static void merge_steps(struct merge *merge)
{
	struct seams *seams = merge->model->seams;
	held_array swap;
	struct held step;

	if (merge->part != NULL && merge->until_ns < INT64_MAX) /* at once: they may be many */
		array_reserve(&seams->rest, seams->held.count + seams->late[0].count +
		                                    seams->late[1].count + merge->first->count);
	merge->now.ns = INT64_MIN;
	if (merge->until_ns == INT64_MAX)
		count_late(merge);
	while (!is_first_alone(merge) && take_first(merge, &step))
		add(merge, step);
	if (is_first_alone(merge))
		count_first(merge);
	settle(merge);
	array_clear(&seams->late[0]);
	array_clear(&seams->late[1]);
	swap = seams->held;
	seams->held = seams->rest;
	seams->rest = swap;
	array_clear(&seams->rest);
}

/* The arrays change hands. */
static void hold(step_array *late, step_array *steps)
{
	step_array swap = *late;

	*late = *steps;
	*steps = swap;
	array_clear(steps);
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
	struct steps *steps = &seam->account->steps;
	struct merge merge = {
		.model = seam->model,
		.part = seam->part,
		.first = &steps->first,
		.until_ns = steps->has_middle ? INT64_MAX : seam->part->end_ns - STEPS_HOLD_NS,
	};

	if (seam->is_first) {
		seams->runnable = seam->account->heads[COUNT_RUNNABLE];
		seam->model->runnable_max = (uint64_t)seams->runnable;
	}
	if (seams->moved > 0)
		qsort(seams->held.items, seams->held.count, sizeof(struct held), held_order);
	seams->moved = 0;
	merge_steps(&merge);
	if (steps->has_middle) {
		if (seams->runnable + steps->middle_most > (int64_t)seam->model->runnable_max)
			seam->model->runnable_max =
				(uint64_t)(seams->runnable + steps->middle_most);
		seams->runnable += steps->middle;
	}
	hold(&seams->late[0], &steps->before);
	hold(&seams->late[1], &steps->last);
	seams->late_begin_ns = seam->part->begin_ns;
	seams->late_shift = seam->part->shift;
}

void seam_finish_runnable(struct model *model)
{
	struct merge merge = { .model = model, .until_ns = INT64_MAX };

	merge_steps(&merge);
}
