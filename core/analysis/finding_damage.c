/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

#include "core/base/checked.h"

/* What is missing of the trace: nobody can say what hurt there. */
void finding_damage(struct findings *findings, const struct signs *signs)
{
	const struct damage *damage = &findings->model->damage;
	struct finding finding = { .kind = FINDING_LOST,
		                   .begin_ns = TIME_UNKNOWN,
		                   .go = INDEX_NONE,
		                   .proc = INDEX_NONE,
		                   .subject = bytes_of("trace") };
	int64_t sum_ns = 0, worst_ns = 0;
	uint64_t count = 0;

	(void)signs;
	for (size_t i = 0; i < damage->rows.count; i++) {
		const struct damage_row *row = &damage->rows.items[i];
		int64_t ns =
			row->begin_ns == DAMAGE_TIME_UNKNOWN || row->end_ns == DAMAGE_TIME_UNKNOWN
				? 0
				: row->end_ns - row->begin_ns;

		if (row->grade == DAMAGE_NOTE)
			continue;
		count++;
		sum_ns = saturating_add_i64(sum_ns, ns);
		if (ns <= worst_ns)
			continue;
		worst_ns = ns;
		finding.begin_ns = row->begin_ns;
		finding.end_ns = row->end_ns;
	}
	if (count == 0)
		return;
	if (finding.begin_ns == TIME_UNKNOWN)
		finding.begin_ns = finding.end_ns = findings->model->end_ns;
	finding.cost_ns = saturating_multiply_i64(sum_ns, model_most_procs(findings->model));
	finding_add(findings, &finding,
	            "%llu bytes of the trace are lost in %llu place%s: %s of what happened",
	            (unsigned long long)damage->bytes, (unsigned long long)count,
	            count == 1 ? "" : "s", finding_time(sum_ns).text);
}
