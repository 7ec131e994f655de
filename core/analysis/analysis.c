/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"

#include "core/analysis/filter_span.h"
#include "core/analysis/findings.h"

#define LIFE_FAMILIES "block_ns[REASON] range_ns[NAME]"

/* clang-format off */
const struct analysis analyses[] = {
	{ "summary",    NULL,         "What the trace holds, and its worst numbers",     "the start page",                           .fn = analysis_summary, .within = &analysis_summary_within },
	{ "findings",   NULL,         "Where to look first: what cost most, and who did it", "nothing",                             .pass = &analysis_findings, .filtered = FILTERED_ROWS },
	{ "triage",     NULL,         "One screen for a chat: the trace, its worst, and where", "nothing",                          .pass = &analysis_findings, .kind = FINDINGS_TRIAGE, .filtered = FILTERED_ROWS },
	{ "goroutines", NULL,         "Goroutines by name: how many, and their time",    "/goroutines, Goroutine analysis",          .fn = analysis_goroutines, .within = &analysis_goroutines_within, .filtered = FILTERED_STAYS },
	{ "goroutine",  "[NAME|G17]", "A row a goroutine: where its time went, and why", "/goroutine?name=",                         .fn = analysis_goroutine, .within = &analysis_goroutine_within, .filtered = FILTERED_STAYS, .families = LIFE_FAMILIES },
	{ "stw",        NULL,         "Each stop of the world, and who stopped last",    "/trace, its STW row",                      .fn = analysis_stw, .filtered = FILTERED_ROWS },
	{ "gc",         NULL,         "Each GC cycle: phases, assists, workers, heap",   "/trace, its GC row",                       .fn = analysis_gc, .filtered = FILTERED_ROWS },
	{ "assists",    NULL,         "Each mark assist, and the function that paid",    "/trace, its slices",                       .fn = analysis_assists, .filtered = FILTERED_ROWS },
	{ "procs",      NULL,         "What each P did: running, idle, in syscalls",     "/trace?view=proc, its rows",               .fn = analysis_procs, .within = &analysis_procs_within, .filtered = FILTERED_STAYS },
	{ "threads",    NULL,         "Each thread: from when to when, and its samples", "/trace?view=thread, its rows",             .fn = analysis_threads },
	{ "tasks",      NULL,         "Tasks by type: how many, and how long",           "/usertasks, User-defined tasks",           .pass = &analysis_tasks, .filtered = FILTERED_ROWS },
	{ "task",       "[TYPE|ID]",  "A row a task, or with --events all it did",       "/usertask?type=",                          .pass = &analysis_task, .events = &analysis_task_events, .filtered = FILTERED_ROWS },
	{ "regions",    NULL,         "Regions by name and place: how many, how long",   "/userregions, User-defined regions",       .pass = &analysis_regions, .filtered = FILTERED_ROWS },
	{ "region",     "[NAME]",     "A row a region: where its time went, and why",    "/userregion?type=",                        .pass = &analysis_region, .filtered = FILTERED_ROWS, .families = LIFE_FAMILIES },
	{ "logs",       NULL,         "What the program logged, and in which task",      "/usertask?type=",                          .pass = &analysis_logs, .filtered = FILTERED_ROWS },
	{ "net",        NULL,         "Waits for the network, by function",              "/io, Network blocking profile",            .pass = &analysis_profile, .kind = PROFILE_NET, .filtered = FILTERED_STAYS },
	{ "sync",       NULL,         "Waits for channels, locks and select",            "/block, Synchronization blocking profile", .pass = &analysis_profile, .kind = PROFILE_SYNC, .filtered = FILTERED_STAYS },
	{ "syscall",    NULL,         "Time in system calls, by function",               "/syscall, Syscall profile",                .pass = &analysis_profile, .kind = PROFILE_SYSCALL, .filtered = FILTERED_STAYS },
	{ "sched",      NULL,         "Waits for a P, by what made runnable",            "/sched, Scheduler latency profile",        .pass = &analysis_profile, .kind = PROFILE_SCHED, .filtered = FILTERED_STAYS },
	{ "cpu",        NULL,         "CPU samples, by function",                        "/trace, its CPU samples",                  .pass = &analysis_profile, .kind = PROFILE_CPU, .filtered = FILTERED_ROWS },
	{ "stacks",     NULL,         "All waits by whole stack, sleep too",             "nothing",                                  .pass = &analysis_profile, .kind = PROFILE_STACKS, .filtered = FILTERED_STAYS },
	{ "compare",    NULL,         "Two traces, or two stretches of one: what changed", "nothing",                                .pass = &analysis_compare, .operands = "A B | T0..T1 T2..T3 TRACE" },
	{ "mmu",        NULL,         "What the GC leaves to the program, by window",    "/mmu, Minimum mutator utilization",        .pass = &analysis_mmu },
	{ "why",        "G17@472.7ms", "Why a goroutine did not run, step by step back",   "nothing",                                 .chase = &analysis_why },
	{ "critical",   "TYPE|ID|G17@T", "What a task waited for at each moment, and whom", "/usertask?type=",                        .chase = &analysis_critical },
	{ "damage",     NULL,         "What of the file could not be read, and why",     "nothing: it stops there",                  .fn = analysis_damage },
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

void analysis_add_task(struct table *table, uint64_t id)
{
	if (id != 0)
		table_add_id(table, id);
	else
		table_add_empty(table);
}

void analysis_add_time(struct table *table, int64_t ns)
{
	if (ns == TIME_UNKNOWN)
		table_add_empty(table);
	else
		table_add_number(table, ns);
}

void analysis_add_line(struct table *table, uint32_t line)
{
	if (line == 0)
		table_add_empty(table);
	else
		table_add_number(table, line);
}

bool question_has_go(const struct question *question, uint32_t go)
{
	size_t low = 0, high;

	if (question->gos == NULL)
		return true;
	for (high = question->gos->count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (question->gos->items[middle] < go)
			low = middle + 1;
		else
			high = middle;
	}
	return low < question->gos->count && question->gos->items[low] == go;
}

bool analysis_is_inside(const struct question *question, int64_t begin_ns, int64_t end_ns)
{
	return begin_ns < question->to_ns &&
	       (end_ns > question->from_ns || begin_ns >= question->from_ns);
}

bool analysis_accepts(const struct question *question, const struct model *model,
                      const struct told *told)
{
	return analysis_is_inside(question, told->begin_ns, told->end_ns) &&
	       question_has_go(question, told->span.go) &&
	       (question->filter == NULL || filter_accepts_told(question->filter, model, told));
}

bool analysis_accepts_said(const struct question *question, const struct model *model,
                           const struct filter_said *said)
{
	return analysis_is_inside(question, said->begin_ns, said->end_ns) &&
	       question_has_go(question, said->go) &&
	       (question->filter == NULL || filter_accepts_said(question->filter, model, said));
}

/* "G17" is a goroutine, anything else a name. */
bool analysis_selects_go(const struct question *question, const struct model *model,
                         const struct goroutine *go)
{
	uint64_t id;

	if (!question->has_selector)
		return true;
	if (analysis_is_go(question->selector, &id))
		return go->id == id;
	return bytes_equal(question->selector, strings_text(&model->strings, go->name));
}

bool analysis_selects_task(const struct question *question, const struct model *model,
                           const struct user_task *task)
{
	uint64_t id;

	if (!question->has_selector)
		return true;
	if (analysis_is_number(question->selector, &id))
		return task->id == id;
	return bytes_equal(question->selector, strings_text(&model->strings, task->name));
}

bool analysis_is_of_runtime(const struct model *model, uint32_t go)
{
	struct bytes name = strings_text(&model->strings, roster_brief(&model->roster, go).name);

	return name.len == 0 ||
	       (bytes_begin_with(name, "runtime.") && !bytes_equal(name, bytes_of("runtime.main")));
}

bool analysis_none_found(const struct question *question, const char *what, struct error *err)
{
	int len = question->selector.len < 100 ? (int)question->selector.len : 100;

	return !question->has_selector ||
	       error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "no %s \"%.*s\" in the trace", what,
	                 len, (const char *)question->selector.data);
}

