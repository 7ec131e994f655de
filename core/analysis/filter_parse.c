/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/filter.h"

#include "core/base/time_text.h"

/* From the text of an expression to nodes. */

enum {
	DEPTH_MAX = 32,
	LEN_MAX = 4096,
	FRAMES_MAX = 63, /* patterns of a stack: a bit each */
};

const char *const filter_fields[FILTER_FIELDS] = {
	"state", "dur",  "time", "begin", "end",    "g",      "p",   "m",     "task",
	"name",  "func", "file", "stack", "reason", "region", "log", "label",
};

const char *const filter_states[FILTER_STATES] = { "running",  "runnable", "waiting", "syscall",
	                                           "assist",   "sweep",    "gc",      "stw",
	                                           "complete", "open" };

/* Longer ones first. */
static const struct {
	const char *text;
	enum filter_comparison comparison;
} comparisons[] = {
	{ "!=", FILTER_UNEQUAL }, { "!~", FILTER_NO_MATCH }, { "==", FILTER_EQUAL },
	{ "<=", FILTER_AT_MOST }, { ">=", FILTER_AT_LEAST }, { "=", FILTER_EQUAL },
	{ "<", FILTER_LESS },     { ">", FILTER_MORE },      { "~", FILTER_MATCH },
};

struct parser {
	struct filter *filter;
	struct bytes text;
	size_t at;
	int depth;
	struct error *err;
};

static bool refuse(struct parser *p, size_t at, const char *message)
{
	return error_set(p->err, ERROR_USAGE, at, "%s", message);
}

static void skip_spaces(struct parser *p)
{
	while (p->at < p->text.len && (p->text.data[p->at] == ' ' || p->text.data[p->at] == '\t'))
		p->at++;
}

/* Takes a sign if it is next. */
static bool take(struct parser *p, const char *sign)
{
	struct bytes rest;

	skip_spaces(p);
	rest = (struct bytes){ p->text.data + p->at, p->text.len - p->at };
	if (!bytes_begin_with(rest, sign))
		return false;
	p->at += strlen(sign);
	return true;
}

static uint32_t add_node(struct parser *p, struct filter_node node)
{
	*array_push(&p->filter->nodes) = node;
	return (uint32_t)p->filter->nodes.count - 1;
}

/* ---- values */

static bool ends_word(uint8_t c)
{
	return c == ' ' || c == '\t' || strchr("()&|\"!", c) != NULL;
}

/* A word, or what stands in quotes; into the arena. */
static bool take_value(struct parser *p, struct bytes *value)
{
	uint8_t *out = arena_new(&p->filter->arena, p->text.len - p->at + 1, 1);
	size_t begin = p->at, len = 0;
	bool is_quoted = take(p, "\"");

	for (; p->at < p->text.len; p->at++) {
		uint8_t c = p->text.data[p->at];

		if (is_quoted ? c == '"' : ends_word(c))
			break;
		if (is_quoted && c == '\\' && p->at + 1 < p->text.len &&
		    p->text.data[p->at + 1] == '"')
			c = p->text.data[++p->at];
		out[len++] = c;
	}
	*value = (struct bytes){ out, len };
	if (is_quoted && p->at == p->text.len)
		return refuse(p, begin, "this quote is not closed");
	p->at += is_quoted;
	if (!is_quoted && len == 0)
		return refuse(p, p->at, "expected a value");
	return true;
}

static bool is_time(enum filter_field field)
{
	return field == FILTER_TIME || field == FILTER_BEGIN || field == FILTER_END;
}

/* The letter of ids of a field; 0: the field has none. */
static char letter_of(enum filter_field field)
{
	return field == FILTER_G ? 'G' : field == FILTER_P ? 'P' : field == FILTER_M ? 'M' : 0;
}

static bool parse_id(enum filter_field field, struct bytes text, int64_t *id)
{
	int64_t value = 0;
	size_t i = 0;

	if (text.len > 1 && letter_of(field) != 0 && (text.data[0] & ~0x20) == letter_of(field))
		i++;
	if (i == text.len)
		return false;
	for (; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, text.data[i] - '0', &value))
			return false;
	}
	*id = value;
	return true;
}

