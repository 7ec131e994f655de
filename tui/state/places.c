/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/places.h"

static void push(struct place *list, int *count, const struct place *place)
{
	if (*count == PLACES_MAX) {
		memmove(list, list + 1, (PLACES_MAX - 1) * sizeof(*list));
		--*count;
	}
	list[(*count)++] = *place;
}

static bool is_same_window(const struct viewport *a, const struct viewport *b)
{
	return a->scale == b->scale && a->first == b->first;
}

static bool is_same_lens(const struct place *a, const struct place *b)
{
	return strcmp(a->filter, b->filter) == 0 && strcmp(a->highlight, b->highlight) == 0;
}

/* Steps by hand show a part of what was there before, about as large. */
static bool is_jump(const struct viewport *from, const struct viewport *to)
{
	return from->scale / 2 > to->scale || to->scale / 2 > from->scale ||
	       viewport_begin_ns(from) >= viewport_end_ns(to) ||
	       viewport_begin_ns(to) >= viewport_end_ns(from);
}

static bool is_same_selection(const struct place *a, const struct place *b)
{
	return a->selected.kind == b->selected.kind &&
	       a->selected.begin_ns == b->selected.begin_ns && a->selected.go == b->selected.go &&
	       a->selected.proc == b->selected.proc && a->selected.index == b->selected.index &&
	       row_equal(a->cursor, b->cursor);
}

void places_note(struct places *places, const struct place *from, const struct place *to,
                 bool is_rested)
{
	bool leads_on = places->leads_on && !is_same_selection(from, to);
	bool is_same = is_same_lens(from, to) && from->look == to->look && !leads_on;
	bool jumps = is_jump(&from->viewport, &to->viewport) || !is_same;

	places->leads_on = false;
	if (is_same_window(&from->viewport, &to->viewport) && is_same)
		return;
	if (jumps || is_rested || !places->is_moving)
		push(places->back, &places->back_count, from);
	places->is_moving = !jumps;
	places->forth_count = 0;
	places->version++;
}

void places_go(struct place *now, const struct place *to)
{
	int64_t end_ns = now->viewport.end_ns;
	int cols = now->viewport.cols;

	*now = *to;
	if (cols != now->viewport.cols)
		viewport_set_cols(&now->viewport, cols);
	if (end_ns != now->viewport.end_ns)
		viewport_set_end(&now->viewport, end_ns);
}

static void arrive(struct places *places, struct place *now, const struct place *to)
{
	places_go(now, to);
	places->is_moving = false;
	places->version++;
}

bool places_go_back(struct places *places, struct place *now)
{
	if (places->back_count == 0)
		return false;
	push(places->forth, &places->forth_count, now);
	arrive(places, now, &places->back[--places->back_count]);
	return true;
}

bool places_go_forth(struct places *places, struct place *now)
{
	if (places->forth_count == 0)
		return false;
	push(places->back, &places->back_count, now);
	arrive(places, now, &places->forth[--places->forth_count]);
	return true;
}

bool places_swap(struct places *places, struct place *now)
{
	struct place to;

	if (places->back_count == 0)
		return false;
	to = places->back[places->back_count - 1];
	places->back[places->back_count - 1] = *now;
	arrive(places, now, &to);
	return true;
}

void places_mark(struct places *places, char letter, const struct place *now)
{
	places->marks[letter - 'a'] = *now;
	places->is_marked[letter - 'a'] = true;
	places->last_mark = letter;
}

const struct place *places_marked(const struct places *places, char letter)
{
	return places->is_marked[letter - 'a'] ? &places->marks[letter - 'a'] : NULL;
}

int64_t place_moment_ns(const struct place *place)
{
	const struct viewport *window = &place->viewport;
	const struct span *selected = &place->selected;

	if (selected->kind != SPAN_NONE &&
	    viewport_touches(window, selected->begin_ns, selected->end_ns))
		return selected->begin_ns;
	return viewport_col_ns(window, window->cols / 2);
}
