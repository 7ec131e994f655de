/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/go_teller.h"

#include "core/model/part.h"

struct teller {
	const struct model *model;
	const struct part *part;
	const struct history *history; /* its, or what a tour that visits it has */
	uint32_t go;
	int64_t begin_ns, end_ns; /* of the window */
	go_take_fn *take;
	void *to;
	struct span open; /* what it does; SPAN_NONE: nobody knows, or it is dead */
	bool is_full;
	bool had_head; /* its run at the head of a stream was told of this part */
};

/* ---- one after the other */

static void keep(struct teller *t, const struct span *span)
{
	bool in = span->kind != SPAN_NONE && span->begin_ns < t->end_ns &&
	          (span->end_ns > t->begin_ns ||
	           (span->end_ns == span->begin_ns && span->begin_ns >= t->begin_ns));

	if (in && !t->is_full)
		t->is_full = !t->take(t->to, span);
}

/* What it did ends, and something else begins. Parts lap a little: time does not go back. */
static void turn(struct teller *t, int64_t ns, struct span next)
{
	ns = ns < t->open.begin_ns ? t->open.begin_ns : ns;
	t->open.end_ns = ns;
	keep(t, &t->open);
	next.begin_ns = next.end_ns = ns;
	next.go = t->go;
	t->open = next;
}

static void turn_to(struct teller *t, int64_t ns, enum span_kind kind, uint32_t index)
{
	turn(t, ns,
	     (struct span){ .proc = INDEX_NONE,
	                    .part = t->part->number,
	                    .index = index,
	                    .kind = (uint8_t)kind });
}

/* It did so before the part, of which nothing is there to tell since when. */
static void note_before(struct teller *t)
{
	uint32_t part = t->part->number;

	t->open.begins_before = part > 0 && !model_has_history(t->model, part - 1);
}

/* It is said to do so since before the part: it goes on, or that is the first of it. */
static void go_on(struct teller *t, enum span_kind kind, uint32_t index)
{
	if (t->open.kind == kind)
		return;
	turn_to(t, t->part->begin_ns, kind, index);
	note_before(t);
}

/* ---- runs */

static uint32_t proc_of(const struct teller *t, const struct run *run)
{
	return run->proc == PROC_NONE ? INDEX_NONE : t->part->proc_of[run->proc];
}

/* One that lasts beyond the part is told by the lane of its P. */
static void make_long(const struct teller *t, struct span *span, int64_t ns)
{
	const long_run_array *runs = &t->model->lanes.items[span->proc].long_runs;

	for (size_t i = long_run_after(runs, ns);
	     i < runs->count && runs->items[i].begin_ns <= t->part->end_ns; i++)
		if (runs->items[i].go == t->go) {
			span->part = runs->items[i].end_part;
			span->index = (uint32_t)i;
			span->is_long = true;
			return;
		}
}

static struct span run_span(const struct teller *t, const struct run *run, uint32_t index,
                            uint32_t proc)
{
	struct span span = { .proc = proc,
		             .part = t->part->number,
		             .index = index,
		             .kind = SPAN_RUN,
		             .worker = run->worker };

	if (!lane_is_whole(run) && proc != INDEX_NONE)
		make_long(t, &span, part_ns(t->part, run->begin));
	return span;
}

static void go_on_running(struct teller *t, const struct run *run, uint32_t record)
{
	turn(t, t->part->begin_ns, run_span(t, run, record, proc_of(t, run)));
	note_before(t);
}

/* Of a P's syscalls that are no part's alone one of this goroutine, from a time on: that it is in
 * when the part begins, or when it ends; NULL. */
static const struct long_run *find_long_call(const struct teller *t, uint32_t proc, int64_t from_ns,
                                             bool at_end, size_t *index)
{
	const long_run_array *calls;
	uint32_t part = t->part->number;

	if (proc == INDEX_NONE)
		return NULL;
	calls = &t->model->lanes.items[proc].long_calls;
	for (*index = long_run_after(calls, from_ns); *index < calls->count; ++*index) {
		const struct long_run *call = &calls->items[*index];
		bool from_before = call->begin_part == INDEX_NONE || call->begin_part < part;

		if (call->begin_ns > t->part->end_ns)
			break;
		if (call->go == t->go && (at_end ? call->begin_part == part : from_before))
			return call;
	}
	return NULL;
}

