/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/search_match.h"

#include "core/model/records.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	TEXTS_A_STEP = 64,
	STACKS_A_STEP = 512,
	COSTLY_MAX = 30, /* texts that took too long: seconds by then */
};

/* Of texts and stacks. */
enum { NOT_KNOWN, DOES_NOT, DOES, DOES_BY_ROOT };

void search_match_init(struct search_match *match, struct budget *budget)
{
	*match = (struct search_match){ .pattern = { .is_empty = true } };
	match->texts.budget = match->stacks.budget = budget;
}

void search_match_free(struct search_match *match)
{
	search_match_end(match);
	array_free(&match->texts);
	array_free(&match->stacks);
}

void search_match_end(struct search_match *match)
{
	pattern_close(&match->pattern);
	array_clear(&match->texts);
	array_clear(&match->stacks);
	match->has_inner = false;
	match->costly = 0;
	match->texts_at = match->stacks_at = 0;
}

/* ---- what the expression asks for */

static bool asks_ids(struct bytes text)
{
	size_t at = bytes_begin_with(text, "\\V") ? 2 : bytes_begin_with(text, "^") ? 1 : 0;

	return at + 1 < text.len && (text.data[at] & ~0x20) == 'G' && text.data[at + 1] >= '0' &&
	       text.data[at + 1] <= '9';
}

static bool is_whole_match(const struct search_match *match, const char *word)
{
	struct bytes text = bytes_of(word), place;

	return pattern_match(&match->pattern, text, &place) == PATTERN_YES && place.len == text.len;
}

static unsigned find_words(const struct search_match *match)
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
		if (is_whole_match(match, words[i].text))
			found |= words[i].word;
	return found;
}

static unsigned find_labels(const struct search_match *match)
{
	unsigned found = 0;

	for (unsigned i = WORKER_NONE + 1; i < WORKERS; i++)
		if (pattern_match(&match->pattern, bytes_of(worker_labels[i]), NULL) == PATTERN_YES)
			found |= 1u << i;
	return found;
}

bool search_match_begin(struct search_match *match, struct bytes text, struct error *err)
{
	if (!pattern_open(&match->pattern, text, err))
		return false;
	match->asks_ids = asks_ids(text);
	match->words = match->pattern.is_empty ? 0 : find_words(match);
	match->labels = match->pattern.is_empty ? 0 : find_labels(match);
	for (size_t i = 0; i < SEARCH_CACHE; i++)
		match->cache[i].go = INDEX_NONE;
	return true;
}

/* ---- texts, stacks, goroutines */

static uint8_t look_at_text(struct search_match *match, struct bytes text)
{
	enum pattern_result result = pattern_match(&match->pattern, text, NULL);

	match->costly += result == PATTERN_COSTLY;
	return result == PATTERN_YES ? DOES : DOES_NOT;
}

bool search_has_text(struct search_match *match, const struct model *model, string_id text)
{
	if (text == 0 || text >= model->strings.texts.count)
		return false;
	if (text >= match->texts.count)
		array_resize(&match->texts, model->strings.texts.count);
	if (match->texts.items[text] == NOT_KNOWN)
		match->texts.items[text] = look_at_text(match, model->strings.texts.items[text]);
	return match->texts.items[text] == DOES;
}

static uint8_t match_stack(struct search_match *match, const struct model *model, stack_id stack)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(&model->stacks, stack, &count);

	for (uint32_t i = 0; i < count; i++)
		if ((i + 1 < count && search_has_text(match, model, frames[i].function)) ||
		    search_has_text(match, model, frames[i].file))
			return DOES;
	return count > 0 && search_has_text(match, model, frames[count - 1].function) ? DOES_BY_ROOT
	                                                                              : DOES_NOT;
}

static uint8_t look_at_stack(struct search_match *match, const struct model *model, stack_id stack)
{
	uint8_t known;

	if (stack == 0 || stack >= model->stacks.places.count)
		return DOES_NOT;
	if (stack >= match->stacks.count)
		array_resize(&match->stacks, model->stacks.places.count);
	known = match->stacks.items[stack];
	if (known == NOT_KNOWN)
		known = match->stacks.items[stack] = match_stack(match, model, stack);
	match->has_inner |= known == DOES;
	return known;
}

bool search_has_stack(struct search_match *match, const struct model *model, stack_id stack)
{
	return look_at_stack(match, model, stack) >= DOES;
}

bool search_has_inner(struct search_match *match, const struct model *model, stack_id stack)
{
	return look_at_stack(match, model, stack) == DOES;
}

static bool has_id(struct search_match *match, uint64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "G%" PRIu64, id);
	return look_at_text(match, bytes_of(text)) == DOES;
}

bool search_has_go(struct search_match *match, const struct model *model, uint32_t go)
{
	struct search_known *known = &match->cache[go % SEARCH_CACHE];
	struct goroutine g;

	if (go >= model->roster.count)
		return false;
	if (known->go == go)
		return known->matches;
	g = roster_brief(&model->roster, go);
	*known = (struct search_known){ go, search_has_text(match, model, g.name) ||
		                                    (match->asks_ids && has_id(match, g.id)) };
	if (g.name == 0 && !known->matches)
		known->go = INDEX_NONE; /* a name may come */
	return known->matches;
}

/* ---- all of them */

bool search_match_is_too_costly(const struct search_match *match)
{
	return match->costly >= COSTLY_MAX;
}

bool search_match_step(struct search_match *match, const struct model *model)
{
	size_t end = match->texts_at + TEXTS_A_STEP;
	uint32_t costly = match->costly;

	for (; match->texts_at < end && match->texts_at < model->strings.texts.count &&
	       match->costly == costly;
	     match->texts_at++)
		search_has_text(match, model, (string_id)match->texts_at);
	if (search_match_is_too_costly(match))
		return false;
	if (match->texts_at < model->strings.texts.count)
		return true;
	end = match->stacks_at + STACKS_A_STEP;
	for (; match->stacks_at < end && match->stacks_at < model->stacks.places.count;
	     match->stacks_at++)
		search_has_stack(match, model, (stack_id)match->stacks_at);
	return match->stacks_at < model->stacks.places.count;
}
