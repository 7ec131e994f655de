/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/resync.h"

#include "core/trace/v2_wire.h"
#include "core/trace/version.h"

enum {
	STRETCH = 1 << 16,                            /* bytes looked at in a step */
	BEHIND = BATCH_SIZE_MAX + 2 * BATCH_HEAD_MAX, /* and what has to be seen behind them */
	BEFORE = BATCH_HEAD_MAX,                      /* and in front: a header's begin */
	WINDOW = BEFORE + STRETCH + BEHIND,
	SIZE_DIGITS = 3, /* bytes of a padded size that are not padding */
};

/* How a padded size ends. */
static const uint8_t padding[] = { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 };

void resync_begin(struct resync *resync, struct budget *budget, uint64_t from)
{
	*resync = (struct resync){
		.budget = budget,
		.window = budget_resize(budget, NULL, 0, WINDOW),
		.from = from,
		.at = from,
	};
}

void resync_end(struct resync *resync)
{
	if (resync->window != NULL)
		resync->window = budget_resize(resync->budget, resync->window, WINDOW, 0);
}

bool resync_fits(const struct resync_near *near, const struct batch_head *head)
{
	uint64_t apart =
		head->ticks > near->ticks ? head->ticks - near->ticks : near->ticks - head->ticks;

	return near->number != 0 && apart <= near->apart &&
	       (head->number == near->number || head->number == near->number + 1);
}

bool resync_is_trace(struct bytes in)
{
	struct version version;
	struct error err = { 0 };

	if (in.len < VERSION_HEADER)
		return false;
	in.len = VERSION_HEADER;
	return version_parse(in, &version, &err);
}

/* ---- a place in the window */

/* The bytes in the window. */
struct view {
	struct bytes in;
	bool has_end; /* it ends with the file */
	size_t need;  /* where bytes have to be for an answer */
};

static struct bytes behind(const struct view *view, size_t at)
{
	return (struct bytes){ view->in.data + at, view->in.len - at };
}

enum fit { FIT_NO, FIT_YES, FIT_UNKNOWN };

/* Whether a batch, a mark or the file's end follows at the end of a batch. */
static enum fit is_followed(struct view *view, const struct resync_near *near, size_t end,
                            bool closely)
{
	struct batch_head next;

	view->need = end + BATCH_HEAD_MAX;
	if (end > view->in.len)
		return view->has_end ? FIT_NO : FIT_UNKNOWN;
	if (end == view->in.len)
		return view->has_end ? FIT_YES : FIT_UNKNOWN;
	if (view->in.data[end] == WIRE_END_OF_GENERATION && near->has_marks)
		return FIT_YES;
	switch (batch_head_take(behind(view, end), &next)) {
	case HEAD_WELL:
		return !closely || near->number == 0 || resync_fits(near, &next) ? FIT_YES : FIT_NO;
	case HEAD_SHORT:
		return view->has_end ? FIT_NO : FIT_UNKNOWN;
	case HEAD_NO_SIZE:
	case HEAD_BAD:
		break;
	}
	return FIT_NO;
}

/* Whether a padded header is a batch's: it fits what is known, or a batch follows. */
static enum fit is_batch(struct view *view, const struct resync_near *near, size_t begin)
{
	struct batch_head head;

	if (batch_head_take(behind(view, begin), &head) != HEAD_WELL || !head.is_padded)
		return FIT_NO;
	if (resync_fits(near, &head))
		return FIT_YES;
	return is_followed(view, near, begin + head.len + head.size, false);
}

/* Whether the first byte of a payload is one that begins a payload. */
static bool begins_payload(const struct view *view, size_t at, uint64_t size)
{
	return size == 0 || (at < view->in.len && wire_spec(view->in.data[at])->name != NULL);
}

/* Whether a header of any form begins here that fits, and so does what follows. */
static enum fit is_minimal_batch(struct view *view, const struct resync_near *near, size_t begin)
{
	struct resync_near now = *near;
	struct batch_head head;

