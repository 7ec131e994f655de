/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_order.h"

#include "core/base/sort.h"
#include "core/trace/clock.h"

enum phase { STRICT, LENIENT, READY };

enum {
	BITS = 64,
	EVENTS = 256, /* between two looks at what memory is left */
	TAKES = 6,    /* eighths */
};

#define NONE V1_NO_BATCH

void v1_order_init(struct v1_order *order, struct budget *budget, const struct v1_file *file)
{
	*order = (struct v1_order){
		.budget = budget,
		.file = file,
		.verdict = file->verdict,
		.free_link = NONE,
		.last_ticks = INT64_MIN,
		.ns_per_tick = 1e9 / (double)file->frequency,
	};
	order->flags.budget = order->futile.budget = order->moved.budget = budget;
	order->gos.budget = order->links.budget = budget;
	v1_merge_init(&order->merge, budget, file);
	v1_merge_begin(&order->merge, false);
}

void v1_order_free(struct v1_order *order)
{
	v1_merge_free(&order->merge);
	array_free(&order->flags);
	array_free(&order->futile);
	array_free(&order->moved);
	array_free(&order->gos);
	array_free(&order->links);
}

/* ---- the first pass: what later events tell of earlier ones */

static bool refuse(struct v1_order *order, enum error_kind kind, uint64_t offset, const char *why)
{
	if (order->verdict.kind == ERROR_NONE)
		order->why = why;
	return error_set(&order->verdict, kind, offset, "%s", why);
}

void v1_order_note(const struct v1_order *order, struct damage *damage)
{
	struct damage_row row;

	if (order->why == NULL)
		return;
	row = damage_row(DAMAGE_STRETCH, order->verdict.offset, 0, order->why);
	damage_add(damage, &row);
}

/* Valid until the next. */
static struct v1_go_mark *find_go(struct v1_order *order, uint32_t go)
{
	while (order->gos.count <= go)
		*array_push(&order->gos) = (struct v1_go_mark){ .flag = NONE, .chain = NONE };
	return &order->gos.items[go];
}

static void set_bit(uint64_t *bits, uint32_t at)
{
	bits[at / BITS] |= UINT64_C(1) << at % BITS;
}

static bool has_bit(const uint64_t *bits, size_t words, uint32_t at)
{
	return at / BITS < words && (bits[at / BITS] >> at % BITS & 1) != 0;
}

/* A flag for the event; the second pass counts them alike. */
static uint32_t new_flag(struct v1_order *order)
{
	uint32_t flag = order->flag_at++;

	if (flag / BITS == order->flags.count)
		*array_push(&order->flags) = 0;
	return flag;
}

static bool is_before_now(struct v1_order *order, int64_t ticks)
{
	bool backwards = ticks < order->last_ticks;

	if (!backwards)
		order->last_ticks = ticks;
	return backwards;
}

/* The end of a syscall stands where its goroutine got a P again; when it was, it says itself. It is
 * moved there in the second pass. Header 1.5 has its number, too. */
static bool is_moved(const struct v1_order *order, const struct v1_raw *event)
{
	if (event->type != V1_GO_SYS_EXIT)
		return false;
	return order->file->minor < 7 ||
	       (event->arg[2] != 0 && (int64_t)event->arg[2] != event->ticks);
}

static bool note_exit(struct v1_order *order, const struct v1_raw *event)
{
	const struct v1_go_mark *go = find_go(order, event->go);
	struct v1_moved moved = {
		.key = (int64_t)event->arg[1],
		.ticks = event->arg[2] != 0 ? (int64_t)event->arg[2] : event->ticks,
		.g = event->g,
		.seq = event->arg[1],
		.ordinal = (uint32_t)order->moved.count,
		.offset = event->offset,
		.go = event->go,
		.p = event->p,
	};

	if (order->file->minor >= 7) {
		if (!go->has_blocked && order->phase == STRICT)
			return refuse(order, ERROR_INCONSISTENT, event->offset,
			              "stray syscall exit");
		if (moved.ticks < go->block_ticks && order->phase == STRICT)
			return refuse(order, ERROR_INCONSISTENT, event->offset,
			              "time stamps out of order");
		if (order->phase != STRICT && (moved.ticks > event->ticks || !go->has_blocked))
			moved.ticks = event->ticks;
		if (moved.ticks < go->block_ticks && go->has_blocked)
			moved.ticks = go->block_ticks;
		moved.key = moved.ticks;
	}
	*array_push(&order->moved) = moved;
	return true;
}

/* ---- futile wake-ups, which only Go 1.5 has (trace-format-v1.md 5.3) */

