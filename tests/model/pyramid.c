/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/part.h"
#include "core/model/pyramid.h"

#include <limits.h>
#include <stdlib.h>

#include "core/model/fine.h"

#include "tests/load.h"
#include "tests/draw.h"
#include "tests/tap.h"

/* What lanes tell of a window, at any zoom, equals the naive sum over all their spans. */
enum { SPANS_MAX = 1 << 17, WINDOWS = 3000 };

static struct loaded loaded;
static struct span outer[SPANS_MAX], inner[SPANS_MAX];
static size_t outer_count, inner_count;

static uint64_t seed = 11;

static int64_t overlap(const struct span *span, int64_t begin, int64_t end)
{
	int64_t from = span->begin_ns > begin ? span->begin_ns : begin;
	int64_t to = span->end_ns < end ? span->end_ns : end;

	return to > from ? to - from : 0;
}

/* Those of a run that no part holds are not told apart from running, if a part holds them. */
static bool is_untold(const struct span *span)
{
	for (size_t i = 0; i < outer_count; i++)
		if (!span->is_long && outer[i].is_long && outer[i].begin_ns <= span->begin_ns &&
		    outer[i].end_ns >= span->end_ns)
			return true;
	return false;
}

static struct mix naive_mix(int64_t begin, int64_t end)
{
	struct mix mix = { .longest_go = INDEX_NONE };

	for (size_t i = 0; i < outer_count; i++)
		mix.spent_ns[outer[i].worker != WORKER_NONE ? LANE_WORKER : LANE_RUN] +=
			overlap(&outer[i], begin, end);
	for (size_t i = 0; i < inner_count; i++) {
		int64_t ns = overlap(&inner[i], begin, end);

		if (inner[i].kind == SPAN_SYSCALL && !is_untold(&inner[i])) {
			mix.spent_ns[LANE_SYSCALL] += ns;
			mix.spent_ns[LANE_RUN] -= ns;
		}
		mix.spent_ns[LANE_ASSIST] += inner[i].kind == SPAN_ASSIST ? ns : 0;
		mix.spent_ns[LANE_SWEEP] += inner[i].kind == SPAN_SWEEP ? ns : 0;
	}
	return mix;
}

/* Whether both ends stand on a grid that all levels have. */
static bool is_aligned(int64_t begin, int64_t end)
{
	unsigned bits = (unsigned)__builtin_ctzll((uint64_t)(begin | (end - begin)));

	for (size_t p = 0; p < loaded.model.parts.count; p++)
		if (bits < loaded.model.parts.items[p]->pyramid.bits)
			return false;
	return end - begin == INT64_C(1) << bits && bits % 2 == 0;
}

/* A window is told by buckets that are at most as wide as it; at each end one is shared out. */
static int64_t tolerance(uint32_t proc, int64_t begin, int64_t end)
{
	bool fine = true;

	for (size_t p = 0; p < loaded.model.parts.count; p++) {
		const struct part *part = loaded.model.parts.items[p];
		uint16_t own = part_proc(part, proc);

		fine = fine && (own == PROC_NONE || fine_near(part, own, begin, end) != NULL);
	}
	return fine || is_aligned(begin, end) ? 0 : 2 * (end - begin);
}

static bool mix_is_naive(uint32_t proc, int64_t begin, int64_t end)
{
	struct mix got = model_mix(&loaded.model, proc, begin, end), want = naive_mix(begin, end);

	for (int kind = 0; kind < LANE_KINDS; kind++)
		if (llabs(got.spent_ns[kind] - want.spent_ns[kind]) > tolerance(proc, begin, end)) {
			printf("# P%u [%" PRId64 ", %" PRId64 ") kind %d: got %" PRId64
			       ", want %" PRId64 "\n",
			       proc, begin, end, kind, got.spent_ns[kind], want.spent_ns[kind]);
			return false;
		}
	return true;
}

static void list_spans(uint32_t proc)
{
	outer_count = model_spans(&loaded.model, lane_of_proc(proc, false), 0, INT64_MAX, outer,
	                          SPANS_MAX);
	inner_count = model_spans(&loaded.model, lane_of_proc(proc, true), 0, INT64_MAX, inner,
	                          SPANS_MAX);
}

static void mixes_are_the_sums_of_spans(uint32_t proc)
{
	int bad = 0;

	for (int i = 0; i < WINDOWS; i++) {
		int64_t width =
			(int64_t)(draw(&seed, (uint64_t)loaded.model.end_ns) >> draw(&seed, 30)) +
			1;
		int64_t begin = (int64_t)draw(&seed, (uint64_t)loaded.model.end_ns);

		if (i % 2 == 0) { /* on the grid */
			width = INT64_C(1) << (12 + 2 * draw(&seed, 10));
			begin = begin / width * width;
		}
		bad += !mix_is_naive(proc, begin, begin + width);
		if (bad > 3)
			break;
	}
	ok(bad == 0, "mixes of P%u are the sums of its spans", proc);
}

