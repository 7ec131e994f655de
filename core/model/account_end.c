/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account_at.h"

#include "core/base/sort.h"
#include "core/model/history.h"

enum { NOTED_A_STEP = 1 << 17 };

/* What is accounted for when all moves are known: runs that go on, syscalls that lost their P or go
 * on, numbers over time. */

/* ---- runs that threads leave open */

static void open_call(struct account *account, const struct stream *stream, struct go_life *life)
{
	const struct open_run *run = &stream->run;
	part_time begin = stream->call_begin == TIME_NONE ? run->begin : stream->call_begin;
	bool is_on_lane =
		(run->open == RUN_START || run->open == RUN_SWITCH) && run->proc != PROC_NONE;

	*array_push(&account->calls) = (struct call){
		.g = run->g,
		.run_begin = run->begin,
		.begin = begin,
		.end = TIME_NONE,
		.lost = TIME_NONE,
		.parted = stream->call_parted,
		.from = life->since,
		.ref = stream->call_ref,
		.stack = stream->call_stack,
		.tenure = stream->call_tenure,
		.run = account->history != NULL ? account_run_of(life) : INDEX_NONE,
		.stays = INDEX_NONE,
		.past = INDEX_NONE,
		.next = INDEX_NONE,
		.proc = run->proc,
		.worker = run->worker,
		.is_head = life->is_head,
		.is_bound = wire_is_bound(stream->m),
		.is_on_lane = is_on_lane,
	};
	if (!life->is_head)
		account_own_delta(account, run->g)->tail_call_ref = stream->call_ref;
	if (run->open == RUN_CREATE_SYSCALL && stream->call_begin == TIME_NONE &&
	    run->proc == PROC_NONE)
		account->calls.items[account->calls.count - 1].lost = run->begin;
}

static void spend(struct account *account, const struct stream *stream, struct go_life *life,
                  part_time until, enum go_state then)
{
	const struct open_run *run = &stream->run;
	struct go_delta *delta = account_own_delta(account, run->g);
	uint32_t units = until - life->since, in_syscalls = 0;

	for (size_t i = 0; i < stream->syscalls.count; i++) {
		part_time from = stream->syscalls.items[i].begin;
		part_time to = stream->syscalls.items[i].end;

		from = from < life->since ? life->since : from;
		to = to > until ? until : to;
		in_syscalls += to > from ? to - from : 0;
	}

	if (life->is_head) {
		delta->head_end = until;
		delta->head_exec = until;
		life->is_head = false;
	} else {
		life->exec += units - in_syscalls;
		life->syscall_exec += in_syscalls;
		if (life->proc != PROC_NONE) {
			struct proc_delta *proc = &account->procs.items[life->proc];

			proc->run += units - in_syscalls;
			proc->syscall += in_syscalls;
			proc->gc += run->worker != WORKER_NONE ? units - in_syscalls : 0;
		}
	}
	life->state = (uint8_t)then;
	life->since = until;
	life->last = until;
}

/* Not earlier than it runs, nor later than it was heard of. */
static part_time within(const struct go_life *life, part_time time)
{
	return time < life->last ? life->last : time;
}

static void note_tail(struct account *account, const struct stream *stream,
                      const struct go_life *life)
{
	const struct open_run *run = &stream->run;
	struct go_delta *delta = account_own_delta(account, run->g);

	if (delta->name_stack == 0)
		delta->name_stack = run->stack;
	delta->tail_worker = run->worker;
	if (life->in_head_run) {
		delta->head_worker = run->worker;
		return;
	}
	delta->has_tail_run = true;
	delta->tail_proc = run->proc;
	delta->tail_begin =
		run->open == RUN_START || run->open == RUN_SWITCH ? life->since : run->begin;
	delta->tail_ref = run->ref;
}

static void record_open_run(struct account *account, const struct stream *stream,
                            struct go_life *life)
{
	struct run *run;

	if (account->pass == 0 || account->pass & (PASS_RUNS | PASS_CALLS))
		account_record_run(account, stream->run.g, stream->run.ref);
	if (account_run_of(life) == INDEX_NONE)
		return;
	run = &account->history->runs.items[life->record];
	run->worker = (uint8_t)(stream->run.worker & 3);
	run->stack = stream->in_syscall ? stream->call_stack : 0;
	for (size_t i = 0; i < stream->syscalls.count; i++)
		history_add_stay(&account->clipped, run, &stream->syscalls.items[i]);
}

