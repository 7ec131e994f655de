/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/same/teller.h"

/* Events of ranges and of the heap. */

void tell_stop_begin(struct teller *t)
{
	const struct event *e = t->event;

	*array_push(&t->story->stops) = (struct story_stop){
		.begin_ns = t->now_ns,
		.thread = e->m,
		.go = e->g,
		.proc = e->p,
		.last_proc = EVENT_NONE,
		.last_go = EVENT_NONE,
		.reason = teller_text(t, e->arg[0]),
		.is_open = true,
	};
	*array_push(&t->holders) = (struct holder){ teller_here(t), TIME_UNKNOWN, t->generation };
}

/* The open stop of this thread (the last helper of v1 ends it, wherever it is); NULL. */
static struct story_stop *open_stop(struct teller *t)
{
	for (size_t i = t->story->stops.count; i-- > 0;)
		if (t->story->stops.items[i].is_open &&
		    (t->story->is_v1 || t->story->stops.items[i].thread == t->event->m))
			return &t->story->stops.items[i];
	return NULL;
}

void tell_stop_end(struct teller *t)
{
	struct story_stop *stop = open_stop(t);

	if (stop == NULL)
		return;
	stop->end_ns = t->now_ns;
	stop->is_open = false;
}

void tell_procs_change(struct teller *t)
{
	struct story_stop *stop = open_stop(t);
	struct holder *holder;

	if (t->now_ns >= t->gomaxprocs_ns) {
		t->gomaxprocs_ns = t->now_ns;
		t->story->gomaxprocs = t->event->arg[0];
	}
	if (stop == NULL)
		return;
	holder = &t->holders.items[stop - t->story->stops.items];
	if (holder->restart_ns == TIME_UNKNOWN)
		holder->restart_ns = t->now_ns;
}

void tell_gc_begin(struct teller *t, int64_t begin_ns)
{
	*array_push(&t->story->cycles) = (struct story_range){ begin_ns, TIME_UNKNOWN, 0 };
}

void tell_gc_end(struct teller *t)
{
	size_t count = t->story->cycles.count;
	struct story_range *cycle = count > 0 ? &t->story->cycles.items[count - 1] : NULL;

	if (cycle != NULL && cycle->end_ns == TIME_UNKNOWN)
		cycle->end_ns = t->now_ns > cycle->begin_ns ? t->now_ns : cycle->begin_ns;
}

void tell_assist_begin(struct teller *t, uint64_t id, int64_t begin_ns)
{
	uint32_t g = teller_find_go(t, id);

	t->gos.items[g].assist = (uint32_t)t->story->assists.count;
	t->gos.items[g].assist_ns = begin_ns;
	t->gos.items[g].assist_generation = t->generation;
	*array_push(&t->assist_gos) = g;
	*array_push(&t->story->assists) = (struct story_assist){
		.begin_ns = begin_ns,
		.go = id,
		.proc = t->event->p,
		.is_open = true,
	};
}

void tell_assist_end(struct teller *t)
{
	uint32_t g = teller_here(t);
	struct story_assist *assist;

	if (g == INDEX_NONE || t->gos.items[g].assist == INDEX_NONE)
		return;
	assist = &t->story->assists.items[t->gos.items[g].assist];
	assist->end_ns = t->now_ns;
	assist->is_open = false;
	t->gos.items[g].assist = INDEX_NONE;
	if (t->now_ns > t->gos.items[g].assist_ns)
		teller_add_inner(t, &t->gos.items[g], SPAN_ASSIST, t->gos.items[g].assist_ns,
		                 t->now_ns, t->gos.items[g].assist_generation != t->generation);
	share_add(&t->story->gos.items[g].ranges, t->assist_name,
	          assist->end_ns - assist->begin_ns);
}

/* A sweep is its goroutine's if the same one begins and ends it. */
void tell_sweep_begin(struct teller *t, uint64_t p, int64_t begin_ns)
{
	struct now_proc *proc;

	if (p == EVENT_NONE || t->event->g == EVENT_NONE)
		return;
	proc = teller_proc_now(t, p);
	proc->sweep_go = teller_here(t);
	proc->sweep_ns = begin_ns;
}

void tell_sweep_end(struct teller *t)
{
	struct now_proc *proc;
	uint32_t g = teller_here(t);

	if (t->event->p == EVENT_NONE)
		return;
	proc = teller_proc_now(t, t->event->p);
	if (g != INDEX_NONE && proc->sweep_go == g)
		share_add(&t->story->gos.items[g].ranges, t->sweep_name,
		          t->now_ns - proc->sweep_ns);
	proc->sweep_go = INDEX_NONE;
}

void tell_metric(struct teller *t)
{
	uint64_t value = t->event->arg[0];
	bool is_heap = t->event->type == WIRE_HEAP_ALLOC;

	if (is_heap && value > t->story->heap_max)
		t->story->heap_max = value;
	if (is_heap)
		*array_push(&t->story->heap) = (struct metric_point){ t->now_ns, value };
	else
		*array_push(&t->story->goal) = (struct metric_point){ t->now_ns, value };
}
