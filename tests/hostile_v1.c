/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/hostile_at.h"

/* Families of v1 traces (trace-format-v1.md). */

enum { STACK = 0, ANY_FRAME = 1, FRAMES = 1000, TICKS = 1000 };

static void begin_batch(struct hostile *h, uint64_t p, uint64_t ticks)
{
	if (h->minor < 7)
		V1_RECORD(h, V1_BATCH, p, ticks, ticks); /* with a sequence number */
	else
		V1_RECORD(h, V1_BATCH, p, ticks);
}

static void put_frequency(struct hostile *h)
{
	if (h->minor < 7)
		V1_RECORD(h, V1_FREQUENCY, 1000000000, 0);
	else
		V1_RECORD(h, V1_FREQUENCY, 1000000000);
}

/* P 0 is on thread 1, and tracing has begun; goroutine 1 waits. */
static void begin(struct hostile *h)
{
	put_frequency(h);
	begin_batch(h, 0, TICKS);
	V1_RECORD(h, V1_GO_CREATE, 1, 1, 0, STACK);
	V1_RECORD(h, V1_GO_WAITING, 1, 1);
	V1_RECORD(h, V1_GOMAXPROCS, 1, 1, STACK);
	V1_RECORD(h, V1_PROC_START, 1, 1);
}

/* ---- batches */

void make_v1_empty_batches(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 0; hostile_wants(h); i++)
		begin_batch(h, i, TICKS);
}

void make_v1_tiny_batches(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 0; hostile_wants(h); i++) {
		begin_batch(h, i % 100, TICKS);
		V1_RECORD(h, V1_PROC_STOP, 1);
	}
}

void make_v1_many_procs(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 1; hostile_wants(h); i++) {
		begin_batch(h, i, TICKS);
		V1_RECORD(h, V1_PROC_START, 1, i);
		V1_RECORD(h, V1_GO_CREATE, 1, i + 1, 0, STACK);
		V1_RECORD(h, V1_GO_START, 1, i + 1, 1);
		V1_RECORD(h, V1_GO_BLOCK, 1, STACK);
	}
}

void make_v1_bad_batches(struct hostile *h)
{
	begin(h);
	while (hostile_wants(h)) {
		begin_batch(h, 1, TICKS);
		*array_push(h->out) = 63;
	}
}

void make_v1_nothing_but_damage(struct hostile *h)
{
	begin(h);
	while (hostile_wants(h)) {
		*array_push(h->out) = 1 << 6 | V1_BATCH;
		*array_push(h->out) = 63;
	}
}

/* ---- goroutines */

void make_v1_statuses(struct hostile *h)
{
	put_frequency(h);
	begin_batch(h, 0, TICKS);
	for (uint64_t g = 1; hostile_wants(h); g++) {
		V1_RECORD(h, V1_GO_CREATE, 1, g, 0, STACK);
		V1_RECORD(h, V1_GO_WAITING, 1, g);
	}
	V1_RECORD(h, V1_GOMAXPROCS, 1, 1, STACK);
}

void make_v1_short_goroutines(struct hostile *h)
{
	begin(h);
	for (uint64_t g = 2; hostile_wants(h); g++) {
		V1_RECORD(h, V1_GO_CREATE, 1, g, 0, STACK);
		V1_RECORD(h, V1_GO_START_LOCAL, 1, g);
		V1_RECORD(h, V1_GO_END, 1);
	}
}

void make_v1_many_wakes(struct hostile *h)
{
	begin(h);
	while (hostile_wants(h)) {
		V1_RECORD(h, V1_GO_UNBLOCK_LOCAL, 1, 1, STACK);
		V1_RECORD(h, V1_GO_START_LOCAL, 1, 1);
		V1_RECORD(h, V1_GO_BLOCK, 1, STACK);
	}
}

/* Each P waits for the next one, again and again. */
void make_v1_blocked_chain(struct hostile *h)
{
	enum { PROCS = 1000 };

	begin(h);
	for (uint64_t round = 0; hostile_wants(h); round++)
		for (uint64_t p = 1; p < PROCS; p++) {
			uint64_t ticks = TICKS + 10 + (round * PROCS + p) * 10;

			begin_batch(h, p, ticks);
			V1_RECORD(h, V1_GO_UNBLOCK, 1, 1, round * PROCS + PROCS - p, STACK);
		}
}

void make_v1_impossible(struct hostile *h)
{
	begin(h);
	while (hostile_wants(h)) {
		V1_RECORD(h, V1_GO_END, 1);
		V1_RECORD(h, V1_GO_START_LOCAL, 1, 1);
		V1_RECORD(h, V1_GO_SYS_CALL, 1, STACK);
	}
}

void make_v1_impossible_on_many_procs(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 0; hostile_wants(h); i++) {
		begin_batch(h, i * 7919 % 5000, TICKS + 3 * i);
		V1_RECORD(h, V1_GO_START_LOCAL, 1, i % 100);
		V1_RECORD(h, V1_GO_SYS_CALL, 1, STACK);
	}
}

void make_v1_stop_without_end(struct hostile *h)
{
	begin(h);
	V1_RECORD(h, V1_STW_START, 1, 1);
	while (hostile_wants(h)) {
		V1_RECORD(h, V1_GO_UNBLOCK_LOCAL, 1, 1, STACK);
		V1_RECORD(h, V1_GO_START_LOCAL, 1, 1);
		V1_RECORD(h, V1_GO_BLOCK, 1, STACK);
	}
}

