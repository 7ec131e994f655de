/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/emulator.h"

#include <stdlib.h>
#include <string.h>

enum { BOLD = 1, DIM = 2, UNDERLINE = 4, REVERSE = 8, FULL = 0x2588 };

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

void emulator_init(struct emulator *e, int cols, int rows)
{
	*e = (struct emulator){ .cols = clamp(cols, 1, EMULATOR_COLS),
		                .rows = clamp(rows, 1, EMULATOR_ROWS) };
	e->bottom = e->rows - 1;
	e->pen = e->saved = (struct emulator_pen){ .fg = -1, .bg = -1 };
	for (int row = 0; row < EMULATOR_ROWS; row++)
		for (int col = 0; col < EMULATOR_COLS; col++)
			e->cells[row][col] = (struct emulator_cell){ ' ', -1, -1, 0 };
}

/* ---- cells */

/* Erased ones have the ground that is set. */
static struct emulator_cell blank(const struct emulator *e)
{
	return (struct emulator_cell){ ' ', -1, e->pen.bg, 0 };
}

static void erase(struct emulator *e, int row, int from, int to)
{
	for (int col = clamp(from, 0, e->cols); col < to && col < e->cols; col++)
		e->cells[row][col] = blank(e);
}

static void scroll(struct emulator *e, int top, int bottom, int by)
{
	for (int i = 0; i < abs(by) && i <= bottom - top; i++) {
		size_t lines = (size_t)(bottom - top) * sizeof(e->cells[0]);

		if (by > 0)
			memmove(e->cells[top], e->cells[top + 1], lines);
		else
			memmove(e->cells[top + 1], e->cells[top], lines);
		erase(e, by > 0 ? bottom : top, 0, e->cols);
	}
}

static void line_feed(struct emulator *e)
{
	if (e->pen.row == e->bottom)
		scroll(e, e->top, e->bottom, 1);
	else
		e->pen.row = clamp(e->pen.row + 1, 0, e->rows - 1);
}

static void put(struct emulator *e, uint32_t code)
{
	struct emulator_pen *pen = &e->pen;

	if (pen->wraps) {
		pen->col = 0;
		line_feed(e);
	}
	e->cells[pen->row][pen->col] =
		(struct emulator_cell){ code, pen->fg, pen->bg, pen->attributes };
	e->last = code;
	pen->wraps = pen->col == e->cols - 1;
	pen->col += !pen->wraps;
}

/* Moves what is right of the pen; by > 0: to the right. */
static void shift(struct emulator *e, int by)
{
	struct emulator_cell *line = e->cells[e->pen.row];
	int col = e->pen.col, count = clamp(abs(by), 0, e->cols - col);
	size_t rest = (size_t)(e->cols - col - count) * sizeof(*line);

	if (by > 0)
		memmove(line + col + count, line + col, rest);
	else
		memmove(line + col, line + col + count, rest);
	erase(e, e->pen.row, by > 0 ? col : e->cols - count, by > 0 ? col + count : e->cols);
}

/* ---- sequences */

struct numbers {
	int items[16];
	int count;
	bool is_private;
};

static struct numbers parse(const char *text)
{
	struct numbers n = { .is_private = text[0] == '?' };
	const char *at = text + n.is_private;

	for (;; at++) {
		n.items[n.count++] = (int)strtol(at, NULL, 10);
		at += strspn(at, "0123456789");
		if (*at != ';' || n.count == 16)
			return n;
	}
}

static int one(const struct numbers *n, int at)
{
	return at < n->count && n->items[at] > 0 ? n->items[at] : 1;
}

static void set_colour(struct emulator *e, const struct numbers *n, int *at)
{
	int16_t *colour = n->items[*at] == 38 ? &e->pen.fg : &e->pen.bg;

	if (*at + 2 < n->count && n->items[*at + 1] == 5)
		*colour = (int16_t)n->items[*at + 2];
	else
		e->unknown++;
	*at += 2;
}

