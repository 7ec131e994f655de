/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/account.h"

void account_init(struct account *account, struct budget *budget)
{
	*account = (struct account){ .gos = { .budget = budget } };
	account->procs.budget = account->blocks.budget = account->idles.budget = budget;
	account->assists.budget = account->clipped.budget = budget;
	changes_init(&account->changes, budget);
	account->sort_room.budget = budget;
}

void account_free(struct account *account)
{
	array_free(&account->gos);
	array_free(&account->procs);
	array_free(&account->blocks);
	array_free(&account->idles);
	array_free(&account->assists);
	array_free(&account->clipped);
	changes_free(&account->changes);
	array_free(&account->sort_room);
}

/* ---- goroutines */

/* Records lie where their threads wrote them, far apart. Slots of all goroutines are in a row: what
 * those some steps ahead hold is asked for in time, first the record, then what it points to. */
enum { FETCH_RECORD = 20, FETCH_MORE = 8 };

static inline __attribute__((always_inline)) void fetch_ahead(const struct account *account,
                                                              size_t slot)
{
	const struct placement *place = account->place;
	const struct walk *walk = account->walk;
	uint32_t what;

	if (slot + FETCH_RECORD >= place->slots.count)
		return;
	what = place->slots.items[slot + FETCH_RECORD];
	if (what & SLOT_WAKE) /* of an empty one too: fetching nowhere does no harm */
		__builtin_prefetch(walk->wakes.items + (what & ~SLOT_WAKE), 1);
	else
		__builtin_prefetch(walk->runs.items + what, 1);
	what = place->slots.items[slot + FETCH_MORE];
	if (!(what & SLOT_WAKE))
		__builtin_prefetch(walk->syscalls.items + walk->runs.items[what].first_syscall, 1);
}

struct go_walk {
	struct account *account;
	struct go_delta *delta;
	uint32_t g;
	part_time last, since;
	part_time lost; /* of the syscall it is in */
	uint8_t state;
	uint8_t reason, worker;
	uint16_t proc;
	bool is_head;    /* still what it was doing at the head */
	bool is_again;   /* done over: only sums matter */
	bool has_head;   /* something stood before its first slot */
	int sign;        /* of what it adds to its Ps */
	size_t mark;     /* the next in mark_order */
	uint32_t assist; /* the open one, in account->assists; INDEX_NONE */
	bool in_assist;
	int64_t assist_clock; /* its clock when the assist began */
	part_time assist_ended;
};

static part_time go_clamp(struct go_walk *w, part_time time)
{
	w->account->clamped += time < w->last && !w->is_again;
	if (time > w->last)
		w->last = time;
	return w->last;
}

static void go_change(struct go_walk *w, enum change change)
{
	if (!w->is_again)
		changes_add(&w->account->changes, w->last, change);
}

static void add_block(struct go_walk *w, int64_t units)
{
	uint32_t *link = &w->delta->blocks;

	while (*link != INDEX_NONE && w->account->blocks.items[*link].reason != w->reason)
		link = &w->account->blocks.items[*link].next;
	if (*link == INDEX_NONE) {
		*link = (uint32_t)w->account->blocks.count;
		*array_push(&w->account->blocks) =
			(struct block_sum){ .next = INDEX_NONE, .reason = w->reason };
		/* the array may have moved, and the link with it */
		w->account->blocks.items[w->account->blocks.count - 1].units = units;
		return;
	}
	w->account->blocks.items[*link].units += units;
}

static void leave_syscall(struct go_walk *w, struct proc_delta *proc)
{
	part_time lost = w->lost == TIME_NONE || w->lost > w->last ? w->last : w->lost;

	if (lost < w->since)
		lost = w->since;
	w->delta->syscall_exec += lost - w->since;
	w->delta->syscall_block += w->last - lost;
	if (proc != NULL)
		proc->syscall += w->sign * (int64_t)(lost - w->since);
}

/* Accounts for what it has done up to last. */
static void leave(struct go_walk *w)
{
	struct proc_delta *proc = w->proc == PROC_NONE ? NULL : &w->account->procs.items[w->proc];
	int64_t units = (int64_t)w->last - w->since;

	if (w->state == GO_RUNNING)
		w->delta->exec_clock += w->last - (w->is_head ? 0 : w->since);
	if (w->is_head) {
		w->delta->head_end = w->last;
		w->delta->head_lost = w->state == GO_SYSCALL ? w->lost : TIME_NONE;
		w->delta->head_state = w->state;
		w->is_head = false;
		return;
	}
	switch ((enum go_state)w->state) {
	case GO_RUNNING:
		w->delta->exec += (uint32_t)units;
		if (proc != NULL) {
			proc->run += w->sign * units;
			proc->gc += w->worker != WORKER_NONE ? w->sign * units : 0;
		}
		break;
	case GO_RUNNABLE:
		w->delta->sched += (uint32_t)units;
		break;
	case GO_SYSCALL:
		leave_syscall(w, proc);
		break;
	case GO_WAITING:
		add_block(w, units);
		break;
	case GO_UNKNOWN:
	case GO_DEAD:
	case GO_STATES:
		break;
	}
}

