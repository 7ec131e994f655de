/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/events_text.h"

#include "core/trace/tables.h"
#include "core/trace/v2_wire.h"

static struct bytes text_of(const struct event *event, uint64_t id)
{
	return tables_text(event->tables, id);
}

void stack_texts_clear(struct stack_texts *stacks)
{
	for (size_t i = 0; i < STACK_TEXTS; i++)
		stacks->slots[i].len = 0;
}

static void put_frames(struct text_out *out, const struct event *event, uint64_t stack)
{
	uint32_t count;
	const struct own_frame *frames = tables_frames(event->tables, stack, &count);

	for (uint32_t i = 0; i < count; i++) {
		TEXT_PUT(out, "\t");
		text_put(out, text_of(event, frames[i].function));
		TEXT_PUT(out, " @ 0x");
		text_put_hex(out, frames[i].pc);
		TEXT_PUT(out, "\n\t\t");
		text_put(out, text_of(event, frames[i].file));
		TEXT_PUT(out, ":");
		text_put_unsigned(out, frames[i].line);
		TEXT_PUT(out, "\n");
	}
}

static void put_stack(struct text_out *out, const struct event *event, uint64_t stack)
{
	struct stack_text *kept =
		out->stacks != NULL ? &out->stacks->slots[stack % STACK_TEXTS] : NULL;
	const uint8_t *begin;
	uint64_t before;

	if (kept == NULL) {
		put_frames(out, event, stack);
		return;
	}
	begin = text_need(out, STACK_TEXT_MAX); /* in one piece, if it is that short */
	if (kept->len > 0 && kept->stack == stack) {
		text_put_short(out, (const char *)kept->text, kept->len);
		return;
	}
	before = out->passed + out->used;
	put_frames(out, event, stack);
	kept->stack = stack;
	kept->len = 0;
	if (out->passed + out->used - before > STACK_TEXT_MAX)
		return;
	kept->len = (uint32_t)(out->passed + out->used - before);
	memcpy(kept->text, begin, kept->len);
}

static void put_value(struct text_out *out, uint64_t value)
{
	TEXT_PUT(out, "Value{Uint64(");
	text_put_unsigned(out, value);
	TEXT_PUT(out, ")}");
}

/* ---- kinds */

static const char *kind_of(uint8_t type)
{
	switch ((enum wire_type)type) {
	case WIRE_SYNC:
		return "Sync";
	case WIRE_PROCS_CHANGE:
	case WIRE_HEAP_ALLOC:
	case WIRE_HEAP_GOAL:
		return "Metric";
	case WIRE_GO_LABEL:
		return "Label";
	case WIRE_CPU_SAMPLE:
		return "StackSample";
	case WIRE_STW_BEGIN:
	case WIRE_GC_BEGIN:
	case WIRE_GC_SWEEP_BEGIN:
	case WIRE_GC_MARK_ASSIST_BEGIN:
		return "RangeBegin";
	case WIRE_GC_ACTIVE:
	case WIRE_GC_SWEEP_ACTIVE:
	case WIRE_GC_MARK_ASSIST_ACTIVE:
		return "RangeActive";
	case WIRE_STW_END:
	case WIRE_GC_END:
	case WIRE_GC_SWEEP_END:
	case WIRE_GC_MARK_ASSIST_END:
		return "RangeEnd";
	case WIRE_USER_TASK_BEGIN:
		return "TaskBegin";
	case WIRE_USER_TASK_END:
		return "TaskEnd";
	case WIRE_USER_REGION_BEGIN:
		return "RegionBegin";
	case WIRE_USER_REGION_END:
		return "RegionEnd";
	case WIRE_USER_LOG:
		return "Log";
	default:
		return type >= WIRE_SPAN ? "Experimental" : "StateTransition";
	}
}

static void put_metric(struct text_out *out, const struct event *event)
{
	const char *name = event->type == WIRE_PROCS_CHANGE ? "/sched/gomaxprocs:threads"
	                   : event->type == WIRE_HEAP_ALLOC ? "/memory/classes/heap/objects:bytes"
	                                                    : "/gc/heap/goal:bytes";

	TEXT_PUT(out, " Name=\"");
	text_put(out, bytes_of(name));
	TEXT_PUT(out, "\" Value=");
	put_value(out, event->arg[0]);
}

