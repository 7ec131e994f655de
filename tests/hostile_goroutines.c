/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/hostile_at.h"

/* Families of goroutines: many of them, their ids, their order, their waits. */

enum { TEXTS = 255, FEW_THREADS = 250 };

/* P 0 and goroutine 1 run on thread 1. */
static void begin_run(struct hostile *h)
{
	hostile_clock(h);
	hostile_batch(h, 1, 1000);
	RECORD(h, WIRE_PROC_STATUS, 1, 0, WIRE_PROC_RUNNING);
	RECORD(h, WIRE_GO_STATUS, 1, 1, 1, WIRE_GO_RUNNING);
}

static void put_texts(struct hostile *h, uint64_t first)
{
	hostile_batch(h, WIRE_NO_THREAD, 1000);
	RECORD(h, WIRE_STRINGS);
	for (uint64_t i = 1; i <= TEXTS; i++) {
		RECORD(h, WIRE_STRING, i);
		hostile_text(h, 4, first + i);
	}
}

/* ---- ids */

static void create(struct hostile *h, unsigned shift)
{
	begin_run(h);
	for (uint64_t i = 2; hostile_wants(h); i++)
		RECORD(h, WIRE_GO_CREATE, 1, i << shift, 0, 0);
}

void make_ids_in_a_row(struct hostile *h)
{
	create(h, 0);
}

void make_ids_apart(struct hostile *h)
{
	create(h, 32);
}

void make_ids_a_page_apart(struct hostile *h)
{
	create(h, 8);
}

void make_ids_collide(struct hostile *h)
{
	create(h, 42);
}

void make_short_goroutines(struct hostile *h)
{
	begin_run(h);
	RECORD(h, WIRE_GO_BLOCK, 1, 0, 0);
	for (uint64_t i = 2; hostile_wants(h); i++) {
		RECORD(h, WIRE_GO_CREATE, 1, i, 0, 0);
		RECORD(h, WIRE_GO_START, 1, i, 1);
		RECORD(h, WIRE_GO_DESTROY, 1);
	}
}

void make_sleeping_goroutines(struct hostile *h)
{
	begin_run(h);
	RECORD(h, WIRE_GO_BLOCK, 1, 0, 0);
	for (uint64_t i = 2; hostile_wants(h); i++) {
		RECORD(h, WIRE_GO_CREATE, 1, i, 0, 0);
		RECORD(h, WIRE_GO_START, 1, i, 1);
		RECORD(h, WIRE_GO_BLOCK, 1, 0, 0);
	}
}

/* Each has a function of its own. */
void make_named_goroutines(struct hostile *h)
{
	enum { EACH = 29 }; /* bytes, of all that there is of one */
	uint64_t count = h->bytes / EACH;

	begin_run(h);
	RECORD(h, WIRE_GO_BLOCK, 1, 0, 0);
	for (uint64_t i = 1; i <= count; i++)
		RECORD(h, WIRE_GO_CREATE, 1, i + 1, i, 0);
	hostile_batch(h, WIRE_NO_THREAD, 1000);
	RECORD(h, WIRE_STACKS);
	for (uint64_t i = 1; i <= count; i++)
		RECORD(h, WIRE_STACK, i, 1, 1, i, 0, 0);
	hostile_batch(h, WIRE_NO_THREAD, 1000);
	RECORD(h, WIRE_STRINGS);
	for (uint64_t i = 1; i <= count; i++) {
		RECORD(h, WIRE_STRING, i);
		hostile_text(h, 4, i);
	}
}

void make_statuses_in_each_generation(struct hostile *h)
{
	for (uint64_t at = 1000; hostile_wants(h); at += 100000) {
		hostile_clock(h);
		hostile_batch(h, 1, at);
		for (uint64_t g = 1; g <= 1000; g++)
			RECORD(h, WIRE_GO_STATUS, 1, g, WIRE_NO_THREAD, WIRE_GO_WAITING);
		hostile_end(h);
	}
}

void make_ids_born_again(struct hostile *h)
{
	hostile_clock(h);
	hostile_batch(h, 1, 1000);
	while (hostile_wants(h)) {
		RECORD(h, WIRE_GO_CREATE_SYSCALL, 1, 7);
		RECORD(h, WIRE_GO_DESTROY_SYSCALL, 1);
	}
}

