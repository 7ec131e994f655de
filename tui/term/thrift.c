/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/thrift.h"

enum {
	FULL = 0x2588,
	LEFT_EIGHTH = 0x258f, /* and downwards to seven of them */
	RIGHT_HALF = 0x2590,
	RIGHT_EIGHTH = 0x2595,
	SLICE_MAX = 6,     /* cells: a block takes two bytes more than a space; */
	ENCLOSED_MAX = 14, /* between two edges more is saved */
	NEAR_MAX = 3,      /* cells between it and an edge, */
	WIDE = 2,          /* a slice of so many has exact edges, */
	WIDE_SLOW = 4,     /* or of so many; */
	LONG = 8,          /* up to there within an eighth */
	GAP_MAX = 20,      /* and of a gap, */
	BARS_MIN = 16,     /* and of bars that are full */
};

/* What counts of a cell. */
struct face {
	struct look look;
	bool is_space, is_block;
};

static struct face face_in(struct look look, const struct cell *cell)
{
	struct face face = { .look = look };
	bool is_bare = cell->marks[0] == 0 && look.attributes == 0 && !look.dim;

	face.is_space = is_bare && cell->code == ' ';
	face.is_block = is_bare && cell->code >= 0x2581 && cell->code <= 0x2595 && look.fg >= 0 &&
	                look.bg < 0;
	return face;
}

static struct face face_of(enum theme theme, const struct cell *cell)
{
	return face_in(theme_look(theme, cell->style), cell);
}

/* Most cells look as the one before. */
static void make_faces(enum theme theme, const struct cell *row, int count, struct face *faces)
{
	for (int i = 0; i < count; i++)
		faces[i] = i > 0 && style_is(row[i].style, row[i - 1].style)
		                   ? face_in(faces[i - 1].look, &row[i])
		                   : face_of(theme, &row[i]);
}

static bool is_slice(const struct face *face)
{
	return face->is_space && face->look.bg >= 0;
}

static bool is_gap(const struct face *face)
{
	return face->is_space && face->look.bg < 0;
}

/* The begin of a slice inside of a cell, which only a reversed block can show, at 40 bytes: how
 * many eighths of the cell are before it; 0: it is something else. */
static int reversed_eighths(struct look look, const struct cell *cell)
{
	if (look.attributes != ATTRIBUTE_REVERSE || look.bg >= 0 || look.fg < 0 || look.dim ||
	    cell->code <= FULL || cell->code > LEFT_EIGHTH || cell->marks[0] != 0)
		return 0;
	return (int)(LEFT_EIGHTH - cell->code) + 1;
}

/* A seam: a slice begins where another one of its colour ends. */
static bool is_seam(struct look look, const struct cell *cell)
{
	return cell->code == LEFT_EIGHTH && cell->marks[0] == 0 && look.fg < 0 && look.bg >= 0 &&
	       look.attributes == 0 && !look.dim;
}

static bool is_wide(int least, const struct face *faces, const struct cell *row, int count, int at,
                    int16_t colour)
{
	int wide = 0;

	for (int i = at + 1; i < count && wide < least; i++, wide++)
		if (row[i].style.attributes != 0 || faces[i].look.bg != colour ||
		    is_seam(faces[i].look, &row[i]))
			break;
	return wide == least;
}

/* An eighth from one that needs no reversal. */
static bool is_near_glyph(int before)
{
	return before == 3 || before == 5 || before == 6;
}

/* Slices that are not wide begin at the nearest half or last eighth, and those that follow on
 * another without a gap have no seam. */
static void round_begins(enum theme theme, int least, struct face *faces, const struct cell *row,
                         int count, struct cell *out)
{
	for (int i = 0; i < count; i++) {
		struct look look = faces[i].look;
		int before = reversed_eighths(look, &row[i]);

		if (is_seam(look, &row[i])) {
			if (is_wide(least, faces, row, count, i, look.bg))
				continue;
			out[i].code = ' ';
		} else if ((before > 1 && !is_wide(least, faces, row, count, i, look.fg)) ||
		           (is_near_glyph(before) &&
		            !is_wide(LONG, faces, row, count, i, look.fg))) {
			out[i].code = before < 6 ? RIGHT_HALF : RIGHT_EIGHTH;
			out[i].style.attributes = 0;
		} else {
			continue;
		}
		faces[i] = face_of(theme, &out[i]);
	}
}

