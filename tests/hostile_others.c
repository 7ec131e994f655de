/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/hostile_at.h"

/* Families of Ps, ranges, annotations and times. */

enum { STACK = 0, LONG_TICKS = 1 << 24 };

static void begin_run(struct hostile *h)
{
	hostile_clock(h);
	hostile_batch(h, 1, 1000);
	RECORD(h, WIRE_PROC_STATUS, 1, 0, WIRE_PROC_RUNNING);
	RECORD(h, WIRE_GO_STATUS, 1, 1, 1, WIRE_GO_RUNNING);
}

/* Distinct texts with ids from 1 on, for a quarter of the file. */
static uint64_t put_texts(struct hostile *h)
{
	uint64_t id = 0;

	hostile_batch(h, WIRE_NO_THREAD, 1000);
	RECORD(h, WIRE_STRINGS);
	while (hostile_len(h) < h->bytes / 4) {
		RECORD(h, WIRE_STRING, ++id);
		hostile_text(h, 4, id);
	}
	return id;
}

/* ---- Ps */

void make_many_procs(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t i = 0; hostile_wants(h); i++) {
		hostile_batch(h, i, 1000 + i);
		RECORD(h, WIRE_PROC_STATUS, 1, i, WIRE_PROC_RUNNING);
		RECORD(h, WIRE_GO_STATUS, 1, i + 1, i, WIRE_GO_RUNNABLE);
		RECORD(h, WIRE_GO_START, 1, i + 1, 1);
		RECORD(h, WIRE_GO_BLOCK, LONG_TICKS, 0, STACK);
	}
}

void make_proc_statuses(struct hostile *h)
{
	hostile_clock(h);
	hostile_batch(h, 1, 1000);
	for (uint64_t p = 0; hostile_wants(h); p++)
		RECORD(h, WIRE_PROC_STATUS, 0, p, WIRE_PROC_IDLE);
}

/* One P is taken round and round. */
void make_steals(struct hostile *h)
{
	begin_run(h);
	for (uint64_t seq = 1; hostile_wants(h); seq += 2) {
		RECORD(h, WIRE_PROC_STEAL, 1, 0, seq, 1);
		RECORD(h, WIRE_PROC_START, 1, 0, seq + 1);
	}
}

/* Each P is in a syscall, and another thread tells that it is about to be taken. */
void make_steals_foretold(struct hostile *h)
{
	uint64_t procs = h->bytes / 24, i;

	hostile_clock(h);
	for (i = 0; i < procs; i++) {
		hostile_batch(h, i + 2, 1000 + i);
		RECORD(h, WIRE_PROC_STATUS, 1, i, WIRE_PROC_SYSCALL);
		RECORD(h, WIRE_GO_STATUS, 1, i + 1, i + 2, WIRE_GO_SYSCALL);
	}
	hostile_batch(h, 1, 10000000);
	for (i = 0; hostile_wants(h); i++)
		RECORD(h, WIRE_PROC_STATUS, 1, i % procs, WIRE_PROC_ABANDONED);
}

/* ---- ranges */

void make_stops_of_many_procs(struct hostile *h)
{
	hostile_clock(h);
	hostile_batch(h, 2, 1000);
	for (uint64_t p = 1; hostile_wants_half(h) && p < UINT16_MAX; p++) {
		RECORD(h, WIRE_PROC_STATUS, 0, p, WIRE_PROC_RUNNING);
		RECORD(h, WIRE_PROC_STOP, 0);
	}
	begin_run(h);
	while (hostile_wants(h)) {
		RECORD(h, WIRE_STW_BEGIN, 0, 0, STACK);
		RECORD(h, WIRE_STW_END, 0);
	}
}

void make_stop_kinds(struct hostile *h)
{
	uint64_t texts = put_texts(h);

	begin_run(h);
	for (uint64_t i = 0; hostile_wants(h); i++) {
		RECORD(h, WIRE_STW_BEGIN, 1, 1 + i % texts, STACK);
		RECORD(h, WIRE_STW_END, 1);
	}
}

