/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/script.h"

#include "tui/control/keymap_files.h"
#include "tui/state/key_name.h"

#include "tests/tap.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Presses every binding of every keymap, in its mode, on a loaded trace that ends too early, at
 * three sizes, with nothing selected and with something: each must change the picture, do something
 * beyond it, or say why not. And each picture must be the one that is drawn from scratch. */

static const struct size {
	int cols, rows;
} sizes[] = { { 40, 10 }, { 80, 24 }, { 200, 60 } };

enum { SIZES = TAP_SLOWER > 1 ? 1 : sizeof(sizes) / sizeof(sizes[0]) };

static struct budget budget;
static struct session session;
static struct interface interface;
static struct cells before, after, scratch;

/* Three quarters of the demo. */
static bool open_trace(void)
{
	static char bytes[1 << 20];
	const char *srcdir = getenv("srcdir");
	char path[1024];
	struct error err = { 0 };
	size_t len;
	FILE *file;
	int fd;

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir == NULL ? "." : srcdir);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	len = fread(bytes, 1, sizeof(bytes), file) * 3 / 4;
	fclose(file);
	fd = memfd_create("trace", MFD_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return write(fd, bytes, len) == (ssize_t)len &&
	       session_open(&session, &budget, path, 0, &err);
}

static void draw(struct cells *cells)
{
	cells_resize(cells, interface.cols, interface.rows);
	interface_draw(&interface, cells);
}

static bool is_same_picture(const struct cells *a, const struct cells *b)
{
	return memcmp(a->grid, b->grid, (size_t)a->cols * (size_t)a->rows * sizeof(*a->grid)) == 0;
}

/* Where a gesture is made: in the area that it names, or where it has an effect. */
static void place_of(const char *key, int *row, int *col)
{
	*row = interface.rows / 2;
	*col = interface.cols / 2;
	if (strstr(key, "overview:") != NULL)
		*row = 1;
	else if (strstr(key, "ruler:") != NULL)
		*row = 2;
	else if (strstr(key, "detail:") != NULL)
		*row = interface.rows - 2;
	else if (strstr(key, "Click") != NULL || strstr(key, "Drag") != NULL)
		*row = interface.rows > 20 ? 9 : 5;
	if (strstr(key, "Drag") != NULL)
		*col += 5;
	if (strstr(key, "Drag") != NULL && *row > 2)
		*row += 1;
}

static bool is_of_mouse(const char *key)
{
	return strstr(key, "Click") != NULL || strstr(key, "Drag") != NULL ||
	       strstr(key, "Wheel") != NULL || strstr(key, "Release") != NULL;
}

/* One key after the other, with what each asks for; effects of the last. */
static unsigned press(const char *keys)
{
	struct bytes text = bytes_of(keys);
	char name[KEY_NAME_MAX];
	unsigned effects = 0;

	for (size_t at = 0; at < text.len && key_name_split(text, &at, name);) {
		int row = -1, col = 0;

		if (is_of_mouse(name))
			place_of(name, &row, &col);
		effects = interface_press(&interface, name, row, col);
		for (int i = 0; i < 8; i++) {
			session_finish(&session);
			interface_follow(&interface);
			if (interface.state.want_line[0] == '\0')
				break;
		}
	}
	return effects;
}

/* The keys that lead to a mode. */
static const char *way_to(enum mode mode)
{
	static const char *const ways[MODE_COUNT] = {
		"", "?", "~", "i", "I", ":zoom<Space>in<Left><Left><C-w>x"
	};

	return ways[mode];
}

static bool open_at(const char *keymap, struct size size, const char *way)
{
	struct error err = { 0 };

	if (!interface_open(&interface, &session, "demo.trace", keymap, &err))
		return false;
	script_settle(&interface, size.cols, size.rows);
	press(way);
	interface.state.message[0] = '\0';
	return true;
}

/* What is neither seen nor said at once. */
static bool is_preparation(const char *command)
{
	return strcmp(command, "grab") == 0 || strcmp(command, "release") == 0;
}

/* Where a drag begins. */
static const char *press_of_drag(const char *keys)
{
	return strstr(keys, "RightDrag") != NULL   ? "<RightClick>"
	       : strstr(keys, "MidDrag") != NULL   ? "<MidClick>"
	       : strstr(keys, "overview:") != NULL ? "<overview:Click>"
	       : strstr(keys, "Drag") != NULL      ? "<Click>"
	                                           : "";
}

static const char *fault_of(const struct binding *binding)
{
	unsigned effects;

	press(press_of_drag(binding->keys));
	interface.state.message[0] = '\0';
	draw(&before);
	effects = press(binding->keys);
	draw(&after);
	view_free(&interface.view);
	view_init(&interface.view, &budget);
	draw(&scratch);
	if (!is_same_picture(&after, &scratch) &&
	    interface.state.mode != MODE_ABOUT) /* it tells how much memory looking takes */
		return "is drawn otherwise from scratch";
	if (is_same_picture(&before, &after) && (effects & ~(unsigned)EFFECT_REDRAW) == 0 &&
	    interface.state.message[0] == '\0' && !is_preparation(binding->command))
		return "changes nothing and does not say why";
	return NULL;
}

static void try_mode(const char *keymap, enum mode mode, const char *way)
{
	struct interface list;
	struct error err = { 0 };
	size_t parts = (size_t)tap_parts();
	int faults = 0;

	if (!interface_open(&list, &session, "", keymap, &err)) {
		ok(false, "%s: %s", keymap, err.message);
		return;
	}
	for (size_t i = 0; i < list.keymap.bindings.count; i++) {
		const struct binding *binding = &list.keymap.bindings.items[i];

		if (binding->command[0] == '\0' ||
		    (binding->mode != mode && (binding->mode != MODE_ANY || mode == MODE_PROMPT)))
			continue;
		for (size_t s = 0; s < SIZES; s++) {
			const char *fault;

			if ((i + s) % parts != 0 || !open_at(keymap, sizes[s], way))
				continue;
			fault = fault_of(binding);
			if (fault != NULL && ++faults)
				printf("# %s: %s (%s) at %dx%d after \"%s\" %s\n", keymap,
				       binding->keys, binding->command, sizes[s].cols,
				       sizes[s].rows, way, fault);
			interface_close(&interface);
		}
	}
	interface_close(&list);
	ok(faults == 0, "%s, %s after \"%s\": each key changes something or says why not", keymap,
	   mode_name(mode), way);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	before = after = scratch = (struct cells){ .budget = &budget };
	if (!ok(open_trace(), "the trace opens"))
		return tap_done();
	for (size_t i = 0; i < keymap_file_count; i++) {
		for (int mode = 0; mode < MODE_COUNT; mode++)
			try_mode(keymap_files[i].name, (enum mode)mode, way_to((enum mode)mode));
		try_mode(keymap_files[i].name, MODE_TIMELINE, "!f");
	}
	session_close(&session);
	cells_free(&before);
	cells_free(&after);
	cells_free(&scratch);
	return tap_done();
}
