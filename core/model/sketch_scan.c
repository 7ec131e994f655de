/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/sort.h"
#include "core/model/sketch_at.h"
#include "core/model/timing.h"
#include "core/trace/resync.h"
#include "core/trace/v2_wire.h"
#include "core/trace/version.h"

/* Batches at places that are spread over the file: each window is searched for the first, and the
 * next ones are taken with it. The windows at the end of the file touch each other, as what is
 * latest may be in any of the batches that all threads write there. */

enum {
	WINDOWS = 400,
	WINDOW = 192 << 10,   /* bytes that are read of one, at most */
	SEARCHED = 128 << 10, /* and looked at for a batch */
	SPARSE = 8,           /* no more than one byte of so many */
	LAST_WINDOWS = 16,
	BATCHES = 2,   /* of a window */
	HOPS = 64,     /* headers that are looked at for them */
	LOST_MAX = 32, /* windows in a row without a batch: the file is damaged, or no trace */
	ADVISED = 32,
};

struct sketch_scan {
	uint64_t size;
	uint32_t count;   /* windows before the last ones */
	uint32_t advised; /* of all, one after the other */
	uint32_t at;
	uint32_t lost;
	uint64_t last_ticks; /* of all batches: tables are written when all is over */
	struct resync resync;
};

static bool is_in_tail(const struct sketch_scan *scan, uint32_t window)
{
	return window >= scan->count;
}

static uint64_t window_begin(const struct sketch_scan *scan, uint32_t window)
{
	uint64_t back = (uint64_t)(scan->count + LAST_WINDOWS - window) * BATCH_SIZE_MAX;

	if (is_in_tail(scan, window))
		return scan->size > back + VERSION_HEADER ? scan->size - back : VERSION_HEADER;
	return VERSION_HEADER + (scan->size - VERSION_HEADER) / scan->count * window;
}

bool sketch_scan(struct sketch *sketch)
{
	uint64_t size = atomic_load(&sketch->source->end);
	uint8_t bytes[BATCH_HEAD_MAX];
	struct bytes in = { bytes, source_read(sketch->source, VERSION_HEADER, bytes, sizeof(bytes),
		                               NULL) };
	struct batch_head head;
	struct sketch_scan *scan;

	/* sizes that are not padded are not found by their form */
	if (batch_head_take(in, &head) != HEAD_WELL || !head.is_padded)
		return false;
	scan = budget_resize(sketch->budget, NULL, 0, sizeof(*scan));
	*scan = (struct sketch_scan){ .size = size };
	scan->count =
		size / WINDOW / SPARSE < WINDOWS ? (uint32_t)(size / WINDOW / SPARSE) + 1 : WINDOWS;
	sketch->scan = scan;
	return true;
}

void sketch_scan_free(struct sketch *sketch)
{
	if (sketch->scan == NULL)
		return;
	resync_end(&sketch->scan->resync);
	sketch->scan = budget_resize(sketch->budget, sketch->scan, sizeof(*sketch->scan), 0);
}

/* ---- a window */

/* Whether a payload is of events, by its first byte (index.c). */
static bool begins_events(uint8_t first)
{
	return wire_timed_args[first] > 0;
}

static void add_place(struct sketch *sketch, const struct batch_head *head, uint64_t offset,
                      bool is_whole)
{
	struct clock clock = clock_of_frequency(CLOCK_USUAL_FREQUENCY);
	struct sketch_place place = {
		.offset = offset + head->len,
		.size = (uint32_t)head->size,
		.m = head->m,
		.thread = sketch_find_thread(sketch, head->m),
		.base_ns = clock_ns(&clock, head->ticks),
		.clock = clock,
	};

	if (place.thread == INDEX_NONE)
		return;
	place.take =
		(uint32_t)(sketch_bytes(sketch) / BATCHES / (sketch->scan->count + LAST_WINDOWS));
	if (is_whole || place.take > place.size)
		place.take = place.size;
	*array_push(&sketch->places) = place;
}

