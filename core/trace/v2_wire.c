/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v2_wire.h"

#include "core/base/checked.h"
#include "core/trace/v2_take.h"

/* clang-format off */
/* The records that may stand in an event batch: type, numbers behind dt, which of them is the stack of
 * whoever wrote it (-1: none), names. */
#define TIMED_RECORDS(X) \
	X(WIRE_PROCS_CHANGE,          2,  1, "ProcsChange", "procs_value", "stack") \
	X(WIRE_PROC_START,            2, -1, "ProcStart", "p", "p_seq") \
	X(WIRE_PROC_STOP,             0, -1, "ProcStop", NULL) \
	X(WIRE_PROC_STEAL,            3, -1, "ProcSteal", "p", "p_seq", "m") \
	X(WIRE_PROC_STATUS,           2, -1, "ProcStatus", "p", "pstatus") \
	X(WIRE_GO_CREATE,             3,  2, "GoCreate", "new_g", "new_stack", "stack") \
	X(WIRE_GO_CREATE_SYSCALL,     1, -1, "GoCreateSyscall", "new_g") \
	X(WIRE_GO_START,              2, -1, "GoStart", "g", "g_seq") \
	X(WIRE_GO_DESTROY,            0, -1, "GoDestroy", NULL) \
	X(WIRE_GO_DESTROY_SYSCALL,    0, -1, "GoDestroySyscall", NULL) \
	X(WIRE_GO_STOP,               2,  1, "GoStop", "reason_string", "stack") \
	X(WIRE_GO_BLOCK,              2,  1, "GoBlock", "reason_string", "stack") \
	X(WIRE_GO_UNBLOCK,            3,  2, "GoUnblock", "g", "g_seq", "stack") \
	X(WIRE_GO_SYSCALL_BEGIN,      2,  1, "GoSyscallBegin", "p_seq", "stack") \
	X(WIRE_GO_SYSCALL_END,        0, -1, "GoSyscallEnd", NULL) \
	X(WIRE_GO_SYSCALL_END_BLOCKED,0, -1, "GoSyscallEndBlocked", NULL) \
	X(WIRE_GO_STATUS,             3, -1, "GoStatus", "g", "m", "gstatus") \
	X(WIRE_STW_BEGIN,             2,  1, "STWBegin", "kind_string", "stack") \
	X(WIRE_STW_END,               0, -1, "STWEnd", NULL) \
	X(WIRE_GC_ACTIVE,             1, -1, "GCActive", "gc_seq") \
	X(WIRE_GC_BEGIN,              2,  1, "GCBegin", "gc_seq", "stack") \
	X(WIRE_GC_END,                1, -1, "GCEnd", "gc_seq") \
	X(WIRE_GC_SWEEP_ACTIVE,       1, -1, "GCSweepActive", "p") \
	X(WIRE_GC_SWEEP_BEGIN,        1,  0, "GCSweepBegin", "stack") \
	X(WIRE_GC_SWEEP_END,          2, -1, "GCSweepEnd", "swept_value", "reclaimed_value") \
	X(WIRE_GC_MARK_ASSIST_ACTIVE, 1, -1, "GCMarkAssistActive", "g") \
	X(WIRE_GC_MARK_ASSIST_BEGIN,  1,  0, "GCMarkAssistBegin", "stack") \
	X(WIRE_GC_MARK_ASSIST_END,    0, -1, "GCMarkAssistEnd", NULL) \
	X(WIRE_HEAP_ALLOC,            1, -1, "HeapAlloc", "heapalloc_value") \
	X(WIRE_HEAP_GOAL,             1, -1, "HeapGoal", "heapgoal_value") \
	X(WIRE_GO_LABEL,              1, -1, "GoLabel", "label_string") \
	X(WIRE_USER_TASK_BEGIN,       4,  3, "UserTaskBegin", "task", "parent_task", "name_string", "stack") \
	X(WIRE_USER_TASK_END,         2,  1, "UserTaskEnd", "task", "stack") \
	X(WIRE_USER_REGION_BEGIN,     3,  2, "UserRegionBegin", "task", "name_string", "stack") \
	X(WIRE_USER_REGION_END,       3,  2, "UserRegionEnd", "task", "name_string", "stack") \
	X(WIRE_USER_LOG,              4,  3, "UserLog", "task", "key_string", "value_string", "stack") \
	X(WIRE_GO_SWITCH,             2, -1, "GoSwitch", "g", "g_seq") \
	X(WIRE_GO_SWITCH_DESTROY,     2, -1, "GoSwitchDestroy", "g", "g_seq") \
	X(WIRE_GO_CREATE_BLOCKED,     3,  2, "GoCreateBlocked", "new_g", "new_stack", "stack") \
	X(WIRE_GO_STATUS_STACK,       4, -1, "GoStatusStack", "g", "m", "gstatus", "stack") \
	X(WIRE_SPAN,                  3, -1, "Span", "id", "npages_value", "kindclass") \
	X(WIRE_SPAN_ALLOC,            3, -1, "SpanAlloc", "id", "npages_value", "kindclass") \
	X(WIRE_SPAN_FREE,             1, -1, "SpanFree", "id") \
	X(WIRE_HEAP_OBJECT,           2, -1, "HeapObject", "id", "type") \
	X(WIRE_HEAP_OBJECT_ALLOC,     2, -1, "HeapObjectAlloc", "id", "type") \
	X(WIRE_HEAP_OBJECT_FREE,      1, -1, "HeapObjectFree", "id") \
	X(WIRE_GOROUTINE_STACK,       2, -1, "GoroutineStack", "id", "order") \
	X(WIRE_GOROUTINE_STACK_ALLOC, 2, -1, "GoroutineStackAlloc", "id", "order") \
	X(WIRE_GOROUTINE_STACK_FREE,  1, -1, "GoroutineStackFree", "id")

