/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/stitch.h"
#include "tests/promises.h"

#include <stdlib.h>

#define CHECK(good, promise)                                                                       \
	if (!(good))                                                                               \
	return (promise)

static bool is_within(const struct model *model, int64_t begin_ns, int64_t end_ns)
{
	return begin_ns >= 0 && begin_ns <= end_ns && end_ns <= model->end_ns;
}

static const char *check_goroutine(const struct model *model, const struct roster_reader *reader,
                                   const struct goroutine *g)
{
	int64_t end = g->ended_ns != TIME_UNKNOWN ? g->ended_ns : model->end_ns;
	int64_t sum = g->exec_ns + g->sched_ns + g->syscall_exec_ns + g->syscall_block_ns;

	CHECK(g->exec_ns >= 0, "running times");
	CHECK(g->sched_ns >= 0, "runnable times");
	CHECK(g->syscall_exec_ns >= 0 && g->syscall_block_ns >= 0, "syscall times");
	for (uint32_t at = g->blocks; at != INDEX_NONE; at = roster_amount(reader, at)->next) {
		CHECK(roster_amount(reader, at)->ns >= 0, "blocked times");
		sum += roster_amount(reader, at)->ns;
	}
	for (uint32_t at = g->ranges; at != INDEX_NONE; at = roster_amount(reader, at)->next)
		CHECK(roster_amount(reader, at)->ns >= 0, "times of ranges");
	if (g->created_ns == TIME_UNKNOWN)
		return sum == 0 ? NULL : "who was never heard of did nothing";
	CHECK(is_within(model, g->created_ns, end), "a goroutine's life is within the trace");
	CHECK(g->started_ns == TIME_UNKNOWN ||
	              (g->started_ns >= g->created_ns && g->started_ns <= end),
	      "a goroutine starts in its life");
	CHECK(sum <= end - g->created_ns, "a goroutine's states are no longer than its life");
	return NULL;
}

static const char *check_proc(const struct model *model, const struct model_proc *proc)
{
	CHECK(proc->run_ns >= 0 && proc->idle_ns >= 0 && proc->syscall_ns >= 0, "a P's times");
	CHECK(proc->gc_ns >= 0 && proc->gc_ns <= proc->run_ns, "a P's GC is a part of its running");
	/* by Go's rules a syscall may last beyond the theft of its P */
	CHECK(!stitch_is_doubtful(model) ||
	              proc->run_ns + proc->idle_ns + proc->syscall_ns <= model->end_ns,
	      "a P's states are no longer than the trace");
	return NULL;
}

static bool is_proc(const struct model *model, uint32_t proc)
{
	return proc == INDEX_NONE || proc < model->procs.count;
}

/* What takes Ps from the program. */
static const char *check_takers(const struct model *model)
{
	for (size_t i = 0; i < model->assist_runs.count; i++) {
		const struct proc_stretch *run = &model->assist_runs.items[i];

		CHECK(is_within(model, run->begin_ns, run->end_ns),
		      "a stretch of an assist is within the trace");
		CHECK(is_proc(model, run->proc), "the P of an assist is known");
	}
	for (size_t i = 0; i < model->workers.count; i++) {
		const struct worker_run *run = &model->workers.items[i];

		CHECK(is_within(model, run->begin_ns, run->end_ns),
		      "a worker's run is within the trace");
		CHECK(is_proc(model, run->proc), "a worker's P is known");
		CHECK(run->go == INDEX_NONE || run->go < model->roster.count, "and so is it");
	}
	for (size_t i = 0; i < model->labels.count; i++)
		CHECK(is_within(model, model->labels.items[i], model->labels.items[i]),
		      "a label is within the trace");
	for (size_t i = 0; i < model->procs_counts.count; i++)
		CHECK(is_within(model, model->procs_counts.items[i].time_ns,
		                model->procs_counts.items[i].time_ns),
		      "a number of Ps is within the trace");
	return NULL;
}

