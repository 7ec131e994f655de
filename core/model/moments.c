/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/moments.h"

#include "core/base/sort.h"
#include "core/model/part.h"

_Static_assert((int)MOMENTS == (int)HISTORY_MOMENTS, "a history has a list for each");

enum { REASONS = 256 /* of a generation, at most */ };

static bool has(struct bytes text, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= text.len; i++)
		if (memcmp(text.data + i, word, len) == 0)
			return true;
	return false;
}

/* What a wait for a reason ends with; MOMENTS: another goroutine wakes it, or who knows. */
static uint8_t judge(struct bytes reason)
{
	return has(reason, "network")                   ? MOMENT_NETWORK
	       : bytes_equal(reason, bytes_of("sleep")) ? MOMENT_TIMER
	                                                : MOMENTS;
}

static void judge_reasons(const struct model *model, const struct part *part,
                          uint8_t moments[REASONS])
{
	const struct history *history = part->history;

	memset(moments, MOMENTS, REASONS);
	for (size_t i = 0; i < history->reasons.count && i < REASONS; i++)
		moments[i] = judge(strings_text(
			&model->strings, tables_string(&part->tables, history->reasons.items[i])));
}

static int time_order(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void take_wake(struct history *history, const struct wake *wake,
                      const uint8_t moments[REASONS])
{
	uint8_t moment;

	if (wake->kind != WAKE_UNBLOCK)
		return;
	if (wake->before >= history->runs.count) {
		*array_push(&history->late_wakes) =
			(struct late_wake){ wake->time, history->go_of.items[wake->g] };
		return;
	}
	moment = moments[history->runs.items[wake->before].reason];
	if (moment != MOMENTS)
		*array_push(&history->moments[moment]) = wake->time;
}

/* False: there is no memory for that. */
static bool find_moments(const struct model *model, const struct part *part)
{
	struct history *history = part->history;
	uint8_t moments[REASONS];

	if (history->has_moments)
		return true;
	if (budget_is_beyond(model->budget, 8 * (history->wakes.count + history->runs.count)))
		return false;
	judge_reasons(model, part, moments);
	for (size_t i = 0; i < history->wakes.count; i++)
		take_wake(history, &history->wakes.items[i], moments);
	for (size_t i = 0; i < history->runs.count; i++)
		if (history->runs.items[i].close == RUN_SYSCALL_BLOCKED)
			*array_push(&history->moments[MOMENT_SYSCALL]) = history->runs.items[i].end;
	for (int i = 0; i < MOMENTS; i++)
		SORT_ARRAY(&history->moments[i], time_order);
	history->has_moments = true;
	return true;
}

/* ---- waits that began before the part */

enum { LOOKED_AT = 8 };

/* Why a goroutine waited until then; false: a history is missing that tells it. */
static bool find_reason(const struct model *model, uint32_t go, int64_t ns, string_id *reason)
{
	struct span spans[LOOKED_AT];
	size_t count = model_spans(model, lane_of_go(go), ns - 1, ns, spans, LOOKED_AT);

	*reason = 0;
	while (count > 0 && spans[count - 1].kind != SPAN_WAITING)
		count--;
	if (count == 0)
		return false;
	*reason = model_wait_reason(model, &spans[count - 1]);
	return *reason != 0 || spans[count - 1].begin_ns <= 0; /* nobody says what was before */
}

/* Those that the histories of parts before tell of by now. */
static void settle_late(const struct model *model, const struct part *part)
{
	struct history *history = part->history;
	size_t left = 0;

	if (history->late_wakes.count == 0 ||
	    (part->number > 0 && !model_has_history(model, part->number - 1)))
		return;
	for (size_t i = 0; i < history->late_wakes.count; i++) {
		const struct late_wake *wake = &history->late_wakes.items[i];
		string_id reason;
		uint8_t moment;

		if (!find_reason(model, wake->go, part_ns(part, wake->time), &reason)) {
			history->late_wakes.items[left++] = *wake;
			continue;
		}
		moment = judge(strings_text(&model->strings, reason));
		if (moment != MOMENTS)
			*array_push(&history->moments[moment]) = wake->time;
	}
	if (left < history->late_wakes.count)
		for (int i = 0; i < MOMENTS; i++)
			SORT_ARRAY(&history->moments[i], time_order);
	history->late_wakes.count = left;
}

/* How many are before a time. */
static size_t count_before(const struct part *part, enum moment moment, int64_t ns)
{
	const u32_array *times = &part->history->moments[moment];
	size_t low = 0, high = times->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (part_ns(part, times->items[middle]) < ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool model_moments(const struct model *model, enum moment moment, const int64_t *times_ns,
                   size_t count, uint32_t *counts, bool *is_exact)
{
	uint32_t first, end;

	*is_exact = true;
	memset(counts, 0, count * sizeof(*counts));
	if (!model_has_spans(model, times_ns[0], times_ns[count]))
		return false;
	model_parts_in(model, times_ns[0], times_ns[count], &first, &end);
	for (; first < end; first++) {
		const struct part *part = model->parts.items[first];
		size_t before;

		if (!find_moments(model, part))
			return false;
		settle_late(model, part);
		*is_exact = *is_exact && part->history->late_wakes.count == 0;
		before = count_before(part, moment, times_ns[0]);
		for (size_t i = 0; i < count; i++) {
			size_t until = count_before(part, moment, times_ns[i + 1]);

			counts[i] += (uint32_t)(until - before);
			before = until;
		}
	}
	return true;
}