static void drop_chain(struct v1_order *order, struct v1_go_mark *go, bool is_futile)
{
	while (go->chain != NONE) {
		struct v1_link *link = &order->links.items[go->chain];
		uint32_t next = link->next;

		if (is_futile)
			set_bit(order->futile.items, link->ordinal);
		link->next = order->free_link;
		order->free_link = go->chain;
		go->chain = next;
	}
}

static void add_link(struct v1_order *order, struct v1_go_mark *go)
{
	uint32_t at = order->free_link;

	if (at == NONE) {
		at = (uint32_t)order->links.count;
		(void)array_push(&order->links);
	} else {
		order->free_link = order->links.items[at].next;
	}
	order->links.items[at] = (struct v1_link){ order->ordinal, go->chain };
	go->chain = at;
}

static void note_futile(struct v1_order *order, const struct v1_raw *event)
{
	struct v1_go_mark *go = find_go(order, event->go);

	while (order->ordinal / BITS >= order->futile.count)
		*array_push(&order->futile) = 0;
	switch (event->type) {
	case V1_GO_UNBLOCK:
		go = find_go(order, event->target);
		drop_chain(order, go, false);
		add_link(order, go);
		break;
	case V1_FUTILE_WAKEUP:
		go->is_futile = true;
		add_link(order, go);
		break;
	case V1_GO_START:
	case V1_GO_PREEMPT:
		add_link(order, go);
		break;
	case V1_GO_BLOCK:
	case V1_GO_BLOCK_SEND:
	case V1_GO_BLOCK_RECV:
	case V1_GO_BLOCK_SELECT:
	case V1_GO_BLOCK_SYNC:
	case V1_GO_BLOCK_COND:
		if (go->is_futile)
			set_bit(order->futile.items, order->ordinal);
		drop_chain(order, go, go->is_futile);
		go->is_futile = false;
		break;
	default:
		break;
	}
}

static void note_flags(struct v1_order *order, const struct v1_raw *event)
{
	struct v1_go_mark *go = find_go(order, event->go), *target;
	uint32_t flag;

	if (go->flag != NONE && event->type == V1_GO_SYS_BLOCK)
		set_bit(order->flags.items, go->flag);
	go->flag = NONE;
	switch (event->type) {
	case V1_GO_SYS_CALL:
		go->flag = new_flag(order);
		go->is_on_net = false;
		break;
	case V1_GO_SYS_BLOCK:
	case V1_GO_IN_SYSCALL:
		go->block_ticks = event->ticks;
		go->has_blocked = true;
		break;
	case V1_GO_BLOCK_NET:
		go->is_on_net = true;
		break;
	case V1_GO_START:
	case V1_GO_START_LABEL:
		go->is_on_net = false;
		break;
	case V1_GO_UNBLOCK:
		flag = new_flag(order);
		target = find_go(order, event->target);
		if (target->is_on_net)
			set_bit(order->flags.items, flag);
		target->is_on_net = false;
		break;
	default:
		break;
	}
}

/* False if the trace is not what Go would take. */
static bool note(struct v1_order *order, struct v1_raw *event)
{
	if (order->file->minor >= 7 && is_before_now(order, event->ticks)) {
		if (order->phase == STRICT)
			return refuse(order, ERROR_INCONSISTENT, event->offset,
			              "time stamps out of order");
		event->ticks = order->last_ticks;
	}
	if (is_moved(order, event))
		return note_exit(order, event);
	note_flags(order, event);
	if (order->file->has_futile && order->file->minor < 11)
		note_futile(order, event);
	order->ordinal++;
	return true;
}

