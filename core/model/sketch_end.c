/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/sort.h"
#include "core/model/sketch_at.h"

/* From samples to all of the window: each stands for its thread up to the next one. Threads are
 * sampled, not Ps, as a thread that does nothing is seen to do nothing, and what is seen of a P is
 * only where it is busy. */

static int by_thread(const void *left, const void *right)
{
	const struct sketch_sample *a = left, *b = right;

	if (a->thread != b->thread)
		return a->thread < b->thread ? -1 : 1;
	return (a->base_ns > b->base_ns) - (a->base_ns < b->base_ns);
}

/* One of no length tells nothing, but of what comes behind it. */
static void drop_empty(struct sketch *sketch)
{
	size_t count = 0;

	for (size_t i = 0; i < sketch->samples.count; i++) {
		struct sketch_sample sample = sketch->samples.items[i];

		if (sample.last_ns > sample.known_ns || sample.is_end)
			sketch->samples.items[count++] = sample;
	}
	sketch->samples.count = count;
}

static void cover(struct sketch *sketch, int64_t begin_ns, int64_t end_ns)
{
	int64_t from = begin_ns < sketch->begin_ns ? sketch->begin_ns : begin_ns;
	int64_t to = end_ns > sketch->end_ns ? sketch->end_ns : end_ns;

	for (int64_t cell = from >> sketch->bits; from < to; cell++) {
		int64_t next = (cell + 1) << sketch->bits;

		sketch->covered_ns[cell - sketch->first] += (next < to ? next : to) - from;
		from = next;
	}
}

/* The sample's thread did the same in [begin_ns, end_ns), times as much of it. */
static void stretch(struct sketch *sketch, const struct sketch_sample *sample, int64_t begin_ns,
                    int64_t end_ns, double times)
{
	int64_t busy_ns = 1;

	if (end_ns <= begin_ns)
		return;
	for (uint32_t i = 0; i < sample->rate_count; i++) {
		const int64_t *spent = sketch->rates.items[sample->first_rate + i].spent_ns;

		busy_ns += spent[LANE_RUN] + spent[LANE_SYSCALL];
	}
	if (times > (double)(end_ns - begin_ns) / (double)busy_ns)
		times = (double)(end_ns - begin_ns) / (double)busy_ns;
	for (uint32_t i = 0; i < sample->rate_count; i++) {
		const struct sketch_rate *rate = &sketch->rates.items[sample->first_rate + i];

		for (int kind = 0; kind < LANE_KINDS; kind++)
			if (rate->spent_ns[kind] > 0)
				sketch_add(sketch, rate->lane, (enum lane_kind)kind, begin_ns,
				           end_ns, (int64_t)((double)rate->spent_ns[kind] * times));
	}
}

/* As much a ns. */
static void stretch_time(struct sketch *sketch, const struct sketch_sample *sample,
                         int64_t begin_ns, int64_t end_ns)
{
	if (sample->last_ns > sample->known_ns)
		stretch(sketch, sample, begin_ns, end_ns,
		        (double)(end_ns - begin_ns) / (double)(sample->last_ns - sample->known_ns));
}

/* By the index. As much a byte would be too little, as a thread that works for long writes few; as
 * much a ns too much, for one that sleeps: batches begin where it does something. Of the time that
 * its bytes do not explain it worked half. */
static void stretch_bytes(struct sketch *sketch, const struct sketch_sample *sample,
                          int64_t begin_ns, int64_t end_ns)
{
	double by_time, by_bytes;

	if (sample->seen == 0 || sample->last_ns <= sample->known_ns)
		return;
	by_bytes = (double)sample->left / (double)sample->seen;
	by_time = (double)(end_ns - begin_ns) / (double)(sample->last_ns - sample->known_ns);
	stretch(sketch, sample, begin_ns, end_ns, (by_bytes + by_time) / 2);
}

static int64_t middle(int64_t a, int64_t b)
{
	return a + (b - a) / 2;
}

/* What a sample stands for, without the index: half of the way to its neighbours, which are NULL if
 * there are none; then twice as far on that side. */
static void find_ends(const struct sketch_sample *sample, const struct sketch_sample *before,
                      const struct sketch_sample *behind, int64_t *begin_ns, int64_t *end_ns)
{
	int64_t left = before != NULL ? middle(before->last_ns, sample->base_ns) : sample->base_ns;
	int64_t right = behind != NULL ? middle(sample->last_ns, behind->base_ns) : sample->last_ns;

	if (before == NULL && behind != NULL)
		left -= 2 * (right - sample->last_ns);
	if (behind == NULL && before != NULL)
		right += 2 * (sample->base_ns - left);
	*begin_ns = left < sample->base_ns ? left : sample->base_ns;
	*end_ns = right > sample->last_ns ? right : sample->last_ns;
}

static void take_sample(struct sketch *sketch, const struct sketch_sample *sample,
                        const struct sketch_sample *before, const struct sketch_sample *behind)
{
	int64_t begin_ns = sample->base_ns, end_ns = sample->until_ns;

	if (!sketch->is_by_index)
		find_ends(sample, before, behind, &begin_ns, &end_ns);
	else if (behind != NULL && behind->base_ns < end_ns)
		end_ns = behind->base_ns;
	stretch_time(sketch, sample, begin_ns, sample->known_ns);
	if (!sketch->is_by_index)
		stretch_time(sketch, sample, sample->last_ns, end_ns);
	else if (!sample->is_end)
		stretch_bytes(sketch, sample, sample->last_ns, end_ns);
	else if (sample->hand == HAND_RUN)
		sketch_add(sketch, sample->lane, LANE_RUN, sample->last_ns, end_ns,
		           end_ns - sample->last_ns);
	cover(sketch, begin_ns, end_ns > sample->last_ns ? end_ns : sample->last_ns);
}

