/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_DETAIL_HELD_H
#define TUI_VIEW_DETAIL_HELD_H

#include "core/model/detail.h"
#include "tui/view/detail_notes.h"

/* A note who held the Ps while the goroutine was runnable, in shares of their time; none if that is
 * not known. */
void detail_text_add_holders(struct detail_text *text, const struct model *model,
                             const struct detail *detail);

#endif
