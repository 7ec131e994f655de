/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/loop.h"

#include "tui/copy.h"
#include "tui/host/child.h"
#include "tui/host/files.h"
#include "tui/term/keys.h"
#include "tui/term/rescue.h"
#include "tui/view/glyph.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
	SEQUENCE_MS = 1000, /* for the rest of a sequence of keys */
	REST_MS = 1000,     /* between keys, that makes what comes then another move */
	TYPING_MS = 400,    /* between keys of an expression: it is not all of it yet */
	RESIZE_MS = 30,
};

/* Set by handlers, taken by the loop: the permitted mutable globals. */
static volatile sig_atomic_t got_resize, got_continue, got_stop, got_interrupt;

static void note_signal(int signal_number)
{
	switch (signal_number) {
	case SIGWINCH:
		got_resize = 1;
		break;
	case SIGCONT:
		got_continue = 1;
		break;
	case SIGTSTP:
		got_stop = 1;
		break;
	case SIGINT:
		got_interrupt++;
		break;
	default:
		break;
	}
}

struct loop {
	struct interface *interface;
	struct session *session;
	struct screen screen;
	struct keys keys;
	struct cells cells;
	struct viewport shown; /* of the last picture, for shifting */
	bool has_shown;
	bool is_dirty; /* the picture is out of date */
	bool is_repaint;
	bool is_over;
	bool has_failed;
	uint64_t sketched; /* the version of the sketches that was seen last */
	uint64_t received; /* bytes of a trace that is coming, when last looked at */
	int64_t draw_at;   /* not before: the link is busy, or loading asks only now and then */
	int64_t busy_until;
	int64_t expire_at; /* of a sequence of keys; 0: none */
	int64_t resized_at;
	int64_t pressed_at; /* the last key */
	uint64_t bytes_per_second;
	sigset_t waiting; /* the mask while waiting */
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Delivered only while waiting, so that none is missed between the look at its flag and the wait.
 */
static void install_signals(struct loop *loop)
{
	static const int numbers[] = { SIGWINCH, SIGCONT, SIGTSTP, SIGINT };
	struct sigaction action = { .sa_handler = note_signal };
	sigset_t blocked;

	sigemptyset(&action.sa_mask);
	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		sigaction(numbers[i], &action, NULL);
		sigaddset(&blocked, numbers[i]);
	}
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &blocked, &loop->waiting);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigdelset(&loop->waiting, numbers[i]);
}

/* ---- the terminal given away and taken again */

/* The whole group stops, or the shell of a pipeline would wait for the rest of it for ever. */
static void suspend(struct loop *loop)
{
	struct sigaction own, fallback = { .sa_handler = SIG_DFL };
	sigset_t only;

	screen_suspend(&loop->screen);
	sigemptyset(&fallback.sa_mask);
	sigaction(SIGTSTP, &fallback, &own);
	sigemptyset(&only);
	sigaddset(&only, SIGTSTP);
	kill(0, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &only, NULL); /* stops here */
	sigprocmask(SIG_BLOCK, &only, NULL);
	sigaction(SIGTSTP, &own, NULL);
	screen_resume(&loop->screen);
	keys_reset(&loop->keys);
	got_stop = got_continue = 0;
	got_resize = 1;
	loop->has_shown = false;
}

static void take_size(struct loop *loop)
{
	screen_resize(&loop->screen);
	cells_resize(&loop->cells, loop->screen.cols, loop->screen.rows);
	interface_resize(loop->interface, loop->screen.cols, loop->screen.rows);
	loop->has_shown = false;
	loop->is_dirty = true;
}

/* ---- keys */

/* To the clipboard of the terminal, or to a new file. */
static void copy(struct loop *loop)
{
	struct state *state = &loop->interface->state;
	text_array text = { .budget = loop->session->budget };
	struct bytes bytes;
	struct error err = { 0 };

	if (copy_text(loop->interface, &text)) {
		bytes = (struct bytes){ (const uint8_t *)text.items, text.count };
		if (state->copy_file[0] != '\0' && !files_create(state->copy_file, bytes, &err))
			state_refuse(state, "%s", err.message);
		else if (state->copy_file[0] != '\0')
			state_say(state, "written: %s, %zu bytes", state->copy_file, bytes.len);
		else if (screen_copy(&loop->screen, bytes))
			state_say(state, "copied, if the terminal lets us: %zu bytes", bytes.len);
		else
			state_refuse(state, "too long for the clipboard; copy all FILE writes it");
	}
	array_free(&text);
}

