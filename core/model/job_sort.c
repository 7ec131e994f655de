/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/job_at.h"

#include "core/model/need.h"

/* What is put in order when all is accounted for: heap and goal by time; and lives that are over by
 * their ids, as the seam numbers them. */

/* ---- heap and goal */

static bool make_keys(struct job *job, const metric_array *metrics)
{
	array_clear(&job->keys);
	array_reserve(&job->keys, metrics->count);
	for (size_t i = 0; i < metrics->count; i++)
		*array_push(&job->keys) = (uint64_t)metrics->items[i].time << 32 | i;
	return false;
}

static bool sort_keys(struct job *job, uint64_t most)
{
	return radix_sort_step(&job->keys, &job->room, 32, radix_bits(most), job->sort_pass++);
}

/* Each to its place, where they are: along rings of those that take each other's. */
static bool gather(struct job *job, metric_array *metrics)
{
	struct metric *items = metrics->items;
	uint64_t *from = job->keys.items;

	for (size_t i = 0; i < metrics->count; i++) {
		struct metric first = items[i];
		size_t at = i;

		for (;;) {
			size_t next = (uint32_t)from[at];

			from[at] = at;
			if (next == i)
				break;
			items[at] = items[next];
			at = next;
		}
		items[at] = first;
	}
	return false;
}

static bool make_heap_keys(struct job *job)
{
	return make_keys(job, &job->walk.heap);
}

static bool make_goal_keys(struct job *job)
{
	return make_keys(job, &job->walk.goal);
}

static bool sort_times(struct job *job)
{
	return sort_keys(job, job->walk.last);
}

static bool gather_heap(struct job *job)
{
	return gather(job, &job->walk.heap);
}

static bool gather_goal(struct job *job)
{
	return gather(job, &job->walk.goal);
}

/* ---- lives: if their ids are not too far apart, which nobody but the seam has to care for */

static bool make_id_keys(struct job *job)
{
	const struct local_go *gos = job->walk.gos.items;
	const u32_array *retired = &job->account.retired;
	uint64_t low = UINT64_MAX, high = 0;

	for (size_t i = 0; i < retired->count; i++) {
		uint64_t id = gos[retired->items[i]].id;

		low = id < low ? id : low;
		high = id > high ? id : high;
	}
	array_clear(&job->keys);
	array_reserve(&job->keys, retired->count);
	for (size_t i = 0; i < retired->count && high - low <= UINT32_MAX; i++)
		*array_push(&job->keys) =
			(gos[retired->items[i]].id - low) << 32 | retired->items[i];
	job->most_key = high - low;
	return false;
}

static bool sort_ids(struct job *job)
{
	return sort_keys(job, job->most_key);
}

static bool take_ids(struct job *job)
{
	for (size_t i = 0; i < job->keys.count; i++)
		job->account.retired.items[i] = (uint32_t)job->keys.items[i];
	return false;
}

/* ---- */

static bool finish_checkpoints(struct job *job)
{
	if (job->is_cut)
		checkpoints_free(&job->walk.points);
	else
		checkpoints_finish(&job->walk, &job->account, &job->feed,
		                   job->generation.event_bytes);
	return false;
}

static bool begin_pyramid(struct job *job)
{
	if (job->history == NULL)
		pyramid_begin(&job->pyramid, job->arena, &job->account, need_of_pyramid(job));
	else
		lane_build_begin(&job->lane_build, job->history, &job->walk, &job->account.clipped);
	return false;
}

/* False: it is over. */
typedef bool sort_fn(struct job *job);

static sort_fn *const steps[] = {
	make_heap_keys, sort_times, gather_heap, make_goal_keys,     sort_times,    gather_goal,
	make_id_keys,   sort_ids,   take_ids,    finish_checkpoints, begin_pyramid,
};

bool job_sort_step(struct job *job)
{
	if (!steps[job->at](job)) {
		job->at++;
		job->sort_pass = 0;
	}
	return job->at < sizeof(steps) / sizeof(steps[0]);
}
