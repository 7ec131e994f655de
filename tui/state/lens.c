/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/lens.h"

#include <stdio.h>

void lens_init(struct lens *lens, struct budget *budget)
{
	*lens = (struct lens){ .budget = budget };
	filter_init(&lens->filter, budget);
}

void lens_free(struct lens *lens)
{
	filter_free(&lens->filter);
}

void lens_set(struct lens *lens, const char *text)
{
	struct error err = { 0 };

	if (strcmp(lens->text, text) == 0)
		return;
	filter_free(&lens->filter);
	filter_init(&lens->filter, lens->budget);
	snprintf(lens->text, sizeof(lens->text), "%s", text);
	if (!filter_parse(&lens->filter, bytes_of(text), &err))
		lens->text[0] = '\0';
}

bool lens_check(const char *text, struct budget *budget, struct error *err)
{
	struct filter filter;
	bool good;

	filter_init(&filter, budget);
	good = filter_parse(&filter, bytes_of(text), err);
	filter_free(&filter);
	return good;
}

bool lens_passes(struct lens *lens, const struct model *model, const struct span *span)
{
	return !lens_is_on(lens) || filter_accepts_span(&lens->filter, model, span);
}
