/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/time_text.h"
#include "core/model/user.h"
#include "core/analysis/locator.h"

/* Going to what is named: a time, a goroutine, a P, a thread, a function. */

enum { SPANS_MAX = 8 /* of a goroutine that are passed over as no lane shows them */ };

/* ---- times */

static unsigned center(struct state *state, int64_t time_ns)
{
	struct viewport *window = &state->at.viewport;

	if (window->is_whole) /* closer, or it would be nowhere */
		viewport_zoom(window, 0, 1, (int)viewport_col_of(window, time_ns));
	viewport_pan(window,
	             viewport_cell_at(window, time_ns) - (window->first + window->cols / 2));
	return EFFECT_REDRAW;
}

/* A sign: from the moment that the place is about. */
static unsigned go_to_time(struct state *state, const char *text, int64_t time_ns)
{
	bool is_relative = text[0] == '+' || text[0] == '-';
	int64_t from_ns = is_relative ? place_moment_ns(&state->at) : 0, to_ns;

	if (__builtin_add_overflow(from_ns, time_ns, &to_ns) || to_ns < 0 ||
	    to_ns > state->at.viewport.end_ns) {
		state_refuse(state, "the trace has no such time");
		return EFFECT_REDRAW;
	}
	return center(state, to_ns);
}

/* "15:04:05.123", of the day on which the trace begins, UTC; or of the next one. */
static bool parse_clock(const char *text, int64_t *ns)
{
	unsigned hour, minute, second = 0;
	char fraction[10] = "", after = 0;
	int64_t scale = 100000000;
	int got = sscanf(text, "%2u:%2u:%2u.%9[0-9]%c", &hour, &minute, &second, fraction, &after);

	if (got < 2 || after != 0 || hour > 23 || minute > 59 || second > 60 ||
	    text[strspn(text, "0123456789:.")] != '\0')
		return false;
	*ns = ((int64_t)hour * 3600 + minute * 60 + second) * 1000000000;
	for (size_t i = 0; fraction[i] != '\0'; i++, scale /= 10)
		*ns += (fraction[i] - '0') * scale;
	return true;
}

static unsigned go_to_clock(struct state *state, const struct model *model, int64_t clock_ns)
{
	int64_t day = INT64_C(86400) * 1000000000, wall_ns = model_wall_ns(model), time_ns;

	if (wall_ns == TIME_UNKNOWN) {
		state_refuse(state, "the trace does not tell the time of day");
		return EFFECT_REDRAW;
	}
	time_ns = clock_ns - wall_ns % day;
	return go_to_time(state, "", time_ns < 0 ? time_ns + day : time_ns);
}

/* ---- ids */

/* Who, and when; TIME_UNKNOWN: where one looks. */
struct goal {
	uint64_t id;
	int64_t ns;
};

/* "G21" of a letter, or "G21 412.1ms"; false: it is something else. */
static bool parse_id(const char *text, char letter, struct goal *goal)
{
	if ((text[0] & ~0x20) != letter || text[1] < '0' || text[1] > '9')
		return false;
	*goal = (struct goal){ 0, TIME_UNKNOWN };
	for (text++; *text != '\0' && *text != ' ' && *text != '@'; text++)
		if (*text < '0' || *text > '9' || __builtin_mul_overflow(goal->id, 10, &goal->id) ||
		    __builtin_add_overflow(goal->id, (uint64_t)(*text - '0'), &goal->id))
			return false;
	return *text == '\0' || time_text_parse(bytes_of(text + 1), &goal->ns);
}

static unsigned want(struct state *state, uint32_t part)
{
	state->want_part = part;
	state_say(state, "reading ...");
	return EFFECT_REDRAW | EFFECT_WANT;
}

static unsigned show(struct state *state, const struct span *span)
{
	state_select(state, span);
	viewport_reveal(&state->at.viewport, span->begin_ns, span->end_ns);
	return EFFECT_REDRAW;
}

/* What a lane has at a time, the innermost that a row shows; else nothing. */
static bool find_at(const struct state *state, const struct model *model, struct lane_id lane,
                    int64_t ns, struct span *span)
{
	struct span spans[SPANS_MAX];
	size_t count = model_spans(model, lane, ns, ns + 1, spans, SPANS_MAX);

	while (count > 0 && !row_has_spans(rows_of_span(&state->rows, &spans[count - 1])))
		count--;
	if (count > 0)
		*span = spans[count - 1];
	return count > 0;
}

