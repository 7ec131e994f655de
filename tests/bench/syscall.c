/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/scheduler.h"

enum { RETAKE_AFTER_NS = 20000, GONE_AFTER_NS = 2000 };

static void enter(struct scheduler *s, uint32_t proc, int64_t at_ns, int64_t returns_ns)
{
	struct proc *p = &s->procs[proc];
	struct stream *stream = scheduler_context(s, proc, at_ns);
	struct goroutine *g =
		goroutine_leave(s, proc, GO_SYSCALL, pick(s, 4) == 0 ? CALL_OPEN : CALL_WRITE);

	EVENT_OF(stream, at_ns, WIRE_GO_SYSCALL_BEGIN, ++p->sequence, goroutine_stack(s, g));
	g->thread = p->thread;
	g->returns_ns = returns_ns;
	s->load--;
	s->in_syscall++;
}

void goroutine_enter_syscall(struct scheduler *s, uint32_t proc, int64_t at_ns, int64_t returns_ns)
{
	enter(s, proc, at_ns, returns_ns);
	s->procs[proc].state = PROC_SYSCALL;
	clocks_set(&s->clocks, proc, returns_ns);
	if (returns_ns - at_ns > RETAKE_AFTER_NS)
		alarms_add(&s->alarms,
		           (struct alarm){ at_ns + RETAKE_AFTER_NS + pick(s, RETAKE_AFTER_NS),
		                           ALARM_RETAKE, proc, s->procs[proc].sequence });
}

void goroutine_enter_blocking_syscall(struct scheduler *s, uint32_t proc, int64_t at_ns,
                                      int64_t returns_ns)
{
	enter(s, proc, at_ns, returns_ns);
	scheduler_set_alarm(s, ALARM_RETURN, s->procs[proc].running, returns_ns);
	proc_stop(s, proc, at_ns);
	if (s->load > 0)
		scheduler_wake(s, at_ns);
}

/* The thread takes the P away from itself and takes it again, as it does when it has to be counted.
 */
static void reacquire(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	struct proc *p = &s->procs[proc];
	struct stream *stream = scheduler_context(s, proc, at_ns);
	uint32_t goroutine = p->running;

	EVENT_OF(stream, at_ns, WIRE_PROC_STEAL, proc, ++p->sequence, stream->thread);
	EVENT_OF(stream, at_ns, WIRE_PROC_START, proc, ++p->sequence);
	EVENT(stream, at_ns, WIRE_GO_SYSCALL_END_BLOCKED);
	p->state = PROC_RUNNING;
	p->running = NONE;
	s->goroutines[goroutine].state = GO_RUNNABLE;
	s->load++;
	s->in_syscall--;
	goroutine_start(s, proc, goroutine, at_ns);
}

void goroutine_leave_syscall(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	if (s->odd && pick(s, 8) == 0) {
		reacquire(s, proc, at_ns);
		return;
	}
	EVENT(scheduler_bare_context(s, proc, at_ns), at_ns, WIRE_GO_SYSCALL_END);
	s->procs[proc].state = PROC_RUNNING;
	s->goroutines[s->procs[proc].running].state = GO_RUNNING;
	s->load++;
	s->in_syscall--;
}

/* Its P is gone: it goes on if there is another, else it waits for its turn without its thread. */
static void return_without_proc(struct scheduler *s, uint32_t goroutine, int64_t at_ns)
{
	struct goroutine *g = &s->goroutines[goroutine];
	uint32_t thread = g->thread;
	uint32_t proc = s->idle.count == 0 ? NONE : s->idle.items[s->idle.count - 1];

	bool is_late = s->odd && pick(s, 2) == 0; /* the P comes behind the end */

	if (proc != NONE && !is_late)
		proc_start(s, proc, thread, at_ns);
	if (!s->odd || s->skew_ns > 0 || s->wire.generation == s->wire.first || pick(s, 4) != 0)
		announce_goroutine(s, &s->threads[thread], goroutine, at_ns);
	EVENT(&s->threads[thread], at_ns, WIRE_GO_SYSCALL_END_BLOCKED);
	if (proc != NONE && is_late)
		proc_start(s, proc, thread, at_ns);
	g->state = GO_RUNNABLE;
	s->load++;
	s->in_syscall--;
	if (proc == NONE) {
		list_add(&s->spare_threads, thread);
		queue_push(s, &s->global, goroutine);
		return;
	}
	goroutine_start(s, proc, goroutine, at_ns);
	clocks_set(&s->clocks, proc, at_ns + spread(s, 500));
}

