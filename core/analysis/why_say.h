/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_WHY_SAY_H
#define CORE_ANALYSIS_WHY_SAY_H

#include "core/analysis/why.h"

/* Why, in words: what ended a wait, what somebody did in the meantime, who held the Ps. */
struct why_text {
	char text[640];
	size_t len;
};

__attribute__((format(printf, 2, 3))) void why_put(struct why_text *text, const char *format, ...);

void why_put_row(struct why_text *text, const struct model *model, const struct why_row *row);

/* How it was held up. */
struct held_row;
void why_put_held(struct why_text *text, const struct model *model, const struct held_row *row);

/* "G21 main.publish"; "nobody knows who" */
void why_put_go(struct why_text *text, const struct model *model, uint32_t go);
void why_put_time(struct why_text *text, int64_t ns);

/* "at bus.go:41"; nothing if it is not recorded. */
void why_put_place(struct why_text *text, const struct model *model, stack_id stack);

#endif
