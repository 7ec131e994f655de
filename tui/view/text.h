/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_TEXT_H
#define TUI_VIEW_TEXT_H

#include "core/model/model.h"
#include "tui/view/cells.h"

/* Lines put together from words, numbers, times and names of a trace. What does not fit is cut. */
enum { LINE_MAX_BYTES = 256 };

struct line {
	char text[LINE_MAX_BYTES];
	size_t len;
	bool ascii; /* no µ, no arrows */
};

/* Through the same door as all text: bytes of a trace in it are cleaned. */
void line_draw(const struct line *line, struct cells *cells, int row, int col, int width,
               struct style style);

/* A line that is too long goes on below: in width columns, what begins at a byte ends at the one
 * that is returned, behind a word, and what goes on begins at line_next_piece of that. */
size_t line_piece_end(const struct line *line, const struct cells *cells, size_t begin, int width);
size_t line_next_piece(const struct line *line, size_t end);

void line_clear(struct line *line);
__attribute__((format(printf, 2, 3))) void line_add(struct line *line, const char *format, ...);
void line_add_bytes(struct line *line, struct bytes text);
void line_add_duration(struct line *line, int64_t ns); /* 1.234 ms */
void line_add_instant(struct line *line, int64_t ns);  /* 412.118 ms: down to the microsecond */
void line_add_go(struct line *line, const struct model *model, uint32_t go);     /* G21 main.x */
void line_add_go_id(struct line *line, const struct model *model, uint32_t go);  /* G21 */
void line_add_proc(struct line *line, const struct model *model, uint32_t proc); /* P3 */
void line_add_size(struct line *line, uint64_t bytes);  /* 812 B, 12.3 MiB */
void line_add_count(struct line *line, uint64_t count); /* 1.2M */

#endif
