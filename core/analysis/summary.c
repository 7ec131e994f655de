/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
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

/* Without those that were made up. */
static uint64_t named_threads(const struct model *model)
{
	uint64_t count = 0;

	for (size_t i = 0; i < model->threads.count; i++)
		count += wire_thread(model->threads.items[i].id) != WIRE_NO_THREAD;
	return count;
}

static void add_version(struct table *table, struct version version)
{
	char text[32];

	snprintf(text, sizeof(text), "go1.%u", version.newer != 0 ? version.newer : version.minor);
	table_add_text(table, bytes_of("version"));
	table_add_text(table, bytes_of(text));
}

bool analysis_summary(struct table *table, const struct model *model,
                      const struct question *question, struct error *err)
{
	struct sums sums = sum_up(model, question);
	/* clang-format off */
	const struct {
		const char *name;
		enum column_kind kind;
		enum { ALWAYS, V2_ONLY, WHOLE, WHOLE_V2 } when;
		uint64_t value;
	} rows[] = {
		{ "bytes",              COLUMN_BYTES,    ALWAYS,   model->bytes },
		{ "duration_ns",        COLUMN_DURATION, ALWAYS,   (uint64_t)duration(model, question) },
		{ "events",             COLUMN_COUNT,    WHOLE_V2, model->events },
		{ "generations",        COLUMN_COUNT,    WHOLE_V2, model->generations },
		{ "procs",              COLUMN_COUNT,    WHOLE,    model->procs.count },
		{ "threads",            COLUMN_COUNT,    WHOLE,    named_threads(model) },
		{ "goroutines",         COLUMN_COUNT,    WHOLE,    model->roster.count },
		{ "gomaxprocs",         COLUMN_COUNT,    ALWAYS,   model->gomaxprocs },
		{ "gc_cycles",          COLUMN_COUNT,    ALWAYS,   sums.cycles.count },
		{ "gc_mark_ns",         COLUMN_DURATION, ALWAYS,   (uint64_t)sums.cycles.ns },
		{ "stw_count",          COLUMN_COUNT,    ALWAYS,   sums.stops.count },
		{ "stw_ns",             COLUMN_DURATION, ALWAYS,   (uint64_t)sums.stops.ns },
		{ "stw_max_ns",         COLUMN_DURATION, ALWAYS,   (uint64_t)sums.stops.max_ns },
		{ "mark_assist_count",  COLUMN_COUNT,    ALWAYS,   sums.assists.count },
		{ "mark_assist_ns",     COLUMN_DURATION, ALWAYS,   (uint64_t)sums.assists.ns },
		{ "syscalls",           COLUMN_COUNT,    WHOLE,    model->syscalls },
		{ "tasks",              COLUMN_COUNT,    WHOLE,    model->tasks.count },
		{ "regions",            COLUMN_COUNT,    WHOLE,    model->regions },
		{ "logs",               COLUMN_COUNT,    WHOLE,    model->logs },
		{ "cpu_samples",        COLUMN_COUNT,    WHOLE,    model->samples },
		{ "stacks",             COLUMN_COUNT,    WHOLE_V2, model->stack_records },
		{ "strings",            COLUMN_COUNT,    WHOLE_V2, model->string_records },
		{ "heap_max_bytes",     COLUMN_BYTES,    WHOLE,    model->heap_max },
		{ "runnable_max",       COLUMN_COUNT,    WHOLE,    model->runnable_max },
		{ "lost_bytes",         COLUMN_BYTES,    WHOLE,    model->damage.bytes },
	};
	/* clang-format on */

	(void)err;
	table->is_list = true;
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "value", COLUMN_COUNT);
	add_version(table, model->version);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool is_of_v2 = rows[i].when == V2_ONLY || rows[i].when == WHOLE_V2;
		bool is_of_whole = rows[i].when == WHOLE || rows[i].when == WHOLE_V2;

		table_add_text(table, bytes_of(rows[i].name));
		if (is_of_v2 && !version_is_v2(model->version))
			table_add_empty(table);
		else if (is_of_whole && !question_is_of_all(question))
			table_add_unknown(table);
		else
			table_add_of_kind(table, rows[i].kind, (int64_t)rows[i].value);
	}
	return true;
}
