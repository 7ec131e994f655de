/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/detail.h"

#include "core/model/loader_at.h"
#include "tests/load.h"
#include "tests/tap.h"

#include <stdlib.h>

/* What goes over from one part to the next: told whole while both histories are there, and said to
 * be cut while one is not. */

enum { SPANS = 1 << 14 };

static struct loaded loaded;
static struct span spans[SPANS], others[SPANS];

static void run_jobs(void)
{
	struct job *job;

	while ((job = loader_next(&loaded.loader, 0)) != NULL) {
		while (job_step(job))
			;
		loader_done(&loaded.loader, job);
	}
}

static void want_all(void)
{
	loader_want(&loaded.loader, 0, loaded.model.end_ns, UINT64_MAX);
	run_jobs();
}

static void want_only(uint32_t part)
{
	loader_want(&loaded.loader, -2, -1, 0);
	loader_drop_unused(&loaded.loader);
	loader_want_part(&loaded.loader, part);
	run_jobs();
}

static size_t lane(uint32_t go, struct span *into)
{
	return model_spans(&loaded.model, lane_of_go(go), 0, loaded.model.end_ns + 1, into, SPANS);
}

static bool is_over_seam(const struct span *span)
{
	for (uint32_t p = 1; p < loaded.model.parts.count; p++)
		if (span->begin_ns < model_part_begin(&loaded.model, p) &&
		    span->end_ns >= model_part_begin(&loaded.model, p))
			return true;
	return false;
}

static struct detail detail_of(const struct span *span)
{
	struct detail detail;

	detail_find(&detail, &loaded.model, &loaded.index, &loaded.source, span);
	return detail;
}

/* How long who runs, or is runnable, had waited, and where. */
static void waits_are_told_whole(void)
{
	uint64_t seen = 0, over = 0, wrong = 0;

	want_all();
	for (uint32_t go = 0; go < loaded.model.roster.count; go++)
		for (size_t i = 1, count = lane(go, spans); i < count; i++) {
			stack_id stacks[2];
			struct detail detail;

			if (spans[i].kind != SPAN_RUNNABLE || spans[i - 1].kind != SPAN_WAITING ||
			    spans[i - 1].begin_ns == 0)
				continue;
			model_span_stacks(&loaded.model, &spans[i - 1], stacks);
			detail = detail_of(&spans[i]);
			over += is_over_seam(&spans[i - 1]);
			seen++;
			wrong += detail.start_stack != stacks[0] ||
			         detail.blocked_ns != spans[i - 1].end_ns - spans[i - 1].begin_ns ||
			         detail.lacks_before || spans[i - 1].begins_before;
		}
	ok(over > 3 && wrong == 0, "%d waits, %d over a seam: %d not told whole", (int)seen,
	   (int)over, (int)wrong);
}

/* Those that are not cut are as they were; those that are do not lap over: answers are the same
 * whatever histories are there. */
static bool is_known(const struct span *span, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (others[i].kind == span->kind &&
		    (span->begins_before || others[i].begin_ns == span->begin_ns) &&
		    (span->ends_behind || others[i].end_ns == span->end_ns) &&
		    others[i].begin_ns <= span->begin_ns && others[i].end_ns >= span->end_ns)
			return true;
	return false;
}

static void what_is_cut_is_said_to_be(uint32_t part)
{
	uint64_t cut = 0, wrong = 0, silent = 0;

	for (uint32_t go = 0; go < loaded.model.roster.count; go++) {
		size_t count, all;

		want_all();
		all = lane(go, others);
		if (all == 0 || all == SPANS || go % 16 != 0)
			continue;
		want_only(part);
		count = lane(go, spans);
		for (size_t i = 0; i < count; i++) {
			cut += spans[i].begins_before || spans[i].ends_behind;
			wrong += !is_known(&spans[i], all);
			wrong += spans[i].begin_ns < model_part_begin(&loaded.model, part);
			silent += spans[i].begins_before && !detail_of(&spans[i]).lacks_before;
		}
	}
	ok(cut > 0 && wrong == 0 && silent == 0, "of part %d %d are cut; of others %d wrong",
	   (int)part, (int)cut, (int)(wrong + silent));
}

int main(void)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];
	struct error err = { 0 };

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir == NULL ? "." : srcdir);
	if (!ok(load_whole(&loaded, path, &err), "a trace is loaded %s", err.message))
		return tap_done();
	waits_are_told_whole();
	what_is_cut_is_said_to_be(0);
	what_is_cut_is_said_to_be((uint32_t)loaded.model.parts.count - 1);
	load_free(&loaded);
	is_u64(loaded.budget.used, 0, "all memory is given back");
	return tap_done();
}
