/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/part.h"
#include "core/trace/v2_wire.h"

#include <stdlib.h>

#include "tests/same/loaded.h"

/* The goroutine that the event at a place names first. */
static uint64_t named_by(const struct reader *r, event_ref ref)
{
	uint64_t offset = r->part->offset + ref;
	uint8_t bytes[64];
	struct wire_reader wire = { .in = { bytes, sizeof(bytes) } };
	struct wire_event event;

	wire.in.len = source_read(index_payloads(&r->loaded->index, &r->loaded->source), offset,
	                          bytes, sizeof(bytes), NULL);
	return wire_read(&wire, &event, 1) == 1 ? event.arg[0] : EVENT_NONE;
}

static void begin_stay(const struct reader *r, struct story_go *go, struct story_stay stay,
                       event_ref ref)
{
	if (r->dead.items[go - r->story->gos.items])
		return; /* waits for ever, whatever is said */
	stay.offset = ref == REF_NONE ? EVENT_NONE : r->part->offset + ref;
	if (go->stays.count > 0)
		go->stays.items[go->stays.count - 1].end_ns = stay.begin_ns;
	if (stay.state != GO_DEAD)
		*array_push(&go->stays) = stay;
	else
		r->dead.items[go - r->story->gos.items] = true;
}

/* Says what the goroutine does, which is news only if nothing was known before. */
static void state_said(const struct reader *r, struct story_go *go, uint8_t state, uint64_t proc,
                       stack_id stack)
{
	struct story_stay *last =
		go->stays.count == 0 ? NULL : &go->stays.items[go->stays.count - 1];

	if (last == NULL)
		begin_stay(r, go,
		           (struct story_stay){
				   .begin_ns = r->part->begin_ns,
				   .state = state,
				   .proc = proc,
				   .other = EVENT_NONE,
				   .stack = reader_stack(r, stack),
			   },
		           REF_NONE);
	else if (last->state != state && !r->dead.items[go - r->story->gos.items])
		*array_push(&go->stays) = (struct story_stay){ .state = GO_STATES };
}

static void read_wake(const struct reader *r, struct story_go *go, const struct wake *wake)
{
	struct story_stay stay = {
		.begin_ns = part_ns(r->part, wake->time),
		.proc = EVENT_NONE,
		.other = wake->by == INDEX_NONE
		                 ? EVENT_NONE
		                 : reader_go(r, r->part->history->go_of.items[wake->by]),
		.stack = reader_stack(r, wake->stack),
		.state = GO_RUNNABLE,
	};

	switch ((enum wake_kind)wake->kind) {
	case WAKE_UNBLOCK:
	case WAKE_CREATE:
		begin_stay(r, go, stay, wake->ref);
		break;
	case WAKE_CREATE_BLOCKED:
		stay.state = GO_WAITING;
		begin_stay(r, go, stay, wake->ref);
		break;
	case WAKE_STATUS_RUNNABLE:
		state_said(r, go, GO_RUNNABLE, EVENT_NONE, wake->stack);
		break;
	case WAKE_STATUS_WAITING:
		state_said(r, go, GO_WAITING, EVENT_NONE, wake->stack);
		break;
	case WAKE_STATUS_SYSCALL:
		state_said(r, go, GO_SYSCALL, EVENT_NONE, wake->stack);
		break;
	}
}

static uint64_t thread_at(const struct reader *r, event_ref ref)
{
	return story_thread_at(&r->loaded->index, r->part->offset + ref);
}

/* The syscalls of a run stand on its P's lane, by begin. */
static const struct piece *next_call(const struct reader *r, const struct run *run, uint32_t *at)
{
	const struct lanes *lanes = &r->part->history->lanes;

	if (run->proc == PROC_NONE)
		return NULL;
	if (*at == INDEX_NONE)
		*at = lanes->first_piece.items[run->proc];
	while (*at < lanes->first_piece.items[run->proc + 1]) {
		const struct piece *piece = &lanes->pieces.items[(*at)++];

		if (piece->kind == PIECE_SYSCALL && piece->g == run->g &&
		    piece->ref >= run->begin_ref && piece->ref < run->end_ref &&
		    thread_at(r, piece->ref) == thread_at(r, run->begin_ref))
			return piece;
	}
	return NULL;
}

/* The syscall that a run is in when the part begins, or (at its end) when the part ends; NULL. */
static const struct long_run *long_call(const struct reader *r, const struct run *run, bool at_end,
                                        uint64_t *proc)
{
	uint32_t go = run->g == INDEX_NONE ? INDEX_NONE : r->part->history->go_of.items[run->g];
	uint32_t part = r->part->number;

	for (size_t p = 0; p < r->model->lanes.count; p++) {
		const long_run_array *calls = &r->model->lanes.items[p].long_calls;

		for (size_t i = 0; i < calls->count; i++) {
			const struct long_run *call = &calls->items[i];
			bool from_before =
				call->begin_part == INDEX_NONE || call->begin_part < part;

			if (call->go == go && (at_end ? call->begin_part == part : from_before) &&
			    (call->end_part == INDEX_NONE || call->end_part >= part)) {
				*proc = r->model->procs.items[p].id;
				return call;
			}
		}
	}
	return NULL;
}

