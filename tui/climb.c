/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/climb.h"

#include "core/analysis/pattern.h"
#include "tui/view/flame_view.h"

/* ---- what is looked for */

/* Each name is looked at once. */
static bool matches(struct id_map *known, const struct pattern *pattern, const struct model *model,
                    string_id name)
{
	uint32_t is = id_map_find(known, name);

	if (is == ID_NONE) {
		is = pattern_match(pattern, strings_text(&model->strings, name), NULL) ==
		     PATTERN_YES;
		id_map_set(known, name, is);
	}
	return is != 0;
}

void climb_find(struct climb_hits *hits, const struct flame *flame, const struct model *model,
                const char *expression)
{
	struct id_map known = { .budget = hits->are.budget };
	struct error err = { 0 };
	struct pattern pattern;
	uint32_t behind = 0; /* the last one that is inside of no other */

	array_clear(&hits->are);
	hits->count = 0;
	hits->sum = (struct profile_entry){ 0 };
	if (expression[0] == '\0' || !pattern_open(&pattern, bytes_of(expression), &err))
		return;
	array_resize(&hits->are, flame->calls.count);
	for (uint32_t i = 0; i < flame->calls.count; i++) {
		const struct flame_call *call = &flame->calls.items[i];

		hits->are.items[i] = matches(&known, &pattern, model, call->function);
		hits->count += hits->are.items[i];
		if (!hits->are.items[i] || i < behind)
			continue;
		profile_sum(&hits->sum, &call->cum);
		behind = call->next;
	}
	pattern_close(&pattern);
	id_map_free(&known);
}

/* ---- the cursor */

struct climb {
	const struct flame *flame;
	uint32_t begin, end; /* what is on the screen, but for callers of all of that */
	uint32_t at;
};

static const struct flame_call *here(const struct climb *climb)
{
	return &climb->flame->calls.items[climb->at];
}

static bool go_down(struct climb *climb)
{
	if (here(climb)->next == climb->at + 1)
		return false;
	climb->at++;
	return true;
}

static bool go_up(struct climb *climb)
{
	if (here(climb)->parent == INDEX_NONE)
		return false;
	climb->at = here(climb)->parent;
	return true;
}

/* The next one of the same depth, whoever called it. */
static bool go_right(struct climb *climb)
{
	const struct flame_call *calls = climb->flame->calls.items;
	uint32_t depth = here(climb)->depth, i = here(climb)->next;

	if (climb->at < climb->begin)
		return false;
	while (i < climb->end && calls[i].depth != depth)
		i = calls[i].depth < depth ? i + 1 : calls[i].next;
	if (i >= climb->end)
		return false;
	climb->at = i;
	return true;
}

static bool go_left(struct climb *climb)
{
	const struct flame_call *calls = climb->flame->calls.items;
	uint32_t depth = here(climb)->depth, i = climb->at;

	while (i > climb->begin) {
		for (i--; calls[i].depth > depth;)
			i = calls[i].parent;
		if (i < climb->begin)
			return false;
		if (calls[i].depth < depth)
			continue;
		climb->at = i;
		return true;
	}
	return false;
}

static bool go_to_hit(struct climb *climb, const struct climb_hits *hits, int direction)
{
	for (uint32_t i = climb->at + (uint32_t)direction; i >= climb->begin && i < climb->end;
	     i += (uint32_t)direction)
		if (hits->are.items[i]) {
			climb->at = i;
			return true;
		}
	return false;
}

static bool go_to_best(struct climb *climb, const struct climb_hits *hits)
{
	const struct flame *flame = climb->flame;
	int64_t most = -1, weight;

	for (uint32_t i = climb->begin; i < climb->end; i++) {
		weight = flame_weight(flame, &flame->calls.items[i].cum);
		if (!hits->are.items[i] || weight <= most)
			continue;
		climb->at = i;
		most = weight;
	}
	return most >= 0;
}

/* As many steps as there are. */
static void repeat(struct climb *climb, struct state *state, int steps,
                   bool (*forth)(struct climb *climb), bool (*back)(struct climb *climb),
                   const char *const refusals[2])
{
	bool is_back = steps < 0;
	int left = is_back ? -(steps + 1) + 1 : steps;

	for (int i = 0; i < left; i++)
		if (!(is_back ? back : forth)(climb)) {
			if (i == 0)
				state_refuse(state, "%s", refusals[is_back]);
			return;
		}
}

static void seek(struct climb *climb, struct state *state, const struct climb_hits *hits, int steps)
{
	for (; steps != 0; steps += steps > 0 ? -1 : 1)
		if (hits->are.count == 0 || !go_to_hit(climb, hits, steps > 0 ? 1 : -1)) {
			state_refuse(state, "no more of them %s", steps > 0 ? "behind" : "before");
			return;
		}
}

void climb_follow(struct state *state, const struct flame *flame, const struct climb_hits *hits)
{
	static const char *const vertical[] = { "it calls nothing", "nothing has called it" };
	static const char *const across[] = { "there is none to the right",
		                              "there is none to the left" };
	struct sheets *sheets = &state->sheets;
	struct sheet *sheet = sheets_now(sheets);
	struct sheet_steps steps = sheets->steps;
	struct climb climb = { .flame = flame, .end = (uint32_t)flame->calls.count };

	sheets->steps = (struct sheet_steps){ .down = 0 };
	if (flame->calls.count == 0)
		return;
	if (sheet->zoom > flame->calls.count)
		sheet->zoom = 0;
	if (sheet->zoom > 0) {
		climb.begin = sheet->zoom - 1;
		climb.end = flame->calls.items[climb.begin].next;
	}
	climb.at = (uint32_t)sheet->row < flame->calls.count ? (uint32_t)sheet->row : climb.begin;
	repeat(&climb, state, steps.down, go_down, go_up, vertical);
	repeat(&climb, state, steps.right, go_right, go_left, across);
	seek(&climb, state, hits, steps.hits);
	if (steps.to_best && (hits->are.count == 0 || !go_to_best(&climb, hits)))
		state_refuse(state, "nothing here is called so");
	if (steps.to_pointer)
		flame_view_at(flame, sheet, sheets->screen_cols, sheets->screen_rows, steps.row,
		              steps.col, &climb.at);
	sheet->row = (int)climb.at;
}
