/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/model/loader.h"
#include "core/model/user.h"
#include "tui/state/seek.h"

/* Looking for what matches an expression. */

enum { AT_ONCE = 16, IN_LANE = 256 /* spans of a lane at one moment */ };

/* ---- hits */

static bool is_at_hit(const struct state *state)
{
	return state->hunt.hit.kind != SPAN_NONE &&
	       span_is_same(&state->hunt.shown, &state->at.selected);
}

/* Where to go on from: the hit, or what is selected, if it is seen; else the edge of the window. */
static struct span start(const struct state *state, bool backward)
{
	const struct viewport *window = &state->at.viewport;
	const struct span *selected = &state->at.selected;

	if (state_has_selection(state) &&
	    viewport_touches(window, selected->begin_ns, selected->end_ns))
		return is_at_hit(state) ? state->hunt.hit : *selected;
	return (struct span){ .begin_ns = backward ? viewport_end_ns(window)
		                                   : viewport_begin_ns(window) };
}

/* As it can be selected. */
static struct span span_of_hit(const struct model *model, const struct span *hit)
{
	struct span span = *hit;

	if (hit->kind == SPAN_STW)
		return seek_span(model, SEEK_STW, hit->index);
	if (hit->kind == SPAN_GC)
		return seek_span(model, SEEK_GC, hit->index);
	if (hit->kind == SPAN_ASSIST)
		return seek_span(model, SEEK_ASSIST, hit->index);
	search_resolve(model, &span);
	return span;
}

static bool is_said(const struct span *hit)
{
	return hit->kind == SPAN_REGION || hit->kind == SPAN_LOG || hit->kind == SEARCH_HIT_TASK;
}

/* Who ran or waited then; of kind SPAN_NONE if nobody knows. */
static struct span span_of_go_then(const struct model *model, const struct span *hit)
{
	struct span spans[AT_ONCE], span = { .begin_ns = hit->begin_ns, .end_ns = hit->begin_ns };
	size_t count = 0;

	span.go = span.proc = span.part = span.index = INDEX_NONE;
	if (hit->go != INDEX_NONE)
		count = model_spans(model, lane_of_go(hit->go), hit->begin_ns, hit->begin_ns + 1,
		                    spans, AT_ONCE);
	for (size_t i = 0; i < count; i++)
		if (span.kind == SPAN_NONE || spans[i].kind == SPAN_RUN)
			span = spans[i];
	return span;
}

/* As a lane has it. */
static bool find_in_lane(const struct model *model, enum lane_owner of, uint32_t index,
                         const struct span *hit, struct span *found)
{
	struct lane_id lane = { (uint8_t)of, index };
	struct span spans[IN_LANE];
	size_t count = 0;

	if (index != INDEX_NONE)
		count = model_spans(model, lane, hit->begin_ns, hit->begin_ns + 1, spans, IN_LANE);
	for (size_t i = 0; i < count; i++)
		if (spans[i].kind == hit->kind && spans[i].part == hit->part &&
		    spans[i].index == hit->index) {
			*found = spans[i];
			return true;
		}
	return false;
}

/* A region, a log or a sample, as the lanes that there are show it. */
static struct span span_of_mark(const struct state *state, const struct model *model,
                                const struct span *hit)
{
	bool of_gos = state->rows.lanes_of == LANES_OF_GOS;
	uint32_t proc = hit->proc != INDEX_NONE ? hit->proc : span_of_go_then(model, hit).proc;
	struct span found = *hit;

	if (hit->kind != SPAN_REGION)
		find_in_lane(model, of_gos ? LANE_MARKS_OF_GO : LANE_MARKS_ON_PROC,
		             of_gos ? hit->go : proc, hit, &found);
	else if (!of_gos)
		find_in_lane(model, LANE_REGIONS_ON_PROC, proc, hit, &found);
	for (int of = LANE_REGIONS_OF_GO; of_gos && of <= LANE_REGIONS_2_OF_GO; of++)
		if (hit->kind == SPAN_REGION &&
		    find_in_lane(model, (enum lane_owner)of, hit->go, hit, &found))
			break;
	return found;
}