static void say(const struct reader *r, struct story_go *go, enum go_state state, int64_t ns,
                uint64_t proc, event_ref ref, uint64_t stack)
{
	struct story_stay stay = {
		.begin_ns = ns,
		.proc = proc,
		.other = EVENT_NONE,
		.stack = reader_stack(r, (stack_id)stack),
		.state = (uint8_t)state,
	};

	begin_stay(r, go, stay, ref);
}

static void read_calls(const struct reader *r, struct story_go *go, const struct run *run,
                       bool in_call)
{
	bool ends_in_call = run->close == RUN_SYSCALL_BLOCKED || run->close == RUN_SYSCALL_DESTROY;
	uint64_t proc =
		run->proc == PROC_NONE ? EVENT_NONE : reader_proc(r, r->part->proc_of[run->proc]);
	const struct long_run *head = in_call ? long_call(r, run, false, &proc) : NULL;
	const struct long_run *tail =
		run->close == RUN_GOES_ON ? long_call(r, run, true, &proc) : NULL;
	uint32_t at = INDEX_NONE;
	const struct piece *piece = next_call(r, run, &at), *next;

	if (head != NULL && head->end_part == r->part->number && !head->is_lost &&
	    (piece != NULL || !ends_in_call))
		say(r, go, GO_RUNNING, head->end_ns, proc, REF_NONE, 0);
	for (; piece != NULL; piece = next) {
		next = next_call(r, run, &at);
		say(r, go, GO_SYSCALL, part_ns(r->part, piece->begin), proc, piece->ref,
		    piece->stack);
		if (next != NULL || (!ends_in_call && !piece->is_lost))
			say(r, go, GO_RUNNING, part_ns(r->part, piece->end), proc, REF_NONE, 0);
	}
	if (tail != NULL)
		say(r, go, GO_SYSCALL, tail->begin_ns, proc, tail->begin_ref, run->stack);
}

static void close_run(const struct reader *r, struct story_go *go, const struct run *run)
{
	struct story_stay stay = {
		.begin_ns = part_ns(r->part, run->end),
		.proc = EVENT_NONE,
		.other = EVENT_NONE,
		.stack = reader_stack(r, run->stack),
	};
	string_id reason;

	switch ((enum run_close)run->close) {
	case RUN_GOES_ON:
		return;
	case RUN_BLOCK:
		reason = tables_string(&r->part->tables,
		                       r->part->history->reasons.items[run->reason]);
		stay.reason = reader_text(r, reason);
		stay.state =
			bytes_equal(strings_text(&r->model->strings, reason), bytes_of("forever"))
				? GO_DEAD
				: GO_WAITING;
		break;
	case RUN_SWITCHED:
		stay.state = GO_WAITING;
		break;
	case RUN_STOP:
	case RUN_SYSCALL_BLOCKED:
		stay.state = GO_RUNNABLE;
		break;
	case RUN_DESTROY:
	case RUN_SYSCALL_DESTROY:
		stay.state = GO_DEAD;
		break;
	case RUN_LOST:
		stay.state = GO_UNKNOWN;
		break;
	}
	begin_stay(r, go, stay, run->end_ref);
}

static void read_run(const struct reader *r, struct story_go *go, const struct run *run)
{
	bool in_call = run->open == RUN_STATUS_SYSCALL || run->open == RUN_HEAD_SYSCALL ||
	               run->open == RUN_CREATE_SYSCALL;
	struct story_stay stay = {
		.begin_ns = part_ns(r->part, run->begin),
		.proc = run->proc == PROC_NONE ? EVENT_NONE
		                               : reader_proc(r, r->part->proc_of[run->proc]),
		.other = EVENT_NONE,
		.state = in_call ? GO_SYSCALL : GO_RUNNING,
	};

	if (run->open == RUN_START || run->open == RUN_SWITCH || run->open == RUN_CREATE_SYSCALL)
		begin_stay(r, go, stay, run->begin_ref);
	else
		state_said(r, go, stay.state, stay.proc, 0);
	read_calls(r, go, run, in_call);
	if (run->end != TIME_NONE)
		close_run(r, go, run);
}

/* The records of a chain in their order: backwards from its last one. */
static void list_chain(const struct history *history, uint32_t last, u32_array *records)
{
	array_clear(records);
	for (uint32_t at = last; at != INDEX_NONE;) {
		*array_push(records) = at;
		at = at & RECORD_WAKE ? history->wakes.items[at & ~RECORD_WAKE].before
		                      : history->runs.items[at].before;
	}
	for (size_t i = 0; i < records->count / 2; i++) {
		uint32_t swap = records->items[i];

		records->items[i] = records->items[records->count - 1 - i];
		records->items[records->count - 1 - i] = swap;
	}
}

