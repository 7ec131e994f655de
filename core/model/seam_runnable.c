/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

/* The largest number of runnable goroutines at any time. Events of a generation may precede those
 * of the one before (by 6 ms in what was measured), so that the last steps of each part wait for
 * the next one's first. Of steps at one time those down come first: the number counts when all are
 * done. */

enum { HOLD_NS = 64000000 };

/* The held steps and those of a part, merged by time. */
struct steps {
	const struct seam *seam; /* NULL: only the held ones */
	const struct held *held;
	size_t held_count, held_at;
	struct change_cursor cursor;
	struct held next;
	bool has_next;
};

static bool next_of_part(struct steps *steps, struct held *next)
{
	enum change change;
	part_time time;

	if (steps->seam == NULL)
		return false;
	for (; change_look(&steps->cursor, &time, &change); change_step(&steps->cursor)) {
		next->add = change_adds[change][COUNT_RUNNABLE];
		next->ns = seam_ns(steps->seam, time);
		if (next->add != 0)
			return true;
	}
	return false;
}

static void advance(struct steps *steps)
{
	struct held of_part;
	bool has_part = next_of_part(steps, &of_part);
	bool has_held = steps->held_at < steps->held_count;

	steps->has_next = has_part || has_held;
	if (has_held && (!has_part || steps->held[steps->held_at].ns <= of_part.ns)) {
		steps->next = steps->held[steps->held_at++];
	} else if (has_part) {
		steps->next = of_part;
		change_step(&steps->cursor);
	}
}

/* Takes all steps before a time. */
static void take(struct steps *steps, struct model *model, int64_t until_ns)
{
	struct seams *seams = model->seams;

	while (steps->has_next && steps->next.ns < until_ns) {
		int64_t ns = steps->next.ns;

		for (; steps->has_next && steps->next.ns == ns; advance(steps))
			seams->runnable += steps->next.add;
		if (seams->runnable > (int64_t)model->runnable_max)
			model->runnable_max = (uint64_t)seams->runnable;
	}
}

void seam_join_runnable(struct seam *seam)
{
	struct seams *seams = seam->seams;
	struct steps steps = {
		.seam = seam,
		.held = seams->held.items,
		.held_count = seams->held.count,
		.cursor = changes_from(&seam->account->changes, 0),
	};

	if (seam->is_first) {
		seams->runnable = seam->account->counts[COUNT_RUNNABLE];
		seam->model->runnable_max = (uint64_t)seams->runnable;
	}
	advance(&steps);
	take(&steps, seam->model, seam->part->end_ns - HOLD_NS);
	array_clear(&seams->spare);
	for (; steps.has_next; advance(&steps))
		*array_push(&seams->spare) = steps.next;
	{
		struct held *items = seams->held.items;
		size_t capacity = seams->held.capacity;

		seams->held.items = seams->spare.items;
		seams->held.capacity = seams->spare.capacity;
		seams->held.count = seams->spare.count;
		seams->spare.items = items;
		seams->spare.capacity = capacity;
	}
}

void seam_finish_runnable(struct model *model)
{
	struct steps steps = {
		.held = model->seams->held.items,
		.held_count = model->seams->held.count,
	};

	advance(&steps);
	take(&steps, model, INT64_MAX);
	array_clear(&model->seams->held);
}
