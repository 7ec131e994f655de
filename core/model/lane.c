/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/lane.h"

#include "core/base/sort.h"
#include "core/model/history.h"

enum { PIECES_BACK = 16 };

void lanes_init(struct lanes *lanes, struct budget *budget)
{
	*lanes = (struct lanes){ .first_run = { .budget = budget } };
	lanes->pieces.budget = lanes->first_piece.budget = budget;
	lanes->hints.budget = budget;
}

void lanes_free(struct lanes *lanes)
{
	array_free(&lanes->first_run);
	array_free(&lanes->pieces);
	array_free(&lanes->first_piece);
	array_free(&lanes->hints);
}

/* Counts into first[proc + 1], then sums up: first[p] is where P p begins. */
static void sum_up(uint32_t *first, size_t procs)
{
	for (size_t p = 1; p <= procs; p++)
		first[p] += first[p - 1];
}

void lanes_find_runs(struct history *history, size_t procs)
{
	struct lanes *lanes = &history->lanes;
	uint32_t *first;

	array_clear(&lanes->first_run);
	array_resize(&lanes->first_run, procs + 1);
	first = lanes->first_run.items;
	for (size_t i = 0; i < history->runs.count; i++)
		if (history->runs.items[i].proc != PROC_NONE)
			first[history->runs.items[i].proc + 1]++;
	sum_up(first, procs);
	array_clear(&lanes->hints);
	array_resize(&lanes->hints, procs);
	for (size_t p = 0; p < procs; p++)
		lanes->hints.items[p] = first[p];
}

void lanes_count_pieces(struct lanes *lanes, size_t procs)
{
	array_clear(&lanes->first_piece);
	array_resize(&lanes->first_piece, procs + 2);
	lanes->longest_piece = 0;
}

void lanes_count_piece(struct lanes *lanes, const struct piece *piece)
{
	lanes->first_piece.items[piece->proc + 2]++;
	if (piece->end - piece->begin > lanes->longest_piece)
		lanes->longest_piece = piece->end - piece->begin;
}

void lanes_begin_pieces(struct lanes *lanes, size_t count)
{
	sum_up(lanes->first_piece.items + 1, lanes->first_piece.count - 2);
	array_reserve(&lanes->pieces, count);
	lanes->pieces.count = count;
}

void lanes_lay_piece(struct lanes *lanes, const struct piece *piece)
{
	lanes->pieces.items[lanes->first_piece.items[piece->proc + 1]++] = *piece;
}

static int piece_order(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return (x->begin > y->begin) - (x->begin < y->begin);
}

void lanes_reorder(struct lanes *lanes)
{
	for (size_t p = 0; p + 1 < lanes->first_piece.count; p++) {
		uint32_t first = lanes->first_piece.items[p];
		uint32_t end = lanes->first_piece.items[p + 1];

		for (uint32_t i = first + 1; i < end; i++)
			if (lanes->pieces.items[i - 1].begin > lanes->pieces.items[i].begin) {
				sort_items(lanes->pieces.budget, lanes->pieces.items + first,
				           end - first, sizeof(struct piece), piece_order);
				break;
			}
	}
}

static bool is_before(const struct history *history, uint32_t at, part_time time)
{
	return history->runs.items[at].begin < time;
}

/* Pictures ask for one cell after the other: the next place is near the last, and what is there is
 * in the cache, where a search from the middle would miss it at every step. */
uint32_t lanes_first_from(const struct history *history, uint16_t proc, part_time time)
{
	const struct lanes *lanes = &history->lanes;
	uint32_t first = lanes->first_run.items[proc], end = lanes->first_run.items[proc + 1];
	uint32_t *hint = &lanes->hints.items[proc];
	uint32_t low = first, high = end, step = 1;

	if (*hint < end && is_before(history, *hint, time)) {
		for (low = *hint + 1; low + step < end && is_before(history, low + step, time);
		     step *= 2)
			low += step + 1;
		if (low + step < end)
			high = low + step;
	} else {
		for (high = *hint; high > first + step && !is_before(history, high - step, time);
		     step *= 2)
			high -= step;
		if (high > first + step)
			low = high - step + 1;
	}
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (is_before(history, middle, time))
			low = middle + 1;
		else
			high = middle;
	}
	*hint = low;
	return low;
}

/* Pieces of a lane hardly lap each other, but one may be long: those before that could reach. */
uint32_t lanes_first_piece(const struct history *history, uint16_t proc, part_time time)
{
	const struct lanes *lanes = &history->lanes;
	uint32_t first = lanes->first_piece.items[proc], low = first;
	uint32_t high = lanes->first_piece.items[proc + 1];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (lanes->pieces.items[middle].begin < time)
			low = middle + 1;
		else
			high = middle;
	}
	for (int i = 0; i < PIECES_BACK && low > first &&
	                lanes->pieces.items[low - 1].begin + (uint64_t)lanes->longest_piece >= time;
	     i++)
		low--;
	return low;
}
