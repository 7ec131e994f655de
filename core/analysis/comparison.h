/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_COMPARISON_H
#define CORE_ANALYSIS_COMPARISON_H

#include "core/analysis/lengths.h"
#include "core/analysis/table.h"
#include "core/base/error.h"
#include "core/model/records.h"

/* Two stretches of time, of one trace or of two, by what took time in each, how much and how often
 * a second, as they may differ in length, and how long it took at a time. The first one is kept in
 * two halves: what those differ by is noise. What is compared is known by its name, so that nothing
 * in here is of a trace, which may be closed again. */
enum comparison_part { COMPARISON_EARLY, COMPARISON_LATE, COMPARISON_AFTER, COMPARISON_PARTS };

/* What is told of each name: of functions, that goroutines started with; of states and reasons; of
 * stacks that waits begin at; of the collector. */
enum comparison_of {
	COMPARE_EXEC,
	COMPARE_SCHED_WAIT,
	COMPARE_BLOCK,
	COMPARE_SYSCALL,
	COMPARE_CREATED, /* how many */
	COMPARE_ALIVE,   /* how many at a time, on average */
	COMPARE_STATE,
	COMPARE_LATENCY, /* the state of those that are runnable */
	COMPARE_WAIT,
	COMPARE_STW,
	COMPARE_STOPPING,
	COMPARE_MARK,
	COMPARE_ASSIST,
	COMPARE_HEAP_START, /* bytes */
	COMPARE_HEAP_END,
	COMPARE_HEAP_GOAL,
	COMPARE_KINDS,
};

/* Where it was worst: a stretch of time, and whose. */
struct comparison_place {
	int64_t begin_ns, end_ns;
	uint32_t go; /* INDEX_NONE */
	uint64_t id; /* of that, once its trace is looked through */
};

struct comparison_sum {
	int64_t ns;     /* inside the part */
	uint64_t count; /* of those that end in it */
	int64_t least, most;
};

struct comparison_subject {
	uint8_t of;     /* enum comparison_of */
	string_id name; /* in texts */
	struct comparison_sum sums[COMPARISON_PARTS];
	struct comparison_place places[2]; /* before, after */
};

struct comparison {
	struct strings texts;
	ARRAY(struct comparison_subject) subjects;
	struct id_map subject_of; /* what and name */
	struct lengths lengths;   /* of subjects */
	int64_t length_ns[COMPARISON_PARTS];
};

void comparison_init(struct comparison *comparison, struct budget *budget);
void comparison_free(struct comparison *comparison);

/* What is known by that name. */
uint32_t comparison_subject(struct comparison *comparison, enum comparison_of of,
                            struct bytes name);

/* So much of its time is inside a part. The place is where all of it is: that of the longest is
 * kept, of those that end there if any does. */
void comparison_spend(struct comparison *comparison, uint32_t subject, unsigned part, int64_t ns,
                      const struct comparison_place *place);

/* One of them ends in it, which is so long, or so large, in all. */
void comparison_count(struct comparison *comparison, uint32_t subject, unsigned part, int64_t value,
                      const struct comparison_place *place);

/* When all is there: the table of answers.md 3, into an initialized one: what changed most, by the
 * noise, first. Change is empty where it is no more than that. has_places: with columns for where
 * it was worst, before and after. False: there is no memory for it. */
bool comparison_table(struct comparison *comparison, struct table *table, bool has_places,
                      struct error *err);

#endif
