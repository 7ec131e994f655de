/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/signs.h"

#include "core/base/checked.h"
#include "core/model/part.h"

enum {
	RUNS_MOST = 1 << 12,
	PIECES_A_STEP = 1 << 14,
};

static string_id find(const struct model *model, const char *text)
{
	return strings_find(&model->strings, bytes_of(text));
}

void signs_init(struct signs *signs, const struct model *model, const struct finding_limits *limits,
                struct budget *budget)
{
	*signs = (struct signs){ .model = model,
		                 .limits = limits,
		                 .sleep = find(model, "sleep"),
		                 .chan_send = find(model, "chan send"),
		                 .chan_receive = find(model, "chan receive"),
		                 .sync = find(model, "sync"),
		                 .select = find(model, "select") };
	spells_init(&signs->spells, model, limits, budget);
	busy_init(&signs->busy, budget);
	lengths_init(&signs->lengths, budget);
	signs->sites.budget = signs->births.budget = signs->calls.budget = budget;
	signs->runs.budget = signs->stops.budget = signs->swept.budget = budget;
	signs->site_of.budget = signs->births_of.budget = signs->call_of.budget = budget;
	signs->last_of.budget = signs->swept_of.budget = budget;
	signs->waited.budget = signs->free_waited.budget = budget;
	sparse_init(&signs->last_told, budget);
	array_resize(&signs->stops, model->stops.count);
	for (uint32_t i = 0; i < model->stops.count; i++)
		if (model->stops.items[i].last_go != INDEX_NONE)
			id_map_set(&signs->last_of, model->stops.items[i].last_go, i);
}

void signs_free(struct signs *signs)
{
	spells_free(&signs->spells);
	busy_free(&signs->busy);
	for (size_t i = 0; i < signs->sites.count; i++)
		array_free(&signs->sites.items[i].longest);
	array_free(&signs->sites);
	array_free(&signs->births);
	array_free(&signs->calls);
	array_free(&signs->runs);
	array_free(&signs->stops);
	array_free(&signs->swept);
	array_free(&signs->waited);
	array_free(&signs->free_waited);
	sparse_free(&signs->last_told);
	id_map_free(&signs->site_of);
	id_map_free(&signs->births_of);
	id_map_free(&signs->call_of);
	id_map_free(&signs->last_of);
	id_map_free(&signs->swept_of);
	lengths_free(&signs->lengths);
}

/* ---- numbers over time */

static void note_stop(void *to, size_t stop, int64_t count)
{
	struct signs *signs = to;

	if (stop >= signs->stops.count)
		return; /* it has come since */
	signs->stops.items[stop].hurt = count > 1 ? (uint32_t)(count - 1) : 0;
}

static void note_sweep(struct signs *signs, uint32_t go, int64_t begin_ns, int64_t end_ns)
{
	string_id name = go_names_of(&signs->spells.names, go);
	uint32_t fresh = (uint32_t)signs->swept.count;
	uint32_t at = id_map_add(&signs->swept_of, name, fresh);
	struct swept *swept;

	if (at == fresh)
		*array_push(&signs->swept) = (struct swept){ .name = name };
	swept = &signs->swept.items[at];
	swept->count++;
	swept->sum_ns = saturating_add_i64(swept->sum_ns, end_ns - begin_ns);
	if (swept->count == 1 ||
	    end_ns - begin_ns > swept->longest.end_ns - swept->longest.begin_ns)
		swept->longest =
			(struct long_wait){ .begin_ns = begin_ns, .end_ns = end_ns, .go = go };
}

/* Some of the pieces of a part; false: those were the last. */
static bool look_at_pieces(struct signs *signs, const struct part *part, size_t from)
{
	const struct history *history = part_visited(part);
	size_t end = from + PIECES_A_STEP;

	for (; from < end && from < history->lanes.pieces.count; from++) {
		const struct piece *piece = &history->lanes.pieces.items[from];

		if (piece->kind == PIECE_SWEEP && piece->g != INDEX_NONE)
			note_sweep(signs, history->go_of.items[piece->g],
			           part_ns(part, piece->begin), part_ns(part, piece->end));
	}
	return from < history->lanes.pieces.count;
}

