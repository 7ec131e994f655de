/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/row_picture_at.h"

#include "core/model/trail.h"

/* Spans of a cell that are looked at. */
enum { CELL_MIXED = 64 };

/* Goroutines that are asked together for a row: some ms where they are that many, once for a place
 * and scale. */
enum { GROUP_MIXED = 2048, MEMOS = 256 };

/* ---- what is looked for */

static struct span longest_of(const struct stretch *s, const struct mix *mix, int64_t begin_ns)
{
	return (struct span){ .begin_ns = begin_ns,
		              .end_ns = begin_ns + mix->longest_ns,
		              .go = mix->longest_go,
		              .proc = s->row.index,
		              .part = INDEX_NONE,
		              .index = INDEX_NONE,
		              .kind = SPAN_RUN };
}

/* Of many runs the longest stands for all: of those that are shorter none is long. */
static bool is_mix_dim(const struct stretch *s, const struct mix *mix, int64_t begin_ns)
{
	struct span longest;

	if (!lens_is_on(s->picture->filter) || s->row.kind != ROW_RUN || mix->spans == 0)
		return false;
	longest = longest_of(s, mix, begin_ns);
	return !lens_passes(s->picture->filter, s->model, &longest);
}

/* By its longest run, and the kinds that it has; else where hits begin is known as finely as they
 * were counted. */
static bool is_mix_hit(const struct stretch *s, const struct mix *mix, int64_t begin_ns,
                       int64_t end_ns)
{
	struct search *search = s->picture->search;
	bool is_searched = search != NULL && search->is_on;
	bool inner = s->row.kind == ROW_INNER;

	if (!inner && mix->spans > 0 && (is_searched || lens_is_on(s->picture->highlight))) {
		struct span longest = longest_of(s, mix, begin_ns);

		if (stretch_is_hit(s, &longest))
			return true;
	}
	if (!is_searched)
		return false;
	return (inner && ((mix->spent_ns[LANE_SYSCALL] > 0 &&
	                   search_has_word(&search->match, SEARCH_SYSCALL)) ||
	                  (mix->spent_ns[LANE_SWEEP] > 0 &&
	                   search_has_word(&search->match, SEARCH_SWEEP)))) ||
	       search_lanes_touch(&search->lanes, s->model, s->row.index, inner, begin_ns, end_ns);
}

/* The same of a goroutine: what it did in a cell that is of its kind. */
static bool is_go_mix_hit(const struct stretch *s, const struct go_mix *mix, uint32_t go)
{
	struct search *search = s->picture->search;
	const struct search_match *match;

	if (search == NULL || !search->is_on)
		return false;
	match = &search->match;
	return (mix->running_ns > 0 &&
	        (search_has_word(match, SEARCH_RUNNING) ||
	         (go != INDEX_NONE && search_has_go(&search->match, s->model, go)))) ||
	       (mix->runnable_ns > 0 && search_has_word(match, SEARCH_RUNNABLE)) ||
	       (mix->waiting_ns > 0 && search_has_word(match, SEARCH_WAITING)) ||
	       (mix->syscall_ns > 0 && search_has_word(match, SEARCH_SYSCALL));
}

/* Of the first spans of a cell some are hits: where what is known of its lane does not tell. */
static bool has_hit(const struct stretch *s, int64_t begin_ns, int64_t end_ns)
{
	struct search *search = s->picture->search;
	struct span spans[CELL_MIXED];
	size_t count;

	if (search == NULL || !search_touches(search, s->model, begin_ns, end_ns))
		return false;
	count = model_spans(s->model, row_lane(s->row), begin_ns, end_ns, spans, CELL_MIXED);
	for (size_t i = 0; i < count; i++)
		if (search_accepts(search, s->model, &spans[i]))
			return true;
	return false;
}

/* ---- how time was spent */

/* Of a goroutine nothing is known but what its records tell. */
static void mix_go_cells(const struct stretch *s, struct slice_cell *cells)
{
	const struct viewport *viewport = &s->state->at.viewport;
	int64_t times[STRETCH + 1];
	struct go_mix mixes[STRETCH];
	uint32_t go = s->row.kind == ROW_GO ? s->row.index : INDEX_NONE;
	bool is_known;

	for (int i = 0; i <= STRETCH; i++)
		times[i] = viewport_cell_ns(viewport, s->first + i);
	if (s->row.kind == ROW_TRAIL)
		trail_mixes(s->model, times, STRETCH, mixes);
	is_known = s->row.kind == ROW_TRAIL
	                   ? true
	           : s->row.kind == ROW_THREAD
	                   ? model_thread_mixes(s->model, s->row.index, times, STRETCH, mixes)
	                   : model_go_mixes(s->model, s->row.index, times, STRETCH, mixes);
	for (int i = 0; i < STRETCH; i++) {
		cells[i] =
			slice_cell_of_go_mix(is_known ? &mixes[i] : NULL, times[i + 1] - times[i]);
		if (is_known && mixes[i].spans > 0)
			cells[i].is_hit = is_go_mix_hit(s, &mixes[i], go) ||
			                  has_hit(s, times[i], times[i + 1]);
	}
}

static void add_go_mix(struct go_mix *sum, const struct go_mix *mix)
{
	sum->running_ns += mix->running_ns;
	sum->runnable_ns += mix->runnable_ns;
	sum->waiting_ns += mix->waiting_ns;
	sum->syscall_ns += mix->syscall_ns;
	sum->spans += mix->spans;
}

