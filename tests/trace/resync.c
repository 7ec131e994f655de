/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/resync.h"

#include <stdlib.h>

#include "core/base/array.h"
#include "core/trace/v2_wire.h"
#include "tests/tap.h"

static struct budget budget;

typedef ARRAY(uint8_t) byte_array;

/* ---- bytes */

static void put(byte_array *bytes, const void *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		*array_push(bytes) = ((const uint8_t *)data)[i];
}

static void put_number(byte_array *bytes, uint64_t value, int padded)
{
	for (int i = 1; value >= 0x80 || i < padded; i++, value >>= 7)
		*array_push(bytes) = (uint8_t)(value | 0x80);
	*array_push(bytes) = (uint8_t)value;
}

/* A batch of that many ProcStop records; its offset. */
static uint64_t put_batch(byte_array *bytes, uint64_t number, uint64_t m, uint64_t ticks,
                          size_t stops, bool is_padded)
{
	uint64_t offset = bytes->count;

	*array_push(bytes) = WIRE_EVENT_BATCH;
	put_number(bytes, number, 1);
	put_number(bytes, m, 1);
	put_number(bytes, ticks, 1);
	put_number(bytes, 2 * stops, is_padded ? BATCH_PADDED : 1);
	for (size_t i = 0; i < stops; i++)
		put(bytes, "\x0b\x01", 2);
	return offset;
}

static void put_junk(byte_array *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		*array_push(bytes) = (uint8_t)(i * 37 >> 3 | 2);
}

/* ---- searching */

static const struct resync_near near_all = { .number = 5, .ticks = 1000000, .apart = 100000 };

/* From from on; where it was found, or the result for what was not. */
static uint64_t search(const byte_array *bytes, const struct resync_near *near, uint64_t from,
                       enum resync_result *result)
{
	struct source source;
	struct resync resync;

	source_open_stream(&source, &budget);
	source_append(&source, (struct bytes){ bytes->items, bytes->count });
	source_finish(&source);
	resync_begin(&resync, &budget, from);
	do
		*result = resync_step(&resync, &source, near);
	while (*result == RESYNC_ON);
	resync_end(&resync);
	source_close(&source);
	return resync.found;
}

static void finds(const byte_array *bytes, const struct resync_near *near, uint64_t want,
                  const char *what)
{
	enum resync_result result;
	uint64_t found = search(bytes, near, 0, &result);

	is_u64(result, RESYNC_BATCH, what);
	is_u64(found, want, "where it begins");
}

static void finds_nothing(const byte_array *bytes, const struct resync_near *near, const char *what)
{
	enum resync_result result;

	search(bytes, near, 0, &result);
	is_u64(result, RESYNC_NONE, what);
}

static void a_padded_batch_behind_junk(void)
{
	static const size_t junk[] = { 0, 1, 41, 65500, 65536, 65577, 200001 };
	static const uint64_t threads[] = { 0, 128, UINT64_MAX };

	for (size_t i = 0; i < sizeof(junk) / sizeof(junk[0]); i++)
		for (size_t t = 0; t < 3; t++) {
			byte_array bytes = { .budget = &budget };
			uint64_t want;

			put_junk(&bytes, junk[i]);
			want = put_batch(&bytes, 5, threads[t], 1000000, 3, true);
			finds(&bytes, &near_all, want, "a batch behind junk");
			array_free(&bytes);
		}
}

static void what_does_not_fit_needs_a_neighbour(void)
{
	byte_array bytes = { .budget = &budget };

	put_batch(&bytes, 9, 1, 1000000, 3, true);
	finds(&bytes, &near_all, 0, "another generation, at the end of the file");
	put_junk(&bytes, 50);
	finds_nothing(&bytes, &near_all, "another generation, followed by junk");
	array_clear(&bytes);
	put_batch(&bytes, 6, 1, 1000001, 3, true);
	put_junk(&bytes, 50);
	finds(&bytes, &near_all, 0, "the next generation, followed by junk");
	array_clear(&bytes);
	put_batch(&bytes, 5, 1, 2000000, 3, true);
	put_junk(&bytes, 50);
	finds_nothing(&bytes, &near_all, "another time, followed by junk");
	array_clear(&bytes);
	put_batch(&bytes, 9, 1, 2000000, 3, true);
	put_batch(&bytes, 9, 2, 2000000, 3, true);
	put_junk(&bytes, 50);
	finds(&bytes, &near_all, 0, "another time and generation, followed by a batch");
	array_free(&bytes);
}

