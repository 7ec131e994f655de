/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/search.h"

#include "core/model/user.h"

void search_init(struct search *search, struct budget *budget)
{
	*search = (struct search){ .budget = budget, .version = 1 };
	search_match_init(&search->match, budget);
	search->parts.budget = budget;
	search->visited.matches.budget = search->found.matches.budget = budget;
	search->visited.runs.budget = search->found.runs.budget = budget;
	search_lanes_init(&search->lanes, budget);
	tour_init(&search->tour, budget);
}

void search_free(struct search *search)
{
	search_end(search);
	search_match_free(&search->match);
	tour_free(&search->tour);
	search_lanes_free(&search->lanes);
	array_free(&search->parts);
	array_free(&search->visited.matches);
	array_free(&search->found.matches);
	array_free(&search->visited.runs);
	array_free(&search->found.runs);
}

void search_end(struct search *search)
{
	tour_end(&search->tour);
	search_match_end(&search->match);
	array_clear(&search->parts);
	search_lanes_clear(&search->lanes);
	search->visited.part = search->found.part = INDEX_NONE;
	search->is_on = search->was_whole = search->is_too_costly = search->says = false;
	search->hits = search->range_hits = 0;
	search->known = search->missing = search->counted_at = 0;
	search->planned = search->ranged = 0;
	search->start.count = 0;
	search->near_asked_ns[0] = search->near_asked_ns[1] = search->near_asked_ns[2] = -1;
	search->said.from_ns = INT64_MIN;
	search->version++;
}

bool search_begin(struct search *search, struct bytes text, int64_t from_ns, struct error *err)
{
	search_end(search);
	if (!search_match_begin(&search->match, text, err) || search->match.pattern.is_empty)
		return err->kind == ERROR_NONE;
	search->is_on = true;
	search->from_ns = from_ns;
	return true;
}

/* ---- whether a stretch is one */

/* Selected ones have the place of their records: then the model's own is found by time. */
static bool accepts_assist(struct search_match *match, const struct model *model,
                           const struct span *span)
{
	for (size_t i = 0; i < model->assists.count; i++) {
		const struct assist *assist = &model->assists.items[i];

		if (assist->go == span->go && assist->begin_ns <= span->begin_ns &&
		    assist->end_ns >= span->end_ns)
			return search_has_stack(match, model, assist->stack);
	}
	return false;
}

/* By the stack where a run ends; of what lasts beyond a generation, where the end's history is
 * there. */
static bool ends_in(struct search_match *match, const struct model *model, const struct span *span)
{
	stack_id stacks[2];

	model_span_stacks(model, span, stacks);
	return search_has_inner(match, model, stacks[1]);
}

static bool accepts_log(struct search_match *match, const struct model *model,
                        const struct span *span)
{
	struct user_log log = user_log_at(model, span->part, span->index);

	return search_has_text(match, model, log.message) ||
	       search_has_text(match, model, log.category);
}

bool search_accepts(struct search *search, const struct model *model, const struct span *span)
{
	struct search_match *match = &search->match;

	if (!search->is_on)
		return false;
	switch ((enum span_kind)span->kind) {
	case SPAN_NONE:
	case SPAN_DAMAGE:
	case SPAN_PROC_START:
	case SPAN_PROC_STOP:
		break;
	case SPAN_REGION:
		return search_has_text(match, model,
		                       user_region_at(model, span->part, span->index).name);
	case SPAN_TASK:
		return search_has_text(match, model, model->said.tasks.items[span->index].name);
	case SPAN_LOG:
		return accepts_log(match, model, span);
	case SPAN_SAMPLE:
		return search_has_stack(match, model,
		                        user_sample_at(model, span->part, span->index).stack);
	case SPAN_RUN:
		return search_has_word(match, SEARCH_RUNNING) ||
		       search_has_go(match, model, span->go) ||
		       search_has_label(match, span->worker) ||
		       (match->has_inner && ends_in(match, model, span));
	case SPAN_SYSCALL:
		return search_has_word(match, SEARCH_SYSCALL);
	case SPAN_ASSIST:
		return search_has_word(match, SEARCH_ASSIST) || accepts_assist(match, model, span);
	case SPAN_SWEEP:
		return search_has_word(match, SEARCH_SWEEP);
	case SPAN_STW:
		return span->index < model->stops.count &&
		       (search_has_word(match, SEARCH_STW) ||
		        search_has_text(match, model, model->stops.items[span->index].reason) ||
		        search_has_stack(match, model, model->stops.items[span->index].stack));
	case SPAN_GC:
		return search_has_word(match, SEARCH_GC);
	case SPAN_RUNNABLE:
		return search_has_word(match, SEARCH_RUNNABLE) ||
		       search_has_text(match, model, model_wait_reason(model, span));
	case SPAN_WAITING:
		return search_has_word(match, SEARCH_WAITING) ||
		       search_has_text(match, model, model_wait_reason(model, span));
	}
	return false;
}
