/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/load.h"

/* Marking takes some milliseconds of a worker on every fourth P. */

static void gc_begin(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct stream *stream = scheduler_context(&l->s, proc, at_ns);
	int64_t stopped_ns;

	EVENT_OF(stream, at_ns, WIRE_GC_BEGIN, ++l->s.gc_sequence,
	         scheduler_stack(&l->s, proc, CALL_ALLOCATE));
	stopped_ns = world_stop(&l->s, proc, TEXT_STW_SWEEP_TERMINATION, at_ns + 300);
	l->s.gc_active = true;
	l->gc.wanted = (l->options->procs + 3) / 4;
	l->gc.sweeps = 0;
	l->gc.ends_ns = stopped_ns + l->mark_ns + spread(&l->s, 3 * l->mark_ns);
	world_start(&l->s, proc, stopped_ns + spread(&l->s, 12000));
	go_on(l, proc, l->s.world_starts_ns + 200);
}

bool collector_work(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct goroutine *worker = &l->s.goroutines[proc];

	if (l->gc.wanted == 0 || worker->state != GO_WAITING)
		return false;
	l->gc.wanted--;
	l->gc.working++;
	goroutine_make_runnable(&l->s, proc, proc, at_ns);
	goroutine_start(&l->s, proc, proc, at_ns + 100);
	EVENT_OF(scheduler_context(&l->s, proc, at_ns), at_ns + 200, WIRE_GO_LABEL,
	         text(l, l->options->odd ? TEXT_LABEL_DEDICATED + pick(&l->s, 3)
	                                 : TEXT_LABEL_DEDICATED));
	go_on(l, proc, (l->gc.ends_ns > at_ns ? l->gc.ends_ns : at_ns) + spread(&l->s, 20000));
	return true;
}

static int64_t gc_end(struct load *l, uint32_t proc, int64_t at_ns)
{
	int64_t stopped_ns = world_stop(&l->s, proc, TEXT_STW_MARK_TERMINATION, at_ns);
	struct stream *stream = scheduler_context(&l->s, proc, at_ns);

	l->gc.heap = l->live / 8 * 7 + l->live / 1024 * pick(&l->s, 256);
	l->gc.goal = l->gc.heap * 2;
	l->gc.sweeps = l->options->procs * 40;
	l->s.gc_active = false;
	EVENT_OF(stream, stopped_ns, WIRE_HEAP_ALLOC, l->gc.heap);
	EVENT_OF(stream, stopped_ns, WIRE_GC_END, ++l->s.gc_sequence);
	EVENT_OF(stream, stopped_ns, WIRE_HEAP_GOAL, l->gc.goal);
	world_start(&l->s, proc, stopped_ns + spread(&l->s, 20000));
	return l->s.world_starts_ns + 200;
}

void collector_worker_done(struct load *l, uint32_t proc, int64_t at_ns)
{
	l->gc.wanted = 0;
	if (--l->gc.working == 0)
		at_ns = gc_end(l, proc, at_ns);
	goroutine_block(&l->s, proc, TEXT_BLOCK_SYSTEM, CALL_GC_WORK, at_ns, NEVER);
	go_on(l, proc, at_ns + 200);
}

static void assist(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct scheduler *s = &l->s;

	EVENT_OF(scheduler_context(s, proc, at_ns), at_ns, WIRE_ASSIST_BEGIN,
	         scheduler_stack(s, proc, CALL_ALLOCATE));
	running(l, proc)->assists = true;
	if (pick(s, 3) == 0) {
		goroutine_block(s, proc, TEXT_BLOCK_ASSIST, CALL_ALLOCATE, at_ns + 400,
		                at_ns + 20000 + spread(s, 200000));
		go_on(l, proc, at_ns + 800);
		return;
	}
	go_on(l, proc, at_ns + spread(s, pick(s, 64) == 0 ? 500000 : 15000));
}

static int64_t sweep(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct stream *stream = scheduler_context(&l->s, proc, at_ns);
	int64_t ends_ns = at_ns + spread(&l->s, 600);
	uint64_t swept = 8192 * (1 + pick(&l->s, 100));

	l->gc.sweeps--;
	EVENT_OF(stream, at_ns, WIRE_SWEEP_BEGIN, scheduler_stack(&l->s, proc, CALL_ALLOCATE));
	EVENT_OF(stream, ends_ns, WIRE_SWEEP_END, swept, swept / (1 + pick(&l->s, 4)));
	return ends_ns;
}

void collector_allocate(struct load *l, uint32_t proc, int64_t at_ns)
{
	if (l->s.gc_active && pick(&l->s, 2) == 0) {
		assist(l, proc, at_ns);
		return;
	}
	if (l->gc.sweeps > 0 && !l->s.procs[proc].sweeps && pick(&l->s, 2) == 0)
		at_ns = sweep(l, proc, at_ns);
	l->gc.heap += 8192 * (1 + pick(&l->s, 4));
	EVENT_OF(scheduler_context(&l->s, proc, at_ns), at_ns, WIRE_HEAP_ALLOC, l->gc.heap);
	if (l->gc.heap >= l->gc.goal && !l->s.gc_active)
		gc_begin(l, proc, at_ns + 200);
	else
		go_on(l, proc, at_ns + spread(&l->s, l->step_ns));
}