static void set_pen(struct emulator *e, const struct numbers *n)
{
	struct emulator_pen *pen = &e->pen;

	for (int i = 0; i < n->count; i++) {
		int what = n->items[i];

		if (what == 0) {
			pen->fg = pen->bg = -1;
			pen->attributes = 0;
		} else if (what == 38 || what == 48) {
			set_colour(e, n, &i);
		} else if (what == 39 || what == 49) {
			*(what == 39 ? &pen->fg : &pen->bg) = -1;
		} else if ((what >= 30 && what <= 37) || (what >= 90 && what <= 97)) {
			pen->fg = (int16_t)(what < 90 ? what - 30 : what - 82);
		} else if ((what >= 40 && what <= 47) || (what >= 100 && what <= 107)) {
			pen->bg = (int16_t)(what < 100 ? what - 40 : what - 92);
		} else if (what == 1 || what == 2) {
			pen->attributes |= (uint8_t)(what == 1 ? BOLD : DIM);
		} else if (what == 4 || what == 7) {
			pen->attributes |= (uint8_t)(what == 4 ? UNDERLINE : REVERSE);
		} else if (what == 22 || what == 24 || what == 27) {
			pen->attributes &= (uint8_t) ~(what == 22   ? BOLD | DIM
			                               : what == 24 ? UNDERLINE
			                                            : REVERSE);
		} else {
			e->unknown++;
		}
	}
}

static void erase_display(struct emulator *e, int what)
{
	erase(e, e->pen.row, what == 0 ? e->pen.col : 0, what == 1 ? e->pen.col + 1 : e->cols);
	for (int row = 0; row < e->rows; row++)
		if (what == 2 || (what == 0 ? row > e->pen.row : row < e->pen.row))
			erase(e, row, 0, e->cols);
}

static void move(struct emulator *e, int row, int col)
{
	e->pen.row = clamp(row, 0, e->rows - 1);
	e->pen.col = clamp(col, 0, e->cols - 1);
	e->pen.wraps = false;
}

static void set_modes(struct emulator *e, const struct numbers *n, bool on)
{
	for (int i = 0; i < n->count; i++)
		if (n->is_private && n->items[i] == 25)
			e->is_hidden = !on;
}

/* CSI, its numbers, a letter. */
static void obey(struct emulator *e, const char *text, char letter)
{
	struct numbers n = parse(text);
	struct emulator_pen *pen = &e->pen;

	switch (letter) {
	case 'm':
		set_pen(e, &n);
		return;
	case 'H':
		move(e, one(&n, 0) - 1, one(&n, 1) - 1);
		return;
	case 'G':
		move(e, pen->row, one(&n, 0) - 1);
		return;
	case 'd':
		move(e, one(&n, 0) - 1, pen->col);
		return;
	case 'A':
	case 'B':
		move(e, pen->row + (letter == 'A' ? -one(&n, 0) : one(&n, 0)), pen->col);
		return;
	case 'C':
	case 'D':
		move(e, pen->row, pen->col + (letter == 'C' ? one(&n, 0) : -one(&n, 0)));
		return;
	case 'X':
		erase(e, pen->row, pen->col, pen->col + one(&n, 0));
		return;
	case 'K':
		erase(e, pen->row, n.items[0] == 0 ? pen->col : 0,
		      n.items[0] == 1 ? pen->col + 1 : e->cols);
		return;
	case 'J':
		erase_display(e, n.items[0]);
		return;
	case '@':
	case 'P':
		shift(e, letter == '@' ? one(&n, 0) : -one(&n, 0));
		return;
	case 'L':
	case 'M':
		scroll(e, pen->row, e->bottom, letter == 'M' ? one(&n, 0) : -one(&n, 0));
		return;
	case 'S':
	case 'T':
		scroll(e, e->top, e->bottom, letter == 'S' ? one(&n, 0) : -one(&n, 0));
		return;
	case 'b':
		for (int i = one(&n, 0); i > 0; i--)
			put(e, e->last);
		return;
	case 'r':
		e->top = clamp(one(&n, 0) - 1, 0, e->rows - 1);
		e->bottom = n.count > 1 ? clamp(n.items[1] - 1, e->top, e->rows - 1) : e->rows - 1;
		move(e, 0, 0);
		return;
	case 'h':
	case 'l':
		set_modes(e, &n, letter == 'h');
		return;
	case 't': /* of windows */
		return;
	default:
		e->unknown++;
	}
}

