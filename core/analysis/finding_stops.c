/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

#include "core/base/checked.h"
#include "core/base/sort.h"

/* Stops of the world: all that are long, or else the longest three; those that waited for one that
 * did not stop name that one. */

enum { FEWEST = 3, MOST = 1000, FRAMES = 3 };

struct at {
	int64_t length_ns;
	size_t stop;
};

static int by_length(const void *a, const void *b)
{
	const struct at *x = a, *y = b;

	return x->length_ns != y->length_ns ? (x->length_ns < y->length_ns ? 1 : -1)
	                                    : (x->stop > y->stop) - (x->stop < y->stop);
}

/* The innermost frames, and where the program is in it. */
static void say_frames(struct finding_text *text, const struct findings *findings, stack_id stack)
{
	const struct model *model = findings->model;
	uint32_t count;
	const struct frame *frames = stacks_frames(&model->stacks, stack, &count);

	for (uint32_t i = 0; i < count && i < FRAMES; i++)
		finding_say(text, "%s%s", i == 0 ? ", in " : " < ",
		            finding_string(findings, frames[i].function).text);
}

static int64_t length(const struct stw *stop)
{
	return stop->end_ns - stop->begin_ns;
}

static uint8_t kind_of(const struct stw *stop)
{
	bool is_straggler = stop->stopping_ns >= 1000000 && stop->stopping_ns > length(stop) / 2 &&
	                    stop->last_go != INDEX_NONE;

	return is_straggler ? FINDING_STRAGGLER : FINDING_STW;
}

static int64_t cost(const struct stw *stop, const struct stop_seen *seen)
{
	return saturating_multiply_i64(length(stop), seen->hurt);
}

static void add(struct findings *findings, const struct stw *stop, const struct stop_seen *seen)
{
	bool is_straggler = kind_of(stop) == FINDING_STRAGGLER;
	struct finding finding = {
		.kind = kind_of(stop),
		.begin_ns = stop->begin_ns,
		.end_ns = stop->end_ns,
		.cost_ns = cost(stop, seen),
		.go = is_straggler ? stop->last_go : stop->go,
		.proc = is_straggler ? stop->last_proc : stop->proc,
		.stack = is_straggler ? seen->last_stack : stop->stack,
	};
	struct finding_text text = { .len = 0 };

	finding_say(&text, "the world stopped for %s (%s), which held up %u goroutine%s",
	            finding_time(length(stop)).text, finding_string(findings, stop->reason).text,
	            seen->hurt, seen->hurt == 1 ? "" : "s");
	if (is_straggler) {
		finding_say(&text, "; %s of it waited for ", finding_time(stop->stopping_ns).text);
		if (stop->last_proc < findings->model->procs.count)
			finding_say(
				&text, "P%llu, ",
				(unsigned long long)findings->model->procs.items[stop->last_proc]
					.id);
		finding_say(&text, "%s", finding_go(findings, stop->last_go).text);
		say_frames(&text, findings, seen->last_stack);
	} else {
		finding_say(&text, "; stopping took %s", finding_time(stop->stopping_ns).text);
		if (finding_has_place(findings, stop->stack))
			finding_say(&text, "; %s asked for it",
			            finding_place(findings, stop->stack).text);
	}
	finding_add(findings, &finding, "%s", text.text);
}

void finding_stops(struct findings *findings, const struct signs *signs)
{
	const struct model *model = findings->model;
	ARRAY(struct at) order = { .budget = findings->items.budget };

	for (size_t i = 0; i < signs->stops.count && i < model->stops.count; i++)
		*array_push(&order) = (struct at){ length(&model->stops.items[i]), i };
	SORT_ARRAY(&order, by_length);
	for (size_t i = 0; i < order.count; i++) {
		const struct stw *stop = &model->stops.items[order.items[i].stop];
		const struct stop_seen *seen = &signs->stops.items[order.items[i].stop];

		if (i >= FEWEST && length(stop) < signs->limits->stop_ns)
			break;
		if (i < MOST)
			add(findings, stop, seen);
		else
			finding_count(findings, kind_of(stop), 1, cost(stop, seen));
	}
	array_free(&order);
}
