/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/filter.h"

/* Looking at stretches with what filter_parse made. */

enum { NOT_LOOKED_AT, DOES_NOT, DOES };

enum { FRAMES_MAX = 1024 };

void filter_init(struct filter *filter, struct budget *budget)
{
	*filter = (struct filter){ .arena = { .budget = budget } };
	filter->nodes.budget = filter->terms.budget = filter->patterns.budget = budget;
}

void filter_free(struct filter *filter)
{
	for (size_t i = 0; i < filter->patterns.count; i++) {
		pattern_close(&filter->patterns.items[i].pattern);
		array_free(&filter->patterns.items[i].known);
	}
	array_free(&filter->patterns);
	array_free(&filter->nodes);
	array_free(&filter->terms);
	arena_free(&filter->arena);
}

/* ---- numbers */

static bool compare(const struct filter_term *term, int64_t value, int64_t low, int64_t high)
{
	switch ((enum filter_comparison)term->comparison) {
	case FILTER_EQUAL:
		return value >= low && value <= high;
	case FILTER_UNEQUAL:
		return value < low || value > high;
	case FILTER_LESS:
		return value < low;
	case FILTER_AT_MOST:
		return value <= low;
	case FILTER_MORE:
		return value > low;
	case FILTER_AT_LEAST:
		return value >= low;
	case FILTER_MATCH:
	case FILTER_NO_MATCH:
		break;
	}
	return false;
}

/* Ids beyond what a term can name are unequal to all. */
static bool compare_id(const struct filter_term *term, uint64_t id)
{
	if (id == FILTER_NONE)
		return term->comparison == FILTER_UNEQUAL;
	return compare(term, id > INT64_MAX ? INT64_MAX : (int64_t)id, term->low, term->high);
}

/* What of a stretch a time is compared with: it laps into a range, or reaches beyond a time. */
static bool compare_time(const struct filter_term *term, const struct filter_subject *subject,
                         int64_t low, int64_t high)
{
	int64_t last = subject->end_ns > subject->begin_ns ? subject->end_ns - 1 : subject->end_ns;
	bool laps = subject->begin_ns <= high && last >= low;

	switch ((enum filter_comparison)term->comparison) {
	case FILTER_EQUAL:
		return laps;
	case FILTER_UNEQUAL:
		return !laps;
	case FILTER_LESS:
	case FILTER_AT_MOST:
		return compare(term, subject->begin_ns, low, low);
	case FILTER_MORE:
	case FILTER_AT_LEAST:
		return compare(term, last, low, low);
	case FILTER_MATCH:
	case FILTER_NO_MATCH:
		break;
	}
	return false;
}

/* ---- texts */

static bool matches(struct filter_pattern *pattern, const struct filter_subject *subject,
                    string_id id)
{
	struct bytes text = strings_text(subject->strings, id);
	uint8_t *known;

	if (id >= pattern->known.count)
		array_resize(&pattern->known, id < subject->strings->texts.count
		                                      ? subject->strings->texts.count
		                                      : (size_t)id + 1);
	known = &pattern->known.items[id];
	if (*known == NOT_LOOKED_AT)
		*known = pattern_match(&pattern->pattern, text, NULL) == PATTERN_YES ? DOES
		                                                                     : DOES_NOT;
	return *known == DOES;
}

static bool has_text(struct filter *filter, const struct filter_term *term,
                     const struct filter_subject *subject, string_id id)
{
	if (term->patterns > 0)
		return matches(&filter->patterns.items[term->first_pattern], subject, id);
	return bytes_equal(term->text, strings_text(subject->strings, id));
}

static bool is_in_list(struct filter *filter, const struct filter_term *term,
                       const struct filter_subject *subject, const string_id *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (has_text(filter, term, subject, ids[i]))
			return true;
	return false;
}

static bool is_label(const struct filter *filter, const struct filter_term *term,
                     struct bytes label)
{
	if (term->patterns == 0 || label.len == 0)
		return bytes_equal(term->text, label);
	return pattern_match(&filter->patterns.items[term->first_pattern].pattern, label, NULL) ==
	       PATTERN_YES;
}

/* ---- stacks */

/* A function of it, or a file. */
static bool is_in_stack(struct filter *filter, const struct filter_term *term,
                        const struct filter_subject *subject, stack_id stack)
{
	bool asks_file = term->field == FILTER_FILE;
	uint32_t count;
	const struct frame *frames = stacks_frames(subject->stacks, stack, &count);

	for (uint32_t i = 0; i < count; i++)
		if (has_text(filter, term, subject,
		             asks_file ? frames[i].file : frames[i].function))
			return true;
	return false;
}

/* Whether the patterns fit some neighbouring frames, the first of them the outermost: any number of
 * others before and behind, and where a gap is. Those that fit so far are kept as a mark for each
 * place in the patterns; linear in frames times patterns. */
