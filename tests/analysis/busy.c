/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/busy.h"

#include "tests/tap.h"

/* When goroutines had something to do for long, from what they did one after the other. */

enum { MS = 1000000 };

static struct budget budget;
static struct busy busy;

static void tell(uint32_t go, enum span_kind kind, int64_t begin_ms, int64_t end_ms)
{
	busy_tell(&busy, &(struct told){
				 .span = { .go = go, .kind = (uint8_t)kind },
				 .begin_ns = begin_ms * MS,
				 .end_ns = end_ms * MS,
			 });
}

static bool is_not_three(const void *to, uint32_t go)
{
	(void)to;
	return go != 3;
}

static int64_t began(int64_t at_ms, int64_t within_ms)
{
	const struct busy_stretch *stretch =
		busy_since(&busy, at_ms * MS, within_ms * MS, is_not_three, NULL);

	return stretch == NULL ? -1 : stretch->begin_ns / MS;
}

int main(void)
{
	busy_init(&busy, &budget);
	/* in the order in which they begin, whoever it is */
	tell(0, SPAN_RUN, 0, 10);
	tell(1, SPAN_RUNNABLE, 5, 6);
	tell(1, SPAN_RUN, 6, 9);
	tell(3, SPAN_RUN, 7, 30);
	tell(1, SPAN_SYSCALL, 9, 12);
	tell(0, SPAN_WAITING, 10, 20);
	tell(1, SPAN_WAITING, 12, 40);
	tell(0, SPAN_RUN, 20, 25);
	tell(1, SPAN_RUN, 40, 41);
	busy_end(&busy);
	is_i64(busy_ns(&busy, 0, 0, 100 * MS), 15 * MS, "what one did between its waits");
	is_i64(busy_ns(&busy, 1, 0, 100 * MS), 8 * MS, "running, runnable and in a syscall");
	is_i64(busy_ns(&busy, 1, 8 * MS, 40 * MS), 4 * MS, "of a window");
	is_i64(busy_ns(&busy, 2, 0, 100 * MS), 0, "of one that did nothing");
	is_i64(began(8, 100), 5, "who began last before a time");
	is_i64(began(8, 3), -1, "not so long before");
	is_i64(began(22, 100), 20, "who is not asked for does not count");
	is_i64(began(35, 100), -1, "nor who waits by then");
	busy_free(&busy);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
