/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/index_at.h"

#include "core/trace/v2_wire.h"

#include <inttypes.h>

/* A generation number or a time that no neighbour has is damage. Who decides is the batch behind.
 * Where that agrees with the odd one, it is no damage. */

/* What stands behind the batch. */
struct behind {
	bool is_batch, is_mark, is_end; /* of the file */
	struct batch_head head;
};

/* False if it is not there yet. */
static bool look_behind(const struct index *index, const struct source *source,
                        const struct batch_head *head, struct behind *behind)
{
	uint8_t bytes[BATCH_HEAD_MAX];
	bool all_there = atomic_load(&source->is_finished);
	uint64_t at = index->at + head->len + head->size;
	struct bytes in = { bytes, source_read(source, at, bytes, sizeof(bytes), NULL) };
	enum head_verdict verdict;

	*behind = (struct behind){ .is_end = in.len == 0 };
	if (in.len == 0)
		return all_there;
	if (bytes[0] == WIRE_END_OF_GENERATION && index->version.minor >= 26) {
		behind->is_mark = true;
		return true;
	}
	verdict = batch_head_take(in, &behind->head);
	behind->is_batch = verdict == HEAD_WELL;
	return verdict != HEAD_SHORT || all_there;
}

static void note(struct index *index, enum damage_grade grade, const char *expected, uint64_t found)
{
	struct damage_row row = index_damage_row(index, grade, index->at, 0, expected);

	damage_found(&row, "%" PRIu64, found);
	damage_add(&index->damage, &row);
}

/* ---- generations */

static bool number_fits(const struct index *index, uint64_t number)
{
	uint64_t last;

	if (index->generations.count == 0)
		return true;
	last = index_last(index)->number;
	return index->generation_is_open ? number == last : number == last + 1;
}

/* Where a batch between two generations belongs, before marks: the frequency ends a generation, and
 * the sync batch of 1.25 begins one. */
static bool begins_generation(const struct index *index, uint8_t kind)
{
	return index->version.minor >= 25 && kind == BATCH_SYNC;
}

/* The number that a batch should have which has another one than expected. */
static uint64_t choose_number(const struct index *index, const struct batch_head *head,
                              const struct behind *behind, uint8_t kind)
{
	bool has_marks = index->version.minor >= 26, is_open = index->generation_is_open;
	uint64_t last = index_last(index)->number, next = behind->head.number;

	if (!behind->is_batch)
		return has_marks && is_open && behind->is_mark ? last : head->number;
	if (next == head->number)
		return next;
	if (next == last)
		return is_open ? last : head->number;
	if (!is_open)
		return next == last + 1 ? next : head->number;
	if (next == last + 1)
		return has_marks || !begins_generation(index, kind) ? last : next;
	return head->number > last ? head->number : last;
}

/* The open generation has one batch only, and those behind it agree on another number. */
static void outvote_first(struct index *index, const struct batch_head *head)
{
	struct generation *last = index_last(index);

	note(index, DAMAGE_LOCAL, "expected the generation of its neighbours", last->number);
	last->number = head->number;
}

static void vote_number(struct index *index, struct batch_head *head, const struct behind *behind,
                        uint8_t kind)
{
	const struct generation *last = index_last(index);
	bool has_marks = index->version.minor >= 26;
	uint64_t number = choose_number(index, head, behind, kind);
	bool follows = number == last->number + 1;

	if (number != head->number) {
		note(index, DAMAGE_LOCAL, "expected the generation of its neighbours",
		     head->number);
		head->number = number;
	} else if (index->generation_is_open && last->batch_count == 1 && !follows &&
	           behind->is_batch && behind->head.number == number) {
		outvote_first(index, head);
	} else if (index->generation_is_open && has_marks) {
		note(index, DAMAGE_LOCAL, "expected the end mark of a generation", number);
	} else if (!follows) {
		note(index, DAMAGE_NOTE,
		     "clock and names may not match: expected the next generation", number);
	}
}

/* ---- times */

static bool are_near(uint64_t a, uint64_t b, uint64_t apart)
{
	return (a > b ? a - b : b - a) <= apart;
}

static bool time_fits(const struct index *index, uint64_t ticks, uint64_t apart)
{
	return index->ticks == 0 || ticks == 0 || are_near(index->ticks, ticks, apart);
}

/* The first batch of all is alone with its time. */
static void outvote_first_time(struct index *index, uint64_t ticks)
{
	struct generation *last = index_last(index);

	note(index, DAMAGE_LOCAL, "expected a time near its neighbours'", last->begin_ticks);
	last->begin_ticks = last->sync_ticks = last->last_ticks = ticks;
	for (size_t i = 0; i < index->batches.count; i++)
		index->batches.items[i].ticks = ticks;
}

static void vote_time(struct index *index, struct batch_head *head, const struct behind *behind,
                      uint64_t apart)
{
	const struct generation *last = index_last(index);
	bool agrees = behind->is_batch && are_near(behind->head.ticks, head->ticks, apart);
	bool is_second = index->generations.count == 1 && last->batch_count <= 1;

	if (agrees && is_second && index->generation_is_open) {
		outvote_first_time(index, head->ticks);
		return;
	}
	if (agrees || (!behind->is_batch && is_second))
		return;
	note(index, DAMAGE_LOCAL, "expected a time near its neighbours'", head->ticks);
	head->ticks = index->ticks;
}

enum vote index_vote(struct index *index, const struct source *source, struct batch_head *head,
                     uint8_t kind)
{
	uint64_t apart = index_near(index).apart;
	bool is_number = number_fits(index, head->number);
	bool is_time = time_fits(index, head->ticks, apart);
	struct behind behind;

	if (is_number && is_time)
		return VOTE_GOOD;
	if (!look_behind(index, source, head, &behind))
		return VOTE_WAIT;
	if (!behind.is_batch && !behind.is_mark && !behind.is_end && !head->is_padded)
		return VOTE_BAD; /* bytes that look like a header */
	if (!is_number)
		vote_number(index, head, &behind, kind);
	if (!is_time)
		vote_time(index, head, &behind, apart);
	return VOTE_GOOD;
}
