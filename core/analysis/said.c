/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/said.h"

#include "core/analysis/analysis.h"
#include "core/model/part.h"

enum { A_STEP = 1 << 12 };

/* Those of a system goroutine that nobody ends are none. */
static void give_region(const struct model *model, struct user_region region,
                        const struct said_listener *listener)
{
	bool is_ended = !region.is_open && !region.ends_with_go;

	if (region.go < model->roster.count &&
	    (is_ended || !analysis_is_of_runtime(model, region.go)))
		listener->region(listener->to, &region);
}

static void give_log(const struct model *model, uint32_t part, size_t at,
                     const struct said_listener *listener)
{
	struct user_log log = user_log_at(model, part, (uint32_t)at);

	listener->log(listener->to, &log);
}

/* The part's regions, then its logs, then what lasts beyond a part. */
bool said_notes(const struct model *model, uint32_t number, size_t *at,
                const struct said_listener *listener)
{
	const struct history *history = part_visited(model->parts.items[number]);
	size_t regions = listener->region != NULL ? history->regions.count : 0;
	size_t logs = listener->log != NULL ? history->logs.count : 0;
	size_t others = listener->region != NULL && number == 0 ? model->said.regions.count : 0;
	size_t all = regions + logs + others, end = all - *at > A_STEP ? *at + A_STEP : all;

	for (; *at < end; ++*at) {
		if (*at >= regions + logs)
			give_region(
				model,
				user_region_at(model, INDEX_NONE, (uint32_t)(*at - regions - logs)),
				listener);
		else if (*at >= regions)
			give_log(model, number, *at - regions, listener);
		else if (history->regions.items[*at].end != TIME_NONE)
			give_region(model, user_region_at(model, number, (uint32_t)*at), listener);
	}
	return *at < all;
}

struct filter_said said_region(const struct user_region *region)
{
	return (struct filter_said){ .begin_ns = region->begin_ns,
		                     .end_ns = region->end_ns,
		                     .has_ends = true,
		                     .is_complete = !region->is_open && !region->begins_before,
		                     .task = region->task,
		                     .go = region->go,
		                     .proc = INDEX_NONE,
		                     .region = region->name,
		                     .stacks = { region->stacks[0], region->stacks[1] } };
}

/* Open ends are the trace's. */
struct filter_said said_task(const struct user_task *task, const struct model *model)
{
	return (struct filter_said){
		.begin_ns = task->begin_ns == TIME_UNKNOWN ? 0 : task->begin_ns,
		.end_ns = task->end_ns == TIME_UNKNOWN ? model->end_ns : task->end_ns,
		.has_ends = true,
		.is_complete = task->begin_ns != TIME_UNKNOWN && task->end_ns != TIME_UNKNOWN,
		.task = task->id,
		.go = task->go,
		.proc = INDEX_NONE,
		.stacks = { task->stack },
	};
}