static void put_scope(struct text_out *out, const char *what, uint64_t id)
{
	text_put(out, bytes_of(what));
	TEXT_PUT(out, "(");
	text_put_signed(out, id);
	TEXT_PUT(out, ")");
}

static void put_attributes(struct text_out *out, const struct event *event)
{
	TEXT_PUT(out, " Attributes=[");
	if (event->type == WIRE_GC_SWEEP_END) {
		TEXT_PUT(out, "\"bytes swept\"=");
		put_value(out, event->arg[0]);
		TEXT_PUT(out, " \"bytes reclaimed\"=");
		put_value(out, event->arg[1]);
	}
	TEXT_PUT(out, "]");
}

/* "stop-the-world (" is not quoted alone: the whole name is. */
static void put_stop_name(struct text_out *out, const struct event *event)
{
	uint8_t name[1100];
	struct bytes reason = text_of(event, event->arg[0]);
	size_t len = strlen("stop-the-world (");

	memcpy(name, "stop-the-world (", len);
	if (reason.len > sizeof(name) - len - 1)
		reason.len = sizeof(name) - len - 1;
	if (reason.len > 0)
		memcpy(name + len, reason.data, reason.len);
	len += reason.len;
	name[len++] = ')';
	text_put_quoted(out, (struct bytes){ name, len });
}

static void put_range(struct text_out *out, const struct event *event)
{
	TEXT_PUT(out, " Name=");
	switch ((enum wire_type)event->type) {
	case WIRE_STW_BEGIN:
	case WIRE_STW_END:
		put_stop_name(out, event);
		TEXT_PUT(out, " Scope=");
		put_scope(out, "Goroutine", event->g);
		break;
	case WIRE_GC_BEGIN:
	case WIRE_GC_ACTIVE:
	case WIRE_GC_END:
		TEXT_PUT(out, "\"GC concurrent mark phase\" Scope=None");
		break;
	case WIRE_GC_SWEEP_BEGIN:
	case WIRE_GC_SWEEP_ACTIVE:
	case WIRE_GC_SWEEP_END:
		TEXT_PUT(out, "\"GC incremental sweep\" Scope=");
		put_scope(out, "Proc",
		          event->type == WIRE_GC_SWEEP_ACTIVE ? event->arg[0] : event->p);
		break;
	default:
		TEXT_PUT(out, "\"GC mark assist\" Scope=");
		put_scope(out, "Goroutine",
		          event->type == WIRE_GC_MARK_ASSIST_ACTIVE ? event->arg[0] : event->g);
		break;
	}
	if (kind_of(event->type)[5] == 'E')
		put_attributes(out, event);
}

static void put_task(struct text_out *out, const struct event *event)
{
	TEXT_PUT(out, " ID=");
	text_put_unsigned(out, event->arg[0]);
	TEXT_PUT(out, " Parent=");
	text_put_unsigned(out, event->parent);
	TEXT_PUT(out, " Type=");
	text_put_quoted(out, event->type == WIRE_USER_TASK_BEGIN ? text_of(event, event->arg[2])
	                                                         : event->name);
}

static void put_region(struct text_out *out, const struct event *event)
{
	TEXT_PUT(out, " Task=");
	text_put_unsigned(out, event->arg[0]);
	TEXT_PUT(out, " Type=");
	text_put_quoted(out, text_of(event, event->arg[1]));
}

static void put_log(struct text_out *out, const struct event *event)
{
	TEXT_PUT(out, " Task=");
	text_put_unsigned(out, event->arg[0]);
	TEXT_PUT(out, " Category=");
	text_put_quoted(out, text_of(event, event->arg[1]));
	TEXT_PUT(out, " Message=");
	text_put_quoted(out, text_of(event, event->arg[2]));
}

/* ---- transitions */

static const char *const go_states[] = {
	[GO_UNKNOWN] = "Undetermined", [GO_RUNNABLE] = "Runnable", [GO_RUNNING] = "Running",
	[GO_SYSCALL] = "Syscall",      [GO_WAITING] = "Waiting",   [GO_DEAD] = "NotExist",
};

static const char *const proc_states[] = {
	[EVENT_PROC_UNKNOWN] = "Undetermined",
	[EVENT_PROC_MISSING] = "NotExist",
	[EVENT_PROC_RUNNING] = "Running",
	[EVENT_PROC_IDLE] = "Idle",
};

