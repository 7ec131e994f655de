/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

#include "core/base/sort.h"

/* Mark phases, in the order of their own numbers, which are consecutive from the begin of tracing
 * on; each begin, end and, at the begin of a generation, going on has one. */

static int gc_order(const void *a, const void *b)
{
	const struct gc_event *x = a, *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

static struct gc_cycle *open_cycle(struct model *model)
{
	struct gc_cycle *last =
		model->cycles.count == 0 ? NULL : &model->cycles.items[model->cycles.count - 1];

	return last != NULL && last->is_open ? last : NULL;
}

static void end_cycle(struct gc_cycle *cycle, int64_t end_ns)
{
	cycle->end_ns = end_ns > cycle->begin_ns ? end_ns : cycle->begin_ns;
	cycle->is_open = false;
}

/* Its end is missing: it lasted as long as is known, and not into the next one. */
static void lose_cycle(struct seam *seam, int64_t until_ns)
{
	struct gc_cycle *cycle = open_cycle(seam->model);
	int64_t known_ns = seam->seams->has_loss ? seam->seams->lost_from_ns : 0;

	if (cycle != NULL)
		end_cycle(cycle, known_ns < until_ns ? known_ns : until_ns);
}

static void begin_cycle(struct seam *seam, const struct gc_event *event)
{
	struct model *model = seam->model;
	bool is_from_before = event->kind == MARK_ACTIVE && seam->is_first;
	int64_t begin_ns = is_from_before ? 0 : seam_ns(seam, event->time);

	lose_cycle(seam, begin_ns);
	if (model->cycles.count > 0 &&
	    begin_ns < model->cycles.items[model->cycles.count - 1].end_ns)
		begin_ns = model->cycles.items[model->cycles.count - 1].end_ns;
	*array_push(&model->cycles) = (struct gc_cycle){
		.seq = event->seq,
		.begin_ns = begin_ns,
		.end_ns = seam->part->end_ns > begin_ns ? seam->part->end_ns : begin_ns,
		.is_open = true,
	};
}

static void join_event(struct seam *seam, const struct gc_event *event)
{
	struct gc_cycle *open = open_cycle(seam->model);
	bool is_next = event->seq == seam->seams->gc_seq + 1;

	switch ((enum mark_kind)event->kind) {
	case MARK_BEGIN:
		begin_cycle(seam, event);
		break;
	case MARK_ACTIVE:
		if (open == NULL)
			begin_cycle(seam, event);
		break;
	case MARK_END: /* of another one, whose begin is missing, if numbers are */
		if (open != NULL && is_next)
			end_cycle(open, seam_ns(seam, event->time));
		else
			lose_cycle(seam, seam_ns(seam, event->time));
		break;
	}
	seam->seams->gc_seq = event->seq;
}

/* One that goes on says so at the begin of each generation. */
static bool goes_on(const struct walk *walk)
{
	for (size_t i = 0; i < walk->gc_events.count; i++)
		if (walk->gc_events.items[i].kind == MARK_ACTIVE)
			return true;
	return false;
}

void seam_join_cycles(struct seam *seam)
{
	struct model *model = seam->model;
	struct walk *walk = seam->walk;
	struct gc_cycle *open;

	if (seam->seams->has_loss && seam->is_whole && !goes_on(walk))
		lose_cycle(seam, seam->part->begin_ns);
	SORT_ARRAY(&walk->gc_events, gc_order);
	for (size_t i = 0; i < walk->gc_events.count; i++)
		join_event(seam, &walk->gc_events.items[i]);
	open = open_cycle(model);
	if (open != NULL && seam->part->end_ns > open->end_ns)
		open->end_ns = seam->part->end_ns;
}
