/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_STATE_H
#define TUI_STATE_STATE_H

#include "tui/state/finds.h"
#include "tui/state/hunt.h"
#include "tui/state/looks.h"
#include "tui/state/links.h"
#include "tui/state/many.h"
#include "tui/state/places.h"
#include "tui/state/prompt.h"
#include "tui/state/sheet.h"
#include "tui/state/sieve.h"

/* All that a user can change. Commands change it, views read it. */

enum mode {
	MODE_TIMELINE,
	MODE_HELP,
	MODE_DAMAGE,
	MODE_ABOUT,
	MODE_TABLE,
	MODE_PROMPT, /* of keys alone: below it goes on what was there */
	MODE_COUNT,
};

/* As keymaps name it. */
const char *mode_name(enum mode mode);

/* Where on the screen something is, as far as keys of the mouse tell apart. */
enum area {
	AREA_NONE,
	AREA_TITLE,
	AREA_OVERVIEW,
	AREA_RULER,
	AREA_LABELS,
	AREA_PLOT,
	AREA_BORDER, /* the pane's title */
	AREA_DETAIL,
	AREA_STATUS,
	AREA_TABLE,
	AREA_COUNT,
};

const char *area_name(enum area area); /* "ruler"; of AREA_NONE: "" */

/* The place of the mouse, and what a picture of this state shows there (tui/view/pick). */
struct pointer {
	int row, col;    /* on the screen */
	uint8_t area;    /* enum area */
	int plot_col;    /* column of the plot; beyond its edges in other areas */
	int64_t time_ns; /* of that column; and what it is in the overview's strip */
	int64_t strip_ns;
	bool has_lane; /* it is over a row of the timeline: */
	struct row lane;
	struct span span; /* SPAN_NONE: nothing there */
	bool is_dense;    /* several are there, too many to tell which */
	int link;         /* of the pane, as struct links counts them; 0: none */
};

/* What dragging with the left button does. */
enum mouse_mode { MOUSE_PAN, MOUSE_ZOOM, MOUSE_TIMING, MOUSE_SELECT, MOUSE_MODES };

const char *mouse_mode_name(enum mouse_mode mode);

/* A stretch of time that is measured. */
struct range {
	int64_t begin_ns, end_ns;
	bool is_set;
};

enum { LINE_COMMAND_MAX = LINE_EDIT_MAX + 16 }; /* a line with a command's name before it */
/* Rows and time of which the spans are selected. */
struct box {
	struct row first, last; /* in any order */
	int64_t begin_ns, end_ns;
	int64_t at_ns;    /* up to there it is done */
	bool by_parts;    /* it laps into several parts */
	uint32_t part;    /* the next one */
	struct span like; /* has_title: only those that are called as it is */
	bool has_title;
	bool adds;      /* to what is selected */
	bool is_beside; /* the pane goes on telling of the selection */
	bool is_drawn;  /* the mouse is drawing it */
};

/* What is copied: the place and what the pane tells, or a part of it. */
enum copy { COPY_ALL, COPY_LOCATOR, COPY_TABLE, COPY_SCREEN, COPIES };

/* From when times on the ruler count. */
enum time_base { TIME_OF_TRACE, TIME_OF_MARK, TIME_OF_CLOCK, TIME_BASES };

/* Lines over the lanes, a period apart. */
struct grid {
	bool is_on;
	int64_t anchor_ns, period_ns;
};

enum { GRID_PERIOD_NS = 10000000 /* after so long a goroutine is asked to make room */ };

struct state {
	struct place at;
	struct places places; /* where one has been */
	bool is_rested;       /* no key came for a second: what follows is another move */
	int count;            /* of times that the next command is to be run; 0: once */
	struct rows rows;
	struct looks looks; /* of the rows, the last ones */
	enum mode mode;
	bool is_tall;    /* the detail pane has most of the screen */
	int detail_more; /* lines of it beyond the usual */
	int detail_rows; /* that it has */
	int detail_scroll, damage_scroll;
	struct links links; /* in the pane */
	bool shows_runtime; /* frames of it in the pane's stacks */
	int source_stack;   /* of the pane, from 1 on, and the frame of it, likewise */
	int source_frame;   /* (EFFECT_SOURCE); 0: the first that is the program's own */
	int table_scroll;   /* of help, or of what about shows */
	int damage_row;     /* the cursor in the list of damage */
	struct sheets sheets;
	const char *rival;   /* another trace to compare with, as the command line has it; NULL */
	int page;            /* lanes that fit on the screen */
	bool has_cursor;     /* it was set: by the first P or by the user */
	int64_t sketched_ns; /* the trace's end, while the model may not know it; 0: it does */

