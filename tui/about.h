/* SPDX-License-Identifier: MIT */
#ifndef TUI_ABOUT_H
#define TUI_ABOUT_H

#include "core/analysis/table.h"
#include "tui/session.h"

/* What is known of an open trace and of what it costs, for a person: the file, how far it is read,
 * memory by kind, threads, limits that were reached, and what is lost. */

/* Memory by what it is for; all of the budget. While threads work it is about so much. */
struct about_memory {
	size_t index;     /* T0: batches, generations, checkpoints; of v1, its ordered records */
	size_t kept;      /* T1: what every picture and answer needs */
	size_t histories; /* T2: records of generations, made again when they are wanted */
	size_t near;      /* T3: lanes of narrow windows */
	size_t raw;       /* bytes of a pipe */
	size_t work;      /* of jobs: generations in the making */
	size_t other;     /* the screen, keys */
	size_t all;
};

struct about_memory about_memory(const struct session *session);

/* Fills a fresh table: a name and a text each row. file: the trace's name. */
void about_make(struct table *table, const struct session *session, const char *file);

#endif