static int64_t record_ns(const struct reader *r, uint32_t record)
{
	const struct history *history = r->part->history;

	return part_ns(r->part, record & RECORD_WAKE
	                                ? history->wakes.items[record & ~RECORD_WAKE].time
	                                : history->runs.items[record].begin);
}

static bool is_birth(const struct history *history, uint32_t record)
{
	if (record & RECORD_WAKE)
		return history->wakes.items[record & ~RECORD_WAKE].kind == WAKE_CREATE ||
		       history->wakes.items[record & ~RECORD_WAKE].kind == WAKE_CREATE_BLOCKED;
	return history->runs.items[record].open == RUN_CREATE_SYSCALL;
}

/* Whose records they are: a run says it, else the first wake-up names it. */
static uint64_t chain_id(const struct reader *r, const u32_array *records)
{
	const struct history *history = r->part->history;

	for (size_t i = 0; i < records->count; i++)
		if (!(records->items[i] & RECORD_WAKE))
			return reader_go(
				r, history->go_of.items[history->runs.items[records->items[i]].g]);
	return named_by(r, history->wakes.items[records->items[0] & ~RECORD_WAKE].ref);
}

/* Ids are used again: one that is born here, or the one that lives. */
static struct story_go *find_life(const struct reader *r, uint64_t id, bool is_born, int64_t ns)
{
	struct story_go *found = NULL;
	uint32_t at = id_map_find(&r->go_of, id);

	for (; at != ID_NONE; at = r->same_id.items[at]) {
		struct story_go *go = &r->story->gos.items[at];

		if (is_born ? go->created_ns == ns && go->stays.count == 0
		            : go->created_ns <= ns &&
		                      (found == NULL || go->created_ns > found->created_ns))
			found = go;
	}
	return found;
}

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

static void read_chain(const struct reader *r, const u32_array *records)
{
	const struct history *history = r->part->history;
	struct story_go *go =
		find_life(r, chain_id(r, records), is_birth(history, records->items[0]),
	                  record_ns(r, records->items[0]));
	uint32_t *head = go == NULL ? NULL : &r->heads.items[go - r->story->gos.items];
	size_t i = 0;

	if (go == NULL)
		return;
	if (is_head(history, records->items[0]))
		*head = r->part->number + 1;
	else if (*head == r->part->number + 1 && is_status(history, records->items[0]))
		i++; /* says what it did at the head */
	for (; i < records->count; i++)
		if (records->items[i] & RECORD_WAKE)
			read_wake(r, go, &history->wakes.items[records->items[i] & ~RECORD_WAKE]);
		else
			read_run(r, go, &history->runs.items[records->items[i]]);
}

/* ---- chains in order: who stands at the head of a stream comes before all else of it */

struct chain {
	int64_t begin_ns;
	uint32_t last; /* record */
	bool is_head;
};

typedef ARRAY(struct chain) chain_array;
typedef ARRAY(uint8_t) flag_array;

static int chain_order(const void *a, const void *b)
{
	const struct chain *x = a, *y = b;

	if (x->is_head != y->is_head)
		return x->is_head ? -1 : 1;
	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return (x->last > y->last) - (x->last < y->last);
}

static void mark_before(flag_array *has_next, const struct history *history, uint32_t record)
{
	if (record == INDEX_NONE)
		return;
	has_next->items[record & RECORD_WAKE ? history->runs.count + (record & ~RECORD_WAKE)
	                                     : record] = true;
}

/* Last records: those that no other is behind. */
static void find_last(const struct reader *r, flag_array *has_next)
{
	const struct history *history = r->part->history;

	array_clear(has_next);
	array_resize(has_next, history->runs.count + history->wakes.count);
	for (size_t i = 0; i < history->runs.count; i++)
		mark_before(has_next, history, history->runs.items[i].before);
	for (size_t i = 0; i < history->wakes.count; i++)
		mark_before(has_next, history, history->wakes.items[i].before);
}

static void add_chain(const struct reader *r, chain_array *chains, u32_array *records,
                      uint32_t last)
{
	const struct history *history = r->part->history;
	uint32_t first;

	list_chain(history, last, records);
	first = records->items[0];
	*array_push(chains) = (struct chain){
		.begin_ns = record_ns(r, first),
		.last = last,
		.is_head = is_head(history, first),
	};
}

void reader_stays(const struct reader *r)
{
	const struct history *history = r->part->history;
	struct budget *budget = r->story->budget;
	flag_array has_next = { .budget = budget };
	u32_array records = { .budget = budget };
	chain_array chains = { .budget = budget };

	find_last(r, &has_next);
	for (uint32_t i = 0; i < has_next.count; i++)
		if (!has_next.items[i])
			add_chain(r, &chains, &records,
			          i < history->runs.count
			                  ? i
			                  : (uint32_t)(i - history->runs.count) | RECORD_WAKE);
	if (chains.count > 1)
		qsort(chains.items, chains.count, sizeof(*chains.items), chain_order);
	for (size_t i = 0; i < chains.count; i++) {
		list_chain(history, chains.items[i].last, &records);
		read_chain(r, &records);
	}
	array_free(&chains);
	array_free(&records);
	array_free(&has_next);
}