/* A part whose history is needed to tell what a lane has at a time; INDEX_NONE. */
static uint32_t missing_at(const struct model *model, struct lane_id lane, int64_t ns)
{
	uint32_t first, end;

	if (model_has_lane(model, lane, ns, ns + 1))
		return INDEX_NONE;
	model_parts_in(model, ns, ns + 1, &first, &end);
	while (first < end && model_has_history(model, first))
		first++;
	return first < end ? first : INDEX_NONE;
}

/* The first span of its lane from a time on that a row shows, or the first one. */
static bool find_shown(const struct state *state, const struct model *model, uint32_t go,
                       int64_t from_ns, struct span *span, uint32_t *part)
{
	struct span next;
	bool has_any = false;

	for (int i = 0; i < SPANS_MAX; i++) {
		if (!model_span_after(model, lane_of_go(go), from_ns - 1, &next, part))
			return has_any;
		if (!has_any || row_has_spans(rows_of_span(&state->rows, &next)))
			*span = next;
		if (row_has_spans(rows_of_span(&state->rows, &next)))
			return true;
		has_any = true;
		from_ns = next.begin_ns + 1;
	}
	return has_any;
}

/* The one of an id that lived at a time, or the last one; ID_NONE. */
static uint32_t find_go(const struct model *model, const struct goal *goal)
{
	uint32_t go = model_find_go(model, goal->id);

	while (go != ID_NONE && goal->ns != TIME_UNKNOWN &&
	       roster_brief(&model->roster, go).created_ns > goal->ns &&
	       model_go_before(model, go) != ID_NONE)
		go = model_go_before(model, go);
	return go;
}

/* From when on it is looked for. */
static int64_t begin_of(const struct state *state, const struct model *model, uint32_t go)
{
	const struct goroutine g = roster_brief(&model->roster, go);
	int64_t begin_ns = viewport_begin_ns(&state->at.viewport);

	if (g.created_ns < begin_ns && (g.ended_ns == TIME_UNKNOWN || g.ended_ns > begin_ns))
		return begin_ns; /* it lives where one looks */
	return g.created_ns == TIME_UNKNOWN ? 0 : g.created_ns;
}

/* What it does then, or next where no row shows that. */
static unsigned go_to_go(struct state *state, const struct model *model, const struct goal *goal)
{
	uint32_t go = find_go(model, goal), part = INDEX_NONE;
	int64_t from_ns = goal->ns;
	struct span span;

	if (go == ID_NONE) {
		state_refuse(state, "no G%" PRIu64 "%s", goal->id,
		             model->is_whole ? "" : " so far");
		return EFFECT_REDRAW;
	}
	if (from_ns == TIME_UNKNOWN)
		from_ns = begin_of(state, model, go);
	else if (missing_at(model, lane_of_go(go), from_ns) != INDEX_NONE)
		return want(state, missing_at(model, lane_of_go(go), from_ns));
	else if (find_at(state, model, lane_of_go(go), from_ns, &span))
		return show(state, &span);
	if (find_shown(state, model, go, from_ns, &span, &part))
		return show(state, &span);
	if (part != INDEX_NONE)
		return want(state, part);
	state_refuse(state, "nothing is told of G%" PRIu64 " from here on", goal->id);
	return EFFECT_REDRAW;
}

/* The lane, and what is on it then. */
static unsigned go_to_lane(struct state *state, const struct model *model, struct row row,
                           int64_t ns)
{
	struct span span;

	state_set_cursor(state, row);
	if (ns == TIME_UNKNOWN)
		return EFFECT_REDRAW;
	if (missing_at(model, row_lane(row), ns) != INDEX_NONE)
		return want(state, missing_at(model, row_lane(row), ns));
	if (find_at(state, model, row_lane(row), ns, &span))
		return show(state, &span);
	viewport_reveal(&state->at.viewport, ns, ns);
	return EFFECT_REDRAW;
}

static unsigned go_to_proc(struct state *state, const struct model *model, const struct goal *goal)
{
	for (uint32_t p = 0; p < model->procs.count; p++) {
		if (model->procs.items[p].id != goal->id)
			continue;
		if (state->rows.lanes_of != LANES_OF_PROCS)
			rows_show_procs(&state->rows, model);
		return go_to_lane(state, model, (struct row){ .kind = ROW_RUN, .index = p },
		                  goal->ns);
	}
	state_refuse(state, "no P%" PRIu64 "%s", goal->id, model->is_whole ? "" : " so far");
	return EFFECT_REDRAW;
}