void make_nested_stops(struct hostile *h)
{
	uint64_t texts = put_texts(h), i = 0;

	begin_run(h);
	for (; hostile_len(h) < h->bytes / 4 * 3; i++)
		RECORD(h, WIRE_STW_BEGIN, 1, 1 + i % texts, STACK);
	for (; hostile_wants(h) && i > 0; i--)
		RECORD(h, WIRE_STW_END, 1);
}

void make_assists(struct hostile *h)
{
	begin_run(h);
	while (hostile_wants(h)) {
		RECORD(h, WIRE_GC_MARK_ASSIST_BEGIN, 1, STACK);
		RECORD(h, WIRE_GC_MARK_ASSIST_END, 1);
	}
}

void make_assists_beyond_runs(struct hostile *h)
{
	begin_run(h);
	for (uint64_t seq = 1; hostile_wants(h); seq++) {
		RECORD(h, WIRE_GC_MARK_ASSIST_BEGIN, 1, STACK);
		RECORD(h, WIRE_GO_STOP, 1, 0, STACK);
		RECORD(h, WIRE_GO_START, 1, 1, seq);
		RECORD(h, WIRE_GC_MARK_ASSIST_END, 1);
	}
}

void make_sweeps(struct hostile *h)
{
	begin_run(h);
	while (hostile_wants(h)) {
		RECORD(h, WIRE_GC_SWEEP_BEGIN, 1, STACK);
		RECORD(h, WIRE_GC_SWEEP_END, 1, 0, 0);
	}
}

void make_sweeps_beyond_threads(struct hostile *h)
{
	begin_run(h);
	while (hostile_wants(h)) {
		RECORD(h, WIRE_GC_SWEEP_END, 1, 0, 0);
		RECORD(h, WIRE_GC_SWEEP_ACTIVE, 1, 0);
	}
}

void make_gc_cycles(struct hostile *h)
{
	begin_run(h);
	for (uint64_t seq = 1; hostile_wants(h); seq += 2) {
		RECORD(h, WIRE_GC_BEGIN, 1, seq, STACK);
		RECORD(h, WIRE_GC_END, 1, seq + 1);
	}
}

void make_workers(struct hostile *h)
{
	hostile_batch(h, WIRE_NO_THREAD, 1000);
	RECORD(h, WIRE_STRINGS);
	RECORD(h, WIRE_STRING, 1);
	array_resize(&h->payload, h->payload.count + 10);
	memcpy(h->payload.items + h->payload.count - 10, "\x09GC (idle)", 10);
	begin_run(h);
	for (uint64_t seq = 1; hostile_wants(h); seq++) {
		RECORD(h, WIRE_GO_LABEL, 1, 1);
		RECORD(h, WIRE_GO_STOP, 1, 0, STACK);
		RECORD(h, WIRE_GO_START, 1, 1, seq);
	}
}

void make_heap(struct hostile *h)
{
	begin_run(h);
	while (hostile_wants(h)) {
		RECORD(h, WIRE_HEAP_ALLOC, 1, 1);
		RECORD(h, WIRE_HEAP_GOAL, 1, 1);
		RECORD(h, WIRE_PROCS_CHANGE, 1, 1, STACK);
	}
}

/* ---- annotations */

void make_nested_regions(struct hostile *h)
{
	begin_run(h);
	while (hostile_wants_half(h))
		RECORD(h, WIRE_USER_REGION_BEGIN, 1, 0, 0, STACK);
	while (hostile_wants(h))
		RECORD(h, WIRE_USER_REGION_END, 1, 0, 0, STACK);
}

void make_named_regions(struct hostile *h)
{
	uint64_t texts = put_texts(h);

	begin_run(h);
	for (uint64_t i = 0; hostile_wants(h); i++)
		RECORD(h, WIRE_USER_REGION_BEGIN, 1, i, 1 + i % texts, STACK);
}

