/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/checkpoint.h"

#include "core/base/sort.h"
#include "core/model/account.h"
#include "core/model/feed.h"
#include "core/model/walk_at.h"

enum {
	BESIDE_SHARE = 32, /* of the bytes of events: what is beside checkpoints takes no more */
	BESIDE_MIN = 4096,
};

void checkpoints_init(struct checkpoints *points, struct budget *budget)
{
	*points = (struct checkpoints){ .all = { .budget = budget } };
	points->more.budget = points->within.budget = budget;
	points->late.budget = points->lost.budget = budget;
	points->far.budget = points->lives.budget = points->left.budget = budget;
}

void checkpoints_free(struct checkpoints *points)
{
	points->is_kept = false;
	array_free(&points->all);
	array_free(&points->more);
	array_free(&points->within);
	array_free(&points->late);
	array_free(&points->lost);
	array_free(&points->left);
	array_free(&points->far);
	array_free(&points->lives);
}

void checkpoints_clear(struct checkpoints *points)
{
	points->is_kept = false;
	array_clear(&points->all);
	array_clear(&points->more);
	array_clear(&points->within);
	array_clear(&points->late);
	array_clear(&points->lost);
	array_clear(&points->left);
	array_clear(&points->far);
	array_clear(&points->lives);
}

size_t checkpoints_bytes(const struct checkpoints *points)
{
	return points->all.capacity * sizeof(struct checkpoint) +
	       points->more.capacity * sizeof(struct checkpoint_more) +
	       points->within.capacity * sizeof(struct checkpoint_within) +
	       (points->late.capacity + points->lost.capacity) * sizeof(uint64_t) +
	       points->left.capacity * sizeof(uint32_t) +
	       points->far.capacity * sizeof(struct far_piece) +
	       points->lives.capacity * sizeof(struct point_life);
}

/* ---- noting */

static struct point_go point_go(const struct walk *walk, uint32_t g)
{
	const struct local_go *go = &walk->gos.items[g];

	return (struct point_go){ go->is_standin ? g : go->id, go->is_standin };
}

static bool has_more(const struct stream *stream)
{
	return stream->in_syscall || stream->assist.g != INDEX_NONE ||
	       stream->sweep.g != INDEX_NONE || stream->bound != INDEX_NONE;
}

static void note_more(struct walk *walk, size_t at, const struct stream *stream)
{
	struct checkpoint_more more = {
		.at = (uint32_t)at,
		.call_begin = stream->call_begin,
		.call_ref = stream->call_ref,
		.call_stack = stream->call_stack,
		.is_bound = stream->bound != INDEX_NONE,
		.has_assist = stream->assist.g != INDEX_NONE,
		.has_sweep = stream->sweep.g != INDEX_NONE,
		.assist = stream->assist,
		.sweep = stream->sweep,
	};

	if (more.is_bound)
		more.bound = point_go(walk, stream->bound);
	if (more.has_sweep)
		more.sweep_go = point_go(walk, stream->sweep.g);
	*array_push(&walk->points.more) = more;
}

static struct checkpoint point_of(const struct walk *walk, const struct stream *stream)
{
	const struct open_run *run = &stream->run;
	struct checkpoint point = {
		.begin = run->begin,
		.now = stream->now,
		.ref = run->ref,
		.order = run->order,
		.proc = stream->proc,
		.run_proc = run->proc,
		.runs = run->g != INDEX_NONE,
		.open = run->open & 7u,
		.worker = run->worker & 3u,
		.in_syscall = stream->in_syscall,
		.puts_off = stream->puts_off,
		.has_run = stream->has_run,
		.has_told = stream->has_told,
		.has_tenure = stream->tenure != INDEX_NONE,
		.has_more = has_more(stream),
	};

	if (point.runs) {
		struct point_go go = point_go(walk, run->g);

		point.go = go.id;
		point.is_standin = go.is_standin;
	}
	if (point.has_tenure) {
		point.tenure_kind = walk->tenures.items[stream->tenure].kind & 7u;
		point.tenure_returned = walk->tenures.items[stream->tenure].returned;
	}
	return point;
}

void checkpoint_note(struct walk *walk, size_t at, uint32_t index, bool follows_loss)
{
	const struct stream *stream = &walk->streams.items[index];
	struct checkpoint *point = &walk->points.all.items[at];

	*point = point_of(walk, stream);
	point->follows_loss = follows_loss;
	if (point->has_more)
		note_more(walk, at, stream);
}

