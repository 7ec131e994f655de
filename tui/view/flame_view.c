/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/flame_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/export/standard.h"
#include "tui/view/go_name.h"
#include "tui/view/look.h"
#include "tui/view/text.h"

enum {
	TITLE_ROWS = 1,
	WORD_ROWS = 4, /* about the call under the cursor */
};

/* What is as wide as the screen, and which depths are on it. */
struct place {
	const struct flame *flame;
	uint32_t zoom; /* INDEX_NONE: all */
	uint32_t begin, end;
	int64_t left, width;
	int cols, levels;
	int first; /* level on the first row; level 0 is all, level n the calls of depth n - 1 */
};

static struct place place_of(const struct flame *flame, const struct sheet *sheet, int cols,
                             int rows)
{
	struct place place = { .flame = flame,
		               .zoom = INDEX_NONE,
		               .end = (uint32_t)flame->calls.count,
		               .width = flame_weight(flame, &flame->all),
		               .cols = cols,
		               .levels = rows - TITLE_ROWS - WORD_ROWS };
	const struct flame_call *call;
	int level = 0;

	if (sheet->zoom > 0 && sheet->zoom <= flame->calls.count) {
		place.zoom = place.begin = sheet->zoom - 1;
		call = &flame->calls.items[place.zoom];
		place.end = call->next;
		place.left = call->begin;
		place.width = flame_weight(flame, &call->cum);
	}
	if (sheet->row >= 0 && (size_t)sheet->row < flame->calls.count)
		level = (int)flame->calls.items[sheet->row].depth + 1;
	place.first =
		level + 2 > place.levels ? level + 2 - place.levels : 0; /* one below is seen */
	return place;
}

static int col_of(const struct place *place, int64_t at)
{
	return place->width <= 0
	               ? 0
	               : (int)((double)(at - place->left) / (double)place->width * place->cols);
}

static bool row_of(const struct place *place, uint32_t depth, int *row)
{
	*row = TITLE_ROWS + (int)depth + 1 - place->first;
	return *row >= TITLE_ROWS && *row < TITLE_ROWS + place->levels;
}

static void cols_of(const struct place *place, const struct flame_call *call, int *begin, int *end)
{
	*begin = col_of(place, call->begin);
	*end = col_of(place,
	              saturating_add_i64(call->begin, flame_weight(place->flame, &call->cum)));
}

/* ---- calls */

/* The program's own, the runtime's, the standard library's. */
static enum colour colour_of(struct bytes name)
{
	struct bytes package = standard_package_of(name);

	if (package.len == 0)
		return COLOUR_BLOCKED; /* why they wait */
	if (bytes_equal(package, bytes_of("runtime")) || bytes_begin_with(package, "runtime/"))
		return COLOUR_GC;
	return standard_has(package) ? COLOUR_SYSCALL : COLOUR_RUNNING;
}

static struct bytes name_of(const struct flame_scene *scene, const struct flame_call *call)
{
	struct bytes name = strings_text(&scene->model->strings, call->function);

	return name.len > 0 ? name : bytes_of("(no stack)");
}

/* The longest form that fits, or what of it does. */
static void put_name(struct cells *cells, int row, int col, int width, struct bytes name,
                     struct style style)
{
	char room[GO_NAME_MAX];
	bool ascii = look_is_ascii(cells);

	for (int level = 0; level < GO_NAME_LEVELS && cells_width(cells, name) > width; level++) {
		const char *shorter = go_name_short(room, name, level, ascii);

		if (cells_width(cells, bytes_of(shorter)) > width && level + 1 < GO_NAME_LEVELS)
			continue;
		cells_print(cells, row, col, width, shorter, style);
		return;
	}
	cells_text(cells, row, col, width, name, style);
}

/* A seam before each tells it from the one before; without colours a line does where it ends. */
static void draw_block(struct cells *cells, int row, int begin, int end, struct bytes name,
                       struct style style)
{
	cells_fill(cells, row, begin, end - begin, style);
	if (cells->mono)
		for (int col = begin + 1; col < end; col++)
			cells_put(cells, row, col, look_sign(cells, SIGN_RULE), style);
	cells_put(cells, row, begin, look_sign(cells, SIGN_SEAM), style);
	if (end - begin > 2)
		put_name(cells, row, begin + 1, end - begin - 1, name, style);
}

static void draw_call(struct cells *cells, const struct place *place,
                      const struct flame_scene *scene, uint32_t at, bool is_current)
{
	const struct flame_call *call = &place->flame->calls.items[at];
	struct bytes name = name_of(scene, call);
	struct style style = { .fg = COLOUR_INK, .bg = (uint8_t)colour_of(name) };
	int begin, end, row;

	if (!row_of(place, call->depth, &row))
		return;
	cols_of(place, call, &begin, &end);
	if (cells->mono)
		style.fg = style.bg = COLOUR_DEFAULT;
	if (scene->hits != NULL && scene->hits[at]) {
		style.attributes |= ATTRIBUTE_BOLD | ATTRIBUTE_UNDERLINE;
		style.bg = cells->mono ? COLOUR_DEFAULT : COLOUR_SELECTED;
	}
	if (is_current)
		style.attributes |= ATTRIBUTE_REVERSE;
	if (begin >= place->cols)
		begin = place->cols - 1;
	draw_block(cells, row, begin, end > begin ? end : begin + 1, name, style);
}

