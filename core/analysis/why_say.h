/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_WHY_SAY_H
#define CORE_ANALYSIS_WHY_SAY_H

#include "core/analysis/why.h"

/* Why, in words: what ended a wait, what somebody did in the meantime, who held the Ps. */
struct why_text {
	char text[640];
	size_t len;
};

void why_put_row(struct why_text *text, const struct model *model, const struct why_row *row);

/* How it was held up. */
struct held_row;
void why_put_held(struct why_text *text, const struct model *model, const struct held_row *row);

#endif