bool checkpoint_note_within(struct walk *walk, size_t batch, const struct walk_cursor *cursor)
{
	const struct stream *stream = &walk->streams.items[cursor->stream];
	struct checkpoint point = point_of(walk, stream);

	/* whoever stands at the head of the stream gets his number later (name_heads) */
	if (point.has_more || point.is_standin || !(point.runs || point.has_run))
		return false;
	*array_push(&walk->points.within) = (struct checkpoint_within){
		.point = point,
		.time_ns = cursor->time_ns,
		.batch = (uint32_t)batch,
		.at = cursor->at,
	};
	return true;
}

/* ---- restoring */

static uint32_t number_of(struct walk *walk, struct point_go go, uint32_t standin)
{
	return go.is_standin ? standin : walk_find_go(walk, go.id);
}

const struct checkpoint_more *checkpoint_more(const struct checkpoints *points, size_t at)
{
	size_t low = 0, high = points->more.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (points->more.items[middle].at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low < points->more.count && points->more.items[low].at == at
	               ? &points->more.items[low]
	               : NULL;
}

static void restore_more(struct walk *walk, struct stream *stream,
                         const struct checkpoint_more *more, uint32_t standin)
{
	stream->call_begin = more->call_begin;
	stream->call_ref = more->call_ref;
	stream->call_stack = walk_stack(walk, more->call_stack);
	if (more->is_bound)
		stream->bound = number_of(walk, more->bound, standin);
	if (more->has_assist) {
		stream->assist = more->assist;
		stream->assist.g = stream->run.g;
		stream->assist.stack = walk_stack(walk, more->assist.stack);
	}
	if (more->has_sweep) {
		stream->sweep = more->sweep;
		stream->sweep.stack = walk_stack(walk, more->sweep.stack);
		stream->sweep.g = number_of(walk, more->sweep_go, standin);
	}
}

/* As at_own_tenure has it: the rest of it is of no interest to who walks from here on. */
static void restore_tenure(struct walk *walk, uint32_t index, const struct checkpoint *point)
{
	struct stream *stream = &walk->streams.items[index];
	struct at at = { .walk = walk, .stream = stream, .stream_index = index };

	if (!point->has_tenure || point->proc == PROC_NONE)
		return;
	stream->tenure = stream->opener =
		at_add_tenure(&at, point->proc, 1, (enum tenure_kind)point->tenure_kind);
	stream->tenure_seq = 1;
	walk->tenures.items[stream->tenure].returned = point->tenure_returned;
}

/* g: who runs; INDEX_NONE. */
static struct stream *restore(struct walk *walk, const struct checkpoint *point, uint32_t index,
                              uint32_t g)
{
	struct stream *stream = &walk->streams.items[index];

	stream->now = point->now > stream->now ? point->now : stream->now;
	stream->run = (struct open_run){
		.g = g,
		.order = point->order,
		.begin = point->begin,
		.ref = point->ref,
		.proc = point->run_proc,
		.open = (uint8_t)point->open,
		.worker = (uint8_t)point->worker,
	};
	stream->proc = point->proc;
	stream->in_syscall = point->in_syscall;
	stream->puts_off = point->puts_off;
	stream->has_run = point->has_run;
	stream->has_told = point->has_told;
	stream->call_tenure = stream->tenure = stream->opener = INDEX_NONE;
	stream->call_parted = TIME_NONE;
	stream->last_go = g;
	stream->bound = stream->stop = stream->assist.g = stream->sweep.g = INDEX_NONE;
	array_clear(&stream->syscalls);
	restore_tenure(walk, index, point);
	return stream;
}

uint32_t checkpoint_restore(struct walk *walk, const struct checkpoints *points, size_t at,
                            uint32_t index, uint16_t head_proc)
{
	const struct checkpoint *point = &points->all.items[at];
	struct stream *stream = &walk->streams.items[index];
	uint32_t g = INDEX_NONE, standin = stream->head_go;

	if (point->is_standin && standin == INDEX_NONE)
		standin = walk_add_standin(walk);
	if (point->is_standin)
		stream->head_go = standin;
	if (point->runs)
		g = number_of(walk, (struct point_go){ point->go, point->is_standin }, standin);
	restore(walk, point, index, g);
	if (point->run_proc == PROC_NONE && point->is_standin)
		stream->run.proc = head_proc;
	if (point->has_more)
		restore_more(walk, stream, checkpoint_more(points, at), standin);
	return point->is_standin ? standin : g;
}

uint32_t checkpoint_restore_within(struct walk *walk, const struct checkpoint_within *within,
                                   uint32_t index)
{
	const struct checkpoint *point = &within->point;
	uint32_t g = point->runs ? walk_find_go(walk, point->go) : INDEX_NONE;

	restore(walk, point, index, g);
	return g;
}

const struct checkpoint_within *checkpoint_within(const struct checkpoints *points, size_t batch,
                                                  part_time time)
{
	const struct checkpoint_within *last = NULL, *at = points->within.items;
	size_t low = 0, high = points->within.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (at[middle].batch < batch)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < points->within.count && at[low].batch == batch && at[low].point.now < time;
	     low++)
		last = &at[low];
	return last;
}