/* First the stretches of its numbers, then its pieces. */
bool signs_part(struct signs *signs, uint32_t part, size_t *at)
{
	size_t step = *at;

	signs->part = part;
	if (step < CHANGE_STRETCHES) {
		spells_part(&signs->spells, part, at, note_stop, signs);
		return true;
	}
	++*at;
	return look_at_pieces(signs, signs->model->parts.items[part],
	                      (step - CHANGE_STRETCHES) * PIECES_A_STEP);
}

/* ---- waits */

enum { OF_SCHED, OF_SITES /* and those behind it: groups of lengths */ };

static struct wait_site *site_for(struct signs *signs, stack_id stack, string_id reason)
{
	uint64_t key = (uint64_t)stack << 32 | reason;
	uint32_t fresh = (uint32_t)signs->sites.count;
	uint32_t at = id_map_add(&signs->site_of, key, fresh);

	if (at == fresh)
		*array_push(&signs->sites) =
			(struct wait_site){ .stack = stack,
			                    .reason = reason,
			                    .first_ns = INT64_MAX,
			                    .longest = { .budget = signs->sites.budget } };
	return &signs->sites.items[at];
}

static void count_length(struct signs *signs, struct wait_site *site, int64_t ns)
{
	site->count++;
	if (ns < WAIT_LEAST_NS)
		site->shorts++;
	else
		lengths_add(&signs->lengths, OF_SITES + (uint32_t)(site - signs->sites.items), 0,
		            ns);
}

static void keep_longest(struct wait_site *site, const struct long_wait *wait)
{
	size_t shortest = 0;

	if (site->longest.count < SITE_WAITS) {
		*array_push(&site->longest) = *wait;
		return;
	}
	if (wait->end_ns - wait->begin_ns <= site->shortest_ns)
		return;
	for (size_t i = 1; i < site->longest.count; i++) {
		const struct long_wait *a = &site->longest.items[i];
		const struct long_wait *b = &site->longest.items[shortest];

		if (a->end_ns - a->begin_ns < b->end_ns - b->begin_ns)
			shortest = i;
	}
	site->longest.items[shortest] = *wait;
	site->shortest_ns = INT64_MAX;
	for (size_t i = 0; i < site->longest.count; i++) {
		int64_t ns = site->longest.items[i].end_ns - site->longest.items[i].begin_ns;

		site->shortest_ns = ns < site->shortest_ns ? ns : site->shortest_ns;
	}
}

/* ---- what the next stay of a goroutine says more of */

enum last_told { LAST_NOTHING, LAST_WAIT, LAST_RUN, LAST_CALL };

static uint32_t last_is(enum last_told kind, uint32_t which)
{
	return which << LAST_BITS | kind;
}

static uint32_t note_wait(struct signs *signs, const struct told *told)
{
	int64_t ns = told->end_ns - told->begin_ns;
	struct wait_site *site = site_for(signs, told->stack, told->reason);
	uint32_t at = (uint32_t)signs->waited.count;

	site->sum_ns = saturating_add_i64(site->sum_ns, ns);
	site->first_ns = told->begin_ns < site->first_ns ? told->begin_ns : site->first_ns;
	site->last_ns = told->begin_ns > site->last_ns ? told->begin_ns : site->last_ns;
	if (!told->is_open)
		count_length(signs, site, ns);
	if (ns < WAIT_LEAST_NS)
		return LAST_NOTHING;
	if (signs->free_waited.count > 0)
		at = signs->free_waited.items[--signs->free_waited.count];
	else
		array_push(&signs->waited);
	signs->waited.items[at] = (struct waited){
		.wait = { told->begin_ns, told->end_ns, told->span.go, INDEX_NONE, told->is_open },
		.site = (uint32_t)(site - signs->sites.items),
	};
	return last_is(LAST_WAIT, at);
}

/* Whether what is told next of a goroutine comes right behind a time: nothing is lost between. */
static bool is_right_behind(const struct told *next, int64_t end_ns)
{
	return next != NULL && next->begin_ns == end_ns;
}

/* next: NULL: nothing else is told of it. */
static void end_wait(struct signs *signs, uint32_t at, const struct told *next)
{
	struct waited *waited = &signs->waited.items[at];

	if (is_right_behind(next, waited->wait.end_ns) && next->span.kind == SPAN_RUNNABLE)
		waited->wait.by = next->by;
	keep_longest(&signs->sites.items[waited->site], &waited->wait);
	*array_push(&signs->free_waited) = at;
}