/* The batches from offset on. */
static void take_batches(struct sketch *sketch, uint64_t offset, bool is_tail)
{
	int taken = 0;

	for (int i = 0; i < HOPS && (is_tail || taken < BATCHES); i++) {
		uint8_t bytes[BATCH_HEAD_MAX + 1] = { 0 };
		struct bytes in = { bytes, source_read(sketch->source, offset, bytes, sizeof(bytes),
			                               NULL) };
		struct batch_head head;

		if (in.len > 0 && bytes[0] == WIRE_END_OF_GENERATION) {
			offset++;
			continue;
		}
		if (batch_head_take(in, &head) != HEAD_WELL)
			return;
		if (head.ticks > sketch->scan->last_ticks)
			sketch->scan->last_ticks = head.ticks;
		if (head.type == WIRE_EVENT_BATCH && head.m != WIRE_NO_THREAD &&
		    begins_events(bytes[head.len])) {
			add_place(sketch, &head, offset, is_tail);
			taken++;
		}
		offset += head.len + head.size;
	}
}

static void next_window(struct sketch_scan *scan, bool was_lost)
{
	resync_end(&scan->resync);
	scan->lost = was_lost ? scan->lost + 1 : 0;
	scan->at++;
}

/* Searches on in the window. */
static void search(struct sketch *sketch)
{
	struct sketch_scan *scan = sketch->scan;
	uint64_t begin = window_begin(scan, scan->at);
	const struct resync_near near = { .has_marks = true };

	if (!resync_is_on(&scan->resync))
		resync_begin(&scan->resync, sketch->budget, begin);
	switch (resync_step(&scan->resync, sketch->source, &near)) {
	case RESYNC_BATCH:
		take_batches(sketch, scan->resync.found, is_in_tail(scan, scan->at));
		next_window(scan, false);
		break;
	case RESYNC_ON:
		if (scan->resync.at >= begin + SEARCHED)
			next_window(scan, true);
		break;
	case RESYNC_TRACE:
	case RESYNC_NONE:
	case RESYNC_WAIT:
		next_window(scan, true);
		break;
	}
}

/* ---- all of it */

static int by_offset(const void *left, const void *right)
{
	const struct sketch_place *a = left, *b = right;

	return (a->offset > b->offset) - (a->offset < b->offset);
}

/* Windows that are near each other find the same. */
static void drop_doubles(struct sketch *sketch)
{
	size_t count = 0;

	SORT_ARRAY(&sketch->places, by_offset);
	for (size_t i = 0; i < sketch->places.count; i++)
		if (count == 0 ||
		    sketch->places.items[count - 1].offset < sketch->places.items[i].offset)
			sketch->places.items[count++] = sketch->places.items[i];
	sketch->places.count = count;
}

/* The trace begins about where its first batches do. */
static void set_times(struct sketch *sketch)
{
	struct sketch_place *places = sketch->places.items;
	struct clock clock = clock_of_frequency(CLOCK_USUAL_FREQUENCY);
	int64_t start = INT64_MAX, end = clock_ns(&clock, sketch->scan->last_ticks);

	for (size_t i = 0; i < sketch->places.count && i < BATCHES; i++)
		start = places[i].base_ns < start ? places[i].base_ns : start;
	if (sketch->places.count == 0 || end - start > TIMING_LONGEST_NS) {
		sketch->places.count = 0;
		return;
	}
	for (size_t i = 0; i < sketch->places.count; i++) {
		places[i].base_ns -= start;
		places[i].until_ns = end - start;
	}
	sketch->start_ns = start;
	sketch->last_ns = end - start;
	sketch_set_window(sketch, 0, end - start + 1);
}

bool sketch_scan_step(struct sketch *sketch)
{
	struct sketch_scan *scan = sketch->scan;
	uint32_t all = scan->count + LAST_WINDOWS;

	if (scan->advised < all) {
		for (uint32_t i = 0; i < ADVISED && scan->advised < all; i++)
			source_expect(sketch->source, window_begin(scan, scan->advised++), WINDOW);
		return true;
	}
	if (scan->at < all && scan->lost < LOST_MAX) {
		search(sketch);
		return true;
	}
	drop_doubles(sketch);
	set_times(sketch);
	sketch_sort_places(sketch);
	return false;
}
