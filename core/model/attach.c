/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/stitch.h"

#include "core/base/sort.h"
#include "core/model/closeup.h"
#include "core/model/history.h"
#include "core/model/part.h"

/* A history for a part that was joined: whose its records are, and what of them laps. */

static void name_goroutines(const struct model *model, const struct part *part,
                            const struct walk *walk, struct history *history)
{
	for (size_t g = 0; g < walk->gos.count; g++)
		*array_push(&history->go_of) =
			walk->gos.items[g].is_standin
				? INDEX_NONE
				: model_go_in(model, walk->gos.items[g].id, part->number);
}

static int life_order(const void *a, const void *b)
{
	const struct history_life *x = a, *y = b;

	if (x->own != y->own)
		return x->own < y->own ? -1 : 1;
	return (x->begin > y->begin) - (x->begin < y->begin);
}

/* The life of an own goroutine at a time: itself, or a later one, which stand behind all others. */
static uint32_t life_at(const struct history *history, uint32_t own, part_time time)
{
	size_t low = 0, high = history->lives.count;
	size_t others = history->go_of.count - history->lives.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct history_life *life = &history->lives.items[middle];

		if (life->own < own || (life->own == own && life->begin <= time))
			low = middle + 1;
		else
			high = middle;
	}
	if (own == INDEX_NONE || low == 0 || history->lives.items[low - 1].own != own)
		return own;
	return (uint32_t)(others + low - 1);
}

static void name_notes(struct history *history)
{
	for (size_t i = 0; i < history->regions.count; i++) {
		struct region *region = &history->regions.items[i];

		region->g = life_at(history, region->g, region->begin);
	}
	for (size_t i = 0; i < history->logs.count; i++) {
		struct log_note *log = &history->logs.items[i];

		log->g = life_at(history, log->g, log->time);
	}
}

/* Where notes of each goroutine are. Regions of one stand together, wherever that is. */
static void order_notes(struct history *history)
{
	u64_array room = { .budget = history->budget };
	u64_array keys = { .budget = history->budget };
	unsigned bits = radix_bits(history->go_of.count);

	for (size_t i = 0; i < history->regions.count; i++)
		if (i == 0 || history->regions.items[i].g != history->regions.items[i - 1].g)
			*array_push(&history->regions_of_gos) =
				(uint64_t)history->regions.items[i].g << 32 | i;
	radix_sort(&history->regions_of_gos, &room, 32, bits);
	for (size_t i = 0; i < history->logs.count; i++)
		*array_push(&keys) = (uint64_t)history->logs.items[i].g << 32 | i;
	radix_sort(&keys, &room, 32, bits);
	for (size_t i = 0; i < keys.count; i++)
		*array_push(&history->logs_of_gos) = (uint32_t)keys.items[i];
	array_free(&keys);
	array_free(&room);
}

/* As runs and wake-ups are: what follows on a run is of its life; and what ends a wait is of the
 * life of its own time, so that it may be another's. */
static void name_turn(const struct history *history, struct turn *turn, uint32_t *life)
{
	uint32_t own = turn->g, last = *life;
	bool is_stay = turn->kind == TURN_READY || turn->kind == TURN_WAIT;

	if (turn->after != GO_RUNNING && turn->after != GO_SYSCALL)
		*life = life_at(history, own, turn->time);
	turn->g = *life;
	if (*life != last && turn->after != TURN_BORN)
		turn->after = GO_UNKNOWN;
	if (is_stay && turn->end != TIME_NONE && life_at(history, own, turn->end) != *life)
		turn->end = TIME_NONE;
	if (turn->kind == TURN_READY)
		turn->other = life_at(history, turn->other, turn->time);
}

static void name_turns(struct history *history)
{
	uint32_t others = (uint32_t)(history->go_of.count - history->lives.count);
	u32_array lives = { .budget = history->budget };

	array_resize(&lives, others);
	for (uint32_t g = 0; g < others; g++)
		lives.items[g] = g;
	for (size_t i = 0; i < history->turns.count; i++)
		name_turn(history, &history->turns.items[i],
		          &lives.items[history->turns.items[i].g]);
	array_free(&lives);
}

/* Those whose id comes again in the part: the last life is what the part knew last. */
static void name_lives(const struct model *model, struct history *history)
{
	size_t others = history->go_of.count;

	if (history->lives.count == 0)
		return;
	SORT_ARRAY(&history->lives, life_order);
	array_resize(&history->go_of, others + history->lives.count);
	for (size_t i = history->lives.count; i-- > 0;) {
		uint32_t *first = &history->go_of.items[history->lives.items[i].own];

		history->go_of.items[others + i] = *first;
		*first = model_go_before(model, *first);
	}
	for (size_t i = 0; i < history->runs.count; i++)
		history->runs.items[i].g =
			life_at(history, history->runs.items[i].g, history->runs.items[i].begin);
	for (size_t i = 0; i < history->wakes.count; i++) {
		struct wake *wake = &history->wakes.items[i];

		wake->g = life_at(history, wake->g, wake->time);
		wake->by = life_at(history, wake->by, wake->time);
	}
	for (size_t i = 0; i < history->lanes.pieces.count; i++) {
		struct piece *piece = &history->lanes.pieces.items[i];

		piece->g = life_at(history, piece->g, piece->begin);
	}
	name_notes(history);
	name_turns(history);
	strands_regroup(history, history->go_of.count);
}