static bool fits(struct filter *filter, const struct filter_term *term,
                 const struct filter_subject *subject, stack_id stack)
{
	uint32_t count, wanted = term->patterns;
	const struct frame *frames = stacks_frames(subject->stacks, stack, &count);
	uint64_t reached = 1; /* bit i: the first i patterns fit what ends here */

	count = count < FRAMES_MAX ? count : FRAMES_MAX;
	for (uint32_t f = count;; f--) {
		uint64_t next = 1;

		for (uint32_t i = 0; i < wanted; i++) /* a gap may be empty */
			if ((reached >> i & 1) != 0 &&
			    filter->patterns.items[term->first_pattern + i].is_gap)
				reached |= UINT64_C(1) << (i + 1);
		if ((reached >> wanted & 1) != 0)
			return true;
		if (f == 0)
			return false;
		for (uint32_t i = 0; i < wanted; i++) {
			struct filter_pattern *pattern =
				&filter->patterns.items[term->first_pattern + i];

			if ((reached >> i & 1) == 0)
				continue;
			if (pattern->is_gap)
				next |= UINT64_C(1) << i;
			else if (matches(pattern, subject, frames[f - 1].function))
				next |= UINT64_C(1) << (i + 1);
		}
		reached = next;
	}
}

/* ---- terms */

static bool term_has_text(struct filter *filter, const struct filter_term *term,
                          const struct filter_subject *s)
{
	switch ((enum filter_field)term->field) {
	case FILTER_NAME:
		return has_text(filter, term, s, s->name);
	case FILTER_FUNC:
		return has_text(filter, term, s, s->name) ||
		       is_in_stack(filter, term, s, s->stack[0]) ||
		       is_in_stack(filter, term, s, s->stack[1]);
	case FILTER_FILE:
		return is_in_stack(filter, term, s, s->stack[0]) ||
		       is_in_stack(filter, term, s, s->stack[1]);
	case FILTER_STACK:
		return fits(filter, term, s, s->stack[0]) || fits(filter, term, s, s->stack[1]);
	case FILTER_REASON:
		return has_text(filter, term, s, s->reason);
	case FILTER_TASK:
		return s->task != FILTER_NONE && has_text(filter, term, s, s->task_type);
	case FILTER_REGION:
		return is_in_list(filter, term, s, s->regions, s->region_count);
	case FILTER_LOG:
		return is_in_list(filter, term, s, s->logs, s->log_count);
	case FILTER_LABEL:
		return is_label(filter, term, s->label);
	case FILTER_STATE:
	case FILTER_DUR:
	case FILTER_TIME:
	case FILTER_BEGIN:
	case FILTER_END:
	case FILTER_G:
	case FILTER_P:
	case FILTER_M:
	case FILTER_FIELDS:
		break;
	}
	return false;
}

static bool term_has_number(const struct filter_term *term, const struct filter_subject *s)
{
	int64_t low = term->low + (term->low_is_back ? s->trace_end_ns : 0);
	int64_t high = term->high + (term->high_is_back ? s->trace_end_ns : 0);

	switch ((enum filter_field)term->field) {
	case FILTER_STATE:
		return compare(term, s->state, low, high);
	case FILTER_DUR:
		return compare(term, s->end_ns - s->begin_ns, term->low, term->high);
	case FILTER_TIME:
		return compare_time(term, s, low, high);
	case FILTER_BEGIN:
		return compare(term, s->begin_ns, low, high);
	case FILTER_END:
		return compare(term, s->end_ns, low, high);
	case FILTER_G:
		return compare_id(term, s->g);
	case FILTER_P:
		return compare_id(term, s->p);
	case FILTER_M:
		return compare_id(term, s->m);
	case FILTER_TASK:
		return compare_id(term, s->task);
	case FILTER_NAME:
	case FILTER_FUNC:
	case FILTER_FILE:
	case FILTER_STACK:
	case FILTER_REASON:
	case FILTER_REGION:
	case FILTER_LOG:
	case FILTER_LABEL:
	case FILTER_FIELDS:
		break;
	}
	return false;
}

static bool accepts_term(struct filter *filter, const struct filter_term *term,
                         const struct filter_subject *subject)
{
	if (term->is_number)
		return term_has_number(term, subject);
	return term_has_text(filter, term, subject) ==
	       (term->comparison == FILTER_EQUAL || term->comparison == FILTER_MATCH);
}

/* As deep as there are signs in an expression. */
static bool accepts(struct filter *filter, uint32_t index, const struct filter_subject *subject)
{
	const struct filter_node *node = &filter->nodes.items[index];

	switch (node->kind) {
	case FILTER_ALL:
		break;
	case FILTER_TERM:
		return accepts_term(filter, &filter->terms.items[node->a], subject);
	case FILTER_NOT:
		return !accepts(filter, node->a, subject);
	case FILTER_AND:
		return accepts(filter, node->a, subject) && accepts(filter, node->b, subject);
	case FILTER_OR:
		return accepts(filter, node->a, subject) || accepts(filter, node->b, subject);
	}
	return true;
}

bool filter_accepts(struct filter *filter, const struct filter_subject *subject)
{
	return filter->nodes.count == 0 ||
	       accepts(filter, (uint32_t)filter->nodes.count - 1, subject);
}
