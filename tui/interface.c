/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/interface.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tui/about.h"
#include "tui/control/commands.h"
#include "tui/control/completion.h"
#include "tui/interface_keys.h"
#include "tui/keymap_open.h"

bool interface_open(struct interface *interface, struct session *session, const char *file,
                    const char *keymap, struct error *err)
{
	*interface = (struct interface){ .session = session, .file = file };
	state_init(&interface->state, session->budget);
	lens_init(&interface->filter, session->budget);
	lens_init(&interface->highlight, session->budget);
	interface->state.hunt.loader = &session->loader;
	view_init(&interface->view, session->budget);
	keymap_init(&interface->keymap, session->budget);
	table_init(&interface->help, session->budget);
	table_init(&interface->about, session->budget);
	table_init(&interface->choices, session->budget);
	board_init(&interface->board, session->budget);
	desk_init(&interface->desk, session->budget);
	if (!keymap_open(&interface->keymap, keymap, err))
		return false;
	help_make(&interface->help, &interface->keymap);
	return true;
}

void interface_close(struct interface *interface)
{
	state_free(&interface->state);
	lens_free(&interface->filter);
	lens_free(&interface->highlight);
	view_free(&interface->view);
	keymap_free(&interface->keymap);
	table_free(&interface->help);
	table_free(&interface->about);
	table_free(&interface->choices);
	board_free(&interface->board);
	desk_free(&interface->desk);
	lookout_free(&interface->lookout);
}

static struct scene scene_of(struct interface *interface)
{
	const struct session *session = interface->session;
	bool is_whole = session->model.is_whole;
	const struct viewport *viewport = &interface->state.at.viewport;
	int64_t begin = viewport_begin_ns(viewport), end = viewport_end_ns(viewport);
	uint64_t bytes = atomic_load(&session->input.source.end);
	struct scene scene = {
		.file = interface->file,
		.detail = interface->has_detail ? &interface->detail : NULL,
		.help = &interface->help,
		.about = &interface->about,
		.board = board_update(&interface->board, &interface->state, &session->model),
		.board_title = interface->board.title,
		.sheet = { .title = interface->desk.title,
		           .table = &interface->desk.table,
		           .shown = &interface->desk.shown,
		           .sum = interface->desk.sum,
		           .most = interface->desk.most,
		           .bucket = interface->desk.bucket,
		           .buckets = interface->desk.buckets },
		.flame = { .title = interface->desk.title,
		           .flame = interface->desk.is_tree && interface->desk.is_made
		                            ? &interface->desk.flame
		                            : NULL,
		           .model = &session->model,
		           .hits = interface->desk.hits.are.count > 0
		                           ? interface->desk.hits.are.items
		                           : NULL },
		.flows = interface->has_detail ? &interface->flows : NULL,
		.sketches = &session->sketches,
		.search = &interface->state.hunt.search,
		.filter = &interface->filter,
		.highlight = &interface->highlight,
		.done = is_whole ? bytes : loader_progress(&session->loader),
		.total = is_whole || session_received(session) == 0 ? bytes : 0,
		.received = session_received(session),
		.seconds = session->input.seconds,
		.is_followed = session->input.is_followed,
		.is_forgotten = !model_has_spans(&session->model, begin, end) &&
		                session_has_forgotten(session, begin, end),
		.has_lanes = model_has_lane(&session->model, lane_of_proc(0, false), begin, end),
	};

	scene.board_is_of_range = interface->board.of.many == 0;
	if (scene.total == 0 && input_position(&session->input, &scene.done, &scene.total))
		scene.total++; /* what is read may not be decoded yet */
	return scene;
}

static void settle(struct interface *interface)
{
	struct scene scene;

	desk_follow(&interface->desk, &interface->state, &interface->session->loader);
	scene = scene_of(interface);
	lens_set(&interface->filter, interface->state.at.filter);
	lens_set(&interface->highlight, interface->state.at.highlight);
	view_settle(&interface->view, &interface->state, &interface->session->model, &scene,
	            interface->cols, interface->rows);
}

/* Where the window is not looked at closely, what the selection tells needs its own part. */
static void want_selected(struct interface *interface)
{
	const struct state *state = &interface->state;
	const struct model *model = &interface->session->model;
	const struct loader *loader = &interface->session->loader;
	uint32_t part = state->at.selected.part;

	if (loader->window_first == loader->window_end && state_has_selection(state) &&
	    model->is_whole && part < model->parts.count && !model_has_history(model, part))
		session_want_part(interface->session, part);
}

