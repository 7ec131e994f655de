/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/base/time_text.h"
#include "tui/view/go_name.h"

void line_draw(const struct line *line, struct cells *cells, int row, int col, int width,
               struct style style)
{
	cells_text(cells, row, col, width, (struct bytes){ (const uint8_t *)line->text, line->len },
	           style);
}

size_t line_next_piece(const struct line *line, size_t end)
{
	while (end < line->len && line->text[end] == ' ')
		end++;
	return end;
}

static int width_between(const struct line *line, const struct cells *cells, size_t begin,
                         size_t end)
{
	return cells_width(cells, (struct bytes){ (const uint8_t *)line->text + begin,
	                                          end - begin });
}

size_t line_piece_end(const struct line *line, const struct cells *cells, size_t begin, int width)
{
	size_t end = line->len;

	if (width_between(line, cells, begin, line->len) <= width)
		return end;
	for (size_t at = line_next_piece(line, begin) + 1; at < line->len; at++) {
		if (line->text[at] != ' ' || line->text[at - 1] == ' ')
			continue;
		if (end < line->len && width_between(line, cells, begin, at) > width)
			break;
		end = at;
	}
	return end;
}

void line_clear(struct line *line)
{
	line->len = 0;
	line->text[0] = '\0';
}

void line_add(struct line *line, const char *format, ...)
{
	size_t left = sizeof(line->text) - line->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line->text + line->len, left, format, args);
	va_end(args);
	if (n > 0)
		line->len += (size_t)n < left ? (size_t)n : left - 1;
}

void line_add_bytes(struct line *line, struct bytes text)
{
	for (size_t i = 0; i < text.len && line->len < sizeof(line->text) - 1; i++)
		line->text[line->len++] = (char)text.data[i];
	line->text[line->len] = '\0';
}

void line_add_duration(struct line *line, int64_t ns)
{
	char text[TIME_TEXT_MAX];

	line_add(line, "%s", time_text_short(text, ns, line->ascii));
}

void line_add_instant(struct line *line, int64_t ns)
{
	char text[TIME_TEXT_MAX];
	int64_t unit = time_unit_for(ns < 0 ? -ns : ns);

	line_add(line, "%s",
	         time_text_tick(text, ns, unit >= 1000000 ? 1000 : 1, unit, line->ascii));
}

void line_add_go_id(struct line *line, const struct model *model, uint32_t go)
{
	if (go < model->roster.count)
		line_add(line, "G%" PRIu64, roster_brief(&model->roster, go).id);
	else
		line_add(line, "no goroutine");
}

void line_add_go(struct line *line, const struct model *model, uint32_t go)
{
	char name[GO_NAME_MAX];
	struct bytes full = { NULL, 0 };

	line_add_go_id(line, model, go);
	if (go < model->roster.count)
		full = strings_text(&model->strings, roster_brief(&model->roster, go).name);
	if (full.len > 0)
		line_add(line, " %s", go_name_short(name, full, 0, line->ascii));
}

void line_add_proc(struct line *line, const struct model *model, uint32_t proc)
{
	if (proc < model->procs.count)
		line_add(line, "P%" PRIu64, model->procs.items[proc].id);
	else
		line_add(line, "no P");
}

void line_add_size(struct line *line, uint64_t bytes)
{
	if (bytes < 1 << 10)
		line_add(line, "%" PRIu64 " B", bytes);
	else if (bytes < 1 << 20)
		line_add(line, "%" PRIu64 " KiB", (bytes + 1023) >> 10);
	else
		line_add(line, "%.1f MiB", (double)bytes / (1 << 20));
}

void line_add_count(struct line *line, uint64_t count)
{
	static const char units[] = " kMGT";
	uint64_t scale = 1;
	int unit = 0;

	for (; count / scale >= 1000 && unit < 4; unit++)
		scale *= 1000;
	if (unit == 0)
		line_add(line, "%" PRIu64, count);
	else
		line_add(line, "%" PRIu64 ".%" PRIu64 "%c", count / scale,
		         count % scale * 10 / scale, units[unit]);
}