static void obey_short(struct emulator *e, char letter)
{
	if (letter == '7')
		e->saved = e->pen;
	else if (letter == '8')
		e->pen = e->saved;
	else if (letter == 'M' && e->pen.row == e->top)
		scroll(e, e->top, e->bottom, -1);
	else if (letter == 'M')
		move(e, e->pen.row - 1, e->pen.col);
	else if (letter != '=' && letter != '>')
		e->unknown++;
}

/* Behind ESC; false: more is to come. */
static bool end_sequence(struct emulator *e)
{
	char first = e->sequence[0], last = e->sequence[e->len - 1];

	if (first == '[') {
		if (e->len == 1 || last < '@' || last > '~')
			return false;
		e->sequence[e->len - 1] = '\0';
		obey(e, e->sequence + 1, last);
		return true;
	}
	if (first == ']')
		return last == '\a' || last == '\\';
	if (first == '(' || first == ')')
		return e->len == 2;
	obey_short(e, first);
	return true;
}

/* ---- bytes */

static void control(struct emulator *e, char c)
{
	if (c == '\r')
		move(e, e->pen.row, 0);
	else if (c == '\n')
		line_feed(e);
	else if (c == '\b')
		move(e, e->pen.row, e->pen.col - 1);
	else if (c == '\t')
		move(e, e->pen.row, (e->pen.col / 8 + 1) * 8);
}

static void take(struct emulator *e, unsigned char c)
{
	if (e->len > 0) {
		if (e->len == sizeof(e->sequence)) /* of a long text: its end counts */
			e->len--;
		e->sequence[e->len - 1] = (char)c;
		if (end_sequence(e))
			e->len = 0;
		else
			e->len++;
		return;
	}
	if (c == '\033') {
		e->len = 1;
	} else if (c < ' ') {
		control(e, (char)c);
	} else if (c < 0x80) {
		put(e, c);
	} else if (c >= 0xc0) {
		e->more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
		e->code = c & (0x3fu >> e->more);
	} else {
		e->code = e->code << 6 | (c & 0x3f);
		if (--e->more == 0)
			put(e, e->code);
	}
}

void emulator_take(struct emulator *e, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		take(e, (unsigned char)bytes[i]);
}

/* ---- looks */

static struct emulator_cell face(struct emulator_cell cell)
{
	int16_t fg = cell.fg;

	if (cell.attributes & REVERSE) {
		cell.fg = cell.bg;
		cell.bg = fg;
	}
	if (cell.code == FULL) {
		cell.code = ' ';
		cell.bg = cell.fg;
	}
	if (cell.code == ' ' && (cell.attributes & UNDERLINE) == 0) {
		cell.fg = -1;
		cell.attributes &= REVERSE;
	}
	return cell;
}

bool emulator_is_same(const struct emulator *a, const struct emulator *b, int *row, int *col)
{
	for (*row = 0; *row < a->rows; ++*row)
		for (*col = 0; *col < a->cols; ++*col) {
			struct emulator_cell x = face(a->cells[*row][*col]),
					     y = face(b->cells[*row][*col]);

			if (x.code != y.code || x.fg != y.fg || x.bg != y.bg ||
			    x.attributes != y.attributes)
				return false;
		}
	return true;
}
