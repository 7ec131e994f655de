/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/scheduler.h"

enum { RETAKE_AFTER_NS = 20000 };

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

void goroutine_leave_syscall(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	EVENT(scheduler_context(s, proc, at_ns), at_ns, WIRE_GO_SYSCALL_END);
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

	if (proc != NONE)
		proc_start(s, proc, thread, at_ns);
	announce_goroutine(s, &s->threads[thread], goroutine, at_ns);
	EVENT(&s->threads[thread], at_ns, WIRE_GO_SYSCALL_END_BLOCKED);
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

void scheduler_ring(struct scheduler *s, struct alarm alarm, int64_t at_ns)
{
	if (alarm.kind != ALARM_RETAKE)
		s->sleeping--;
	switch (alarm.kind) {
	case ALARM_WAKE:
		queue_push(s, &s->due, alarm.who);
		scheduler_wake(s, at_ns);
		break;
	case ALARM_RETURN:
		return_without_proc(s, alarm.who, at_ns);
		break;
	case ALARM_RETAKE:
		if (s->procs[alarm.who].state == PROC_SYSCALL &&
		    s->procs[alarm.who].sequence == alarm.ticket)
			retake(s, alarm.who, at_ns);
		break;
	}
}
