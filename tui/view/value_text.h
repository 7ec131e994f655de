/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_VALUE_TEXT_H
#define TUI_VIEW_VALUE_TEXT_H

#include "core/analysis/table.h"

enum { VALUE_TEXT_MAX = 40 };

/* How a value of a table reads in few cells; room is for those that are no texts. */
struct bytes value_text(const struct value *value, bool ascii, char room[VALUE_TEXT_MAX]);

/* The name of a column without its unit, which values carry: "exec" of "exec_ns", "block[select]"
 * of "block_ns[select]". */
struct bytes value_head(struct bytes name, char *room, size_t size);

/* Texts stand to the left, all else to the right. */
static inline bool value_is_left(enum column_kind kind)
{
	return kind == COLUMN_TEXT || kind == COLUMN_HISTOGRAM;
}

#endif