/* Neighbouring windows of any width share all out between them. */
static void windows_side_by_side_add_up(uint32_t proc)
{
	bool good = true;

	for (int64_t width = loaded.model.end_ns / 7; width > 300000; width /= 3) {
		struct mix sum = { .longest_go = INDEX_NONE }, want = naive_mix(0, INT64_MAX);

		for (int64_t at = 0; at <= loaded.model.end_ns + width; at += width) {
			struct mix mix = model_mix(&loaded.model, proc, at, at + width);

			for (int kind = 0; kind < LANE_KINDS; kind++)
				sum.spent_ns[kind] += mix.spent_ns[kind];
		}
		for (int kind = 0; kind < LANE_KINDS; kind++) {
			int64_t off = llabs(sum.spent_ns[kind] - want.spent_ns[kind]);

			if (off > want.spent_ns[kind] / 1000 + 1000) {
				printf("# P%u by %" PRId64 " kind %d: got %" PRId64
				       ", want %" PRId64 "\n",
				       proc, width, kind, sum.spent_ns[kind], want.spent_ns[kind]);
				good = false;
			}
		}
	}
	ok(good, "windows of P%u side by side add up to its lane", proc);
}

static void runs_do_not_lap(uint32_t proc)
{
	bool good = outer_count < SPANS_MAX && inner_count < SPANS_MAX;

	for (size_t i = 1; i < outer_count; i++)
		good = good && outer[i - 1].end_ns <= outer[i].begin_ns;
	ok(good, "the runs of P%u follow each other", proc);
	good = true;
	for (size_t i = 0; i < outer_count; i++)
		good = good && outer[i].begin_ns <= outer[i].end_ns && outer[i].begin_ns >= 0 &&
		       outer[i].end_ns <= loaded.model.end_ns;
	ok(good, "and are within the trace");
}

/* A window lists just those of all spans that lap into it. */
static void windows_list_their_spans(uint32_t proc)
{
	static struct span some[SPANS_MAX];
	bool good = true;

	for (int i = 0; i < 300 && good; i++) {
		int64_t width =
			(int64_t)(draw(&seed, (uint64_t)loaded.model.end_ns) >> draw(&seed, 30)) +
			1;
		int64_t begin = (int64_t)draw(&seed, (uint64_t)loaded.model.end_ns);
		size_t count = model_spans(&loaded.model, lane_of_proc(proc, false), begin,
		                           begin + width, some, SPANS_MAX);
		size_t want = 0;

		for (size_t s = 0; s < outer_count; s++)
			want += overlap(&outer[s], begin, begin + width) > 0;
		for (size_t s = 0; s < count; s++)
			want += overlap(&some[s], begin, begin + width) == 0; /* of no length */
		good = count == want;
		if (!good)
			printf("# P%u [%" PRId64 ", +%" PRId64 "): %zu spans, want %zu\n", proc,
			       begin, width, count, want);
	}
	ok(good, "a window of P%u lists the spans that lap into it", proc);
}

static const char *const level_names[] = { "running", "runnable", "gc wait", "procs", "calls" };

/* What a wide window says holds all that narrow ones inside it say. */
static void levels_hold_those_inside(void)
{
	for (int s = SERIES_RUNNING; s <= SERIES_CALLS; s++) {
		bool good = true;

		for (int i = 0; i < WINDOWS; i++) {
			int64_t width =
				(int64_t)(draw(&seed, UINT64_C(1) << 29) >> draw(&seed, 28)) + 4;
			int64_t begin = (int64_t)draw(&seed, (uint64_t)loaded.model.end_ns);
			struct level wide =
				model_level(&loaded.model, (enum series)s, begin, begin + width);
			struct level narrow = model_level(&loaded.model, (enum series)s,
			                                  begin + width / 4, begin + width / 2);

			if (wide.is_known && narrow.is_known)
				good = good && wide.min <= wide.max && narrow.min >= 0 &&
				       wide.min <= narrow.min && wide.max >= narrow.max;
		}
		ok(good, "%s: a window holds the levels inside it", level_names[s]);
	}
}

/* Where the changes themselves tell, by blocks or one by one: a window is what its pieces are. */
static void levels_are_those_of_their_pieces(void)
{
	enum { PIECES = 64, PIECE_NS = 65536 };

	for (int s = SERIES_RUNNING; s <= SERIES_CALLS; s++) {
		bool good = true;

		for (int i = 0; i < WINDOWS; i++) {
			int64_t begin = (int64_t)draw(&seed, (uint64_t)loaded.model.end_ns);
			struct level whole, pieces = { .min = INT64_MAX, .max = INT64_MIN };

			begin -= begin % PIECE_NS;
			whole = model_level(&loaded.model, (enum series)s, begin,
			                    begin + PIECES * PIECE_NS);
			for (int64_t p = 0; p < PIECES; p++) {
				struct level piece = model_level(
					&loaded.model, (enum series)s, begin + p * PIECE_NS,
					begin + (p + 1) * PIECE_NS);

				if (!piece.is_known)
					continue;
				pieces.min = piece.min < pieces.min ? piece.min : pieces.min;
				pieces.max = piece.max > pieces.max ? piece.max : pieces.max;
				pieces.last = piece.last;
			}
			good = good && whole.min == pieces.min && whole.max == pieces.max &&
			       whole.last == pieces.last;
		}
		ok(good, "%s: a window is what its pieces are", level_names[s]);
	}
}

int main(void)
{
	const char *source = getenv("srcdir");
	struct error err = { 0 };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s: %s", path, err.message);
		return tap_done();
	}
	for (uint32_t proc = 0; proc < loaded.model.procs.count; proc++) {
		list_spans(proc);
		runs_do_not_lap(proc);
		windows_list_their_spans(proc);
		mixes_are_the_sums_of_spans(proc);
		windows_side_by_side_add_up(proc);
	}
	levels_hold_those_inside();
	levels_are_those_of_their_pieces();
	load_free(&loaded);
	is_u64(atomic_load(&loaded.budget.used), 0, "memory comes back");
	return tap_done();
}