/* What the window needs is loaded meanwhile; rows are drawn a stretch of cells at a time, which
 * begins and ends beside it. */
static void want_window(struct interface *interface)
{
	const struct viewport *viewport = &interface->state.at.viewport;
	int64_t begin = viewport_begin_ns(viewport), end = viewport_end_ns(viewport);

	session_want(interface->session, begin, end);
	want_selected(interface);
	session_look(
		interface->session, viewport_cell_ns(viewport, viewport->first - ROW_STRETCH_CELLS),
		viewport_cell_ns(viewport, viewport->first + viewport->cols + ROW_STRETCH_CELLS));
	session_sketch(interface->session, begin, end);
}

static void find_detail(struct interface *interface)
{
	const struct span *selected = &interface->state.at.selected;
	struct session *session = interface->session;
	bool has_history;

	if (!state_has_selection(&interface->state)) {
		interface->has_detail = false;
		return;
	}
	if (interface->has_detail && !interface->detail_is_rough &&
	    span_is_same(&interface->detail_of, selected) &&
	    interface->detail_of.part == selected->part)
		return;
	has_history = selected->part == INDEX_NONE ||
	              (selected->part < session->model.parts.count &&
	               model_has_history(&session->model, selected->part));
	detail_find(&interface->detail, &session->model, &session->index, &session->input.source,
	            selected);
	flows_find(&interface->flows, &session->model, &interface->detail);
	interface->has_detail = true;
	interface->detail_of = *selected;
	interface->detail_is_rough = !has_history || !session->model.is_whole;
}

void interface_resize(struct interface *interface, int cols, int rows)
{
	interface->cols = cols;
	interface->rows = rows;
	settle(interface);
	want_window(interface);
}

/* A command that needs a history is run again when it is there. */
static void load_wanted(struct interface *interface)
{
	const struct model *model = &interface->session->model;
	uint32_t part = interface->state.want_part;
	struct search_window near = interface->state.want_window;

	if (near.end_ns > near.begin_ns) {
		session_look(interface->session, near.begin_ns, near.end_ns);
		return;
	}
	if (part >= model->parts.count)
		return;
	if (!session_want_part(interface->session, part) && model->is_whole) {
		interface->state.want_line[0] = '\0';
		state_refuse(&interface->state, "what is there has no room in memory");
	}
}

/* Those that a command needs together have no room beside each other: they come, one in place of
 * the other, again and again. */
static bool is_in_circles(const struct interface *interface)
{
	const struct session *session = interface->session;

	return session->loader.made - interface->made_before >
	       8 + 4 * (uint64_t)session->model.parts.count;
}

/* No more of a trace that is coming, or what <Esc> does. */
static unsigned stop(struct interface *interface)
{
	struct state *state = &interface->state;

	if (!session_stop(interface->session))
		return command_run(state, &interface->session->model, "cancel");
	state_say(state, "stopped; this is what has come");
	interface->has_told_damage = true; /* that it ends here is no news */
	return EFFECT_REDRAW;
}

/* The loop ends, and the program begins it with the next trace. */
static unsigned go_again(struct interface *interface)
{
	interface->goes_again = interface->is_of_address;
	if (interface->goes_again)
		return EFFECT_QUIT;
	state_refuse(&interface->state, "only what was recorded from an address can be again");
	return EFFECT_REDRAW;
}

/* After a command: what it asked for, and what the picture needs. */
static unsigned take_effects(struct interface *interface, unsigned effects)
{
	if (effects & EFFECT_STOP)
		effects = stop(interface);
	if (effects & EFFECT_AGAIN)
		effects = go_again(interface);
	if (effects & EFFECT_KEYMAP)
		interface_change_keys(interface);
	if (effects & EFFECT_OPEN)
		effects |= desk_open_row(&interface->desk, &interface->state,
		                         &interface->session->model);
	if (effects & EFFECT_WANT) {
		load_wanted(interface);
		return effects;
	}
	settle(interface);
	want_window(interface);
	find_detail(interface);
	return effects;
}

/* What only the size of the screen limits. */
struct extent {
	int detail_scroll, table_scroll, damage_row, detail_more, detail_rows;
};

static struct extent extent_of(const struct state *state)
{
	return (struct extent){ state->detail_scroll, state->table_scroll, state->damage_row,
		                state->detail_more, state->detail_rows };
}

