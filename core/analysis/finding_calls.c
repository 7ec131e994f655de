/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

/* Syscalls that lost their P and then waited for one, by where they were entered. */
void finding_calls(struct findings *findings, const struct signs *signs)
{
	for (size_t i = 0; i < signs->calls.count; i++) {
		const struct lost_call *call = &signs->calls.items[i];
		const struct long_wait *longest = &call->longest;
		struct finding finding = {
			.kind = FINDING_CALL,
			.begin_ns = longest->begin_ns,
			.end_ns = longest->end_ns,
			.cost_ns = call->sum_ns,
			.go = longest->go,
			.proc = INDEX_NONE,
			.stack = call->stack,
		};

		if (!finding_is_ordinary(findings, longest->go))
			continue;
		finding_add(
			findings, &finding,
			"%llu syscall%s in %s lost the P and waited for one again for %s in all, "
			"%s once for %s",
			(unsigned long long)call->count, call->count == 1 ? "" : "s",
			finding_place(findings, call->stack).text, finding_time(call->sum_ns).text,
			finding_go(findings, longest->go).text,
			finding_time(longest->end_ns - longest->begin_ns).text);
	}
}
