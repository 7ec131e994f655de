/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"

/* clang-format off */
const struct analysis analyses[] = {
	{ "summary",    NULL,         "What the trace holds, and its worst numbers",     "the start page",        NULL, analysis_summary },
	{ "goroutines", NULL,         "Goroutines by name: how many, and their time",    "/goroutines",           NULL, analysis_goroutines },
	{ "goroutine",  "[NAME|G17]", "A row a goroutine: where its time went, and why", "/goroutine?name=",      "block_ns[REASON] range_ns[NAME]", analysis_goroutine },
	{ "stw",        NULL,         "Each stop of the world, and who stopped last",    "/trace, its STW row",   NULL, analysis_stw },
	{ "gc",         NULL,         "Each GC cycle: phases, assists, workers, heap",   "/trace, its GC row",    NULL, analysis_gc },
	{ "assists",    NULL,         "Each mark assist, and the function that paid",    "/trace, its slices",    NULL, analysis_assists },
	{ "procs",      NULL,         "What each P did: running, idle, in syscalls",     "/trace?view=proc",      NULL, analysis_procs },
	{ "damage",     NULL,         "What of the file could not be read, and why",     "nothing: it stops there", NULL, analysis_damage },
};
/* clang-format on */

const size_t analyses_count = sizeof(analyses) / sizeof(analyses[0]);

const struct analysis *analysis_find(struct bytes name)
{
	for (size_t i = 0; i < analyses_count; i++)
		if (bytes_equal(name, bytes_of(analyses[i].name)))
			return &analyses[i];
	return NULL;
}

void analysis_add_columns(struct table *table, enum column_kind kind, const char *const *names)
{
	for (; *names != NULL; names++)
		table_add_column(table, *names, kind);
}

void analysis_add_go(struct table *table, const struct model *model, uint32_t go)
{
	if (go < model->roster.count)
		table_add_id(table, roster_brief(&model->roster, go).id);
	else
		table_add_empty(table);
}

void analysis_add_proc(struct table *table, const struct model *model, uint32_t proc)
{
	if (proc < model->procs.count)
		table_add_id(table, model->procs.items[proc].id);
	else
		table_add_empty(table);
}

struct life analysis_life(const struct model *model, const struct roster_reader *reader,
                          const struct goroutine *go)
{
	int64_t end_ns = go->ended_ns == TIME_UNKNOWN ? model->end_ns : go->ended_ns;
	struct life life = {
		.total_ns = end_ns - go->created_ns,
		.exec_ns = go->exec_ns,
		.sched_wait_ns = go->sched_ns,
		.syscall_exec_ns = go->syscall_exec_ns,
		.syscall_block_ns = go->syscall_block_ns,
	};
	int64_t known_ns;

	for (uint32_t i = go->blocks; i != INDEX_NONE; i = roster_amount(reader, i)->next)
		life.block_ns += roster_amount(reader, i)->ns;
	known_ns = life.exec_ns + life.sched_wait_ns + life.syscall_exec_ns +
	           life.syscall_block_ns + life.block_ns;
	life.unknown_ns = life.total_ns > known_ns ? life.total_ns - known_ns : 0;
	return life;
}

void analysis_add_life_columns(struct table *table)
{
	static const char *const names[] = { "total_ns",         "exec_ns",
		                             "sched_wait_ns",    "syscall_exec_ns",
		                             "syscall_block_ns", "block_ns",
		                             "unknown_ns",       NULL };

	analysis_add_columns(table, COLUMN_DURATION, names);
}

void analysis_add_life(struct table *table, const struct life *life)
{
	table_add_number(table, life->total_ns);
	table_add_number(table, life->exec_ns);
	table_add_number(table, life->sched_wait_ns);
	table_add_number(table, life->syscall_exec_ns);
	table_add_number(table, life->syscall_block_ns);
	table_add_number(table, life->block_ns);
	table_add_number(table, life->unknown_ns);
}
