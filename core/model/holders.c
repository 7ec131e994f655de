/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/holders.h"

enum {
	SPANS_AT_ONCE = 256,
	SPANS_MAX = 4096, /* looked at: more are told of in sum */
	NAMES = 64,       /* kept apart */
};

struct looking {
	const struct model *model;
	int64_t begin_ns, end_ns;
	size_t looked_at;
	struct holder names[NAMES];
	size_t count;
	int64_t others_ns, gc_ns, syscall_ns;
};

static int64_t *share_of(struct looking *h, uint32_t go)
{
	string_id name = go < h->model->roster.count ? roster_brief(&h->model->roster, go).name : 0;
	size_t i = 0;

	while (i < h->count && h->names[i].name != name)
		i++;
	if (i == NAMES)
		return &h->others_ns;
	if (i == h->count)
		h->names[h->count++] = (struct holder){ .name = name };
	return &h->names[i].ns;
}

static void add_span(struct looking *h, const struct span *span)
{
	int64_t from = span->begin_ns > h->begin_ns ? span->begin_ns : h->begin_ns;
	int64_t to = span->end_ns < h->end_ns ? span->end_ns : h->end_ns;

	if (to <= from)
		return;
	if (span->kind == SPAN_RUN)
		*(span->worker != WORKER_NONE ? &h->gc_ns : share_of(h, span->go)) += to - from;
	if (span->kind != SPAN_SYSCALL)
		return;
	*(span->worker != WORKER_NONE ? &h->gc_ns : share_of(h, span->go)) -= to - from;
	h->syscall_ns += to - from;
}

/* False: there are too many. */
static bool add_lane(struct looking *h, struct lane_id lane)
{
	struct span spans[SPANS_AT_ONCE];
	int64_t at = h->begin_ns, last_ns = TIME_UNKNOWN;

	for (;;) {
		size_t count = model_spans(h->model, lane, at, h->end_ns, spans, SPANS_AT_ONCE);

		h->looked_at += count;
		if (h->looked_at > SPANS_MAX)
			return false;
		for (size_t i = 0; i < count; i++)
			if (spans[i].begin_ns > last_ns)
				add_span(h, &spans[i]);
		if (count < SPANS_AT_ONCE)
			return true;
		last_ns = spans[count - 1].begin_ns;
		if (last_ns <= at)
			return false;
		at = last_ns;
	}
}

static bool add_lanes(struct looking *h)
{
	for (uint32_t p = 0; p < h->model->procs.count; p++)
		if (!add_lane(h, lane_of_proc(p, false)) || !add_lane(h, lane_of_proc(p, true)))
			return false;
	return true;
}

/* What the pyramids tell: not whose it was. */
static void add_mixes(struct looking *h)
{
	h->count = 0;
	h->others_ns = h->gc_ns = h->syscall_ns = 0;
	for (uint32_t p = 0; p < h->model->procs.count; p++) {
		struct mix mix = model_mix(h->model, p, h->begin_ns, h->end_ns);

		h->others_ns += mix.spent_ns[LANE_RUN];
		h->gc_ns += mix.spent_ns[LANE_WORKER];
		h->syscall_ns += mix.spent_ns[LANE_SYSCALL];
	}
}

/* The largest to the front, the rest into others. */
static void rank(struct looking *h)
{
	for (size_t i = 0; i < h->count && i < HOLDERS; i++) {
		struct holder first = h->names[i];
		size_t most = i;

		for (size_t j = i + 1; j < h->count; j++)
			if (h->names[j].ns > h->names[most].ns)
				most = j;
		h->names[i] = h->names[most];
		h->names[most] = first;
	}
	for (; h->count > HOLDERS; h->count--)
		h->others_ns += h->names[h->count - 1].ns;
}

struct holders holders_in(const struct model *model, int64_t begin_ns, int64_t end_ns)
{
	struct looking h = { .model = model, .begin_ns = begin_ns, .end_ns = end_ns };
	struct holders holders = { .all_ns = 0 };

	if (end_ns <= begin_ns ||
	    __builtin_mul_overflow(end_ns - begin_ns, model_most_procs(model), &holders.all_ns))
		return holders;
	if (!model_has_lane(model, lane_of_proc(0, false), begin_ns, end_ns) || !add_lanes(&h))
		add_mixes(&h);
	rank(&h);
	memcpy(holders.first, h.names, sizeof(holders.first));
	holders.count = (uint32_t)h.count;
	holders.others_ns = h.others_ns;
	holders.gc_ns = h.gc_ns;
	holders.syscall_ns = h.syscall_ns;
	return holders;
}