static void tell_said(struct state *state, const struct model *model, const struct span *hit)
{
	struct bytes text = { NULL, 0 };
	const char *what = "region";

	if (hit->kind == SPAN_REGION)
		text = strings_text(&model->strings,
		                    user_region_at(model, hit->part, hit->index).name);
	else if (hit->kind == SPAN_LOG)
		text = strings_text(&model->strings,
		                    user_log_at(model, hit->part, hit->index).message);
	else if (hit->index < model->said.tasks.count)
		text = strings_text(&model->strings, model->said.tasks.items[hit->index].name);
	what = hit->kind == SPAN_LOG ? "log" : hit->kind == SEARCH_HIT_TASK ? "task" : what;
	state_say(state, "%s: %.*s", what, text.len > 100 ? 100 : (int)text.len,
	          (const char *)text.data);
}

/* The history of the time of what the program said, if it is to come first; INDEX_NONE. */
static uint32_t missing_part(const struct state *state, const struct model *model,
                             const struct span *hit)
{
	uint32_t first, end;

	if (!is_said(hit) || state->hunt.loader == NULL)
		return INDEX_NONE;
	model_parts_in(model, hit->begin_ns, hit->begin_ns + 1, &first, &end);
	for (; first < end; first++)
		if (!model_has_history(model, first) && loader_can_make(state->hunt.loader, first))
			return first;
	return INDEX_NONE;
}

/* Where no row shows it, the cursor goes to who was at it. */
static void show_said(struct state *state, const struct model *model, const struct span *hit,
                      const struct span *span)
{
	struct span then;
	struct row row;

	if (is_said(hit))
		tell_said(state, model, hit);
	if (row_has_spans(rows_of_span(&state->rows, span)))
		return;
	then = span_of_go_then(model, hit);
	row = rows_of_span(&state->rows, &then);
	if (row_has_spans(row))
		state_set_cursor(state, row);
}

static unsigned show_hit(struct state *state, const struct model *model, const struct span *hit)
{
	bool is_mark =
		hit->kind == SPAN_REGION || hit->kind == SPAN_LOG || hit->kind == SPAN_SAMPLE;
	struct span span = hit->kind == SEARCH_HIT_TASK ? span_of_go_then(model, hit)
	                   : is_mark                    ? span_of_mark(state, model, hit)
	                                                : span_of_hit(model, hit);

	state_select(state, &span);
	if (is_mark || is_said(hit))
		show_said(state, model, hit, &span);
	state->hunt.shown = span;
	viewport_reveal(&state->at.viewport, span.begin_ns, span.end_ns);
	hunt_take(&state->hunt, model, hit);
	return EFFECT_REDRAW;
}

static unsigned refuse_none(struct state *state, const struct model *model)
{
	const struct search *search = &state->hunt.search;

	if (search->is_too_costly)
		state_refuse(state, "too costly an expression");
	else if (search->missing > 0)
		state_refuse(state, "no hit in what can be read (memory limit)");
	else
		state_refuse(state, "no hit%s", model->is_whole ? "" : " so far");
	return EFFECT_REDRAW;
}

static unsigned want(struct state *state, uint32_t part, struct search_window window)
{
	state->want_part = part;
	state->want_window = window;
	state_say(state, "reading ...");
	return EFFECT_REDRAW | EFFECT_WANT;
}

/* The run that says it; others are looked for behind what it says. */
static unsigned show_near_said(struct state *state, const struct model *model,
                               const struct span *run, const struct said_place *said, bool waits)
{
	struct bytes text = strings_text(&model->strings, said->text);
	struct span hit = { .begin_ns = said->ns,
		            .end_ns = said->ns,
		            .go = run->go,
		            .proc = run->proc,
		            .part = INDEX_NONE,
		            .index = INDEX_NONE,
		            .kind = said->is_region ? SPAN_REGION : SPAN_LOG };
	unsigned effects = show_hit(state, model, run);

	state_say(state, "%s: %.*s; there may be nearer hits, of which nothing is read%s",
	          said->is_region ? "region" : "log", text.len > 60 ? 60 : (int)text.len,
	          (const char *)text.data, waits ? " yet" : "");
	hunt_take(&state->hunt, model, &hit);
	return effects;
}

