/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_ANALYSIS_H
#define CORE_ANALYSIS_ANALYSIS_H

#include "core/analysis/table.h"
#include "core/base/error.h"
#include "core/base/radix.h"
#include "core/model/pass.h"
#include "core/model/telling.h"

struct finding_limits;
struct comparison;
struct profile;

/* The list of analyses: questions to a model, each answered by a table. The command line and the
 * terminal both offer what stands here (answers.md 3, 4). */

/* What is asked beyond the name of the analysis. */
struct question {
	struct bytes selector; /* of what takes one: "G17", or an exact name */
	bool has_selector;
	/* Rows that are wanted: the first limit of them, by the column of that name, or in their
	 * own order if that is NULL. A table may have others, too. */
	bool has_limit;
	size_t limit;
	const char *sort;
	/* What lies outside of [from_ns, to_ns) is not asked for; the whole trace: INT64_MIN,
	 * INT64_MAX. */
	int64_t from_ns, to_ns;
	uint8_t kind; /* of analyses of one pass: which it is */
	/* Of profiles: of goroutines of that name; inside regions of that name; stays whole, even
	 * what of them lies before the first run; as a tree of calls. */
	struct bytes goroutines, region;
	bool has_goroutines, has_region, is_unclipped, is_tree;
	struct bytes peek; /* of profiles: only who calls that function, and what it calls */
	bool has_peek;
	const u32_array *gos;  /* of these goroutines alone, ascending; NULL: of all */
	struct filter *filter; /* what it does not accept is not, either (filter.h); NULL: all */
	bool is_as_go;         /* where Go's tool of 1.26 is otherwise, as it is there */
	bool has_events;       /* of tasks, what they did one by one */
	bool has_histogram;    /* of tasks and regions, how long how many took */
	bool is_fine;          /* the mmu at three times as many windows, for a curve */
	/* Of the mmu: what counts (mutator.h), 0 is as usual; the worst windows of that length, 0
	 * is the curve. */
	unsigned flags;
	int64_t window_ns;
	const struct finding_limits *limits; /* of findings; NULL: the usual ones */
	bool is_held;                        /* of why: not that, but whom it held up */
	/* Of compare: the two stretches; or what both traces come together in (comparison.h), the
	 * second one first, whose answer has nothing in it. */
	struct stretch_asked {
		int64_t from_ns, to_ns;
	} stretches[2];
	bool has_stretches;
	struct comparison *comparison; /* NULL: of one trace */
	bool is_after;                 /* the second one */
	bool has_places;               /* columns for where it was worst */
};

/* Whether a goroutine, or INDEX_NONE, is one of those that are asked for. */
bool question_has_go(const struct question *question, uint32_t go);

/* Of everything. */
static inline struct question question_of_all(void)
{
	return (struct question){ .from_ns = INT64_MIN, .to_ns = INT64_MAX };
}

/* Fills an initialized table: columns, then rows in the order of answers.md. The model must be
 * whole. */
typedef bool analysis_fn(struct table *table, const struct model *model,
                         const struct question *question, struct error *err);

/* What a filter looks at. */
enum analysis_filtered {
	FILTERED_NOT,   /* there is nothing that it could mean */
	FILTERED_ROWS,  /* the stretch that each row is */
	FILTERED_STAYS, /* what goroutines did: only that counts */
};

/* A time, not outside of the stretch that is asked for. */
static inline int64_t question_clip(const struct question *question, int64_t ns)
{
	ns = ns < question->from_ns ? question->from_ns : ns;
	return ns > question->to_ns ? question->to_ns : ns;
}

/* How a question is answered that takes a pass over the histories (answering.h): to is its own
 * state, of size bytes, zeroed at first; model and question last as long. Frees what begin made. */
