/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_VIEW_H
#define TUI_VIEW_VIEW_H

#include "core/analysis/table.h"
#include "core/model/sketches.h"
#include "tui/state/flow.h"
#include "tui/view/detail_view.h"
#include "tui/view/flame_view.h"
#include "tui/view/overview.h"
#include "tui/view/pick.h"
#include "tui/view/sheet_view.h"

/* The whole screen: state + model -> cells. Drawing asks no clock and changes nothing but the
 * memory it keeps from picture to picture, on which no picture depends. */
struct view {
	struct row_picture picture;
	struct overview overview;
	struct detail_offers offers;
	struct detail_text text;
	const struct table *board; /* that the pane has; NULL: none */
};

/* What is shown but is neither state nor model. */
struct scene {
	const char *file;            /* the trace's name */
	const struct detail *detail; /* of the selection; NULL: not known (yet) */
	const struct table *help;    /* help_make's; NULL: none */
	const struct table *about;   /* about_make's; NULL: none */
	const struct table *choices; /* completion_table's; NULL: none */
	const struct table *board;   /* of several spans, or of a range; NULL: none */
	const char *board_title;
	bool board_is_of_range;    /* else of several spans */
	struct sheet_scene sheet;  /* in place of the timeline, in MODE_TABLE; */
	struct flame_scene flame;  /* instead, where that is set */
	const struct flows *flows; /* wake-ups of the selection; NULL: none */
	uint64_t done, total;      /* bytes of loading; equal: it is over; total 0: who knows */
	uint64_t received;         /* bytes so far, if more come while it is looked at; or 0 */
	const char *seconds;       /* of recording that they will be; NULL or "": who knows */
	bool is_followed;          /* they come as a file grows, without end */
	bool is_forgotten;         /* the window's records cannot be had any more, */
	bool has_lanes;            /* but for those of Ps */

	/* what stands for what is not loaded; NULL: nothing */
	const struct sketches *sketches;

	/* what marks spans, or dims them; they learn while they are asked; NULL: none */
	struct search *search;
	struct lens *filter, *highlight;
};

void view_init(struct view *view, struct budget *budget);
void view_free(struct view *view);

/* Lets the state follow the model and the size of the screen: before each key and each picture. */
void view_settle(struct view *view, struct state *state, const struct model *model,
                 const struct scene *scene, int cols, int rows);

/* Draws all of cells, whose size is the screen's. The state must be settled to it. */
void view_draw(struct view *view, struct cells *cells, const struct state *state,
               const struct model *model, const struct scene *scene);

/* What is seen at a place of the screen, for state->pointer. */
struct pointer view_pick(struct view *view, const struct state *state, const struct model *model,
                         int cols, int rows, int row, int col);

/* The rows of the screen that a pan moves sideways - the plot's, from column ROWS_COLS to the right
 * edge - as a mark a row; for shifting them on the terminal (terminal.md 4.4). Whether and how far
 * it was a pan, viewport_pan_cells tells. */
void view_shifting_rows(const struct view *view, const struct state *state, int cols, int rows,
                        bool *shifts);

#endif
