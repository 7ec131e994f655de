/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/script.h"

#include "tui/state/key_name.h"

#include "tests/tap.h"
#include "tests/trace_text.h"

#include <dirent.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Screens as text: each tests/screens/NAME.screen says what is opened, what is pressed, and what is
 *seen:
 *
 *	# what it shows
 *	open traces/demo.trace 80x24      (or a text trace, traces/NAME.test)
 *	press !f
 *	|the rows|
 *
 * sketch, in place of open, stops before anything is loaded; load 2 loads two generations more, and
 * type presses keys without loading what they need.
 *
 * Several presses and pictures may follow each other. With SCREENS_UPDATE set the files are written
 * anew, and the change is reviewed as a picture in the diff. Paths are from the tests directory. */

enum { TEXT_MAX = 1 << 18, PATH_LEN = 1024 };

struct play {
	struct budget budget;
	struct session session;
	struct interface interface;
	struct cells cells;
	bool is_open;
	int fd;         /* of an assembled trace; 0: none */
	text_array out; /* the file as it should be */
	bool differs;
};

static const char *tests_dir(void)
{
	const char *srcdir = getenv("srcdir");
	static char path[PATH_LEN];

	snprintf(path, sizeof(path), "%s/tests", srcdir == NULL ? "." : srcdir);
	return path;
}

static void put(text_array *out, const char *text)
{
	for (; *text != '\0'; text++)
		*array_push(out) = *text;
}

static void close_play(struct play *play)
{
	if (!play->is_open)
		return;
	interface_close(&play->interface);
	session_close(&play->session);
	cells_free(&play->cells);
	if (play->fd > 0)
		close(play->fd);
	play->fd = 0;
	play->is_open = false;
}

/* A text trace is assembled into memory that has a path: of a descriptor. */
static bool assemble(struct play *play, char *path, size_t size, struct error *err)
{
	static char text[TEXT_MAX];
	byte_array bytes = { .budget = &play->budget };
	FILE *file = fopen(path, "r");
	struct bytes trace;
	bool good;

	if (file == NULL)
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "%.100s: not there", path);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	play->fd = memfd_create("trace", MFD_CLOEXEC);
	snprintf(path, size, "/proc/self/fd/%d", play->fd);
	good = trace_text_section(bytes_of(text), "trace", &trace) &&
	       trace_text_assemble(trace, &bytes, err) &&
	       write(play->fd, bytes.items, bytes.count) == (ssize_t)bytes.count;
	array_free(&bytes);
	return good;
}

/* All that is sketched, and nothing that is loaded for it. */
static void sketch(struct play *play)
{
	struct session *session = &play->session;

	while (index_step(&session->index, &session->input.source, 100))
		;
	while (sketches_have_work(&session->sketches, false))
		sketches_step(&session->sketches, false);
	interface_follow(&play->interface);
}

static void load(struct play *play, int generations)
{
	struct session *session = &play->session;
	struct job *job;

	while (generations-- > 0 && (job = loader_next(&session->loader, 0)) != NULL) {
		while (job_step(job))
			;
		loader_done(&session->loader, job);
		while (loader_join(&session->loader)) /* between two steps all can be read */
			interface_draw(&play->interface, &play->cells);
	}
	sketch(play);
}

static bool type_keys(struct play *play, const char *keys)
{
	struct bytes text = bytes_of(keys);
	char name[KEY_NAME_MAX];

	for (size_t at = 0; at < text.len;) {
		if (!key_name_split(text, &at, name))
			return false;
		interface_press(&play->interface, name, -1, 0);
	}
	sketch(play);
	return true;
}

static bool open_play(struct play *play, const char *trace, int cols, int rows, bool sketches,
                      struct error *err)
{
	const struct session_wish wish = { .sketched = sketches ? 1 : SESSION_SKETCHED };
	char path[2 * PATH_LEN];
	const char *name = strrchr(trace, '/');

	close_play(play);
	snprintf(path, sizeof(path), "%s/%s", tests_dir(), trace);
	if (strstr(trace, ".test") != NULL && !assemble(play, path, sizeof(path), err))
		return false;
	if (!session_open_as(&play->session, &play->budget, path, &wish, err) ||
	    !interface_open(&play->interface, &play->session, name == NULL ? trace : name + 1, NULL,
	                    err))
		return false;
	play->is_open = true;
	play->cells =
		(struct cells){ .budget = &play->budget, .glyphs = GLYPHS_EIGHTHS, .mono = true };
	cells_resize(&play->cells, cols, rows);
	if (sketches) {
		interface_resize(&play->interface, cols, rows);
		sketch(play);
	} else {
		script_settle(&play->interface, cols, rows);
	}
	return true;
}

