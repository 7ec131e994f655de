/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/search.h"

#include "core/model/loader.h"
#include "core/model/part.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	TEXTS_A_STEP = 64,
	STACKS_A_STEP = 512,
	CENSUSES_A_STEP = 8,
	COSTLY_MAX = 30, /* texts that took too long: seconds by then */
	PARTS_FEW = 64,  /* a column of the overview has less than one of them, if there are more */
};

/* Of texts and stacks. */
enum { NOT_KNOWN, DOES_NOT, DOES, DOES_BY_ROOT };

void search_init(struct search *search, struct budget *budget)
{
	*search =
		(struct search){ .budget = budget, .pattern = { .is_empty = true }, .version = 1 };
	search->texts.budget = search->stacks.budget = search->parts.budget = budget;
	search->visited.matches.budget = search->found.matches.budget = budget;
	tour_init(&search->tour, budget);
}

void search_free(struct search *search)
{
	search_end(search);
	tour_free(&search->tour);
	array_free(&search->texts);
	array_free(&search->stacks);
	array_free(&search->parts);
	array_free(&search->visited.matches);
	array_free(&search->found.matches);
}

void search_end(struct search *search)
{
	tour_end(&search->tour);
	pattern_close(&search->pattern);
	array_clear(&search->texts);
	array_clear(&search->stacks);
	array_clear(&search->parts);
	search->visited.part = search->found.part = INDEX_NONE;
	search->is_on = search->was_whole = search->is_too_costly = search->has_inner = false;
	search->hits = search->range_hits = 0;
	search->known = search->missing = search->costly = 0;
	search->texts_at = search->stacks_at = search->counted_at = 0;
	search->planned = search->ranged = 0;
	search->version++;
}

/* ---- what the expression asks for */

static bool asks_ids(struct bytes text)
{
	size_t at = bytes_begin_with(text, "\\V") ? 2 : bytes_begin_with(text, "^") ? 1 : 0;

	return at + 1 < text.len && (text.data[at] & ~0x20) == 'G' && text.data[at + 1] >= '0' &&
	       text.data[at + 1] <= '9';
}

static bool is_whole_match(const struct search *search, const char *word)
{
	struct bytes text = bytes_of(word), place;

	return pattern_match(&search->pattern, text, &place) == PATTERN_YES &&
	       place.len == text.len;
}

static unsigned find_words(const struct search *search)
{
	static const struct {
		const char *text;
		enum search_word word;
	} words[] = {
		{ "running", SEARCH_RUNNING }, { "runnable", SEARCH_RUNNABLE },
		{ "waiting", SEARCH_WAITING }, { "blocked", SEARCH_WAITING },
		{ "syscall", SEARCH_SYSCALL }, { "mark assist", SEARCH_ASSIST },
		{ "assist", SEARCH_ASSIST },   { "sweep", SEARCH_SWEEP },
		{ "GC", SEARCH_GC },           { "STW", SEARCH_STW },
	};
	unsigned found = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_whole_match(search, words[i].text))
			found |= words[i].word;
	return found;
}

bool search_begin(struct search *search, struct bytes text, int64_t from_ns, struct error *err)
{
	search_end(search);
	if (!pattern_open(&search->pattern, text, err) || search->pattern.is_empty)
		return err->kind == ERROR_NONE;
	search->is_on = true;
	search->from_ns = from_ns;
	search->asks_ids = asks_ids(text);
	search->words = find_words(search);
	for (size_t i = 0; i < SEARCH_CACHE; i++)
		search->cache[i].go = INDEX_NONE;
	return true;
}

/* ---- texts, stacks, goroutines */

static uint8_t match(struct search *search, struct bytes text)
{
	enum pattern_result result = pattern_match(&search->pattern, text, NULL);

	search->costly += result == PATTERN_COSTLY;
	return result == PATTERN_YES ? DOES : DOES_NOT;
}

bool search_has_text(struct search *search, const struct model *model, string_id text)
{
	if (text == 0 || text >= model->strings.texts.count)
		return false;
	if (text >= search->texts.count)
		array_resize(&search->texts, model->strings.texts.count);
	if (search->texts.items[text] == NOT_KNOWN)
		search->texts.items[text] = match(search, model->strings.texts.items[text]);
	return search->texts.items[text] == DOES;
}

