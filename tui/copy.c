/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/copy.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/time_text.h"
#include "core/analysis/locator.h"
#include "tui/view/frames.h"

enum { CLEAN_MAX = 4096 };

/* ---- putting text together */

static void put(text_array *out, struct bytes text)
{
	char clean[CLEAN_MAX];

	cells_clean(clean, sizeof(clean), text);
	for (const char *at = clean; *at != '\0'; at++)
		*array_push(out) = *at;
}

static void put_line(text_array *out, struct bytes text)
{
	put(out, text);
	*array_push(out) = '\n';
}

static struct bytes line_bytes(const struct line *line)
{
	return (struct bytes){ (const uint8_t *)line->text, line->len };
}

/* ---- the selection */

static void put_stack(text_array *out, const struct model *model, const char *title, stack_id stack)
{
	const struct frame *frames;
	uint32_t count = 0;

	put_line(out, bytes_of(title));
	if (stack == 0)
		return;
	frames = stacks_frames(&model->stacks, stack, &count);
	for (uint32_t i = 0; i < count; i++) {
		char number[32];

		put(out, bytes_of("  "));
		put_line(out, strings_text(&model->strings, frames[i].function));
		put(out, bytes_of("    "));
		put(out, strings_text(&model->strings, frames[i].file));
		snprintf(number, sizeof(number), ":%" PRIu32, frames[i].line);
		put_line(out, bytes_of(number));
	}
}

static void put_detail(const struct interface *interface, text_array *out)
{
	const struct model *model = &interface->session->model;
	struct detail_text text;

	detail_text_make(&text, model, &interface->state.at.selected,
	                 interface->has_detail ? &interface->detail : NULL, false);
	put_line(out, line_bytes(&text.title));
	put_line(out, line_bytes(&text.facts));
	for (int i = 0; i < text.note_count; i++)
		put_line(out, line_bytes(&text.notes[i]));
	for (int i = 0; i < text.stack_count; i++)
		put_stack(out, model, text.stacks[i].title, text.stacks[i].stack);
}

/* ---- a table: cells between tabs, times in ns */

static void put_value(text_array *out, const struct value *value)
{
	char number[32];

	if (value->is_empty)
		return;
	if (value->kind == COLUMN_TEXT) {
		put(out, value->text);
		return;
	}
	snprintf(number, sizeof(number), "%" PRId64, value->number);
	put(out, bytes_of(number));
}

static void put_table(text_array *out, const struct table *table)
{
	for (size_t c = 0; c < table->columns.count; c++) {
		const struct column *column = &table->columns.items[c];

		if (c > 0)
			*array_push(out) = '\t';
		put(out, column->name);
		if (column->kind == COLUMN_DURATION)
			put(out, bytes_of("_ns"));
	}
	*array_push(out) = '\n';
	for (size_t i = 0; i < table_rows(table); i++) {
		struct table_cursor cursor = table_row(table, i);
		struct value value;
		bool is_first = true;

		while (table_next(&cursor, &value)) {
			if (!is_first)
				*array_push(out) = '\t';
			is_first = false;
			put_value(out, &value);
		}
		*array_push(out) = '\n';
	}
}

/* ---- the place */

static enum locator_in in_of(struct row row)
{
	if (row_is_of_moves(row))
		return LOCATOR_IN_STARTS;
	if (row_is_of_marks(row))
		return LOCATOR_IN_MARKS;
	if (!row_is_of_said(row))
		return LOCATOR_IN_LANE;
	return row.kind == ROW_REGIONS_1   ? LOCATOR_IN_REGIONS_1
	       : row.kind == ROW_REGIONS_2 ? LOCATOR_IN_REGIONS_2
	                                   : LOCATOR_IN_REGIONS;
}

static void locate_row(const struct model *model, struct row row, struct locator *locator)
{
	locator->in = (uint8_t)in_of(row);
	if (row_is_of_proc(row) && row.index < model->procs.count) {
		locator->of = LOCATOR_PROC;
		locator->id = model->procs.items[row.index].id;
	} else if ((row_is_of_go(row) || row.kind == ROW_GROUP) &&
	           row.index < model->roster.count) {
		locator->of = LOCATOR_GO;
		locator->id = roster_brief(&model->roster, row.index).id;
	} else if (row_is_of_thread(row) && row.index < model->threads.count) {
		locator->of = LOCATOR_THREAD;
		locator->id = model->threads.items[row.index].id;
	} else if (row.kind == ROW_TASK && row.index < model->said.tasks.count) {
		locator->of = LOCATOR_TASK;
		locator->id = model->said.tasks.items[row.index].id;
	} else if (row.kind == ROW_GC || row.kind == ROW_STW) {
		locator->of = row.kind == ROW_GC ? LOCATOR_GC : LOCATOR_STW;
	}
}

