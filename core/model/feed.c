/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/feed.h"

#include "core/base/checked.h"
#include "core/trace/v2_take.h"

enum {
	MOVES = 2048,          /* that a stretch should have: they fit the cache */
	MOVES_PER_THREAD = 16, /* more, where looking at all threads costs more than they do */
	THREAD_COST = 1024,    /* of a thread, */
	GO_COST = 512,         /* of a goroutine that was not heard of before, */
	BYTE_COST = 128,       /* and of a byte that makes no moves */
	MOVES_MORE = 1 << 16,  /* with so many more than it should have a stretch is full */
	FIRST_NS = 1 << 16,
	WIDTH_MIN = 64,
};

#define WIDTH_MAX (INT64_C(1) << 58) /* so that threads may be as far apart as they like */

void feed_init(struct feed *feed, struct budget *budget)
{
	*feed = (struct feed){ .budget = budget };
	feed->threads.budget = feed->batches.budget = feed->base_ns.budget = budget;
	feed->room.budget = budget;
}

static void free_threads(struct feed *feed)
{
	for (size_t t = 0; t < feed->threads.count; t++)
		array_free(&feed->threads.items[t].payload);
	array_clear(&feed->threads);
}

void feed_free(struct feed *feed)
{
	free_threads(feed);
	array_free(&feed->threads);
	array_free(&feed->batches);
	array_free(&feed->base_ns);
	array_free(&feed->room);
}

struct bytes feed_read(const struct source *source, struct walk *walk, const struct batch *batch,
                       uint8_t *buffer)
{
	struct bytes payload = { buffer, 0 };

	payload.len = source_read(source, batch->offset, buffer, batch->size, NULL);
	if (payload.len < batch->size && walk != NULL)
		damage_lose(&walk->damage, DAMAGE_END, batch->offset + payload.len,
		            batch->size - payload.len, "the file changed while it was open");
	return payload;
}

/* ---- threads */

static void add_thread(struct feed *feed, uint32_t first, uint32_t end, uint32_t largest)
{
	*array_push(&feed->threads) = (struct feed_thread){
		.at = { .next_ns = INT64_MIN, .clock = feed->clock },
		.first = first,
		.next = first,
		.end = end,
		.largest = largest,
		.payload = { .budget = feed->budget },
	};
}

static const struct batch *batch_at(const struct feed *feed, uint32_t i)
{
	return &feed->all[feed->batches.items[i]];
}

/* Batches of one thread together, each in file order. */
static void group(struct feed *feed, size_t count)
{
	struct id_map rank_of = { .budget = feed->budget };
	u64_array keys = { .budget = feed->budget }, room = { .budget = feed->budget };

	for (size_t i = 0; i < count; i++) {
		uint64_t rank;

		if (feed->all[i].kind != BATCH_EVENTS)
			continue;
		rank = id_map_add(&rank_of, feed->all[i].m, (uint32_t)rank_of.count);
		*array_push(&keys) = rank << 32 | i;
	}
	radix_sort(&keys, &room, 32, radix_bits(rank_of.count));
	id_map_free(&rank_of);
	array_free(&room);
	array_clear(&feed->batches);
	array_reserve(&feed->batches, keys.count);
	for (size_t i = 0; i < keys.count; i++)
		*array_push(&feed->batches) = (uint32_t)keys.items[i];
	array_free(&keys);
}

/* ---- times that can't be */

/* Nothing is lost by it; the file says so, and something else is taken. */
static void note(struct feed *feed, uint64_t offset, uint64_t m, int64_t time_ns,
                 const char *expected)
{
	struct damage_row row = damage_row(DAMAGE_NOTE, offset, 0, expected);

	feed->walk->doubted++;
	row.generation = feed->walk->generation;
	row.m = wire_thread(m);
	row.begin_ns = time_ns;
	damage_add(&feed->walk->damage, &row);
}

static void judge_bases(struct feed *feed)
{
	array_resize(&feed->base_ns, feed->batches.count);
	for (size_t i = 0; i < feed->batches.count; i++)
		feed->base_ns.items[i] = clock_ns(feed->clock, batch_at(feed, (uint32_t)i)->ticks) +
		                         feed->timing.shift_ns;
	for (size_t t = 0; t < feed->threads.count; t++) {
		const struct feed_thread *thread = &feed->threads.items[t];

		timing_judge(&feed->timing, &feed->base_ns.items[thread->next],
		             thread->end - thread->next,
		             batch_at(feed, thread->next)->m != WIRE_NO_THREAD, &feed->room);
	}
}