static const char *check_ranges(const struct model *model)
{
	for (size_t i = 0; i < model->stops.count; i++) {
		const struct stw *stop = &model->stops.items[i];

		CHECK(is_within(model, stop->begin_ns, stop->end_ns), "a stop is within the trace");
		CHECK(stop->stopping_ns >= 0 && stop->stopping_ns <= stop->end_ns - stop->begin_ns,
		      "stopping is a part of a stop");
	}
	for (size_t i = 0; i < model->cycles.count; i++)
		CHECK(is_within(model, model->cycles.items[i].begin_ns,
		                model->cycles.items[i].end_ns),
		      "a cycle is within the trace");
	for (size_t i = 0; i < model->assists.count; i++) {
		const struct assist *assist = &model->assists.items[i];

		CHECK(is_within(model, assist->begin_ns, assist->end_ns),
		      "an assist is within the trace");
		CHECK(assist->on_cpu_ns >= 0 &&
		              assist->on_cpu_ns <= assist->end_ns - assist->begin_ns,
		      "an assist runs no longer than it lasts");
	}
	return check_takers(model);
}

/* ---- lanes */

enum { SPANS = 4096 };

static const char *check_spans(const struct model *model, uint32_t proc)
{
	static struct span spans[SPANS];
	size_t count = model_spans(model, lane_of_proc(proc, false), 0, INT64_MAX, spans, SPANS);
	int64_t end_ns = 0;

	for (size_t i = 0; i < count; i++) {
		CHECK(is_within(model, spans[i].begin_ns, spans[i].end_ns),
		      "a span is within the trace");
		CHECK(spans[i].go == INDEX_NONE || spans[i].go < model->roster.count,
		      "a span's goroutine is known");
		CHECK(spans[i].end_ns == spans[i].begin_ns || spans[i].begin_ns >= end_ns,
		      "what runs on a P comes one after the other");
		end_ns = spans[i].end_ns > end_ns ? spans[i].end_ns : end_ns;
	}
	count = model_spans(model, lane_of_proc(proc, true), 0, INT64_MAX, spans, SPANS);
	for (size_t i = 0; i < count; i++) {
		CHECK(is_within(model, spans[i].begin_ns, spans[i].end_ns),
		      "a range is within the trace");
		CHECK(i == 0 || spans[i].begin_ns >= spans[i - 1].begin_ns, "ranges are in order");
	}
	return NULL;
}

static const char *check_window(const struct model *model, uint32_t proc, int64_t begin_ns,
                                int64_t end_ns)
{
	struct mix mix = model_mix(model, proc, begin_ns, end_ns);
	int64_t sum =
		mix.spent_ns[LANE_RUN] + mix.spent_ns[LANE_WORKER] + mix.spent_ns[LANE_SYSCALL];

	for (int kind = 0; kind < LANE_KINDS; kind++)
		CHECK(mix.spent_ns[kind] >= 0, "a lane's times");
	/* from afar, what is at its ends is shared out */
	CHECK(sum <= end_ns - begin_ns || !model_has_spans(model, begin_ns, end_ns),
	      "a window's times are no longer than it");
	return NULL;
}

static const char *check_lane(const struct model *model, uint32_t proc)
{
	const char *broken = check_spans(model, proc);

	for (int64_t width = model->end_ns + 1; width > 0 && broken == NULL; width /= 16)
		broken = check_window(model, proc, 0, width);
	for (int64_t i = 0; i < 8 && broken == NULL; i++)
		broken = check_window(model, proc, model->end_ns * i / 8,
		                      model->end_ns * (i + 1) / 8 + 1);
	return broken;
}

static const char *check_levels(const struct model *model)
{
	for (int s = 0; s < SERIES_COUNT; s++)
		for (int64_t width = model->end_ns + 1; width > 0; width /= 16) {
			struct level level = model_level(model, (enum series)s, 0, width);

			CHECK(!level.is_known || (level.min >= 0 && level.min <= level.max),
			      "numbers over time");
		}
	return NULL;
}

const char *promise_broken(const struct model *model)
{
	struct roster_reader reader;
	const char *broken = NULL;

	CHECK(model->is_whole, "it ends");
	CHECK(model->damage.bytes <= model->bytes, "no more is lost than there was");
	roster_reader_init(&reader, &model->roster);
	for (uint32_t i = 0; i < model->roster.count && broken == NULL; i++)
		broken = check_goroutine(model, &reader, roster_read(&reader, i));
	roster_reader_free(&reader);
	for (size_t i = 0; i < model->procs.count && broken == NULL; i++)
		broken = check_proc(model, &model->procs.items[i]);
	if (broken == NULL)
		broken = check_ranges(model);
	for (uint32_t p = 0; p < model->procs.count && broken == NULL; p++)
		broken = check_lane(model, p);
	return broken != NULL ? broken : check_levels(model);
}