static enum go_state status_state(uint64_t status)
{
	static const uint8_t states[] = {
		[WIRE_GO_BAD] = GO_UNKNOWN,     [WIRE_GO_RUNNABLE] = GO_RUNNABLE,
		[WIRE_GO_RUNNING] = GO_RUNNING, [WIRE_GO_SYSCALL] = GO_SYSCALL,
		[WIRE_GO_WAITING] = GO_WAITING,
	};

	return status < sizeof(states) ? (enum go_state)states[status] : GO_UNKNOWN;
}

static enum event_proc_state proc_status_state(uint64_t status)
{
	if (status == WIRE_PROC_BAD)
		return EVENT_PROC_UNKNOWN;
	return status == WIRE_PROC_RUNNING || status == WIRE_PROC_SYSCALL ? EVENT_PROC_RUNNING
	                                                                  : EVENT_PROC_IDLE;
}

struct transition {
	bool is_proc;
	uint64_t id;
	const char *from, *to;
	struct bytes reason;
	bool has_stack; /* even if that is empty */
	uint64_t stack;
};

static struct transition go_transition(uint64_t id, enum go_state from, enum go_state to)
{
	return (struct transition){ .id = id, .from = go_states[from], .to = go_states[to] };
}

static struct transition proc_transition(uint64_t id, enum event_proc_state from,
                                         enum event_proc_state to)
{
	return (struct transition){
		.is_proc = true,
		.id = id,
		.from = proc_states[from],
		.to = proc_states[to],
	};
}

static struct transition with_own_stack(struct transition t, uint64_t stack)
{
	t.stack = stack;
	t.has_stack = stack != 0;
	return t;
}

static struct transition created(const struct event *event, enum go_state to)
{
	struct transition t = go_transition(event->arg[0], GO_DEAD, to);

	t.has_stack = true;
	t.stack = event->arg[1];
	return t;
}

static struct transition stopped(const struct event *event, enum go_state to)
{
	struct transition t =
		with_own_stack(go_transition(event->g, GO_RUNNING, to), event->arg[1]);

	t.reason = text_of(event, event->arg[0]);
	return t;
}

static struct transition transition_of(const struct event *event)
{
	switch ((enum wire_type)event->type) {
	case WIRE_PROC_START:
		return proc_transition(event->arg[0], EVENT_PROC_IDLE, EVENT_PROC_RUNNING);
	case WIRE_PROC_STOP:
		return proc_transition(event->p, EVENT_PROC_RUNNING, EVENT_PROC_IDLE);
	case WIRE_PROC_STEAL:
		return proc_transition(event->arg[0], (enum event_proc_state)event->before,
		                       EVENT_PROC_IDLE);
	case WIRE_PROC_STATUS:
		return proc_transition(event->arg[0], (enum event_proc_state)event->before,
		                       proc_status_state(event->arg[1]));
	case WIRE_GO_CREATE:
		return created(event, GO_RUNNABLE);
	case WIRE_GO_CREATE_BLOCKED:
		return created(event, GO_WAITING);
	case WIRE_GO_CREATE_SYSCALL:
		return go_transition(event->arg[0], GO_DEAD, GO_SYSCALL);
	case WIRE_GO_START:
		return go_transition(event->arg[0], GO_RUNNABLE, GO_RUNNING);
	case WIRE_GO_DESTROY:
		return go_transition(event->g, GO_RUNNING, GO_DEAD);
	case WIRE_GO_DESTROY_SYSCALL:
		return go_transition(event->g, GO_SYSCALL, GO_DEAD);
	case WIRE_GO_STOP:
		return stopped(event, GO_RUNNABLE);
	case WIRE_GO_BLOCK:
		return stopped(event, GO_WAITING);
	case WIRE_GO_SYSCALL_BEGIN:
		return with_own_stack(go_transition(event->g, GO_RUNNING, GO_SYSCALL),
		                      event->arg[1]);
	case WIRE_GO_SYSCALL_END:
		return go_transition(event->g, GO_SYSCALL, GO_RUNNING);
	case WIRE_GO_SYSCALL_END_BLOCKED:
		return go_transition(event->g, GO_SYSCALL, GO_RUNNABLE);
	case WIRE_GO_STATUS:
	case WIRE_GO_STATUS_STACK:
		return with_own_stack(go_transition(event->arg[0], (enum go_state)event->before,
		                                    status_state(event->arg[2] & 0xff)),
		                      event->type == WIRE_GO_STATUS ? 0 : event->arg[3]);
	default: /* GoUnblock, and the first of a switch */
		return go_transition(event->arg[0], GO_WAITING, GO_RUNNABLE);
	}
}

