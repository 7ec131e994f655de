/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/model.h"

#include "tests/tap.h"
#include "tui/session.h"

#include <stdlib.h>

/* Lanes of threads against those of Ps: the same runs, told in another order. */

enum { SPANS = 1 << 17 };

static struct budget budget;
static struct session session;
static struct span spans[SPANS];

static bool open_demo(void)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];
	struct error err = { 0 };

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir == NULL ? "." : srcdir);
	if (!session_open(&session, &budget, path, 0, &err))
		return false;
	session_finish(&session);
	while (!session_want(&session, 0, session.model.end_ns))
		session_finish(&session);
	return true;
}

struct sum {
	int64_t running_ns, syscall_ns;
	size_t runs, lapping;
};

static void add(struct sum *sum, struct lane_id lane)
{
	size_t count = model_spans(&session.model, lane, 0, session.model.end_ns + 1, spans, SPANS);

	for (size_t i = 0; i < count; i++) {
		int64_t ns = spans[i].end_ns - spans[i].begin_ns;

		if (spans[i].kind == SPAN_RUN) {
			sum->running_ns += ns;
			sum->runs++;
		} else {
			sum->syscall_ns += ns;
		}
		sum->lapping += i > 0 && spans[i - 1].end_ns > spans[i].begin_ns;
		if (lane.of == LANE_OF_THREAD && spans[i].thread != lane.index + 1)
			sum->lapping++;
	}
}

static void the_same_runs(void)
{
	struct sum procs = { 0 }, threads = { 0 };

	for (uint32_t p = 0; p < session.model.procs.count; p++)
		add(&procs, lane_of_proc(p, false));
	for (uint32_t t = 0; t < session.model.threads.count; t++)
		add(&threads, lane_of_thread(t));
	ok(procs.runs > 10000, "there are runs");
	is_u64(threads.runs, procs.runs, "each of a P's runs is a thread's");
	is_i64(threads.running_ns, procs.running_ns, "and as long");
	ok(threads.syscall_ns > 0, "syscalls that lost their P go on");
	is_u64(threads.lapping, 0, "a thread does one thing at a time");
}

static void mixes_are_sums(void)
{
	int64_t times[11];
	struct go_mix mixes[10];
	int differ = 0;

	for (int i = 0; i <= 10; i++)
		times[i] = session.model.end_ns / 10 * i;
	for (uint32_t t = 0; t < session.model.threads.count; t++) {
		int64_t running = 0, wanted = 0;
		size_t count;

		if (!model_thread_mixes(&session.model, t, times, 10, mixes))
			differ++;
		for (int i = 0; i < 10; i++)
			running += mixes[i].running_ns;
		count = model_spans(&session.model, lane_of_thread(t), 0, times[10], spans, SPANS);
		for (size_t i = 0; i < count; i++)
			if (spans[i].kind == SPAN_RUN)
				wanted += (spans[i].end_ns < times[10] ? spans[i].end_ns
				                                       : times[10]) -
				          spans[i].begin_ns;
		if (running != wanted)
			printf("# thread %u: %lld %lld\n", t, (long long)running,
			       (long long)wanted);
		differ += running != wanted;
	}
	is_i64(differ, 0, "mixes are what spans add up to");
}

static void one_after_the_other(void)
{
	struct span span = { .begin_ns = -1 };
	size_t count, steps = 0;
	uint32_t part;

	count = model_spans(&session.model, lane_of_thread(0), 0, session.model.end_ns, spans,
	                    SPANS);
	while (steps < 100 &&
	       model_span_after(&session.model, lane_of_thread(0), span.begin_ns, &span, &part) &&
	       span.begin_ns == spans[steps].begin_ns)
		steps++;
	ok(steps == (count < 100 ? count : 100), "steps lead along a thread");
}

int main(void)
{
	if (!ok(open_demo(), "the demo is loaded"))
		return tap_done();
	the_same_runs();
	mixes_are_sums();
	one_after_the_other();
	session_close(&session);
	return tap_done();
}
