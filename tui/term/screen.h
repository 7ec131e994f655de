/* SPDX-License-Identifier: MIT */
#ifndef TUI_TERM_SCREEN_H
#define TUI_TERM_SCREEN_H

#include "core/base/error.h"
#include "tui/term/term_type.h"
#include "tui/term/theme.h"
#include "tui/view/cells.h"

#include <termios.h>

/* Cells -> terminal, by curses, whose one user this is: it owns the terminal's settings and the
 * alternate screen, while the keyboard is read by the loop (screen.fd) and named by tui/term/keys.
 * At most one is open at a time.
 *
 * Before screen_open the loop must have handlers for INT, TSTP, CONT and WINCH, or curses installs
 * its own; those of tui/term/rescue are installed here. setlocale(LC_CTYPE, "") comes before, too.
 */
struct screen_options {
	const char *type; /* NULL: from TERM */
	bool no_color;    /* NO_COLOR, --color=never */
	bool no_mouse;
	bool no_shift; /* screen_shift does nothing */
	bool is_slow;  /* the line: bytes count more than eighths of a cell */
};

struct screen {
	int cols, rows;
	int fd;                /* the keyboard: for poll and read */
	struct term_type type; /* type.name is for keys_open; if type.substituted, say so once */
	enum theme theme;
	bool mouse; /* is reported; see screen_set_mouse */

	/* private */
	void *curses;         /* SCREEN; NULL: not open */
	void *tty;            /* FILE of /dev/tty; NULL: standard input and output do */
	int out_fd, count_fd; /* count_fd: /proc/self/io or -1 */
	bool default_colours; /* the terminal can go back to them */
	bool can_shift;
	bool is_slow;
	int64_t shift_bytes;
	struct termios shell;
	int16_t pairs[COLOUR_COUNT][COLOUR_COUNT]; /* plus one; 0: not made yet */
	bool wide[CELLS_ROWS_MAX];                 /* the row shows a wide glyph */
};

/* Takes the terminal over. Refusals are ERROR_USAGE: no terminal, no TERM, a terminal whose cursor
 * cannot be placed. Then nothing was changed. */
bool screen_open(struct screen *screen, const struct screen_options *options, struct error *err);

/* Gives it back as it was; does nothing if it is not open. */
void screen_close(struct screen *screen);

/* Shows cells, by the differences to what is there; an unchanged picture costs no byte. Returns the
 * bytes written, those of screen_shift before included; 0 as well if the system does not count. */
int64_t screen_show(struct screen *screen, const struct cells *cells);

/* The picture that comes next has rows [row, row + count) moved n columns to the left (n < 0: to
 * the right) from col on to the right edge: has the terminal move what it shows, so that
 * screen_show sends only the new columns (terminal.md 4.4). False if this terminal cannot. */
bool screen_shift(struct screen *screen, int row, int count, int col, int n);

/* The window may have another size: sets cols and rows, clamped like cells. */
void screen_resize(struct screen *screen);

/* The next screen_show paints everything again. */
void screen_repaint(struct screen *screen);

/* Asks the terminal to take a text as its clipboard (OSC 52), which it may ignore; false: it is
 * longer than terminals take. */
bool screen_copy(struct screen *screen, struct bytes text);

/* Mouse reporting off lets users copy text with their terminal's own means. */
void screen_set_mouse(struct screen *screen, bool on);

/* The terminal is the shell's, or an editor's, until resume, which also asks for its size again and
 * paints all. */
void screen_suspend(struct screen *screen);
void screen_resume(struct screen *screen);

/* What views may draw with: ASCII unless locale and terminal can do better. */
enum glyphs screen_glyphs(const struct screen *screen);

#endif