struct analysis_pass {
	size_t size;
	void (*begin)(void *to, const struct model *model, const struct question *question,
	              struct budget *budget);
	/* What it needs of a part (enum pass_need); or, where that depends on the question,
	 * needs_of: 0 is no pass at all. Neither: whole histories. */
	uint8_t needs;
	uint8_t (*needs_of)(const void *to);
	/* Of a survey's listener; NULL: not asked for. */
	bool (*part)(void *to, const struct model *model, uint32_t part, size_t *at);
	void (*told)(void *to, const struct model *model, struct told *told);
	void (*settle)(void *to, const struct telling *telling);
	bool (*end)(void *to, struct table *table, struct error *err);
	/* Instead of a table, for who makes something else of it; NULL: it has no profile, or, with
	 * an error, there is none. It lives as long as to. */
	const struct profile *(*profile)(void *to, struct error *err);
	void (*drop)(void *to);
};

/* How a question is answered from some histories alone, which it names as it goes (answering.h);
 * to: as above. */
enum chase_place { CHASE_MORE, CHASE_NEEDS, CHASE_OVER };

struct analysis_chase {
	size_t size;
	bool (*check)(const struct question *question, struct error *err); /* before a trace is read
	                                                                    */
	void (*begin)(void *to, const struct model *model, const struct question *question,
	              struct budget *budget);
	/* About a millisecond of it. CHASE_NEEDS: histories of [*first, *end) are missing. */
	enum chase_place (*step)(void *to, uint32_t *first, uint32_t *end);
	bool (*do_without)(void *to); /* those cannot be had; false: there is no answer then */
	bool (*end)(void *to, struct table *table, struct error *err);
	void (*drop)(void *to);
};

struct analysis {
	const char *name;     /* the command */
	const char *selector; /* what it takes before the trace, for help; NULL: nothing */
	const char *help;     /* one line */
	const char *page;     /* of `go tool trace` that tells the same */
	const char *operands; /* what it takes instead of a trace, for help; NULL: a trace */
	const char *families; /* columns that depend on the trace, for help; NULL: none */
	analysis_fn *fn;      /* from the model alone; */
	const struct analysis_pass *pass;   /* or, where that is NULL, so; */
	const struct analysis_pass *events; /* with --events; NULL: there is no such thing */
	const struct analysis_pass *within; /* of a stretch of the trace, or filtered; NULL: as of
	                                     * everything */
	const struct analysis_chase *chase; /* instead of all of them */
	uint8_t filtered;                   /* enum analysis_filtered */
	uint8_t kind;                       /* of several that have one pass */
};

/* All of them, in the order in which help shows them. */
extern const struct analysis analyses[];
extern const size_t analyses_count;

/* NULL: there is none of that name. */
const struct analysis *analysis_find(struct bytes name);

/* Whether there is a profile behind its table; analysis: NULL is none. */
static inline bool analysis_has_profile(const struct analysis *analysis)
{
	return analysis != NULL && analysis->pass != NULL && analysis->pass->profile != NULL;
}

/* ---- the questions, a file each */

/* What the pass of profiles is about. */
enum profile_kind {
	PROFILE_NET,
	PROFILE_SYNC,
	PROFILE_SYSCALL,
	PROFILE_SCHED,
	PROFILE_STACKS,
	PROFILE_CPU,
};
extern const struct analysis_pass analysis_profile; /* profiles.c */

analysis_fn analysis_assists;    /* assists.c */
analysis_fn analysis_damage;     /* damage.c */
analysis_fn analysis_gc;         /* gc.c */
analysis_fn analysis_goroutine;  /* goroutine.c */
analysis_fn analysis_goroutines; /* goroutines.c */
analysis_fn analysis_procs;      /* procs.c */
analysis_fn analysis_stw;        /* stw.c */
analysis_fn analysis_summary;    /* summary.c */
analysis_fn analysis_threads;    /* threads.c */

extern const struct analysis_pass analysis_compare;           /* compare.c */
extern const struct analysis_pass analysis_findings;          /* findings.c */
extern const struct analysis_pass analysis_goroutine_within;  /* within.c */
extern const struct analysis_pass analysis_goroutines_within; /* within.c */
extern const struct analysis_pass analysis_logs;              /* logs.c */
extern const struct analysis_pass analysis_mmu;               /* mmu.c */
extern const struct analysis_pass analysis_procs_within;      /* procs_within.c */
extern const struct analysis_pass analysis_region;            /* region.c */
extern const struct analysis_pass analysis_regions;           /* regions.c */
extern const struct analysis_pass analysis_summary_within;    /* summary_within.c */
extern const struct analysis_pass analysis_task;              /* task.c */
extern const struct analysis_pass analysis_task_events;       /* task_events.c */
extern const struct analysis_pass analysis_tasks;             /* task.c */