/* What a close-up shows, where the next hit waits for a history or there is none: at first, so that
 * there is something to be seen, or always. False: nothing. */
static bool show_near(struct state *state, const struct model *model, const struct span *from,
                      bool waits, unsigned *effects)
{
	struct hunt *hunt = &state->hunt;
	const struct said_place *said = NULL;
	struct search_window window;
	struct span hit;

	if (waits && hunt->hit.kind != SPAN_NONE)
		return false;
	switch (search_find_near(&hunt->search, model, hunt->loader, from, &hit, &window, &said)) {
	case SEARCH_FOUND:
		if (said != NULL) {
			*effects = show_near_said(state, model, &hit, said, waits);
			return true;
		}
		state_say(state, "a hit; there may be nearer ones, of which nothing is read%s",
		          waits ? " yet" : "");
		*effects = show_hit(state, model, &hit);
		return true;
	case SEARCH_WAIT:
		*effects = want(state, INDEX_NONE, window);
		return true;
	case SEARCH_NONE:
		break;
	}
	return false;
}

unsigned search_step_to_hit(struct state *state, const struct model *model, bool backward)
{
	struct hunt *hunt = &state->hunt;
	struct span from = start(state, backward), hit;
	enum search_found found;
	uint32_t part;
	unsigned effects;
	bool wraps;

	if (!hunt_is_on(hunt) && (state->at.highlight[0] != '\0' || state->at.filter[0] != '\0'))
		return along_step_passing(state, model, backward ? -1 : 1);
	if (!hunt_is_on(hunt)) {
		state_refuse(state, "nothing is looked for: / asks");
		return EFFECT_REDRAW;
	}
	found = search_find(&hunt->search, model, hunt->loader, &from, backward, &hit, &part);
	if (!backward &&
	    (found == SEARCH_WAIT || (found == SEARCH_NONE && hunt->search.missing > 0)) &&
	    show_near(state, model, &from, found == SEARCH_WAIT, &effects))
		return effects;
	wraps = found == SEARCH_NONE;
	if (wraps) {
		from = (struct span){ .begin_ns = backward ? INT64_MAX : INT64_MIN };
		found = search_find(&hunt->search, model, hunt->loader, &from, backward, &hit,
		                    &part);
	}
	if (found == SEARCH_FOUND && missing_part(state, model, &hit) != INDEX_NONE) {
		part = missing_part(state, model, &hit);
		found = SEARCH_WAIT;
	}
	if (found == SEARCH_WAIT)
		return want(state, part, (struct search_window){ 0 });
	if (found == SEARCH_NONE)
		return refuse_none(state, model);
	if (wraps)
		state_say(state, backward ? "no hit before: on from the end"
		                          : "no hit behind: on from the begin");
	return show_hit(state, model, &hit);
}

static bool look_for(struct state *state, const char *text)
{
	struct error err = { 0 };

	if (hunt_for(&state->hunt, text, viewport_begin_ns(&state->at.viewport), &err))
		return true;
	state_refuse(state, "%s", err.message);
	command_blame(state, (size_t)err.offset);
	return false;
}

unsigned command_search(struct state *state, const struct model *model, int argc, char **argv)
{
	if (argc == 1) {
		if (hunt_is_on(&state->hunt))
			state_say(state, "no search any more");
		else
			state_refuse(state, "nothing is looked for: / asks");
		hunt_end(&state->hunt);
		return EFFECT_REDRAW;
	}
	if (!look_for(state, argv[1]))
		return EFFECT_REDRAW;
	return search_step_to_hit(state, model, false);
}

/* ---- what is selected */

