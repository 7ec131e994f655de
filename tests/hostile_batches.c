/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/hostile_at.h"

/* Families of batches, generations and tables. */

enum { NOTHING = 0, SHORT_TEXT = 4, LONG_TEXT = 1000, FRAMES = 128 };

/* ---- batches */

void make_empty_batches(struct hostile *h)
{
	hostile_clock(h);
	while (hostile_wants(h))
		hostile_batch(h, 1, 1000);
}

void make_empty_batches_of_many_threads(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t m = 0; hostile_wants(h); m++)
		hostile_batch(h, m, 1000);
}

void make_tiny_batches(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t i = 0; hostile_wants(h); i++) {
		hostile_batch(h, 1, 1000 + i);
		RECORD(h, WIRE_PROC_STOP, 0);
	}
}

void make_tiny_batches_of_many_threads(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t m = 0; hostile_wants(h); m++) {
		hostile_batch(h, m, 1000);
		RECORD(h, WIRE_PROC_STOP, 0);
	}
}

/* ---- generations */

void make_tiny_generations(struct hostile *h)
{
	for (uint64_t i = 0; hostile_wants(h); i++) {
		hostile_clock(h);
		hostile_batch(h, 1, 1000 + i);
		RECORD(h, WIRE_GO_STATUS, 0, 1, WIRE_NO_THREAD, WIRE_GO_WAITING);
		hostile_end(h);
	}
}

/* No clock, one event. */
void make_bare_generations(struct hostile *h)
{
	for (; hostile_wants(h); h->generation++) {
		hostile_batch(h, 1, 1000);
		RECORD(h, WIRE_PROC_STOP, 0);
	}
}

void make_alternating_generations(struct hostile *h)
{
	while (hostile_wants(h)) {
		hostile_batch(h, 1, 1000);
		RECORD(h, WIRE_PROC_STOP, 0);
		h->generation = 3 - h->generation;
	}
}

void make_many_threads_then_generations(struct hostile *h)
{
	for (uint64_t m = 0; hostile_wants_half(h); m++) {
		hostile_batch(h, m, 1000);
		RECORD(h, WIRE_GO_STATUS, 0, m << 8, m, WIRE_GO_SYSCALL);
	}
	for (h->generation = 2; hostile_wants(h); h->generation++) {
		hostile_batch(h, 1, 1000);
		RECORD(h, WIRE_USER_TASK_END, 0, h->generation << 8, NOTHING);
	}
}

void make_procs_then_generations(struct hostile *h)
{
	hostile_batch(h, 1, 1000);
	for (uint64_t p = 0; hostile_wants_half(h) && p < UINT16_MAX; p++)
		RECORD(h, WIRE_PROC_STATUS, 0, p, WIRE_PROC_IDLE);
	for (h->generation = 2; hostile_wants(h); h->generation++) {
		hostile_batch(h, 1, 1000);
		RECORD(h, WIRE_PROC_STATUS, 0, h->generation % 1024, WIRE_PROC_RUNNING);
	}
}

void make_late_statuses(struct hostile *h)
{
	for (uint64_t i = 0; hostile_wants(h); i++) {
		hostile_batch(h, WIRE_NO_THREAD, 2000 + i);
		for (uint64_t g = 0; g < 64; g++)
			RECORD(h, WIRE_GO_STATUS, 0, g << 4, WIRE_NO_THREAD, WIRE_GO_WAITING);
		hostile_end(h);
	}
}

/* ---- tables */

static void put_tables(struct hostile *h, uint64_t first)
{
	hostile_batch(h, WIRE_NO_THREAD, 1000);
	RECORD(h, WIRE_STRINGS);
	for (uint64_t i = 1; i <= 20; i++) {
		RECORD(h, WIRE_STRING, i);
		hostile_text(h, 20, first + i);
	}
	hostile_batch(h, WIRE_NO_THREAD, 1000);
	RECORD(h, WIRE_STACKS);
	for (uint64_t i = 1; i <= 8; i++)
		RECORD(h, WIRE_STACK, i, 2, first + i, 1, 2, 3, first + 2 * i, 1, 2, 4);
	hostile_batch(h, 1, 1000);
	RECORD(h, WIRE_GO_CREATE, 0, 1, 1, 2);
	hostile_end(h);
}

void make_same_tables(struct hostile *h)
{
	while (hostile_wants(h))
		put_tables(h, 0);
}

void make_new_tables(struct hostile *h)
{
	for (uint64_t i = 0; hostile_wants(h); i += 100)
		put_tables(h, i);
}

static void begin_table(struct hostile *h, enum wire_type type)
{
	hostile_clock(h);
	hostile_batch(h, 1, 1000);
	RECORD(h, WIRE_PROC_STATUS, 0, 1, WIRE_PROC_IDLE);
	hostile_batch(h, WIRE_NO_THREAD, 1000);
	RECORD(h, type);
}

