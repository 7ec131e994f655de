/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/overview.h"

#include "tui/view/damage_view.h"
#include "tui/view/look.h"

/* No more Ps than this are asked for each cell: enough for one of eight heights. */
enum { PROCS_ASKED = 32 };

struct viewport overview_viewport(const struct state *state)
{
	struct viewport viewport = state->at.viewport;

	viewport_zoom_whole(&viewport);
	return viewport;
}

static uint8_t to_eighths(__int128 busy, __int128 all)
{
	if (busy <= 0 || all <= 0)
		return 0;
	busy = (busy * 16 + all) / (all * 2);
	return busy < 1 ? 1 : busy > 8 ? 8 : (uint8_t)busy;
}

static uint8_t busy_eighths(const struct model *model, int64_t begin, int64_t end)
{
	size_t every = (model->procs.count + PROCS_ASKED - 1) / PROCS_ASKED;
	__int128 busy = 0, all = 0;

	for (size_t i = 0; i < model->procs.count; i += every) {
		struct mix mix = model_mix(model, (uint32_t)i, begin, end);

		busy += mix.spent_ns[LANE_RUN] + mix.spent_ns[LANE_WORKER] +
		        mix.spent_ns[LANE_SYSCALL];
		all += end - begin;
	}
	return to_eighths(busy, all);
}

/* The same of what is not loaded yet. */
static uint8_t sketched_eighths(const struct sketches *sketches, int64_t begin, int64_t end)
{
	uint64_t ids[SKETCH_PROCS];
	size_t count = sketches_procs(sketches, ids);
	size_t every = (count + PROCS_ASKED - 1) / PROCS_ASKED;
	__int128 busy = 0, all = 0;

	for (size_t i = 0; i < count; i += every) {
		struct mix mix = sketches_mix(sketches, ids[i], begin, end);

		busy += mix.spent_ns[LANE_RUN] + mix.spent_ns[LANE_SYSCALL];
		all += mix.is_known ? end - begin : 0;
	}
	return to_eighths(busy, all);
}

/* Marks the cells that stood still for a twentieth of their time, and the longest stop. */
static void mark_stops(struct overview *o, const struct viewport *strip, const struct model *model)
{
	int64_t stopped[VIEWPORT_COLS_MAX] = { 0 };
	int64_t longest = -1, longest_col = -1;
	int64_t cell = viewport_cell_ns(strip, 1);

	for (size_t i = 0; i < model->stops.count; i++) {
		const struct stw *stop = &model->stops.items[i];
		int64_t length = stop->end_ns - stop->begin_ns;
		int64_t col = viewport_col_of(strip, stop->begin_ns);

		if (col < 0 || col >= strip->cols)
			continue;
		stopped[col] += length;
		longest_col = length > longest ? col : longest_col;
		longest = length > longest ? length : longest;
	}
	for (int i = 0; i < strip->cols; i++)
		o->stopped[i] = stopped[i] > cell / 20 || i == longest_col;
}

static void update(struct overview *o, const struct viewport *strip, const struct model *model,
                   const struct sketches *sketches)
{
	int64_t sketched = sketches_from_ns(sketches);
	uint64_t version = sketches == NULL ? 0 : sketches->version;

	if (o->cols == strip->cols && o->end_ns == model->end_ns &&
	    o->generations == model->generations && o->procs == model->procs.count &&
	    o->parts == model->parts.count && o->sketches == version)
		return;
	o->search = 0;
	o->cols = strip->cols;
	o->end_ns = model->end_ns;
	o->generations = model->generations;
	o->procs = model->procs.count;
	o->parts = model->parts.count;
	o->sketches = version;
	for (int i = 0; i < strip->cols; i++) {
		int64_t begin = viewport_col_ns(strip, i), end = viewport_col_ns(strip, i + 1);

		o->eighths[i] = 0;
		o->sketched[i] = begin + (end - begin) / 2 >= sketched && begin < strip->end_ns;
		if (o->sketched[i])
			o->eighths[i] = sketched_eighths(sketches, begin, end);
		else if (end > 0 && begin < model->end_ns)
			o->eighths[i] = busy_eighths(model, begin < 0 ? 0 : begin,
			                             end > model->end_ns ? model->end_ns : end);
	}
	mark_stops(o, strip, model);
}

static void update_hits(struct overview *o, const struct viewport *strip,
                        const struct search *search, const struct model *model)
{
	if (o->search == search->version)
		return;
	o->search = search->version;
	for (int i = 0; i < strip->cols; i++)
		o->hits[i] = search_touches(search, model, viewport_col_ns(strip, i),
		                            viewport_col_ns(strip, i + 1));
}

/* A hit has a colour of its own, and a sign where there is no bar that could have it. */
static void draw_hit(struct cells *cells, int row, int col, int eighths, struct style style)
{
	bool has_bar = eighths > 0 && !cells->mono;

	style.fg = COLOUR_SELECTED;
	cells_put(cells, row, col, has_bar ? look_lower(cells, eighths) : '*', style);
}

/* Without colours reversed cells are hard to see, and in a text not at all. */
static void draw_brackets(struct cells *cells, const struct layout *layout, int cols, int64_t first,
                          int64_t last)
{
	if (first > 0)
		cells_put(cells, layout->overview, layout->plot_col + (int)first - 1, '[',
		          look_plain);
	if (last + 1 < cols)
		cells_put(cells, layout->overview, layout->plot_col + (int)last + 1, ']',
		          look_plain);
}

/* Where the worst of what was found to hurt begins. */
static void mark_findings(struct cells *cells, const struct layout *layout,
                          const struct viewport *strip, const struct finds *finds)
{
	const struct style style = { .fg = COLOUR_STW, .attributes = ATTRIBUTE_BOLD };

	for (size_t i = 0; finds->list != NULL && i < finds->list->items.count; i++) {
		const struct finding *finding = &finds->list->items.items[i];
		int64_t col = viewport_col_of(strip, finding->begin_ns);

		if (finding->is_alarm && col >= 0 && col < strip->cols)
			cells_put(cells, layout->overview, layout->plot_col + (int)col, '!', style);
	}
}

void overview_draw(struct overview *o, struct cells *cells, const struct layout *layout,
                   const struct state *state, const struct model *model,
                   const struct sketches *sketches)
{
	struct viewport strip = overview_viewport(state);
	const struct viewport *window = &state->at.viewport;
	int64_t first = viewport_col_of(&strip, viewport_begin_ns(window));
	int64_t last = viewport_col_of(&strip, viewport_end_ns(window) - 1);

	update(o, &strip, model, sketches);
	update_hits(o, &strip, &state->hunt.search, model);
	cells_print(cells, layout->overview, 0, layout->plot_col - 1, "all", look_dim);
	for (int i = 0; i < strip.cols; i++) {
		struct style style = { .fg = o->stopped[i] ? COLOUR_STW : COLOUR_COUNTER,
			               .bg = COLOUR_IDLE };

		if (!window->is_whole && i >= first && i <= last)
			style.attributes = ATTRIBUTE_REVERSE;
		if (o->hits[i]) {
			draw_hit(cells, layout->overview, layout->plot_col + i, o->eighths[i],
			         style);
			continue;
		}
		cells_put(cells, layout->overview, layout->plot_col + i,
		          o->sketched[i] ? look_sketch(cells, o->eighths[i])
		                         : look_lower(cells, o->eighths[i]),
		          style);
	}
	mark_findings(cells, layout, &strip, &state->finds);
	damage_mark(cells, layout->overview, layout->plot_col, &strip, model);
	if (cells->mono && !window->is_whole)
		draw_brackets(cells, layout, strip.cols, first, last);
}