static void leave_open(struct account *account, const struct stream *stream)
{
	const struct open_run *run = &stream->run;
	struct go_life *life = &account->lives.items[run->g];

	if (life->expect != run->order || life->state == GO_DEAD) {
		*array_push(&account->left_runs) = run->ref;
		return;
	}
	if (life->in_assist && life->proc != PROC_NONE &&
	    account->clips.items[run->g].from < account->walk->last)
		*array_push(&account->clipped) = (struct piece){
			.begin = account->clips.items[run->g].from,
			.end = account->walk->last,
			.g = run->g,
			.ref = REF_NONE,
			.stack = account->clips.items[run->g].stack,
			.proc = life->proc,
			.kind = PIECE_ASSIST,
		};
	note_tail(account, stream, life);
	if (account->history != NULL)
		record_open_run(account, stream, life);
	if (stream->in_syscall && life->state == GO_RUNNING)
		spend(account, stream, life, within(life, stream->call_begin), GO_SYSCALL);
	else if (!stream->in_syscall && life->state == GO_RUNNING && run->in_syscalls > 0)
		spend(account, stream, life, within(life, run->returned), GO_RUNNING);
	if (stream->in_syscall)
		open_call(account, stream, life);
}

/* One that was said to be in a syscall on a thread: if the thread told of its end itself, at the
 * head of its stream, it was counted twice; if not, and it came out, that is not counted. */
static void count_bound(struct account *account, const struct stream *stream)
{
	const struct go_delta *delta = account_delta(account, stream->bound);
	bool is_told = stream->head_go != INDEX_NONE;

	if (delta->first == TIME_NONE || delta->is_created || delta->head_state != GO_SYSCALL)
		return;
	if (is_told || delta->came_out != GO_UNKNOWN)
		account->heads[COUNT_RUNNING]--;
	else
		account->heads[COUNT_CALLS]++; /* the thread says nothing of it */
	if (!is_told && delta->came_out == GO_RUNNABLE)
		account->heads[COUNT_RUNNABLE]++;
}

void account_open_runs(struct account *account)
{
	account_grow(account);
	account->heads[COUNT_CALLS] = (int32_t)account->walk->threads_in_calls;
	array_resize(&account->clips, account->lives.count);
	for (size_t s = 0; s < account->walk->streams.count; s++) {
		const struct stream *stream = &account->walk->streams.items[s];

		if (stream->run.g != INDEX_NONE)
			leave_open(account, stream);
		if (stream->bound != INDEX_NONE)
			count_bound(account, stream);
	}
}

/* ---- syscalls */

static part_time lost_of(const struct walk *walk, const struct call *call)
{
	if (call->tenure == INDEX_NONE)
		return call->lost;
	return walk->tenures.items[call->tenure].lost;
}

static void add_to_lane(struct walk *walk, const struct call *call, part_time lane_end)
{
	part_time end = call->end == TIME_NONE ? TIME_NONE : call->until;
	enum lane_kind kind = call->worker != WORKER_NONE ? LANE_WORKER : LANE_RUN;

	if (call->proc == PROC_NONE || call->is_head || lane_end == TIME_NONE)
		return; /* the seam knows both ends (struct lane) */
	end = lane_end < end ? lane_end : end;
	if (walk->keeps) {
		*array_push(&walk->pieces) = (struct piece){
			.begin = call->from,
			.end = end < call->from ? call->from : end,
			.g = call->g,
			.ref = call->ref,
			.stack = call->stack,
			.proc = call->proc,
			.kind = PIECE_SYSCALL,
			.is_lost = call->lost != TIME_NONE,
			.is_whole = call->is_on_lane,
		};
		return;
	}
	if (!call->is_on_lane)
		return;
	buckets_add_run(&walk->buckets, call->proc, kind, call->run_begin, lane_end, call->g);
	if (call->from < end)
		buckets_move(&walk->buckets, call->proc, kind, LANE_SYSCALL, call->from, end);
}

/* When its goroutine's syscall stops to execute, and is blocked. Where Go does not see the loss,
 * when that P goes idle with somebody else.
 */
static part_time blocked_from(const struct walk *walk, const struct call *call)
{
	bool is_taken = call->tenure != INDEX_NONE && walk->tenures.items[call->tenure].is_taken;

	return is_taken || call->is_bound ? call->parted : call->lost;
}

/* A time inside of what is accounted for. */
static part_time clip(const struct call *call, part_time time)
{
	time = time == TIME_NONE || time > call->until ? call->until : time;
	return time < call->from ? call->from : time;
}

/* When the run of a syscall left its P; TIME_NONE: not here. */
static part_time lane_end_of(const struct call *call)
{
	part_time end = call->end == TIME_NONE ? TIME_NONE : call->until;

	end = call->lost < end ? call->lost : end;
	return end != TIME_NONE && end < call->from && !call->is_head ? call->from : end;
}

