/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_SEARCH_MATCH_H
#define CORE_ANALYSIS_SEARCH_MATCH_H

#include "core/analysis/pattern.h"
#include "core/model/model.h"

/* Whether texts, stacks and goroutines match the expression of a search: each is looked at once,
 * and remembered. */
enum { SEARCH_CACHE = 512 };

struct search_match {
	struct pattern pattern;
	bool asks_ids;                /* the expression begins with the id of a goroutine */
	bool has_inner;               /* some stack matches by more than its goroutine's function */
	unsigned words;               /* of kinds, that it matches: a bit each */
	unsigned labels;              /* of GC workers, likewise (enum worker) */
	ARRAY(uint8_t) texts, stacks; /* whether each matches, as far as is known */
	size_t texts_at, stacks_at;   /* those before were looked at in turn */
	uint32_t costly;              /* texts of which nobody knows */
	struct search_known {         /* goroutines that were asked for lately */
		uint32_t go;
		bool matches;
	} cache[SEARCH_CACHE];
};

/* Words for kinds of stretches, which match as a whole. */
enum search_word {
	SEARCH_RUNNING = 1,
	SEARCH_RUNNABLE = 2,
	SEARCH_WAITING = 4,
	SEARCH_SYSCALL = 8,
	SEARCH_ASSIST = 16,
	SEARCH_SWEEP = 32,
	SEARCH_GC = 64,
	SEARCH_STW = 128,
};

void search_match_init(struct search_match *match, struct budget *budget);
void search_match_free(struct search_match *match);

/* Another expression. False: err's offset is the byte of the text that makes no sense. */
bool search_match_begin(struct search_match *match, struct bytes text, struct error *err);
void search_match_end(struct search_match *match);

/* Texts and stacks that nobody has looked at yet, some of them; false: there are none, or the
 * expression is too costly to go on. */
bool search_match_step(struct search_match *match, const struct model *model);
bool search_match_is_too_costly(const struct search_match *match);

/* Whether it is known of all texts. */
static inline bool search_match_is_done(const struct search_match *match, const struct model *model)
{
	return match->texts_at == model->strings.texts.count;
}

static inline bool search_has_word(const struct search_match *match, enum search_word word)
{
	return (match->words & word) != 0;
}

/* Of a run of a GC worker. */
static inline bool search_has_label(const struct search_match *match, unsigned worker)
{
	return (match->labels >> worker & 1) != 0;
}

bool search_has_text(struct search_match *match, const struct model *model, string_id text);
bool search_has_stack(struct search_match *match, const struct model *model, stack_id stack);

/* The same, but for its outermost function. */
bool search_has_inner(struct search_match *match, const struct model *model, stack_id stack);

/* By its name, or by its id. */
bool search_has_go(struct search_match *match, const struct model *model, uint32_t go);

#endif
