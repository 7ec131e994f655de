/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/time_text.h"
#include "tui/state/locator.h"

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

/* "G21" of a letter; false: it is something else. */
static bool parse_id(const char *text, char letter, uint64_t *id)
{
	if ((text[0] & ~0x20) != letter || text[1] < '0' || text[1] > '9')
		return false;
	*id = 0;
	for (text++; *text != '\0'; text++)
		if (*text < '0' || *text > '9' || __builtin_mul_overflow(*id, 10, id) ||
		    __builtin_add_overflow(*id, (uint64_t)(*text - '0'), id))
			return false;
	return true;
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

static unsigned go_to_go(struct state *state, const struct model *model, uint64_t id)
{
	const struct viewport *window = &state->at.viewport;
	uint32_t go = model_find_go(model, id), part = INDEX_NONE;
	int64_t begin_ns = viewport_begin_ns(window), from_ns;
	struct goroutine g;
	struct span span;

	if (go == ID_NONE) {
		state_refuse(state, "no G%" PRIu64 "%s", id, model->is_whole ? "" : " so far");
		return EFFECT_REDRAW;
	}
	g = roster_brief(&model->roster, go);
	from_ns = g.created_ns == TIME_UNKNOWN ? 0 : g.created_ns;
	if (g.created_ns < begin_ns && (g.ended_ns == TIME_UNKNOWN || g.ended_ns > begin_ns))
		from_ns = begin_ns; /* it lives where one looks */
	if (!find_shown(state, model, go, from_ns, &span, &part)) {
		if (part == INDEX_NONE) {
			state_refuse(state, "nothing is told of G%" PRIu64 " from here on", id);
			return EFFECT_REDRAW;
		}
		state->want_part = part;
		state_say(state, "reading ...");
		return EFFECT_REDRAW | EFFECT_WANT;
	}
	state_select(state, &span);
	viewport_reveal(&state->at.viewport, span.begin_ns, span.end_ns);
	return EFFECT_REDRAW;
}

static unsigned go_to_proc(struct state *state, const struct model *model, uint64_t id)
{
	for (uint32_t p = 0; p < model->procs.count; p++) {
		if (model->procs.items[p].id != id)
			continue;
		if (state->rows.lanes_of != LANES_OF_PROCS)
			rows_show_procs(&state->rows, model);
		state_set_cursor(state, (struct row){ .kind = ROW_RUN, .index = p });
		return EFFECT_REDRAW;
	}
	state_refuse(state, "no P%" PRIu64 "%s", id, model->is_whole ? "" : " so far");
	return EFFECT_REDRAW;
}

/* It has no lane: the time when it is first heard of. */
static unsigned go_to_thread(struct state *state, const struct model *model, uint64_t id)
{
	for (size_t i = 0; i < model->threads.count; i++) {
		const struct thread *thread = &model->threads.items[i];
		char first[TIME_TEXT_MAX], last[TIME_TEXT_MAX];

		if (thread->id != id)
			continue;
		state_say(state, "M%" PRIu64 " writes from %s to %s", id,
		          time_text_go(first, thread->first_ns),
		          time_text_go(last, thread->last_ns));
		return center(state, thread->first_ns);
	}
	state_refuse(state, "no M%" PRIu64 "%s", id, model->is_whole ? "" : " so far");
	return EFFECT_REDRAW;
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

unsigned command_goto(struct state *state, const struct model *model, int argc, char **argv)
{
	char text[LINE_COMMAND_MAX], line[LINE_COMMAND_MAX];
	struct locator locator;
	size_t wrong_at;
	int64_t time_ns;
	uint64_t id;

	if (argc < 2)
		return command_misuse(state, argv[0]);
	join(text, argc, argv);
	if (time_text_parse(bytes_of(text), &time_ns))
		return go_to_time(state, text, time_ns);
	if (parse_clock(text, &time_ns))
		return go_to_clock(state, model, time_ns);
	if (locator_parse(bytes_of(text), &locator, &wrong_at)) {
		snprintf(line, sizeof(line), "locate %s", argv[1]);
		return command_run(state, model, line);
	}
	if (parse_id(text, 'G', &id))
		return go_to_go(state, model, id);
	if (parse_id(text, 'P', &id))
		return go_to_proc(state, model, id);
	if (parse_id(text, 'M', &id))
		return go_to_thread(state, model, id);
	snprintf(line, sizeof(line), "search \\V%.*s", LINE_EDIT_MAX - 4, text);
	return command_run(state, model, line);
}
