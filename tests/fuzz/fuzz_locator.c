/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/fuzz/fuzz.h"

#include "core/analysis/locator.h"

/* The text of a place. What has to hold: what is wrong has its place in the text; a place that is
 * read and written reads as the same again. */

static bool is_same(const struct locator *a, const struct locator *b)
{
	return a->has_time == b->has_time && a->begin_ns == b->begin_ns &&
	       a->has_length == b->has_length && a->length_ns == b->length_ns &&
	       a->has_selected == b->has_selected && a->selected_ns == b->selected_ns &&
	       a->of == b->of && a->id == b->id && a->in == b->in;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct locator locator, again;
	char text[LOCATOR_TEXT_MAX];
	size_t wrong_at;

	if (!locator_parse((struct bytes){ data, size }, &locator, &wrong_at)) {
		must(wrong_at <= size, "what is wrong is in the text");
		return 0;
	}
	locator_text(text, &locator);
	must(locator_parse(bytes_of(text), &again, &wrong_at), "what is written can be read");
	must(is_same(&locator, &again), "and is the same");
	return 0;
}