const char *copy_locator(const struct interface *interface, char out[])
{
	const struct state *state = &interface->state;
	const struct viewport *window = &state->at.viewport;
	int64_t begin = viewport_begin_ns(window);
	struct locator locator = { .begin_ns = begin,
		                   .length_ns = viewport_end_ns(window) - begin,
		                   .has_time = true,
		                   .has_length = true };

	locate_row(&interface->session->model, state->at.cursor, &locator);
	if (state_has_selection(state) &&
	    rows_show_span(&state->rows, state->at.cursor, &state->at.selected)) {
		locator.has_selected = true;
		locator.selected_ns = state->at.selected.begin_ns;
	}
	return locator_text(out, &locator);
}

/* ---- all of it */

static void put_screen(struct interface *interface, text_array *out)
{
	struct cells cells = { .budget = interface->session->budget, .mono = true };

	cells_resize(&cells, interface->cols, interface->rows);
	interface_draw(interface, &cells);
	for (int row = 0; row < cells.rows; row++) {
		cells_dump_row(&cells, row, false, out);
		*array_push(out) = '\n';
	}
	cells_free(&cells);
}

bool copy_text(struct interface *interface, text_array *out)
{
	struct state *state = &interface->state;
	const struct table *board =
		board_update(&interface->board, state, &interface->session->model);
	char locator[LOCATOR_TEXT_MAX];

	switch ((enum copy)state->copy) {
	case COPY_ALL:
		put_line(out, bytes_of(copy_locator(interface, locator)));
		if (board != NULL)
			put_table(out, board);
		else if (state_has_selection(state))
			put_detail(interface, out);
		return true;
	case COPY_LOCATOR:
		put(out, bytes_of(copy_locator(interface, locator)));
		return true;
	case COPY_TABLE:
		if (board == NULL) {
			state_refuse(state, "there is no table: b selects all in the window");
			return false;
		}
		put_table(out, board);
		return true;
	case COPY_SCREEN:
		put_screen(interface, out);
		return true;
	case COPIES:
		break;
	}
	return false;
}

/* ---- sources */

static const struct frame *frame_of(const struct detail_text *text, const struct model *model,
                                    int stack, uint32_t number)
{
	struct frames frames;

	if (stack < 0 || stack >= text->stack_count)
		return NULL;
	frames_begin(&frames, &model->stacks, &model->strings, text->stacks[stack].stack, true);
	number = number == FRAMES_NONE ? frames_own(&frames) : number;
	return number < frames.count ? &frames.items[number] : NULL;
}

/* The one that was asked for; else the innermost that is the program's own: of a run where it
 * ended, of all else where it is or began. */
static const struct frame *find_frame(const struct detail_text *text, const struct model *model,
                                      const struct state *state)
{
	bool is_run = state->at.selected.kind == SPAN_RUN;
	const struct frame *frame = NULL;

	if (state->source_frame > 0)
		return frame_of(text, model, state->source_stack - 1,
		                (uint32_t)state->source_frame - 1);
	for (int i = 0; i < text->stack_count && frame == NULL; i++)
		frame = frame_of(text, model, is_run ? text->stack_count - 1 - i : i, FRAMES_NONE);
	return frame;
}

bool copy_frame(const struct interface *interface, char *path, size_t size, uint32_t *line)
{
	const struct model *model = &interface->session->model;
	const struct frame *frame;
	struct detail_text text;
	struct bytes file;

	detail_text_make(&text, model, &interface->state.at.selected,
	                 interface->has_detail ? &interface->detail : NULL, false);
	frame = find_frame(&text, model, &interface->state);
	if (frame == NULL)
		return false;
	file = strings_text(&model->strings, frame->file);
	*line = frame->line;
	if (file.len == 0 || file.len + 2 >= size || memchr(file.data, '\0', file.len) != NULL)
		return false;
	/* a path that is not whole is one of here, and never an option */
	snprintf(path, size, "%s%.*s", file.data[0] == '/' ? "" : "./", (int)file.len,
	         (const char *)file.data);
	return true;
}