/* ---- what is beside them */

static void sort_times(u64_array *items)
{
	u64_array room = { .budget = items->budget };

	radix_sort(items, &room, 32, 32);
	array_free(&room);
}

static void copy_times(u64_array *into, const u64_array *from)
{
	array_resize(into, from->count);
	if (from->count > 0)
		memcpy(into->items, from->items, from->count * sizeof(*from->items));
	sort_times(into);
	array_trim(into);
}

/* Assists through several runs. */
static void keep_far(struct walk *walk, const struct account *account)
{
	for (size_t i = 0; i < account->clipped.count; i++) {
		const struct piece *piece = &account->clipped.items[i];

		*array_push(&walk->points.far) = (struct far_piece){
			.go = point_go(walk, piece->g),
			.begin = piece->begin,
			.end = piece->end,
			.stack = (uint32_t)piece->stack,
			.proc = piece->proc,
		};
	}
	array_trim(&walk->points.far);
}

static void keep_lives(struct walk *walk, const struct account *account)
{
	for (size_t i = 0; i < account->reborn.count; i++)
		*array_push(&walk->points.lives) = (struct point_life){
			walk->gos.items[account->reborn.items[i].g].id,
			account->reborn.items[i].begin,
		};
	array_trim(&walk->points.lives);
}

/* Who stands at the head of a stream is known by the number that its run got, later. */
static void name_heads(struct checkpoints *points, const struct walk *walk, const struct feed *feed)
{
	for (size_t t = 0; t < feed->threads.count; t++) {
		const struct feed_thread *thread = &feed->threads.items[t];
		uint32_t head = thread->next > thread->first
		                        ? walk->streams.items[thread->at.stream].head_go
		                        : INDEX_NONE;

		for (uint32_t i = thread->first; i < thread->end && head != INDEX_NONE; i++) {
			struct checkpoint *point = &points->all.items[i];

			if (point->has_run || point->runs)
				break;
			point->go = head;
			point->is_standin = true;
		}
	}
}

static size_t beside_bytes(const struct account *account)
{
	return (account->late_runs.count + account->lost_calls.count) * sizeof(uint64_t) +
	       account->clipped.count * sizeof(struct far_piece) +
	       account->reborn.count * sizeof(struct point_life);
}

static int within_order(const void *a, const void *b)
{
	const struct checkpoint_within *x = a, *y = b;

	if (x->batch != y->batch)
		return x->batch < y->batch ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static int more_order(const void *a, const void *b)
{
	const struct checkpoint_more *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

void checkpoints_finish(struct walk *walk, const struct account *account, const struct feed *feed,
                        uint64_t event_bytes)
{
	struct checkpoints *points = &walk->points;

	if (points->is_kept && (account->dropped > 0 || account->is_odd ||
	                        beside_bytes(account) > BESIDE_MIN + event_bytes / BESIDE_SHARE))
		points->is_kept = false;
	if (!points->is_kept) {
		checkpoints_free(points);
		return;
	}
	name_heads(points, walk, feed);
	sort_items(points->more.budget, points->more.items, points->more.count,
	           sizeof(struct checkpoint_more), more_order);
	array_trim(&points->more);
	SORT_ARRAY(&points->within, within_order);
	array_trim(&points->within);
	copy_times(&points->late, &account->late_runs);
	copy_times(&points->lost, &account->lost_calls);
	for (size_t i = 0; i < account->left_runs.count; i++)
		*array_push(&points->left) = account->left_runs.items[i];
	keep_far(walk, account);
	keep_lives(walk, account);
	points->last = walk->last;
}

part_time checkpoints_time(const u64_array *items, event_ref ref, part_time other)
{
	size_t low = 0, high = items->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (items->items[middle] >> 32 < ref)
			low = middle + 1;
		else
			high = middle;
	}
	return low < items->count && items->items[low] >> 32 == ref ? (part_time)items->items[low]
	                                                            : other;
}