/* Those that are narrower than a cell are left out, with all that they lead to. */
static void draw_calls(struct cells *cells, const struct place *place,
                       const struct flame_scene *scene)
{
	const struct flame_call *calls = place->flame->calls.items;

	for (uint32_t i = place->begin; i < place->end;) {
		int begin, end, row;

		cols_of(place, &calls[i], &begin, &end);
		if (end > begin)
			draw_call(cells, place, scene, i, false);
		else if (row_of(place, calls[i].depth, &row) && begin < place->cols)
			cells_put(cells, row, begin, look_sign(cells, SIGN_UNKNOWN), look_dim);
		i = end > begin ? i + 1 : calls[i].next;
	}
}

/* Those that lead to what is as wide as the screen are as wide. */
static void draw_callers(struct cells *cells, const struct place *place,
                         const struct flame_scene *scene, uint32_t current)
{
	const struct flame_call *calls = place->flame->calls.items;
	uint32_t at = place->zoom == INDEX_NONE ? INDEX_NONE : calls[place->zoom].parent;
	int row;

	for (; at != INDEX_NONE; at = calls[at].parent) {
		struct style style = look_dim;

		if (!row_of(place, calls[at].depth, &row))
			continue;
		style.attributes = at == current ? ATTRIBUTE_REVERSE : 0;
		draw_block(cells, row, 0, place->cols, name_of(scene, &calls[at]), style);
	}
}

/* ---- words */

static void add_amount(struct line *line, const struct flame *flame,
                       const struct profile_entry *entry)
{
	if (flame->of == PROFILE_DELAYS) {
		line_add_duration(line, entry->delay_ns);
		line_add(line, " in %" PRIu64 " time%s", entry->count,
		         entry->count == 1 ? "" : "s");
	} else {
		line_add(line, "%" PRIu64 " sample%s", entry->count, entry->count == 1 ? "" : "s");
	}
}

static void add_share(struct line *line, const struct flame *flame,
                      const struct profile_entry *part, const struct profile_entry *of)
{
	int64_t all = flame_weight(flame, of);

	if (all > 0)
		line_add(line, "%.1f %%", 100.0 * (double)flame_weight(flame, part) / (double)all);
}

static void draw_all(struct cells *cells, const struct place *place)
{
	struct line line = { .ascii = look_is_ascii(cells) };

	if (place->first > 0)
		return;
	line_add(&line, "all ");
	add_amount(&line, place->flame, &place->flame->all);
	draw_block(cells, TITLE_ROWS, 0, place->cols,
	           (struct bytes){ (const uint8_t *)line.text, line.len }, look_dim);
}

/* How much it takes with what it leads to, and alone; who called it. */
static void draw_words(struct cells *cells, int row, const struct flame_scene *scene,
                       uint32_t current)
{
	const struct flame *flame = scene->flame;
	const struct flame_call *call = &flame->calls.items[current];
	const struct flame_call *caller =
		call->parent == INDEX_NONE ? NULL : &flame->calls.items[call->parent];
	struct line line = { .ascii = look_is_ascii(cells) };

	for (int col = 0; col < cells->cols; col++)
		cells_put(cells, row, col, look_sign(cells, SIGN_RULE), look_dim);
	cells_text(cells, row + 1, 0, cells->cols, name_of(scene, call), look_title);
	line_add(&line, "cum ");
	add_amount(&line, flame, &call->cum);
	line_add(&line, ": ");
	add_share(&line, flame, &call->cum, &flame->all);
	line_add(&line, " of all   flat ");
	add_amount(&line, flame, &call->flat);
	line_add(&line, ": ");
	add_share(&line, flame, &call->flat, &flame->all);
	line_draw(&line, cells, row + 2, 0, cells->cols, look_plain);
	line_clear(&line);
	if (caller != NULL) {
		add_share(&line, flame, &call->cum, &caller->cum);
		line_add(&line, " of ");
		line_add_bytes(&line, name_of(scene, caller));
	}
	line_draw(&line, cells, row + 3, 0, cells->cols, look_plain);
}

/* ---- */

void flame_view_draw(struct cells *cells, int rows, const struct flame_scene *scene,
                     const struct sheet *sheet)
{
	const struct flame *flame = scene->flame;
	struct place place = place_of(flame, sheet, cells->cols, rows);
	uint32_t current = (uint32_t)sheet->row;

	cells_print(cells, 0, 0, cells->cols, scene->title, look_title);
	if (flame->calls.count == 0) {
		cells_print(cells, TITLE_ROWS, 0, cells->cols, "(none)", look_dim);
		return;
	}
	draw_all(cells, &place);
	draw_callers(cells, &place, scene, current);
	draw_calls(cells, &place, scene);
	if (current >= flame->calls.count)
		return;
	if (current >= place.begin && current < place.end)
		draw_call(cells, &place, scene, current, true);
	draw_words(cells, rows - WORD_ROWS, scene, current);
}

bool flame_view_at(const struct flame *flame, const struct sheet *sheet, int cols, int rows,
                   int row, int col, uint32_t *call)
{
	struct place place = place_of(flame, sheet, cols, rows);
	int begin, end, at;

	for (uint32_t i = place.begin; i < place.end;) {
		cols_of(&place, &flame->calls.items[i], &begin, &end);
		if (row_of(&place, flame->calls.items[i].depth, &at) && at == row && begin <= col &&
		    col < end) {
			*call = i;
			return true;
		}
		i = begin <= col && col < end ? i + 1 : flame->calls.items[i].next;
	}
	return false;
}