	if (view->in.data[begin] != WIRE_EVENT_BATCH &&
	    view->in.data[begin] != WIRE_EXPERIMENTAL_BATCH)
		return FIT_NO;
	switch (batch_head_take(behind(view, begin), &head)) {
	case HEAD_WELL:
		break;
	case HEAD_SHORT:
		view->need = begin + BATCH_HEAD_MAX;
		return view->has_end ? FIT_NO : FIT_UNKNOWN;
	case HEAD_NO_SIZE:
	case HEAD_BAD:
		return FIT_NO;
	}
	if (!resync_fits(near, &head) || !begins_payload(view, begin + head.len, head.size))
		return FIT_NO;
	now.number = head.number;
	return is_followed(view, &now, begin + head.len + head.size, true);
}

/* ---- the window */

/* A text that begins in [from, end); NULL: none does. */
static const uint8_t *find(const struct view *view, size_t from, size_t end, const void *text,
                           size_t len)
{
	size_t last = end + len - 1 < view->in.len ? end + len - 1 : view->in.len;

	return from >= last ? NULL : memmem(view->in.data + from, last - from, text, len);
}

/* The first place where a batch begins, or might: *at. It is found by the end of its header, which
 * lies in [from, end). */
static enum fit find_padded(struct view *view, const struct resync_near *near, size_t from,
                            size_t end, size_t *at)
{
	for (;;) {
		const uint8_t *hit = find(view, from, end, padding, sizeof(padding));
		enum fit fit;

		if (hit == NULL)
			return FIT_NO;
		from = (size_t)(hit - view->in.data) + 1;
		if (from <= SIZE_DIGITS || !batch_head_before(view->in, from - 1 - SIZE_DIGITS, at))
			continue;
		fit = is_batch(view, near, *at);
		if (fit != FIT_NO)
			return fit;
	}
}

static enum fit find_minimal(struct view *view, const struct resync_near *near, size_t from,
                             size_t end, size_t *at)
{
	for (*at = from; *at < end; ++*at) {
		enum fit fit = is_minimal_batch(view, near, *at);

		if (fit != FIT_NO)
			return fit;
	}
	return FIT_NO;
}

/* The first header of another trace; end if there is none. */
static size_t find_trace(const struct view *view, size_t from, size_t end)
{
	const uint8_t *hit;

	for (; (hit = find(view, from, end, "go 1.", 5)) != NULL; from++) {
		from = (size_t)(hit - view->in.data);
		if (resync_is_trace(behind(view, from)))
			return from;
	}
	return end;
}

enum resync_result resync_step(struct resync *resync, const struct source *source,
                               const struct resync_near *near)
{
	bool is_finished = atomic_load(&source->is_finished);
	uint64_t base = resync->at - resync->from > BEFORE ? resync->at - BEFORE : resync->from;
	struct view view = { .in = { resync->window, 0 } };
	size_t from = (size_t)(resync->at - base), end, trace, at = 0;
	enum fit fit;

	if (atomic_load(&source->end) < resync->need && !is_finished)
		return RESYNC_WAIT;
	view.in.len = source_read(source, base, resync->window, WINDOW, NULL);
	view.has_end = is_finished && view.in.len < WINDOW;
	end = view.has_end                          ? view.in.len
	      : view.in.len == WINDOW               ? from + STRETCH
	      : view.in.len > from + BATCH_HEAD_MAX ? view.in.len - BATCH_HEAD_MAX
	                                            : from;
	trace = find_trace(&view, from, end);
	fit = near->is_minimal ? find_minimal(&view, near, from, trace, &at)
	                       : find_padded(&view, near, from, trace, &at);
	if (fit == FIT_UNKNOWN) {
		resync->at = base + at > resync->at ? base + at : resync->at;
		resync->need = base + view.need;
		return RESYNC_WAIT;
	}
	resync->found = base + (fit == FIT_YES ? at : trace);
	if (fit == FIT_YES)
		return RESYNC_BATCH;
	if (trace < end)
		return RESYNC_TRACE;
	resync->at = base + end;
	if (view.has_end)
		return RESYNC_NONE;
	return view.in.len == WINDOW ? RESYNC_ON : RESYNC_WAIT;
}
