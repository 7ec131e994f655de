/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_SHEET_VIEW_H
#define TUI_VIEW_SHEET_VIEW_H

#include "core/analysis/table.h"
#include "core/base/radix.h"
#include "tui/state/sheet.h"
#include "tui/view/cells.h"

/* A table in place of the timeline, as large as the screen: a title, the heads of its columns, and
 * rows. The first column stays where it is, others are scrolled sideways; the column that orders
 * the rows has the share that each row has of all, and a bar of it. */
struct sheet_scene {
	const char *title;
	const struct table *table;
	const u32_array *shown; /* rows of it, in order */
	int64_t sum, most;      /* of the column that orders them; 0: it is no amount */
	int bucket, buckets;    /* of all histograms in it: the first, and how many */
};

/* How many of the rows of the screen are rows of the table: behind a title and the heads, before
 * the picture of some. */
int sheet_view_lines(int rows, const struct sheet_scene *scene);

void sheet_view_draw(struct cells *cells, int rows, const struct sheet_scene *scene,
                     const struct sheet *sheet);

#endif
