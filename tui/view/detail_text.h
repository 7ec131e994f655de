/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_DETAIL_TEXT_H
#define TUI_VIEW_DETAIL_TEXT_H

#include "core/model/detail.h"
#include "tui/view/detail_notes.h"

/* detail may be NULL or about another span: then what the model knows by itself. */
void detail_text_make(struct detail_text *text, const struct model *model, const struct span *span,
                      const struct detail *detail, bool ascii);

/* What a trace has to offer; found again only when it has grown. */
struct detail_offers {
	uint64_t generations;
	size_t stops, assists;
	bool is_whole;               /* ends of what was open are settled */
	struct span stw, assist, gc; /* the longest; SPAN_NONE: there is none */
};

void detail_offers_update(struct detail_offers *offers, const struct model *model);

/* With nothing selected: the finding that was gone to (NULL: none) or what was found to hurt, if
 * that is to be said, the offers, and the keys that lead there. */
struct finding;
struct finds;
void detail_text_make_empty(struct detail_text *text, const struct model *model,
                            const struct detail_offers *offers, const struct finds *finds,
                            const struct finding *finding, int cols, bool ascii);

#endif
