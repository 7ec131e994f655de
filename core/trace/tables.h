/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_TABLES_H
#define CORE_TRACE_TABLES_H

#include "core/base/id_pages.h"
#include "core/trace/index.h"
#include "core/trace/stacks.h"

/* A CPU sample, its time made absolute. */
struct sample {
	int64_t time_ns;
	uint64_t m, p, g; /* as in the file: UINT64_MAX no P, 0 no goroutine */
	uint64_t stack;   /* the generation's own id */
};

/* A frame as it stands in the file: texts by own ids. */
struct own_frame {
	uint64_t pc, function, file, line;
};

/* The strings, stacks and CPU samples of one generation. Ids are the generation's own, and those
 * that are not defined are normal. After tables_join they lead to the trace's ids. */
struct tables {
	struct arena arena;
	struct id_pages string_of, stack_of; /* own id -> index into the arrays below */
	ARRAY(struct bytes) texts;
	ARRAY(struct stack_place) stacks;
	ARRAY(struct own_frame) frames;
	ARRAY(struct sample) samples; /* by time */
	ARRAY(string_id) string_ids;  /* index -> the trace's id, after joining; 0: none yet */
	ARRAY(stack_id) stack_ids;
	struct damage damage;
	uint64_t generation;                /* for that; 0: not known */
	uint64_t string_count, stack_count; /* records, as they stand in the file */
	struct tables *shared; /* where strings and stacks are, if not here: of v1 traces */
	bool is_joined;        /* of shared ones: once is enough */
};

void tables_init(struct tables *tables, struct budget *budget);
void tables_free(struct tables *tables);

/* What it takes. */
size_t tables_bytes(const struct tables *tables);

/* Reads one batch of strings, stacks or samples; payload is only looked at. What stands before a
 * malformed record stays, the rest of the batch is lost. */
void tables_read(struct tables *tables, const struct batch *batch, struct bytes payload,
                 const struct clock *clock);

/* What v1 traces define one by one, and what our readers of them add. The first text of an id
 * stays, which true says; the last stack does. */
bool tables_add_text(struct tables *tables, uint64_t id, struct bytes text);
void tables_add_stack(struct tables *tables, uint64_t id, const struct own_frame *frames,
                      uint32_t count);

/* The text of an own id before joining; empty if there is none. */
struct bytes tables_text(const struct tables *tables, uint64_t id);

/* The id of an own text, not joined, among others that outlive it. */
string_id tables_keep(struct tables *tables, uint64_t id, struct strings *kept);

/* Whether the outermost function of a stack has a name, before joining; now and then it has none.
 */
bool tables_names_root(const struct tables *tables, uint64_t stack);

/* Before joining: an own id that is defined, or 0. */
bool tables_has_string(const struct tables *tables, uint64_t id);
bool tables_has_stack(const struct tables *tables, uint64_t id);

/* Before joining: the frames of an own stack and how many; NULL if there are none. */
const struct own_frame *tables_frames(const struct tables *tables, uint64_t stack, uint32_t *count);

/* All batches are read: samples come by time. Joining does it, too. */
void tables_sort_samples(struct tables *tables);

/* Gives every text and stack its id in the trace, and forgets the texts. In order of generations.
 */
void tables_join(struct tables *tables, struct strings *strings, struct stacks *stacks);

/* After joining: the trace's ids of own ones, 0 for what is not defined. */
string_id tables_string(const struct tables *tables, uint64_t id);
stack_id tables_stack(const struct tables *tables, uint64_t id);

#endif