static uint8_t match_stack(struct search *search, const struct model *model, stack_id stack)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(&model->stacks, stack, &count);

	for (uint32_t i = 0; i < count; i++)
		if ((i + 1 < count && search_has_text(search, model, frames[i].function)) ||
		    search_has_text(search, model, frames[i].file))
			return DOES;
	return count > 0 && search_has_text(search, model, frames[count - 1].function)
	               ? DOES_BY_ROOT
	               : DOES_NOT;
}

static uint8_t look_at_stack(struct search *search, const struct model *model, stack_id stack)
{
	uint8_t known;

	if (stack == 0 || stack >= model->stacks.places.count)
		return DOES_NOT;
	if (stack >= search->stacks.count)
		array_resize(&search->stacks, model->stacks.places.count);
	known = search->stacks.items[stack];
	if (known == NOT_KNOWN)
		known = search->stacks.items[stack] = match_stack(search, model, stack);
	search->has_inner |= known == DOES;
	return known;
}

bool search_has_stack(struct search *search, const struct model *model, stack_id stack)
{
	return look_at_stack(search, model, stack) >= DOES;
}

bool search_has_inner(struct search *search, const struct model *model, stack_id stack)
{
	return look_at_stack(search, model, stack) == DOES;
}

static bool has_id(struct search *search, uint64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "G%" PRIu64, id);
	return match(search, bytes_of(text)) == DOES;
}

bool search_accepts_go(struct search *search, const struct model *model, uint32_t go)
{
	struct search_known *known = &search->cache[go % SEARCH_CACHE];
	struct goroutine g;

	if (go >= model->roster.count)
		return false;
	if (known->go == go)
		return known->matches;
	g = roster_brief(&model->roster, go);
	*known = (struct search_known){ go, search_has_text(search, model, g.name) ||
		                                    (search->asks_ids && has_id(search, g.id)) };
	if (g.name == 0 && !known->matches)
		known->go = INDEX_NONE; /* a name may come */
	return known->matches;
}

static bool has_word(const struct search *search, enum search_word word)
{
	return (search->words & word) != 0;
}

/* Selected ones have the place of their records: then the model's own is found by time. */
static bool accepts_assist(struct search *search, const struct model *model,
                           const struct span *span)
{
	for (size_t i = 0; i < model->assists.count; i++) {
		const struct assist *assist = &model->assists.items[i];

		if (assist->go == span->go && assist->begin_ns <= span->begin_ns &&
		    assist->end_ns >= span->end_ns)
			return search_has_stack(search, model, assist->stack);
	}
	return false;
}

/* By the stack where a run ends; of what lasts beyond a generation, where the end's history is
 * there. */
static bool ends_in(struct search *search, const struct model *model, const struct span *span)
{
	stack_id stacks[2];

	model_span_stacks(model, span, stacks);
	return search_has_inner(search, model, stacks[1]);
}

bool search_accepts(struct search *search, const struct model *model, const struct span *span)
{
	if (!search->is_on)
		return false;
	switch ((enum span_kind)span->kind) {
	case SPAN_NONE:
	case SPAN_DAMAGE:
	case SPAN_REGION: /* what the program says is not counted */
	case SPAN_LOG:
	case SPAN_SAMPLE:
		break;
	case SPAN_RUN:
		return has_word(search, SEARCH_RUNNING) ||
		       search_accepts_go(search, model, span->go) ||
		       (search->has_inner && ends_in(search, model, span));
	case SPAN_SYSCALL:
		return has_word(search, SEARCH_SYSCALL);
	case SPAN_ASSIST:
		return has_word(search, SEARCH_ASSIST) || accepts_assist(search, model, span);
	case SPAN_SWEEP:
		return has_word(search, SEARCH_SWEEP);
	case SPAN_STW:
		return span->index < model->stops.count &&
		       (has_word(search, SEARCH_STW) ||
		        search_has_text(search, model, model->stops.items[span->index].reason) ||
		        search_has_stack(search, model, model->stops.items[span->index].stack));
	case SPAN_GC:
		return has_word(search, SEARCH_GC);
	case SPAN_RUNNABLE:
		return has_word(search, SEARCH_RUNNABLE) ||
		       search_has_text(search, model, model_wait_reason(model, span));
	case SPAN_WAITING:
		return has_word(search, SEARCH_WAITING) ||
		       search_has_text(search, model, model_wait_reason(model, span));
	}
	return false;
}

/* ---- counting */

struct counting {
	const struct part *part;
	struct search_part *into;
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
	mark(counting->into, counting->part, hit->begin_ns);
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
	if (part < ranger->search->parts.count)
		mark(&ranger->search->parts.items[part], ranger->model->parts.items[part],
		     hit->begin_ns);
}