/* The monitor takes the P of a long system call, and hands it on if it has work. */
static void retake(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	proc_steal(s, proc, NONE, at_ns);
	if (s->procs[proc].queue.count > 0)
		proc_look_for_work(s, proc, at_ns + 1000);
	else if (s->load > 0)
		scheduler_wake(s, at_ns);
}

/* By the monitor, which has no P. */
static void wake_from_afar(struct scheduler *s, uint32_t goroutine, int64_t at_ns)
{
	struct goroutine *g = &s->goroutines[goroutine];

	announce_goroutine(s, &s->threads[0], goroutine, at_ns);
	EVENT_OF(&s->threads[0], at_ns, WIRE_GO_UNBLOCK, g->id, ++g->sequence, 0);
	g->state = GO_RUNNABLE;
	s->load++;
	queue_push(s, &s->global, goroutine);
	scheduler_wake(s, at_ns);
}

void scheduler_ring(struct scheduler *s, struct alarm alarm, int64_t at_ns)
{
	if (alarm.kind != ALARM_RETAKE)
		s->sleeping--;
	switch (alarm.kind) {
	case ALARM_WAKE:
		if (s->odd && pick(s, 4) == 0) {
			wake_from_afar(s, alarm.who, at_ns);
			break;
		}
		queue_push(s, &s->due, alarm.who);
		scheduler_wake(s, at_ns);
		break;
	case ALARM_RETURN:
		return_without_proc(s, alarm.who, at_ns);
		break;
	case ALARM_RETAKE:
		if ((s->procs[alarm.who].state == PROC_SYSCALL ||
		     s->procs[alarm.who].state == PROC_ABANDONED) &&
		    s->procs[alarm.who].sequence == alarm.ticket)
			retake(s, alarm.who, at_ns);
		break;
	}
}

/* ---- threads of C */

void callback_begin(struct scheduler *s, unsigned job, int64_t at_ns, int64_t enters_ns)
{
	uint32_t slot = list_take_last(&s->gone), thread = thread_take(s);
	struct goroutine *g = &s->goroutines[slot];

	*g = (struct goroutine){ .id = s->last_id + 1,
		                 .state = GO_SYSCALL,
		                 .thread = thread,
		                 .job = (uint8_t)job,
		                 .call = CALL_COMPUTE,
		                 .peer_index = NONE,
		                 .partner = NONE,
		                 .is_callback = true };
	if (s->used_ids.count > 0 && at_ns > s->used_ns && pick(s, 4) != 0)
		g->id = list_take_last(&s->used_ids);
	else
		s->last_id++;
	EVENT_OF(&s->threads[thread], at_ns, WIRE_GO_CREATE_SYSCALL, g->id);
	g->generation = s->wire.generation;
	s->in_syscall++;
	if (pick(s, 2) == 0) { /* told once more */
		s->silent++;
		tell_goroutine(s, &s->threads[thread], slot, at_ns);
	}
	scheduler_set_alarm(s, ALARM_RETURN, slot, enters_ns);
}

void callback_end(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	struct proc *p = &s->procs[proc];
	struct stream *stream = scheduler_context(s, proc, at_ns);
	struct goroutine *g = goroutine_leave(s, proc, GO_SYSCALL, CALL_COMPUTE);

	EVENT_OF(stream, at_ns, WIRE_GO_SYSCALL_BEGIN, ++p->sequence, goroutine_stack(s, g));
	s->load--;
	list_add(&s->used_ids, (uint32_t)g->id);
	s->used_ns = at_ns + GONE_AFTER_NS + s->skew_ns;
	goroutine_forget(s, p->running);
	list_add(&s->spare_threads, p->thread);
	p->running = NONE;
	if (pick(s, 2) == 0) { /* it loses the P before */
		p->state = PROC_SYSCALL;
		proc_steal(s, proc, NONE, at_ns + 200);
		EVENT(stream, at_ns + 400, WIRE_GO_DESTROY_SYSCALL);
		if (s->load > 0)
			scheduler_wake(s, at_ns + 400);
		return;
	}
	EVENT(stream, at_ns + 400, WIRE_GO_DESTROY_SYSCALL);
	p->state = PROC_ABANDONED;
	clocks_set(&s->clocks, proc, NEVER);
	alarms_add(&s->alarms, (struct alarm){ at_ns + 500 + pick(s, RETAKE_AFTER_NS), ALARM_RETAKE,
	                                       proc, p->sequence });
}