static struct go_delta *delta_of(struct account *account, const struct call *call)
{
	if (call->past != INDEX_NONE)
		return &account->past.items[call->past].delta;
	return account_own_delta(account, call->g);
}

/* Its part of the sums; sign: 1, or -1 to take it out. What began or goes on elsewhere is not in
 * them. */
static void sum_up(struct account *account, const struct call *call, int sign)
{
	struct go_delta *delta = delta_of(account, call);
	part_time lost = clip(call, call->lost);

	if (call->end == TIME_NONE || call->is_head)
		return;
	if (call->proc != PROC_NONE)
		account->procs.items[call->proc].syscall += sign * (int64_t)(lost - call->from);
	lost = clip(call, blocked_from(account->walk, call));
	delta->syscall_exec += (uint32_t)sign * (lost - call->from);
	delta->syscall_block += (uint32_t)sign * (call->until - lost);
}

/* It lost the P that the run at the head had. */
static bool cuts_head(const struct call *call, const struct go_delta *delta)
{
	return call->end != TIME_NONE && call->lost != TIME_NONE && call->is_in_head &&
	       delta->has_head_run && delta->head_lane_end != TIME_NONE;
}

void account_take_call(struct account *account, struct call *call)
{
	struct go_delta *delta = delta_of(account, call);

	sum_up(account, call, -1);
	if (cuts_head(call, delta) && delta->head_lane_end == lane_end_of(call))
		delta->head_lane_end = call->until;
}

void account_add_call(struct account *account, struct call *call)
{
	struct go_delta *delta = delta_of(account, call);
	part_time lane_end;

	call->lost = lost_of(account->walk, call);
	lane_end = lane_end_of(call);
	sum_up(account, call, 1);
	if (call->end == TIME_NONE) {
		delta->tail_lost = blocked_from(account->walk, call);
		delta->is_bound = call->is_bound;
		if (call->is_head && call->is_bound)
			delta->head_lost = call->parted;
		if (delta->has_tail_run)
			delta->tail_lane_end = lane_end;
		else
			delta->head_lane_end = lane_end;
		return;
	}
	if (cuts_head(call, delta) && lane_end < delta->head_lane_end)
		delta->head_lane_end = lane_end;
	if (call->is_head) {
		delta->head_lost = blocked_from(account->walk, call);
		delta->is_bound = call->is_bound;
	}
}

static void note_loss(struct account *account, const struct call *call)
{
	if (call->proc == PROC_NONE || call->is_head || call->lost == TIME_NONE)
		return;
	account_note_odd(account, &account->lost_calls, call->ref, lane_end_of(call));
}

static void account_call(struct account *account, struct call *call)
{
	part_time lane_end;

	account_add_call(account, call);
	note_loss(account, call);
	if (call->is_head && call->tenure == INDEX_NONE && call->proc != PROC_NONE)
		call->lost = account->procs.items[call->proc].head_lost;
	lane_end = lane_end_of(call);
	if (call->run != INDEX_NONE) {
		struct run *run = &account->history->runs.items[call->run];

		run->lane_end = lane_end < run->begin ? run->begin : lane_end;
	}
	add_to_lane(account->walk, call, lane_end);
}

void account_calls(struct account *account)
{
	for (size_t i = 0; i < account->calls.count; i++)
		account_call(account, &account->calls.items[i]);
}

/* ---- numbers over time */

