/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_DETAIL_TRAIL_H
#define TUI_VIEW_DETAIL_TRAIL_H

#include "core/model/model.h"
#include "tui/view/detail_notes.h"

/* Of what is on the critical path a note which of it that is, and how long. */
void detail_text_add_trail(struct detail_text *text, const struct model *model,
                           const struct span *span);

#endif
