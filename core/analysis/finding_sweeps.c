/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

/* Sweeping inside runs of ordinary goroutines, by the function that they began with. */
void finding_sweeps(struct findings *findings, const struct signs *signs)
{
	for (size_t i = 0; i < signs->swept.count; i++) {
		const struct swept *swept = &signs->swept.items[i];
		const struct long_wait *longest = &swept->longest;
		struct finding finding = {
			.kind = FINDING_SWEEP,
			.begin_ns = longest->begin_ns,
			.end_ns = longest->end_ns,
			.cost_ns = swept->sum_ns,
			.go = longest->go,
			.proc = INDEX_NONE,
		};

		if (!finding_is_ordinary(findings, longest->go))
			continue;
		finding_add(
			findings, &finding,
			"goroutines of %s swept spans inside their runs, %llu time%s, for %s in "
			"all, once for %s",
			finding_string(findings, swept->name).text,
			(unsigned long long)swept->count, swept->count == 1 ? "" : "s",
			finding_time(swept->sum_ns).text,
			finding_time(longest->end_ns - longest->begin_ns).text);
	}
}