/* Says why nothing happened where a command wanted more than there is. */
static void tell_limits(struct state *state, const struct extent *before,
                        const struct extent *wanted)
{
	const struct extent now = extent_of(state);

	if (state->message[0] != '\0')
		return;
	if ((wanted->detail_scroll != before->detail_scroll &&
	     now.detail_scroll == before->detail_scroll) ||
	    (wanted->table_scroll != before->table_scroll &&
	     now.table_scroll == before->table_scroll) ||
	    (wanted->damage_row != before->damage_row && now.damage_row == before->damage_row))
		state_refuse(state, "no more lines there");
	if (wanted->detail_more != before->detail_more && now.detail_rows == before->detail_rows) {
		state->detail_more = before->detail_more;
		state_refuse(state, "there is no room for that");
	}
}

unsigned interface_press(struct interface *interface, const char *key, int row, int col)
{
	struct state *state = &interface->state;
	struct extent before, wanted;
	unsigned effects;

	if (!keymap_is_end(key)) {
		interface->made_before = interface->session->loader.made;
		state->want_line[0] = '\0';
		state->want_window = (struct search_window){ 0 };
	}
	settle(interface);
	if (row >= 0) {
		state->pointer = view_pick(&interface->view, state, &interface->session->model,
		                           interface->cols, interface->rows, row, col);
		state->pointer_is_fresh = true;
	}
	before = extent_of(state);
	effects = keymap_press(&interface->keymap, state, &interface->session->model, key);
	wanted = extent_of(state);
	effects = take_effects(interface, effects);
	tell_limits(state, &before, &wanted);
	return effects;
}

unsigned interface_paste(struct interface *interface, struct bytes text, bool is_cut)
{
	return take_effects(interface, keymap_paste(&interface->state, text, is_cut));
}

unsigned interface_expire(struct interface *interface)
{
	return take_effects(interface, keymap_expire(&interface->keymap, &interface->state,
	                                             &interface->session->model));
}

/* The command that waits for a history, once that is there. */
static unsigned run_again(struct interface *interface)
{
	const struct model *model = &interface->session->model;
	struct state *state = &interface->state;
	char line[sizeof(state->want_line)];

	if (state->want_window.end_ns > state->want_window.begin_ns &&
	    loader_has_near(&interface->session->loader))
		return 0;
	state->want_window = (struct search_window){ 0 };
	if (is_in_circles(interface)) {
		state->want_line[0] = '\0';
		state_refuse(state, "what is there has no room in memory");
		return EFFECT_REDRAW;
	}
	if (state->want_part < model->parts.count && !model_has_history(model, state->want_part) &&
	    loader_can_make(&interface->session->loader, state->want_part)) {
		load_wanted(interface); /* what had no room beside others may have it alone */
		return 0;
	}
	memcpy(line, state->want_line, sizeof(line));
	state->want_line[0] = state->message[0] = '\0';
	return take_effects(interface, command_run(state, model, line));
}

/* Something is lost of what has come so far: said once, as the rest may come late or never. */
static void tell_first(struct interface *interface)
{
	const struct model *model = &interface->session->model;
	const struct damage_row *first = damage_first(&model->damage);

	if (interface->has_told_first || model->is_whole || first == NULL)
		return;
	interface->has_told_first = true;
	state_refuse(&interface->state, "damaged (~ lists it): at byte %" PRIu64 ": %s",
	             first->offset, first->expected);
}

/* What has gone wrong is said once: when reading ended early, or when all is read. */
static void tell_damage(struct interface *interface)
{
	const struct session *session = interface->session;
	struct error damage = { 0 };

	if (interface->has_told_damage ||
	    (!session->model.is_whole && session->error.kind == ERROR_NONE) ||
	    !session_damage(session, &session->model.damage, &damage))
		return;
	interface->has_told_damage = true;
	state_refuse(&interface->state, "%s%s",
	             session->model.damage.rows.count > 0 ? "damaged (~ lists it): " : "",
	             damage.message);
}

void interface_go_at(struct interface *interface, const char *text)
{
	size_t wrong_at;

	interface->goes_at = locator_parse(bytes_of(text), &interface->at, &wrong_at);
	snprintf(interface->at_text, sizeof(interface->at_text), "%s", text);
}

void interface_compare(struct interface *interface, const char *path)
{
	interface->state.rival = path;
	command_run(&interface->state, &interface->session->model, "compare");
}

/* Whether so much is loaded that the place is in it, or all is. */
static bool is_there(const struct interface *interface)
{
	const struct model *model = &interface->session->model;
	const struct locator *at = &interface->at;

	return model->is_whole ||
	       (at->has_time &&
	        at->begin_ns + (at->has_length ? at->length_ns : 0) < model->end_ns);
}

