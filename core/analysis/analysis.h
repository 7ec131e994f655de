/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_ANALYSIS_H
#define CORE_ANALYSIS_ANALYSIS_H

#include "core/analysis/table.h"
#include "core/base/error.h"
#include "core/model/model.h"

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
};

/* Fills an initialized table: columns, then rows in the order of answers.md. The model must be
 * whole. */
typedef bool analysis_fn(struct table *table, const struct model *model,
                         const struct question *question, struct error *err);

struct analysis {
	const char *name;     /* the command */
	const char *selector; /* what it takes before the trace, for help; NULL: nothing */
	const char *help;     /* one line */
	const char *page;     /* of `go tool trace` that tells the same */
	const char *families; /* columns that depend on the trace, for help; NULL: none */
	analysis_fn *fn;
};

/* All of them, in the order in which help shows them. */
extern const struct analysis analyses[];
extern const size_t analyses_count;

/* NULL: there is none of that name. */
const struct analysis *analysis_find(struct bytes name);

/* ---- the questions, a file each */

analysis_fn analysis_assists;    /* assists.c */
analysis_fn analysis_damage;     /* damage.c */
analysis_fn analysis_gc;         /* gc.c */
analysis_fn analysis_goroutine;  /* goroutine.c */
analysis_fn analysis_goroutines; /* goroutines.c */
analysis_fn analysis_procs;      /* procs.c */
analysis_fn analysis_stw;        /* stw.c */
analysis_fn analysis_summary;    /* summary.c */

/* ---- what they share */

/* Columns of one kind, by name, up to a NULL. */
void analysis_add_columns(struct table *table, enum column_kind kind, const char *const *names);

/* The value for an index into gos or procs; INDEX_NONE is empty. */
void analysis_add_go(struct table *table, const struct model *model, uint32_t go);
void analysis_add_proc(struct table *table, const struct model *model, uint32_t proc);

/* How a goroutine's life was spent, by Go's rules (go-tool-trace.md 6.2). */
struct life {
	int64_t total_ns, exec_ns, sched_wait_ns, syscall_exec_ns, syscall_block_ns;
	int64_t block_ns;   /* for all reasons */
	int64_t unknown_ns; /* the rest */
};

/* go: as the reader has read it. */
struct life analysis_life(const struct model *model, const struct roster_reader *reader,
                          const struct goroutine *go);

/* Columns for a life, exec_ns first with the total before it; and its values. */
void analysis_add_life_columns(struct table *table);
void analysis_add_life(struct table *table, const struct life *life);

#endif
