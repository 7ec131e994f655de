/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

#include "core/base/checked.h"
#include "core/base/id_map.h"

/* Runs that nobody stopped while others were runnable, by function. */

struct group {
	const struct long_run_seen *worst;
	uint64_t count;
	int64_t all_ns, share_ns;
};

static void add(struct findings *findings, const struct group *group)
{
	const struct long_run_seen *worst = group->worst;
	struct finding finding = {
		.kind = FINDING_NO_YIELD,
		.begin_ns = worst->begin_ns,
		.end_ns = worst->end_ns,
		.cost_ns = group->share_ns,
		.go = worst->go,
		.proc = worst->proc,
		.stack = worst->stack,
	};
	struct finding_text text = { .len = 0 };

	finding_say(&text, "%s ran for %s without a stop, while others waited for a P, %s in all",
	            finding_go(findings, worst->go).text,
	            finding_time(worst->end_ns - worst->begin_ns).text,
	            finding_time(worst->queued.all_ns).text);
	if (group->count > 1)
		finding_say(&text, "; %llu such runs, %s", (unsigned long long)group->count,
		            finding_time(group->all_ns).text);
	finding_add(findings, &finding, "%s", text.text);
}

void finding_runs(struct findings *findings, const struct signs *signs)
{
	ARRAY(struct group) groups = { .budget = findings->items.budget };
	struct id_map by_name = { .budget = findings->items.budget };

	for (size_t i = 0; i < signs->runs.count; i++) {
		const struct long_run_seen *run = &signs->runs.items[i];
		uint32_t fresh = (uint32_t)groups.count, at;
		struct group *group;

		if (run->go >= findings->model->roster.count)
			continue;
		at = id_map_add(&by_name, roster_brief(&findings->model->roster, run->go).name,
		                fresh);
		if (at == fresh)
			*array_push(&groups) = (struct group){ .worst = run };
		group = &groups.items[at];
		group->count++;
		group->all_ns = saturating_add_i64(group->all_ns, run->queued.all_ns);
		group->share_ns = saturating_add_i64(group->share_ns, run->queued.share_ns);
		if (run->queued.all_ns > group->worst->queued.all_ns)
			group->worst = run;
	}
	for (size_t i = 0; i < groups.count; i++)
		add(findings, &groups.items[i]);
	if (signs->more_runs.count > 0)
		finding_count(findings, FINDING_NO_YIELD, signs->more_runs.count,
		              signs->more_runs.share_ns);
	array_free(&groups);
	id_map_free(&by_name);
}
