/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_finds.h"

#include <inttypes.h>

enum { LEAST_COLS = 20 };

/* "12.3%" of what all Ps could have done. */
static void add_worth(struct line *line, int64_t millionths)
{
	if (millionths >= 1000000)
		line_add(line, "%5" PRId64 "%%", millionths / 10000);
	else
		line_add(line, "%3" PRId64 ".%" PRId64 "%%", millionths / 10000,
		         millionths / 1000 % 10);
}

/* Where a text is broken so that no more than so many bytes stand before it: at a space. */
static size_t break_of(struct bytes text, size_t most)
{
	size_t at = most;

	if (text.len <= most)
		return text.len;
	while (at > 0 && text.data[at] != ' ')
		at--;
	return text.data[at] == ' ' ? at : most;
}

/* As many lines as it takes, of which the first has begun; the others begin with so many spaces. */
static void add_prose(struct detail_text *t, struct line *note, struct bytes rest, int indent,
                      size_t cols, int lines)
{
	while (lines-- > 0) {
		size_t room = cols > note->len + LEAST_COLS ? cols - note->len : LEAST_COLS;
		size_t cut = lines > 0 ? break_of(rest, room) : rest.len;

		line_add_bytes(note, (struct bytes){ rest.data, cut });
		if (cut == rest.len || t->note_count == DETAIL_NOTES)
			return;
		cut += rest.data[cut] == ' ';
		rest = (struct bytes){ rest.data + cut, rest.len - cut };
		note = detail_add_note(t);
		line_add(note, "%*s", indent, "");
	}
}

static void add_listed(struct detail_text *t, const struct findings *findings, size_t at, int cols)
{
	enum { INDENT = 8, LINES = 2 };
	const struct finding *finding = &findings->items.items[at];
	struct line *note = detail_add_note(t);

	line_add(note, "%zu ", at + 1);
	add_worth(note, finding_worth(findings, finding));
	line_add(note, " %s: ", finding_names[finding->kind]);
	detail_add_link(t, note, 0, "finding %zu", at + 1);
	add_prose(t, note, finding->sentence, INDENT, (size_t)cols, LINES);
}

void detail_text_add_findings(struct detail_text *t, const struct finds *finds, int cols)
{
	enum { MOST = 5 };
	int told = 0;

	for (size_t i = 0; i < finds->list->items.count && told < MOST; i++)
		if (finds->list->items.items[i].is_alarm) {
			add_listed(t, finds->list, i, cols);
			told++;
		}
}

void detail_text_add_finding(struct detail_text *t, const struct finding *finding, int cols)
{
	enum { INDENT = 2, LINES = 8 };
	struct line *note = detail_add_note(t);

	line_add(note, "%s: ", finding_names[finding->kind]);
	add_prose(t, note, finding->sentence, INDENT, (size_t)cols, LINES);
}
