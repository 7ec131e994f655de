/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order.h"
#include "core/trace/v1_events.h"

#include "tests/same/teller.h"

/* The story as the events in Go's order tell it. Naive on purpose: a state of each goroutine and of
 * each P, changed by one event after the other; lists are searched from their end. Rules: Go:
 * internal/trace/event.go and summary.go, as walk.md mends them. */

static void tell_event(struct teller *t)
{
	const struct event *e = t->event;

	switch ((enum wire_type)e->type) {
	case WIRE_PROC_START:
		teller_proc_to(t, e->arg[0], EVENT_PROC_RUNNING);
		break;
	case WIRE_PROC_STOP:
		teller_proc_to(t, e->p, EVENT_PROC_IDLE);
		break;
	case WIRE_PROC_STEAL:
		teller_proc_to(t, e->arg[0], EVENT_PROC_IDLE);
		break;
	case WIRE_PROC_STATUS:
		tell_proc_status(t);
		break;
	case WIRE_GO_STATUS:
	case WIRE_GO_STATUS_STACK:
		tell_go_status(t);
		break;
	case WIRE_GO_CREATE:
		tell_go_create(t, GO_RUNNABLE);
		break;
	case WIRE_GO_CREATE_BLOCKED:
		tell_go_create(t, GO_WAITING);
		break;
	case WIRE_GO_CREATE_SYSCALL:
		tell_go_create(t, GO_SYSCALL);
		break;
	case WIRE_GO_START:
		tell_go_start(t);
		break;
	case WIRE_GO_STOP:
		tell_go_stop(t, GO_RUNNABLE);
		break;
	case WIRE_GO_BLOCK:
		tell_go_stop(t, GO_WAITING);
		break;
	case WIRE_GO_DESTROY:
	case WIRE_GO_DESTROY_SYSCALL:
		tell_go_here_to(t, GO_DEAD);
		break;
	case WIRE_GO_UNBLOCK:
	case WIRE_GO_SWITCH:
	case WIRE_GO_SWITCH_DESTROY:
		tell_go_wake(t);
		break;
	case WIRE_GO_SYSCALL_BEGIN:
		tell_syscall_begin(t);
		break;
	case WIRE_GO_SYSCALL_END:
		tell_go_here_to(t, GO_RUNNING);
		break;
	case WIRE_GO_SYSCALL_END_BLOCKED:
		tell_go_here_to(t, GO_RUNNABLE);
		break;
	case WIRE_GO_LABEL:
		tell_label(t);
		break;
	case WIRE_PROCS_CHANGE:
		tell_procs_change(t);
		break;
	case WIRE_STW_BEGIN:
		tell_stop_begin(t);
		break;
	case WIRE_STW_END:
		tell_stop_end(t);
		break;
	case WIRE_GC_ACTIVE:
		if (t->is_first)
			tell_gc_begin(t, 0);
		break;
	case WIRE_GC_BEGIN:
		tell_gc_begin(t, t->now_ns);
		break;
	case WIRE_GC_END:
		tell_gc_end(t);
		break;
	case WIRE_GC_MARK_ASSIST_ACTIVE:
		if (t->is_first)
			tell_assist_begin(t, e->arg[0], 0);
		break;
	case WIRE_GC_MARK_ASSIST_BEGIN:
		tell_assist_begin(t, e->g, t->now_ns);
		break;
	case WIRE_GC_MARK_ASSIST_END:
		tell_assist_end(t);
		break;
	case WIRE_GC_SWEEP_ACTIVE:
		if (t->is_first)
			tell_sweep_begin(t, e->arg[0], 0);
		break;
	case WIRE_GC_SWEEP_BEGIN:
		tell_sweep_begin(t, e->p, t->now_ns);
		break;
	case WIRE_GC_SWEEP_END:
		tell_sweep_end(t);
		break;
	case WIRE_HEAP_ALLOC:
	case WIRE_HEAP_GOAL:
		tell_metric(t);
		break;
	case WIRE_USER_REGION_BEGIN:
		tell_region_begin(t);
		break;
	case WIRE_USER_REGION_END:
		tell_region_end(t);
		break;
	case WIRE_USER_LOG:
		tell_log(t);
		break;
	case WIRE_USER_TASK_BEGIN:
	case WIRE_USER_TASK_END:
		tell_task(t);
		break;
	default:
		break;
	}
}