static bool parse_number(enum filter_field field, struct bytes text, int64_t *number, bool *is_back)
{
	*is_back = false;
	if (field == FILTER_STATE) {
		for (int64_t i = 0; i < FILTER_STATES; i++)
			if (bytes_equal(text, bytes_of(filter_states[i]))) {
				*number = i;
				return true;
			}
		*number = FILTER_WAITING;
		return bytes_equal(text, bytes_of("blocked"));
	}
	if (field != FILTER_DUR && !is_time(field))
		return parse_id(field, text, number);
	*is_back = is_time(field) && text.len > 0 && text.data[0] == '-';
	return time_text_parse(text, number);
}

/* Both sides of "a..b"; false: there are no dots. */
static bool split_range(struct bytes text, struct bytes *low, struct bytes *high)
{
	for (size_t i = 0; i + 1 < text.len; i++)
		if (text.data[i] == '.' && text.data[i + 1] == '.') {
			*low = (struct bytes){ text.data, i };
			*high = (struct bytes){ text.data + i + 2, text.len - i - 2 };
			return true;
		}
	return false;
}

static bool set_number(struct filter_term *term, struct bytes text)
{
	enum filter_field field = (enum filter_field)term->field;
	bool is_equality = term->comparison == FILTER_EQUAL || term->comparison == FILTER_UNEQUAL;
	struct bytes low, high;

	if (is_equality && field != FILTER_STATE && split_range(text, &low, &high))
		return parse_number(field, low, &term->low, &term->low_is_back) &&
		       parse_number(field, high, &term->high, &term->high_is_back);
	if (!parse_number(field, text, &term->low, &term->low_is_back))
		return false;
	term->high = term->low;
	term->high_is_back = term->low_is_back;
	return true;
}

static const char *expected_value(enum filter_field field)
{
	if (field == FILTER_STATE)
		return "expected running, runnable, waiting, syscall, assist, sweep, gc, stw, "
		       "complete or open";
	if (field == FILTER_DUR)
		return "expected a duration, like 2ms or 1ms..5ms";
	return is_time(field) ? "expected a time, like 412.1ms or 1s..1.5s"
	                      : "expected an id, like 17 or 10..20";
}

/* ---- patterns */

static bool add_pattern(struct parser *p, struct filter_term *term, struct bytes text, size_t at)
{
	struct filter_pattern *pattern = array_push(&p->filter->patterns);
	struct error wrong = { 0 };

	*pattern = (struct filter_pattern){ .known = { .budget = p->filter->nodes.budget } };
	term->patterns++;
	pattern->is_gap = term->field == FILTER_STACK && bytes_equal(text, bytes_of("**"));
	if (pattern->is_gap || pattern_open(&pattern->pattern, text, &wrong))
		return true;
	return refuse(p, at + wrong.offset, wrong.message);
}

/* at: of the value in the expression; behind an escaped quote a place is about right. */
static bool add_patterns(struct parser *p, struct filter_term *term, size_t at)
{
	struct bytes rest = term->text;

	term->first_pattern = (uint32_t)p->filter->patterns.count;
	if (term->field != FILTER_STACK)
		return add_pattern(p, term, rest, at);
	while (rest.len > 0) {
		size_t len = 0, spaces = 0;

		while (len < rest.len && rest.data[len] != ' ')
			len++;
		if (term->patterns == FRAMES_MAX)
			return refuse(p, at, "too many frames");
		if (len > 0 && !add_pattern(p, term, (struct bytes){ rest.data, len }, at))
			return false;
		while (len + spaces < rest.len && rest.data[len + spaces] == ' ')
			spaces++;
		rest = (struct bytes){ rest.data + len + spaces, rest.len - len - spaces };
		at += len + spaces;
	}
	return term->patterns > 0 || refuse(p, at, "expected a frame");
}

/* ---- terms */

static bool is_number(enum filter_field field)
{
	return field <= FILTER_M;
}

