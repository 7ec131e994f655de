/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/lookout.h"

#include "core/model/loader.h"

enum { TRIES = 5, REST = 20 /* times as long as it took */ };

static void drop(struct answering *answering, bool *is_there)
{
	if (*is_there)
		answering_free(answering);
	*is_there = false;
}

void lookout_free(struct lookout *lookout)
{
	drop(&lookout->asking, &lookout->is_asking);
	drop(&lookout->made, &lookout->is_made);
}

/* Whether there is more to look at than at the last time. */
static bool has_news(const struct lookout *lookout, const struct model *model, int64_t now_ms)
{
	if (!lookout->is_made)
		return model->is_whole || (model->parts.count > 0 && now_ms >= lookout->from_ms);
	if (lookout->is_of_whole)
		return false;
	return model->is_whole ||
	       (model->parts.count > lookout->parts && now_ms >= lookout->from_ms);
}

static bool is_wanted(const struct lookout *lookout, const struct finds *finds,
                      const struct model *model, int64_t now_ms)
{
	if (finds->has_failed || model->events == 0 || !has_news(lookout, model, now_ms))
		return false;
	return finds->is_asked || (!finds->is_hidden && model->events <= LOOKOUT_EVENTS);
}

static void begin(struct lookout *lookout, struct loader *loader, int64_t now_ms)
{
	lookout->question = question_of_all();
	answering_begin(&lookout->asking, analysis_find(bytes_of("findings")), loader,
	                &lookout->question);
	lookout->is_asking = true;
	lookout->is_of_whole = loader->model->is_whole;
	lookout->parts = loader->model->parts.count;
	lookout->begun_ms = now_ms;
	lookout->tries++;
}

/* If it was not to see all, it has to begin anew. */
static void end(struct lookout *lookout, struct finds *finds, int64_t now_ms)
{
	struct error err = { 0 };
	const struct findings *list = NULL;

	lookout->is_asking = false;
	lookout->from_ms = now_ms + REST * (now_ms - lookout->begun_ms);
	if (survey_is_whole(&lookout->asking.survey))
		list = findings_of(lookout->asking.state, &err);
	if (list == NULL) {
		answering_free(&lookout->asking);
		lookout->is_of_whole = false;
		finds->has_failed = lookout->tries >= TRIES || err.kind != ERROR_NONE;
		return;
	}
	drop(&lookout->made, &lookout->is_made);
	lookout->made = lookout->asking;
	lookout->is_made = true;
	lookout->tries = 0;
	finds->list = findings_of(lookout->made.state, &err);
	finds->is_told = false; /* ranks are others */
}

bool lookout_step(struct lookout *lookout, struct finds *finds, struct loader *loader,
                  int64_t now_ms, bool *shows)
{
	if (!lookout->is_asking && !is_wanted(lookout, finds, loader->model, now_ms))
		return false;
	if (!lookout->is_asking)
		begin(lookout, loader, now_ms);
	switch (answering_step(&lookout->asking)) {
	case SURVEY_MORE:
		return true;
	case SURVEY_WAITS:
		return false;
	case SURVEY_OVER:
		end(lookout, finds, now_ms);
		*shows = true;
		return true;
	}
	return false;
}
