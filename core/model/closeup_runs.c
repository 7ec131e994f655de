/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/closeup_at.h"

#include "core/model/walk_at.h"

/* Runs and what is inside of them, from the moves of threads. Both ends of a run are told by one
 * thread, so that nothing has to be put in order: what other threads know of it is beside the
 * checkpoints. */

void closeup_add_head(struct closeup_job *job, uint32_t part_own, uint32_t own)
{
	const struct part *part = job->part;
	uint32_t go = INDEX_NONE;

	for (size_t i = 0; i < part->heads.count; i++)
		if (part->heads.items[i].own == part_own)
			go = part->heads.items[i].go;
	*array_push(&job->heads) = (struct closeup_head){ part_own, own, go };
}

uint32_t closeup_standin(struct closeup_job *job, uint32_t part_own)
{
	uint32_t own;

	for (size_t i = 0; i < job->heads.count; i++)
		if (job->heads.items[i].part_own == part_own)
			return job->heads.items[i].own;
	own = walk_add_standin(&job->walk);
	closeup_add_head(job, part_own, own);
	return own;
}

static bool is_in(const struct closeup_job *job, part_time begin, part_time end)
{
	return begin <= job->end && end >= job->begin;
}

void closeup_open_run(struct closeup_job *job, uint32_t g, uint32_t order, part_time time,
                      event_ref ref, enum run_open open, uint16_t proc)
{
	struct history *history = job->history;

	array_resize(&job->last_of, job->walk.gos.count);
	*array_push(&history->runs) = (struct run){
		.g = g,
		.begin = checkpoints_time(&job->part->points.late, ref, time),
		.end = TIME_NONE,
		.lane_end = TIME_NONE,
		.begin_ref = ref,
		.end_ref = REF_NONE,
		.before = job->last_of.items[g] - 1,
		.proc = proc,
		.open = (uint8_t)(open & 7),
	};
	*array_push(&job->orders) = order;
	job->last_of.items[g] = (uint32_t)history->runs.count;
}

static bool is_open_run(const struct closeup_job *job, uint32_t at, uint32_t g, uint32_t order)
{
	const struct run *run = &job->history->runs.items[at];

	return run->g == g && job->orders.items[at] == order && run->end == TIME_NONE;
}

/* The open run of a goroutine whose open has that order; NULL. Most often it is the last of all. */
static struct run *find_run(struct closeup_job *job, uint32_t g, uint32_t order)
{
	struct history *history = job->history;
	uint32_t at = (uint32_t)history->runs.count - 1;

	if (g >= job->last_of.count)
		return NULL;
	if (at == INDEX_NONE || !is_open_run(job, at, g, order))
		at = job->last_of.items[g] - 1;
	while (at != INDEX_NONE && !is_open_run(job, at, g, order))
		at = history->runs.items[at].before;
	return at == INDEX_NONE ? NULL : &history->runs.items[at];
}

/* The last one, if it is not in the window. */
static void drop_run(struct closeup_job *job, const struct run *run)
{
	struct history *history = job->history;

	if (run != &history->runs.items[history->runs.count - 1])
		return;
	job->last_of.items[run->g] = run->before + 1;
	history->runs.count--;
	job->orders.count--;
}

static void add_stay(struct closeup_job *job, const struct run *run, const struct stay *stay)
{
	if (run->proc != PROC_NONE &&
	    is_in(job, stay->begin, stay->end > run->begin ? stay->end : run->begin))
		history_add_stay(&job->pieces, run, stay);
}

/* ---- syscalls that lost their P */

static bool is_of_head(const struct run *run, event_ref ref)
{
	return (run->open == RUN_STATUS_SYSCALL || run->open == RUN_HEAD_SYSCALL) &&
	       ref == run->begin_ref;
}

/* It goes on to its end, or until its P was lost. */
static void end_in_call(struct closeup_job *job, struct run *run, part_time begin, part_time end,
                        const struct call *call)
{
	part_time lost = checkpoints_time(&job->part->points.lost, call->ref, TIME_NONE);
	part_time from = begin < run->begin ? run->begin : begin;
	part_time lane_end = lost < end ? lost : end;

	from = from > end ? end : from;
	run->lane_end = lane_end < run->begin ? run->begin : lane_end;
	if (run->proc == PROC_NONE || is_of_head(run, call->ref) || lane_end == TIME_NONE)
		return;
	lane_end = lane_end < from ? from : lane_end;
	if (is_in(job, from, lane_end))
		*array_push(&job->pieces) = (struct piece){
			.begin = from,
			.end = lane_end,
			.g = run->g,
			.ref = call->ref,
			.stack = call->stack,
			.proc = run->proc,
			.kind = PIECE_SYSCALL,
			.is_lost = lost != TIME_NONE,
			.is_whole = call->is_on_lane,
		};
}

/* ---- moves */

static void close_run(struct closeup_job *job, const struct move *move)
{
	struct run *run = find_run(job, move->g, move->order - 1);
	bool in_call = move->how == RUN_SYSCALL_BLOCKED || move->how == RUN_SYSCALL_DESTROY;
	const struct call *call = in_call ? &job->calls.items[move->more] : NULL;
	uint32_t row = in_call ? call->stays : move->more;
	const struct stay *stay = row == INDEX_NONE ? NULL : &job->stays.items[row];

	if (run == NULL)
		return;
	run->end = run->lane_end = move->time < run->begin ? run->begin : move->time;
	run->end_ref = move->ref;
	run->reason = move->reason;
	run->stack = move->stack;
	run->close = (uint8_t)(move->how & 7);
	run->worker = (uint8_t)(move->worker & 3);
	if (run->end < job->begin) {
		drop_run(job, run);
		return;
	}
	for (; stay != NULL && stay->begin != TIME_NONE; stay++)
		add_stay(job, run, stay);
	if (in_call)
		end_in_call(job, run, call->begin, run->end, call);
}

