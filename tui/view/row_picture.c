/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/row_picture_at.h"

#include "tui/state/seek.h"

/* How many spans a stretch may have, and ranges a cell. */
enum { STRETCH_SPANS = 6 * STRETCH, CELL_RANGES = 5 };

/* Selected spans that are looked at for a cell, if others of other rows are among them. */
enum { OTHERS_MAX = 256 };

_Static_assert((int)STRETCH <= (int)SLICE_CELLS_MAX, "a stretch is made at once");
_Static_assert((int)STRETCH < (int)ROW_STRETCH_CELLS, "what it needs is told");

void row_picture_init(struct row_picture *picture, struct budget *budget)
{
	memset(picture, 0, sizeof(*picture));
	picture->slices.budget = picture->memos.budget = budget;
}

void row_picture_free(struct row_picture *picture)
{
	array_free(&picture->slices);
	array_free(&picture->memos);
}

static bool is_selected(const struct state *state, const struct span *span)
{
	return (state_has_selection(state) && span_is_same(span, &state->at.selected)) ||
	       many_has(&state->many, span);
}

bool stretch_is_hit(const struct stretch *s, const struct span *span)
{
	const struct row_picture *picture = s->picture;

	return (picture->search != NULL && search_accepts(picture->search, s->model, span)) ||
	       (lens_is_on(picture->highlight) && lens_passes(picture->highlight, s->model, span));
}

static void add_slice(const struct stretch *s, const struct span *span)
{
	*array_push(&s->picture->slices) =
		(struct slice){ .span = *span,
		                .shade = (uint8_t)shade_of_span(span),
		                .is_selected = is_selected(s->state, span),
		                .is_hit = stretch_is_hit(s, span),
		                .is_dim = !lens_passes(s->picture->filter, s->model, span) };
}

/* The place of a span that lapped in from the stretch before; the end if it did not. */
static size_t find_slice(const struct stretch *s, const struct span *span, size_t end)
{
	for (size_t i = s->before; i < end && span->begin_ns < s->cells_ns; i++)
		if (span_is_same(&s->picture->slices.items[i].span, span))
			return i;
	return end;
}

/* ---- Ps */

/* Counting is quicker than fetching: a run begins that many times, or there is no history. */
static bool is_dense(const struct stretch *s)
{
	struct mix mix;

	if (!model_has_lane(s->model, row_lane(s->row), s->begin_ns, s->end_ns))
		return true;
	if (!row_is_of_proc(s->row) || row_is_of_said(s->row))
		return false;
	mix = model_mix(s->model, s->row.index, s->begin_ns, s->end_ns);
	return mix.spans >= STRETCH_SPANS;
}

/* Adds the spans of the stretch; false if there are too many, or their history is missing. */
static bool add_spans(struct stretch *s)
{
	struct span spans[STRETCH_SPANS];
	size_t old = s->picture->slices.count;
	size_t count;

	if (is_dense(s))
		return false;
	count = model_spans(s->model, row_lane(s->row), s->begin_ns, s->end_ns, spans,
	                    STRETCH_SPANS);
	if (count == STRETCH_SPANS)
		return false;
	s->slices = old;
	for (size_t i = 0; i < count; i++) {
		size_t known = find_slice(s, &spans[i], old);

		if (known == old)
			add_slice(s, &spans[i]);
		else if (known < s->slices)
			s->slices = known;
	}
	return true;
}

/* ---- GC cycles and stops */

/* The first range that ends after the stretch begins. */
static size_t first_range(const struct stretch *s, enum seek_kind kind, size_t count)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;

		if (seek_span(s->model, kind, middle).end_ns < s->begin_ns)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* Ranges that are inside one cell, from the fifth on, are added to the fourth: the same picture. */
static void add_range(struct stretch *s, const struct span *span, int64_t *cell, int *in_cell)
{
	const struct viewport *viewport = &s->state->at.viewport;
	int64_t at = viewport_cell_at(viewport, span->begin_ns);
	struct slice *last;

	*in_cell = at == *cell ? *in_cell + 1 : 1;
	*cell = at;
	if (*in_cell <= CELL_RANGES || viewport_cell_at(viewport, span->end_ns) != at ||
	    span_is_same(span, &s->state->at.selected)) {
		add_slice(s, span);
		return;
	}
	last = &s->picture->slices.items[s->picture->slices.count - 1];
	last->span.end_ns += span->end_ns - span->begin_ns;
}

