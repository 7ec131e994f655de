/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term/thrift.h"

#include "tests/tap.h"

/* Rows as pictures: R and S are slices of two colours, r and s full blocks in those, ( and ) edges
 * of slices of the first, [ and ] of the second; < and ^ begin one inside of a cell, by reversal, {
 * is a seam; a dot is a gap; B and C are bars that fill their cells. Of what comes out + is a gap
 * in the first colour, - in the second, a comma in that of texts. */

enum { MOST = 64 };

static const struct style run = { .fg = COLOUR_INK, .bg = COLOUR_RUNNING };
static const struct style call = { .fg = COLOUR_INK, .bg = COLOUR_SYSCALL };
static const struct style run_edge = { .fg = COLOUR_RUNNING, .bg = COLOUR_IDLE };
static const struct style call_edge = { .fg = COLOUR_SYSCALL, .bg = COLOUR_IDLE };
static const struct style ink = { .fg = COLOUR_INK, .bg = COLOUR_IDLE };
static const struct style idle = { .bg = COLOUR_IDLE };
static const struct style seam = { .bg = COLOUR_RUNNING };
static const struct style ground = { .bg = COLOUR_SYSCALL };
static const struct style reversed = { .fg = COLOUR_RUNNING,
	                               .bg = COLOUR_IDLE,
	                               .attributes = ATTRIBUTE_REVERSE };

static const struct picture {
	char sign;
	uint32_t code;
	const struct style *style;
} pictures[] = {
	{ '.', ' ', &idle },        { 'R', ' ', &run },          { 'S', ' ', &call },
	{ 'r', 0x2588, &run_edge }, { 's', 0x2588, &call_edge }, { '(', 0x2590, &run_edge },
	{ ')', 0x258c, &run_edge }, { '[', 0x2590, &call_edge }, { ']', 0x258c, &call_edge },
	{ '+', ' ', &run_edge },    { '-', ' ', &call_edge },    { '<', 0x258e, &reversed },
	{ '^', 0x258d, &reversed }, { '|', 0x2595, &run_edge },  { '{', 0x258f, &seam },
	{ 'x', 'x', &run },         { ',', ' ', &ink },          { 'B', ' ', &seam },
	{ 'C', ' ', &ground },
};

enum { PICTURES = sizeof(pictures) / sizeof(pictures[0]) };

static char sign_of(const struct cell *cell)
{
	for (int i = 0; i < PICTURES; i++)
		if (pictures[i].code == cell->code && pictures[i].style->fg == cell->style.fg &&
		    pictures[i].style->bg == cell->style.bg &&
		    pictures[i].style->attributes == cell->style.attributes)
			return pictures[i].sign;
	return '?';
}

static void becomes(const char *row, const char *want, const char *why)
{
	struct cell cells[MOST] = { 0 }, out[MOST];
	int count = (int)strlen(row);
	char got[MOST + 1] = "";

	for (int i = 0; i < count; i++)
		for (int p = 0; p < PICTURES; p++)
			if (pictures[p].sign == row[i])
				cells[i] = (struct cell){ .code = pictures[p].code,
					                  .style = *pictures[p].style };
	thrift_row(THEME_256, THRIFT_USUAL, cells, count, out);
	for (int i = 0; i < count; i++)
		got[i] = sign_of(&out[i]);
	is_text(got, want, why);
	thrift_row(THEME_256, THRIFT_NONE, cells, count, out);
	ok(memcmp(cells, out, (size_t)count * sizeof(*out)) == 0, "and nothing without blocks");
}

int main(void)
{
	becomes("..(RR)..", "..(rr)..", "a slice between its edges");
	becomes("RR..SS", "RR..SS", "no edges, no blocks");
	becomes("(RRRRRRRRRR.", "(RRRRRRRRRR.", "a long slice");
	becomes("(RRRRRRRRRR)", "(rrrrrrrrrr)", "but between two edges");
	becomes("(S)", "(S)", "edges of another colour");
	becomes("(..R..S", "(++r++S", "a gap between, which keeps the colour");
	becomes(")...[", ")+++[", "of what is before it");
	becomes("]..(", "]--(", "whatever comes then");
	becomes(")....................(", ")++++++++++++++++++++(", "a long one, too");
	becomes(")......................(", ")......................(", "but not any");
	becomes(")...", ")...", "the end of the row");
	becomes("(xRR)", "(xRR)", "text stays text, and what it is written in");
	becomes("rrrrrrrrsrrrrrrr.r", "BBBBBBBBCBBBBBBB.r", "many full bars");
	becomes("rrrrrrrrrrrrrrr.", "rrrrrrrrrrrrrrr.", "not so many");
	becomes(".<R.", ".(r.", "a short slice begins at a half");
	becomes(".<RRR.", ".<RRR.", "a wide one where it begins");
	becomes(".^RRR.", ".(rrr.", "or, if that is near, at a half, too");
	becomes(".^RRRRRRRR.", ".^RRRRRRRR.", "but not a long one");
	becomes("R{RRR.", "R{RRR.", "it has a seam");
	becomes("(R{R.", "(rrr.", "a short one has none");
	return tap_done();
}
