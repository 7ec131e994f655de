/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/ruler.h"

#include <locale.h>

#include "tests/tap.h"

static struct budget budget;

/* The ruler of a window, its base in the 12 cells on the left. */
static const char *ruler(int64_t end_ns, int64_t from_ns, int64_t to_ns, enum glyphs glyphs)
{
	static char text[2048];
	struct cells cells = { .budget = &budget, .glyphs = glyphs };
	struct viewport viewport;
	text_array out = { .budget = &budget };

	viewport_init(&viewport, 60);
	viewport_set_end(&viewport, end_ns);
	if (to_ns > 0)
		viewport_set_window(&viewport, from_ns, to_ns);
	cells_resize(&cells, 72, 1);
	static const struct ruler_zero zero = { 0 };

	ruler_draw(&cells, 0, 12, 12, &viewport, &zero);
	cells_dump_row(&cells, 0, false, &out);
	snprintf(text, sizeof(text), "%.*s", (int)out.count, out.items);
	array_free(&out);
	cells_free(&cells);
	return text;
}

static void ticks_are_round(void)
{
	uint64_t steps = 0;
	bool good = true;

	for (int64_t end = 100; end < INT64_C(1) << 50; end = end * 5 / 3) {
		struct viewport viewport;
		int64_t step;

		viewport_init(&viewport, 60);
		viewport_set_end(&viewport, end);
		step = ruler_step_ns(&viewport);
		good = good && step >= viewport_cell_ns(&viewport, 12);
		good = good && step <= viewport_cell_ns(&viewport, 12) * 5 / 2 + 1;
		while (step % 10 == 0)
			step /= 10;
		good = good && (step == 1 || step == 2 || step == 5);
		steps++;
	}
	ok(good && steps > 40, "1, 2 or 5 times a power of ten, labels apart");
}

static void labels(void)
{
	is_text(ruler(1000000000, 0, 0, GLYPHS_EIGHTHS),
	        "             │0 s                         │0.5 s                       │",
	        "a second");
	is_text(ruler(1000000000, 400000000, 400500000, GLYPHS_ASCII),
	        "399 ms      |+1.0 ms                |+1.2 ms                |+1.4 ms",
	        "half a ms of it has a base");
	is_text(ruler(INT64_C(7200000000000), 0, 0, GLYPHS_ASCII),
	        "             |0 s            |2000 s         |4000 s         |6000 s",
	        "two hours");
}

/* What is a whole one of the next unit is told in that, wherever the window stands. */
static void units_carry(void)
{
	uint64_t windows = 0, wrong = 0;

	for (int64_t length = 300; length < INT64_C(1000000000000); length = length * 7 / 5)
		for (int at = 0; at < 20; at++, windows++) {
			int64_t from = INT64_C(4246000000) + length * at / 7;
			const char *text = ruler(INT64_C(9000000000000), from, from + length,
			                         GLYPHS_ASCII);

			wrong += strstr(text, "000 us") != NULL || strstr(text, "000 ms") != NULL ||
			         strstr(text, "000 ns") != NULL;
		}
	ok(windows > 100 && wrong == 0, "no unit is told in thousands: %d of %d", (int)wrong,
	   (int)windows);
}

static void no_window_hangs(void)
{
	bool good = true;

	for (int64_t end = 1; end > 0 && end < INT64_MAX / 4; end *= 3) {
		good = good && ruler(end, 0, 0, GLYPHS_EIGHTHS)[0] != '\0';
		good = good && ruler(end, end - 1, end, GLYPHS_ASCII)[0] != '\0';
	}
	ok(good, "windows of all sizes have labels");
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	ticks_are_round();
	labels();
	units_carry();
	no_window_hangs();
	return tap_done();
}
