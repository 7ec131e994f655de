/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/same/teller.h"

#include <stdio.h>
#include <stdlib.h>

static void finish_go(struct teller *t, uint32_t g)
{
	struct now_go *go = &t->gos.items[g];

	if (go->state == GO_DEAD || go->state == GO_UNKNOWN)
		return;
	go->last_ns = t->story->end_ns;
	teller_leave(t, g, GO_DEAD);
}

static void finish_proc(struct teller *t, uint32_t p)
{
	struct now_proc *proc = &t->procs.items[p];
	struct story *story = t->story;
	struct story_go *go;

	if (proc->state == EVENT_PROC_IDLE)
		story->procs.items[p].idle_ns += story->end_ns - proc->since_ns;
	if (proc->sweep_go == INDEX_NONE)
		return;
	go = &story->gos.items[proc->sweep_go];
	share_add(&go->ranges, t->sweep_name,
	          (go->ended_ns != TIME_UNKNOWN ? go->ended_ns : story->end_ns) - proc->sweep_ns);
}

static void charge_stop(struct teller *t, const struct story_stop *stop, uint32_t go)
{
	struct bytes reason = strings_text(t->story->strings, stop->reason);
	char title[1200];

	snprintf(title, sizeof(title), "stop-the-world (%.*s)", (int)reason.len,
	         (const char *)reason.data);
	if (go != INDEX_NONE)
		share_add(&t->story->gos.items[go].ranges,
		          strings_add(t->story->strings, bytes_of(title)),
		          stop->end_ns - stop->begin_ns);
}

/* The last other P to stand still, until the world is started again. */
static void finish_stop(struct teller *t, struct story_stop *stop, const struct holder *holder)
{
	int64_t until_ns, latest_ns = -1;

	if (stop->is_open)
		stop->end_ns = t->story->end_ns;
	until_ns = holder->restart_ns != TIME_UNKNOWN ? holder->restart_ns : stop->end_ns;
	for (size_t i = 0; i < t->halts.count; i++) {
		const struct halt *halt = &t->halts.items[i];

		if (halt->proc == stop->proc || halt->generation != holder->generation ||
		    halt->ns < stop->begin_ns || halt->ns > until_ns || halt->ns < latest_ns)
			continue;
		stop->is_tied = halt->ns == latest_ns;
		latest_ns = halt->ns;
		stop->stopping_ns = halt->ns - stop->begin_ns;
		stop->last_proc = halt->proc;
		stop->last_go = halt->last_go;
	}
	charge_stop(t, stop, holder->go);
}

/* How long it ran meanwhile. */
static int64_t on_cpu(const struct story_go *go, const struct story_assist *assist)
{
	int64_t sum = 0;

	for (size_t i = 0; i < go->stays.count; i++) {
		const struct story_stay *stay = &go->stays.items[i];
		int64_t from = stay->begin_ns, to = stay->end_ns;

		from = from > assist->begin_ns ? from : assist->begin_ns;
		to = to < assist->end_ns ? to : assist->end_ns;
		if (stay->state == GO_RUNNING && to > from)
			sum += to - from;
	}
	return sum;
}

static void finish_assist(struct teller *t, struct story_assist *assist, uint32_t g)
{
	struct story_go *go = &t->story->gos.items[g];

	if (assist->is_open) {
		assist->end_ns = t->story->end_ns;
		share_add(&go->ranges, t->assist_name,
		          (go->ended_ns != TIME_UNKNOWN ? go->ended_ns : assist->end_ns) -
		                  assist->begin_ns);
	}
	assist->on_cpu_ns = on_cpu(go, assist);
}

static int change_order(const void *a, const void *b)
{
	const struct change_of *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return x->add - y->add;
}

static void count_runnable(struct teller *t)
{
	int64_t now = 0;

	if (t->changes.count > 1)
		qsort(t->changes.items, t->changes.count, sizeof(*t->changes.items), change_order);
	for (size_t i = 0; i < t->changes.count; i++) {
		now += t->changes.items[i].add;
		if (now > (int64_t)t->story->runnable_max)
			t->story->runnable_max = (uint64_t)now;
	}
}

/* Of sorted points, the last that is not later than a time. */
static struct metric_point last_point(const point_array *points, int64_t time_ns)
{
	struct metric_point last = { time_ns, (uint64_t)METRIC_UNKNOWN };

	for (size_t i = 0; i < points->count && points->items[i].time_ns <= time_ns; i++)
		last.value = points->items[i].value;
	return last;
}

/* All values recorded become those at the ends of cycles. */
static void look_up_heap(struct story *story)
{
	point_array heap = { .budget = story->budget }, goal = heap;

	for (size_t i = 0; i < story->cycles.count; i++) {
		const struct story_range *cycle = &story->cycles.items[i];

		*array_push(&heap) = last_point(&story->heap, cycle->begin_ns);
		*array_push(&heap) = last_point(&story->heap, cycle->end_ns);
		*array_push(&goal) = last_point(&story->goal, cycle->begin_ns);
	}
	array_free(&story->heap);
	array_free(&story->goal);
	story->heap = heap;
	story->goal = goal;
	story_sort(story);
}

void tell_end(struct teller *t)
{
	struct story *story = t->story;

	t->is_over = true;
	for (uint32_t g = 0; g < t->gos.count; g++)
		finish_go(t, g);
	for (uint32_t p = 0; p < t->procs.count; p++)
		finish_proc(t, p);
	for (size_t i = 0; i < story->stops.count; i++)
		finish_stop(t, &story->stops.items[i], &t->holders.items[i]);
	for (size_t i = 0; i < story->assists.count; i++)
		finish_assist(t, &story->assists.items[i], t->assist_gos.items[i]);
	for (size_t i = 0; i < story->cycles.count; i++)
		if (story->cycles.items[i].end_ns == TIME_UNKNOWN)
			story->cycles.items[i].end_ns = story->end_ns;
	count_runnable(t);
	story_sort(story);
	look_up_heap(story);
}