/* The picture, as rows between bars. */
static void draw(struct play *play, text_array *out)
{
	interface_draw(&play->interface, &play->cells);
	for (int row = 0; row < play->cells.rows; row++) {
		put(out, "|");
		cells_dump_row(&play->cells, row, false, out);
		put(out, "|\n");
	}
}

/* The rows of a picture in the file, from its first bar on. Returns where they end. */
static const char *expected_end(const char *at)
{
	while (*at == '|') {
		at = strchr(at, '\n');
		if (at == NULL)
			return "";
		at++;
	}
	return at;
}

static void compare(struct play *play, const char *want, size_t want_len)
{
	size_t from = play->out.count, len;

	draw(play, &play->out);
	len = play->out.count - from;
	if (len != want_len || memcmp(play->out.items + from, want, len) != 0)
		play->differs = true;
}

/* Plays a file; false if it makes no sense. */
static bool play_text(struct play *play, const char *text, struct error *err)
{
	char line[512], trace[256], keys[256];
	int cols, rows, count;

	while (*text != '\0') {
		const char *end = strchr(text, '\n');
		size_t len = end == NULL ? strlen(text) : (size_t)(end - text);

		if (*text == '|') {
			const char *after = expected_end(text);

			if (!play->is_open)
				return false;
			compare(play, text, (size_t)(after - text));
			text = after;
			continue;
		}
		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		put(&play->out, line);
		put(&play->out, "\n");
		if (sscanf(line, "open %255s %dx%d", trace, &cols, &rows) == 3) {
			if (!open_play(play, trace, cols, rows, false, err))
				return false;
		} else if (sscanf(line, "sketch %255s %dx%d", trace, &cols, &rows) == 3) {
			if (!open_play(play, trace, cols, rows, true, err))
				return false;
		} else if (sscanf(line, "load %d", &count) == 1) {
			load(play, count);
		} else if (sscanf(line, "type %255s", keys) == 1) {
			if (!play->is_open || !type_keys(play, keys))
				return false;
		} else if (sscanf(line, "press %255s", keys) == 1) {
			if (!play->is_open || !script_press(&play->interface, keys, err))
				return false;
		} else if (line[0] != '#' && line[0] != '\0') {
			return false;
		}
		text += len + (end != NULL);
		/* a new file has no pictures yet: each press and each opening gets one */
		if (getenv("SCREENS_UPDATE") != NULL && *text != '|' && line[0] != '#' &&
		    line[0] != '\0')
			compare(play, "", 0);
	}
	return true;
}

static void show_difference(const struct play *play)
{
	printf("# the screen is now:\n# ");
	for (size_t i = 0; i < play->out.count; i++) {
		putchar(play->out.items[i]);
		if (play->out.items[i] == '\n')
			printf("# ");
	}
	printf("\n");
}

static void run_file(const char *name)
{
	static char text[TEXT_MAX];
	char path[2 * PATH_LEN];
	struct play play = { 0 };
	struct error err = { 0 };
	bool good;
	FILE *file;

	play.out.budget = &play.budget;
	snprintf(path, sizeof(path), "%s/screens/%s", tests_dir(), name);
	file = fopen(path, "r");
	if (!ok(file != NULL, "%s can be read", name))
		return;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	good = play_text(&play, text, &err);
	ok(good, "%s makes sense%s%s", name, good ? "" : ": ", err.message);
	if (!ok(!play.differs, "%s shows what it says", name))
		show_difference(&play);
	if (play.differs && getenv("SCREENS_UPDATE") != NULL && (file = fopen(path, "w")) != NULL) {
		fwrite(play.out.items, 1, play.out.count, file);
		fclose(file);
	}
	close_play(&play);
	array_free(&play.out);
	is_u64(play.budget.used, 0, "all memory is given back");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

int main(void)
{
	static char names[256][64];
	char path[2 * PATH_LEN];
	size_t count = 0;
	struct dirent *entry;
	DIR *dir;

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
		skip("screens", "no C.UTF-8 locale here");
		return tap_done();
	}
	snprintf(path, sizeof(path), "%s/screens", tests_dir());
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (strstr(entry->d_name, ".screen") != NULL && count < 256)
			snprintf(names[count++], sizeof(names[0]), "%.63s", entry->d_name);
	if (dir != NULL)
		closedir(dir);
	ok(count > 0, "there are screens");
	qsort(names, count, sizeof(names[0]), by_name);
	for (size_t i = 0; i < count; i++)
		run_file(names[i]);
	return tap_done();
}
