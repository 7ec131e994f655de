/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

/* Rules of ranges, the GC and annotations (trace-format-v2.md 5.6, 5.10, 5.11). */

/* ---- ranges of goroutines */

/* That are open at a time: a stop in an assist is two. What claims to be in more is left out, as
 * each that begins is compared to all. */
enum { RANGES_MAX = 64 };

static size_t find_range(const struct order_go *go, uint8_t type)
{
	size_t i = 0;

	while (i < go->ranges.count && go->ranges.items[i].type != type)
		i++;
	return i;
}

static bool has_range(const struct order_go *go, uint8_t type, uint64_t text)
{
	for (size_t i = 0; i < go->ranges.count; i++)
		if (go->ranges.items[i].type == type && go->ranges.items[i].text == text)
			return true;
	return false;
}

static struct order_go *holder(struct turn *turn)
{
	struct order_go *go;

	if (!turn_has(turn, NEED, NEED))
		return NULL;
	go = turn_go(turn, turn->g);
	if (go->status != ORDER_MISSING)
		return go;
	turn->broken = "the goroutine is not there";
	return NULL;
}

enum verdict rule_go_range_begin(struct turn *turn)
{
	struct order_go *go = holder(turn);
	uint8_t type = turn->thread->type;
	uint64_t text = type == WIRE_STW_BEGIN ? turn->thread->arg[0] : 0;

	if (go == NULL)
		return VERDICT_BROKEN;
	if (has_range(go, type, text))
		return turn_break(turn, "a range begins that is there");
	if (go->ranges.count == RANGES_MAX)
		return turn_break(turn, "a goroutine is in more ranges than can be");
	*array_push(&go->ranges) = (struct order_range){ type, text };
	turn_give(turn);
	return VERDICT_GOOD;
}

enum verdict rule_go_range_end(struct turn *turn)
{
	struct order_go *go = holder(turn);
	bool is_stop = turn->thread->type == WIRE_STW_END;
	struct event *event;
	uint64_t text;
	size_t at;

	if (go == NULL)
		return VERDICT_BROKEN;
	at = find_range(go, is_stop ? WIRE_STW_BEGIN : WIRE_GC_MARK_ASSIST_BEGIN);
	if (at == go->ranges.count)
		return turn_break(turn, "a range ends that is not there");
	text = go->ranges.items[at].text;
	go->ranges.items[at] = go->ranges.items[--go->ranges.count];
	event = turn_give(turn);
	if (is_stop)
		event->arg[0] = text;
	return VERDICT_GOOD;
}

enum verdict rule_assist_active(struct turn *turn)
{
	struct order_go *go = turn_go(turn, order_find_go(turn->state, turn->thread->arg[0]));
	bool has = has_range(go, WIRE_GC_MARK_ASSIST_BEGIN, 0);

	if (go->status == ORDER_MISSING)
		return turn_break(turn, "the goroutine is not there");
	if (has == turn->order->is_first && turn->order->is_strict)
		return turn_break(turn, has ? "a range is active already"
		                            : "a range is active that did not begin");
	if (!has)
		*array_push(&go->ranges) = (struct order_range){ WIRE_GC_MARK_ASSIST_BEGIN, 0 };
	turn_give(turn);
	return VERDICT_GOOD;
}

/* ---- sweeps */

static enum verdict sweep(struct turn *turn, bool begins)
{
	if (!turn_has(turn, NEED, MAY))
		return VERDICT_BROKEN;
	if (turn_proc(turn, turn->p)->in_sweep == begins)
		return turn_break(turn, begins ? "a sweep begins that is there"
		                               : "a sweep ends that is not there");
	turn_proc(turn, turn->p)->in_sweep = begins;
	turn_give(turn);
	return VERDICT_GOOD;
}

enum verdict rule_sweep_begin(struct turn *turn)
{
	return sweep(turn, true);
}

enum verdict rule_sweep_end(struct turn *turn)
{
	return sweep(turn, false);
}

enum verdict rule_sweep_active(struct turn *turn)
{
	struct order_proc *proc =
		turn_proc(turn, order_find_proc(turn->state, turn->thread->arg[0]));

	if (proc->status == ORDER_MISSING)
		return turn_break(turn, "the P is not there");
	if (proc->in_sweep == turn->order->is_first && turn->order->is_strict)
		return turn_break(turn, "a sweep is active that should not, or not active");
	proc->in_sweep = true;
	turn_give(turn);
	return VERDICT_GOOD;
}

/* ---- the GC, in the order of its own numbers */

static enum verdict gc_is(struct turn *turn, enum order_gc gc)
{
	turn->state->gc_seq = turn->thread->arg[0];
	turn->state->gc = (uint8_t)gc;
	turn_give(turn);
	order_wake_gc(turn->order);
	return VERDICT_GOOD;
}

static bool is_next(const struct turn *turn)
{
	return turn->is_forced || turn->thread->arg[0] == turn->state->gc_seq + 1;
}