static void enter(struct go_walk *w, enum go_state state)
{
	w->state = (uint8_t)state;
	w->since = w->last;
	w->lost = TIME_NONE;
}

/* What it was doing when first heard of here. */
static void begin_head(struct go_walk *w, enum go_state state)
{
	if (w->delta->first == TIME_NONE)
		w->delta->first = w->last;
	if (w->has_head)
		return; /* the status says what the head of a stream has told */
	w->has_head = w->is_head = true;
	w->state = w->delta->head_state = (uint8_t)state;
	w->since = w->last;
	if (w->is_again)
		return;
	w->account->counts[COUNT_RUNNING] += state == GO_RUNNING || state == GO_SYSCALL;
	w->account->counts[COUNT_RUNNABLE] += state == GO_RUNNABLE;
	w->account->counts[COUNT_GC_WAIT] += state == GO_WAITING && w->in_assist;
}

/* Running time up to a moment of the current run. */
static int64_t exec_clock(const struct go_walk *w, part_time time)
{
	int64_t since = w->is_head ? 0 : w->since;

	return w->delta->exec_clock +
	       (w->state == GO_RUNNING && time > since ? (int64_t)time - since : 0);
}

static void assist_begins(struct go_walk *w, const struct mark *mark)
{
	w->in_assist = true;
	w->assist_clock = mark->kind == MARK_ACTIVE ? 0 : exec_clock(w, mark->time);
	if (w->is_again)
		return;
	w->assist = (uint32_t)w->account->assists.count;
	*array_push(&w->account->assists) = (struct far_assist){
		.g = w->g,
		.begin = mark->time,
		.end = TIME_NONE,
		.ref = mark->ref,
		.stack = mark->stack,
		.proc = mark->proc,
		.was_active = mark->kind == MARK_ACTIVE,
	};
}

static void assist_ends(struct go_walk *w, const struct mark *mark)
{
	struct far_assist *assist;

	w->in_assist = false;
	w->assist_ended = mark->time;
	if (w->is_again)
		return;
	if (w->assist == INDEX_NONE)
		*array_push(&w->account->assists) =
			(struct far_assist){ .g = w->g, .begin = TIME_NONE, .proc = PROC_NONE };
	assist = &w->account->assists.items[w->assist == INDEX_NONE ? w->account->assists.count - 1
	                                                            : w->assist];
	assist->end = mark->time;
	assist->on_cpu =
		exec_clock(w, mark->time) - (w->assist == INDEX_NONE ? 0 : w->assist_clock);
	w->assist = INDEX_NONE;
}

static const struct mark *next_mark(const struct go_walk *w)
{
	const struct mark *mark;

	if (w->mark == w->account->place->mark_order.count)
		return NULL;
	mark = &w->account->walk->marks.items[w->account->place->mark_order.items[w->mark]];
	return mark->g == w->g ? mark : NULL;
}

/* The marks of a slot up to a time. */
static void run_marks(struct go_walk *w, uint32_t seq, part_time until)
{
	const struct mark *mark;

	while ((mark = next_mark(w)) != NULL &&
	       (mark->seq < seq || (mark->seq == seq && mark->time <= until))) {
		w->mark++;
		if (mark->kind == MARK_END)
			assist_ends(w, mark);
		else if (mark->kind == MARK_BEGIN || (w->account->walk->is_first && !w->in_assist))
			assist_begins(w, mark);
		else
			w->in_assist = true;
	}
}

/* An assist that covers part of a run is drawn there. */
static void clip_assist(struct go_walk *w, part_time begin, part_time end)
{
	if (!w->is_again && end > begin && w->proc != PROC_NONE)
		*array_push(&w->account->clipped) = (struct piece){
			.begin = begin,
			.end = end,
			.g = w->g,
			.ref = REF_NONE,
			.proc = w->proc,
			.kind = PIECE_ASSIST,
		};
}

static void run_syscalls(struct go_walk *w, const struct run *run, uint32_t index)
{
	struct walk *walk = w->account->walk;
	uint32_t end = walk_syscalls_end(walk, index);

	for (uint32_t i = run->first_syscall; i < end; i++) {
		struct syscall *syscall = &walk->syscalls.items[i];

		bool is_open = syscall->begin == TIME_NONE ||
		               (run->open == RUN_CREATE_SYSCALL && i == run->first_syscall);

		if (!is_open) {
			run_marks(w, run->seq, syscall->begin);
			syscall->begin = go_clamp(w, syscall->begin);
			leave(w);
			enter(w, GO_SYSCALL);
		}
		w->lost = syscall->lost;
		if (syscall->end == TIME_NONE)
			return;
		syscall->end = go_clamp(w, syscall->end);
		if (i + 1 == end &&
		    (run->close == RUN_SYSCALL_BLOCKED || run->close == RUN_SYSCALL_DESTROY))
			return; /* the run's end is the syscall's */
		leave(w);
		enter(w, GO_RUNNING);
	}
}

