/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_cursor.h"

#include "core/base/checked.h"

enum { STEPS_BACK = 10 }; /* of a second: more than clocks of two processors differ */

int64_t v1_batch_base(const struct v1_file *file, uint32_t batch)
{
	struct v1_record record = { 0 };
	size_t at = file->batches.items[batch].offset;

	v1_take(v1_file_bytes(file), &at, file->minor, &record);
	return (int64_t)record.ticks;
}

void v1_cursor_begin(struct v1_cursor *cursor, const struct v1_file *file,
                     struct v1_goroutines *goroutines, uint32_t list, int64_t last_limit)
{
	bool is_samples = list == file->lists.count;

	*cursor = (struct v1_cursor){
		.file = file,
		.goroutines = goroutines,
		.last_limit = last_limit,
		.go = v1_goroutine(goroutines, 0),
		.nobody = v1_goroutine(goroutines, 0),
		.batch = is_samples ? V1_NO_BATCH : file->lists.items[list].first,
		.p = is_samples ? -1 : file->lists.items[list].p,
		.is_samples = is_samples,
	};
	if (cursor->batch != V1_NO_BATCH)
		cursor->at = file->batches.items[cursor->batch].offset;
}

static void begin_batch(struct v1_cursor *cursor, const struct v1_record *record)
{
	const struct v1_batch *batches = cursor->file->batches.items;
	uint32_t next = batches[cursor->batch].next;
	uint32_t second = next == V1_NO_BATCH ? next : batches[next].next;

	/* batches of one P may lie far apart: what comes later is asked for (not in a function of
	 * its own, which would be left out as one that does nothing) */
	if (second != V1_NO_BATCH) {
		__builtin_prefetch(cursor->file->data + batches[second].offset);
		if (batches[second].next != V1_NO_BATCH)
			__builtin_prefetch(&batches[batches[second].next]);
	}
	cursor->is_begun = true;
	cursor->ticks = (int64_t)record->ticks;
	cursor->seq = (int64_t)record->seq;
	cursor->floor = INT64_MIN;
	cursor->limit = cursor->last_limit;
	if (cursor->limit != INT64_MAX)
		cursor->floor = saturating_add_i64(
			cursor->ticks, -(int64_t)(cursor->file->frequency / STEPS_BACK));
	if (cursor->limit != INT64_MAX && next != V1_NO_BATCH)
		cursor->limit = v1_batch_base(cursor->file, next);
}

static void name(struct v1_cursor *cursor, struct v1_raw *event)
{
	event->g = event->arg[0];
	event->go = v1_goroutine(cursor->goroutines, event->g);
}

/* Who an event is about, and who runs on the P after it. */
static void attribute(struct v1_cursor *cursor, struct v1_raw *event)
{
	event->g = cursor->g;
	event->go = cursor->go;
	switch (event->type) {
	case V1_GO_START:
	case V1_GO_START_LOCAL:
	case V1_GO_START_LABEL:
		name(cursor, event);
		cursor->g = event->g;
		cursor->go = event->go;
		break;
	case V1_GO_END:
	case V1_GO_STOP:
	case V1_GO_SCHED:
	case V1_GO_PREEMPT:
	case V1_GO_SLEEP:
	case V1_GO_BLOCK:
	case V1_GO_BLOCK_SEND:
	case V1_GO_BLOCK_RECV:
	case V1_GO_BLOCK_SELECT:
	case V1_GO_BLOCK_SYNC:
	case V1_GO_BLOCK_COND:
	case V1_GO_BLOCK_NET:
	case V1_GO_BLOCK_GC:
	case V1_GO_SYS_BLOCK:
		cursor->g = 0;
		cursor->go = cursor->nobody;
		break;
	case V1_GO_SYS_EXIT:
	case V1_GO_WAITING:
	case V1_GO_IN_SYSCALL:
		name(cursor, event);
		event->target = event->go;
		break;
	case V1_GO_CREATE:
	case V1_GO_UNBLOCK:
	case V1_GO_UNBLOCK_LOCAL:
	case V1_GO_SYS_EXIT_LOCAL:
		event->target = v1_goroutine(cursor->goroutines, event->arg[0]);
		break;
	default:
		break;
	}
}

static void fill(struct v1_cursor *cursor, const struct v1_record *record, size_t offset)
{
	/* differences wrap: a clock may step back */
	cursor->ticks = (int64_t)((uint64_t)cursor->ticks + record->ticks);
	cursor->seq = (int64_t)((uint64_t)cursor->seq + record->seq);
	cursor->event = (struct v1_raw){
		.ticks = cursor->ticks < cursor->floor   ? cursor->floor
		         : cursor->ticks < cursor->limit ? cursor->ticks
		                                         : cursor->limit,
		.seq = cursor->seq,
		.arg = { record->arg[0], record->arg[1], record->arg[2] },
		.stack = (uint32_t)record->stack,
		.offset = (uint32_t)offset,
		.p = cursor->p,
		.type = record->type,
	};
	attribute(cursor, &cursor->event);
}

static bool next_sample(struct v1_cursor *cursor)
{
	const struct v1_sample *sample;

	if (cursor->at == cursor->file->samples.count)
		return false;
	sample = &cursor->file->samples.items[cursor->at++];
	cursor->event = (struct v1_raw){
		.ticks = sample->ticks,
		.g = sample->g,
		.go = v1_goroutine(cursor->goroutines, sample->g),
		.stack = sample->stack,
		.p = sample->p,
		.type = V1_CPU_SAMPLE,
	};
	return true;
}

bool v1_cursor_next(struct v1_cursor *cursor)
{
	const struct v1_file *file = cursor->file;
	struct v1_record record;

	if (cursor->is_samples)
		return next_sample(cursor);
	while (cursor->batch != V1_NO_BATCH) {
		size_t offset = cursor->at;
		const char *fault = v1_file_take(file, &cursor->at, &record);

		if (fault == NULL && record.type == V1_BATCH && !cursor->is_begun) {
			begin_batch(cursor, &record);
			continue;
		}
		if (fault != NULL || record.type == V1_BATCH) {
			cursor->batch = file->batches.items[cursor->batch].next;
			cursor->is_begun = false;
			if (cursor->batch != V1_NO_BATCH)
				cursor->at = file->batches.items[cursor->batch].offset;
			continue;
		}
		if (!v1_spec(record.type)->is_timed || record.type == V1_CPU_SAMPLE)
			continue;
		fill(cursor, &record, offset);
		return true;
	}
	return false;
}
