/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_REGION_TIMES_H
#define CORE_ANALYSIS_REGION_TIMES_H

#include "core/analysis/analysis.h"
#include "core/analysis/family.h"
#include "core/base/radix.h"

/* How goroutines spent their time between two moments each, which may nest: in regions. Sums of a
 * goroutine run on from stay to stay; what stands at a begin is taken off what stands at the end.
 * Only goroutines with moments to come, or begun, take memory. */

/* An amount of time under a name: of a reason, or of a range. */
struct region_amount {
	int64_t ns;
	string_id name;
	uint32_t next; /* in a chain; INDEX_NONE */
};

struct region_spent {
	int64_t exec_ns, sched_ns, syscall_exec_ns, syscall_block_ns;
	uint32_t blocks, ranges; /* chains of amounts; INDEX_NONE */
};

struct region_times {
	ARRAY(struct region_spent) spent; /* as regions were added */
	ARRAY(struct region_amount) amounts;
	ARRAY(struct region_go *) gos; /* NULL: none has its number */
	u32_array free_gos;
	struct id_pages go_of; /* goroutine -> number + 1 */
};

void region_times_init(struct region_times *times, struct budget *budget);
void region_times_free(struct region_times *times);

/* What was spent in [begin_ns, end_ns) is wanted; begin: TIME_UNKNOWN: since the goroutine is heard
 * of. Added before any stay that ends behind end_ns is told; its number. */
uint32_t region_times_add(struct region_times *times, uint32_t go, int64_t begin_ns,
                          int64_t end_ns);

/* A range that is charged to the goroutine, whatever state it is in: one of a name at a time. It
 * matters where the goroutine has regions then. */
void region_times_range(struct region_times *times, uint32_t go, string_id name, int64_t begin_ns,
                        int64_t end_ns);

/* Stays come goroutine by goroutine in the order of time. */
void region_times_tell(struct region_times *times, const struct told *told);

/* No more stays come. */
void region_times_end(struct region_times *times);

/* ---- as columns of a table: a life, then reasons and ranges that took time in any of them */

struct region_families {
	struct family reasons, ranges;
};

void region_families_init(struct region_families *families, struct budget *budget);
void region_families_free(struct region_families *families);

void region_times_add_columns(const struct region_times *times, struct region_families *families,
                              struct table *table, const struct model *model);

/* What is not known of a total is the rest. */
struct life region_times_life(const struct region_times *times, uint32_t region, int64_t total_ns);

void region_times_add_row(const struct region_times *times, uint32_t region, int64_t total_ns,
                          struct region_families *families, struct table *table);

#endif