/* The editor has the terminal as long as it lives. */
static void show_source(struct loop *loop)
{
	struct state *state = &loop->interface->state;
	char path[1024];
	uint32_t line;
	struct error err = { 0 };

	if (!copy_frame(loop->interface, path, sizeof(path), &line)) {
		state_refuse(state, "no stack tells where the source is");
		return;
	}
	if (!files_is_source(path, &err)) {
		state_refuse(state, "%s", err.message);
		return;
	}
	screen_suspend(&loop->screen);
	if (!child_edit(path, line, &err))
		state_refuse(state, "%s", err.message);
	screen_resume(&loop->screen);
	keys_reset(&loop->keys);
	got_resize = 1;
	loop->has_shown = false;
}

static void toggle_mouse(struct loop *loop)
{
	screen_set_mouse(&loop->screen, !loop->screen.mouse);
	state_say(&loop->interface->state,
	          loop->screen.mouse ? "the mouse is gander's"
	                             : "the mouse is the terminal's: it selects text");
}

static void take_effects(struct loop *loop, unsigned effects)
{
	if (effects & EFFECT_COPY)
		copy(loop);
	if (effects & EFFECT_SOURCE)
		show_source(loop);
	if (effects & EFFECT_MOUSE)
		toggle_mouse(loop);
	if (effects & EFFECT_QUIT)
		loop->is_over = true;
	if (effects & EFFECT_REPAINT)
		loop->is_repaint = loop->is_dirty = true;
	if (effects & EFFECT_REDRAW)
		loop->is_dirty = true;
	if (effects & EFFECT_SUSPEND)
		suspend(loop);
	loop->expire_at = keymap_is_due(&loop->interface->keymap, &loop->interface->state)
	                          ? now_ms() + SEQUENCE_MS
	                          : 0;
}

static void take_events(struct loop *loop)
{
	struct key_event event;

	while (!loop->is_over && keys_next(&loop->keys, &event)) {
		int64_t now = now_ms();

		loop->draw_at = 0;
		loop->interface->state.is_rested = now - loop->pressed_at >= REST_MS;
		loop->pressed_at = now;
		loop->interface->counts_from_ms = now + TYPING_MS;
		if (event.kind == KEY_EVENT_KEY || event.kind == KEY_EVENT_MOUSE) {
			take_effects(loop,
			             interface_press(loop->interface, event.name,
			                             event.kind == KEY_EVENT_MOUSE ? event.row : -1,
			                             event.col));
			loop->is_dirty = true; /* for the message, if for nothing else */
		} else if (event.kind == KEY_EVENT_PASTE) {
			take_effects(loop, interface_paste(loop->interface, event.text, event.cut));
		}
	}
}

static void read_keys(struct loop *loop)
{
	uint8_t buffer[4096];
	ssize_t got = read(loop->screen.fd, buffer, sizeof(buffer));

	if (got > 0) {
		keys_feed(&loop->keys, (struct bytes){ buffer, (size_t)got }, now_ms());
		take_events(loop);
		return;
	}
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	loop->is_over = true; /* the terminal is gone */
}

static void take_signals(struct loop *loop)
{
	if (got_stop)
		suspend(loop);
	if (got_continue) {
		got_continue = 0;
		screen_repaint(&loop->screen);
		loop->has_shown = false;
		loop->is_dirty = true;
	}
	if (got_interrupt) {
		/* twice before it was looked at: out */
		loop->is_over |= got_interrupt > 1;
		got_interrupt = 0;
		take_effects(loop, interface_press(loop->interface, "<C-c>", -1, 0));
		loop->is_dirty = true;
	}
	if (got_resize && now_ms() - loop->resized_at >= RESIZE_MS) {
		got_resize = 0;
		loop->resized_at = now_ms();
		take_size(loop);
	}
}

/* ---- pictures */

/* A pure pan: the terminal moves what it shows, and only the new columns are sent. */
static void shift(struct loop *loop)
{
	const struct viewport *now = &loop->interface->state.at.viewport;
	bool shifts[CELLS_ROWS_MAX];
	int64_t cells;

	if (!loop->has_shown || !viewport_pan_cells(&loop->shown, now, &cells) || cells == 0 ||
	    cells <= -now->cols || cells >= now->cols)
		return;
	view_shifting_rows(&loop->interface->view, &loop->interface->state, loop->cells.cols,
	                   loop->cells.rows, shifts);
	for (int row = 0, end; row < loop->cells.rows; row = end) {
		for (end = row + 1; end < loop->cells.rows && shifts[end] == shifts[row];)
			end++;
		if (shifts[row])
			screen_shift(&loop->screen, row, end - row, ROWS_COLS, (int)cells);
	}
}

static void draw(struct loop *loop)
{
	int64_t bytes;

	interface_draw(loop->interface, &loop->cells);
	if (loop->is_repaint)
		screen_repaint(&loop->screen);
	else
		shift(loop);
	bytes = screen_show(&loop->screen, &loop->cells);
	loop->shown = loop->interface->state.at.viewport;
	loop->has_shown = true;
	loop->is_dirty = loop->is_repaint = false;
	if (loop->bytes_per_second > 0 && bytes > 0)
		loop->busy_until = now_ms() + bytes * 1000 / (int64_t)loop->bytes_per_second;
}