static unsigned go_to_thread(struct state *state, const struct model *model,
                             const struct goal *goal)
{
	for (uint32_t i = 0; i < model->threads.count; i++) {
		const struct thread *thread = &model->threads.items[i];
		char first[TIME_TEXT_MAX], last[TIME_TEXT_MAX];

		if (thread->id != goal->id)
			continue;
		if (state->rows.lanes_of != LANES_OF_THREADS)
			rows_show_threads(&state->rows, model);
		state_say(state, "M%" PRIu64 " writes from %s to %s", goal->id,
		          time_text_go(first, thread->first_ns),
		          time_text_go(last, thread->last_ns));
		return go_to_lane(state, model, (struct row){ .kind = ROW_THREAD, .index = i },
		                  goal->ns != TIME_UNKNOWN ? goal->ns : thread->first_ns);
	}
	state_refuse(state, "no M%" PRIu64 "%s", goal->id, model->is_whole ? "" : " so far");
	return EFFECT_REDRAW;
}

/* Its row, among those of the tasks of its time. */
static unsigned go_to_task(struct state *state, const struct model *model, const struct goal *goal)
{
	const struct user_task *task = user_task(model, goal->id);
	struct span span;
	unsigned effects = EFFECT_REDRAW;

	if (task == NULL) {
		state_refuse(state, "no task %" PRIu64 "%s", goal->id,
		             model->is_whole ? "" : " so far");
		return EFFECT_REDRAW;
	}
	span = user_task_span(model, (uint32_t)(task - model->said.tasks.items));
	viewport_reveal(&state->at.viewport, span.begin_ns, span.end_ns);
	if (!row_has_spans(rows_of_span(&state->rows, &span)))
		effects = command_run(state, model, "lanes tasks");
	return effects | show(state, &span);
}

/* ---- */

/* The words as they were typed, with a space between. */
static void join(char text[LINE_COMMAND_MAX], int argc, char **argv)
{
	size_t len = 0;

	text[0] = '\0';
	for (int i = 1; i < argc && len < LINE_COMMAND_MAX; i++)
		len += (size_t)snprintf(text + len, LINE_COMMAND_MAX - len, "%s%s",
		                        i > 1 ? " " : "", argv[i]);
}

/* As a search does. One that finds nothing leaves the search that was there. */
static unsigned go_to_name(struct state *state, const struct model *model, const char *text)
{
	struct hunt *hunt = &state->hunt;
	char line[LINE_COMMAND_MAX], before[sizeof(hunt->text)] = "";
	unsigned effects;

	if (hunt_is_on(hunt))
		memcpy(before, hunt->text, sizeof(before));
	snprintf(line, sizeof(line), "search \\V%.*s", LINE_EDIT_MAX - 4, text);
	effects = command_run(state, model, line);
	if (!state->is_error || (effects & EFFECT_WANT) != 0)
		return effects;
	state_refuse(state, "nothing is called %.100s", text);
	search_go_back(state, before);
	return effects;
}

unsigned command_goto(struct state *state, const struct model *model, int argc, char **argv)
{
	char text[LINE_COMMAND_MAX], line[LINE_COMMAND_MAX];
	struct locator locator;
	size_t wrong_at;
	int64_t time_ns;
	struct goal goal;

	if (argc < 2)
		return command_misuse(state, argv[0]);
	state->places.leads_on = true;
	join(text, argc, argv);
	if (time_text_parse(bytes_of(text), &time_ns))
		return go_to_time(state, text, time_ns);
	if (parse_clock(text, &time_ns))
		return go_to_clock(state, model, time_ns);
	if (locator_parse(bytes_of(text), &locator, &wrong_at)) {
		snprintf(line, sizeof(line), "locate %s", argv[1]);
		return command_run(state, model, line);
	}
	if (parse_id(text, 'G', &goal))
		return go_to_go(state, model, &goal);
	if (parse_id(text, 'P', &goal))
		return go_to_proc(state, model, &goal);
	if (parse_id(text, 'M', &goal))
		return go_to_thread(state, model, &goal);
	if (parse_id(text, 'T', &goal))
		return go_to_task(state, model, &goal);
	return go_to_name(state, model, text);
}
