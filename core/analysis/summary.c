/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/summary.h"

#include "core/trace/v2_wire.h"

#include <stdio.h>

/* What there is in the stretch that is asked for: how many, how long together, and the longest. */
struct sum {
	uint64_t count;
	int64_t ns, max_ns;
};

static void add(struct sum *sum, const struct question *question, int64_t begin_ns, int64_t end_ns)
{
	if (!analysis_is_inside(question, begin_ns, end_ns))
		return;
	sum->count++;
	sum->ns += end_ns - begin_ns;
	sum->max_ns = end_ns - begin_ns > sum->max_ns ? end_ns - begin_ns : sum->max_ns;
}

struct sums {
	struct sum cycles, stops, assists;
};

static struct sums sum_up(const struct model *model, const struct question *question)
{
	struct sums sums = { .cycles = { 0 } };

	for (size_t i = 0; i < model->cycles.count; i++)
		add(&sums.cycles, question, model->cycles.items[i].begin_ns,
		    model->cycles.items[i].end_ns);
	for (size_t i = 0; i < model->stops.count; i++)
		add(&sums.stops, question, model->stops.items[i].begin_ns,
		    model->stops.items[i].end_ns);
	for (size_t i = 0; i < model->assists.count; i++)
		add(&sums.assists, question, model->assists.items[i].begin_ns,
		    model->assists.items[i].end_ns);
	return sums;
}

static int64_t duration(const struct model *model, const struct question *question)
{
	return question_clip(question, model->end_ns) - question_clip(question, 0);
}

bool summary_has_thread(const struct thread *thread)
{
	return wire_thread(thread->id) != WIRE_NO_THREAD;
}

static uint64_t named_threads(const struct model *model)
{
	uint64_t count = 0;

	for (size_t i = 0; i < model->threads.count; i++)
		count += summary_has_thread(&model->threads.items[i]);
	return count;
}

static void add_version(struct table *table, struct version version)
{
	char text[32];

	snprintf(text, sizeof(text), "go1.%u", version.newer != 0 ? version.newer : version.minor);
	table_add_text(table, bytes_of("version"));
	table_add_text(table, bytes_of(text));
}

void summary_put(struct table *table, const struct model *model, const struct question *question,
                 const struct summary *summary)
{
	struct sums sums = sum_up(model, question);
	/* clang-format off */
	const struct {
		const char *name;
		enum column_kind kind;
		bool is_of_v2;
		uint64_t value;
	} rows[] = {
		{ "bytes",              COLUMN_BYTES,    false, model->bytes },
		{ "duration_ns",        COLUMN_DURATION, false, (uint64_t)duration(model, question) },
		{ "events",             COLUMN_COUNT,    true,  summary->events },
		{ "generations",        COLUMN_COUNT,    true,  summary->generations },
		{ "procs",              COLUMN_COUNT,    false, summary->procs },
		{ "threads",            COLUMN_COUNT,    false, summary->threads },
		{ "goroutines",         COLUMN_COUNT,    false, summary->goroutines },
		{ "gomaxprocs",         COLUMN_COUNT,    false, summary->gomaxprocs },
		{ "gc_cycles",          COLUMN_COUNT,    false, sums.cycles.count },
		{ "gc_mark_ns",         COLUMN_DURATION, false, (uint64_t)sums.cycles.ns },
		{ "stw_count",          COLUMN_COUNT,    false, sums.stops.count },
		{ "stw_ns",             COLUMN_DURATION, false, (uint64_t)sums.stops.ns },
		{ "stw_max_ns",         COLUMN_DURATION, false, (uint64_t)sums.stops.max_ns },
		{ "mark_assist_count",  COLUMN_COUNT,    false, sums.assists.count },
		{ "mark_assist_ns",     COLUMN_DURATION, false, (uint64_t)sums.assists.ns },
		{ "syscalls",           COLUMN_COUNT,    false, summary->syscalls },
		{ "tasks",              COLUMN_COUNT,    false, summary->tasks },
		{ "regions",            COLUMN_COUNT,    false, summary->regions },
		{ "logs",               COLUMN_COUNT,    false, summary->logs },
		{ "cpu_samples",        COLUMN_COUNT,    false, summary->samples },
		{ "stacks",             COLUMN_COUNT,    true,  summary->stacks },
		{ "strings",            COLUMN_COUNT,    true,  summary->strings },
		{ "heap_max_bytes",     COLUMN_BYTES,    false, summary->heap_max },
		{ "runnable_max",       COLUMN_COUNT,    false, summary->runnable_max },
		{ "lost_bytes",         COLUMN_BYTES,    false, summary->lost_bytes },
	};
	/* clang-format on */

	table->is_list = true;
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "value", COLUMN_COUNT);
	add_version(table, model->version);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		table_add_text(table, bytes_of(rows[i].name));
		if (rows[i].is_of_v2 && !version_is_v2(model->version))
			table_add_empty(table);
		else if (rows[i].value == SUMMARY_UNKNOWN)
			table_add_unknown(table);
		else
			table_add_of_kind(table, rows[i].kind, (int64_t)rows[i].value);
	}
}

bool analysis_summary(struct table *table, const struct model *model,
                      const struct question *question, struct error *err)
{
	const struct summary summary = {
		.events = model->events,
		.generations = model->generations,
		.procs = model->procs.count,
		.threads = named_threads(model),
		.goroutines = model->roster.count,
		.gomaxprocs = model->gomaxprocs,
		.syscalls = model->syscalls,
		.tasks = model->tasks.count,
		.regions = model->regions,
		.logs = model->logs,
		.samples = model->samples,
		.stacks = model->stack_records,
		.strings = model->string_records,
		.heap_max = model->heap_max,
		.runnable_max = model->runnable_max,
		.lost_bytes = model->damage.bytes,
	};

	(void)err;
	summary_put(table, model, question, &summary);
	return true;
}