/* ---- others */

static void note_birth(struct signs *signs, const struct told *told)
{
	int64_t bin = told->begin_ns / BURST_BIN_NS;
	uint64_t key = (uint64_t)told->stack << 32 | (uint32_t)bin;
	uint32_t fresh = (uint32_t)signs->births.count;
	uint32_t at = id_map_add(&signs->births_of, key, fresh);
	struct births *births;

	if (at == fresh)
		*array_push(&signs->births) = (struct births){ .stack = told->stack, .bin = bin };
	births = &signs->births.items[at];
	births->count++;
	births->waits_ns = saturating_add_i64(births->waits_ns, told->end_ns - told->begin_ns);
}

static void note_lost_call(struct signs *signs, stack_id stack, const struct told *told)
{
	int64_t ns = told->end_ns - told->begin_ns;
	uint32_t fresh = (uint32_t)signs->calls.count;
	uint32_t at = id_map_add(&signs->call_of, stack, fresh);
	struct lost_call *call;

	if (at == fresh)
		*array_push(&signs->calls) = (struct lost_call){ .stack = stack };
	call = &signs->calls.items[at];
	call->count++;
	call->sum_ns = saturating_add_i64(call->sum_ns, ns);
	if (call->count == 1 || ns > call->longest.end_ns - call->longest.begin_ns)
		call->longest = (struct long_wait){ .begin_ns = told->begin_ns,
			                            .end_ns = told->end_ns,
			                            .go = told->span.go };
}

