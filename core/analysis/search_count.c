/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/search.h"

#include "core/model/loader.h"
#include "core/model/part.h"

/* How many hits there are, and in which parts. */

enum {
	CENSUSES_A_STEP = 8,
	PARTS_FEW = 64, /* a column of the overview has less than one of them, if there are more */
};

struct counting {
	const struct model *model;
	uint32_t part;
	struct search_part *into;
	struct search_lanes *lanes;
};

static void mark(struct search_part *known, const struct part *part, int64_t ns)
{
	int64_t length = part->end_ns - part->begin_ns + 1, at = ns - part->begin_ns;
	int bit;

	at = at < 0 ? 0 : at >= length ? length - 1 : at;
	bit = (int)((double)at / (double)length * 256);
	known->marks[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static void count_hit(void *to, const struct span *hit)
{
	struct counting *counting = to;

	counting->into->hits++;
	mark(counting->into, counting->model->parts.items[counting->part], hit->begin_ns);
	search_lanes_mark(counting->lanes, counting->model, counting->part, hit);
}

/* The part in which a time is, about. */
static uint32_t part_of(const struct model *model, int64_t ns)
{
	uint32_t low = 0, high = (uint32_t)model->parts.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (model->parts.items[middle]->end_ns < ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low < model->parts.count ? low : low - (low > 0);
}

struct ranger {
	struct search *search;
	const struct model *model;
	uint64_t hits;
};

static void count_range(void *to, const struct span *hit)
{
	struct ranger *ranger = to;
	uint32_t part = part_of(ranger->model, hit->begin_ns);

	ranger->hits++;
	if (part >= ranger->search->parts.count)
		return;
	mark(&ranger->search->parts.items[part], ranger->model->parts.items[part], hit->begin_ns);
	search_lanes_mark(&ranger->search->lanes, ranger->model, part, hit);
}

/* Those that the model has: all of them, when it has grown. */
static void count_ranges(struct search *search, const struct model *model)
{
	struct ranger ranger = { search, model, 0 };

	search_tell_ranges(&search->match, model, count_range, &ranger);
	search->hits += ranger.hits - search->range_hits;
	search->range_hits = ranger.hits;
	search->was_whole = model->is_whole;
}

/* Ranges are looked at again when there are some more parts, and when there are all. */
static void take_parts(struct search *search, const struct model *model)
{
	bool is_much = model->parts.count >= search->ranged + search->ranged / 16 + 1;

	array_resize(&search->parts, model->parts.count);
	if (is_much || search->was_whole != model->is_whole) {
		count_ranges(search, model);
		search->ranged = (uint32_t)model->parts.count;
	}
	search->version++;
}

/* Whether something that is said in a part matches, or may. */
static bool has_said(struct search *search, const struct model *model, const struct census *census)
{
	for (size_t i = 0; i < census->said.count; i++)
		if (search_has_text(&search->match, model, census->said.items[i]))
			return true;
	return census->says_others;
}

bool search_says(struct search *search, const struct model *model, uint32_t part)
{
	return has_said(search, model, &model->parts.items[part]->census);
}

/* Whether a stack of a part does. */
static bool has_stack(struct search *search, const struct model *model, const struct tables *tables)
{
	if (tables->shared != NULL && search->match.has_inner)
		return true; /* of the whole trace */
	for (size_t i = 0; i < tables->stack_ids.count && search->match.has_inner; i++)
		if (search_has_inner(&search->match, model, tables->stack_ids.items[i]))
			return true;
	return false;
}

/* Words for what lies everywhere in a busy part. */
static bool has_common_word(const struct search *search)
{
	return (search->match.words & ~(unsigned)(SEARCH_ASSIST | SEARCH_GC | SEARCH_STW)) != 0;
}

/* All that matches of it is in its census. */
static bool has_census(const struct search *search)
{
	return !has_common_word(search) && search->match.labels == 0 && !search->match.asks_ids;
}

static uint64_t count_census(struct search *search, const struct model *model,
                             const struct census *census)
{
	uint64_t hits = 0;

	for (size_t i = 0; i < census->names.count; i++)
		if (search_has_text(&search->match, model, census->names.items[i].text))
			hits += census->names.items[i].count;
	for (size_t i = 0; i < census->reasons.count; i++)
		if (search_has_text(&search->match, model, census->reasons.items[i].text))
			hits += census->reasons.items[i].count;
	for (size_t i = 0; i < census->unnamed.count; i++)
		if (search_has_go(&search->match, model, census->unnamed.items[i].go))
			hits += census->unnamed.items[i].count;
	return hits;
}

/* Without its history: all there is, or what there is at least. Where no stack of it matches, nor
 * what is said in it, nothing does but what its census counts, and what is there from before. */
static void take_census(struct search *search, const struct model *model, uint32_t number)
{
	struct search_part *known = &search->parts.items[number];
	const struct part *part = model->parts.items[number];
	bool says = has_said(search, model, &part->census);
	bool has_own_hits = says || has_stack(search, model, &part->tables);

	search->says |= says;
	known->hits = count_census(search, model, &part->census) +
	              search_count_samples(&search->match, model, number);
	known->is_known = has_census(search) && !has_own_hits;
	known->is_marked = known->is_known && known->hits == 0;
	known->is_likely = known->hits > 0 || has_common_word(search) ||
	                   (has_own_hits && part->tables.shared == NULL);
	search->hits += known->hits;
	search->known += known->is_known;
	search->version++;
}

/* Parts whose census nobody has asked; false: there are none. */
static bool step_censuses(struct search *search, const struct model *model)
{
	uint32_t end = search->counted_at + CENSUSES_A_STEP;

	for (; search->counted_at < end && search->counted_at < search->parts.count;
	     search->counted_at++)
		if (!search->parts.items[search->counted_at].is_known)
			take_census(search, model, search->counted_at);
	return search->counted_at < search->parts.count;
}

/* Whether a part is worth a look at its history. */
static bool is_wanted(const struct search *search, const struct search_part *known)
{
	if (known->is_missing || (known->is_known && known->is_marked))
		return false;
	return !known->is_known || search->parts.count <= PARTS_FEW;
}

/* From where the user looks on, and around. */
static void plan(struct search *search, const struct model *model, struct loader *loader)
{
	uint32_t count = (uint32_t)search->parts.count, first = part_of(model, search->from_ns);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t p = first + i < count ? first + i : first + i - count;

		if (is_wanted(search, &search->parts.items[p]))
			*array_push(&search->tour.parts) = p;
	}
	search->tour.pass = search_pass(&search->match, search->says);
	if (search->tour.parts.count > 0)
		tour_begin(&search->tour, loader);
}

static void know(struct search *search, uint32_t part)
{
	struct search_part *known = &search->parts.items[part];

	search->hits += search->visit.hits - known->hits;
	search->known += !known->is_known;
	known->hits = search->visit.hits;
	for (int i = 0; i < 4; i++)
		known->marks[i] |= search->visit.marks[i];
	known->is_known = known->is_marked = true;
	search->version++;
}

static void visit(struct search *search, const struct model *model, uint32_t part)
{
	const struct history *history = part_visited(model->parts.items[part]);
	struct counting counting = { model, part, &search->visit, &search->lanes };

	if (search->visited.part != part) {
		search->visit = (struct search_part){ 0 };
		search->visit_at = 0;
	}
	if (search_learn_gos(&search->match, model, history, part, &search->visited) ||
	    search_tell_part(&search->match, model, history, part, &search->visited,
	                     &search->visit_at, count_hit, &counting))
		return;
	know(search, part);
	search->visited.part = INDEX_NONE;
	tour_go_on(&search->tour);
}

static bool step_tour(struct search *search, const struct model *model)
{
	uint32_t part;

	switch (tour_at(&search->tour, &part)) {
	case TOUR_PART:
		visit(search, model, part);
		return true;
	case TOUR_MISSING:
		search->missing += !search->parts.items[part].is_known;
		search->parts.items[part].is_missing = true;
		search->version++;
		tour_go_on(&search->tour);
		return true;
	case TOUR_WAIT:
		return false;
	case TOUR_OVER:
		break;
	}
	return false;
}

bool search_step_names(struct search *search, const struct model *model)
{
	if (search->is_too_costly)
		return false;
	if (search_match_step(&search->match, model))
		return true;
	if (search_match_is_too_costly(&search->match)) {
		search->is_too_costly = true;
		search->version++;
		return false;
	}
	if (search->parts.count < model->parts.count || search->was_whole != model->is_whole) {
		take_parts(search, model);
		return true;
	}
	return step_censuses(search, model);
}

bool search_step(struct search *search, const struct model *model, struct loader *loader)
{
	if (!search->is_on || search->is_too_costly)
		return false;
	if (search_step_names(search, model))
		return true;
	if (loader == NULL)
		return false;
	if (tour_is_on(&search->tour))
		return step_tour(search, model);
	if (search->planned != search->version && loader->tour == NULL) {
		search->planned = search->version;
		plan(search, model, loader);
		return tour_is_on(&search->tour);
	}
	return false;
}

bool search_is_exact(const struct search *search, const struct model *model)
{
	return search->is_on && !search->is_too_costly &&
	       search_match_is_done(&search->match, model) &&
	       search->was_whole == model->is_whole && search->missing == 0 &&
	       search->known == model->parts.count;
}

static bool is_marked(const struct search_part *known, const struct part *part, int64_t begin_ns,
                      int64_t end_ns)
{
	double length = (double)(part->end_ns - part->begin_ns + 1);
	int first = 0, last = 255;

	if (!known->is_marked && known->is_likely)
		return true;
	if ((known->marks[0] | known->marks[1] | known->marks[2] | known->marks[3]) == 0)
		return false;
	if (begin_ns > part->begin_ns)
		first = (int)((double)(begin_ns - part->begin_ns) / length * 256);
	if (end_ns <= part->end_ns)
		last = (int)((double)(end_ns - 1 - part->begin_ns) / length * 256);
	for (int bit = first; bit <= last; bit++)
		if ((known->marks[bit / 64] >> (bit % 64) & 1) != 0)
			return true;
	return false;
}

bool search_touches(const struct search *search, const struct model *model, int64_t begin_ns,
                    int64_t end_ns)
{
	for (size_t p = begin_ns <= 0 ? 0 : part_of(model, begin_ns);
	     search->is_on && p < search->parts.count; p++) {
		const struct part *part = model->parts.items[p];

		if (part->begin_ns >= end_ns)
			break;
		if (part->end_ns >= begin_ns &&
		    is_marked(&search->parts.items[p], part, begin_ns, end_ns))
			return true;
	}
	return false;
}