static struct span long_call_span(uint32_t proc, size_t index)
{
	return (struct span){ .proc = proc,
		              .part = INDEX_NONE,
		              .index = (uint32_t)index,
		              .kind = SPAN_SYSCALL,
		              .is_long = true };
}

/* One at its begin or end may be of the run before, or of the next. */
static bool is_of_run(const struct piece *piece, const struct run *run)
{
	bool is_inside = piece->begin > run->begin && piece->begin < run->end;
	bool is_before = run->begin_ref != REF_NONE && piece->ref < run->begin_ref;

	return piece->begin >= run->begin && piece->end <= run->end &&
	       (is_inside || !is_before) &&
	       (piece->begin < run->end || piece->ref <= run->end_ref);
}

/* The next syscall inside a run that came back in this part, or lost its P in it, from *at on. */
static const struct piece *next_call(const struct teller *t, const struct run *run, uint32_t *at)
{
	const struct lanes *lanes = &t->history->lanes;
	part_time end = run->end == TIME_NONE ? TIME_NONE : run->end;

	for (; *at < lanes->first_piece.items[run->proc + 1]; ++*at) {
		const struct piece *piece = &lanes->pieces.items[*at];

		if (piece->begin > end)
			break;
		if (piece->kind == PIECE_SYSCALL && piece->g == run->g && is_of_run(piece, run))
			return piece;
	}
	return NULL;
}

/* A syscall goes on without its P, which makes it another span. */
static void lose_proc(struct teller *t, int64_t ns, uint32_t index)
{
	turn_to(t, ns, SPAN_SYSCALL, index);
}

/* It may end in its last one: then it does not run again. */
static void tell_calls(struct teller *t, const struct run *run, uint32_t record)
{
	bool ends_in_call = run->close == RUN_SYSCALL_BLOCKED || run->close == RUN_SYSCALL_DESTROY;
	bool goes_on = run->end == TIME_NONE || run->close == RUN_GOES_ON;
	struct span runs = run_span(t, run, record, proc_of(t, run));
	const struct piece *piece;
	uint32_t at;

	if (run->proc == PROC_NONE)
		return;
	at = lanes_first_piece(t->history, run->proc, run->begin);
	for (piece = next_call(t, run, &at); piece != NULL;) {
		struct span call = { .proc = runs.proc,
			             .part = t->part->number,
			             .index = at,
			             .kind = SPAN_SYSCALL };

		int64_t ends = part_ns(t->part, piece->end);
		bool is_lost = piece->is_lost;

		turn(t, part_ns(t->part, piece->begin), call);
		at++;
		piece = next_call(t, run, &at);
		if (piece != NULL || (!ends_in_call && !is_lost))
			turn(t, ends, runs);
		else if (is_lost && !(goes_on && part_has_back(t->part, t->go)))
			lose_proc(t, ends, record);
	}
}

/* In a syscall since before it was heard of here; ends: where the run does, in ns. */
static void tell_head_call(struct teller *t, const struct run *run, uint32_t record, int64_t ends)
{
	uint32_t proc = proc_of(t, run);
	size_t index;
	const struct long_run *call = find_long_call(t, proc, t->part->begin_ns - 1, false, &index);

	for (uint32_t p = 0; call == NULL && p < t->model->lanes.count; p++) {
		call = find_long_call(t, p, t->part->begin_ns - 1, false, &index);
		proc = p;
	}
	if (call == NULL) {
		go_on(t, SPAN_SYSCALL, record);
		return;
	}
	if (t->open.kind != SPAN_SYSCALL)
		turn(t, t->part->begin_ns, long_call_span(proc, index));
	if (call->end_ns >= ends || call->is_open)
		return;
	if (!call->is_lost)
		turn(t, call->end_ns, run_span(t, run, record, proc));
	else if (t->open.proc != INDEX_NONE) /* else the part before, that laps, has told of it */
		lose_proc(t, call->end_ns, record);
}

/* It is in a syscall when the part ends. */
static void tell_tail_call(struct teller *t, const struct run *run, uint32_t record)
{
	uint32_t proc = proc_of(t, run);
	size_t index;
	const struct long_run *call =
		find_long_call(t, proc, part_ns(t->part, run->begin), true, &index);

	if (call == NULL)
		return;
	turn(t, call->begin_ns, long_call_span(proc, index));
	if (call->is_lost && !call->is_open && call->end_ns <= t->part->end_ns)
		lose_proc(t, call->end_ns, record);
}

