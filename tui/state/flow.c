/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/flow.h"

enum { LOOKED_AT = 8 /* spans until a goroutine runs: it may wait for its P in between */ };

static void add(struct flows *flows, uint32_t go, uint32_t proc, int64_t time_ns, bool is_incoming)
{
	if (flows->count < FLOWS_MAX)
		flows->items[flows->count++] = (struct flow){ time_ns, go, proc, is_incoming };
}

/* The P that a goroutine was on. */
static uint32_t proc_at(const struct model *model, uint32_t go, int64_t time_ns)
{
	struct span spans[LOOKED_AT];
	size_t count = model_spans(model, lane_of_go(go), time_ns, time_ns + 1, spans, LOOKED_AT);

	for (size_t i = 0; i < count; i++)
		if (spans[i].proc != INDEX_NONE)
			return spans[i].proc;
	return INDEX_NONE;
}

/* Where it ran next. */
static void add_outgoing(struct flows *flows, const struct model *model, uint32_t go,
                         int64_t time_ns)
{
	struct span span;
	uint32_t part;
	int64_t at = time_ns - 1;

	for (int i = 0; i < LOOKED_AT && model_span_after(model, lane_of_go(go), at, &span, &part);
	     i++) {
		if (span.kind == SPAN_RUN) {
			add(flows, go, span.proc, span.begin_ns, false);
			return;
		}
		at = span.begin_ns;
	}
}

void flows_find(struct flows *flows, const struct model *model, const struct detail *detail)
{
	flows->count = 0;
	if (detail == NULL)
		return;
	if (detail->has_waker && detail->waker != INDEX_NONE)
		add(flows, detail->waker, proc_at(model, detail->waker, detail->woken_ns),
		    detail->woken_ns, true);
	for (size_t i = 0; i < detail->wake_count && i < DETAIL_WAKES; i++)
		if (detail->wakes[i].go != INDEX_NONE)
			add_outgoing(flows, model, detail->wakes[i].go, detail->wakes[i].time_ns);
}
