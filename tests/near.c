/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/near.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/model/closeup.h"

/* Runs and pieces alike. */
struct record {
	uint64_t begin, end, lane_end; /* units of the part */
	uint64_t begin_ref, end_ref, reason, go, stack, flags;
};
typedef ARRAY(struct record) record_array;

enum { FIELDS = sizeof(struct record) / sizeof(uint64_t) };

static int record_order(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	for (int i = 0; i < FIELDS; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

static uint64_t go_of(const struct history *history, uint32_t g)
{
	return g == INDEX_NONE ? INDEX_NONE : history->go_of.items[g];
}

static void collect(record_array *records, const struct history *history, uint16_t proc,
                    part_time begin, part_time end)
{
	const struct lanes *lanes = &history->lanes;

	array_clear(records);
	for (uint32_t i = lanes->first_run.items[proc]; i < lanes->first_run.items[proc + 1]; i++) {
		const struct run *run = &history->runs.items[i];

		if (lane_is_whole(run) && run->begin <= end && run->lane_end >= begin)
			*array_push(records) = (struct record){
				.begin = run->begin,
				.end = run->end,
				.lane_end = run->lane_end,
				.begin_ref = run->begin_ref,
				.end_ref = run->end_ref,
				.reason = history->reasons.items[run->reason],
				.go = go_of(history, run->g),
				.stack = run->stack,
				.flags = (uint64_t)(run->open << 8 | run->close << 4 | run->worker),
			};
	}
	for (uint32_t i = lanes->first_piece.items[proc]; i < lanes->first_piece.items[proc + 1];
	     i++) {
		const struct piece *piece = &lanes->pieces.items[i];

		if (piece->begin <= end && piece->end >= begin)
			*array_push(records) = (struct record){
				.begin = piece->begin,
				.end = piece->end,
				.begin_ref = piece->ref,
				.go = go_of(history, piece->g),
				.stack = piece->stack,
				.flags =
					1 << 16 | (uint64_t)(piece->kind << 8 |
				                             piece->is_lost << 4 | piece->is_whole),
			};
	}
	if (records->count > 0)
		qsort(records->items, records->count, sizeof(struct record), record_order);
}

static void tell(const char *what, const record_array *records, size_t i)
{
	const struct record *r = &records->items[i];

	if (i >= records->count) {
		printf("# %s: none\n", what);
		return;
	}
	printf("# %s: %" PRIu64 " .. %" PRIu64 " (lane %" PRIu64 ") refs %" PRIu64 " %" PRIu64
	       " reason %" PRIu64 " go %" PRIu64 " stack %" PRIu64 " flags %" PRIx64 "\n",
	       what, r->begin, r->end, r->lane_end, r->begin_ref, r->end_ref, r->reason, r->go,
	       r->stack, r->flags);
}

static bool is_same(const record_array *want, const record_array *got, bool tells)
{
	for (size_t i = 0; i < want->count || i < got->count; i++) {
		if (i < want->count && i < got->count &&
		    record_order(&want->items[i], &got->items[i]) == 0)
			continue;
		if (tells) {
			tell("want", want, i);
			tell("got ", got, i);
		}
		return false;
	}
	return true;
}

static const char *compare(const struct part *part, const struct history *near, part_time begin,
                           part_time end, bool tells, struct near_count *count)
{
	record_array want = { .budget = near->budget }, got = { .budget = near->budget };
	const char *broken = NULL;

	for (uint16_t p = 0; p < part->procs && broken == NULL; p++) {
		collect(&want, part->history, p, begin, end);
		collect(&got, near, p, begin, end);
		count->records += want.count;
		if (is_same(&want, &got, tells))
			continue;
		broken = "a close-up has what the history has";
		if (tells)
			printf("# part %u, own P %u, window %u .. %u\n", part->number, p, begin,
			       end);
	}
	array_free(&want);
	array_free(&got);
	return broken;
}

const char *near_window_broken(const struct loaded *loaded, uint32_t number, int64_t begin_ns,
                               int64_t end_ns, bool tells, struct near_count *count)
{
	struct budget budget = { 0 };
	const struct part *part = loaded->model.parts.items[number];
	struct closeup_job *job =
		closeup_begin(&budget, &budget, &loaded->model, number,
	                      &loaded->loader.timings.items[number], begin_ns, end_ns, UINT64_MAX);
	struct closeup closeup;
	const char *broken = NULL;

	count->refused += job == NULL;
	if (job == NULL)
		return budget.used == 0 ? NULL : "memory of what is refused comes back";
	while (closeup_step(job))
		;
	if (job->history != NULL) {
		part_time begin = job->begin, end = job->end;

		count->made++;
		stitch_attach_closeup(&loaded->model, job, &closeup);
		broken = compare(part, closeup.history, begin, end, tells, count);
		history_free(closeup.history);
	} else {
		count->refused++;
	}
	closeup_free(job);
	return broken != NULL || budget.used == 0 ? broken : "memory of a close-up comes back";
}

static uint64_t draw(uint64_t *state, uint64_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return below == 0 ? 0 : *state % below;
}

const char *near_broken(const struct loaded *loaded, uint64_t seed, int windows,
                        struct near_count *count)
{
	uint64_t state = seed * 2 + 1;
	const char *broken = NULL;

	if (loaded->model.parts.count == 0)
		return NULL;
	for (int i = 0; i < windows && broken == NULL; i++) {
		uint32_t p = (uint32_t)draw(&state, loaded->model.parts.count);
		const struct part *part = loaded->model.parts.items[p];
		uint64_t len = (uint64_t)(part->end_ns - part->begin_ns);
		uint64_t width = draw(&state, (len >> draw(&state, 16)) + 2);
		int64_t begin = part->begin_ns + (int64_t)draw(&state, len + 1);

		if (part->history == NULL)
			continue;
		if (draw(&state, 20) == 0)
			begin = part->begin_ns;
		broken = near_window_broken(loaded, p, begin, begin + (int64_t)width, true, count);
	}
	return broken;
}