/* The text of the selection by which others are found. */
static struct bytes text_of(const struct model *model, const struct span *span)
{
	switch ((enum span_kind)span->kind) {
	case SPAN_NONE:
	case SPAN_DAMAGE:
	case SPAN_REGION:
	case SPAN_LOG:
	case SPAN_SAMPLE:
	case SPAN_PROC_START:
	case SPAN_PROC_STOP:
		break;
	case SPAN_TASK:
		return strings_text(&model->strings, model->said.tasks.items[span->index].name);
	case SPAN_RUN:
		return span->go < model->roster.count
		               ? strings_text(&model->strings,
		                              roster_brief(&model->roster, span->go).name)
		               : bytes_of("");
	case SPAN_SYSCALL:
		return bytes_of("syscall");
	case SPAN_ASSIST:
		return bytes_of("mark assist");
	case SPAN_SWEEP:
		return bytes_of("sweep");
	case SPAN_STW:
		return span->index < model->stops.count
		               ? strings_text(&model->strings,
		                              model->stops.items[span->index].reason)
		               : bytes_of("");
	case SPAN_GC:
		return bytes_of("GC");
	case SPAN_RUNNABLE:
	case SPAN_WAITING:
		if (model_wait_reason(model, span) != 0)
			return strings_text(&model->strings, model_wait_reason(model, span));
		return bytes_of(span->kind == SPAN_WAITING ? "waiting" : "runnable");
	}
	return bytes_of("");
}

unsigned command_like(struct state *state, const struct model *model, int argc, char **argv)
{
	bool backward = argc == 2 && strcmp(argv[1], "previous") == 0;
	bool takes_all = argc == 2 && strcmp(argv[1], "all") == 0;
	char text[LINE_EDIT_MAX];
	struct bytes name;
	unsigned effects;

	if (argc != 2 || (!backward && !takes_all && strcmp(argv[1], "next") != 0))
		return command_misuse(state, argv[0]);
	name = text_of(model, &state->at.selected);
	if (name.len == 0) {
		state_refuse(state, "nothing with a name is selected");
		return EFFECT_REDRAW;
	}
	if (name.len + sizeof("^\\Q\\E$") > sizeof(text)) /* then all that begins like it */
		snprintf(text, sizeof(text), "^\\Q%.200s", (const char *)name.data);
	else
		snprintf(text, sizeof(text), "^\\Q%.*s\\E$", (int)name.len,
		         (const char *)name.data);
	if (!look_for(state, text))
		return EFFECT_REDRAW;
	effects = search_step_to_hit(state, model, backward);
	if (takes_all && (effects & EFFECT_WANT) == 0 && !state->is_error)
		command_select_many(state, model, "alike", &effects);
	return effects;
}

/* ---- the prompt */

unsigned command_ask(struct state *state, const struct model *model, int argc, char **argv)
{
	struct hunt *hunt = &state->hunt;
	bool of_lanes = argc == 2 && strcmp(argv[1], "match") == 0;

	(void)model;
	if (argc != 2 || (!of_lanes && strcmp(argv[1], "search") != 0))
		return command_misuse(state, argv[0]);
	state->is_grabbed = false;
	snprintf(hunt->before, sizeof(hunt->before), "%s", hunt_is_on(hunt) ? hunt->text : "");
	prompt_open_as(&state->prompt, of_lanes ? PROMPT_MATCH : PROMPT_SEARCH, "");
	return EFFECT_REDRAW;
}

void search_go_back(struct state *state, const char *text)
{
	struct hunt *hunt = &state->hunt;
	struct error err = { 0 };

	if (text[0] == '\0')
		hunt_end(hunt);
	else
		hunt_for(hunt, text, viewport_begin_ns(&state->at.viewport), &err);
}

/* As before the prompt was opened. */
static void look_as_before(struct state *state)
{
	search_go_back(state, state->hunt.before);
}

void search_follow_prompt(struct state *state)
{
	const char *text = state->prompt.line.text;
	struct error err = { 0 };

	if (!state->prompt.is_open || state->prompt.kind != PROMPT_SEARCH)
		return;
	if (text[0] == '\0')
		look_as_before(state);
	else if (!hunt_for(&state->hunt, text, viewport_begin_ns(&state->at.viewport), &err)) {
		state_refuse(state, "%s", err.message);
		state->wrong_at = (int)err.offset;
	}
}

void search_leave_prompt(struct state *state)
{
	if (state->prompt.kind == PROMPT_SEARCH)
		look_as_before(state);
}