/* Out of a syscall that was there at the begin of the run: of one that was born in it, that is a
 * piece. */
static void return_from_call(struct closeup_job *job, const struct move *move)
{
	struct run *run = find_run(job, move->g, move->order - 1);
	const struct call *call = &job->calls.items[move->more];
	part_time end;

	if (run == NULL || run->open != RUN_CREATE_SYSCALL)
		return;
	end = move->time < run->begin ? run->begin : move->time;
	end_in_call(job, run, call->begin, end, call);
}

static void take_move(struct closeup_job *job, const struct move *move)
{
	switch ((enum move_kind)move->kind) {
	case MOVE_OPEN:
		closeup_open_run(job, move->g, move->order, move->time, move->ref,
		                 (enum run_open)move->how, move->proc);
		break;
	case MOVE_CLOSE:
		close_run(job, move);
		break;
	case MOVE_RETURN:
		if (move->more != INDEX_NONE)
			return_from_call(job, move);
		break;
	case MOVE_WAKE:
	case MOVE_ASSIST: /* its pieces are beside the checkpoints */
	case MOVE_RUN:    /* there is none where a history is made */
		break;
	}
}

void closeup_take(struct closeup_job *job)
{
	struct stretch *stretch = &job->stretch;

	for (size_t i = 0; i < stretch->stays.count; i++)
		*array_push(&job->stays) = stretch->stays.items[i];
	for (size_t i = 0; i < stretch->calls.count; i++)
		*array_push(&job->calls) = stretch->calls.items[i];
	for (size_t i = 0; i < stretch->moves.count; i++)
		take_move(job, &stretch->moves.items[i]);
	stretch_clear(stretch, SIZE_MAX);
}

/* ---- what goes on */

void closeup_keep_stays(struct closeup_job *job, const struct stream *stream)
{
	const struct run *run = find_run(job, stream->run.g, stream->run.order - 1);

	for (size_t i = 0; run != NULL && i < stream->syscalls.count; i++)
		add_stay(job, run, &stream->syscalls.items[i]);
}

/* A thread leaves it open at its end, but its goroutine went on: its syscalls are not believed. */
static bool is_left(const struct closeup_job *job, event_ref ref)
{
	const u32_array *left = &job->part->points.left;

	for (size_t i = 0; i < left->count; i++)
		if (left->items[i] == ref)
			return true;
	return false;
}

void closeup_leave_open(struct closeup_job *job, const struct stream *stream)
{
	struct run *run = find_run(job, stream->run.g, stream->run.order - 1);

	if (run == NULL)
		return;
	if (is_left(job, run->begin_ref)) {
		if (job->run_ref == run->begin_ref)
			job->pieces.count = job->first_piece;
		return;
	}
	run->worker = (uint8_t)(stream->run.worker & 3);
	closeup_keep_stays(job, stream);
	if (!stream->in_syscall)
		return;
	run->stack = stream->call_stack;
	end_in_call(job, run, stream->call_begin == TIME_NONE ? run->begin : stream->call_begin,
	            TIME_NONE,
	            &(struct call){
			    .ref = stream->call_ref,
			    .stack = stream->call_stack,
			    .is_on_lane = run->open == RUN_START || run->open == RUN_SWITCH,
		    });
}

void closeup_settle_stays(struct closeup_job *job, uint32_t g, size_t first)
{
	for (size_t i = first; i < job->pieces.count; i++)
		if (job->pieces.items[i].g == g && !job->pieces.items[i].is_lost)
			job->pieces.items[i].is_whole = true;
}

/* ---- in the end */

static void add_far(struct closeup_job *job)
{
	const struct checkpoints *points = &job->part->points;

	for (size_t i = 0; i < points->far.count; i++) {
		const struct far_piece *far = &points->far.items[i];

		if (!is_in(job, far->begin, far->end))
			continue;
		*array_push(&job->pieces) = (struct piece){
			.begin = far->begin,
			.end = far->end,
			.g = far->go.is_standin ? closeup_standin(job, (uint32_t)far->go.id)
			                        : walk_find_go(&job->walk, far->go.id),
			.ref = REF_NONE,
			.stack = walk_stack(&job->walk, far->stack),
			.proc = far->proc,
			.kind = PIECE_ASSIST,
		};
	}
}

/* Of what begins before it the begin is not known. */
static bool is_floored(const struct closeup_job *job, part_time floor)
{
	const struct history *history = job->history;

	for (size_t i = 0; i < history->runs.count; i++)
		if (history->runs.items[i].begin <= floor)
			return true;
	for (size_t i = 0; i < job->pieces.count; i++)
		if (job->pieces.items[i].begin <= floor)
			return true;
	return false;
}

bool closeup_finish_runs(struct closeup_job *job, part_time floor)
{
	struct history *history = job->history;
	piece_array *ranges = &job->walk.pieces;
	size_t kept = 0;

	for (size_t i = 0; i < history->runs.count; i++) {
		struct run *run = &history->runs.items[i];

		run->before = INDEX_NONE;
		if (lane_is_whole(run) && run->proc != PROC_NONE &&
		    is_in(job, run->begin, run->lane_end))
			history->runs.items[kept++] = *run;
	}
	history->runs.count = kept;
	kept = 0;
	for (size_t i = 0; i < ranges->count; i++)
		if (is_in(job, ranges->items[i].begin, ranges->items[i].end))
			ranges->items[kept++] = ranges->items[i];
	ranges->count = kept;
	add_far(job);
	return floor == 0 || !is_floored(job, floor);
}