/* What a thread tells is in the order in which it was. */
static void take_time(struct teller *t, uint64_t writer)
{
	uint32_t at;

	if (writer == EVENT_NONE)
		return;
	at = teller_find_thread(t, writer); /* moves the times */
	if (t->now_ns < t->thread_ns.items[at])
		t->now_ns = t->thread_ns.items[at];
	t->thread_ns.items[at] = t->now_ns;
}

static void take_event(struct teller *t, const struct event *e)
{
	uint64_t writer = e->offset == EVENT_NONE ? e->m : story_thread_at(t->index, e->offset);
	bool is_sync = e->type == WIRE_SYNC, is_sample = e->type == WIRE_CPU_SAMPLE;
	bool counts = !is_sync && !is_sample && e->offset != t->last_offset;

	if (is_sync) {
		t->generation++;
		t->is_first = !t->is_begun;
		t->start_ns = t->is_begun ? t->start_ns : e->recorded_ns;
		t->is_begun = true;
		for (size_t i = 0; i < t->thread_ns.count; i++)
			t->thread_ns.items[i] = 0;
		id_map_clear(&t->stack_of);
		array_clear(&t->stacks);
		return;
	}
	t->event = e;
	t->writer = writer;
	t->now_ns = e->recorded_ns - t->start_ns;
	t->is_switch = e->offset == t->last_offset && e->offset != EVENT_NONE;
	t->last_offset = e->offset;
	t->story->events += counts;
	t->story->samples += is_sample;
	if (!is_sample)
		take_time(t, writer);
	teller_see_thread(t, is_sample ? e->m : writer, is_sample, counts);
	if (e->type == WIRE_GO_STATUS || e->type == WIRE_GO_STATUS_STACK)
		teller_see_thread(t, e->m, false, false); /* named from afar */
	t->story->end_ns = t->now_ns > t->story->end_ns ? t->now_ns : t->story->end_ns;
	if (is_sample)
		tell_sample(t);
	else
		tell_event(t);
}

static void tell_v2(struct teller *t, const struct loaded *loaded, struct error *err)
{
	struct order order;
	struct event event;

	order_init(&order, t->story->budget, &loaded->index, &loaded->source, true);
	while (order_next(&order, &event, err))
		take_event(t, &event);
	order_free(&order);
}

static void tell_v1(struct teller *t, const struct loaded *loaded, struct error *err)
{
	struct v1_events events;
	struct event event;

	if (v1_events_init(&events, t->story->budget, &loaded->source, loaded->index.version.minor,
	                   true, err))
		while (v1_events_next(&events, &event))
			take_event(t, &event);
	v1_events_free(&events);
}

bool story_tell(struct story *story, const struct loaded *loaded, struct error *err)
{
	struct budget *budget = story->budget;
	struct teller t = {
		.story = story,
		.index = &loaded->index,
		.last_offset = EVENT_NONE,
	};

	t.go_of.budget = t.proc_of.budget = t.thread_of.budget = budget;
	t.task_of.budget = budget;
	t.stack_of.budget = t.stacks.budget = budget;
	t.gos.budget = t.procs.budget = t.halts.budget = t.holders.budget = budget;
	t.assist_gos.budget = t.changes.budget = t.thread_ns.budget = budget;
	t.assist_name = strings_add(story->strings, bytes_of("GC mark assist"));
	t.sweep_name = strings_add(story->strings, bytes_of("GC incremental sweep"));
	t.forever = strings_add(story->strings, bytes_of("forever"));
	story->is_v1 = loaded->index.v1 != NULL;
	if (story->is_v1)
		tell_v1(&t, loaded, err);
	else
		tell_v2(&t, loaded, err);
	tell_end(&t);
	tell_samples_end(&t);
	id_map_free(&t.go_of);
	id_map_free(&t.proc_of);
	id_map_free(&t.thread_of);
	id_map_free(&t.stack_of);
	id_map_free(&t.task_of);
	array_free(&t.stacks);
	array_free(&t.gos);
	array_free(&t.procs);
	array_free(&t.halts);
	array_free(&t.holders);
	array_free(&t.assist_gos);
	array_free(&t.thread_ns);
	array_free(&t.changes);
	return err->kind == ERROR_NONE;
}