static void take_samples(struct sketch *sketch)
{
	const struct sketch_sample *items;

	SORT_ARRAY(&sketch->samples, by_thread);
	drop_empty(sketch);
	items = sketch->samples.items;
	for (size_t i = 0; i < sketch->samples.count; i++) {
		bool follows = i > 0 && items[i - 1].thread == items[i].thread;
		bool goes_on =
			i + 1 < sketch->samples.count && items[i + 1].thread == items[i].thread;

		take_sample(sketch, &items[i], follows ? &items[i - 1] : NULL,
		            goes_on ? &items[i + 1] : NULL);
	}
}

/* ---- syscalls */

static int by_time(const void *left, const void *right)
{
	const struct sketch_steal *a = left, *b = right;

	if (a->m != b->m)
		return a->m < b->m ? -1 : 1;
	return (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
}

/* When a thread lost its P first, at or after a time; INT64_MAX: nobody tells. */
static int64_t lost_after(const struct sketch *sketch, uint64_t m, int64_t time_ns)
{
	const struct sketch_steal key = { m, time_ns };
	size_t low = 0, high = sketch->steals.count;

	while (low < high) {
		size_t middle_at = low + (high - low) / 2;

		if (by_time(&sketch->steals.items[middle_at], &key) < 0)
			low = middle_at + 1;
		else
			high = middle_at;
	}
	return low < sketch->steals.count && sketch->steals.items[low].m == m
	               ? sketch->steals.items[low].time_ns
	               : INT64_MAX;
}

static void take_calls(struct sketch *sketch)
{
	SORT_ARRAY(&sketch->steals, by_time);
	for (size_t i = 0; i < sketch->calls.count; i++) {
		const struct sketch_call *call = &sketch->calls.items[i];
		int64_t lost_ns = lost_after(sketch, call->m, call->begin_ns);

		/* nobody took it away in the window */
		if (lost_ns > call->end_ns && sketch->is_complete && call->end_ns >= sketch->end_ns)
			lost_ns = sketch->end_ns;
		if (lost_ns > call->begin_ns && lost_ns <= call->end_ns)
			sketch_add(sketch, call->lane, LANE_SYSCALL, call->begin_ns, lost_ns,
			           lost_ns - call->begin_ns);
	}
}

/* ---- lanes */

/* The part of a cell that is in the window. */
static int64_t cell_length(const struct sketch *sketch, uint32_t cell)
{
	int64_t from = (sketch->first + cell) << sketch->bits;
	int64_t to = from + (INT64_C(1) << sketch->bits);

	from = from < sketch->begin_ns ? sketch->begin_ns : from;
	return (to > sketch->end_ns ? sketch->end_ns : to) - from;
}

/* More than there is time on a P was on others, for threads change them between samples; and so
 * were threads whose P is not known. What is too much goes where there is room. */
static void level_cell(struct sketch *sketch, uint32_t cell)
{
	int64_t length = cell_length(sketch, cell), room = 0, over = 0, *unknown;

	for (size_t i = LANE_UNKNOWN + 1; i < sketch->lanes.count; i++) {
		int64_t *spent = sketch->lanes.items[i].spent_ns[cell];
		int64_t left = length - spent[LANE_RUN] - spent[LANE_SYSCALL];

		if (left >= 0) {
			room += left;
			continue;
		}
		over -= left;
		spent[LANE_SYSCALL] = spent[LANE_SYSCALL] < length ? spent[LANE_SYSCALL] : length;
		spent[LANE_RUN] = length - spent[LANE_SYSCALL];
	}
	unknown = sketch->lanes.items[LANE_UNKNOWN].spent_ns[cell];
	over += unknown[LANE_RUN] + unknown[LANE_SYSCALL];
	if (sketch->lanes.count > 1)
		unknown[LANE_RUN] = unknown[LANE_SYSCALL] = 0;
	for (size_t i = LANE_UNKNOWN + 1; i < sketch->lanes.count && room > 0; i++) {
		int64_t *spent = sketch->lanes.items[i].spent_ns[cell];
		int64_t left = length - spent[LANE_RUN] - spent[LANE_SYSCALL];

		spent[LANE_RUN] +=
			over >= room ? left : (int64_t)((double)left * (double)over / (double)room);
	}
}

static void carry(struct sketch_point *points, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++)
		if (points[i].time_ns == TIME_UNKNOWN && points[i - 1].time_ns != TIME_UNKNOWN)
			points[i] = (struct sketch_point){ points[i - 1].last, points[i - 1].last,
				                           points[i - 1].last, 0 };
}

void sketch_end(struct sketch *sketch)
{
	if (sketch->cells == 0)
		return;
	take_samples(sketch);
	take_calls(sketch);
	for (uint32_t i = 0; i < sketch->cells; i++)
		level_cell(sketch, i);
	for (uint32_t i = 0; i < sketch->cells; i++)
		if (sketch->heap[i].time_ns != TIME_UNKNOWN &&
		    sketch->heap[i].max > sketch->heap_max)
			sketch->heap_max = sketch->heap[i].max;
	carry(sketch->heap, sketch->cells);
	carry(sketch->goal, sketch->cells);
}
