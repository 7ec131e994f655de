/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/search.h"

#include "core/model/loader.h"

/* The hit that comes next, and how many come before one. */

enum { NEIGHBOURS = 64 /* spans of a lane at one moment */ };

/* By time, and those of one time in some order. */
static int order(const struct span *a, const struct span *b)
{
	if (a->begin_ns != b->begin_ns)
		return a->begin_ns < b->begin_ns ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->go != b->go)
		return a->go < b->go ? -1 : 1;
	if (a->proc != b->proc)
		return a->proc < b->proc ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

struct seeker {
	const struct span *from;
	int sign; /* to later ones, or back */
	struct span best;
	bool has_any;
	uint64_t before; /* hits that are */
};

static void seek(void *to, const struct span *hit)
{
	struct seeker *s = to;
	int side = order(hit, s->from);

	s->before += side < 0;
	if (side * s->sign <= 0 || (s->has_any && order(hit, &s->best) * s->sign >= 0))
		return;
	s->best = *hit;
	s->has_any = true;
}

/* All of a part at once: a few milliseconds. */
static void seek_in_part(struct search *search, const struct model *model, uint32_t part,
                         struct seeker *s)
{
	const struct history *history = model->parts.items[part]->history;
	size_t at = 0;

	while (search_learn_gos(&search->match, model, history, part, &search->found))
		;
	while (search_tell_part(&search->match, model, history, part, &search->found, &at, seek, s))
		;
}

static const struct search_part *known_part(const struct search *search, uint32_t part)
{
	static const struct search_part none = { 0 };

	return part < search->parts.count ? &search->parts.items[part] : &none;
}

/* Whether no hit of a part can be nearer than the best. */
static bool is_beyond(const struct model *model, uint32_t number, const struct seeker *s)
{
	const struct part *part = model->parts.items[number];

	return s->has_any &&
	       (s->sign > 0 ? part->begin_ns > s->best.begin_ns : part->end_ns < s->best.begin_ns);
}

/* Whether all hits of a part are on the other side. */
static bool is_behind(const struct model *model, uint32_t number, const struct seeker *s)
{
	const struct part *part = model->parts.items[number];

	return s->sign > 0 ? part->end_ns < s->from->begin_ns : part->begin_ns > s->from->begin_ns;
}

enum search_found search_find(struct search *search, const struct model *model,
                              const struct loader *loader, const struct span *from, bool backward,
                              struct span *hit, uint32_t *part)
{
	struct seeker s = { .from = from, .sign = backward ? -1 : 1 };
	uint32_t count = (uint32_t)model->parts.count;

	while (search_step_names(search, model)) /* which parts have none */
		;
	search_tell_ranges(&search->match, model, seek, &s);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t p = backward ? count - 1 - i : i;
		const struct search_part *known = known_part(search, p);

		if (is_behind(model, p, &s) || (known->is_known && known->hits == 0))
			continue;
		if (is_beyond(model, p, &s))
			break;
		if (model_has_history(model, p)) {
			seek_in_part(search, model, p, &s);
		} else if (loader != NULL && loader_can_make(loader, p)) {
			*part = p;
			return SEARCH_WAIT;
		}
	}
	*hit = s.best;
	return s.has_any ? SEARCH_FOUND : SEARCH_NONE;
}

bool search_rank(struct search *search, const struct model *model, const struct span *hit,
                 uint64_t *rank)
{
	struct seeker s = { .from = hit, .sign = 1 };

	search_tell_ranges(&search->match, model, seek, &s);
	for (uint32_t p = 0; p < model->parts.count; p++) {
		const struct search_part *known = known_part(search, p);

		if (model->parts.items[p]->begin_ns > hit->begin_ns)
			continue;
		if (!known->is_known)
			return false;
		if (known->hits == 0)
			continue;
		if (model->parts.items[p]->end_ns < hit->begin_ns)
			s.before += known->hits;
		else if (model_has_history(model, p))
			seek_in_part(search, model, p, &s);
		else
			return false;
	}
	*rank = s.before;
	return true;
}

/* The lane that shows it. */
static struct lane_id lane_of(const struct span *hit)
{
	if (hit->kind == SPAN_RUN && hit->proc != INDEX_NONE)
		return lane_of_proc(hit->proc, false);
	if ((hit->kind == SPAN_SYSCALL || hit->kind == SPAN_SWEEP) && hit->proc != INDEX_NONE)
		return lane_of_proc(hit->proc, true);
	return lane_of_go(hit->go);
}

void search_resolve(const struct model *model, struct span *hit)
{
	struct span spans[NEIGHBOURS];
	size_t count = model_spans(model, lane_of(hit), hit->begin_ns, hit->begin_ns + 1, spans,
	                           NEIGHBOURS);

	for (size_t i = 0; i < count; i++)
		if (spans[i].kind == hit->kind && spans[i].go == hit->go &&
		    spans[i].begin_ns == hit->begin_ns) {
			*hit = spans[i];
			return;
		}
}
