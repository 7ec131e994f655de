/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/places.h"

#include "tests/tap.h"

static struct places places;
static struct place now;

static void begin(void)
{
	memset(&places, 0, sizeof(places));
	memset(&now, 0, sizeof(now));
	viewport_init(&now.viewport, 100);
	viewport_set_end(&now.viewport, 1000000000);
	viewport_set_window(&now.viewport, 0, 100000000);
}

static int64_t first(void)
{
	return now.viewport.first;
}

static void jump(int64_t to_ns)
{
	struct place from = now;

	viewport_set_window(&now.viewport, to_ns, to_ns + 100000000);
	places_note(&places, &from, &now, false);
}

static void pan(bool is_rested)
{
	struct place from = now;

	viewport_pan(&now.viewport, 10);
	places_note(&places, &from, &now, is_rested);
}

static void jumps_are_steps_of_their_own(void)
{
	int64_t a, b, c;

	begin();
	a = first();
	jump(300000000);
	b = first();
	jump(600000000);
	c = first();
	ok(places_go_back(&places, &now) && first() == b, "back to the second");
	ok(places_go_back(&places, &now) && first() == a, "back to the first");
	ok(!places_go_back(&places, &now) && first() == a, "nothing is before it");
	ok(places_go_forth(&places, &now) && first() == b, "forth to the second");
	ok(places_go_forth(&places, &now) && first() == c, "forth to the third");
	ok(!places_go_forth(&places, &now) && first() == c, "nothing is behind it");
	places_go_back(&places, &now);
	jump(800000000);
	ok(!places_go_forth(&places, &now), "a new way forgets the old one");
}

static void pans_are_one_step_until_a_rest(void)
{
	int64_t a, b;

	begin();
	a = first();
	pan(false), pan(false), pan(false);
	ok(places_go_back(&places, &now) && first() == a, "three at once");
	pan(false), pan(false);
	b = first();
	pan(true), pan(false);
	ok(places_go_back(&places, &now) && first() == b, "those behind a rest");
	ok(places_go_back(&places, &now) && first() == a, "then those before it");
	pan(false);
	jump(600000000);
	pan(false);
	places_go_back(&places, &now);
	places_go_back(&places, &now);
	ok(first() == a + 10, "a jump is between them");
}

static void what_stays_is_no_step(void)
{
	struct place from;

	begin();
	from = now;
	now.cursor.index = 7;
	places_note(&places, &from, &now, true);
	ok(!places_go_back(&places, &now), "the cursor alone moves nothing");
}

static void only_so_many_are_kept(void)
{
	int steps = 0;

	begin();
	for (int i = 0; i < 3 * PLACES_MAX; i++)
		jump(i % 2 == 0 ? 300000000 : 600000000);
	while (places_go_back(&places, &now))
		steps++;
	is_i64(steps, PLACES_MAX, "the last ones");
}

static void swapping_goes_there_and_back(void)
{
	int64_t a, b;

	begin();
	ok(!places_swap(&places, &now), "nowhere at first");
	a = first();
	jump(600000000);
	b = first();
	ok(places_swap(&places, &now) && first() == a, "to the place before");
	ok(places_swap(&places, &now) && first() == b, "and back");
}

static void marks_are_of_the_trace(void)
{
	begin();
	ok(places_marked(&places, 'a') == NULL, "none at first");
	jump(600000000);
	places_mark(&places, 'a', &now);
	jump(100000000);
	viewport_set_cols(&now.viewport, 50);
	viewport_set_end(&now.viewport, 2000000000);
	places_go(&now, places_marked(&places, 'a'));
	is_i64(now.viewport.cols, 50, "the screen is as wide as it is");
	is_i64(now.viewport.end_ns, 2000000000, "the trace as long");
	ok(viewport_holds(&now.viewport, 600000000, 600000000), "and the place the marked one");
}

static void another_selection_is_a_step_where_a_link_leads(void)
{
	struct place from;

	begin();
	from = now;
	now.selected = (struct span){ .begin_ns = 30000000, .end_ns = 40000000, .kind = SPAN_RUN };
	places_note(&places, &from, &now, false);
	ok(!places_go_back(&places, &now), "not by itself");
	places.leads_on = true;
	places_note(&places, &from, &now, false);
	ok(places_go_back(&places, &now) && now.selected.kind == SPAN_NONE, "but by a link");
	places.leads_on = true;
	places_note(&places, &now, &now, false);
	ok(!places_go_back(&places, &now), "that leads on");
}

static void moment_is_that_of_the_selection(void)
{
	begin();
	is_i64(place_moment_ns(&now), viewport_col_ns(&now.viewport, 50), "else the middle");
	now.selected = (struct span){ .begin_ns = 30000000, .end_ns = 40000000, .kind = SPAN_RUN };
	is_i64(place_moment_ns(&now), 30000000, "if it is seen");
	now.selected.begin_ns = now.selected.end_ns = 500000000;
	is_i64(place_moment_ns(&now), viewport_col_ns(&now.viewport, 50), "not one elsewhere");
}

int main(void)
{
	jumps_are_steps_of_their_own();
	pans_are_one_step_until_a_rest();
	what_stays_is_no_step();
	only_so_many_are_kept();
	swapping_goes_there_and_back();
	marks_are_of_the_trace();
	another_selection_is_a_step_where_a_link_leads();
	moment_is_that_of_the_selection();
	return tap_done();
}