/* The place for what is known of the stretch; NULL: there is no memory for that. */
static struct row_memo *memo_of(const struct stretch *s, const struct row_memo_key *key)
{
	struct row_picture *picture = s->picture;
	uint64_t slot = id_hash(key->first_go ^ (uint64_t)(key->first / STRETCH) << 32);

	if (picture->memos.count == 0 &&
	    budget_is_beyond(picture->memos.budget, 2 * MEMOS * sizeof(struct row_memo)))
		return NULL;
	if (picture->memos.count == 0)
		array_resize(&picture->memos, MEMOS);
	return &picture->memos.items[slot % MEMOS];
}

static bool is_same_key(const struct row_memo_key *a, const struct row_memo_key *b)
{
	return a->first_go == b->first_go && a->last_go == b->last_go && a->count == b->count &&
	       a->parts == b->parts && a->first == b->first && a->scale == b->scale &&
	       a->end_ns == b->end_ns;
}

/* False: not all of it is known. */
static bool sum_group(const struct stretch *s, const struct lane_look *gos, size_t count,
                      const int64_t times[STRETCH + 1], struct go_mix sums[STRETCH])
{
	const struct row_memo_key key = { .first_go = gos[0].index,
		                          .last_go = gos[count - 1].index,
		                          .count = count,
		                          .parts = s->model->parts.count,
		                          .first = s->first,
		                          .scale = s->state->at.viewport.scale,
		                          .end_ns = s->model->end_ns };
	struct row_memo *memo = memo_of(s, &key);
	struct go_mix mixes[STRETCH];

	if (memo != NULL && is_same_key(&memo->of, &key)) {
		memcpy(sums, memo->sums, sizeof(memo->sums));
		return true;
	}
	for (size_t go = 0; go < count; go++) {
		if (!model_go_mixes(s->model, gos[go].index, times, STRETCH, mixes))
			return false;
		for (int i = 0; i < STRETCH; i++)
			add_go_mix(&sums[i], &mixes[i]);
	}
	if (memo != NULL) {
		memo->of = key;
		memcpy(memo->sums, sums, sizeof(memo->sums));
	}
	return true;
}

/* Of many goroutines together, if they are not too many to be asked. */
static void mix_group_cells(const struct stretch *s, struct slice_cell *cells)
{
	const struct viewport *viewport = &s->state->at.viewport;
	size_t size = rows_group_size(&s->state->rows, s->row);
	const struct lane_look *first = rows_look_at(&s->state->rows, s->row);
	int64_t times[STRETCH + 1];
	struct go_mix sums[STRETCH] = { 0 };
	bool is_known = size > 0 && size <= GROUP_MIXED;

	for (int i = 0; i <= STRETCH; i++)
		times[i] = viewport_cell_ns(viewport, s->first + i);
	is_known = is_known && sum_group(s, first, size, times, sums);
	for (int i = 0; i < STRETCH; i++) {
		cells[i] = slice_cell_of_go_mix(is_known ? &sums[i] : NULL,
		                                (times[i + 1] - times[i]) * (int64_t)size);
		cells[i].is_hit = is_known && sums[i].spans > 0 &&
		                  is_go_mix_hit(s, &sums[i], first[0].index);
	}
}

static void mix_said_cells(const struct stretch *s, struct slice_cell *cells)
{
	struct span spans[CELL_MIXED];

	for (int i = 0; i < STRETCH; i++) {
		int64_t begin = viewport_cell_ns(&s->state->at.viewport, s->first + i);
		int64_t end = viewport_cell_ns(&s->state->at.viewport, s->first + i + 1);
		bool is_known = model_has_spans(s->model, begin, end);
		size_t count = is_known ? model_spans(s->model, row_lane(s->row), begin, end, spans,
		                                      CELL_MIXED)
		                        : 0;

		cells[i] = slice_cell_of_said(spans, count, begin, end);
		for (size_t at = 0; at < count && !cells[i].is_hit; at++)
			cells[i].is_hit = stretch_is_hit(s, &spans[at]);
		if (!is_known && end > 0 && begin < s->model->end_ns)
			cells[i].form = FORM_UNKNOWN;
	}
}

void stretch_mix(const struct stretch *s, struct slice_cell *cells)
{
	if (row_is_of_said(s->row)) {
		mix_said_cells(s, cells);
		return;
	}
	if (s->row.kind == ROW_GO || s->row.kind == ROW_THREAD || s->row.kind == ROW_TRAIL) {
		mix_go_cells(s, cells);
		return;
	}
	if (s->row.kind == ROW_GROUP) {
		mix_group_cells(s, cells);
		return;
	}
	for (int i = 0; i < STRETCH; i++) {
		int64_t begin = viewport_cell_ns(&s->state->at.viewport, s->first + i);
		int64_t end = viewport_cell_ns(&s->state->at.viewport, s->first + i + 1);
		struct mix mix = { 0 };

		if (end > 0 && begin < s->model->end_ns)
			mix = model_mix(s->model, s->row.index, begin, end);
		cells[i] = slice_cell_of_mix(&mix, s->row.kind == ROW_INNER, end - begin);
		cells[i].is_dim = is_mix_dim(s, &mix, begin);
		cells[i].is_hit = cells[i].form != FORM_IDLE && is_mix_hit(s, &mix, begin, end);
	}
}
