/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/go_spans.h"

#include "core/model/go_teller.h"
#include "core/model/detail_at.h"

/* The lane of a goroutine: as a list, and as the mix of each stretch. */

struct list {
	struct span *spans;
	size_t count, max;
};

static bool take_into_list(void *to, const struct span *span)
{
	struct list *list = to;

	if (list->count == list->max)
		return false;
	list->spans[list->count++] = *span;
	return true;
}

size_t go_spans(const struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns,
                struct span *spans, size_t max)
{
	struct list list = { .spans = spans, .max = max };

	go_tell(model, go, begin_ns, end_ns, take_into_list, &list);
	return list.count;
}

/* ---- mixes */

struct mixer {
	const int64_t *times_ns;
	size_t count, at;
	struct go_mix *mixes;
};

static void add_time(struct go_mix *mix, const struct span *span, int64_t ns)
{
	mix->spans++;
	if (span->kind == SPAN_RUN)
		mix->running_ns += ns;
	else if (span->kind == SPAN_RUNNABLE)
		mix->runnable_ns += ns;
	else if (span->kind == SPAN_WAITING)
		mix->waiting_ns += ns;
	else
		mix->syscall_ns += ns;
}

/* Spans come in order. */
static bool take_into_mixes(void *to, const struct span *span)
{
	struct mixer *m = to;

	while (m->at < m->count && m->times_ns[m->at + 1] <= span->begin_ns)
		m->at++;
	for (size_t i = m->at; i < m->count && m->times_ns[i] < span->end_ns; i++) {
		int64_t begin = m->times_ns[i], end = m->times_ns[i + 1];

		begin = span->begin_ns > begin ? span->begin_ns : begin;
		end = span->end_ns < end ? span->end_ns : end;
		add_time(&m->mixes[i], span, end - begin);
	}
	return m->at < m->count;
}

bool model_go_mixes(const struct model *model, uint32_t go, const int64_t *times_ns, size_t count,
                    struct go_mix *mixes)
{
	struct mixer mixer = { .times_ns = times_ns, .count = count, .mixes = mixes };

	memset(mixes, 0, count * sizeof(*mixes));
	if (!model_has_spans(model, times_ns[0], times_ns[count]))
		return false;
	go_tell(model, go, times_ns[0], times_ns[count], take_into_mixes, &mixer);
	return true;
}

string_id model_wait_reason(const struct model *model, const struct span *span)
{
	const struct detail_reader r = { .model = model };
	const struct part *part = detail_part(&r, span);
	const struct history *history = part == NULL ? NULL : part->history;
	const struct run *run = NULL;

	if (span->is_near)
		part = detail_find_run(&r, span, &history, &run);
	else if (part != NULL && span->index < history->runs.count)
		run = &history->runs.items[span->index];
	if (run == NULL)
		return 0; /* or a wake-up: nobody said why */
	return tables_string(&part->tables, history->reasons.items[run->reason]);
}