/* Those that the model has: all of them, when it has grown. */
static void count_ranges(struct search *search, const struct model *model)
{
	struct ranger ranger = { search, model, 0 };

	search_tell_ranges(search, model, count_range, &ranger);
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

/* Whether a text or stack of a part's tables matches: else nothing of it does but what is there
 * from before. */
static bool has_own(struct search *search, const struct model *model, const struct part *part)
{
	const struct tables *tables = &part->tables;

	if (tables->shared != NULL)
		return true; /* of the whole trace */
	for (size_t i = 0; i < tables->stack_ids.count && search->has_inner; i++)
		if (search_has_inner(search, model, tables->stack_ids.items[i]))
			return true;
	for (size_t i = 0; i < tables->string_ids.count && model->regions + model->logs > 0; i++)
		if (search_has_text(search, model, tables->string_ids.items[i]))
			return true;
	return false;
}

/* All that matches of it is in its census. */
static bool has_census(const struct search *search)
{
	return (search->words & ~(unsigned)(SEARCH_ASSIST | SEARCH_GC | SEARCH_STW)) == 0 &&
	       !search->asks_ids;
}

static uint64_t count_census(struct search *search, const struct model *model,
                             const struct census *census)
{
	uint64_t hits = 0;

	for (size_t i = 0; i < census->names.count; i++)
		if (search_has_text(search, model, census->names.items[i].text))
			hits += census->names.items[i].count;
	for (size_t i = 0; i < census->reasons.count; i++)
		if (search_has_text(search, model, census->reasons.items[i].text))
			hits += census->reasons.items[i].count;
	for (size_t i = 0; i < census->unnamed.count; i++)
		if (search_accepts_go(search, model, census->unnamed.items[i].go))
			hits += census->unnamed.items[i].count;
	return hits;
}

/* Parts whose census nobody has asked; false: there are none. */
static bool step_censuses(struct search *search, const struct model *model)
{
	uint32_t end = search->counted_at + CENSUSES_A_STEP;

	if (!has_census(search))
		return false;
	for (; search->counted_at < end && search->counted_at < search->parts.count;
	     search->counted_at++) {
		struct search_part *known = &search->parts.items[search->counted_at];
		const struct part *part = model->parts.items[search->counted_at];

		if (known->is_known || has_own(search, model, part))
			continue;
		known->hits = count_census(search, model, &part->census);
		known->is_known = true;
		known->is_marked = known->hits == 0;
		search->hits += known->hits;
		search->known++;
		search->version++;
	}
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
	struct counting counting = { model->parts.items[part], &search->visit };

	if (search->visited.part != part) {
		search->visit = (struct search_part){ 0 };
		search->visit_at = 0;
	}
	if (search_learn_gos(search, model, part, &search->visited) ||
	    search_tell_part(search, model, part, &search->visited, &search->visit_at, count_hit,
	                     &counting))
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

/* Texts and stacks that nobody has looked at yet; false: there are none. */
static bool step_texts(struct search *search, const struct model *model)
{
	size_t end = search->texts_at + TEXTS_A_STEP;
	uint32_t costly = search->costly;

	for (; search->texts_at < end && search->texts_at < model->strings.texts.count &&
	       search->costly == costly;
	     search->texts_at++)
		search_has_text(search, model, (string_id)search->texts_at);
	if (search->texts_at < model->strings.texts.count)
		return true;
	end = search->stacks_at + STACKS_A_STEP;
	for (; search->stacks_at < end && search->stacks_at < model->stacks.places.count;
	     search->stacks_at++)
		search_has_stack(search, model, (stack_id)search->stacks_at);
	return search->stacks_at < model->stacks.places.count;
}

bool search_step_names(struct search *search, const struct model *model)
{
	if (search->is_too_costly)
		return false;
	if (step_texts(search, model)) {
		search->is_too_costly = search->costly >= COSTLY_MAX;
		search->version += search->is_too_costly;
		return !search->is_too_costly;
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
	       search->texts_at == model->strings.texts.count &&
	       search->was_whole == model->is_whole && search->missing == 0 &&
	       search->known == model->parts.count;
}

static bool is_marked(const struct search_part *known, const struct part *part, int64_t begin_ns,
                      int64_t end_ns)
{
	double length = (double)(part->end_ns - part->begin_ns + 1);
	int first = 0, last = 255;

	if (!known->is_marked && known->is_known)
		return true; /* somewhere in it */
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
