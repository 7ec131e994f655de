/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_ANSWERING_H
#define CORE_ANALYSIS_ANSWERING_H

#include "core/analysis/analysis.h"
#include "core/analysis/survey.h"

/* A question while it is answered: at once from the model, or in steps, by a pass over the
 * histories of its parts, or from those that it comes to need.
 *
 *	answering_begin(&answering, analysis, loader, &question)
 *	while (answering_step(&answering) != SURVEY_OVER)
 *		where it waits, the loader has to go on
 *	answering_end(&answering, &table, &err)
 *	answering_free(&answering)
 */
struct answering {
	const struct analysis *analysis;
	const struct analysis_pass *pass; /* NULL: at once */
	const struct model *model;
	struct question question;
	struct arena arena;
	void *state;           /* of the pass */
	uint8_t needs;         /* of the parts: enum pass_need; 0: nothing */
	bool is_cut;           /* one that it chases cannot be had */
	struct loader *loader; /* NULL: histories that are not there cannot be had */
	struct survey survey;
};

/* The model is whole. What the question points to lasts as long. */
void answering_begin(struct answering *answering, const struct analysis *analysis,
                     struct loader *loader, const struct question *question);

/* About a millisecond of it. */
enum survey_place answering_step(struct answering *answering);

/* Fills an initialized table. False: there is no such thing as was asked for, or (ERROR_LIMIT) not
 * all could be looked at. */
bool answering_end(struct answering *answering, struct table *table, struct error *err);

/* Instead, of an analysis that has one; NULL: as false there. It lives as long as this. */
const struct profile *answering_profile(struct answering *answering, struct error *err);

void answering_free(struct answering *answering);

/* In one go, from the histories that are there. */
bool answer_now(struct table *table, const struct analysis *analysis, const struct model *model,
                const struct question *question, struct error *err);

#endif
