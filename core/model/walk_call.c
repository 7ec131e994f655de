/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

/* Syscalls of a run. Most return with their P, inside the run, which they only shorten; those that
 * lose it, or go on, are kept until it is known who took the P (walk.md 7). */

void at_enter_call(const struct at *at)
{
	uint8_t open = at->stream->run.open;

	if (current_go(at) == INDEX_NONE)
		return;
	if (open == RUN_HEAD_SYSCALL || open == RUN_STATUS_SYSCALL)
		at->walk->threads_in_calls++;
	else
		walk_add_entry(at->walk, at->time, true);
	at->stream->in_syscall = true;
	at->stream->call_begin = TIME_NONE;
	at->stream->call_ref = at->ref;
	at->stream->call_stack = 0;
	at->stream->call_tenure = INDEX_NONE;
	at->stream->call_parted = TIME_NONE;
}

uint32_t at_keep_call(const struct at *at, part_time end)
{
	const struct stream *stream = at->stream;
	const struct open_run *run = &stream->run;
	part_time begin = stream->in_syscall ? stream->call_begin : at->time;
	struct call call = {
		.g = run->g,
		.run_begin = run->begin,
		.begin = begin == TIME_NONE ? run->begin : begin,
		.end = end,
		.lost = TIME_NONE,
		.parted = stream->in_syscall ? stream->call_parted : TIME_NONE,
		.ref = stream->in_syscall ? stream->call_ref : at->ref, /* else it is an old one */
		.stack = stream->in_syscall ? stream->call_stack : 0,
		.tenure = stream->in_syscall ? stream->call_tenure : INDEX_NONE,
		.run = INDEX_NONE,
		.stays = at_keep_stays(at),
		.past = INDEX_NONE,
		.next = INDEX_NONE,
		.proc = run->proc,
		.worker = run->worker,
		.is_bound = wire_is_bound(stream->m),
		.is_on_lane = at_is_on_lane(run),
	};

	/* one that begins without a P is blocked from its start */
	if (run->open == RUN_CREATE_SYSCALL && begin == TIME_NONE && run->proc == PROC_NONE)
		call.lost = run->begin;
	*array_push(&at->walk->calls) = call;
	return at->walk->first_call + (uint32_t)at->walk->calls.count - 1;
}

uint32_t at_keep_stays(const struct at *at)
{
	const struct stream *stream = at->stream;
	uint32_t first = at->walk->first_stay + (uint32_t)at->walk->stays.count;

	if (stream->syscalls.count == 0)
		return INDEX_NONE;
	for (size_t i = 0; i < stream->syscalls.count; i++)
		*array_push(&at->walk->stays) = stream->syscalls.items[i];
	*array_push(&at->walk->stays) = (struct stay){ .begin = TIME_NONE };
	return first;
}

void at_spend_syscalls(const struct at *at)
{
	const struct stream *stream = at->stream;
	enum lane_kind from = stream->run.worker != WORKER_NONE ? LANE_WORKER : LANE_RUN;

	for (size_t i = 0; i < stream->syscalls.count; i++)
		buckets_move(&at->walk->buckets, stream->run.proc, from, LANE_SYSCALL,
		             stream->syscalls.items[i].begin, stream->syscalls.items[i].end);
}

void at_end_call(const struct at *at)
{
	struct stream *stream = at->stream;
	struct open_run *run = &stream->run;

	if (!stream->in_syscall)
		return;
	run->returned = at->time;
	if (stream->call_begin == TIME_NONE)
		at_add_move(at, run->g, run->order, MOVE_RETURN, 0)->more =
			at_keep_call(at, at->time);
	stream->in_syscall = false;
	walk_add_entry(at->walk, at->time, false);
	if (stream->call_begin == TIME_NONE)
		return;
	run->in_syscalls += at->time - stream->call_begin;
	*array_push(&stream->syscalls) =
		(struct stay){ stream->call_begin, at->time, stream->call_ref, stream->call_stack };
}
