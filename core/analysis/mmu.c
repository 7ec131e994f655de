/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/mutator.h"
#include "core/model/part.h"

/* The least of the Ps that the program had for itself in any window, by its length; or the worst
 * windows of one length. */

enum { WORST = 10, PIECES_A_STEP = 1 << 14 };

static int64_t millionths(double share)
{
	return (int64_t)(share * 1e6 + 0.5);
}

static void add_windows(struct table *table, struct utilizations us, int64_t window_ns)
{
	static const struct table_order order[] = { { .column = 1 }, { .column = 0 } };
	struct utilization_window windows[WORST];
	size_t count = utilization_worst(us, window_ns, windows, WORST);

	for (size_t i = 0; i < count; i++) {
		table_add_number(table, windows[i].begin_ns);
		table_add_number(table, millionths(windows[i].share));
	}
	table_sort(table, order, sizeof(order) / sizeof(order[0]));
}

/* Go's quantiles are the least (Go: gc.go, addMU comes to no others), and so are ours, unless they
 * are asked for as Go's page does. */
static void add_row(struct table *table, struct utilizations us, int64_t window_ns, unsigned flags)
{
	static const double shares[UTILIZATION_SHARES] = { 0.001, 0.01, 0.05 };
	double least = utilization_least(us, window_ns);
	double found[UTILIZATION_SHARES] = { least, least, least };

	if (flags & MUTATOR_MUT)
		utilization_quantiles(us, table->arena.budget, window_ns, shares, found);
	table_add_number(table, window_ns);
	table_add_number(table, millionths(least));
	for (int i = 0; i < UTILIZATION_SHARES; i++)
		table_add_number(table, millionths(found[i]));
}

/* For windows of 1, 2, 5, 10 and so on us, as long as any fits; fine: and those between them. */
static void add_curve(struct table *table, struct utilizations us, unsigned flags, bool is_fine)
{
	static const int64_t fine[] = { 100, 125, 160, 200, 250, 315, 400, 500, 630, 800 };
	static const int64_t usual[] = { 100, 200, 500 };
	const int64_t *steps = is_fine ? fine : usual;
	size_t count = is_fine ? sizeof(fine) / sizeof(fine[0]) : sizeof(usual) / sizeof(usual[0]);
	int64_t length_ns = 0;

	for (size_t i = 0; i < us.count; i++)
		if (utilization_length(&us.items[i]) > length_ns)
			length_ns = utilization_length(&us.items[i]);
	for (int64_t scale_ns = 1000; scale_ns <= length_ns / 10 * 10; scale_ns *= 10)
		for (size_t i = 0; i < count; i++)
			if (steps[i] * (scale_ns / 100) <= length_ns)
				add_row(table, us, steps[i] * (scale_ns / 100), flags);
}

/* ---- the question */

struct asked {
	const struct model *model;
	const struct question *question;
	unsigned flags;
	proc_stretch_array sweeps;
};

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct asked *asked = to;

	asked->model = model;
	asked->question = question;
	asked->flags = question->flags == 0 ? MUTATOR_DEFAULT : question->flags;
	asked->flags |= question->is_as_go ? MUTATOR_LEAKS : 0;
	asked->sweeps.budget = budget;
}

/* All but sweeps stands in the model. */
static uint8_t needs(const void *to)
{
	const struct asked *asked = to;

	return asked->flags & MUTATOR_SWEEP ? PASS_RANGES : 0;
}

static bool look(void *to, const struct model *model, uint32_t number, size_t *at)
{
	struct asked *asked = to;
	const struct part *part = model->parts.items[number];
	const struct lanes *lanes = &part_visited(part)->lanes;
	size_t end = *at + PIECES_A_STEP;

	for (; *at < end && *at < lanes->pieces.count; ++*at) {
		const struct piece *piece = &lanes->pieces.items[*at];

		if (piece->kind == PIECE_SWEEP)
			*array_push(&asked->sweeps) =
				(struct proc_stretch){ part_ns(part, piece->begin),
				                       part_ns(part, piece->end),
				                       part->proc_of[piece->proc] };
	}
	return *at < lanes->pieces.count;
}

static bool end(void *to, struct table *table, struct error *err)
{
	static const char *const shares[] = { "mmu", "p999", "p99", "p95", NULL };
	const struct asked *asked = to;
	const struct question *question = asked->question;
	const struct mutator_wish wish = { asked->flags, question->from_ns, question->to_ns,
		                           &asked->sweeps };
	struct mutator mutator;

	mutator_make(&mutator, asked->model, &wish, table->arena.budget);
	if (question->window_ns > 0) {
		table_add_column(table, "start_ns", COLUMN_TIME);
		table_add_column(table, "utilization", COLUMN_FRACTION);
		add_windows(table, mutator_all(&mutator), question->window_ns);
	} else {
		table_add_column(table, "window_ns", COLUMN_DURATION);
		analysis_add_columns(table, COLUMN_FRACTION, shares);
		add_curve(table, mutator_all(&mutator), asked->flags, question->is_fine);
	}
	mutator_free(&mutator);
	return !mutator.is_full || analysis_is_cut(err);
}

static void drop(void *to)
{
	struct asked *asked = to;

	array_free(&asked->sweeps);
}

const struct analysis_pass analysis_mmu = {
	.size = sizeof(struct asked),
	.begin = begin,
	.needs_of = needs,
	.part = look,
	.end = end,
	.drop = drop,
};
