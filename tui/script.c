/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/script.h"

#include "tui/state/key_name.h"
#include "tui/view/glyph.h"

#include <unistd.h>

/* False: there was nothing to do, and nothing waits for the session. */
static bool step_all(struct interface *interface)
{
	bool any = false;

	do
		any |= interface_step(interface, 1000);
	while (interface_is_busy(interface));
	return any || !session_is_idle(interface->session);
}

/* All work that a key asked for, and what that asks for in turn. */
static void run_background(struct interface *interface)
{
	for (int rounds = 0; rounds < 8; rounds++) {
		do
			session_finish(interface->session);
		while (step_all(interface));
		interface_follow(interface);
		if (session_is_idle(interface->session) && interface->state.want_line[0] == '\0')
			return;
	}
}

void script_settle(struct interface *interface, int cols, int rows)
{
	interface_resize(interface, cols, rows);
	run_background(interface);
	interface_resize(interface, cols, rows); /* the whole of what came */
	run_background(interface);
}

bool script_press(struct interface *interface, const char *keys, struct error *err)
{
	struct bytes text = bytes_of(keys);
	char name[KEY_NAME_MAX];
	size_t at = 0;

	while (at < text.len) {
		if (!key_name_split(text, &at, name))
			return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
			                 "--keys: no key at \"%.40s\"", keys + at);
		if (interface_press(interface, name, -1, 0) & EFFECT_QUIT)
			return true;
		run_background(interface);
	}
	return true;
}

bool script_run(struct interface *interface, const struct options *options, struct error *err)
{
	struct cells cells = { .budget = interface->session->budget };
	struct writer writer;
	text_array text = { .budget = interface->session->budget };
	bool good;

	cells_resize(&cells, options->cols, options->rows);
	cells.glyphs = glyph_locale_is_utf8() ? GLYPHS_EIGHTHS : GLYPHS_ASCII;
	if (options->glyphs > 0 && cells.glyphs != GLYPHS_ASCII)
		cells.glyphs = (enum glyphs)(options->glyphs - 1);
	cells.mono = options->no_color || !options->is_ansi; /* colours would be lost in a text */
	script_settle(interface, cells.cols, cells.rows);
	good = options->keys == NULL || script_press(interface, options->keys, err);
	if (good) {
		interface_draw(interface, &cells);
		for (int row = 0; row < cells.rows; row++) {
			cells_dump_row(&cells, row, options->is_ansi, &text);
			*array_push(&text) = '\n';
		}
		writer_open(&writer, STDOUT_FILENO);
		writer_put(&writer, (struct bytes){ (const uint8_t *)text.items, text.count });
		good = writer_close(&writer, err);
	}
	array_free(&text);
	cells_free(&cells);
	return good;
}