static void add_ranges(struct stretch *s)
{
	enum seek_kind kind = s->row.kind == ROW_GC ? SEEK_GC : SEEK_STW;
	size_t count = kind == SEEK_GC ? s->model->cycles.count : s->model->stops.count;
	size_t old = s->picture->slices.count;
	int64_t cell = INT64_MIN;
	int in_cell = 0;

	s->slices = old;
	for (size_t i = first_range(s, kind, count); i < count; i++) {
		struct span span = seek_span(s->model, kind, i);
		size_t known = find_slice(s, &span, old);

		if (span.begin_ns >= s->end_ns)
			break;
		if (known == old)
			add_range(s, &span, &cell, &in_cell);
		else if (known < s->slices)
			s->slices = known;
	}
}

/* ---- what is not loaded */

static bool is_sketched(const struct row_picture *picture, const struct viewport *viewport, int col)
{
	int64_t begin = viewport_col_ns(viewport, col), end = viewport_col_ns(viewport, col + 1);

	return begin + (end - begin) / 2 >= sketches_from_ns(picture->sketches) && end > 0 &&
	       begin < viewport->end_ns;
}

/* The lane of a P; of other rows nothing is known. */
static void sketch_cells(struct row_picture *picture, const struct viewport *viewport, bool is_lane,
                         uint64_t proc, bool inner)
{
	for (int i = 0; i < viewport->cols; i++) {
		int64_t begin = viewport_col_ns(viewport, i),
			end = viewport_col_ns(viewport, i + 1);
		struct mix mix = { 0 };

		if (!is_sketched(picture, viewport, i))
			continue;
		if (is_lane)
			mix = sketches_mix(picture->sketches, proc, begin, end);
		picture->cells[i] = slice_cell_of_sketch(&mix, inner, end - begin);
	}
}

void row_picture_sketch(struct row_picture *picture, const struct state *state, uint64_t proc,
                        bool inner)
{
	array_clear(&picture->slices);
	for (int i = 0; i < state->at.viewport.cols; i++)
		picture->cells[i] = slice_cell_of_mix(&(struct mix){ 0 }, inner, 1);
	sketch_cells(picture, &state->at.viewport, true, proc, inner);
}

/* ---- what must be seen where slices are too many: the selected one, and stops in their P's row */

static void see(const struct stretch *s, const struct span *span, struct slice_cell *cells)
{
	const struct viewport *viewport = &s->state->at.viewport;
	int64_t first = viewport_cell_at(viewport, span->begin_ns) - s->first;
	int64_t last = first;

	if (span->begin_ns >= s->end_ns || span->end_ns < s->cells_ns)
		return;
	if (span->end_ns > span->begin_ns)
		last = viewport_cell_at(viewport, span->end_ns - 1) - s->first;
	add_slice(s, span);
	for (int64_t i = first < 0 ? 0 : first; i <= last && i < STRETCH; i++) {
		const struct slice *slice = &s->picture->slices.items[s->picture->slices.count - 1];

		cells[i] = (struct slice_cell){
			.form = FORM_FULL,
			.shade = slice->shade,
			.under = SHADE_IDLE,
			.is_selected = slice->is_selected,
			.is_hit = slice->is_hit,
			.is_dim = slice->is_dim,
			.slice = (uint32_t)s->picture->slices.count - 1,
		};
	}
}

static void see_stops(const struct stretch *s, struct slice_cell *cells)
{
	size_t count = s->model->stops.count;
	int64_t cell = INT64_MIN;

	for (size_t i = first_range(s, SEEK_STW, count); i < count; i++) {
		struct span span = seek_span(s->model, SEEK_STW, i);
		int64_t at = viewport_cell_at(&s->state->at.viewport, span.begin_ns);

		if (span.begin_ns >= s->end_ns)
			break;
		if (span.proc != s->row.index || at == cell)
			continue;
		see(s, &span, cells);
		cell = viewport_cell_at(&s->state->at.viewport, span.end_ns);
	}
}

/* Whether one of many selected begins in [begin, end); *until_ns: none of them ends later. Of very
 * many only the first are looked at. */