bool analysis_is_cut(struct error *err)
{
	return error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
	                 "memory limit reached before all was looked at; --memory raises it");
}

bool analysis_is_number(struct bytes text, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)text.data[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, digit, number))
			return false;
	}
	return text.len > 0;
}

bool analysis_is_go(struct bytes text, uint64_t *id)
{
	return text.len > 1 && text.data[0] == 'G' &&
	       analysis_is_number((struct bytes){ text.data + 1, text.len - 1 }, id);
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

	for (uint32_t i = go->blocks; i != INDEX_NONE; i = roster_amount(reader, i)->next)
		life.block_ns += roster_amount(reader, i)->ns;
	analysis_fill_unknown(&life);
	return life;
}

void analysis_add_up(struct life *sum, const struct life *life)
{
	sum->total_ns += life->total_ns;
	sum->exec_ns += life->exec_ns;
	sum->sched_wait_ns += life->sched_wait_ns;
	sum->syscall_exec_ns += life->syscall_exec_ns;
	sum->syscall_block_ns += life->syscall_block_ns;
	sum->block_ns += life->block_ns;
	sum->unknown_ns += life->unknown_ns;
}

void analysis_fill_unknown(struct life *life)
{
	int64_t known_ns = life->exec_ns + life->sched_wait_ns + life->syscall_exec_ns +
	                   life->syscall_block_ns + life->block_ns;

	life->unknown_ns = life->total_ns > known_ns ? life->total_ns - known_ns : 0;
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