static void put_transition(struct text_out *out, const struct event *event)
{
	struct transition t = transition_of(event);

	if (t.is_proc)
		TEXT_PUT(out, " ProcID=");
	else
		TEXT_PUT(out, " GoID=");
	text_put_signed(out, t.id);
	TEXT_PUT(out, " ");
	text_put(out, bytes_of(t.from));
	TEXT_PUT(out, "->");
	text_put(out, bytes_of(t.to));
	TEXT_PUT(out, " Reason=");
	text_put_quoted(out, t.reason);
	if (!t.has_stack)
		return;
	TEXT_PUT(out, "\nTransitionStack=\n");
	put_stack(out, event, t.stack);
}

static void put_experimental(struct text_out *out, const struct event *event)
{
	const struct wire_spec *spec = wire_spec(event->type);

	TEXT_PUT(out, " Name=");
	text_put(out, bytes_of(spec->name));
	TEXT_PUT(out, " Args=[");
	for (unsigned i = 0; i < spec->arg_count; i++) {
		if (i > 0)
			TEXT_PUT(out, ", ");
		text_put(out, bytes_of(spec->args[i]));
		TEXT_PUT(out, "=");
		put_value(out, event->arg[i]);
	}
	TEXT_PUT(out, "]");
}

static void put_sync(struct text_out *out, const struct event *event)
{
	TEXT_PUT(out, " N=");
	text_put_unsigned(out, event->arg[0]);
	if (!event->has_clock)
		return;
	TEXT_PUT(out, " Trace=");
	text_put_signed(out, event->arg[1]);
	TEXT_PUT(out, " Mono=");
	text_put_unsigned(out, event->arg[2]);
	TEXT_PUT(out, " Wall=");
	text_put_wall(out, event->wall_sec, event->wall_nsec);
}

/* ---- the whole */

/* What its kind has to say. */
static void put_fields(struct text_out *out, const struct event *event, const char *kind)
{
	switch (kind[0]) {
	case 'M':
		put_metric(out, event);
		break;
	case 'L':
		if (kind[1] == 'o') {
			put_log(out, event);
			break;
		}
		TEXT_PUT(out, " Label=");
		text_put_quoted(out, text_of(event, event->arg[0]));
		TEXT_PUT(out, " Resource=");
		put_scope(out, "Goroutine", event->g);
		break;
	case 'R':
		if (kind[1] == 'a')
			put_range(out, event);
		else
			put_region(out, event);
		break;
	case 'T':
		put_task(out, event);
		break;
	case 'E':
		put_experimental(out, event);
		break;
	case 'S':
		if (event->type == WIRE_SYNC)
			put_sync(out, event);
		else if (event->type != WIRE_CPU_SAMPLE)
			put_transition(out, event);
		break;
	default:
		break;
	}
}

/* Which argument Go takes for the event's stack; -1: none. */
static int stack_arg_of(uint8_t type)
{
	switch ((enum wire_type)type) {
	case WIRE_SYNC:
		return -1;
	case WIRE_CPU_SAMPLE:
		return 0;
	case WIRE_GO_STATUS_STACK: /* though it is the goroutine's, not the writer's */
		return 3;
	default:
		return wire_spec(type)->stack_arg;
	}
}

void events_text(struct text_out *out, const struct event *event)
{
	const char *kind = kind_of(event->type);
	int stack_arg = stack_arg_of(event->type);

	if (event->type == WIRE_SYNC && out->stacks != NULL)
		stack_texts_clear(out->stacks); /* another generation, other stacks */
	TEXT_PUT(out, "M=");
	text_put_signed(out, event->m);
	TEXT_PUT(out, " P=");
	text_put_signed(out, event->p);
	TEXT_PUT(out, " G=");
	text_put_signed(out, event->g);
	TEXT_PUT(out, " ");
	text_put(out, bytes_of(kind));
	TEXT_PUT(out, " Time=");
	text_put_signed(out, (uint64_t)event->time_ns);
	put_fields(out, event, kind);
	if (stack_arg >= 0 && (event->arg[stack_arg] != 0 || event->type == WIRE_CPU_SAMPLE)) {
		TEXT_PUT(out, "\nStack=\n");
		put_stack(out, event, event->arg[stack_arg]);
	}
	TEXT_PUT(out, "\n");
}