/* ---- waiting */

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int64_t until(int64_t then, int64_t now)
{
	return then > now ? then - now : 0;
}

/* How long nothing needs to be done; -1: until something comes. */
static int64_t choose_wait(struct loop *loop, int64_t now)
{
	int64_t wait = keys_timeout_ms(&loop->keys, now);

	if (session_is_stepped(loop->session) || interface_is_busy(loop->interface))
		return 0;
	wait = sooner(wait, session_wait_ms(loop->session));
	wait = sooner(wait, interface_wait_ms(loop->interface));
	if (loop->expire_at != 0)
		wait = sooner(wait, until(loop->expire_at, now));
	if (loop->is_dirty)
		wait = sooner(wait, until(loop->draw_at > loop->busy_until ? loop->draw_at
		                                                           : loop->busy_until,
		                          now));
	if (got_resize)
		wait = sooner(wait, until(loop->resized_at + RESIZE_MS, now));
	return wait;
}

static void wait_for_something(struct loop *loop)
{
	struct pollfd fds[3] = {
		{ .fd = loop->screen.fd, .events = POLLIN },
		{ .fd = session_input_fd(loop->session), .events = POLLIN },
		{ .fd = session_workers_fd(loop->session), .events = POLLIN },
	};
	int64_t wait = choose_wait(loop, now_ms());
	struct timespec time = { wait / 1000, wait % 1000 * 1000000 };

	if (ppoll(fds, 3, wait < 0 ? NULL : &time, &loop->waiting) < 0)
		return; /* a signal: its flag is set */
	if (fds[0].revents & POLLIN)
		read_keys(loop);
	else if (fds[0].revents != 0)
		loop->is_over = true; /* hung up */
}

/* A picture, but only now and then. */
static void ask_for_picture(struct loop *loop, int64_t now)
{
	if (!loop->is_dirty)
		loop->draw_at = now + LOOP_FOLLOW_MS;
	loop->is_dirty = true;
}

static void draw_if_due(struct loop *loop)
{
	int64_t now = now_ms();

	if (loop->is_dirty && now >= loop->busy_until &&
	    (now >= loop->draw_at || loop->session->model.is_whole))
		draw(loop);
}

static void go_on(struct loop *loop)
{
	uint64_t received = loop->received;
	int64_t now = now_ms();

	take_signals(loop);
	keys_expire(&loop->keys, now);
	take_events(loop);
	if (loop->expire_at != 0 && now >= loop->expire_at) {
		take_effects(loop, interface_expire(loop->interface));
		loop->is_dirty = true;
	}
	draw_if_due(loop); /* what keys ask for does not wait for loading */
	if (session_step(loop->session, LOOP_STEP_MS)) {
		take_effects(loop, interface_follow(loop->interface));
		ask_for_picture(loop, now);
	} else if (session_is_idle(loop->session)) {
		loop->draw_at = 0;
	}
	if (interface_step(loop->interface, LOOP_STEP_MS))
		ask_for_picture(loop, now);
	session_begin(loop->session);
	if (loop->sketched != loop->session->sketches.version) {
		/* what stands for all that is not loaded comes at once */
		loop->sketched = loop->session->sketches.version;
		loop->is_dirty = true;
		loop->draw_at = 0;
	}
	loop->received = session_received(loop->session);
	if (loop->received != received)
		ask_for_picture(loop, now);
	draw_if_due(loop);
}

bool loop_run(struct interface *interface, const struct loop_options *options, struct error *err)
{
	struct screen_options screen = options->screen;
	struct loop loop = {
		.interface = interface,
		.session = interface->session,
		.bytes_per_second = options->bytes_per_second,
	};

	loop.cells.budget = interface->session->budget;
	install_signals(&loop);
	screen.is_slow = loop.bytes_per_second > 0 && loop.bytes_per_second < LOOP_SLOW;
	if (!screen_open(&loop.screen, &screen, err))
		return false;
	if (!keys_open(&loop.keys, loop.screen.type.name, glyph_locale_is_utf8(), err)) {
		screen_close(&loop.screen);
		return false;
	}
	loop.cells.mono = loop.screen.theme == THEME_MONO;
	loop.cells.glyphs = screen_glyphs(&loop.screen);
	if (options->glyphs > 0 && (loop.cells.glyphs != GLYPHS_ASCII || glyph_locale_is_utf8()))
		loop.cells.glyphs = (enum glyphs)(options->glyphs - 1);
	take_size(&loop);
	while (!loop.is_over) {
		go_on(&loop);
		if (!loop.is_over)
			wait_for_something(&loop);
	}
	keys_close(&loop.keys);
	screen_close(&loop.screen);
	cells_free(&loop.cells);
	return true;
}