static void open_run(struct go_walk *w, struct run *run, uint32_t index)
{
	bool in_syscall = run->open == RUN_STATUS_SYSCALL;

	run->begin = go_clamp(w, run->begin);
	if (w->delta->first == TIME_NONE)
		w->delta->first = w->last;
	switch ((enum run_open)run->open) {
	case RUN_START:
	case RUN_SWITCH:
		leave(w);
		w->proc = run->proc;
		go_change(w, w->state == GO_RUNNABLE || run->open == RUN_START ? CHANGE_START
		                                                               : CHANGE_WAKE_START);
		enter(w, GO_RUNNING);
		if (run->proc != PROC_NONE)
			w->account->procs.items[run->proc].runs += (uint64_t)w->sign;
		break;
	case RUN_CREATE_SYSCALL:
		w->proc = run->proc;
		w->delta->created = w->last;
		w->has_head = true;
		enter(w, GO_SYSCALL);
		go_change(w, CHANGE_BORN_RUNNING);
		break;
	case RUN_HEAD:
		in_syscall =
			index < w->account->walk->runs.count &&
			run->first_syscall < walk_syscalls_end(w->account->walk, index) &&
			w->account->walk->syscalls.items[run->first_syscall].begin == TIME_NONE;
		w->proc = run->proc;
		begin_head(w, in_syscall ? GO_SYSCALL : GO_RUNNING);
		w->delta->head_run = index;
		break;
	case RUN_STATUS:
	case RUN_STATUS_SYSCALL:
		w->proc = run->proc;
		begin_head(w, in_syscall ? GO_SYSCALL : GO_RUNNING);
		w->delta->head_run = index;
		break;
	}
	w->worker = run->worker;
	w->reason = 0;
	if (w->state == GO_RUNNING && w->delta->started == TIME_NONE)
		w->delta->started = w->last;
}

static void die(struct go_walk *w)
{
	w->delta->ended = w->last;
	enter(w, GO_DEAD);
}

static void block(struct go_walk *w, const struct run *run)
{
	go_change(w, CHANGE_STOP);
	if (run->reason != 0 && run->reason == w->account->walk->forever) {
		die(w); /* Go: summary.go takes it for the end */
		return;
	}
	w->reason = run->reason;
	enter(w, GO_WAITING);
	if (w->in_assist)
		go_change(w, CHANGE_GC_WAIT);
}

static void close_run(struct go_walk *w, struct run *run)
{
	run->end = go_clamp(w, run->end);
	leave(w);
	switch ((enum run_close)run->close) {
	case RUN_GOES_ON:
		break;
	case RUN_BLOCK:
	case RUN_SWITCHED:
		block(w, run);
		break;
	case RUN_STOP:
		enter(w, GO_RUNNABLE);
		go_change(w, CHANGE_PREEMPT);
		break;
	case RUN_DESTROY:
		die(w);
		go_change(w, CHANGE_STOP);
		break;
	case RUN_SYSCALL_BLOCKED:
		enter(w, GO_RUNNABLE);
		go_change(w, CHANGE_PREEMPT);
		break;
	case RUN_SYSCALL_DESTROY:
		die(w);
		go_change(w, CHANGE_STOP);
		break;
	}
}

static void account_run(struct go_walk *w, uint32_t index)
{
	struct run *run = &w->account->walk->runs.items[index];
	bool was_in_assist = w->in_assist;
	part_time from, until;

	open_run(w, run, index);
	from = run->begin;
	run_syscalls(w, run, index);
	run_marks(w, run->seq, TIME_NONE);
	if (run->end != TIME_NONE)
		close_run(w, run);
	else
		w->delta->tail_run = index;
	if (!was_in_assist && !w->in_assist)
		return;
	if (!was_in_assist && w->assist != INDEX_NONE)
		from = w->account->assists.items[w->assist].begin;
	until = run->end == TIME_NONE ? w->account->walk->last : run->end;
	clip_assist(w, from, w->in_assist ? until : w->assist_ended);
}