/* How many stops begin up to a time; they are in that order. */
static size_t stops_up_to(const struct model *model, int64_t ns)
{
	size_t low = 0, high = model->stops.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (model->stops.items[middle].begin_ns <= ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How long others waited for a P while one ran, as far as they could have had one: the world's
 * stops are findings of their own. */
static struct queued queued_in(const struct signs *signs, const struct told *told)
{
	const struct model *model = signs->model;
	uint32_t part = signs->part;
	struct queued queued = { 0, 0 };

	if (part_visited(model->parts.items[part]) == NULL)
		return queued;
	queued = spells_queued(&signs->spells, part, told->begin_ns, told->end_ns);
	for (size_t at = stops_up_to(model, told->end_ns); at-- > 0;) {
		const struct stw *stop = &model->stops.items[at];
		int64_t from = stop->begin_ns > told->begin_ns ? stop->begin_ns : told->begin_ns;
		int64_t to = stop->end_ns < told->end_ns ? stop->end_ns : told->end_ns;
		struct queued less;

		if (stop->end_ns <= told->begin_ns)
			break;
		if (to <= from)
			continue;
		less = spells_queued(&signs->spells, part, from, to);
		queued.all_ns -= less.all_ns;
		queued.share_ns -= less.share_ns;
	}
	return queued;
}

static uint32_t note_run(struct signs *signs, const struct told *told)
{
	struct queued queued = queued_in(signs, told);

	if (queued.all_ns <= 0)
		return LAST_NOTHING;
	if (signs->runs.count == RUNS_MOST) {
		signs->more_runs.count++;
		signs->more_runs.share_ns =
			saturating_add_i64(signs->more_runs.share_ns, queued.share_ns);
		return LAST_NOTHING;
	}
	*array_push(&signs->runs) = (struct long_run_seen){
		.begin_ns = told->begin_ns,
		.end_ns = told->end_ns,
		.go = told->span.go,
		.proc = told->proc,
		.queued = queued,
	};
	return last_is(LAST_RUN, (uint32_t)signs->runs.count - 1);
}

/* Where the last one stopped when the world did: it does in one stop at a time. */
static void note_last_stop(struct signs *signs, const struct told *told)
{
	enum { AROUND = 4 };
	size_t at;

	if (id_map_find(&signs->last_of, told->span.go) == ID_NONE)
		return;
	at = stops_up_to(signs->model, told->begin_ns);
	for (size_t left = AROUND; left > 0 && at > 0; left--) {
		const struct stw *stop = &signs->model->stops.items[--at];

		if (stop->last_go != told->span.go || told->begin_ns > stop->end_ns)
			continue;
		if (signs->stops.items[at].last_stack == 0)
			signs->stops.items[at].last_stack = told->stack;
		return;
	}
}

static void end_last(struct signs *signs, uint32_t last, const struct told *next)
{
	uint32_t which = last >> LAST_BITS;

	switch ((enum last_told)(last & ((1 << LAST_BITS) - 1))) {
	case LAST_NOTHING:
		break;
	case LAST_WAIT:
		end_wait(signs, which, next);
		break;
	case LAST_RUN:
		if (is_right_behind(next, signs->runs.items[which].end_ns) &&
		    next->span.kind != SPAN_RUNNABLE)
			signs->runs.items[which].stack = next->stack;
		break;
	case LAST_CALL:
		if (next != NULL && next->span.kind == SPAN_RUNNABLE &&
		    next->after == SPAN_SYSCALL)
			note_lost_call(signs, which, next);
		break;
	}
}

/* What it was before, that the next one says more of. */
static uint32_t note_stay(struct signs *signs, const struct told *told)
{
	if (told->span.kind == SPAN_WAITING)
		return note_wait(signs, told);
	if (told->span.kind == SPAN_SYSCALL)
		return last_is(LAST_CALL, told->stack);
	if (told->span.kind == SPAN_RUN && told->span.worker == WORKER_NONE &&
	    told->end_ns - told->begin_ns >= signs->limits->run_ns)
		return note_run(signs, told);
	return LAST_NOTHING;
}

static void note_sched(struct signs *signs, int64_t ns)
{
	lengths_add(&signs->lengths, OF_SCHED, 0, ns);
	signs->sched_most_ns = ns > signs->sched_most_ns ? ns : signs->sched_most_ns;
}

void signs_tell(struct signs *signs, struct told *told)
{
	uint32_t last = sparse_get(&signs->last_told, told->span.go);

	told_know(told, signs->model);
	end_last(signs, last, told);
	sparse_set(&signs->last_told, told->span.go, note_stay(signs, told));
	spells_tell(&signs->spells, told);
	busy_tell(&signs->busy, told);
	if (told->span.kind == SPAN_RUNNABLE) {
		if (!told->is_open)
			note_sched(signs, told->end_ns - told->begin_ns);
		if (told->after == SPAN_NONE && told->heard_ns == told->begin_ns)
			note_birth(signs, told);
	}
	if (told->span.kind != SPAN_RUN && told->span.kind != SPAN_SYSCALL)
		note_last_stop(signs, told);
}

/* Groups are asked for from the first one on. */
static void rank_lengths(struct signs *signs)
{
	static const unsigned permille[SCHED_SHARES] = { 500, 900, 990, 999 };
	struct length_counts counts;
	uint64_t count;

	lengths_sort(&signs->lengths);
	counts = lengths_group(&signs->lengths, OF_SCHED);
	count = lengths_count(counts, 1);
	for (int i = 0; i < SCHED_SHARES && count > 0; i++) {
		int64_t ns = lengths_rank(counts, 1, (count * permille[i] + 999) / 1000);

		signs->sched_ns[i] = ns < signs->sched_most_ns ? ns : signs->sched_most_ns;
	}
	for (size_t i = 0; i < signs->sites.count; i++) {
		struct wait_site *site = &signs->sites.items[i];
		uint64_t rank = (site->count * 9 + 9) / 10;

		counts = lengths_group(&signs->lengths, OF_SITES + (uint32_t)i);
		if (site->count < SITE_PEERS)
			continue;
		site->usual_ns = rank <= site->shorts
		                         ? WAIT_LEAST_NS
		                         : lengths_rank(counts, 1, rank - site->shorts);
	}
}

void signs_settle(struct signs *signs, const struct telling *telling)
{
	for (uint32_t go = 0; sparse_next(&signs->last_told, &go); go++)
		if (!telling_knows(telling, go)) {
			end_last(signs, sparse_get(&signs->last_told, go), NULL);
			sparse_set(&signs->last_told, go, 0);
		}
	busy_settle(&signs->busy, telling);
	go_names_forget(&signs->spells.names);
}

void signs_end(struct signs *signs)
{
	for (uint32_t go = 0; sparse_next(&signs->last_told, &go); go++)
		end_last(signs, sparse_get(&signs->last_told, go), NULL);
	sparse_free(&signs->last_told);
	spells_end(&signs->spells);
	spells_split(&signs->spells);
	busy_end(&signs->busy);
	rank_lengths(signs);
}
