/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"

#include <stdio.h>

struct sums {
	int64_t mark_ns, stw_ns, stw_max_ns, assist_ns;
};

static struct sums sum_up(const struct model *model)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < model->cycles.count; i++)
		sums.mark_ns += model->cycles.items[i].end_ns - model->cycles.items[i].begin_ns;
	for (size_t i = 0; i < model->stops.count; i++) {
		int64_t ns = model->stops.items[i].end_ns - model->stops.items[i].begin_ns;

		sums.stw_ns += ns;
		sums.stw_max_ns = ns > sums.stw_max_ns ? ns : sums.stw_max_ns;
	}
	for (size_t i = 0; i < model->assists.count; i++)
		sums.assist_ns += model->assists.items[i].end_ns - model->assists.items[i].begin_ns;
	return sums;
}

static void add_version(struct table *table, struct version version)
{
	char text[32];

	snprintf(text, sizeof(text), "go1.%u", version.minor);
	table_add_text(table, bytes_of("version"));
	table_add_text(table, bytes_of(text));
}

bool analysis_summary(struct table *table, const struct model *model,
                      const struct question *question, struct error *err)
{
	struct sums sums = sum_up(model);
	/* clang-format off */
	const struct {
		const char *name;
		enum column_kind kind;
		uint64_t value;
	} rows[] = {
		{ "bytes",             COLUMN_BYTES,    model->bytes },
		{ "duration_ns",       COLUMN_DURATION, (uint64_t)model->end_ns },
		{ "events",            COLUMN_COUNT,    model->events },
		{ "generations",       COLUMN_COUNT,    model->generations },
		{ "procs",             COLUMN_COUNT,    model->procs.count },
		{ "threads",           COLUMN_COUNT,    model->threads.count },
		{ "goroutines",        COLUMN_COUNT,    model->gos.count },
		{ "gomaxprocs",        COLUMN_COUNT,    model->gomaxprocs },
		{ "gc_cycles",         COLUMN_COUNT,    model->cycles.count },
		{ "gc_mark_ns",        COLUMN_DURATION, (uint64_t)sums.mark_ns },
		{ "stw_count",         COLUMN_COUNT,    model->stops.count },
		{ "stw_ns",            COLUMN_DURATION, (uint64_t)sums.stw_ns },
		{ "stw_max_ns",        COLUMN_DURATION, (uint64_t)sums.stw_max_ns },
		{ "mark_assist_count", COLUMN_COUNT,    model->assists.count },
		{ "mark_assist_ns",    COLUMN_DURATION, (uint64_t)sums.assist_ns },
		{ "syscalls",          COLUMN_COUNT,    model->syscalls },
		{ "tasks",             COLUMN_COUNT,    model->tasks.count },
		{ "regions",           COLUMN_COUNT,    model->regions },
		{ "logs",              COLUMN_COUNT,    model->logs },
		{ "cpu_samples",       COLUMN_COUNT,    model->samples },
		{ "stacks",            COLUMN_COUNT,    model->stack_records },
		{ "strings",           COLUMN_COUNT,    model->string_records },
		{ "heap_max_bytes",    COLUMN_BYTES,    model->heap_max },
		{ "runnable_max",      COLUMN_COUNT,    model->runnable_max },
		{ "lost_bytes",        COLUMN_BYTES,    model->lost_bytes },
	};
	/* clang-format on */

	(void)question;
	(void)err;
	table->is_list = true;
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "value", COLUMN_COUNT);
	add_version(table, model->version);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		table_add_text(table, bytes_of(rows[i].name));
		table_add_of_kind(table, rows[i].kind, (int64_t)rows[i].value);
	}
	return true;
}