static void tell_end(struct teller *t, const struct run *run, uint32_t record)
{
	int64_t ns = part_ns(t->part, run->end);

	switch ((enum run_close)run->close) {
	case RUN_GOES_ON:
		break;
	case RUN_BLOCK:
	case RUN_SWITCHED:
		turn_to(t, ns, SPAN_WAITING, record);
		break;
	case RUN_STOP:
	case RUN_SYSCALL_BLOCKED:
		turn_to(t, ns, SPAN_RUNNABLE, record);
		break;
	case RUN_DESTROY:
	case RUN_SYSCALL_DESTROY:
	case RUN_LOST:
		turn_to(t, ns, SPAN_NONE, record);
		break;
	}
}

static void tell_run(struct teller *t, uint32_t record)
{
	const struct run *run = &t->history->runs.items[record];
	bool in_call = run->open == RUN_STATUS_SYSCALL || run->open == RUN_HEAD_SYSCALL ||
	               run->open == RUN_CREATE_SYSCALL;
	bool is_new = run->open == RUN_START || run->open == RUN_SWITCH;
	bool is_over = run->end != TIME_NONE && run->close != RUN_GOES_ON;

	if (is_new)
		turn(t, part_ns(t->part, run->begin), run_span(t, run, record, proc_of(t, run)));
	else if (run->open == RUN_CREATE_SYSCALL)
		turn_to(t, part_ns(t->part, run->begin), SPAN_SYSCALL, record);
	else if (in_call)
		tell_head_call(t, run, record,
		               is_over ? part_ns(t->part, run->end) : t->part->end_ns);
	else if (t->open.kind != SPAN_RUN)
		go_on_running(t, run, record);
	tell_calls(t, run, record);
	if (is_over)
		tell_end(t, run, record);
	else
		tell_tail_call(t, run, record);
}

/* ---- wake-ups */

static void tell_wake(struct teller *t, uint32_t record)
{
	const struct wake *wake = &t->history->wakes.items[record & ~RECORD_WAKE];
	int64_t ns = part_ns(t->part, wake->time);

	switch ((enum wake_kind)wake->kind) {
	case WAKE_UNBLOCK:
	case WAKE_CREATE:
		turn_to(t, ns, SPAN_RUNNABLE, record);
		break;
	case WAKE_CREATE_BLOCKED:
		turn_to(t, ns, SPAN_WAITING, record);
		break;
	case WAKE_STATUS_RUNNABLE:
		go_on(t, SPAN_RUNNABLE, record);
		break;
	case WAKE_STATUS_WAITING:
		go_on(t, SPAN_WAITING, record);
		break;
	case WAKE_STATUS_SYSCALL:
		go_on(t, SPAN_SYSCALL, record);
		break;
	}
}

/* ---- strands */

static bool is_head(const struct history *history, uint32_t record)
{
	return !(record & RECORD_WAKE) && history->runs.items[record].open >= RUN_HEAD;
}

static bool is_status(const struct history *history, uint32_t record)
{
	if (record & RECORD_WAKE)
		return history->wakes.items[record & ~RECORD_WAKE].kind >= WAKE_STATUS_RUNNABLE;
	return history->runs.items[record].open == RUN_STATUS ||
	       history->runs.items[record].open == RUN_STATUS_SYSCALL;
}

static void tell_strand(struct teller *t, uint32_t own)
{
	const struct history *history = t->history;
	const uint32_t *records = history->strands.records.items;
	uint32_t first = history->strands.first.items[own];
	uint32_t end = history->strands.first.items[own + 1], at;

	if (first == end)
		return;
	at = strands_first_from(history, own, part_time_of(t->part, t->begin_ns));
	at -= at > first; /* what it did then */
	if (at == first && is_head(history, records[at]))
		t->had_head = true;
	else if (at == first && t->had_head && is_status(history, records[at]))
		at++; /* says what it did at the head */
	for (; at < end && !t->is_full && t->open.begin_ns < t->end_ns; at++)
		if (records[at] & RECORD_WAKE)
			tell_wake(t, records[at]);
		else
			tell_run(t, records[at]);
}