	struct pointer pointer;
	bool pointer_is_fresh; /* it moved in the last seconds: zooming happens around it */
	struct pointer grab;   /* where a button went down */
	bool is_grabbed;
	struct viewport grab_window; /* then */
	int grab_scroll, grab_more;
	struct span grab_selected; /* what a click selects something else than, if no drag follows */
	bool grab_shows_many, grab_is_click;
	int64_t grab_other_ns; /* the end of the range that stays */
	uint8_t mouse;         /* enum mouse_mode */
	bool mouse_is_once;    /* one drag pans, whatever others do */
	struct range range;
	struct box box;
	struct many many; /* selected together */
	bool shows_many;  /* the pane tells about them, not about the selection */
	struct grid grid;
	uint8_t copy;       /* enum copy (EFFECT_COPY) */
	char copy_file[64]; /* a new one; "": to the clipboard */
	char keymap[64];    /* name or file (EFFECT_KEYMAP) */
	uint8_t base;       /* enum time_base */
	int64_t base_ns;    /* of the mark */
	bool highlights_gc; /* GC cycles and stops, over all lanes */

	uint32_t want_part; /* whose history a command needs (EFFECT_WANT); INDEX_NONE */
	struct search_window want_window; /* and of which time a close-up; of no length: none */
	char want_line[LINE_COMMAND_MAX]; /* the command, to be run again; "": none */

	bool is_live;    /* more of the trace arrives */
	bool is_frozen;  /* the window stays where it is nevertheless */
	bool was_whole;  /* then, the whole trace was shown */
	int64_t task_ns; /* of the task that was gone to last */
	struct hunt hunt;
	struct finds finds;
	struct sieve sieve; /* goroutines that are to get lanes are looked for */
	struct prompt prompt;
	char keys[64];     /* pressed so far of a longer sequence */
	char message[160]; /* for the status line; "" */
	bool is_error;     /* of what could not be done */
	int wrong_at;      /* the byte of the command line where it makes no sense; -1: it does */
};

/* Whose keys are bound now. */
enum mode state_keys_mode(const struct state *state);

void state_init(struct state *state, struct budget *budget);
void state_free(struct state *state);

/* Takes over what does not come from the user: rows and length of a growing trace, the columns of
 * the plot, how many lanes fit below the fixed rows, and the selection's place in a history that
 * has come since. Before each key and each picture. */
void state_follow(struct state *state, const struct model *model, int plot_cols, int page);

/* Of a trace that arrives, the window goes with its end, or stands still; and goes on. */
void state_freeze(struct state *state, bool is_frozen);

/* Sets the message: what was done, or why it could not be. */
__attribute__((format(printf, 2, 3))) void state_say(struct state *state, const char *format, ...);
__attribute__((format(printf, 2, 3))) void state_refuse(struct state *state, const char *format,
                                                        ...);

/* Selects a span, and moves the cursor to its row, unless it is in one that shows it. */
void state_select(struct state *state, const struct span *span);
void state_deselect(struct state *state);
bool state_has_selection(const struct state *state);

/* The goroutines that are selected: those of several spans, or that of the selection, or else that
 * of the cursor's lane. Ascending, each once, in place of what was in gos; room is scratch. */
bool state_has_gos(const struct state *state);
uint32_t state_go(const struct state *state); /* of one alone; INDEX_NONE: none */
void state_gos(const struct state *state, u32_array *gos, u32_array *room);

/* From the first begin to the last end of what is selected; false: nothing is. */
bool state_bounds(const struct state *state, int64_t *begin_ns, int64_t *end_ns);

/* Whether the pane has a table of numbers: of several selected spans, or of a range of time. */
bool state_has_board(const struct state *state);

/* Moves the cursor to a row, and scrolls until it shows. */
void state_set_cursor(struct state *state, struct row row);

/* Scrolls lanes; the cursor comes along when it would leave the screen. */
void state_scroll(struct state *state, int lanes);

/* The rows are shown another way now, or are to be as they were at the place that was gone to; what
 * changed them before, as a trace grew, is none of the user's doing. */
void state_note_look(struct state *state);
void state_follow_look(struct state *state);

/* Where what is next or previous is looked for from: the selection, if it is seen; else the edge of
 * the window, of kind SPAN_NONE. */
struct span state_reference(const struct state *state, int sign);

/* Whether two spans are the same thing. */
bool span_is_same(const struct span *a, const struct span *b);

#endif
