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
	if (pass == NULL)
		return;
	answering->question.kind = analysis->kind;
	answering->state = arena_new(&answering->arena, 1, pass->size);
	pass->begin(answering->state, model, &answering->question, budget);
	if (pass->asks != NULL && !pass->asks(answering->state))
		return;
	answering->asks = true;
	survey_add(&answering->survey, (struct survey_listener){ .to = answering->state,
	                                                         .part = pass->part,
	                                                         .told = pass->told });
}

void answering_begin(struct answering *answering, const struct analysis *analysis,
                     struct loader *loader, const struct question *question)
{
	prepare(answering, analysis, loader->model, question, loader->budget);
	if (answering->asks)
		survey_begin(&answering->survey, loader, question->to_ns);
}

enum survey_place answering_step(struct answering *answering)
{
	return !answering->asks ? SURVEY_OVER : survey_step(&answering->survey);
}

bool answering_end(struct answering *answering, struct table *table, struct error *err)
{
	const struct analysis *analysis = answering->analysis;

	if (answering->state == NULL)
		return analysis->fn(table, answering->model, &answering->question, err);
	if (answering->asks && !survey_is_whole(&answering->survey))
		return analysis_is_cut(err);
	return answering->pass->end(answering->state, table, err);
}

const struct profile *answering_profile(struct answering *answering, struct error *err)
{
	if (answering->asks && !survey_is_whole(&answering->survey)) {
		analysis_is_cut(err);
		return NULL;
	}
	return answering->pass->profile(answering->state, err);
}

void answering_free(struct answering *answering)
{
	if (answering->state != NULL && answering->pass->drop != NULL)
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
	if (answering.asks)
		survey_run(&answering.survey, model);
	good = answering_end(&answering, table, err);
	answering_free(&answering);
	return good;
}
