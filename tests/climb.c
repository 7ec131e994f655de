/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/climb.h"

#include "tests/tap.h"

/* The cursor on a tree of calls.
 *
 *	0 a ------------------   5 f -------
 *	1 b ---------  4 e --    6 b ---
 *	2 c ---  3 d -
 */
static struct budget budget;
static struct model model;
static struct flame flame;
static struct climb_hits hits;
static struct state state;

static void add(struct profile *profile, const char *letters, int64_t delay_ns)
{
	struct frame frames[8];
	uint32_t count = 0;

	for (; letters[count] != '\0'; count++)
		frames[count] = (struct frame){
			.function =
				strings_add(&model.strings,
			                    (struct bytes){ (const uint8_t *)letters + count, 1 }),
		};
	profile_add(profile, stacks_add(&model.stacks, frames, count), delay_ns);
}

static void open_tree(void)
{
	struct profile profile;
	struct sheet sheet;

	model_init(&model, &budget, (struct version){ .minor = 26 });
	state_init(&state, &budget);
	profile_init(&profile, &budget);
	flame_init(&flame, &budget);
	hits = (struct climb_hits){ .are = { .budget = &budget } };
	add(&profile, "cba", 40);
	add(&profile, "dba", 10);
	add(&profile, "ea", 20);
	add(&profile, "bf", 10);
	add(&profile, "f", 5);
	flame_make(&flame, &profile, &model, PROFILE_DELAYS);
	profile_free(&profile);
	sheet_make(&sheet, "sync");
	sheets_push(&state.sheets, &sheet);
}

static void close_tree(void)
{
	array_free(&hits.are);
	flame_free(&flame);
	state_free(&state);
	model_free(&model);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

/* Where the cursor is after some steps from a call. */
static int after(int from, int down, int right)
{
	sheets_now(&state.sheets)->row = from;
	state.message[0] = '\0';
	state.sheets.steps.down = down;
	state.sheets.steps.right = right;
	climb_follow(&state, &flame, &hits);
	return sheets_now(&state.sheets)->row;
}

static void steps_lead_to_callees_callers_and_neighbours(void)
{
	open_tree();
	is_i64(after(0, 1, 0), 1, "down is the most expensive that it calls");
	is_i64(after(0, 9, 0), 2, "as far as it goes");
	is_i64(after(2, 1, 0), 2, "it calls nothing");
	is_text(state.message, "it calls nothing", "and says so");
	is_i64(after(3, -1, 0), 1, "up is the caller");
	is_i64(after(0, -1, 0), 0, "nobody has called it");
	is_i64(after(0, 0, 1), 5, "right is the one beside it");
	is_i64(after(3, 0, 1), 3, "there is none as deep");
	is_i64(after(4, 0, 1), 6, "or that of another caller");
	is_i64(after(6, 0, -1), 4, "left leads back");
	is_i64(after(6, 0, -2), 1, "and on");
	is_i64(after(1, 0, -1), 1, "to the first");
	close_tree();
}

static void what_is_as_wide_as_the_screen_is_all(void)
{
	open_tree();
	sheets_now(&state.sheets)->zoom = 2; /* b, called by a */
	is_i64(after(2, 0, 1), 3, "beside it");
	is_i64(after(1, 0, 1), 1, "nothing is beside b");
	is_i64(after(1, -1, 0), 0, "its caller is above it");
	is_i64(after(0, 0, 1), 0, "as wide as the screen");
	sheets_now(&state.sheets)->zoom = 99;
	is_i64(after(0, 0, 1), 5, "one that is no more is none");
	close_tree();
}

static void functions_are_found(void)
{
	open_tree();
	climb_find(&hits, &flame, &model, "b|c");
	is_u64(hits.count, 3, "so often");
	is_i64(hits.sum.delay_ns, 60, "c is inside of b");
	state.sheets.steps.to_best = true;
	is_i64(after(4, 0, 0), 1, "to the most expensive");
	state.sheets.steps.hits = 1;
	is_i64(after(1, 0, 0), 2, "to the next");
	state.sheets.steps.hits = 1;
	is_i64(after(2, 0, 0), 6, "and on");
	state.sheets.steps.hits = 1;
	is_i64(after(6, 0, 0), 6, "which is the last");
	is_text(state.message, "no more of them behind", "as is said");
	state.sheets.steps.hits = -2;
	is_i64(after(6, 0, 0), 1, "and back");
	climb_find(&hits, &flame, &model, "");
	is_u64(hits.are.count, 0, "nothing is looked for");
	close_tree();
}

static void a_click_is_at_a_call(void)
{
	open_tree();
	state.sheets.screen_cols = 85;
	state.sheets.screen_rows = 20;
	state.sheets.steps.to_pointer = true;
	state.sheets.steps.row = 3;
	state.sheets.steps.col = 60;
	is_i64(after(0, 0, 0), 4, "e, on the third row");
	state.sheets.steps.to_pointer = true;
	state.sheets.steps.row = 3;
	state.sheets.steps.col = 84;
	is_i64(after(0, 0, 0), 0, "there is nothing");
	close_tree();
}

static void nothing_is_no_calls(void)
{
	open_tree();
	flame_free(&flame);
	flame_init(&flame, &budget);
	climb_find(&hits, &flame, &model, "a");
	state.sheets.steps.hits = 1;
	is_i64(after(0, 1, 1), 0, "stays where it is");
	close_tree();
}

int main(void)
{
	steps_lead_to_callees_callers_and_neighbours();
	what_is_as_wide_as_the_screen_is_all();
	functions_are_found();
	a_click_is_at_a_call();
	nothing_is_no_calls();
	return tap_done();
}