/* The block in that colour that is nearest on one side, behind a gap at most; count: none. */
static int find_block(const struct face *faces, int count, int at, int sign, int16_t colour)
{
	for (int i = 0; i <= NEAR_MAX && at >= 0 && at < count; i++, at += sign) {
		if (faces[at].is_block)
			return faces[at].look.fg == colour ? at : count;
		if (!is_gap(&faces[at]))
			break;
	}
	return count;
}

/* A name is written in the slice before: its colours change behind that or at the edge, and spaces
 * take less than blocks. */
static bool is_behind_name(const struct face *faces, int from)
{
	return from > 0 && faces[from - 1].look.bg == faces[from].look.bg;
}

/* Short slices as blocks, if there are others beside them. */
static void make_blocks(enum theme theme, struct face *faces, int count, struct cell *out)
{
	for (int from = 0, end; from < count; from = end) {
		int16_t colour = faces[from].look.bg;
		int left, right, most;

		end = from + 1;
		if (!is_slice(&faces[from]))
			continue;
		while (end < count && is_slice(&faces[end]) && faces[end].look.bg == colour)
			end++;
		left = find_block(faces, count, from - 1, -1, colour);
		right = find_block(faces, count, end, 1, colour);
		most = is_behind_name(faces, from)     ? 0
		       : left < count && right < count ? ENCLOSED_MAX
		       : left < count || right < count ? SLICE_MAX
		                                       : 0;
		for (int i = from; end - from <= most && i < end; i++) {
			out[i].code = FULL;
			out[i].style = out[left < count ? left : right].style;
			faces[i] = face_of(theme, &out[i]);
		}
	}
}

/* Of a bar that fills its cell the same as a space. */
static bool find_ground(enum theme theme, const struct cell *cell, struct style *ground)
{
	struct look look;

	*ground = (struct style){ .bg = cell->style.fg };
	look = theme_look(theme, *ground);
	return look.attributes == 0 && !look.dim && look.bg >= 0 &&
	       look.bg == theme_look(theme, cell->style).fg;
}

/* Many such bars in a row, of whatever colours. */
static void fill_bars(enum theme theme, struct face *faces, const struct cell *row, int count,
                      struct cell *out)
{
	for (int from = 0, end; from < count; from = end) {
		struct style ground;

		for (end = from; end < count && row[end].code == FULL && faces[end].is_block &&
		                 find_ground(theme, &row[end], &ground);)
			end++;
		for (int i = from; end - from >= BARS_MIN && i < end; i++) {
			find_ground(theme, &row[i], &out[i].style);
			out[i].code = ' ';
			faces[i] = face_of(theme, &out[i]);
		}
		end += end == from;
	}
}

/* What is written with, behind a cell; to leave a ground costs the ink, too. */
static bool has_ink(const struct face *face)
{
	return face->look.fg >= 0 && face->look.bg < 0 && face->look.attributes == 0 &&
	       !face->look.dim;
}

/* A gap keeps the colour of what is written before it, until something else is. */
static void keep_colours(const struct face *faces, int count, struct cell *out)
{
	for (int from = 1, end; from < count; from = end) {
		end = from + 1;
		if (!is_gap(&faces[from]) || !has_ink(&faces[from - 1]))
			continue;
		while (end < count && is_gap(&faces[end]))
			end++;
		for (int i = from; end < count && end - from <= GAP_MAX && i < end; i++)
			out[i].style.fg = out[from - 1].style.fg;
	}
}

void thrift_row(enum theme theme, enum thrift thrift, const struct cell *row, int count,
                struct cell *out)
{
	struct face faces[CELLS_COLS_MAX];

	memcpy(out, row, (size_t)count * sizeof(*out));
	if (theme == THEME_MONO || thrift == THRIFT_NONE || count > CELLS_COLS_MAX)
		return;
	make_faces(theme, row, count, faces);
	round_begins(theme, thrift == THRIFT_SLOW ? WIDE_SLOW : WIDE, faces, row, count, out);
	make_blocks(theme, faces, count, out);
	fill_bars(theme, faces, row, count, out);
	keep_colours(faces, count, out);
}