void make_task_chain(struct hostile *h)
{
	begin_run(h);
	for (uint64_t i = 1; hostile_wants(h); i++)
		RECORD(h, WIRE_USER_TASK_BEGIN, 1, i + 1, i, 0, STACK);
}

void make_task_cycle(struct hostile *h)
{
	begin_run(h);
	for (uint64_t i = 0; hostile_wants(h); i++) {
		RECORD(h, WIRE_USER_TASK_BEGIN, 1, 1 + i % 100, 1 + (i + 1) % 100, 0, STACK);
		RECORD(h, WIRE_USER_TASK_END, 1, 1 + i % 7, STACK);
	}
}

void make_task_ids_apart(struct hostile *h)
{
	begin_run(h);
	for (uint64_t i = 1; hostile_wants(h); i++)
		RECORD(h, WIRE_USER_TASK_BEGIN, 1, i << 33, i << 50, 0, STACK);
}

void make_logs(struct hostile *h)
{
	begin_run(h);
	while (hostile_wants(h))
		RECORD(h, WIRE_USER_LOG, 1, 1, 0, 0, STACK);
}

/* ---- times */

void make_times_equal(struct hostile *h)
{
	begin_run(h);
	for (uint64_t seq = 1; hostile_wants(h); seq++) {
		RECORD(h, WIRE_GO_STOP, 0, 0, STACK);
		RECORD(h, WIRE_GO_START, 0, 1, seq);
	}
}

void make_times_equal_on_many_threads(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t i = 1; hostile_wants(h); i++) {
		hostile_batch(h, i, 1000);
		RECORD(h, WIRE_PROC_STATUS, 0, i % 64, WIRE_PROC_RUNNING);
		RECORD(h, WIRE_GO_STATUS, 0, i, 1, WIRE_GO_RUNNING);
		for (uint64_t seq = 1; seq < 32; seq++) {
			RECORD(h, WIRE_GO_STOP, 0, 0, STACK);
			RECORD(h, WIRE_GO_START, 0, i, seq);
		}
	}
}

void make_times_leap(struct hostile *h)
{
	begin_run(h);
	for (uint64_t seq = 1; hostile_wants(h); seq++) {
		RECORD(h, WIRE_GO_STOP, UINT64_C(1) << 50, 0, STACK);
		RECORD(h, WIRE_GO_START, 1, 1, seq);
	}
}

void make_times_step_back(struct hostile *h)
{
	uint64_t at = UINT64_C(1) << 40;

	hostile_clock(h);
	for (uint64_t seq = 1; hostile_wants(h); seq++, at -= 1000000) {
		hostile_batch(h, 1, at);
		RECORD(h, WIRE_PROC_STATUS, 1, 0, WIRE_PROC_RUNNING);
		RECORD(h, WIRE_GO_START, 1, 1, seq);
		RECORD(h, WIRE_GO_STOP, 1, 0, STACK);
	}
}

/* So that no stretch of time has the events of more than one. */
void make_threads_far_apart(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t i = 1; hostile_wants(h); i++) {
		hostile_batch(h, i, i << 32);
		RECORD(h, WIRE_PROC_STOP, 0);
		RECORD(h, WIRE_PROC_STOP, 1);
	}
}

void make_generations_far_apart(struct hostile *h)
{
	for (; hostile_wants(h); h->generation++) {
		hostile_batch(h, 1, h->generation << 36);
		RECORD(h, WIRE_PROC_STATUS, 0, h->generation % 32, WIRE_PROC_RUNNING);
		RECORD(h, WIRE_GO_STATUS, 1, 1, 1, WIRE_GO_RUNNING);
		RECORD(h, WIRE_GO_STOP, UINT64_C(1) << 40, 0, STACK);
	}
}