void make_born_in_syscalls(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t i = 1; hostile_wants(h); i++) {
		hostile_batch(h, i, 1000);
		RECORD(h, WIRE_GO_CREATE_SYSCALL, 1, i);
	}
}

/* ---- order */

void make_many_wakes(struct hostile *h)
{
	begin_run(h);
	for (uint64_t seq = 1; hostile_wants(h); seq += 2) {
		RECORD(h, WIRE_GO_BLOCK, 1, 0, 0);
		RECORD(h, WIRE_GO_UNBLOCK, 1, 1, seq, 0);
		RECORD(h, WIRE_GO_START, 1, 1, seq + 1);
	}
}

/* Everything is told in the wrong order, on two threads. */
void make_numbers_descend(struct hostile *h)
{
	uint64_t seq = h->bytes / 3;

	begin_run(h);
	for (; hostile_wants(h) && seq > 1; seq -= 2) {
		RECORD(h, WIRE_GO_UNBLOCK, 1, 2, seq, 0);
		RECORD(h, WIRE_GO_UNBLOCK, 0, 2, seq + 1, 0);
	}
}

void make_numbers_missing(struct hostile *h)
{
	begin_run(h);
	RECORD(h, WIRE_GO_BLOCK, 1, 0, 0);
	for (uint64_t seq = 3; hostile_wants(h); seq += 3) {
		RECORD(h, WIRE_GO_UNBLOCK, 1, 1, seq, 0);
		RECORD(h, WIRE_GO_START, 1, 1, seq + 1);
		RECORD(h, WIRE_GO_BLOCK, 1, 0, 0);
	}
}

void make_numbers_again(struct hostile *h)
{
	begin_run(h);
	while (hostile_wants(h))
		RECORD(h, WIRE_GO_UNBLOCK, 1, 2, 5, 0);
}

/* Each thread waits for the next one, and the earliest of them waits longest. */
void make_blocked_chain(struct hostile *h)
{
	uint64_t last = h->bytes / 18;

	hostile_clock(h);
	for (uint64_t i = 1; hostile_wants(h); i++) {
		hostile_batch(h, i, 1000 + i);
		if (i < last)
			RECORD(h, WIRE_GO_UNBLOCK, 0, i + 1, 1, 0);
		RECORD(h, WIRE_GO_STATUS, 0, i, WIRE_NO_THREAD & 0xff, WIRE_GO_WAITING);
	}
	hostile_batch(h, h->m + 1, 1000);
	RECORD(h, WIRE_GO_STATUS, 0, h->m, 1, WIRE_GO_WAITING);
}

/* As many threads as are still looked at one by one, all but one of which wait all the time. */
void make_few_blocked(struct hostile *h)
{
	enum { GOES_ON = 1000 };

	hostile_clock(h);
	for (uint64_t i = 2; i < FEW_THREADS; i++) {
		hostile_batch(h, i, 1000);
		RECORD(h, WIRE_GO_START, 0, i, 1);
	}
	hostile_batch(h, 1, 1000);
	RECORD(h, WIRE_PROC_STATUS, 1, 0, WIRE_PROC_RUNNING);
	RECORD(h, WIRE_GO_STATUS, 1, GOES_ON, 1, WIRE_GO_RUNNING);
	while (hostile_wants(h))
		RECORD(h, WIRE_HEAP_ALLOC, 1, 1);
}

void make_all_wait_for_a_goroutine(struct hostile *h)
{
	uint64_t threads = h->bytes / 40;

	hostile_clock(h);
	for (uint64_t i = 0; i < threads; i++) {
		hostile_batch(h, 2 + i, 1000);
		RECORD(h, WIRE_GO_UNBLOCK, 0, 1, 1 + 2 * i, 0);
	}
	hostile_batch(h, 1, 1000);
	RECORD(h, WIRE_PROC_STATUS, 0, 0, WIRE_PROC_RUNNING);
	RECORD(h, WIRE_GO_STATUS, 0, 1, 1, WIRE_GO_RUNNING);
	for (uint64_t i = 0; i < threads; i++) {
		RECORD(h, WIRE_GO_BLOCK, 1, 0, 0);
		RECORD(h, WIRE_GO_START, 1, 1, 2 + 2 * i);
	}
}