enum verdict rule_gc_active(struct turn *turn)
{
	if (turn->order->is_first) {
		if (turn->state->gc != ORDER_GC_UNKNOWN && turn->order->is_strict)
			return turn_break(turn, "the GC is active, but was heard of before");
		return gc_is(turn, ORDER_GC_ON);
	}
	if (!is_next(turn))
		return turn_wait(turn, WAIT_GC, 0, turn->thread->arg[0], 0);
	if (turn->state->gc != ORDER_GC_ON && turn->order->is_strict)
		return turn_break(turn, "the GC is active, but did not begin");
	if (!turn_has(turn, NEED, NEED))
		return VERDICT_BROKEN;
	return gc_is(turn, ORDER_GC_ON);
}

enum verdict rule_gc_begin(struct turn *turn)
{
	if (turn->state->gc == ORDER_GC_UNKNOWN)
		return gc_is(turn, ORDER_GC_ON);
	if (!is_next(turn))
		return turn_wait(turn, WAIT_GC, 0, turn->thread->arg[0], 0);
	if (turn->state->gc == ORDER_GC_ON)
		return turn_break(turn, "the GC begins, but is active");
	if (!turn_has(turn, NEED, NEED))
		return VERDICT_BROKEN;
	return gc_is(turn, ORDER_GC_ON);
}

enum verdict rule_gc_end(struct turn *turn)
{
	if (!is_next(turn))
		return turn_wait(turn, WAIT_GC, 0, turn->thread->arg[0], 0);
	if (turn->state->gc != ORDER_GC_ON && turn->order->is_strict)
		return turn_break(turn, "the GC ends, but is not active");
	if (!turn_has(turn, NEED, NEED))
		return VERDICT_BROKEN;
	return gc_is(turn, ORDER_GC_OFF);
}

/* ---- metrics and annotations */

enum verdict rule_heap(struct turn *turn)
{
	if (!turn_has(turn, NEED, MAY))
		return VERDICT_BROKEN;
	turn_give(turn);
	return VERDICT_GOOD;
}

enum verdict rule_note(struct turn *turn)
{
	if (!turn_has(turn, NEED, NEED))
		return VERDICT_BROKEN;
	turn_give(turn);
	return VERDICT_GOOD;
}

enum verdict rule_experimental(struct turn *turn)
{
	if (!turn_has(turn, MAY, MAY))
		return VERDICT_BROKEN;
	turn_give(turn);
	return VERDICT_GOOD;
}

/* A name that outlives its generation. */
static string_id keep_name(struct turn *turn, uint64_t text)
{
	return tables_keep(&turn->order->tables, text, &turn->state->names);
}

static struct order_task *find_task(struct turn *turn, bool makes)
{
	struct order_state *state = turn->state;
	uint32_t at = makes ? id_pages_add(&state->task_of, turn->thread->arg[0],
	                                   (uint32_t)state->tasks.count)
	                    : id_pages_find(&state->task_of, turn->thread->arg[0]);

	if (at == ID_NONE)
		return NULL;
	if (at == state->tasks.count)
		*array_push(&state->tasks) = (struct order_task){ .is_active = false };
	return &state->tasks.items[at];
}

enum verdict rule_task_begin(struct turn *turn)
{
	struct order_task *task = find_task(turn, true);
	struct event *event;

	if (task->is_active)
		return turn_break(turn, "a task begins that is there");
	if (!turn_has(turn, NEED, NEED))
		return VERDICT_BROKEN;
	task->is_active = true;
	task->parent = turn->thread->arg[1] == 0 ? EVENT_NONE : turn->thread->arg[1];
	task->name = keep_name(turn, turn->thread->arg[2]);
	event = turn_give(turn);
	event->parent = task->parent;
	return VERDICT_GOOD;
}

enum verdict rule_task_end(struct turn *turn)
{
	struct order_task *task = find_task(turn, false);
	struct event *event;

	if (!turn_has(turn, NEED, NEED))
		return VERDICT_BROKEN;
	event = turn_give(turn);
	event->parent = EVENT_NONE;
	if (task == NULL || !task->is_active)
		return VERDICT_GOOD;
	event->parent = task->parent;
	event->name = strings_text(&turn->state->names, task->name);
	task->is_active = false;
	return VERDICT_GOOD;
}

enum verdict rule_region_begin(struct turn *turn)
{
	struct order_go *go = holder(turn);

	if (go == NULL)
		return VERDICT_BROKEN;
	*array_push(&go->regions) = (struct order_region){ turn->thread->arg[0],
		                                           keep_name(turn, turn->thread->arg[1]) };
	turn_give(turn);
	return VERDICT_GOOD;
}

enum verdict rule_region_end(struct turn *turn)
{
	struct order_go *go = holder(turn);

	if (go == NULL)
		return VERDICT_BROKEN;
	if (go->regions.count > 0) {
		const struct order_region *top = &go->regions.items[go->regions.count - 1];
		struct bytes name = tables_text(&turn->order->tables, turn->thread->arg[1]);

		if (top->task != turn->thread->arg[0] ||
		    !bytes_equal(strings_text(&turn->state->names, top->name), name))
			return turn_break(turn, "another region ends than began last");
		go->regions.count--;
	}
	turn_give(turn);
	return VERDICT_GOOD;
}
