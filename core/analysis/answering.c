/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/answering.h"

#include "core/model/loader.h"

static const struct analysis_pass *pass_of(const struct analysis *analysis,
                                           const struct question *question)
{
	bool is_all = question_is_of_all(question);

	if (question->has_events)
		return analysis->events;
	return is_all || analysis->within == NULL ? analysis->pass : analysis->within;
}

static uint8_t needs_of(const struct answering *answering)
{
	const struct analysis_pass *pass = answering->pass;

	if (pass->needs_of != NULL)
		return pass->needs_of(answering->state);
	return pass->needs != 0 ? pass->needs : PASS_WHOLE;
}

static void prepare(struct answering *answering, const struct analysis *analysis,
                    const struct model *model, const struct question *question,
                    struct budget *budget)
{
	const struct analysis_pass *pass = pass_of(analysis, question);

	*answering = (struct answering){
		.analysis = analysis,
		.pass = pass,
		.model = model,
		.question = *question,
		.arena = { .budget = budget },
	};
	survey_init(&answering->survey, budget);
	if (analysis->chase != NULL) {
		answering->state = arena_new(&answering->arena, 1, analysis->chase->size);
		analysis->chase->begin(answering->state, model, &answering->question, budget);
	}
	if (pass == NULL)
		return;
	answering->question.kind = analysis->kind;
	answering->state = arena_new(&answering->arena, 1, pass->size);
	pass->begin(answering->state, model, &answering->question, budget);
	answering->needs = needs_of(answering);
	if (answering->needs == 0)
		return;
	survey_add(&answering->survey, (struct survey_listener){ .to = answering->state,
	                                                         .part = pass->part,
	                                                         .told = pass->told,
	                                                         .settle = pass->settle });
}

void answering_begin(struct answering *answering, const struct analysis *analysis,
                     struct loader *loader, const struct question *question)
{
	bool is_whole = question->filter != NULL && analysis->filtered == FILTERED_STAYS;

	prepare(answering, analysis, loader->model, question, loader->budget);
	answering->loader = loader;
	if (answering->needs != 0)
		survey_begin(&answering->survey, loader, question->to_ns,
		             is_whole || answering->needs & PASS_WHOLE ? 0 : answering->needs);
}

/* ---- from some histories */

static bool can_have(const struct answering *answering, uint32_t part)
{
	return model_has_history(answering->model, part) ||
	       (answering->loader != NULL && loader_can_make(answering->loader, part));
}

/* The tour that visits the first of them holds the next ones, too, if there is memory for that. */
static enum survey_place wait_for(struct answering *answering, uint32_t first, uint32_t end)
{
	struct tour *tour = &answering->survey.tour;
	bool is_going = tour_is_on(tour) && tour->parts.count == end - first &&
	                tour->parts.items[0] == first;
	bool can_be = true;

	for (uint32_t p = first; p < end; p++)
		can_be &=
			can_have(answering, p) && (!tour->is_one_by_one || p == first || !is_going);
	if (!can_be) {
		answering->is_cut = !answering->analysis->chase->do_without(answering->state);
		return answering->is_cut ? SURVEY_OVER : SURVEY_MORE;
	}
	if (is_going)
		return SURVEY_WAITS;
	array_clear(&tour->parts);
	for (uint32_t p = first; p < end; p++)
		*array_push(&tour->parts) = p;
	tour_begin(tour, answering->loader);
	return SURVEY_WAITS;
}

static enum survey_place chase(struct answering *answering)
{
	uint32_t first, end;

	if (answering->is_cut)
		return SURVEY_OVER;
	switch (answering->analysis->chase->step(answering->state, &first, &end)) {
	case CHASE_MORE:
		return SURVEY_MORE;
	case CHASE_NEEDS:
		return wait_for(answering, first, end);
	case CHASE_OVER:
		break;
	}
	return SURVEY_OVER;
}

/* ---- */

enum survey_place answering_step(struct answering *answering)
{
	if (answering->analysis->chase != NULL)
		return chase(answering);
	return answering->needs == 0 ? SURVEY_OVER : survey_step(&answering->survey);
}

bool answering_end(struct answering *answering, struct table *table, struct error *err)
{
	const struct analysis *analysis = answering->analysis;

	if (analysis->chase != NULL)
		return answering->is_cut ? analysis_is_cut(err)
		                         : analysis->chase->end(answering->state, table, err);
	if (answering->state == NULL)
		return analysis->fn(table, answering->model, &answering->question, err);
	if (answering->needs != 0 && !survey_is_whole(&answering->survey))
		return analysis_is_cut(err);
	return answering->pass->end(answering->state, table, err);
}

const struct profile *answering_profile(struct answering *answering, struct error *err)
{
	if (answering->needs != 0 && !survey_is_whole(&answering->survey)) {
		analysis_is_cut(err);
		return NULL;
	}
	return answering->pass->profile(answering->state, err);
}

void answering_free(struct answering *answering)
{
	if (answering->analysis->chase != NULL)
		answering->analysis->chase->drop(answering->state);
	else if (answering->state != NULL && answering->pass->drop != NULL)
		answering->pass->drop(answering->state);
	survey_free(&answering->survey);
	arena_free(&answering->arena);
}

bool answer_now(struct table *table, const struct analysis *analysis, const struct model *model,
                const struct question *question, struct error *err)
{
	struct answering answering;
	bool good;

	prepare(&answering, analysis, model, question, table->arena.budget);
	while (analysis->chase != NULL && chase(&answering) == SURVEY_MORE)
		;
	if (answering.needs != 0)
		survey_run(&answering.survey, model);
	good = answering_end(&answering, table, err);
	answering_free(&answering);
	return good;
}
