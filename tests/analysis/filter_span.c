/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/filter_span.h"

#include "core/model/records.h"

#include "tests/load.h"
#include "tests/tap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Filters over the stretches of a real trace, against what is known of those otherwise. */

static struct loaded loaded;

enum { SPANS = 1 << 20 };
static struct span spans[SPANS];

typedef bool expect_fn(const struct span *span);

static size_t filtered(const char *text, enum lane_owner of, expect_fn *expect, size_t *wrong)
{
	struct filter filter;
	struct error err = { 0 };
	uint32_t lanes =
		of == LANE_OF_GO ? loaded.model.roster.count : (uint32_t)loaded.model.procs.count;
	size_t hits = 0;

	filter_init(&filter, &loaded.budget);
	*wrong = !filter_parse(&filter, bytes_of(text), &err);
	for (uint32_t i = 0; i < lanes; i++) {
		struct lane_id lane = { (uint8_t)of, i };
		size_t count = model_spans(&loaded.model, lane, 0, INT64_MAX, spans, SPANS);

		for (size_t s = 0; s < count; s++) {
			bool accepts = filter_accepts_span(&filter, &loaded.model, &spans[s]);

			*wrong += accepts != expect(&spans[s]);
			hits += accepts;
		}
	}
	filter_free(&filter);
	return hits;
}

static void accepts(const char *text, enum lane_owner of, expect_fn *expect)
{
	size_t wrong, hits = filtered(text, of, expect, &wrong);

	ok(wrong == 0 && hits > 0, "%s: %zu stretches, %zu wrong", text, hits, wrong);
}

static bool is_reason(const struct span *span, const char *reason)
{
	return bytes_equal(
		strings_text(&loaded.model.strings, model_wait_reason(&loaded.model, span)),
		bytes_of(reason));
}

static bool is_runnable(const struct span *span)
{
	return span->kind == SPAN_RUNNABLE && span->end_ns - span->begin_ns > 100000;
}

static bool is_on_p2(const struct span *span)
{
	return loaded.model.procs.items[span->proc].id == 2;
}

static bool is_of_g15(const struct span *span)
{
	return roster_brief(&loaded.model.roster, span->go).id == 15;
}

static bool is_for_select(const struct span *span)
{
	return (span->kind == SPAN_WAITING || span->kind == SPAN_RUNNABLE ||
	        span->kind == SPAN_RUN) &&
	       !span->is_long && is_reason(span, "select");
}

static bool is_then_on_m(const struct span *span, int64_t time_ns)
{
	struct span found[64];
	size_t count =
		model_spans(&loaded.model, lane_of_thread(0), time_ns, time_ns + 1, found, 64);

	for (size_t i = 0; i < count; i++)
		if (found[i].begin_ns <= time_ns && found[i].go == span->go &&
		    (found[i].end_ns > time_ns || found[i].begin_ns == time_ns))
			return true;
	return false;
}

/* As the lane of that thread tells: of a syscall without a P, at its begin or its end. */
static bool is_on_m(const struct span *span)
{
	if (span->kind == SPAN_STW)
		return loaded.model.stops.items[span->index].thread ==
		       loaded.model.threads.items[0].id;
	return (span->kind == SPAN_RUN || span->kind == SPAN_SYSCALL) &&
	       (is_then_on_m(span, span->begin_ns) ||
	        (span->proc == INDEX_NONE && is_then_on_m(span, span->end_ns - 1)));
}

static bool is_dedicated(const struct span *span)
{
	return span->kind == SPAN_RUN && span->worker == WORKER_DEDICATED;
}

static bool is_worker(const struct span *span)
{
	return span->kind == SPAN_RUN && span->worker != WORKER_NONE;
}

static bool is_syscall(const struct span *span)
{
	return span->kind == SPAN_SYSCALL;
}

static bool is_assist(const struct span *span)
{
	return span->kind == SPAN_ASSIST;
}

static bool is_early(const struct span *span)
{
	return span->begin_ns < 100000000;
}

int main(void)
{
	const char *source = getenv("srcdir");
	char path[500];
	struct error err = { 0 };

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	if (!ok(load_whole(&loaded, path, &err), "the demo is loaded %s", err.message))
		return tap_done();
	accepts("state=runnable && dur>100us", LANE_OF_GO, is_runnable);
	accepts("p=P2", LANE_OF_PROC, is_on_p2);
	accepts("g=15", LANE_OF_GO, is_of_g15);
	snprintf(path, sizeof(path), "m=%" PRIu64, loaded.model.threads.items[0].id);
	accepts(path, LANE_OF_PROC, is_on_m);
	accepts(path, LANE_OF_GO, is_on_m);
	accepts("label=\"GC (dedicated)\"", LANE_OF_PROC, is_dedicated);
	accepts("label~\"^GC \"", LANE_OF_GO, is_worker);
	accepts("reason=select", LANE_OF_GO, is_for_select);
	accepts("state=syscall", LANE_IN_PROC, is_syscall);
	accepts("state=assist", LANE_IN_PROC, is_assist);
	accepts("begin<100ms", LANE_OF_GO, is_early);
	load_free(&loaded);
	return tap_done();
}