/* Where the thread's next batch begins. */
static int64_t base_of(struct feed *feed, const struct feed_thread *thread)
{
	const struct batch *batch = batch_at(feed, thread->next);
	int64_t base_ns = feed->base_ns.items[thread->next];

	if (base_ns != TIMING_NONE)
		return base_ns;
	base_ns = thread->next == thread->first ? feed->timing.begin_ns : thread->at.time_ns;
	note(feed, batch->offset, batch->m, base_ns,
	     "expected a time of its generation, found a batch at another one");
	return base_ns;
}

/* What its events can't be behind: the thread's next batch, or the generation. */
static int64_t limit_of(const struct feed *feed, struct feed_thread *thread)
{
	uint32_t next = thread->next + 1;

	if (feed->timing.is_trusted)
		return INT64_MAX - 1;
	next = next > thread->known ? next : thread->known;
	while (next < thread->end && feed->base_ns.items[next] == TIMING_NONE)
		next++;
	thread->known = next;
	if (next < thread->end && batch_at(feed, next)->m != WIRE_NO_THREAD)
		return feed->base_ns.items[next] + TIMING_SLACK_NS;
	return timing_limit(&feed->timing);
}

/* ---- */

void feed_begin(struct feed *feed, const struct source *source, struct walk *walk,
                const struct generation *generation, const struct timing *timing,
                const struct batch *batches, size_t count)
{
	uint32_t first = 0, largest = 0;

	feed->source = source;
	feed->walk = walk;
	feed->clock = &generation->clock;
	feed->gaps = generation->gaps;
	feed->last_ns = clock_ns(&generation->clock, generation->last_ticks);
	feed->all = batches;
	feed->most = feed->taken = 0;
	free_threads(feed);
	group(feed, count);
	for (uint32_t i = 0; i < feed->batches.count; i++) {
		const struct batch *batch = batch_at(feed, i);

		largest = batch->size > largest ? batch->size : largest;
		if (i + 1 < feed->batches.count && batch_at(feed, i + 1)->m == batch->m)
			continue;
		add_thread(feed, first, i + 1, largest);
		feed->most += largest + WIRE_WINDOW;
		first = i + 1;
		largest = 0;
	}
	if (feed->batches.count > FEED_POINTS_MAX)
		walk->points.is_kept = false;
	if (walk->points.is_kept)
		array_resize(&walk->points.all, feed->batches.count);
	feed->timing = *timing;
	if (timing->shift_ns != 0)
		note(feed, generation->begin, WIRE_NO_THREAD, timing->begin_ns,
		     "expected a generation behind the one before it, found one at another time");
	judge_bases(feed);
	feed->begin_ns = timing->begin_ns;
	feed->width_ns = FIRST_NS;
}

/* Whether the thread's batch before its next one did not come to its end, or batches of who knows
 * whom are missing between the two. */
static bool follows_loss(const struct feed *feed, const struct feed_thread *thread)
{
	const struct batch *batch = batch_at(feed, thread->next), *before;

	if (thread->next == thread->first)
		return batch->gaps > feed->gaps;
	before = batch_at(feed, thread->next - 1);
	return thread->at.at < before->size || batch->gaps > before->gaps;
}

/* The next batch of a thread into its memory; false if there is none. */
static bool open_batch(struct feed *feed, struct feed_thread *thread)
{
	const struct batch *batch;
	struct bytes payload;

	feed->taken -= thread->payload.capacity;
	if (thread->next == thread->end) {
		if (thread->payload.capacity > 0)
			feed->most -= thread->largest + WIRE_WINDOW;
		array_free(&thread->payload);
		return false;
	}
	batch = batch_at(feed, thread->next);
	array_reserve(&thread->payload, (size_t)batch->size + WIRE_WINDOW);
	feed->taken += thread->payload.capacity;
	payload = feed_read(feed->source, feed->walk, batch, thread->payload.items);
	memset(thread->payload.items + payload.len, 0, WIRE_WINDOW);
	/* by where the last one ended */
	thread->at.follows_loss =
		thread->resumes ? thread->resumes_lost : follows_loss(feed, thread);
	thread->at.offset = batch->offset;
	thread->at.at = 0;
	thread->at.len = (uint32_t)payload.len;
	thread->at.is_cut = batch->is_cut;
	thread->at.time_ns = base_of(feed, thread);
	if (thread->resumes && thread->resumes_at > 0 && thread->resumes_at < payload.len) {
		thread->at.at = thread->resumes_at;
		thread->at.time_ns = thread->resumes_ns;
	}
	thread->resumes = false;
	thread->next_point = CHECKPOINT_EACH;
	thread->at.limit_ns = limit_of(feed, thread);
	thread->at.is_doubted = false;
	thread->at.stream = walk_stream(feed->walk, batch->m);
	if (feed->walk->points.is_kept)
		checkpoint_note(feed->walk, thread->next, thread->at.stream,
		                thread->at.follows_loss);
	feed->opened += thread->next == thread->first;
	feed->fresh += thread->next == thread->first;
	thread->next++;
	thread->is_open = true;
	return true;
}