/* What it did at the head of a stream comes first. */
static void tell_part(struct teller *t, uint32_t number)
{
	const struct part *part = t->model->parts.items[number];
	const struct strands *strands = &part->history->strands;
	size_t first, end;

	t->part = part;
	t->history = part->history;
	t->had_head = false;
	strands_find(strands, t->go, &first, &end);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = first; i < end; i++) {
			uint32_t own = (uint32_t)strands->own_of.items[i];
			uint32_t at = strands->first.items[own];
			bool heads = at < strands->first.items[own + 1] &&
			             is_head(t->history, strands->records.items[at]);

			if (heads == (pass == 0))
				tell_strand(t, own);
		}
}

/* ---- windows */

bool go_lasts_from_before(const struct model *model, uint32_t number, uint32_t go, int64_t begin_ns)
{
	const struct part *part = model->parts.items[number];
	const struct history *history = part->history;
	size_t first, end;

	strands_find(&history->strands, go, &first, &end);
	for (; first < end; first++) {
		uint32_t own = (uint32_t)history->strands.own_of.items[first];
		uint32_t at = history->strands.first.items[own];
		uint32_t next = at + 1;

		if (at == history->strands.first.items[own + 1])
			continue;
		if (!is_status(history, history->strands.records.items[at]) &&
		    !is_head(history, history->strands.records.items[at]))
			return false;
		if (next < history->strands.first.items[own + 1] &&
		    part_ns(part, strands_time(history, history->strands.records.items[next])) <=
		            begin_ns)
			return false;
	}
	return true;
}

static uint32_t first_part(const struct model *model, uint32_t go, uint32_t part, int64_t begin_ns)
{
	for (int back = 0; back < GO_PARTS_BACK && part > 0; back++) {
		if (!model_has_history(model, part) || !model_has_history(model, part - 1) ||
		    !go_lasts_from_before(model, part, go, begin_ns))
			break;
		part--;
	}
	return part;
}

void go_tell(const struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns,
             go_take_fn *take, void *to)
{
	struct teller t = { .model = model,
		            .go = go,
		            .begin_ns = begin_ns,
		            .end_ns = end_ns,
		            .take = take,
		            .to = to };
	uint32_t first, end;

	model_parts_in(model, t.begin_ns, t.end_ns, &first, &end);
	if (first == end)
		return;
	for (uint32_t p = first_part(model, t.go, first, t.begin_ns);
	     p < model->parts.count && !t.is_full && t.open.begin_ns < t.end_ns; p++) {
		if (p >= end && t.open.kind == SPAN_NONE)
			break; /* beyond the window there is only the end of what lasts */
		if (model_has_history(model, p)) {
			tell_part(&t, p);
			continue;
		}
		t.part = model->parts.items[p];
		t.open.ends_behind = true;
		turn_to(&t, t.part->begin_ns, SPAN_NONE, INDEX_NONE);
	}
	if (!t.is_full && t.open.kind != SPAN_NONE)
		turn(&t, model->end_ns, (struct span){ .kind = SPAN_NONE });
}

void go_tell_part(const struct model *model, uint32_t part, uint32_t go, struct span *open,
                  go_take_fn *take, void *to)
{
	go_tell_within(model, part, go, INT64_MIN, INT64_MAX, open, take, to);
}

void go_tell_within(const struct model *model, uint32_t part, uint32_t go, int64_t begin_ns,
                    int64_t end_ns, struct span *open, go_take_fn *take, void *to)
{
	struct teller t = { .model = model,
		            .go = go,
		            .begin_ns = begin_ns,
		            .end_ns = end_ns,
		            .take = take,
		            .to = to,
		            .open = *open };

	tell_part(&t, part);
	*open = t.open;
}

void go_tell_record(const struct model *model, uint32_t part, uint32_t go, uint32_t record,
                    struct span *open, go_take_fn *take, void *to)
{
	struct teller t = { .model = model,
		            .part = model->parts.items[part],
		            .history = part_visited(model->parts.items[part]),
		            .go = go,
		            .begin_ns = INT64_MIN,
		            .end_ns = INT64_MAX,
		            .take = take,
		            .to = to,
		            .open = *open };

	if (record & RECORD_WAKE)
		tell_wake(&t, record);
	else
		tell_run(&t, record);
	*open = t.open;
}
