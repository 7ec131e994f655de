/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_SAID_H
#define CORE_ANALYSIS_SAID_H

#include "core/analysis/filter_span.h"
#include "core/model/user.h"

/* All regions and logs of a program, for who goes over its parts (survey.h): those of a part, from
 * *at on, some at a time; false: that was all. Regions that last beyond a part come with the first
 * one. A survey has them all if said_is_whole: more than memory allows are not kept. */
struct said_listener {
	void *to;
	void (*region)(void *to, const struct user_region *region); /* NULL: not asked for */
	void (*log)(void *to, const struct user_log *log);
};

bool said_notes(const struct model *model, uint32_t part, size_t *at,
                const struct said_listener *listener);

/* For questions (analysis_accepts_said). */
struct filter_said said_region(const struct user_region *region);
struct filter_said said_task(const struct user_task *task, const struct model *model);

static inline bool said_is_whole(const struct model *model)
{
	return model->said.unkept == 0;
}

#endif
