/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/feed.h"

#include "core/base/checked.h"
#include "core/trace/v2_take.h"

enum {
	MOVES = 4096,          /* that a stretch should have: they fit the cache */
	MOVES_PER_THREAD = 16, /* more, where looking at all threads costs more than they do */
	MOVES_MAX = 1 << 18,   /* a stretch that would have more is given before it is whole */
	FIRST_NS = 1 << 16,
};

#define WIDTH_MAX (INT64_C(1) << 58) /* so that threads may be as far apart as they like */

void feed_init(struct feed *feed, struct budget *budget)
{
	*feed = (struct feed){ .budget = budget };
	feed->threads.budget = feed->batches.budget = budget;
	feed->keys.budget = feed->room.budget = budget;
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
	array_free(&feed->keys);
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

static void add_thread(struct feed *feed, uint32_t first, uint32_t end)
{
	*array_push(&feed->threads) = (struct feed_thread){
		.at = { .next_ns = INT64_MIN, .clock = feed->clock },
		.first = first,
		.next = first,
		.end = end,
		.payload = { .budget = feed->budget },
	};
}

/* Batches of one thread together, each in file order. */
static void group(struct feed *feed, const struct batch *batches, size_t count)
{
	struct id_map rank_of = { .budget = feed->budget };

	array_clear(&feed->keys);
	for (size_t i = 0; i < count; i++) {
		uint64_t rank;

		if (batches[i].kind != BATCH_EVENTS)
			continue;
		rank = id_map_add(&rank_of, batches[i].m, (uint32_t)rank_of.count);
		*array_push(&feed->keys) = rank << 32 | i;
	}
	radix_sort(&feed->keys, &feed->room, 32, radix_bits(rank_of.count));
	id_map_free(&rank_of);
	array_clear(&feed->batches);
	for (size_t i = 0; i < feed->keys.count; i++)
		*array_push(&feed->batches) = batches[(uint32_t)feed->keys.items[i]];
}

void feed_begin(struct feed *feed, const struct source *source, struct walk *walk,
                const struct generation *generation, const struct batch *batches, size_t count)
{
	uint32_t first = 0;

	feed->source = source;
	feed->walk = walk;
	feed->clock = &generation->clock;
	feed->gaps = generation->gaps;
	feed->last_ns = clock_ns(&generation->clock, generation->last_ticks);
	free_threads(feed);
	group(feed, batches, count);
	for (uint32_t i = 1; i <= feed->batches.count; i++)
		if (i == feed->batches.count ||
		    feed->batches.items[i].m != feed->batches.items[first].m) {
			add_thread(feed, first, i);
			first = i;
		}
	feed->begin_ns = generation->begin_ns;
	feed->width_ns = FIRST_NS;
}

/* Whether the thread's batch before its next one did not come to its end, or batches of who knows
 * whom are missing between the two. */
static bool follows_loss(const struct feed *feed, const struct feed_thread *thread)
{
	const struct batch *batch = &feed->batches.items[thread->next];

	if (thread->next == thread->first)
		return batch->gaps > feed->gaps;
	return thread->at.at < batch[-1].size || batch->gaps > batch[-1].gaps;
}

/* The next batch of a thread into its memory; false if there is none. */
static bool open_batch(struct feed *feed, struct feed_thread *thread)
{
	const struct batch *batch = &feed->batches.items[thread->next];
	struct bytes payload;

	if (thread->next == thread->end)
		return false;
	array_reserve(&thread->payload, (size_t)batch->size + WIRE_WINDOW);
	payload = feed_read(feed->source, feed->walk, batch, thread->payload.items);
	memset(thread->payload.items + payload.len, 0, WIRE_WINDOW);
	thread->at.offset = batch->offset;
	thread->at.at = 0;
	thread->at.len = (uint32_t)payload.len;
	thread->at.time_ns = clock_ns(feed->clock, batch->ticks);
	thread->at.is_cut = batch->is_cut;
	thread->at.follows_loss = follows_loss(feed, thread);
	thread->at.stream = walk_stream(feed->walk, batch->m);
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
		end_ns = clock_ns(feed->clock, feed->batches.items[thread->next].ticks);
	row->end_ns = end_ns > row->begin_ns ? end_ns : row->begin_ns;
}

static void walk_thread(struct feed *feed, struct feed_thread *thread, int64_t until_ns)
{
	while (thread->at.next_ns < until_ns && feed->walk->moves.count < MOVES_MAX) {
		if (!thread->is_open && !open_batch(feed, thread)) {
			thread->at.next_ns = INT64_MAX;
			return;
		}
		if (walk_until(feed->walk, &thread->at, thread->payload.items, until_ns))
			return;
		if (thread->at.at < thread->at.len)
			end_damage(feed, thread);
		thread->is_open = false;
		thread->at.next_ns = INT64_MIN;
	}
}

/* Stretches of about as many moves as the cache holds. */
static void choose_width(struct feed *feed, size_t moves)
{
	size_t wanted = MOVES + feed->threads.count * MOVES_PER_THREAD;

	if (moves < wanted / 2 && feed->width_ns < WIDTH_MAX)
		feed->width_ns *= moves < wanted / 16 ? 8 : 2;
	else if (moves > wanted * 2 && feed->width_ns > 64)
		feed->width_ns /= 2;
}

/* A time that need not be one of an event. */
static part_time bound_of(const struct walk *walk, int64_t ns)
{
	uint64_t units = ns < walk->base_ns ? 0 : (uint64_t)(ns - walk->base_ns) >> walk->shift;

	return units < TIME_NONE ? (part_time)units : TIME_NONE - 1;
}

bool feed_step(struct feed *feed, struct moves *moves, struct account *account)
{
	int64_t until_ns = saturating_add_i64(feed->begin_ns, feed->width_ns);
	int64_t next_ns = INT64_MAX;
	part_time begin = bound_of(feed->walk, feed->begin_ns);
	bool is_whole;

	for (size_t t = 0; t < feed->threads.count; t++) {
		struct feed_thread *thread = &feed->threads.items[t];

		if (thread->at.next_ns < until_ns)
			walk_thread(feed, thread, until_ns);
		if (thread->at.next_ns < next_ns)
			next_ns = thread->at.next_ns;
	}
	is_whole = feed->walk->moves.count < MOVES_MAX;
	choose_width(feed, feed->walk->moves.count);
	moves_give(moves, account, begin, bound_of(feed->walk, until_ns));
	if (is_whole) /* else the other threads have more of it */
		feed->begin_ns = next_ns > until_ns ? next_ns : until_ns;
	return next_ns != INT64_MAX;
}
