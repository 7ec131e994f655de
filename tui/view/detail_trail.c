/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_trail.h"

#include "core/model/trail.h"

void detail_text_add_trail(struct detail_text *text, const struct model *model,
                           const struct span *span)
{
	struct line *note;

	if (!span->is_on_trail || model->trail == NULL)
		return;
	note = detail_add_note(text);
	line_add(note, "critical path: %zu of %zu, ", trail_find(model, span->begin_ns) + 1,
	         model->trail->spans.count);
	line_add_duration(note, span->end_ns - span->begin_ns);
}