static int change_order(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void count_procs(struct account *account)
{
	struct counter counter = { .time = 0 };

	SORT_ARRAY(&account->proc_changes, change_order);
	for (size_t i = 0; i < account->proc_changes.count; i++) {
		uint64_t change = account->proc_changes.items[i];
		part_time time = (part_time)(change >> 1);

		if (time > counter.time)
			counter_advance(&counter, &account->buckets, COUNT_PROCS, COUNT_PROCS,
			                time);
		counter.now[COUNT_PROCS] += (change & 1) != 0 ? 1 : -1;
	}
	counter_advance(&counter, &account->buckets, COUNT_PROCS, COUNT_PROCS, account->walk->last);
	counter_move(&counter, &account->buckets, COUNT_PROCS, COUNT_PROCS, account->walk->last);
}

static void end_counter(struct account *account, struct counter *counter, enum count first,
                        enum count last)
{
	part_time end = account->walk->last;

	if (end > counter->time)
		counter_advance(counter, &account->buckets, first, last, end);
	counter_move(counter, &account->buckets, first, last, end);
}

/* Changes are gone through twice. */
enum round { ROUND_EXPECT, ROUND_ADD, ROUNDS };

static void take_change(struct changes *changes, enum round round, part_time time,
                        enum change change)
{
	if (round == ROUND_EXPECT)
		changes_expect(changes, time);
	else
		changes_add(changes, time, change);
}

static void take_noted(struct account *account, enum round round, size_t from)
{
	for (size_t i = from; i < from + NOTED_A_STEP && i < account->noted.count; i++)
		take_change(&account->changes, round,
		            (part_time)(account->noted.items[i] >> CHANGE_BITS),
		            noted_change(account->noted.items[i]));
}

static void take_noted_early(struct account *account, enum round round, size_t from)
{
	const u32_array *noted = &account->noted_early;

	for (size_t i = from; i < from + NOTED_A_STEP && i < noted->count; i++)
		take_change(&account->changes, round, noted->items[i] >> CHANGE_BITS,
		            noted_change(noted->items[i]));
}

static void take_entries(struct account *account, enum round round, int way, size_t from)
{
	const u32_array *times = &account->entries[way];
	part_time last = account->walk->last;

	for (size_t i = from; i < from + NOTED_A_STEP && i < times->count; i++)
		take_change(&account->changes, round,
		            times->items[i] < last ? times->items[i] : last,
		            way == 1 ? CHANGE_CALL : CHANGE_CALL_END);
}

static void take_procs(struct account *account, enum round round)
{
	for (size_t i = 0; i < account->proc_changes.count; i++)
		take_change(&account->changes, round,
		            (part_time)(account->proc_changes.items[i] >> 1),
		            (account->proc_changes.items[i] & 1) != 0 ? CHANGE_PROC_START
		                                                      : CHANGE_PROC_STOP);
}

static size_t steps_of(size_t count)
{
	return (count + NOTED_A_STEP - 1) / NOTED_A_STEP;
}

/* A step of a round; the last one is that of the Ps. */
static void take_changes(struct account *account, enum round round, size_t step)
{
	size_t noted = steps_of(account->noted.count), early = steps_of(account->noted_early.count);

	if (step < noted) {
		take_noted(account, round, step * NOTED_A_STEP);
		return;
	}
	step -= noted;
	if (step < early) {
		take_noted_early(account, round, step * NOTED_A_STEP);
		return;
	}
	step -= early;
	for (int way = 0; way < 2; way++) {
		size_t steps = steps_of(account->entries[way].count);

		if (step < steps) {
			take_entries(account, round, way, step * NOTED_A_STEP);
			return;
		}
		step -= steps;
	}
	take_procs(account, round);
	if (round == ROUND_EXPECT)
		changes_make_room(&account->changes);
}

/* For the history, where they are looked up at any time. */
static bool sort_changes(struct account *account, size_t step)
{
	size_t steps = steps_of(account->noted.count) + steps_of(account->noted_early.count) +
	               steps_of(account->entries[0].count) + steps_of(account->entries[1].count) +
	               1;

	if (step == 0)
		changes_clear(&account->changes, account->walk->last);
	if (step < ROUNDS * steps) {
		take_changes(account, (enum round)(step / steps), step % steps);
		return true;
	}
	if (changes_sort(&account->changes, &account->sort_room, account->heads,
	                 step - ROUNDS * steps))
		return true;
	array_free(&account->noted); /* what comes next needs the room */
	array_free(&account->noted_early);
	array_free(&account->entries[0]);
	array_free(&account->entries[1]);
	return false;
}

bool account_end(struct account *account, size_t step)
{
	if (account->history != NULL)
		return account_counts(account) && sort_changes(account, step);
	account_tally(account, TIME_NONE);
	end_counter(account, &account->counter, COUNT_RUNNING, COUNT_GC_WAIT);
	end_counter(account, &account->call_counter, COUNT_CALLS, COUNT_CALLS);
	count_procs(account);
	for (size_t i = 0; i < account->clipped.count; i++)
		buckets_add(&account->walk->buckets, account->clipped.items[i].proc, LANE_ASSIST,
		            account->clipped.items[i].begin, account->clipped.items[i].end);
	for (size_t i = 0; i < account->walk->pieces.count; i++) {
		const struct piece *piece = &account->walk->pieces.items[i];

		if (piece->proc != PROC_NONE)
			buckets_add(&account->walk->buckets, piece->proc,
			            piece->kind == PIECE_ASSIST ? LANE_ASSIST : LANE_SWEEP,
			            piece->begin, piece->end);
	}
	buckets_join(&account->walk->buckets, &account->buckets);
	return false;
}
