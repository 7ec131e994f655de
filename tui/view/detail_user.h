/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_DETAIL_USER_H
#define TUI_VIEW_DETAIL_USER_H

#include "core/model/detail.h"
#include "tui/view/detail_notes.h"

/* A region, a log, a CPU sample, a task or a move of a P; detail may be NULL. */
void detail_text_make_said(struct detail_text *text, const struct model *model,
                           const struct span *span, const struct detail *detail);

/* The regions around a span; and the regions, logs and CPU samples inside of it. */
void detail_text_add_said(struct detail_text *text, const struct model *model,
                          const struct detail *detail);

/* "[category] message" */
void detail_text_add_log(struct line *line, const struct model *model, const struct user_log *log);

#endif
