/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/trace/v2_wire.h"

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
	struct sums sums = sum_up(model);
	/* clang-format off */
	const struct {
		const char *name;
		enum column_kind kind;
		bool v2_only;
		uint64_t value;
	} rows[] = {
		{ "bytes",             COLUMN_BYTES,    false, model->bytes },
		{ "duration_ns",       COLUMN_DURATION, false, (uint64_t)model->end_ns },
		{ "events",            COLUMN_COUNT,    true,  model->events },
		{ "generations",       COLUMN_COUNT,    true,  model->generations },
		{ "procs",             COLUMN_COUNT,    false, model->procs.count },
		{ "threads",           COLUMN_COUNT,    false, named_threads(model) },
		{ "goroutines",        COLUMN_COUNT,    false, model->roster.count },
		{ "gomaxprocs",        COLUMN_COUNT,    false, model->gomaxprocs },
		{ "gc_cycles",         COLUMN_COUNT,    false, model->cycles.count },
		{ "gc_mark_ns",        COLUMN_DURATION, false, (uint64_t)sums.mark_ns },
		{ "stw_count",         COLUMN_COUNT,    false, model->stops.count },
		{ "stw_ns",            COLUMN_DURATION, false, (uint64_t)sums.stw_ns },
		{ "stw_max_ns",        COLUMN_DURATION, false, (uint64_t)sums.stw_max_ns },
		{ "mark_assist_count", COLUMN_COUNT,    false, model->assists.count },
		{ "mark_assist_ns",    COLUMN_DURATION, false, (uint64_t)sums.assist_ns },
		{ "syscalls",          COLUMN_COUNT,    false, model->syscalls },
		{ "tasks",             COLUMN_COUNT,    false, model->tasks.count },
		{ "regions",           COLUMN_COUNT,    false, model->regions },
		{ "logs",              COLUMN_COUNT,    false, model->logs },
		{ "cpu_samples",       COLUMN_COUNT,    false, model->samples },
		{ "stacks",            COLUMN_COUNT,    true,  model->stack_records },
		{ "strings",           COLUMN_COUNT,    true,  model->string_records },
		{ "heap_max_bytes",    COLUMN_BYTES,    false, model->heap_max },
		{ "runnable_max",      COLUMN_COUNT,    false, model->runnable_max },
		{ "lost_bytes",        COLUMN_BYTES,    false, model->damage.bytes },
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
		if (rows[i].v2_only && !version_is_v2(model->version))
			table_add_empty(table);
		else
			table_add_of_kind(table, rows[i].kind, (int64_t)rows[i].value);
	}
	return true;
}