static bool set_value(struct parser *p, struct filter_term *term, size_t at)
{
	enum filter_field field = (enum filter_field)term->field;
	bool matches = term->comparison == FILTER_MATCH || term->comparison == FILTER_NO_MATCH;

	if (matches && is_number(field))
		return refuse(p, at, expected_value(field));
	if (matches)
		return add_patterns(p, term, at + (p->text.data[at] == '"'));
	term->is_number = is_number(field);
	if (field == FILTER_TASK) /* its type, if that is no number */
		term->is_number = set_number(term, term->text);
	else if (term->is_number && !set_number(term, term->text))
		return refuse(p, at, expected_value(field));
	if (!term->is_number && (field == FILTER_STACK || (term->comparison != FILTER_EQUAL &&
	                                                   term->comparison != FILTER_UNEQUAL)))
		return refuse(p, at,
		              field == FILTER_STACK ? "stacks are compared by ~ or !~ alone"
		                                    : "texts are compared by = != ~ or !~ alone");
	if (field == FILTER_STATE && term->comparison != FILTER_EQUAL &&
	    term->comparison != FILTER_UNEQUAL)
		return refuse(p, at, "states are compared by = or != alone");
	return true;
}

static bool take_field(struct parser *p, struct filter_term *term)
{
	size_t begin, len;

	skip_spaces(p);
	begin = p->at;
	while (p->at < p->text.len && p->text.data[p->at] >= 'a' && p->text.data[p->at] <= 'z')
		p->at++;
	len = p->at - begin;
	for (uint8_t i = 0; i < FILTER_FIELDS; i++)
		if (bytes_equal((struct bytes){ p->text.data + begin, len },
		                bytes_of(filter_fields[i]))) {
			term->field = i;
			return true;
		}
	return refuse(p, begin,
	              "expected state, dur, time, begin, end, g, p, m, task, name, func, file, "
	              "stack, reason, region, log or label");
}

static bool take_comparison(struct parser *p, struct filter_term *term)
{
	for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++)
		if (take(p, comparisons[i].text)) {
			term->comparison = (uint8_t)comparisons[i].comparison;
			return true;
		}
	return refuse(p, p->at, "expected one of = != < <= > >= ~ !~");
}

static bool take_term(struct parser *p, uint32_t *node)
{
	struct filter_term term = { 0 };
	size_t at;

	if (!take_field(p, &term) || !take_comparison(p, &term))
		return false;
	skip_spaces(p);
	at = p->at;
	if (!take_value(p, &term.text) || !set_value(p, &term, at))
		return false;
	p->filter->fields |= 1u << term.field;
	*node = add_node(p, (struct filter_node){ .kind = FILTER_TERM,
	                                          .a = (uint32_t)p->filter->terms.count });
	*array_push(&p->filter->terms) = term;
	return true;
}

/* ---- and their connections */

static bool take_either(struct parser *p, uint32_t *node);

static bool take_single(struct parser *p, uint32_t *node)
{
	size_t begin;
	bool good;

	skip_spaces(p);
	begin = p->at;
	if (p->depth == DEPTH_MAX)
		return refuse(p, begin, "too deep an expression");
	p->depth++;
	if (take(p, "!")) {
		good = take_single(p, node);
		if (good)
			*node = add_node(p, (struct filter_node){ .kind = FILTER_NOT, .a = *node });
	} else if (take(p, "(")) {
		good = take_either(p, node) &&
		       (take(p, ")") || refuse(p, begin, "this parenthesis is not closed"));
	} else {
		good = take_term(p, node);
	}
	p->depth--;
	return good;
}

static bool take_both(struct parser *p, uint32_t *node)
{
	if (!take_single(p, node))
		return false;
	while (take(p, "&&")) {
		uint32_t other;

		if (!take_single(p, &other))
			return false;
		*node = add_node(p, (struct filter_node){ FILTER_AND, *node, other });
	}
	return true;
}

static bool take_either(struct parser *p, uint32_t *node)
{
	if (!take_both(p, node))
		return false;
	while (take(p, "||")) {
		uint32_t other;

		if (!take_both(p, &other))
			return false;
		*node = add_node(p, (struct filter_node){ FILTER_OR, *node, other });
	}
	return true;
}

bool filter_parse(struct filter *filter, struct bytes text, struct error *err)
{
	struct parser p = { .filter = filter, .text = text, .err = err };
	uint32_t node;

	skip_spaces(&p);
	if (text.len > LEN_MAX)
		return refuse(&p, LEN_MAX, "too long an expression");
	if (p.at == text.len)
		return true;
	if (!take_either(&p, &node))
		return false;
	skip_spaces(&p);
	return p.at == text.len || refuse(&p, p.at, "expected && or ||");
}