/* What was lost of a batch was before the thread's next one. */
static void end_damage(struct feed *feed, const struct feed_thread *thread)
{
	struct damage_row *row;
	int64_t end_ns = feed->last_ns;

	if (feed->walk->damage.rows.count == DAMAGE_ROWS_MAX)
		return;
	row = &feed->walk->damage.rows.items[feed->walk->damage.rows.count - 1];
	if (thread->next < thread->end)
		end_ns = clock_ns(feed->clock, batch_at(feed, thread->next)->ticks);
	row->end_ns = end_ns > row->begin_ns ? end_ns : row->begin_ns;
}

void feed_resume(struct feed *feed, size_t t, uint32_t batch, bool follows_loss)
{
	struct feed_thread *thread = &feed->threads.items[t];

	thread->next = batch;
	thread->known = batch;
	thread->resumes = true;
	thread->resumes_lost = follows_loss;
	thread->resumes_at = 0;
	thread->is_open = false;
	thread->at.next_ns = INT64_MIN;
}

void feed_resume_within(struct feed *feed, size_t t, uint32_t batch, uint32_t at, int64_t time_ns)
{
	feed_resume(feed, t, batch, false);
	feed->threads.items[t].resumes_at = at;
	feed->threads.items[t].resumes_ns = time_ns;
}

void feed_skip(struct feed *feed, size_t t)
{
	feed->threads.items[t].at.next_ns = INT64_MAX;
}

uint64_t feed_unread(const struct feed *feed)
{
	uint64_t sum = 0;

	for (size_t t = 0; t < feed->threads.count; t++) {
		const struct feed_thread *thread = &feed->threads.items[t];

		sum += thread->is_open ? thread->at.len - thread->at.at : 0;
		for (uint32_t i = thread->next; i < thread->end; i++)
			sum += batch_at(feed, i)->size;
	}
	return sum;
}

/* Moves that a stretch should have: as many as the cache holds. */
static size_t wanted_moves(const struct feed *feed)
{
	return MOVES + feed->threads.count * MOVES_PER_THREAD;
}

/* Too many for one stretch, or what comes of them, which is not known before, may be much for the
 * memory there is. How much of it is taken matters only where it is nearly short: else stretches,
 * and the order in which things are found and numbered, would depend on what is loaded beside. */
static bool is_full(const struct feed *feed)
{
	size_t moves = feed->walk->moves.count - feed->counted;
	size_t share = budget_ceiling(feed->budget) / 16, room = budget_room(feed->budget) / 4;
	size_t cost =
		moves * STRETCH_MOVE_COST + feed->opened * THREAD_COST + feed->walked * BYTE_COST;

	return moves >= 4 * wanted_moves(feed) + MOVES_MORE ||
	       cost >= (room < share ? room : share);
}

/* From here on it may become as full again. */
static void count_anew(struct feed *feed)
{
	feed->counted = feed->walk->moves.count;
	feed->opened = feed->walked = 0;
}

/* A stretch that was full before its end says how long the next may be, whatever was given of it:
 * threads that were walked first have gone beyond. */
static void choose_width(struct feed *feed, int64_t until_ns, size_t given)
{
	size_t wanted = wanted_moves(feed);
	int64_t reached_ns = until_ns - feed->begin_ns;

	if (reached_ns < feed->width_ns &&
	    until_ns < saturating_add_i64(feed->begin_ns, feed->width_ns))
		feed->width_ns = reached_ns > WIDTH_MIN ? reached_ns : WIDTH_MIN;
	else if (given < wanted / 2 && feed->width_ns < WIDTH_MAX)
		feed->width_ns *= given < wanted / 16 ? 8 : 2;
	else if (given > wanted * 2 && feed->width_ns > WIDTH_MIN)
		feed->width_ns /= 2;
}

/* The batch goes on: there may be a checkpoint here. */
static void note_within(struct feed *feed, struct feed_thread *thread)
{
	if (!feed->walk->points.is_kept || thread->at.at < thread->next_point)
		return;
	if (checkpoint_note_within(feed->walk, thread->next - 1, &thread->at))
		thread->next_point = thread->at.at + CHECKPOINT_EACH;
}

