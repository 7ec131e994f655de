/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/command.h"

#include "core/model/loader_at.h"

#include "tests/bench/load_run.h"
#include "tests/load.h"
#include "tests/tap.h"

#include <stdlib.h>

/* All that lanes show, selected at once, in more parts than are in memory together: against each
 * lane with all of them there. */

enum { SPANS = 1 << 16 };

static const struct load_options options = { .procs = 4,
	                                     .goroutines = 40,
	                                     .steps = 6000,
	                                     .generations = 14,
	                                     .seed = 5,
	                                     .version = 26,
	                                     .small = true };
static struct loaded loaded;
static struct state state;
static struct span spans[SPANS];
static size_t wanted;

static bool load(void)
{
	struct load_result made;
	struct error err = { 0 };
	char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);
	bool good = out != NULL && load_run(&options, out, &made);

	good = out != NULL && fclose(out) == 0 && good &&
	       load_bytes(&loaded, (struct bytes){ (const uint8_t *)bytes, len }, &err);
	free(bytes);
	return ok(good, "a trace of many parts %s", err.message);
}

/* Those that have room, one by one. */
static void make_history(uint32_t wanted_part)
{
	struct job *job;

	loader_want(&loaded.loader, -2, -1, 0);
	loader_drop_unused(&loaded.loader);
	loader_want(&loaded.loader, model_part_begin(&loaded.model, wanted_part),
	            model_part_begin(&loaded.model, wanted_part) + 1, UINT64_MAX);
	while ((job = loader_next(&loaded.loader, 0)) != NULL) {
		while (job_step(job))
			;
		loader_done(&loaded.loader, job);
	}
}

static int order(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	if (x->go != y->go)
		return x->go < y->go ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->proc > y->proc) - (x->proc < y->proc);
}

/* Of what laps beyond the box, parts may be missing. */
static size_t keep_whole(struct span *from, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (from[i].begin_ns >= state.box.begin_ns && from[i].end_ns <= state.box.end_ns)
			from[kept++] = from[i];
	return kept;
}

/* Of two that begin at once and are the same otherwise. */
static void keep_longest(void)
{
	size_t kept = 0;

	for (size_t i = 0; i < wanted; i++) {
		bool is_same = kept > 0 && order(&spans[kept - 1], &spans[i]) == 0;

		if (is_same && spans[i].end_ns < spans[kept - 1].end_ns)
			continue;
		kept -= is_same;
		spans[kept++] = spans[i];
	}
	wanted = kept;
}

/* Of each lane that shows. */
static void find_wanted(void)
{
	wanted = 0;
	for (size_t i = ROWS_FIXED; i < state.rows.list.count; i++)
		if (row_is_lane(state.rows.list.items[i]))
			wanted += model_spans(&loaded.model, row_lane(state.rows.list.items[i]),
			                      state.box.begin_ns, state.box.end_ns, spans + wanted,
			                      SPANS - wanted);
	qsort(spans, wanted, sizeof(*spans), order);
	keep_longest();
}

static void is_selected(const char *what)
{
	size_t wrong = 0;

	qsort(state.many.spans.items, state.many.spans.count, sizeof(*spans), order);
	is_u64(state.many.spans.count, wanted, what);
	for (size_t i = 0; i < state.many.spans.count && i < wanted; i++) {
		const struct span *got = &state.many.spans.items[i], *want = &spans[i];

		wrong += order(got, want) != 0 || got->end_ns != want->end_ns;
	}
	is_u64(wrong, 0, "each from begin to end");
}

static void run(const char *line)
{
	command_run(&state, &loaded.model, line);
}

static void select_in_parts(const char *line)
{
	int rounds = 0;

	make_history(0);
	run(line);
	for (; state.many.is_unfinished && rounds < 100; rounds++) {
		make_history(state.want_part);
		run(state.want_line);
	}
	ok(rounds >= 8, "one part after the other: %d", rounds);
}

/* Asked for all at once. */
static void make_histories(void)
{
	struct job *job;

	loader_want(&loaded.loader, 0, loaded.model.end_ns, UINT64_MAX);
	while ((job = loader_next(&loaded.loader, 0)) != NULL) {
		while (job_step(job))
			;
		loader_done(&loaded.loader, job);
	}
}

static void lanes_are_selected(const char *lanes)
{
	make_histories();
	run(lanes);
	run("select lanes");
	find_wanted();
	is_selected(lanes);
	select_in_parts("select lanes");
	wanted = keep_whole(spans, wanted);
	state.many.spans.count = keep_whole(state.many.spans.items, state.many.spans.count);
	is_selected("the same, as memory has room for it");
}

/* As it is called where its history is there. */
static bool is_wait(const struct span *span, const struct span *like)
{
	char room[TALLY_NAME_MAX], other[TALLY_NAME_MAX];

	return span->kind == SPAN_WAITING &&
	       bytes_equal(tally_name(&loaded.model, span, TALLY_TITLE, room),
	                   tally_name(&loaded.model, like, TALLY_TITLE, other));
}

/* Of what is waited for, all waits: those that last from part to part, too. */
static void a_title_is_selected(void)
{
	size_t kept = 0;
	struct span like = { 0 };

	make_histories();
	run("lanes goroutines");
	run("select lanes");
	find_wanted();
	for (size_t i = 0; i < wanted && like.kind == SPAN_NONE; i++)
		if (spans[i].kind == SPAN_WAITING &&
		    model_wait_reason(&loaded.model, &spans[i]) != 0)
			like = spans[i];
	for (size_t i = 0; i < wanted; i++)
		if (is_wait(&spans[i], &like))
			spans[kept++] = spans[i];
	wanted = kept;
	state_select(&state, &like);
	select_in_parts("select title");
	kept = keep_whole(spans, wanted);
	ok(kept > 10, "%zu waits of a reason", kept);
	wanted = kept;
	state.many.spans.count = keep_whole(state.many.spans.items, state.many.spans.count);
	is_selected("all of them");
	ok(!model_has_history(&loaded.model, state.many.spans.items[0].part) &&
	           is_wait(&state.many.spans.items[0], &state.box.like),
	   "they are called so when their history is gone");
}

int main(void)
{
	if (!load())
		return tap_done();
	state_init(&state, &loaded.budget);
	state_follow(&state, &loaded.model, 100, 40);
	state.range = (struct range){ loaded.model.end_ns / 9, loaded.model.end_ns / 9 * 8, true };
	lanes_are_selected("lanes goroutines");
	lanes_are_selected("lanes procs");
	lanes_are_selected("lanes threads");
	a_title_is_selected();
	state_free(&state);
	load_free(&loaded);
	is_u64(loaded.budget.used, 0, "all memory is given back");
	return tap_done();
}