#define AS_SPEC(type, count, stack, text, ...) \
	[type] = { .name = text, .args = { __VA_ARGS__ }, .arg_count = count, .timed = true, .stack_arg = stack },
#define AS_COUNT(type, count, ...) [type] = count + 1,
#define UNTIMED(type, count, text, ...) \
	[type] = { .name = text, .args = { __VA_ARGS__ }, .arg_count = count, .stack_arg = -1 }

static const struct wire_spec specs[WIRE_TYPES] = {
	UNTIMED(WIRE_EVENT_BATCH,           4, "EventBatch", "gen", "m", "time", "size"),
	UNTIMED(WIRE_STACKS,                0, "Stacks", NULL),
	UNTIMED(WIRE_STACK,                 2, "Stack", "id", "nframes"),
	UNTIMED(WIRE_STRINGS,               0, "Strings", NULL),
	UNTIMED(WIRE_STRING,                1, "String", "id"),
	UNTIMED(WIRE_CPU_SAMPLES,           0, "CPUSamples", NULL),
	UNTIMED(WIRE_CPU_SAMPLE,            5, "CPUSample", "time", "m", "p", "g", "stack"),
	UNTIMED(WIRE_FREQUENCY,             1, "Frequency", "freq"),
	UNTIMED(WIRE_EXPERIMENTAL_BATCH,    4, "ExperimentalBatch", "exp", "gen", "m", "time"),
	UNTIMED(WIRE_SYNC,                  0, "Sync", NULL),
	UNTIMED(WIRE_CLOCK_SNAPSHOT,        4, "ClockSnapshot", "dt", "mono", "sec", "nsec"),
	UNTIMED(WIRE_END_OF_GENERATION,     0, "EndOfGeneration", NULL),
	TIMED_RECORDS(AS_SPEC)
};

/* Numbers behind dt of a timed record, + 1; 0: not one. Apart from specs, to be small. */
const uint8_t wire_timed_args[256] = { TIMED_RECORDS(AS_COUNT) };
/* clang-format on */

const struct wire_spec *wire_spec(unsigned type)
{
	static const struct wire_spec none = { .stack_arg = -1 };

	return type < WIRE_TYPES && specs[type].name != NULL ? &specs[type] : &none;
}

/* One record off p, which has a window. NULL with the reason in *fault; *fault is NULL if fine. */
static inline const uint8_t *take_event(struct wire_reader *reader, const uint8_t *p,
                                        struct wire_event *event, const char **fault)
{
	unsigned count = wire_timed_args[*p] - 1u;
	bool bad = false;
	uint64_t dt;

	event->type = *p++;
	if (count > WIRE_ARGS) {
		*fault = "expected an event, found a byte that begins none";
		return NULL;
	}
	p = wire_take_args(p, count, &dt, event->arg, &bad);
	if (bad) {
		*fault = "expected a number, found more than 64 bits";
		return NULL;
	}
	reader->time_ns = saturating_add_i64(reader->time_ns, clock_ns(&reader->clock, dt));
	event->time_ns = reader->time_ns;
	return p;
}

/* The last records of a payload, read from a copy with zeroes behind, so that a window is there. */
static size_t read_tail(struct wire_reader *reader, struct wire_event *events, size_t max)
{
	uint8_t tail[2 * WIRE_WINDOW] = { 0 };
	size_t left = reader->in.len - reader->at, done = 0, count = 0;
	const uint8_t *p;

	memcpy(tail, reader->in.data + reader->at, left);
	while (count < max && done < left && reader->fault == NULL) {
		int64_t before = reader->time_ns;

		p = take_event(reader, tail + done, &events[count], &reader->fault);
		if (p == NULL)
			break;
		if ((size_t)(p - tail) > left) {
			reader->fault = "the batch ends inside an event";
			reader->time_ns = before;
			break;
		}
		events[count++].offset = (uint32_t)(reader->at + done);
		done = (size_t)(p - tail);
	}
	reader->at += done;
	return count;
}

size_t wire_read(struct wire_reader *reader, struct wire_event *events, size_t max)
{
	const uint8_t *begin = reader->in.data, *p = begin + reader->at, *next;
	const uint8_t *safe =
		reader->in.len >= WIRE_WINDOW ? begin + reader->in.len - WIRE_WINDOW : NULL;
	size_t count = 0;

	if (reader->fault != NULL)
		return 0;
	while (count < max && safe != NULL && p <= safe) {
		next = take_event(reader, p, &events[count], &reader->fault);
		if (next == NULL)
			break;
		events[count++].offset = (uint32_t)(p - begin);
		p = next;
	}
	reader->at = (size_t)(p - begin);
	if (count == max || reader->fault != NULL || reader->at == reader->in.len)
		return count;
	return count + read_tail(reader, events + count, max - count);
}
