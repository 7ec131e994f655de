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

/* Steps of a part, or what is left of the one before: one list behind the other. */
struct line {
	struct step_reader reader;
	const struct step_list *second; /* NULL: there is none, or it is read */
	int64_t begin_ns;
	unsigned shift; /* of the part's units */
	struct held next;
	bool has_next;
};

static void advance(struct line *line)
{
	struct step step;

	line->has_next = line->reader.list != NULL && step_reader_next(&line->reader, &step);
	if (!line->has_next && line->second != NULL) {
		line->reader = (struct step_reader){ .list = line->second };
		line->second = NULL;
		line->has_next = step_reader_next(&line->reader, &step);
	}
	if (line->has_next)
		line->next = (struct held){
			line->begin_ns + (int64_t)((uint64_t)step.time << line->shift), step.add
		};
}

/* Goes through steps that are in order, all that wait and the first of a part. */
struct merge {
	struct model *model;
	struct line late, first;
	size_t held;      /* the next of them */
	struct held now;  /* what steps at one moment come to */
	int64_t until_ns; /* later ones wait on */
};

/* part: NULL: the trace is at its end. */
static void begin_lines(struct merge *merge, const struct part *part, const struct steps *steps)
{
	const struct seams *seams = merge->model->seams;

	merge->late = (struct line){ .reader = { .list = &seams->late[0] },
		                     .second = &seams->late[1],
		                     .begin_ns = seams->late_begin_ns,
		                     .shift = seams->late_shift };
	if (part != NULL)
		merge->first = (struct line){ .reader = { .list = &steps->first },
			                      .begin_ns = part->begin_ns,
			                      .shift = part->shift };
	advance(&merge->late);
	advance(&merge->first);
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

static bool take_first(struct merge *merge, struct held *step)
{
	const struct seams *seams = merge->model->seams;
	bool has_held = merge->held < seams->held.count;
	struct line *line = NULL;

	if (has_held)
		*step = seams->held.items[merge->held];
	if (merge->late.has_next && (!has_held || merge->late.next.ns < step->ns))
		*step = (line = &merge->late)->next;
	if (merge->first.has_next &&
	    ((!has_held && line == NULL) || merge->first.next.ns < step->ns))
		*step = (line = &merge->first)->next;
	if (line != NULL)
		advance(line);
	else
		merge->held += has_held;
	return has_held || line != NULL;
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
	struct alone alone = { .ns = INT64_MIN };
	int64_t end_ns = seams->held.count > 0 ? seams->held.items[0].ns : INT64_MAX;

	if (merge->first.has_next && merge->first.next.ns < end_ns)
		end_ns = merge->first.next.ns;
	for (; merge->late.has_next && merge->late.next.ns < end_ns; advance(&merge->late))
		alone_add(&alone, merge->late.next);
	count_alone(merge->model, &alone);
}

static bool is_first_alone(const struct merge *merge)
{
	return merge->first.has_next && merge->until_ns == INT64_MAX &&
	       merge->held == merge->model->seams->held.count && !merge->late.has_next;
}

/* The first ones behind all others; some may be at the moment of what came last. */
static void count_first(struct merge *merge)
{
	struct line *first = &merge->first;
	struct alone alone = { .ns = INT64_MIN };

	for (; first->has_next && first->next.ns == merge->now.ns; advance(first))
		merge->now.add += first->next.add;
	settle(merge);
	merge->now.add = 0;
	for (; first->has_next; advance(first))
		alone_add(&alone, first->next);
	count_alone(merge->model, &alone);
}

/* steps: of the part; NULL. */
static void merge_steps(struct merge *merge, const struct part *part, const struct steps *steps)
{
	struct seams *seams = merge->model->seams;
	held_array swap;
	struct held step;

	if (part != NULL && merge->until_ns < INT64_MAX) /* at once: they may be many */
		array_reserve(&seams->rest, seams->held.count + step_list_count(&seams->late[0]) +
		                                    step_list_count(&seams->late[1]) +
		                                    step_list_count(&steps->first));
	begin_lines(merge, part, steps);
	merge->now.ns = INT64_MIN;
	if (merge->until_ns == INT64_MAX)
		count_late(merge);
	while (!is_first_alone(merge) && take_first(merge, &step))
		add(merge, step);
	if (is_first_alone(merge))
		count_first(merge);
	settle(merge);
	step_list_clear(&seams->late[0]);
	step_list_clear(&seams->late[1]);
	swap = seams->held;
	seams->held = seams->rest;
	seams->rest = swap;
	array_clear(&seams->rest);
}

/* The arrays change hands. */
static void hold(struct step_list *late, struct step_list *steps)
{
	struct step_list swap = *late;

	*late = *steps;
	*steps = swap;
	step_list_clear(steps);
}

void seam_floor_runnable(struct seam *seam, const struct go_delta *delta, part_time floor)
{
	struct seams *seams = seam->seams;
	size_t max = 2 * step_list_count(&seam->account->steps.first);
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
		.until_ns = steps->has_middle ? INT64_MAX : seam->part->end_ns - STEPS_HOLD_NS,
	};

	if (seam->is_first) {
		seams->runnable = seam->account->heads[COUNT_RUNNABLE];
		seam->model->runnable_max = (uint64_t)seams->runnable;
	}
	if (seams->moved > 0)
		qsort(seams->held.items, seams->held.count, sizeof(struct held), held_order);
	seams->moved = 0;
	merge_steps(&merge, seam->part, steps);
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

	merge_steps(&merge, NULL, NULL);
}