void make_v1_syscalls(struct hostile *h)
{
	begin(h);
	V1_RECORD(h, V1_GO_UNBLOCK_LOCAL, 1, 1, STACK);
	V1_RECORD(h, V1_GO_START_LOCAL, 1, 1);
	while (hostile_wants(h))
		V1_RECORD(h, V1_GO_SYS_CALL, 1, STACK);
}

void make_v1_syscalls_lose_their_proc(struct hostile *h)
{
	begin(h);
	V1_RECORD(h, V1_GO_UNBLOCK_LOCAL, 1, 1, STACK);
	for (uint64_t ticks = TICKS + 10; hostile_wants(h); ticks += 5) {
		V1_RECORD(h, V1_GO_START_LOCAL, 1, 1);
		V1_RECORD(h, V1_GO_SYS_CALL, 1, STACK);
		V1_RECORD(h, V1_GO_SYS_BLOCK, 1);
		V1_RECORD(h, V1_GO_SYS_EXIT_LOCAL, 1, 1, ticks);
	}
}

void make_v1_gc_cycles(struct hostile *h)
{
	begin(h);
	for (uint64_t seq = 0; hostile_wants(h); seq++) {
		V1_RECORD(h, V1_GC_START, 1, seq, STACK);
		V1_RECORD(h, V1_GC_DONE, 1);
	}
}

void make_v1_times_step_back(struct hostile *h)
{
	uint64_t ticks = UINT64_C(1) << 39;

	begin(h);
	for (; hostile_wants(h); ticks -= 1000) {
		begin_batch(h, ticks / 1000 % 50, ticks);
		V1_RECORD(h, V1_GO_START_LOCAL, 1, 1);
		V1_RECORD(h, V1_GO_SCHED, 1, STACK);
	}
}

/* ---- tables */

void make_v1_strings(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 1; hostile_wants(h); i++)
		hostile_v1_text(h, i, 1, i);
}

void make_v1_long_strings(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 1; hostile_wants(h); i++)
		hostile_v1_text(h, i, 50000, i);
}

static void put_stack(struct hostile *h, uint64_t id, uint64_t frames)
{
	static uint64_t numbers[3 + 4 * FRAMES];

	numbers[0] = V1_STACK;
	numbers[1] = id;
	numbers[2] = frames;
	for (uint64_t f = 0; f < 4 * frames; f++)
		numbers[3 + f] = (id >> (f % 16) & 127) + (f % 4 == 0 ? f : 0);
	hostile_v1_record(h, 3 + 4 * (size_t)frames, numbers);
}

void make_v1_deep_stacks(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 1; hostile_wants(h); i++)
		put_stack(h, i, FRAMES);
}

void make_v1_one_frame_stacks(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 1; hostile_wants(h); i++)
		V1_RECORD(h, V1_STACK, i, 1, i, ANY_FRAME, ANY_FRAME, ANY_FRAME);
}

void make_v1_one_stack_again(struct hostile *h)
{
	begin(h);
	while (hostile_wants(h))
		put_stack(h, 1, FRAMES / 10);
}

void make_v1_samples(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 1; hostile_wants(h); i++)
		V1_RECORD(h, V1_CPU_SAMPLE, 0, TICKS + i * 7919 % 1000, 0, 1, STACK);
}

void make_v1_timers(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 1; hostile_wants(h); i++)
		V1_RECORD(h, V1_TIMER_GOROUTINE, i);
}

void make_v1_logs(struct hostile *h)
{
	begin(h);
	while (hostile_wants(h)) {
		V1_RECORD(h, V1_USER_LOG, 1, 1, 0, STACK);
		*array_push(h->out) = 1;
		*array_push(h->out) = 'a';
	}
}

void make_v1_tasks(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 1; hostile_wants(h); i++)
		V1_RECORD(h, V1_USER_TASK_CREATE, 1, i + 1, i, 0, STACK);
}

void make_v1_regions(struct hostile *h)
{
	begin(h);
	for (uint64_t i = 1; hostile_wants(h); i++)
		V1_RECORD(h, V1_USER_REGION, 1, i, 0, 0, STACK);
}

/* ---- Go 1.5 */

void make_v1_old_starts(struct hostile *h)
{
	put_frequency(h);
	begin_batch(h, 0, TICKS);
	for (uint64_t i = 1; hostile_wants(h); i++)
		V1_RECORD(h, V1_GO_CREATE, 1, 1, i, i, STACK); /* dseq, dt, g, start */
}

void make_v1_old_stacks(struct hostile *h)
{
	put_frequency(h);
	begin_batch(h, 0, TICKS);
	V1_RECORD(h, V1_PROC_STOP, 1, 1);
	for (uint64_t i = 1; hostile_wants(h); i++)
		V1_RECORD(h, V1_STACK, i, 2, i, i + 1);
}

void make_v1_futile_wakes(struct hostile *h)
{
	put_frequency(h);
	begin_batch(h, 0, TICKS);
	V1_RECORD(h, V1_GO_CREATE, 1, 1, 1, 1, STACK);
	while (hostile_wants(h)) {
		V1_RECORD(h, V1_GO_START, 1, 1, 1);
		V1_RECORD(h, V1_FUTILE_WAKEUP, 1, 1);
		V1_RECORD(h, V1_GO_PREEMPT, 1, 1, STACK);
	}
}
