/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/detail.h"

#include "tests/tap.h"
#include "tui/session.h"

#include <stdlib.h>

/* Who held the Ps while a goroutine was runnable, against what the lanes of all goroutines tell. */

enum { SPANS = 1 << 16, LOOKED_AT = 60 };

static struct budget budget;
static struct session session;
static struct span spans[SPANS], inner[SPANS];

static bool open_trace(const char *name)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];
	struct error err = { 0 };

	snprintf(path, sizeof(path), "%s/tests/traces/%s", srcdir == NULL ? "." : srcdir, name);
	if (!session_open(&session, &budget, path, 0, &err))
		return false;
	session_finish(&session);
	while (!session_want(&session, 0, session.model.end_ns))
		session_finish(&session);
	return true;
}

/* Of their time on Ps. */
static int64_t syscalls_ns(int64_t begin_ns, int64_t end_ns)
{
	int64_t sum = 0;

	for (uint32_t p = 0; p < session.model.procs.count; p++) {
		size_t count = model_spans(&session.model, lane_of_proc(p, true), begin_ns, end_ns,
		                           inner, SPANS);

		for (size_t i = 0; i < count; i++) {
			int64_t from = inner[i].begin_ns > begin_ns ? inner[i].begin_ns : begin_ns;
			int64_t to = inner[i].end_ns < end_ns ? inner[i].end_ns : end_ns;

			if (inner[i].kind == SPAN_SYSCALL && to > from)
				sum += to - from;
		}
	}
	return sum;
}

/* The time of goroutines of a name, or of all. */
static int64_t running_ns(const string_id *name, int64_t begin_ns, int64_t end_ns)
{
	const int64_t times[2] = { begin_ns, end_ns };
	int64_t sum = 0;

	for (uint32_t go = 0; go < session.model.roster.count; go++) {
		struct go_mix mix;

		if ((name == NULL || roster_brief(&session.model.roster, go).name == *name) &&
		    model_go_mixes(&session.model, go, times, 1, &mix))
			sum += mix.running_ns;
	}
	return sum;
}

static bool is_as_told(const struct span *span)
{
	struct detail d;
	int64_t gos_ns;

	detail_find(&d, &session.model, &session.index, &session.input.source, span);
	gos_ns = d.held.others_ns;
	for (size_t i = 0; i < d.held.count; i++) {
		gos_ns += d.held.first[i].ns;
		if (d.held.first[i].ns != running_ns(&d.held.first[i].name, span->begin_ns, span->end_ns))
			return false;
	}
	return d.held.all_ns == (int64_t)session.model.procs.count * (span->end_ns - span->begin_ns) &&
	       gos_ns + d.held.gc_ns == running_ns(NULL, span->begin_ns, span->end_ns) &&
	       d.held.syscall_ns == syscalls_ns(span->begin_ns, span->end_ns);
}

static void shares_are_what_lanes_tell(const char *name)
{
	int looked_at = 0, bad = 0;

	if (!ok(open_trace(name), "%s opens", name))
		return;
	for (uint32_t go = 0; go < session.model.roster.count && looked_at < LOOKED_AT; go++) {
		size_t count = model_spans(&session.model, lane_of_go(go), 0,
		                           session.model.end_ns + 1, spans, SPANS);

		for (size_t i = 0; i < count && looked_at < LOOKED_AT; i++) {
			if (spans[i].kind != SPAN_RUNNABLE ||
			    spans[i].end_ns - spans[i].begin_ns < DETAIL_HELD_NS)
				continue;
			looked_at++;
			bad += !is_as_told(&spans[i]);
		}
	}
	ok(looked_at > 10 && bad == 0, "%s: of %d waits for a P %d are told otherwise", name,
	   looked_at, bad);
	session_close(&session);
}

int main(void)
{
	shares_are_what_lanes_tell("case-queue.trace");
	shares_are_what_lanes_tell("demo.trace");
	return tap_done();
}
