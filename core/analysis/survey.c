/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/survey.h"

#include "core/model/loader.h"
#include "core/model/part.h"

void survey_init(struct survey *survey, struct budget *budget)
{
	*survey = (struct survey){ .listeners = { .budget = budget } };
	tour_init(&survey->tour, budget);
	telling_init(&survey->telling, budget);
}

void survey_free(struct survey *survey)
{
	tour_free(&survey->tour);
	telling_free(&survey->telling);
	array_free(&survey->listeners);
}

void survey_add(struct survey *survey, struct survey_listener listener)
{
	*array_push(&survey->listeners) = listener;
}

void survey_begin(struct survey *survey, struct loader *loader, int64_t end_ns, uint8_t pass)
{
	survey->model = loader->model;
	for (uint32_t p = 0; p < survey->model->parts.count; p++)
		if (survey->model->parts.items[p]->begin_ns < end_ns)
			*array_push(&survey->tour.parts) = p;
	survey->parts = survey->tour.parts.count;
	survey->tour.pass = pass;
	survey->tour.takes_shares = true;
	tour_begin(&survey->tour, loader);
}

static void take(void *to, struct told *told)
{
	const struct survey *survey = to;

	for (size_t i = 0; i < survey->listeners.count; i++) {
		const struct survey_listener *listener = &survey->listeners.items[i];

		if (listener->told != NULL)
			listener->told(listener->to, survey->model, told);
	}
}

static bool wants_told(const struct survey *survey)
{
	for (size_t i = 0; i < survey->listeners.count; i++)
		if (survey->listeners.items[i].told != NULL)
			return true;
	return false;
}

static void settle(const struct survey *survey)
{
	for (size_t i = 0; i < survey->listeners.count; i++)
		if (survey->listeners.items[i].settle != NULL)
			survey->listeners.items[i].settle(survey->listeners.items[i].to,
			                                  &survey->telling);
}

/* False: that is all of the part. */
static bool step_part(struct survey *survey, uint32_t part)
{
	const struct survey_listener *listener;

	if (survey->tour.has_begun) /* listeners have looked at the part */
		survey->turn = survey->listeners.count;
	if (survey->turn == survey->listeners.count) {
		survey->telling.has_more = tour_has_more(&survey->tour);
		if (wants_told(survey) &&
		    telling_step(&survey->telling, survey->model, part, &survey->at, take, survey))
			return true;
		if (!survey->telling.has_more)
			settle(survey);
		return false;
	}
	listener = &survey->listeners.items[survey->turn];
	if (listener->part != NULL &&
	    listener->part(listener->to, survey->model, part, &survey->at))
		return true;
	survey->turn++;
	survey->at = 0;
	return true;
}

void survey_run(struct survey *survey, const struct model *model)
{
	survey->model = model;
	for (uint32_t p = 0; p < model->parts.count; p++) {
		survey->turn = survey->at = 0;
		if (model_has_history(model, p))
			while (step_part(survey, p))
				;
		else
			telling_skip(&survey->telling, model, p, take, survey);
	}
	telling_end(&survey->telling, model, take, survey);
}

/* While the last part is there still. */
static void end(struct survey *survey)
{
	if (!survey->is_ended)
		telling_end(&survey->telling, survey->model, take, survey);
	survey->is_ended = true;
}

enum survey_place survey_step(struct survey *survey)
{
	uint32_t part;

	if (budget_is_overdrawn(survey->listeners.budget))
		tour_end(&survey->tour); /* what is remembered from part to part takes too much */
	switch (tour_at(&survey->tour, &part)) {
	case TOUR_PART:
		if (step_part(survey, part))
			return SURVEY_MORE;
		if (survey->telling.has_more)
			break;
		survey->told++;
		if (survey->tour.at + 1 == survey->tour.parts.count)
			end(survey);
		break;
	case TOUR_MISSING:
		telling_skip(&survey->telling, survey->model, part, take, survey);
		break;
	case TOUR_WAIT:
		return SURVEY_WAITS;
	case TOUR_OVER:
		end(survey);
		return SURVEY_OVER;
	}
	survey->turn = survey->at = 0;
	tour_go_on(&survey->tour);
	return SURVEY_MORE;
}

bool survey_is_whole(const struct survey *survey)
{
	return survey->told == survey->parts && !survey->telling.is_torn;
}