/* A batch at a time, until the stretch is full. */
static void walk_thread(struct feed *feed, struct feed_thread *thread, int64_t until_ns)
{
	while (thread->at.next_ns < until_ns) {
		uint32_t before;
		bool goes_on;

		if (!thread->is_open && !open_batch(feed, thread)) {
			thread->at.next_ns = INT64_MAX;
			return;
		}
		before = thread->at.at;
		goes_on = walk_until(feed->walk, &thread->at, thread->payload.items, until_ns);
		feed->walked += thread->at.at - before;
		if (goes_on) {
			note_within(feed, thread);
			return;
		}
		if (thread->at.at < thread->at.len)
			end_damage(feed, thread);
		thread->is_open = false;
		thread->at.next_ns = INT64_MIN;
		if (is_full(feed))
			return;
	}
}

bool feed_walk_on(struct feed *feed, size_t t, int64_t width_ns, struct stretch *stretch)
{
	struct feed_thread *thread = &feed->threads.items[t];

	count_anew(feed);
	if (!thread->is_open && thread->at.next_ns != INT64_MAX && open_batch(feed, thread))
		thread->at.next_ns = thread->at.time_ns;
	if (thread->is_open && !walk_until(feed->walk, &thread->at, thread->payload.items,
	                                   saturating_add_i64(thread->at.next_ns, width_ns))) {
		thread->is_open = false;
		thread->at.next_ns = INT64_MIN;
	}
	walk_hand_over(feed->walk, stretch, 0, TIME_NONE);
	return thread->is_open || (thread->next < thread->end && thread->at.next_ns != INT64_MAX);
}

/* A stretch that is full at a time is to end so much earlier that the threads that are left do not
 * bring more than that again. */
static int64_t shorten(const struct feed *feed, size_t left, int64_t reached_ns)
{
	int64_t unit = INT64_C(1) << feed->walk->shift;
	int64_t share = (reached_ns - feed->begin_ns) / (int64_t)left;

	return saturating_add_i64(feed->begin_ns, share > unit ? share : unit);
}

/* So much was met first in this step that it has to be asked whether there is memory for it. */
static bool is_beyond(const struct feed *feed)
{
	size_t gos = feed->walk->gos.count - feed->gos;

	return feed->fresh * THREAD_COST + gos * GO_COST > budget_room(feed->budget);
}

/* All threads up to a time, or less far: returns how far, which may be nowhere for now. *next_ns:
 * where the next event is. */
static int64_t walk_threads(struct feed *feed, int64_t until_ns, int64_t *next_ns)
{
	*next_ns = INT64_MAX;
	for (size_t t = 0; t < feed->threads.count; t++) {
		struct feed_thread *thread = &feed->threads.items[t];
		size_t left = feed->threads.count - t;

		if (is_beyond(feed))
			return *next_ns = feed->begin_ns;
		if (thread->at.next_ns < until_ns)
			walk_thread(feed, thread, until_ns);
		if (thread->at.next_ns < until_ns) {
			int64_t full_ns = shorten(feed, left, thread->at.time_ns);

			until_ns = full_ns < until_ns ? full_ns : until_ns;
			count_anew(feed);
			walk_thread(feed, thread, until_ns);
			if (thread->at.next_ns < until_ns) /* it cannot be shorter */
				return *next_ns = feed->begin_ns;
			count_anew(feed);
		} else if (left > 1 && is_full(feed)) {
			until_ns = shorten(feed, left, until_ns);
			count_anew(feed);
		}
		if (thread->at.next_ns < *next_ns)
			*next_ns = thread->at.next_ns;
	}
	return until_ns;
}

/* The unit of a time that need not be one of an event. */
static part_time unit_of(const struct walk *walk, int64_t ns)
{
	uint64_t units = ns <= walk->base_ns ? 0 : (uint64_t)(ns - walk->base_ns) >> walk->shift;

	return units < TIME_NONE ? (part_time)units : TIME_NONE - 1;
}

bool feed_step(struct feed *feed, struct stretch *stretch)
{
	part_time begin = unit_of(feed->walk, feed->begin_ns);
	int64_t until_ns, next_ns;

	feed->fresh = 0;
	feed->gos = feed->walk->gos.count;
	count_anew(feed);
	until_ns = walk_threads(feed, saturating_add_i64(feed->begin_ns, feed->width_ns), &next_ns);
	walk_hand_over(feed->walk, stretch, begin, unit_of(feed->walk, until_ns - 1) + 1);
	choose_width(feed, until_ns, stretch->moves.count);
	/* to the next event, if nothing of one before it is left */
	feed->begin_ns =
		next_ns > until_ns && feed->walk->moves.count + feed->walk->entries.count == 0
			? next_ns
			: until_ns;
	return next_ns != INT64_MAX;
}