static void go_at(struct interface *interface)
{
	char line[LOCATOR_TEXT_MAX + 16];

	if (!interface->goes_at || !is_there(interface))
		return;
	interface->goes_at = false;
	snprintf(line, sizeof(line), "locate %s", interface->at_text);
	take_effects(interface, command_run(&interface->state, &interface->session->model, line));
}

unsigned interface_follow(struct interface *interface)
{
	settle(interface);
	tell_first(interface);
	tell_damage(interface);
	go_at(interface);
	if (interface->state.want_line[0] != '\0')
		return run_again(interface);
	want_window(interface);
	find_detail(interface);
	return EFFECT_REDRAW;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A close-up is there, or cannot be had, which nobody else tells. */
static bool end_wait(struct interface *interface)
{
	const struct state *state = &interface->state;

	return state->want_line[0] != '\0' &&
	       state->want_window.end_ns > state->want_window.begin_ns && run_again(interface) != 0;
}

/* Goroutines that are to get lanes; *shows: they have. */
static bool sift(struct interface *interface, bool *shows)
{
	unsigned effects = match_step(&interface->state, &interface->session->model);

	if (effects != 0)
		take_effects(interface, effects);
	*shows |= effects != 0;
	return interface->state.sieve.is_on;
}

/* The table in place of the timeline. */
static bool make_sheet(struct interface *interface, bool *shows)
{
	struct desk *desk = &interface->desk;
	bool was_reading = desk->is_reading, was_busy = desk_is_busy(desk);
	bool goes_on = desk_step(desk);

	if (was_reading != desk->is_reading || was_busy != desk_is_busy(desk)) {
		settle(interface);
		*shows = true;
	}
	return goes_on;
}

/* Findings, while nothing else is asked for; then the command that waits for them. */
static bool look_out(struct interface *interface, bool *shows)
{
	struct finds *finds = &interface->state.finds;
	char line[sizeof(finds->want)];
	bool goes_on, are_new = false;

	if (!session_is_idle(interface->session) && !interface->lookout.is_asking &&
	    !interface->state.is_live)
		return false;
	goes_on = lookout_step(&interface->lookout, finds, &interface->session->loader, now_ms(),
	                       &are_new);
	if (are_new) {
		settle(interface); /* what the pane lists leads there */
		*shows = true;
	}
	if (finds->want[0] == '\0' || (finds->list == NULL && !finds->has_failed))
		return goes_on;
	memcpy(line, finds->want, sizeof(line));
	finds->want[0] = '\0';
	take_effects(interface, command_run(&interface->state, &interface->session->model, line));
	return true;
}

int interface_wait_ms(const struct interface *interface)
{
	const struct prompt *prompt = &interface->state.prompt;
	int64_t left = interface->counts_from_ms - now_ms();

	return prompt->is_open && prompt->kind == PROMPT_SEARCH && left > 0 ? (int)left : -1;
}

bool interface_step(struct interface *interface, int ms)
{
	struct session *session = interface->session;
	bool is_typed = interface_wait_ms(interface) >= 0;
	struct hunt *hunt = &interface->state.hunt;
	uint64_t version = hunt->search.version;
	int64_t until = now_ms() + ms;
	bool shows = false;

	do {
		interface->is_busy =
			hunt_step(hunt, &session->model, is_typed ? NULL : &session->loader);
		interface->is_busy |= sift(interface, &shows);
		interface->is_busy |= make_sheet(interface, &shows);
		if (!interface->is_busy && !interface->desk.is_asking)
			interface->is_busy = look_out(interface, &shows);
	} while (interface->is_busy && now_ms() <= until);
	shows |= end_wait(interface);
	return shows || hunt->search.version != version;
}

bool interface_is_busy(const struct interface *interface)
{
	return interface->is_busy;
}

static struct table *begin_table(struct interface *interface, struct table *table)
{
	table_free(table);
	table_init(table, interface->session->budget);
	return table;
}

/* Those that change from picture to picture. */
static void make_tables(struct interface *interface)
{
	if (interface->state.mode == MODE_ABOUT)
		about_make(begin_table(interface, &interface->about), interface->session,
		           interface->file);
	if (interface->state.prompt.is_listing)
		completion_table(begin_table(interface, &interface->choices),
		                 &interface->session->model, &interface->state.prompt);
}

void interface_draw(struct interface *interface, struct cells *cells)
{
	struct scene scene = scene_of(interface);

	make_tables(interface);
	if (interface->state.prompt.is_listing)
		scene.choices = &interface->choices;
	view_draw(&interface->view, cells, &interface->state, &interface->session->model, &scene);
}
