/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/load.h"

/* What is seldom, and valid: coroutines that take turns for long, threads of C that call Go, sweeps
 * that outlast their goroutine, goroutines that nobody creates or that nobody will wake. */

/* With its partner; one without gets one. */
static bool switch_to_partner(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct scheduler *s = &l->s;
	struct goroutine *g = running(l, proc);
	bool destroys = !g->is_callback && pick(s, 4) == 0;

	if (l->options->version < 23 || g->assists)
		return false;
	if (g->partner == NONE) {
		uint32_t fresh;

		if (s->gone.count == 0)
			return false;
		fresh = goroutine_create_blocked(s, proc, 1 + pick(s, jobs(l) - 1), at_ns);
		g->partner = fresh;
		s->goroutines[fresh].partner = s->procs[proc].running;
		destroys = false;
	}
	if (destroys)
		close_regions(l, proc, at_ns);
	goroutine_switch(s, proc, g->partner, destroys, at_ns);
	return true;
}

static bool call_back(struct load *l, int64_t at_ns)
{
	unsigned job;

	if (l->s.gone.count == 0)
		return false;
	job = 1 + pick(&l->s, jobs(l) - 1);
	callback_begin(&l->s, job, at_ns, at_ns + 200 + spread(&l->s, 3000));
	return true;
}

/* Begins one that goes on, or ends it: on the P, whoever runs there. */
static void long_sweep(struct load *l, uint32_t proc, int64_t at_ns)
{
	struct scheduler *s = &l->s;
	struct stream *stream = scheduler_context(s, proc, at_ns);

	s->procs[proc].sweeps = !s->procs[proc].sweeps;
	if (s->procs[proc].sweeps)
		EVENT_OF(stream, at_ns, WIRE_SWEEP_BEGIN, scheduler_stack(s, proc, CALL_ALLOCATE));
	else
		EVENT_OF(stream, at_ns, WIRE_SWEEP_END, 8192, 4096);
}

static bool block_for_ever(struct load *l, uint32_t proc, int64_t at_ns)
{
	if (is_last_awake(l) || running(l, proc)->depth > 0 || running(l, proc)->partner != NONE)
		return false;
	goroutine_block(&l->s, proc, TEXT_BLOCK_FOREVER, CALL_SELECT, at_ns, NEVER);
	return true;
}

bool odd_act(struct load *l, uint32_t proc, int64_t at_ns)
{
	bool is_done = true;

	switch (pick(&l->s, 16)) {
	case 0:
		is_done = block_for_ever(l, proc, at_ns);
		break;
	case 1:
	case 2:
		long_sweep(l, proc, at_ns);
		break;
	case 3:
	case 4:
	case 5:
	case 6:
		is_done = call_back(l, at_ns);
		break;
	case 7:
	case 8:
		if (!running(l, proc)->is_callback || is_last_awake(l))
			return false;
		close_regions(l, proc, at_ns);
		callback_end(&l->s, proc, at_ns + 64 * CLOCK_UNIT_NS);
		return true;
	default:
		is_done = switch_to_partner(l, proc, at_ns);
	}
	if (is_done)
		go_on(l, proc, at_ns + spread(&l->s, l->step_ns));
	return is_done;
}
