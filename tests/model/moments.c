/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/moments.h"

#include "tests/tap.h"
#include "tui/session.h"

#include <stdlib.h>

/* Wake-ups that no goroutine makes, against what the lanes of all goroutines tell. */

enum { SPANS = 1 << 16, CELLS = 50 };

static struct budget budget;
static struct session session;
static struct span spans[SPANS];

static bool open_demo(void)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];
	struct error err = { 0 };

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir == NULL ? "." : srcdir);
	if (!session_open(&session, &budget, path, 0, &err))
		return false;
	session_finish(&session);
	while (!session_want(&session, 0, session.model.end_ns))
		session_finish(&session);
	return true;
}

/* What the end of a wait is; MOMENTS: nothing of these. */
static enum moment moment_of(const struct span *before, const struct span *span)
{
	struct bytes reason;
	char text[64];

	if (before->kind == SPAN_SYSCALL && span->kind == SPAN_RUNNABLE)
		return MOMENT_SYSCALL;
	if (before->kind != SPAN_WAITING || span->kind != SPAN_RUNNABLE)
		return MOMENTS;
	reason = strings_text(&session.model.strings, model_wait_reason(&session.model, before));
	snprintf(text, sizeof(text), "%.*s", (int)reason.len, (const char *)reason.data);
	return strstr(text, "network") != NULL ? MOMENT_NETWORK
	       : strcmp(text, "sleep") == 0    ? MOMENT_TIMER
	                                       : MOMENTS;
}

static void count_by_lanes(const int64_t times[CELLS + 1], uint32_t counts[MOMENTS][CELLS])
{
	int64_t width = times[1] - times[0];

	for (uint32_t go = 0; go < session.model.roster.count; go++) {
		size_t count = model_spans(&session.model, lane_of_go(go), 0,
		                           session.model.end_ns + 1, spans, SPANS);

		for (size_t i = 1; i < count; i++) {
			enum moment moment = moment_of(&spans[i - 1], &spans[i]);

			if (moment != MOMENTS && spans[i].begin_ns < times[CELLS])
				counts[moment][spans[i].begin_ns / width]++;
		}
	}
}

static void lanes_tell_the_same(void)
{
	static const char *const names[MOMENTS] = { "network", "timers", "syscalls" };
	static uint32_t wanted[MOMENTS][CELLS], got[CELLS];
	int64_t times[CELLS + 1], width = session.model.end_ns / CELLS;

	for (int i = 0; i <= CELLS; i++)
		times[i] = width * i;
	count_by_lanes(times, wanted);
	for (int moment = 0; moment < MOMENTS; moment++) {
		uint32_t differ = 0, sum = 0;
		bool is_exact;

		ok(model_moments(&session.model, (enum moment)moment, times, CELLS, got, &is_exact),
		   "%s are known", names[moment]);
		for (int i = 0; i < CELLS; i++) {
			if (got[i] != wanted[moment][i])
				printf("# %s in cell %d: %u, not %u\n", names[moment], i, got[i],
				       wanted[moment][i]);
			differ += got[i] != wanted[moment][i];
			sum += got[i];
		}
		ok(differ == 0 && sum > 0, "%s: %u, in each cell as lanes have them", names[moment],
		   sum);
		ok(is_exact, "and nothing is left out");
	}
}

int main(void)
{
	if (ok(open_demo(), "the demo is loaded"))
		lanes_tell_the_same();
	session_close(&session);
	return tap_done();
}
