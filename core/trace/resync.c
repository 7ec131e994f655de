/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/resync.h"

#include "core/trace/v2_wire.h"
#include "core/trace/version.h"

enum {
	STRETCH_FIRST = 1 << 12, /* bytes looked at in the first step; twice as many in each */
	STRETCH_MAX = 1 << 16,
	BEFORE = BATCH_HEAD_MAX, /* in front of them: a header's begin */
	BEHIND = BATCH_HEAD_MAX, /* and behind: the end of one that begins in them */
	WINDOW = BEFORE + STRETCH_MAX + BEHIND,
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
		.stretch = STRETCH_FIRST,
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

/* The bytes in the window, and where they are from. */
struct view {
	struct bytes in;
	const struct source *source;
	uint64_t base, file_end;
	bool is_finished; /* that is the end for good */
	uint64_t need;    /* where bytes have to be for an answer */
};

static struct bytes behind(const struct view *view, size_t at)
{
	return (struct bytes){ view->in.data + at, view->in.len - at };
}

enum fit { FIT_NO, FIT_YES, FIT_UNKNOWN };

static enum fit not_yet(const struct view *view)
{
	return view->is_finished ? FIT_NO : FIT_UNKNOWN;
}

/* Whether a batch, a mark or the file's end follows at the end of a batch. */
static enum fit is_followed(struct view *view, const struct resync_near *near, uint64_t end,
                            bool closely)
{
	uint8_t bytes[BATCH_HEAD_MAX];
	struct bytes in = { bytes, 0 };
	struct batch_head next;

	view->need = end + BATCH_HEAD_MAX;
	if (end > view->file_end)
		return not_yet(view);
	if (end == view->file_end)
		return view->is_finished ? FIT_YES : FIT_UNKNOWN;
	in.len = source_read(view->source, end, bytes, sizeof(bytes), NULL);
	if (in.len == 0)
		return FIT_NO;
	if (bytes[0] == WIRE_END_OF_GENERATION && near->has_marks)
		return FIT_YES;
	switch (batch_head_take(in, &next)) {
	case HEAD_WELL:
		return !closely || near->number == 0 || resync_fits(near, &next) ? FIT_YES : FIT_NO;
	case HEAD_SHORT:
		return not_yet(view);
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
	return is_followed(view, near, view->base + begin + head.len + head.size, false);
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
		view->need = view->base + begin + BATCH_HEAD_MAX;
		return not_yet(view);
	case HEAD_NO_SIZE:
	case HEAD_BAD:
		return FIT_NO;
	}
	if (!resync_fits(near, &head) || !begins_payload(view, begin + head.len, head.size))
		return FIT_NO;
	now.number = head.number;
	return is_followed(view, &now, view->base + begin + head.len + head.size, true);
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

/* Reads a window for the next stretch. */
static struct view look(struct resync *resync, const struct source *source)
{
	uint64_t base = resync->at - resync->from > BEFORE ? resync->at - BEFORE : resync->from;
	struct view view = {
		.in = { resync->window, 0 },
		.source = source,
		.base = base,
		.is_finished = atomic_load(&source->is_finished),
		.file_end = atomic_load(&source->end),
	};

	view.in.len = source_read(source, base, resync->window,
	                          (size_t)(resync->at - base) + resync->stretch + BEHIND, NULL);
	return view;
}

enum resync_result resync_step(struct resync *resync, const struct source *source,
                               const struct resync_near *near)
{
	struct view view = look(resync, source);
	size_t from = (size_t)(resync->at - view.base), end = from + resync->stretch, trace, at = 0;
	bool is_whole = view.in.len == end + BEHIND, is_last = !is_whole && view.is_finished;
	enum fit fit;

	if (view.file_end < resync->need && !view.is_finished)
		return RESYNC_WAIT;
	if (is_last)
		end = view.in.len;
	else if (!is_whole)
		end = view.in.len > from + BEHIND ? view.in.len - BEHIND : from;
	trace = find_trace(&view, from, end);
	fit = near->is_minimal ? find_minimal(&view, near, from, trace, &at)
	                       : find_padded(&view, near, from, trace, &at);
	if (fit == FIT_UNKNOWN) {
		resync->at = view.base + at > resync->at ? view.base + at : resync->at;
		resync->need = view.need;
		return RESYNC_WAIT;
	}
	resync->found = view.base + (fit == FIT_YES ? at : trace);
	if (fit == FIT_YES)
		return RESYNC_BATCH;
	if (trace < end)
		return RESYNC_TRACE;
	resync->at = view.base + end;
	resync->stretch = resync->stretch < STRETCH_MAX / 2 ? resync->stretch * 2 : STRETCH_MAX;
	if (is_last)
		return RESYNC_NONE;
	return is_whole ? RESYNC_ON : RESYNC_WAIT;
}
