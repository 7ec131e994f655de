/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/search.h"

#include "core/model/loader.h"
#include "core/model/part.h"

/* The hit that can be shown soonest: by close-ups, where histories take seconds. */

enum {
	SCAN_BYTES = 24 << 20,  /* that are looked through for a text that is said: some 50 ms */
	WINDOW_BYTES = 1 << 18, /* of the file, under a window that is looked through, about */
	AT_ONCE = 256,          /* spans */
	GOS_MAX = 1 << 20,      /* goroutines that are looked at */
};

/* ---- goroutines that match, by when they first run */

/* They are in order of their first mention, about: the first that is created at or after a time. */
static uint32_t first_from(const struct model *model, int64_t from_ns)
{
	uint32_t low = 0, high = model->roster.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct goroutine g = roster_brief(&model->roster, middle);

		if (g.created_ns != TIME_UNKNOWN && g.created_ns < from_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The next that begins, of those; what was created long before may begin sooner. */
static void find_next_start(struct search *search, const struct model *model, int64_t from_ns)
{
	struct search_start *next = &search->start;
	uint32_t count = model->roster.count;
	struct roster_reader reader;

	if (next->count == count && next->from_ns == from_ns)
		return;
	*next = (struct search_start){ count, from_ns, TIME_UNKNOWN, INDEX_NONE };
	roster_reader_init(&reader, &model->roster);
	for (uint32_t go = first_from(model, from_ns), left = GOS_MAX; go < count && left > 0;
	     go++, left--) {
		const struct goroutine *g = roster_read(&reader, go);

		if (next->ns != TIME_UNKNOWN && g->created_ns > next->ns)
			break;
		if (g->started_ns != TIME_UNKNOWN && g->started_ns > from_ns &&
		    (next->ns == TIME_UNKNOWN || g->started_ns < next->ns) &&
		    search_has_text(&search->match, model, g->name)) {
			next->ns = g->started_ns;
			next->go = go;
		}
	}
	roster_reader_free(&reader);
}

/* ---- runs in a window */

static bool has_lanes(const struct model *model, const struct search_window *window)
{
	return model->procs.count > 0 &&
	       model_has_lane(model, lane_of_proc(0, false), window->begin_ns, window->end_ns);
}

/* Of waits it is the run before them that can be shown. */
static bool is_hit(struct search *search, const struct model *model, const struct span *span)
{
	if (search_accepts(search, model, span))
		return true;
	return span->kind == SPAN_RUN &&
	       (search_has_word(&search->match, SEARCH_WAITING) ||
	        search_has_word(&search->match, SEARCH_RUNNABLE) ||
	        search_has_text(&search->match, model, model_wait_reason(model, span)));
}

/* The first hit of a lane that begins behind a time, in the window; false: it has none. */
static bool find_in_lane(struct search *search, const struct model *model, uint32_t proc,
                         int64_t from_ns, int64_t end_ns, struct span *hit)
{
	struct span spans[AT_ONCE];
	size_t count = AT_ONCE;

	for (int64_t at = from_ns; count == AT_ONCE && at < end_ns;) {
		count = model_spans(model, lane_of_proc(proc, false), at, end_ns, spans, AT_ONCE);
		for (size_t i = 0; i < count; i++)
			if (spans[i].begin_ns > from_ns && is_hit(search, model, &spans[i])) {
				*hit = spans[i];
				return true;
			}
		if (count == AT_ONCE && spans[AT_ONCE - 1].begin_ns <= at)
			break; /* all at one moment */
		at = count == AT_ONCE ? spans[AT_ONCE - 1].begin_ns : end_ns;
	}
	return false;
}

static bool find_in_window(struct search *search, const struct model *model, int64_t from_ns,
                           const struct search_window *window, struct span *hit)
{
	bool has_any = false;
	struct span other;

	for (uint32_t p = 0; p < model->procs.count; p++)
		if (find_in_lane(search, model, p, from_ns,
		                 has_any ? hit->begin_ns : window->end_ns, &other)) {
			*hit = other;
			has_any = true;
		}
	return has_any;
}

/* What that goroutine begins to run then. */
static bool show_start(const struct model *model, const struct search_start *start,
                       struct span *hit)
{
	struct span spans[AT_ONCE];

	for (uint32_t p = 0; p < model->procs.count; p++) {
		size_t count = model_spans(model, lane_of_proc(p, false), start->ns, start->ns + 1,
		                           spans, AT_ONCE);

		for (size_t i = 0; i < count; i++)
			if (spans[i].kind == SPAN_RUN && spans[i].go == start->go) {
				*hit = spans[i];
				return true;
			}
	}
	return false;
}

/* ---- */

/* From a time on, as much as is looked through soon; if its bytes are spread evenly. */
static struct search_window window_at(const struct model *model, int64_t from_ns)
{
	uint32_t first, end;
	struct search_window window = { from_ns < 0 ? 0 : from_ns, from_ns + 1 };
	const struct part *part;
	uint64_t bytes;

	model_parts_in(model, window.begin_ns, window.begin_ns + 1, &first, &end);
	if (first == end || model->index == NULL)
		return window;
	part = model->parts.items[first];
	bytes = model->index->generations.items[part->number].event_bytes;
	window.end_ns = window.begin_ns + 1 +
	                (int64_t)((double)(part->end_ns - part->begin_ns) * WINDOW_BYTES /
	                          (double)(bytes + WINDOW_BYTES));
	window.end_ns = window.end_ns < part->end_ns ? window.end_ns : part->end_ns + 1;
	return window;
}

/* Whether it has to be waited for: nothing is there, and it was not asked for. */
static bool is_to_come(const struct model *model, const struct search_window *window,
                       int64_t *asked_ns)
{
	if (has_lanes(model, window) || *asked_ns == window->begin_ns)
		return false;
	*asked_ns = window->begin_ns;
	return true;
}

/* ---- what is said */

struct asker {
	struct search *search;
	const struct model *model;
};

static bool is_looked_for(void *to, string_id text)
{
	struct asker *asker = to;

	return search_has_text(&asker->search->match, asker->model, text);
}

/* The first place behind a time, in the first part whose census says so. */
static const struct said_place *find_said(struct search *search, const struct model *model,
                                          const struct loader *loader, int64_t from_ns)
{
	struct search_said *said = &search->said;
	struct asker asker = { search, model };

	if (!search->says || loader == NULL)
		return NULL;
	if (said->from_ns != from_ns) {
		said->from_ns = from_ns;
		said->is_found = false;
		for (uint32_t p = 0; p < model->parts.count && !said->is_found; p++)
			if (model->parts.items[p]->end_ns > from_ns &&
			    search_says(search, model, p)) {
				said->is_found = said_scan(model, loader->source, p, from_ns + 1,
				                           SCAN_BYTES, is_looked_for, &asker,
				                           &said->place);
				break;
			}
	}
	return said->is_found ? &said->place : NULL;
}

/* The run of its thread then. */
static bool show_said(const struct model *model, const struct said_place *place, struct span *hit)
{
	struct span spans[AT_ONCE];

	for (uint32_t p = 0; p < model->procs.count; p++) {
		size_t count = model_spans(model, lane_of_proc(p, false), place->ns, place->ns + 1,
		                           spans, AT_ONCE);

		for (size_t i = 0; i < count; i++)
			if (spans[i].kind == SPAN_RUN &&
			    model_span_thread(model, &spans[i]) == place->m) {
				*hit = spans[i];
				return true;
			}
	}
	return false;
}

/* False: it is not to be seen either; *waits: for a close-up. */
static bool find_near_said(struct search *search, const struct model *model,
                           const struct said_place *place, struct span *hit,
                           struct search_window *window, bool *waits)
{
	*window = (struct search_window){ place->ns, place->ns + 1 };
	*waits = is_to_come(model, window, &search->near_asked_ns[2]);
	return !*waits && has_lanes(model, window) && show_said(model, place, hit);
}

enum search_found search_find_near(struct search *search, const struct model *model,
                                   const struct loader *loader, const struct span *from,
                                   struct span *hit, struct search_window *window,
                                   const struct said_place **said)
{
	const struct search_start *start = &search->start;
	bool has_any, waits;

	*window = window_at(model, from->begin_ns);
	if (is_to_come(model, window, &search->near_asked_ns[0]))
		return SEARCH_WAIT;
	has_any = has_lanes(model, window) &&
	          find_in_window(search, model, from->begin_ns, window, hit);
	*said = find_said(search, model, loader, from->begin_ns);
	if (*said != NULL && (!has_any || hit->begin_ns > (*said)->ns)) {
		if (find_near_said(search, model, *said, hit, window, &waits))
			return SEARCH_FOUND;
		if (waits)
			return SEARCH_WAIT;
	}
	*said = NULL;
	if (has_any)
		return SEARCH_FOUND;
	find_next_start(search, model, from->begin_ns);
	if (start->ns == TIME_UNKNOWN)
		return SEARCH_NONE;
	*window = (struct search_window){ start->ns, start->ns + 1 };
	if (is_to_come(model, window, &search->near_asked_ns[1]))
		return SEARCH_WAIT;
	return has_lanes(model, window) && show_start(model, start, hit) ? SEARCH_FOUND
	                                                                 : SEARCH_NONE;
}
