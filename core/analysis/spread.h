/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_SPREAD_H
#define CORE_ANALYSIS_SPREAD_H

#include "core/analysis/table.h"

/* How the durations of several groups spread: the smallest, the largest, and percentiles in between
 * by nearest rank, the ceil(p * n)th. 16 bytes for each that differs from all others of its group,
 * and half as much again: those that are equal are joined now and then. */
struct spreads {
	ARRAY(struct spread_item {
		uint32_t group, count;
		int64_t ns;
	})
	items;
	size_t enough; /* with so many they are joined */
	size_t at;     /* behind the group that was asked for last */
	size_t first;  /* of that */
};

void spread_init(struct spreads *spread, struct budget *budget);
void spread_free(struct spreads *spread);

void spread_add(struct spreads *spread, uint32_t group, int64_t ns);

/* When all are there; then groups are asked for in ascending order. */
void spread_sort(struct spreads *spread);

/* The figures of a group; count 0: there are none. */
struct figures {
	uint64_t count;
	int64_t min_ns, p50_ns, p99_ns, max_ns;
};

struct figures spread_of(struct spreads *spread, uint32_t group);

/* Columns count_name, min_ns, p50_ns, p99_ns, max_ns, and the values of a group; those of none are
 * empty. has_histogram: behind them, how all are spread (histogram.h). */
void spread_add_columns(struct table *table, const char *count_name, bool has_histogram);
void spread_add_group(struct spreads *spread, struct table *table, uint32_t group,
                      bool has_histogram);

#endif