static void minimal_sizes_need_two_that_fit(void)
{
	struct resync_near near = near_all;
	byte_array bytes = { .budget = &budget };
	uint64_t want;

	near.is_minimal = true;
	put_junk(&bytes, 100);
	put_batch(&bytes, 5, 1, 1000000, 3, false);
	put_junk(&bytes, 100);
	finds_nothing(&bytes, &near, "one alone may be anything");
	want = put_batch(&bytes, 5, 1, 1000000, 3, false);
	put_batch(&bytes, 6, 2, 1000100, 3, false);
	put_junk(&bytes, 100);
	finds(&bytes, &near, want, "two in a row are batches");
	finds_nothing(&bytes, &near_all, "where sizes are padded, they are none");
	array_free(&bytes);
}

static void an_end_mark_follows_like_a_batch(void)
{
	struct resync_near near = near_all;
	byte_array bytes = { .budget = &budget };

	put_batch(&bytes, 9, 1, 1, 3, true);
	*array_push(&bytes) = WIRE_END_OF_GENERATION;
	put_junk(&bytes, 50);
	finds_nothing(&bytes, &near, "no end mark in this version");
	near.has_marks = true;
	finds(&bytes, &near, 0, "an end mark");
	array_free(&bytes);
}

static void another_trace_is_not_searched(void)
{
	byte_array bytes = { .budget = &budget };
	enum resync_result result;

	put_junk(&bytes, 70000);
	put(&bytes, "go 1.99 trace\0\0\0", 16); /* no version that we know */
	put(&bytes, "go 1.26 trace\0\0\0", 16);
	put_batch(&bytes, 5, 1, 1000000, 3, true);
	is_u64(search(&bytes, &near_all, 0, &result), 70016, "where another trace begins");
	is_u64(result, RESYNC_TRACE, "the search ends");
	array_free(&bytes);
}

/* A stream may stop anywhere: the search waits, and says the same in the end. */
static void byte_by_byte_is_as_all_at_once(void)
{
	byte_array bytes = { .budget = &budget };
	struct source source;
	struct resync resync;
	enum resync_result result = RESYNC_WAIT;
	size_t at = 0, waited = 0;

	put_junk(&bytes, 300);
	put_batch(&bytes, 9, 1, 7, 300, true);
	put_junk(&bytes, 100);
	put_batch(&bytes, 11, 1, 7, 300, true);
	put_batch(&bytes, 11, 1, 7, 300, true);
	source_open_stream(&source, &budget);
	resync_begin(&resync, &budget, 0);
	while (result == RESYNC_WAIT && at < bytes.count) {
		source_append(&source, (struct bytes){ bytes.items + at++, 1 });
		result = resync_step(&resync, &source, &near_all);
		waited += result == RESYNC_WAIT;
	}
	is_u64(result, RESYNC_BATCH, "one is found as soon as there is enough");
	is_u64(resync.found, 300 + 16 + 600 + 100 - 2, "the one that is followed by another");
	ok(at < bytes.count - 500 && waited == at - 1, "before all was there");
	resync_end(&resync);
	source_close(&source);
	array_free(&bytes);
}

int main(void)
{
	a_padded_batch_behind_junk();
	what_does_not_fit_needs_a_neighbour();
	minimal_sizes_need_two_that_fit();
	an_end_mark_follows_like_a_batch();
	another_trace_is_not_searched();
	byte_by_byte_is_as_all_at_once();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