static void account_wake(struct go_walk *w, struct wake *wake)
{
	wake->time = go_clamp(w, wake->time);
	switch ((enum wake_kind)wake->kind) {
	case WAKE_UNBLOCK:
		leave(w);
		if (w->state == GO_WAITING && w->in_assist)
			go_change(w, CHANGE_GC_WAIT_END);
		enter(w, GO_RUNNABLE);
		go_change(w, CHANGE_READY);
		break;
	case WAKE_CREATE:
		w->delta->created = w->last;
		w->has_head = true;
		enter(w, GO_RUNNABLE);
		go_change(w, CHANGE_READY);
		break;
	case WAKE_CREATE_BLOCKED:
		w->delta->created = w->last;
		w->has_head = true;
		w->reason = 0;
		enter(w, GO_WAITING);
		break;
	case WAKE_STATUS_RUNNABLE:
		begin_head(w, GO_RUNNABLE);
		break;
	case WAKE_STATUS_WAITING:
		begin_head(w, GO_WAITING);
		break;
	case WAKE_STATUS_SYSCALL:
		begin_head(w, GO_SYSCALL);
		break;
	}
}

static void account_slots(struct go_walk *w)
{
	const struct local_go *go = &w->account->walk->gos.items[w->g];
	const uint32_t *slots = &w->account->place->slots.items[go->first_slot];

	for (uint32_t s = 0; s <= go->max_seq && go->count > 0; s++) {
		fetch_ahead(w->account, go->first_slot + s);
		if (slots[s] != INDEX_NONE && w->state != GO_DEAD) {
			run_marks(w, s, 0);
			if (slots[s] & SLOT_WAKE)
				account_wake(w,
				             &w->account->walk->wakes.items[slots[s] & ~SLOT_WAKE]);
			else
				account_run(w, slots[s]);
			if (w->delta->first == TIME_NONE)
				w->delta->first = w->last;
		}
		/* a thread that says nothing before goes on with the syscall a status tells of */
		if (s == 0 && w->delta->head_run == INDEX_NONE && go->head_run != INDEX_NONE)
			account_run(w, go->head_run);
	}
}

/* Does one goroutine. head_run: a run before its first slot, as the seam told; INDEX_NONE. */
static void account_go(struct go_walk *w, uint32_t g, part_time floor, uint32_t head_run)
{
	w->g = g;
	w->delta = &w->account->gos.items[g];
	*w->delta = (struct go_delta){
		.blocks = INDEX_NONE,
		.created = TIME_NONE,
		.started = TIME_NONE,
		.ended = TIME_NONE,
		.head_end = TIME_NONE,
		.head_lost = TIME_NONE,
		.first = TIME_NONE,
		.head_run = INDEX_NONE,
		.tail_run = INDEX_NONE,
	};
	w->last = floor;
	w->since = 0;
	w->lost = TIME_NONE;
	w->state = GO_UNKNOWN;
	w->reason = w->worker = 0;
	w->proc = PROC_NONE;
	w->is_head = w->has_head = w->in_assist = false;
	w->assist = INDEX_NONE;
	for (const struct mark *mark = next_mark(w); mark != NULL && mark->kind == MARK_ACTIVE;
	     mark = next_mark(w))
		run_marks(w, mark->seq, mark->time);
	if (head_run != INDEX_NONE)
		account_run(w, head_run);
	account_slots(w);
	run_marks(w, UINT32_MAX, TIME_NONE);
	if (w->assist != INDEX_NONE) /* goes on: what it has run so far, on the clock's side */
		w->account->assists.items[w->assist].on_cpu = -w->assist_clock;
	w->delta->last = w->last;
	w->delta->tail_state = w->state;
	w->delta->tail_since = w->since;
	w->delta->tail_lost = w->lost;
	w->delta->tail_reason = w->reason;
	w->delta->tail_worker = w->worker;
	w->delta->tail_proc = w->proc;
	w->delta->tail_is_head = w->is_head;
}

void account_goroutines(struct account *account, uint32_t first, uint32_t end)
{
	struct go_walk w = { .account = account, .sign = 1 };

	/* marks are in the order of goroutines: the first of these */
	for (size_t low = 0, high = account->place->mark_order.count; low < high;) {
		size_t middle = low + (high - low) / 2;
		uint32_t g = account->walk->marks.items[account->place->mark_order.items[middle]].g;

		if (g < first)
			low = middle + 1;
		else
			high = middle;
		w.mark = low;
	}
	for (uint32_t g = first; g < end && g < account->gos.count; g++)
		account_go(&w, g, account->walk->gos.items[g].floor, INDEX_NONE);
}

void account_again(struct account *account, uint32_t g, part_time floor, uint32_t head_run)
{
	struct go_walk w = { .account = account, .sign = -1, .is_again = true };

	w.mark = account->place->mark_order.count;
	account_go(&w, g, account->walk->gos.items[g].floor, INDEX_NONE);
	w.sign = 1;
	account->walk->gos.items[g].floor = floor;
	account_go(&w, g, floor, head_run);
}

/* ---- changes, in order of time */

void account_end(struct account *account)
{
	changes_sort(&account->changes, &account->sort_room, account->counts);
}