extern const struct analysis_chase analysis_critical; /* path_table.c */
extern const struct analysis_chase analysis_why;      /* why_table.c */

/* ---- what they share */

/* Columns of one kind, by name, up to a NULL. */
void analysis_add_columns(struct table *table, enum column_kind kind, const char *const *names);

/* The value for an index into gos or procs; INDEX_NONE is empty. */
void analysis_add_go(struct table *table, const struct model *model, uint32_t go);
void analysis_add_proc(struct table *table, const struct model *model, uint32_t proc);

/* The id of a task; 0 is the one that all belongs to that has no other: empty. */
void analysis_add_task(struct table *table, uint64_t id);

/* A time, or nothing where it is TIME_UNKNOWN; a line of a file, or nothing where it is 0. */
void analysis_add_time(struct table *table, int64_t ns);
void analysis_add_line(struct table *table, uint32_t line);

/* Whether all of the trace is asked for, without a filter. */
static inline bool question_is_of_all(const struct question *question)
{
	return question->from_ns == INT64_MIN && question->to_ns == INT64_MAX &&
	       question->filter == NULL && question->gos == NULL;
}

/* Whether a stretch laps into the one that is asked for; and whether a row that is such a stretch,
 * begun with such a stack and reason, is asked for. */
bool analysis_is_inside(const struct question *question, int64_t begin_ns, int64_t end_ns);
bool analysis_accepts(const struct question *question, const struct model *model,
                      const struct told *told);
/* The same of what a program says. */
struct filter_said;
bool analysis_accepts_said(const struct question *question, const struct model *model,
                           const struct filter_said *said);

/* Columns before those of a life, and the order of rows: of goroutines, */
void analysis_add_go_columns(struct table *table);
void analysis_add_go_head(struct table *table, const struct model *model,
                          const struct goroutine *go);
void analysis_sort_gos(struct table *table);
/* and of those of one name, with those of the life. */
void analysis_add_group_columns(struct table *table);
void analysis_sort_groups(struct table *table);
/* All those of Ps. */
void analysis_add_proc_columns(struct table *table);
void analysis_sort_procs(struct table *table);

/* Whether the question is about a goroutine: about its id, its name, or all. */
bool analysis_selects_go(const struct question *question, const struct model *model,
                         const struct goroutine *go);

/* Whether the question is about a task: about its id, its type, or all. */
bool analysis_selects_task(const struct question *question, const struct model *model,
                           const struct user_task *task);

/* Whether a goroutine is the runtime's own, or nobody knows whose (Go: internal/trace
 * IsSystemGoroutine). */
bool analysis_is_of_runtime(const struct model *model, uint32_t go);

/* Nothing is what the question selects; returns false, unless it asks for all. */
bool analysis_none_found(const struct question *question, const char *what, struct error *err);

/* Memory did not do for all that the table should be made of; returns false. */
bool analysis_is_cut(struct error *err);

/* "G17" and "17": the numbers; false: it is something else. */
bool analysis_is_go(struct bytes text, uint64_t *id);
bool analysis_is_number(struct bytes text, uint64_t *number);

/* How a goroutine's life was spent, by Go's rules (go-tool-trace.md 6.2). */
struct life {
	int64_t total_ns, exec_ns, sched_wait_ns, syscall_exec_ns, syscall_block_ns;
	int64_t block_ns;   /* for all reasons */
	int64_t unknown_ns; /* the rest */
};

/* go: as the reader has read it. */
struct life analysis_life(const struct model *model, const struct roster_reader *reader,
                          const struct goroutine *go);

void analysis_add_up(struct life *sum, const struct life *life);

/* What is left of the total. */
void analysis_fill_unknown(struct life *life);

/* Columns for a life, exec_ns first with the total before it; and its values. */
void analysis_add_life_columns(struct table *table);
void analysis_add_life(struct table *table, const struct life *life);

#endif
