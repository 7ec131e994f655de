/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
	NEST_MAX = 50,      /* parentheses in parentheses */
	CODE_MAX = 1 << 16, /* bytes: counted repeats of repeats grow */
	STEP_MAX = 5000,    /* at each place of a text */
	HEAP_KIB_MAX = 1024
};

/* The byte behind what a backslash at i begins: \\S, \\pL, \\x{2F}. */
static size_t behind_escape(struct bytes text, size_t i)
{
	bool is_property = i + 1 < text.len && (text.data[i + 1] == 'p' || text.data[i + 1] == 'P');
	size_t at = i + 2;

	if (at >= text.len)
		return text.len;
	if (text.data[at] != '{')
		return is_property ? at + 1 : at;
	while (at < text.len && text.data[at] != '}')
		at++;
	return at;
}

/* Capitals that stand for themselves. */
static bool has_capital(struct bytes text, bool is_literal)
{
	for (size_t i = 0; i < text.len;) {
		if (text.data[i] == '\\' && !is_literal)
			i = behind_escape(text, i);
		else if (text.data[i] >= 'A' && text.data[i] <= 'Z')
			return true;
		else
			i++;
	}
	return false;
}

static bool refuse(struct error *err, int code, size_t offset)
{
	PCRE2_UCHAR message[120];

	if (pcre2_get_error_message(code, message, sizeof(message)) < 0)
		message[0] = '\0';
	return error_set(err, ERROR_USAGE, offset, "%s", (const char *)message);
}

static bool compile(struct pattern *pattern, struct bytes text, size_t skipped, uint32_t options,
                    struct error *err)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	PCRE2_SIZE offset = 0;
	size_t size = 0;
	int code = 0;

	if (context == NULL)
		return error_set(err, ERROR_LIMIT, skipped, "no memory for this expression");
	pcre2_set_parens_nest_limit(context, NEST_MAX);
	pattern->code = pcre2_compile(text.data, text.len, options, &code, &offset, context);
	pcre2_compile_context_free(context);
	if (pattern->code == NULL)
		return refuse(err, code, skipped + offset);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_SIZE, &size);
	if (size > CODE_MAX)
		return error_set(err, ERROR_USAGE, skipped, "too large an expression");
	return true;
}

static bool limit(struct pattern *pattern, struct error *err)
{
	pattern->match = pcre2_match_data_create(1, NULL);
	pattern->limits = pcre2_match_context_create(NULL);
	if (pattern->match == NULL || pattern->limits == NULL)
		return error_set(err, ERROR_LIMIT, 0, "no memory for this expression");
	pcre2_set_match_limit(pattern->limits, STEP_MAX);
	pcre2_set_heap_limit(pattern->limits, HEAP_KIB_MAX);
	return true;
}

bool pattern_open(struct pattern *pattern, struct bytes text, struct error *err)
{
	bool is_literal = bytes_begin_with(text, "\\V");
	size_t skipped = is_literal ? 2 : 0;
	struct bytes rest = { text.data + skipped, text.len - skipped };
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;

	*pattern = (struct pattern){ .is_empty = rest.len == 0 };
	if (pattern->is_empty)
		return true;
	if (rest.len > PATTERN_LEN_MAX)
		return error_set(err, ERROR_USAGE, PATTERN_LEN_MAX, "too long an expression");
	options |= is_literal ? PCRE2_LITERAL : PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE;
	if (!has_capital(rest, is_literal))
		options |= PCRE2_CASELESS;
	if (compile(pattern, rest, skipped, options, err) && limit(pattern, err))
		return true;
	pattern_close(pattern);
	return false;
}

void pattern_close(struct pattern *pattern)
{
	pcre2_code_free(pattern->code);
	pcre2_match_data_free(pattern->match);
	pcre2_match_context_free(pattern->limits);
	*pattern = (struct pattern){ .is_empty = true };
}

enum pattern_result pattern_match(const struct pattern *pattern, struct bytes text,
                                  struct bytes *place)
{
	static const uint8_t nothing[1];
	const uint8_t *data = text.len == 0 ? nothing : text.data;
	size_t len = text.len < PATTERN_LOOK_MAX ? text.len : PATTERN_LOOK_MAX;
	uint32_t options = text.len > len ? PCRE2_NOTEOL : 0;
	const PCRE2_SIZE *ends;
	int found;

	if (pattern->code == NULL) {
		if (place != NULL)
			*place = (struct bytes){ data, 0 };
		return PATTERN_YES;
	}
	found = pcre2_match(pattern->code, data, len, 0, options, pattern->match, pattern->limits);
	if (found == PCRE2_ERROR_NOMATCH)
		return PATTERN_NO;
	if (found < 0)
		return PATTERN_COSTLY;
	ends = pcre2_get_ovector_pointer(pattern->match);
	if (place != NULL) /* \K can put the begin behind the end */
		*place =
			(struct bytes){ data + ends[0], ends[1] > ends[0] ? ends[1] - ends[0] : 0 };
	return PATTERN_YES;
}
