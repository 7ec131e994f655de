/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "tests/bench/scheduler.h"

enum { SAMPLE_ROOM = 60 };

/* ---- stop the world */

/* A P reacts within microseconds, but now and then one is in something that can't be interrupted.
 */
static int64_t stop_one(struct scheduler *s, uint32_t proc, uint32_t by, int64_t at_ns)
{
	struct proc *p = &s->procs[proc];
	int64_t stops_ns = at_ns + spread(s, pick(s, 128) == 0 ? 300000 : 3000);

	if (p->state == PROC_SYSCALL || p->state == PROC_ABANDONED) {
		proc_steal(s, proc, by, at_ns);
		return at_ns;
	}
	if (p->running != NONE)
		goroutine_yield(s, proc, TEXT_STOP_PREEMPTED, stops_ns);
	proc_stop(s, proc, stops_ns);
	return stops_ns;
}

int64_t world_stop(struct scheduler *s, uint32_t proc, enum text reason, int64_t at_ns)
{
	struct stream *stream = scheduler_context(s, proc, at_ns);
	int64_t stopped_ns = at_ns;

	EVENT_OF(stream, at_ns, WIRE_STW_BEGIN, program_string(s->wire.generation, reason),
	         scheduler_stack(s, proc, CALL_ALLOCATE));
	for (uint32_t p = 0; p < s->proc_count; p++)
		if (p != proc && s->procs[p].state != PROC_IDLE) {
			int64_t stops_ns = stop_one(s, p, proc, at_ns);

			if (stops_ns > stopped_ns)
				stopped_ns = stops_ns;
		}
	return stopped_ns + 200;
}

void world_start(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	struct stream *stream = scheduler_context(s, proc, at_ns);
	int64_t starts_ns = at_ns;

	EVENT_OF(stream, at_ns, WIRE_PROCS_CHANGE, s->proc_count,
	         scheduler_stack(s, proc, CALL_ALLOCATE));
	EVENT(stream, at_ns, WIRE_STW_END);
	s->world_starts_ns = at_ns;
	for (uint32_t p = 0; p < s->proc_count; p++)
		if (p != proc && s->procs[p].queue.count > 0) {
			starts_ns += 500 + spread(s, 1000);
			proc_start(s, p, thread_take(s), starts_ns);
			clocks_set(&s->clocks, p, starts_ns + spread(s, 300));
		}
	scheduler_wake(s, starts_ns);
}

/* ---- generations */

void generation_begin(struct scheduler *s, int64_t at_ns)
{
	if (s->wire.version >= 25)
		wire_clocks(&s->wire, at_ns);
	s->silent = s->goroutine_count - (uint32_t)s->gone.count;
	s->generation_news = true;
	for (uint32_t p = 0; p < s->proc_count; p++)
		if (s->procs[p].state == PROC_SYSCALL && (!s->odd || pick(s, 2) == 0))
			proc_steal(s, p, NONE, at_ns);
	if (s->load > 0)
		scheduler_wake(s, at_ns);
}

void generation_report(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	struct stream *stream = scheduler_context(s, proc, at_ns);

	s->generation_news = false;
	EVENT_OF(stream, at_ns, WIRE_PROCS_CHANGE, s->proc_count,
	         scheduler_stack(s, proc, CALL_SLEEP));
	if (s->gc_active)
		EVENT_OF(stream, at_ns, WIRE_GC_ACTIVE, ++s->gc_sequence);
}

static void tell_the_rest(struct scheduler *s, int64_t at_ns)
{
	for (uint32_t p = 0; p < s->proc_count; p++)
		if (s->procs[p].state == PROC_IDLE)
			announce_proc(s, &s->threads[0], p, at_ns);
		else if (s->procs[p].state == PROC_RUNNING)
			scheduler_context(s, p, at_ns);
	for (uint32_t g = 0; g < s->goroutine_count; g++)
		if (s->goroutines[g].state != GO_GONE)
			announce_goroutine(s, &s->nobody, g, at_ns);
}

static void write_samples(struct scheduler *s, uint64_t at)
{
	uint8_t bytes[BATCH_ROOM];
	uint8_t *to = bytes;

	for (size_t i = 0; i < s->sample_count; i++) {
		const struct cpu_sample *sample = &s->samples[i];

		if (to == bytes)
			*to++ = WIRE_CPU_SAMPLES;
		*to++ = WIRE_CPU_SAMPLE;
		to = put_number(to, (uint64_t)sample->at_ns / CLOCK_UNIT_NS);
		to = put_number(to, sample->thread);
		to = put_number(to, sample->proc);
		to = put_number(to, sample->goroutine);
		to = put_number(to, sample->stack);
		if (i + 1 == s->sample_count || bytes + BATCH_ROOM - to < SAMPLE_ROOM) {
			wire_batch(&s->wire, at, bytes, (size_t)(to - bytes));
			to = bytes;
		}
	}
	s->sample_count = 0;
}

void generation_end(struct scheduler *s, int64_t at_ns)
{
	uint64_t at = (uint64_t)at_ns / CLOCK_UNIT_NS;

	if (s->wire.version < 25)
		wire_clocks(&s->wire, at_ns);
	tell_the_rest(s, at_ns);
	for (uint32_t m = 0; m < s->thread_count; m++)
		stream_flush(&s->threads[m]);
	stream_flush(&s->nobody);
	write_samples(s, at);
	program_write_tables(&s->wire, at, s->small);
	wire_generation_end(&s->wire);
}

void scheduler_sample(struct scheduler *s, uint32_t proc, int64_t at_ns)
{
	struct stream *thread = &s->threads[s->procs[proc].thread];

	if (s->sample_count == s->sample_room) {
		s->sample_room = s->sample_room == 0 ? 256 : s->sample_room * 2;
		s->samples = realloc(s->samples, s->sample_room * sizeof *s->samples);
		if (s->samples == NULL)
			abort();
	}
	s->samples[s->sample_count++] =
		(struct cpu_sample){ at_ns + thread->skew_ns, thread->thread, proc,
		                     s->goroutines[s->procs[proc].running].id,
		                     scheduler_stack(s, proc, CALL_COMPUTE) };
}