static bool has_of_many(const struct stretch *s, int64_t begin_ns, int64_t end_ns,
                        int64_t *until_ns)
{
	const struct many *many = &s->state->many;
	size_t at = many_from(many, begin_ns);
	bool has_any = false;

	for (size_t end = at + OTHERS_MAX; at < end && at < many->spans.count; at++) {
		const struct span *span = &many->spans.items[at];

		if (span->begin_ns >= end_ns)
			break;
		if (!rows_show_span(&s->state->rows, s->row, span))
			continue;
		has_any = true;
		*until_ns = span->end_ns > *until_ns ? span->end_ns : *until_ns;
	}
	return has_any;
}

/* The mix stays, in their colour. */
static void see_many(const struct stretch *s, struct slice_cell *cells)
{
	const struct viewport *viewport = &s->state->at.viewport;
	int64_t until_ns = INT64_MIN;

	if (s->state->many.spans.count == 0)
		return;
	has_of_many(s, s->cells_ns - (s->end_ns - s->cells_ns), s->cells_ns, &until_ns);
	for (int i = 0; i < STRETCH; i++) {
		int64_t begin = viewport_cell_ns(viewport, s->first + i);
		int64_t end = viewport_cell_ns(viewport, s->first + i + 1);

		cells[i].is_selected |= until_ns > begin;
		cells[i].is_selected |= has_of_many(s, begin, end, &until_ns);
	}
}

static void see_all(const struct stretch *s, struct slice_cell *cells)
{
	const struct span *selected = &s->state->at.selected;
	bool is_here =
		state_has_selection(s->state) && rows_show_span(&s->state->rows, s->row, selected);

	see_many(s, cells);
	if (s->row.kind == ROW_INNER)
		see_stops(s, cells);
	if (is_here && s->row.kind != ROW_GROUP)
		see(s, selected, cells);
}

/* ---- all of it */

static void make_cells(const struct stretch *s, struct slice_cell *cells)
{
	size_t count = s->picture->slices.count - s->slices;
	const struct slice *slices = count > 0 ? s->picture->slices.items + s->slices : NULL;

	slice_cells_make(&s->state->at.viewport, slices, count, s->first, STRETCH, cells);
	for (int i = 0; i < STRETCH; i++)
		if (cells[i].slice != SLICE_NONE)
			cells[i].slice += (uint32_t)s->slices;
}

static void make_stretch(struct stretch *s, struct slice_cell *cells)
{
	const struct viewport *viewport = &s->state->at.viewport;
	size_t begin = s->picture->slices.count;
	bool is_lane = row_is_lane(s->row);

	s->cells_ns = viewport_cell_ns(viewport, s->first);
	s->end_ns = viewport_cell_ns(viewport, s->first + STRETCH);
	s->begin_ns = s->cells_ns - (s->end_ns - s->cells_ns) / STRETCH / 8;
	if (s->row.kind == ROW_GROUP || (is_lane && !add_spans(s))) {
		s->before = s->picture->slices.count;
		stretch_mix(s, cells);
		see_all(s, cells);
		return;
	}
	if (!is_lane)
		add_ranges(s);
	make_cells(s, cells);
	s->before = s->slices < begin ? s->slices : begin;
}

static int64_t floor_to_stretch(int64_t cell)
{
	return cell - ((cell % STRETCH) + STRETCH) % STRETCH;
}

void row_picture_make(struct row_picture *picture, const struct state *state,
                      const struct model *model, struct row row)
{
	const struct viewport *viewport = &state->at.viewport;
	int64_t end = viewport->first + viewport->cols;
	struct stretch s = { .picture = picture, .state = state, .model = model, .row = row };

	array_clear(&picture->slices);
	for (s.first = floor_to_stretch(viewport->first); s.first < end; s.first += STRETCH) {
		struct slice_cell cells[STRETCH];

		make_stretch(&s, cells);
		for (int i = 0; i < STRETCH; i++)
			if (s.first + i >= viewport->first && s.first + i < end)
				picture->cells[s.first + i - viewport->first] = cells[i];
	}
	if (sketches_from_ns(picture->sketches) < viewport_end_ns(viewport))
		sketch_cells(picture, viewport, row_is_of_proc(row) && !row_is_of_said(row),
		             row_is_of_proc(row) ? model->procs.items[row.index].id : 0,
		             row.kind == ROW_INNER);
}
