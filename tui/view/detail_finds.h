/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_DETAIL_FINDS_H
#define TUI_VIEW_DETAIL_FINDS_H

#include "tui/state/finds.h"
#include "tui/view/detail_notes.h"

/* What detail_text tells of findings, in lines of so many columns. */

/* Those that are alarms: the list is there. */
void detail_text_add_findings(struct detail_text *t, const struct finds *finds, int cols);

/* One, whole. */
void detail_text_add_finding(struct detail_text *t, const struct finding *finding, int cols);

#endif
