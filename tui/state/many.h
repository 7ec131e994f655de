/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_MANY_H
#define TUI_STATE_MANY_H

#include "core/analysis/tally.h"

/* Spans that are selected together: those of a box, of a title, or one by one. In their order,
 * none twice. */
struct many {
	ARRAY(struct span) spans;
	ARRAY(struct span)
	opens;              /* what each goroutine of a box does where it is told up to */
	unsigned version;   /* grows with each change */
	bool is_cut;        /* there are more than can be kept */
	bool is_unfinished; /* records that are not there yet may have more */
	uint8_t by;         /* enum tally_by: what rows of their table are of */
	uint8_t order;      /* enum tally_column: by what they are ordered */
};

enum { MANY_MAX = 1 << 18 };

void many_init(struct many *many, struct budget *budget);
void many_free(struct many *many);
void many_clear(struct many *many);

bool many_has(const struct many *many, const struct span *span);

/* The first that begins at a time or after it. */
size_t many_from(const struct many *many, int64_t begin_ns);

/* Adds it, or takes it out. */
void many_toggle(struct many *many, const struct span *span);

/* Adds some, which are told from each other only once all are in: then many_settle. False: there is
 * no room for more. */
bool many_add(struct many *many, const struct span *spans, size_t count);
void many_settle(struct many *many);

/* From the begin of the first to the last end. */
void many_bounds(const struct many *many, int64_t *begin_ns, int64_t *end_ns);

#endif