void make_all_wait_for_a_proc(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t seq = h->bytes / 16; hostile_wants(h); seq--) {
		hostile_batch(h, seq + 1, 1000);
		RECORD(h, WIRE_PROC_START, 0, 0, seq);
		RECORD(h, WIRE_PROC_STOP, 1);
	}
	hostile_batch(h, 1, 1000);
	RECORD(h, WIRE_PROC_STATUS, 0, 0, WIRE_PROC_IDLE);
}

void make_all_wait_for_the_gc(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t seq = h->bytes / 12; hostile_wants(h); seq--) {
		hostile_batch(h, seq, 1000);
		RECORD(h, WIRE_GC_END, 0, seq);
	}
}

/* Each waits for what never comes. */
void make_broken_chains(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t i = 1; hostile_wants(h); i++) {
		hostile_batch(h, i, 1000);
		RECORD(h, WIRE_GO_START, 0, i, 5);
		RECORD(h, WIRE_GO_UNBLOCK, 1, 1, i, 0);
	}
}

void make_switch_chain(struct hostile *h)
{
	begin_run(h);
	for (uint64_t i = 2; hostile_wants(h); i++) {
		RECORD(h, WIRE_GO_CREATE_BLOCKED, 1, i, 0, 0);
		RECORD(h, WIRE_GO_SWITCH, 1, i, 1);
	}
}

/* ---- syscalls and reasons */

void make_syscalls_of_one_run(struct hostile *h)
{
	begin_run(h);
	for (uint64_t seq = 1; hostile_wants(h); seq++) {
		RECORD(h, WIRE_GO_SYSCALL_BEGIN, 1, seq, 0);
		RECORD(h, WIRE_GO_SYSCALL_END, 1);
	}
}

void make_syscalls_lose_their_proc(struct hostile *h)
{
	begin_run(h);
	for (uint64_t seq = 1; hostile_wants(h); seq += 3) {
		RECORD(h, WIRE_GO_SYSCALL_BEGIN, 1, seq, 0);
		RECORD(h, WIRE_PROC_STEAL, 1, 0, seq + 1, 1);
		RECORD(h, WIRE_GO_SYSCALL_END_BLOCKED, 1);
		RECORD(h, WIRE_PROC_START, 1, 0, seq + 2);
		RECORD(h, WIRE_GO_START, 1, 1, (seq + 2) / 3);
	}
}

static void wait_for_reasons(struct hostile *h, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		RECORD(h, WIRE_GO_BLOCK, 1, 1 + i % TEXTS, 0);
		RECORD(h, WIRE_GO_UNBLOCK, 1, 1, 1 + 2 * i, 0);
		RECORD(h, WIRE_GO_START, 1, 1, 2 + 2 * i);
	}
}

void make_many_reasons(struct hostile *h)
{
	begin_run(h);
	wait_for_reasons(h, h->bytes / 18);
	put_texts(h, 0);
}

void make_reasons_in_each_generation(struct hostile *h)
{
	for (uint64_t at = 0; hostile_wants(h); at++) {
		put_texts(h, at * TEXTS);
		hostile_batch(h, 1, 1000 + at * 100000);
		RECORD(h, WIRE_PROC_STATUS, 1, 0, WIRE_PROC_RUNNING);
		RECORD(h, WIRE_GO_STATUS, 1, 1, 1, WIRE_GO_RUNNING);
		wait_for_reasons(h, TEXTS);
		hostile_end(h);
	}
}

/* Generations that begin all at the same time, and end one after the other: in each, one goroutine
 * that waits is woken by another. */
void make_waits_that_lap(struct hostile *h)
{
	for (uint64_t i = 1; hostile_wants(h); i++) {
		hostile_batch(h, 1, 1000);
		RECORD(h, WIRE_PROC_STATUS, 0, 0, WIRE_PROC_RUNNING);
		RECORD(h, WIRE_GO_STATUS, 0, 1, 1, WIRE_GO_RUNNING);
		RECORD(h, WIRE_GO_STATUS, 0, 2, WIRE_NO_THREAD & 0xff, WIRE_GO_WAITING);
		RECORD(h, WIRE_GO_UNBLOCK, i * 100, 2, 1, 0);
		RECORD(h, WIRE_GO_STOP, 1, 0, 0);
		RECORD(h, WIRE_GO_START, 1, 2, 2);
		RECORD(h, WIRE_GO_BLOCK, 1, 0, 0);
		RECORD(h, WIRE_GO_START, 1, 1, 1);
		hostile_end(h);
	}
}
