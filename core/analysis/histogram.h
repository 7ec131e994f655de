/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_HISTOGRAM_H
#define CORE_ANALYSIS_HISTOGRAM_H

#include "core/base/bytes.h"

/* How many of some durations are about how long: five buckets a decade, those of `go tool trace`
 * (go-tool-trace.md 9; Go: cmd/trace, durationHistogram). What is exactly a power of ten long is in
 * the bucket below it, what is 0 in the first. */
enum { HISTOGRAM_BUCKETS = 95, HISTOGRAM_TEXT_MAX = 21 * HISTOGRAM_BUCKETS + 8 };

struct histogram {
	uint64_t counts[HISTOGRAM_BUCKETS];
	int first, last; /* that have any; first > last: none has */
};

/* The bucket of a duration, and where a bucket begins: what is longer than that is in it. */
int histogram_bucket(int64_t ns);
int64_t histogram_edge_ns(int bucket);

void histogram_init(struct histogram *histogram);
void histogram_add(struct histogram *histogram, int64_t ns, uint64_t count);

/* As a value of a table: "FIRST:COUNT,COUNT,..."; empty, where there is none. */
struct bytes histogram_text(const struct histogram *histogram, char room[HISTOGRAM_TEXT_MAX]);
bool histogram_parse(struct histogram *histogram, struct bytes text);

#endif