void make_short_strings(struct hostile *h)
{
	begin_table(h, WIRE_STRINGS);
	for (uint64_t i = 1; hostile_wants(h); i++) {
		RECORD(h, WIRE_STRING, i);
		hostile_text(h, SHORT_TEXT, i);
	}
}

void make_long_strings(struct hostile *h)
{
	begin_table(h, WIRE_STRINGS);
	for (uint64_t i = 1; hostile_wants(h); i++) {
		RECORD(h, WIRE_STRING, i);
		hostile_text(h, LONG_TEXT, i);
	}
}

void make_string_ids_apart(struct hostile *h)
{
	begin_table(h, WIRE_STRINGS);
	for (uint64_t i = 1; hostile_wants(h); i++) {
		RECORD(h, WIRE_STRING, i << 40);
		hostile_text(h, 0, 0);
	}
}

void make_deep_stacks(struct hostile *h)
{
	begin_table(h, WIRE_STACKS);
	for (uint64_t i = 1; hostile_wants(h); i++) {
		uint64_t numbers[3 + 4 * FRAMES] = { WIRE_STACK, i, FRAMES };

		for (uint64_t f = 0; f < 4 * FRAMES; f++)
			numbers[3 + f] = i >> (f % 16) & 127;
		hostile_record(h, 3 + 4 * FRAMES, numbers);
	}
}

void make_one_frame_stacks(struct hostile *h)
{
	begin_table(h, WIRE_STACKS);
	for (uint64_t i = 1; hostile_wants(h); i++)
		RECORD(h, WIRE_STACK, i, 1, i, 1, 1, 1);
}

void make_equal_stacks(struct hostile *h)
{
	begin_table(h, WIRE_STACKS);
	for (uint64_t i = 1; hostile_wants(h); i++)
		RECORD(h, WIRE_STACK, i, 1, 1, 1, 1, 1);
}

void make_samples(struct hostile *h)
{
	begin_table(h, WIRE_CPU_SAMPLES);
	for (uint64_t i = 0; hostile_wants(h); i++)
		RECORD(h, WIRE_CPU_SAMPLE, 1000 + i * 7919 % 100000, 1, 1, 1, 1);
}

void make_samples_of_many_threads(struct hostile *h)
{
	begin_table(h, WIRE_CPU_SAMPLES);
	for (uint64_t i = 0; hostile_wants(h); i++)
		RECORD(h, WIRE_CPU_SAMPLE, 1000, i, 1, 1, 1);
}

/* ---- what is not understood */

void make_experimental_batches(struct hostile *h)
{
	static const uint8_t payload[] = { 1 };

	hostile_clock(h);
	for (uint64_t m = 0; hostile_wants(h); m++)
		hostile_experimental(h, m, payload, sizeof(payload));
}

void make_experimental_events(struct hostile *h)
{
	hostile_clock(h);
	hostile_batch(h, 1, 1000);
	while (hostile_wants(h))
		RECORD(h, WIRE_SPAN_FREE, 1, 1);
}

void make_damaged_batches(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t i = 0; hostile_wants(h); i++) {
		hostile_batch(h, i, 1000);
		RECORD(h, 255);
	}
}

void make_damaged_tables(struct hostile *h)
{
	hostile_clock(h);
	while (hostile_wants(h)) {
		hostile_batch(h, WIRE_NO_THREAD, 1000);
		RECORD(h, WIRE_STRINGS);
		RECORD(h, 255);
	}
}

/* A header with a padded size, as the runtime writes it. */
static void put_padded(struct hostile *h, uint8_t size)
{
	const uint8_t header[] = {
		WIRE_EVENT_BATCH,
		1,
		1,
		1,
		size | 0x80,
		0x80,
		0x80,
		0x80,
		0x80,
		0x80,
		0x80,
		0x80,
		0x80,
		0x00,
	};

	for (size_t i = 0; i < sizeof(header); i++)
		hostile_byte(h, header[i]);
}

/* What may be a batch, but is none. */
void make_bad_magic(struct hostile *h)
{
	hostile_clock(h);
	while (hostile_wants(h)) {
		put_padded(h, 5);
		hostile_byte(h, 255);
	}
}

void make_junk_between_batches(struct hostile *h)
{
	hostile_clock(h);
	while (hostile_wants(h)) {
		put_padded(h, 2);
		hostile_byte(h, WIRE_PROC_STOP);
		hostile_byte(h, 0);
		hostile_byte(h, 255);
	}
}

void make_junk_between_tiny_batches(struct hostile *h)
{
	hostile_clock(h);
	for (uint64_t i = 0; hostile_wants(h); i++) {
		hostile_batch(h, 1, 1000 + i);
		RECORD(h, WIRE_PROC_STOP, 0);
		hostile_byte(h, 255);
	}
}
