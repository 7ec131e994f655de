/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HOSTILE_AT_H
#define TESTS_HOSTILE_AT_H

#include "core/trace/v1_wire.h"
#include "core/trace/v2_wire.h"
#include "tests/hostile.h"

/* Inside of the hostile files: how they are written. */

struct hostile {
	byte_array *out, payload; /* payload: of the open batch */
	size_t first, bytes;      /* where the file begins in out, and how long it is to be */
	uint64_t generation;
	uint64_t m, base, now; /* of the open batch; base and now in ticks */
	unsigned minor;
	bool is_open;
};

/* How many bytes there are so far; whether more are wanted. */
size_t hostile_len(const struct hostile *h);
bool hostile_wants(const struct hostile *h);
/* Whether the first half, or so, is not full yet. */
bool hostile_wants_half(const struct hostile *h);

void hostile_byte(struct hostile *h, uint8_t byte); /* behind the last batch */

/* A batch of a thread from now on; the one before is written. What is too much for one goes into a
 * second. */
void hostile_batch(struct hostile *h, uint64_t m, uint64_t ticks);
void hostile_flush(struct hostile *h);
void hostile_experimental(struct hostile *h, uint64_t m, const uint8_t *payload, size_t len);

/* A batch with the clock of a generation; the end of one. */
void hostile_clock(struct hostile *h);
void hostile_end(struct hostile *h);

/* A record: its type, then its numbers, of which the first one of a timed record is dt. */
void hostile_record(struct hostile *h, size_t count, const uint64_t numbers[]);
void hostile_text(struct hostile *h, size_t len, uint64_t number);

/* The same of v1, which has no frames. */
void hostile_v1_record(struct hostile *h, size_t count, const uint64_t numbers[]);
void hostile_v1_text(struct hostile *h, uint64_t id, size_t len, uint64_t number);

#define NUMBERS(...)                                                                               \
	sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t), (const uint64_t[])           \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define RECORD(h, ...) hostile_record((h), NUMBERS(__VA_ARGS__))
#define V1_RECORD(h, ...) hostile_v1_record((h), NUMBERS(__VA_ARGS__))

/* clang-format off */
/* Every family: its header's version, its name, which is that of its function behind make_. */
#define HOSTILE_BATCHES(X) \
	X(26, empty_batches) \
	X(26, empty_batches_of_many_threads) \
	X(26, tiny_batches) \
	X(26, tiny_batches_of_many_threads) \
	X(26, tiny_generations) \
	X(22, bare_generations) \
	X(22, alternating_generations) \
	X(22, many_threads_then_generations) \
	X(22, procs_then_generations) \
	X(26, same_tables) \
	X(26, new_tables) \
	X(26, short_strings) \
	X(26, long_strings) \
	X(26, string_ids_apart) \
	X(26, deep_stacks) \
	X(26, one_frame_stacks) \
	X(26, equal_stacks) \
	X(26, samples) \
	X(26, samples_of_many_threads) \
	X(26, experimental_batches) \
	X(26, experimental_events) \
	X(26, damaged_batches) \
	X(26, damaged_tables) \
	X(26, bad_magic) \
	X(26, junk_between_batches) \
	X(26, junk_between_tiny_batches) \
	X(26, late_statuses)
#define HOSTILE_GOROUTINES(X) \
	X(26, ids_in_a_row) \
	X(26, ids_apart) \
	X(26, ids_a_page_apart) \
	X(26, ids_collide) \
	X(26, short_goroutines) \
	X(26, sleeping_goroutines) \
	X(26, named_goroutines) \
	X(26, statuses_in_each_generation) \
	X(26, many_wakes) \
	X(26, numbers_descend) \
	X(26, numbers_missing) \
	X(26, numbers_again) \
	X(26, blocked_chain) \
	X(26, few_blocked) \
	X(26, all_wait_for_a_goroutine) \
	X(26, all_wait_for_a_proc) \
	X(26, all_wait_for_the_gc) \
	X(26, broken_chains) \
	X(26, switch_chain) \
	X(26, ids_born_again) \
	X(26, born_in_syscalls) \
	X(26, syscalls_of_one_run) \
	X(26, syscalls_lose_their_proc) \
	X(26, many_reasons) \
	X(26, reasons_in_each_generation) \
	X(26, waits_that_lap)
#define HOSTILE_OTHERS(X) \
	X(26, many_procs) \
	X(26, proc_statuses) \
	X(26, steals) \
	X(26, steals_foretold) \
	X(26, stops_of_many_procs) \
	X(26, stop_kinds) \
	X(26, nested_stops) \
	X(26, assists) \
	X(26, assists_beyond_runs) \
	X(26, sweeps) \
	X(26, sweeps_beyond_threads) \
	X(26, gc_cycles) \
	X(26, workers) \
	X(26, heap) \
	X(26, nested_regions) \
	X(26, named_regions) \
	X(26, task_chain) \
	X(26, task_cycle) \
	X(26, task_ids_apart) \
	X(26, logs) \
	X(26, times_equal) \
	X(26, times_equal_on_many_threads) \
	X(26, times_leap) \
	X(26, times_step_back) \
	X(26, threads_far_apart) \
	X(22, generations_far_apart)
#define HOSTILE_V1(X) \
	X(21, v1_empty_batches) \
	X(21, v1_tiny_batches) \
	X(21, v1_many_procs) \
	X(21, v1_statuses) \
	X(21, v1_short_goroutines) \
	X(21, v1_many_wakes) \
	X(21, v1_blocked_chain) \
	X(21, v1_impossible) \
	X(21, v1_impossible_on_many_procs) \
	X(21, v1_stop_without_end) \
	X(21, v1_syscalls) \
	X(21, v1_syscalls_lose_their_proc) \
	X(21, v1_strings) \
	X(21, v1_long_strings) \
	X(21, v1_deep_stacks) \
	X(21, v1_one_frame_stacks) \
	X(21, v1_one_stack_again) \
	X(21, v1_samples) \
	X(21, v1_timers) \
	X(21, v1_logs) \
	X(21, v1_tasks) \
	X(21, v1_regions) \
	X(21, v1_gc_cycles) \
	X(21, v1_times_step_back) \
	X(21, v1_bad_batches) \
	X(21, v1_nothing_but_damage) \
	X(5,  v1_old_starts) \
	X(5,  v1_old_stacks) \
	X(5,  v1_futile_wakes)
/* clang-format on */

#define DECLARE_FAMILY(version, name) void make_##name(struct hostile *h);
HOSTILE_BATCHES(DECLARE_FAMILY)
HOSTILE_GOROUTINES(DECLARE_FAMILY)
HOSTILE_OTHERS(DECLARE_FAMILY)
HOSTILE_V1(DECLARE_FAMILY)

#endif
