/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_LENS_H
#define TUI_STATE_LENS_H

#include "core/analysis/filter_span.h"
#include "tui/state/line_edit.h"

/* A filter expression through which lanes are looked at, as it stands in the state and as it was
 * understood. */
struct lens {
	struct budget *budget;
	struct filter filter;
	char text[LINE_EDIT_MAX]; /* of the filter; "": none */
};

void lens_init(struct lens *lens, struct budget *budget);
void lens_free(struct lens *lens);

/* Another expression, if it is another one; "": none. One that makes no sense is none. */
void lens_set(struct lens *lens, const char *text);

static inline bool lens_is_on(const struct lens *lens)
{
	return lens != NULL && lens->text[0] != '\0';
}

/* False: err's offset is the byte of the text that makes no sense. */
bool lens_check(const char *text, struct budget *budget, struct error *err);

/* Whether a span is seen through it; without one everything is. */
bool lens_passes(struct lens *lens, const struct model *model, const struct span *span);

#endif