static void name_heads(const struct part *part, struct history *history)
{
	for (size_t i = 0; i < part->heads.count; i++)
		if (part->heads.items[i].own < history->go_of.count)
			history->go_of.items[part->heads.items[i].own] = part->heads.items[i].go;
}

/* Parts lap: an assist of before may begin after the part's begin, and one that goes on beyond it
 * may end before its last event. */
static void clip_pieces(const struct part *part, struct history *history, part_time last)
{
	const struct known *known = &part->known;

	for (size_t i = 0; i < history->lanes.pieces.count; i++) {
		struct piece *piece = &history->lanes.pieces.items[i];
		uint32_t go = history->go_of.items[piece->g];
		bool is_old = piece->begin == 0, goes_on = piece->end >= last;
		part_time time;

		if (piece->kind != PIECE_ASSIST)
			continue;
		for (size_t b = 0; b < known->begins.count && is_old; b++) {
			time = part_time_of(part, known->begins.items[b].ns);
			if (known->begins.items[b].go == go && time > piece->begin)
				piece->begin = time;
		}
		for (size_t e = 0; e < known->ends.count && goes_on; e++) {
			time = part_time_of(part, known->ends.items[e].ns);
			if (known->ends.items[e].go == go && time < piece->end)
				piece->end = time;
		}
		if (piece->end < piece->begin)
			piece->end = piece->begin;
	}
	if (known->begins.count > 0)
		lanes_reorder(&history->lanes);
}

static void find_lives(const struct part *part, struct walk *walk, struct history *history)
{
	for (size_t i = 0; i < part->points.lives.count; i++) {
		const struct point_life *life = &part->points.lives.items[i];
		uint32_t own = id_pages_find(&walk->go_of, life->id);

		if (own != ID_NONE)
			*array_push(&history->lives) = (struct history_life){ own, life->begin };
	}
}

void stitch_attach_closeup(const struct model *model, struct closeup_job *job,
                           struct closeup *closeup)
{
	struct history *history = job->history;

	name_goroutines(model, job->part, &job->walk, history);
	for (size_t i = 0; i < job->heads.count; i++)
		history->go_of.items[job->heads.items[i].own] = job->heads.items[i].go;
	find_lives(job->part, &job->walk, history);
	name_lives(model, history);
	strands_free(&history->strands); /* they would not tell all */
	clip_pieces(job->part, history, job->part->points.last);
	for (size_t i = 0; i < job->walk.reasons.count; i++)
		*array_push(&history->reasons) = job->walk.reasons.items[i];
	history_trim(history);
	history->bytes = sizeof(*history) + history->runs.capacity * sizeof(struct run) +
	                 history->go_of.capacity * sizeof(uint32_t) +
	                 history->lanes.pieces.capacity * sizeof(struct piece);
	*closeup = (struct closeup){
		.begin_ns = job->begin_ns,
		.end_ns = job->end_ns,
		.history = history,
	};
	job->history = NULL;
}

void stitch_attach(struct model *model, struct job *job)
{
	struct part *part = model->parts.items[job->part];
	struct history *history = job->history;
	struct history **place = history->pass != 0 ? &part->pass : &part->history;
	struct changes swap = history->changes;

	if (*place != NULL || (part->history != NULL && part->nobodys == NULL))
		return;
	name_goroutines(model, part, &job->walk, history);
	name_heads(part, history);
	name_lives(model, history);
	clip_pieces(part, history, job->walk.last);
	strands_name(history);
	if (history->pass == 0)
		order_notes(history); /* who passes looks for nobody's */
	for (size_t i = 0; i < job->walk.reasons.count; i++)
		*array_push(&history->reasons) = job->walk.reasons.items[i];
	array_reserve(&history->heap, job->walk.heap.count);
	for (size_t i = 0; i < job->walk.heap.count; i++)
		*array_push(&history->heap) = job->walk.heap.items[i];
	history->changes = job->account.changes;
	job->account.changes = swap;
	if (history->pass == 0)
		history_trim(history); /* what is for a pass goes soon */
	history->bytes = sizeof(*history) + history->runs.capacity * sizeof(struct run) +
	                 history->wakes.capacity * sizeof(struct wake) +
	                 history->go_of.capacity * sizeof(uint32_t) +
	                 changes_bytes(&history->changes) + strands_bytes(&history->strands) +
	                 history->lanes.pieces.capacity * sizeof(struct piece) +
	                 history->regions.capacity * sizeof(struct region) +
	                 history->regions_of_gos.capacity * sizeof(uint64_t) +
	                 history->logs.capacity * sizeof(struct log_note) +
	                 history->logs_of_gos.capacity * sizeof(uint32_t) +
	                 history->proc_moves.capacity * sizeof(struct proc_move) +
	                 history->heap.capacity * sizeof(struct metric) +
	                 history->turns.capacity * sizeof(struct turn);
	*place = history;
	job->history = NULL;
}
