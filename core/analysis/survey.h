/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_SURVEY_H
#define CORE_ANALYSIS_SURVEY_H

#include "core/model/telling.h"
#include "core/model/tour.h"

/* One pass over the histories of all parts, for whatever questions are asked at a time: in each
 * part its listeners look at its records first, then at what each goroutine did that ends there.
 *
 *	survey_init(&survey, budget);
 *	survey_add(&survey, listener)
 *	survey_begin(&survey, loader, end_ns, pass);
 *	while ((place = survey_step(&survey)) != SURVEY_OVER)
 *		if (place == SURVEY_WAITS) the loader has to go on
 */
struct survey_listener {
	void *to;
	/* About a millisecond of a part, from *at on, which is 0 first; false: that was all. Or
	 * NULL, as the next one. */
	bool (*part)(void *to, const struct model *model, uint32_t part, size_t *at);
	void (*told)(void *to, const struct model *model, struct told *told);
	/* All of a part is told: what is known of goroutines that the telling does not know
	 * (telling_knows) is whole. NULL: it does not matter. */
	void (*settle)(void *to, const struct telling *telling);
};

struct survey {
	const struct model *model;
	struct tour tour;
	struct telling telling;
	ARRAY(struct survey_listener) listeners;
	size_t turn, at; /* whose it is, in this part; behind all of them: the telling's */
	size_t parts;    /* of the tour */
	size_t told;     /* of them */
	bool is_ended;   /* all is told, also of what goes on at the end */
};

enum survey_place { SURVEY_MORE, SURVEY_WAITS, SURVEY_OVER };

void survey_init(struct survey *survey, struct budget *budget);
void survey_free(struct survey *survey);

void survey_add(struct survey *survey, struct survey_listener listener);

/* Of all parts that begin before a time; with what is needed of each: enum pass_need, 0: whole
 * histories. */
void survey_begin(struct survey *survey, struct loader *loader, int64_t end_ns, uint8_t pass);

/* The same, from the parts whose histories are there, in one go. */
void survey_run(struct survey *survey, const struct model *model);

/* About a millisecond of it. */
enum survey_place survey_step(struct survey *survey);

/* Whether all was told: every part could be had, nobody else's tour came between, and memory did
 * for what goes on from part to part. */
bool survey_is_whole(const struct survey *survey);

#endif