static int moved_order(const void *a, const void *b)
{
	const struct v1_moved *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

static void begin_pass(struct v1_order *order, enum phase phase)
{
	order->phase = (uint8_t)phase;
	order->flag_at = order->ordinal = 0;
	order->last_ticks = INT64_MIN;
	v1_merge_begin(&order->merge, order->verdict.kind != ERROR_NONE);
}

/* Again, and whatever comes is taken. */
static void start_over(struct v1_order *order)
{
	array_clear(&order->flags);
	array_clear(&order->futile);
	array_clear(&order->moved);
	array_clear(&order->gos);
	array_clear(&order->links);
	order->free_link = NONE;
	begin_pass(order, LENIENT);
}

bool v1_order_step(struct v1_order *order, size_t count)
{
	struct v1_raw event;

	if (order->phase == STRICT && order->verdict.kind != ERROR_NONE)
		start_over(order);
	for (; count > 0 && order->phase != READY; count--) {
		bool more = v1_merge_next(&order->merge, &event);

		if (count % EVENTS == 0 && budget_has_taken(order->budget, TAKES)) {
			order->is_full = true;
			order->most = order->ordinal;
			more = false;
		}
		if (more && note(order, &event))
			continue;
		if (order->merge.fault != NULL)
			refuse(order, ERROR_INCONSISTENT, order->file->len, order->merge.fault);
		if (order->phase == STRICT && order->verdict.kind != ERROR_NONE) {
			start_over(order);
			continue;
		}
		if (more)
			continue;
		SORT_ARRAY(&order->moved, moved_order);
		array_free(&order->gos);
		array_free(&order->links);
		begin_pass(order, READY);
	}
	return order->phase != READY;
}

/* ---- the second pass */

/* The next event of the merge that stays where it is. */
static bool look_ahead(struct v1_order *order)
{
	while (!order->has_ahead && v1_merge_next(&order->merge, &order->ahead)) {
		if (order->file->minor >= 7 && is_before_now(order, order->ahead.ticks)) {
			order->ahead.ticks = order->last_ticks;
			order->clamped++;
		}
		if (is_moved(order, &order->ahead))
			continue;
		order->has_ahead = true;
	}
	return order->has_ahead;
}

static bool take_flag(struct v1_order *order)
{
	return has_bit(order->flags.items, order->flags.count, order->flag_at++);
}

static void take_ahead(struct v1_order *order, struct v1_event *event)
{
	*event = (struct v1_event){ .raw = order->ahead };
	order->has_ahead = false;
	order->ordinal++;
	switch (event->raw.type) {
	case V1_GO_SYS_CALL:
		event->loses_proc = take_flag(order);
		break;
	case V1_GO_UNBLOCK:
		if (id_map_find(&order->file->timers, event->raw.g) != ID_NONE)
			event->made_up = V1_TIMER_P;
		if (take_flag(order))
			event->made_up = V1_NETPOLL_P;
		break;
	case V1_GO_SYS_EXIT:
		event->made_up = V1_SYSCALL_P;
		break;
	case V1_GC_START:
		event->made_up = V1_GC_P;
		break;
	default:
		break;
	}
}

static void take_moved(struct v1_order *order, struct v1_event *event)
{
	const struct v1_moved *moved = &order->moved.items[order->moved_at++];

	*event = (struct v1_event){
		.made_up = V1_SYSCALL_P,
		.raw = {
			.ticks = moved->ticks,
			.seq = moved->key,
			.g = moved->g,
			.arg = { moved->g, moved->seq },
			.offset = moved->offset,
			.go = moved->go,
			.target = moved->go,
			.p = moved->p,
			.type = V1_GO_SYS_EXIT,
		},
	};
}

static int64_t since_first(const struct v1_order *order, int64_t ticks)
{
	double ns = (double)((uint64_t)ticks - (uint64_t)order->first_ticks) * order->ns_per_tick;

	return ns < (double)CLOCK_MAX_NS ? (int64_t)ns : CLOCK_MAX_NS;
}

/* The time as Go computes it. */
static void set_time(struct v1_order *order, struct v1_event *event)
{
	if (!order->has_first)
		order->first_ticks = event->raw.ticks;
	order->has_first = true;
	/* the sequence of header 1.5 tells before its clocks do */
	if (order->file->minor < 7 && is_before_now(order, event->raw.ticks)) {
		refuse(order, ERROR_INCONSISTENT, event->raw.offset, "time stamps out of order");
		event->raw.ticks = order->last_ticks;
		order->clamped++;
	}
	event->time_ns = since_first(order, event->raw.ticks);
}

int64_t v1_order_ns(const struct v1_order *order, int64_t ticks)
{
	if (ticks == DAMAGE_TIME_UNKNOWN)
		return ticks;
	return order->has_first && ticks > order->first_ticks ? since_first(order, ticks) : 0;
}

bool v1_order_next(struct v1_order *order, struct v1_event *event)
{
	const struct v1_moved *moved;
	uint32_t ordinal;
	bool has_ahead;

	do {
		has_ahead = look_ahead(order);
		moved = order->moved_at < order->moved.count ? &order->moved.items[order->moved_at]
		                                             : NULL;
		ordinal = order->ordinal;
		if (moved != NULL &&
		    (!has_ahead || moved->key < (order->file->minor < 7 ? order->ahead.seq
		                                                        : order->ahead.ticks))) {
			take_moved(order, event);
			break;
		}
		if (!has_ahead || (order->is_full && ordinal >= order->most))
			return false;
		take_ahead(order, event);
	} while (has_bit(order->futile.items, order->futile.count, ordinal));
	set_time(order, event);
	return true;
}
