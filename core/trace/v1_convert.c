/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_convert.h"

#include "core/trace/v1_reasons.h"

#define NO_ID UINT64_MAX

void v1_convert_init(struct v1_convert *convert, struct budget *budget, struct v1_file *file,
                     struct v1_order *order)
{
	*convert = (struct v1_convert){
		.budget = budget,
		.file = file,
		.order = order,
		.first_text = file->first_text + file->logs.count,
		.is_init = true,
	};
	convert->procs.budget = convert->found.budget = convert->tasks.budget = budget;
	convert->proc_of.budget = convert->task_of.budget = convert->has_status.budget = budget;
	v1_reasons_add(&file->tables, convert->first_text);
}

void v1_convert_free(struct v1_convert *convert)
{
	array_free(&convert->procs);
	array_free(&convert->found);
	array_free(&convert->tasks);
	id_map_free(&convert->proc_of);
	array_free(&convert->has_status);
	id_map_free(&convert->task_of);
}

static struct v1_proc *find_proc(struct v1_convert *convert, int32_t p)
{
	uint32_t fresh = (uint32_t)convert->procs.count;
	uint32_t proc = id_map_add(&convert->proc_of, (uint64_t)(int64_t)p, fresh);

	if (proc == fresh)
		*array_push(&convert->procs) = (struct v1_proc){ .thread = -1 };
	return &convert->procs.items[proc];
}

static int64_t thread_of(const struct v1_convert *convert, int32_t p)
{
	uint32_t proc = id_map_find(&convert->proc_of, (uint64_t)(int64_t)p);

	return proc == ID_NONE ? -1 : convert->procs.items[proc].thread;
}

static uint64_t text_id(const struct v1_convert *convert, unsigned text)
{
	return convert->first_text + text;
}

/* ---- the snapshot */

static void note_found(struct v1_convert *convert, const struct v1_raw *created)
{
	*array_push(&convert->found) = (struct v1_found){ created->arg[0], created->target };
}

static void set_status(struct v1_convert *convert, struct v1_modern *modern, uint64_t g,
                       uint32_t go, enum wire_go_status status)
{
	if (convert->has_status.count <= go)
		array_resize(&convert->has_status, go + 1);
	convert->has_status.items[go] = true;
	modern->type = WIRE_GO_STATUS;
	modern->arg[0] = g;
	modern->arg[1] = NO_ID;
	modern->arg[2] = status;
	modern->target = go;
}

/* Those of which nothing was said are runnable. */
static bool next_found(struct v1_convert *convert, struct v1_modern *modern)
{
	while (convert->gives_found && convert->found_at < convert->found.count) {
		const struct v1_found *found = &convert->found.items[convert->found_at++];

		if (found->go < convert->has_status.count &&
		    convert->has_status.items[found->go] != 0)
			continue;
		*modern = (struct v1_modern){
			.time_ns = convert->found_ns,
			.thread = -1,
			.p = -1,
			.is_initial = true,
		};
		set_status(convert, modern, found->g, found->go, WIRE_GO_RUNNABLE);
		return true;
	}
	convert->gives_found = false;
	return false;
}

static bool gomaxprocs(struct v1_convert *convert, struct v1_modern *modern,
                       const struct v1_event *event)
{
	modern->type = WIRE_PROCS_CHANGE;
	modern->arg[1] = event->raw.stack;
	if (!convert->is_init)
		return true;
	convert->is_init = false;
	convert->gives_found = true;
	convert->found_ns = event->time_ns;
	return false;
}

/* ---- Ps and stops */

static void proc_change(struct v1_convert *convert, struct v1_modern *modern,
                        const struct v1_event *event, enum wire_type type,
                        enum wire_proc_status status)
{
	struct v1_proc *proc = find_proc(convert, event->raw.p);

	if (status == WIRE_PROC_RUNNING)
		modern->thread = proc->thread = (int64_t)event->raw.arg[0];
	else
		proc->thread = -1; /* this one is still its */
	modern->type = (uint8_t)(proc->is_seen ? type : WIRE_PROC_STATUS);
	modern->arg[0] = (uint64_t)event->raw.p;
	modern->arg[1] = proc->is_seen ? 0 : status;
	proc->is_seen = true;
}

static uint64_t stop_reason(const struct v1_convert *convert, uint64_t kind)
{
	unsigned reason = v1_reason_of_stop(kind, convert->file->minor);

	return reason == V1_REASON_NONE ? 0 : text_id(convert, reason);
}

/* Before 1.10 each P says when it helps with mark termination, for which the world is stopped: from
 * the first to the last it is one stop. */
static bool stop_begin(struct v1_convert *convert, struct v1_modern *modern,
                       const struct v1_event *event)
{
	convert->stop_reason = stop_reason(convert, event->raw.arg[0]);
	modern->type = WIRE_STW_BEGIN;
	modern->arg[0] = convert->stop_reason;
	return convert->file->minor >= 10 || convert->helpers++ == 0;
}

static bool stop_end(struct v1_convert *convert, struct v1_modern *modern)
{
	modern->type = WIRE_STW_END;
	modern->arg[0] = convert->stop_reason;
	if (convert->file->minor >= 10)
		return true;
	convert->helpers -= convert->helpers > 0;
	return convert->helpers == 0;
}

/* ---- goroutines */

static bool go_create(struct v1_convert *convert, struct v1_modern *modern,
                      const struct v1_event *event)
{
	if (convert->is_init) {
		note_found(convert, &event->raw);
		return false;
	}
	modern->type = WIRE_GO_CREATE;
	if (convert->file->minor < 7)
		modern->arg[1] = v1_file_start(convert->file, event->raw.arg[1]);
	modern->arg[2] = event->raw.stack;
	return true;
}

static void go_start(struct v1_convert *convert, struct v1_modern *modern,
                     const struct v1_event *event)
{
	modern->type = WIRE_GO_START;
	modern->arg[1] = modern->arg[2] = 0;
	if (event->raw.type == V1_GO_START_LABEL) {
		modern->is_plain = true;
		convert->next = *modern;
		convert->next.type = WIRE_GO_LABEL;
		convert->next.arg[0] = event->raw.arg[2];
		convert->has_next = true;
	} else if (convert->is_init) {
		set_status(convert, modern, event->raw.arg[0], event->raw.go, WIRE_GO_RUNNING);
	}
}

static void go_stop(struct v1_convert *convert, struct v1_modern *modern,
                    const struct v1_event *event)
{
	unsigned reason = v1_reason_of(event->raw.type);
	bool is_runnable = event->raw.type == V1_GO_SCHED || event->raw.type == V1_GO_PREEMPT;

	modern->type = is_runnable ? WIRE_GO_STOP : WIRE_GO_BLOCK;
	modern->arg[0] = reason == V1_REASON_NONE ? 0 : text_id(convert, reason);
	modern->arg[1] = event->raw.stack;
}

static void syscall_begin(struct v1_convert *convert, struct v1_modern *modern,
                          const struct v1_event *event)
{
	modern->type = WIRE_GO_SYSCALL_BEGIN;
	modern->arg[1] = event->raw.stack;
	if (event->loses_proc)
		return;
	modern->is_plain = true;
	convert->next = *modern;
	convert->next.type = WIRE_GO_SYSCALL_END;
	convert->next.time_ns++;
	convert->has_next = true;
}

/* ---- annotations and samples */

static void task_begin(struct v1_convert *convert, struct v1_modern *modern,
                       const struct v1_event *event)
{
	uint32_t fresh = (uint32_t)convert->tasks.count;
	uint32_t task = id_map_add(&convert->task_of, event->raw.arg[0], fresh);

	if (task == fresh)
		(void)array_push(&convert->tasks);
	convert->tasks.items[task] = (struct v1_task){ event->raw.arg[1], event->raw.arg[2], true };
	modern->type = WIRE_USER_TASK_BEGIN;
	modern->arg[1] = event->raw.arg[1] == 0 ? NO_ID : event->raw.arg[1];
	modern->arg[3] = event->raw.stack;
}

static void task_end(struct v1_convert *convert, struct v1_modern *modern,
                     const struct v1_event *event)
{
	uint32_t task = id_map_find(&convert->task_of, event->raw.arg[0]);

	modern->type = WIRE_USER_TASK_END;
	modern->arg[1] = event->raw.stack;
	modern->parent = NO_ID;
	if (task == ID_NONE || !convert->tasks.items[task].is_open)
		return;
	modern->parent = convert->tasks.items[task].parent;
	modern->name = convert->tasks.items[task].name;
	convert->tasks.items[task].is_open = false;
}

static bool region(struct v1_modern *modern, const struct v1_event *event)
{
	modern->type = event->raw.arg[1] == 0 ? WIRE_USER_REGION_BEGIN : WIRE_USER_REGION_END;
	modern->arg[1] = event->raw.arg[2];
	modern->arg[2] = event->raw.stack;
	return event->raw.arg[1] <= 1;
}

static void user_log(const struct v1_convert *convert, struct v1_modern *modern,
                     const struct v1_event *event)
{
	modern->type = WIRE_USER_LOG;
	modern->arg[2] = v1_file_log(convert->file, event->raw.offset);
	modern->arg[3] = event->raw.stack;
}

static void cpu_sample(struct v1_modern *modern, const struct v1_event *event)
{
	modern->type = WIRE_CPU_SAMPLE;
	modern->arg[0] = event->raw.stack;
	modern->arg[1] = NO_ID;
	modern->arg[2] = (uint64_t)(int64_t)event->raw.p;
	modern->arg[3] = event->raw.g;
	modern->thread = -1;
}

/* Types that have the same arguments in both, and a stack in its place there. */
static void same(struct v1_modern *modern, const struct v1_event *event)
{
	static const uint8_t types[V1_TYPES] = {
		[V1_GC_START] = WIRE_GC_BEGIN,
		[V1_GC_DONE] = WIRE_GC_END,
		[V1_GC_SWEEP_START] = WIRE_GC_SWEEP_BEGIN,
		[V1_GC_SWEEP_DONE] = WIRE_GC_SWEEP_END,
		[V1_GO_END] = WIRE_GO_DESTROY,
		[V1_GO_UNBLOCK] = WIRE_GO_UNBLOCK,
		[V1_GO_UNBLOCK_LOCAL] = WIRE_GO_UNBLOCK,
		[V1_GO_SYS_EXIT] = WIRE_GO_SYSCALL_END_BLOCKED,
		[V1_GO_SYS_EXIT_LOCAL] = WIRE_GO_SYSCALL_END_BLOCKED,
		[V1_HEAP_ALLOC] = WIRE_HEAP_ALLOC,
		[V1_HEAP_GOAL] = WIRE_HEAP_GOAL,
		[V1_GC_MARK_ASSIST_START] = WIRE_GC_MARK_ASSIST_BEGIN,
		[V1_GC_MARK_ASSIST_DONE] = WIRE_GC_MARK_ASSIST_END,
	};
	int stack_arg = wire_spec(types[event->raw.type])->stack_arg;

	modern->type = types[event->raw.type];
	if (stack_arg >= 0)
		modern->arg[stack_arg] = event->raw.stack;
}

/* False if nothing comes of the event, at least not at once. */
static bool convert_event(struct v1_convert *convert, const struct v1_event *event,
                          struct v1_modern *modern)
{
	*modern = (struct v1_modern){
		.time_ns = event->time_ns,
		.arg = { event->raw.arg[0], event->raw.arg[1], event->raw.arg[2] },
		.g = event->raw.g,
		.thread = thread_of(convert, event->raw.p),
		.go = event->raw.go,
		.target = event->raw.target,
		.p = event->raw.p,
		.made_up = event->made_up,
	};
	switch ((enum v1_type)event->raw.type) {
	case V1_GOMAXPROCS:
		return gomaxprocs(convert, modern, event);
	case V1_PROC_START:
		proc_change(convert, modern, event, WIRE_PROC_START, WIRE_PROC_RUNNING);
		return true;
	case V1_PROC_STOP:
		proc_change(convert, modern, event, WIRE_PROC_STOP, WIRE_PROC_IDLE);
		return true;
	case V1_GC_START:
	case V1_GC_DONE:
	case V1_GC_SWEEP_START:
	case V1_GC_SWEEP_DONE:
	case V1_GO_END:
	case V1_GO_UNBLOCK:
	case V1_GO_UNBLOCK_LOCAL:
	case V1_GO_SYS_EXIT:
	case V1_GO_SYS_EXIT_LOCAL:
	case V1_HEAP_ALLOC:
	case V1_HEAP_GOAL:
	case V1_GC_MARK_ASSIST_START:
	case V1_GC_MARK_ASSIST_DONE:
		same(modern, event);
		return true;
	case V1_STW_START:
		return stop_begin(convert, modern, event);
	case V1_STW_DONE:
		return stop_end(convert, modern);
	case V1_GO_CREATE:
		return go_create(convert, modern, event);
	case V1_GO_START:
	case V1_GO_START_LOCAL:
	case V1_GO_START_LABEL:
		go_start(convert, modern, event);
		return true;
	case V1_GO_STOP:
	case V1_GO_SCHED:
	case V1_GO_PREEMPT:
	case V1_GO_SLEEP:
	case V1_GO_BLOCK:
	case V1_GO_BLOCK_SEND:
	case V1_GO_BLOCK_RECV:
	case V1_GO_BLOCK_SELECT:
	case V1_GO_BLOCK_SYNC:
	case V1_GO_BLOCK_COND:
	case V1_GO_BLOCK_NET:
	case V1_GO_BLOCK_GC:
		go_stop(convert, modern, event);
		return true;
	case V1_GO_SYS_CALL:
		syscall_begin(convert, modern, event);
		return true;
	case V1_GO_SYS_BLOCK:
		modern->type = V1_PROC_LOST;
		return true;
	case V1_GO_WAITING:
		set_status(convert, modern, event->raw.arg[0], event->raw.go, WIRE_GO_WAITING);
		return true;
	case V1_GO_IN_SYSCALL:
		set_status(convert, modern, event->raw.arg[0], event->raw.go, WIRE_GO_SYSCALL);
		return true;
	case V1_USER_TASK_CREATE:
		task_begin(convert, modern, event);
		return true;
	case V1_USER_TASK_END:
		task_end(convert, modern, event);
		return true;
	case V1_USER_REGION:
		return region(modern, event);
	case V1_USER_LOG:
		user_log(convert, modern, event);
		return true;
	case V1_CPU_SAMPLE:
		cpu_sample(modern, event);
		return true;
	case V1_NONE:
	case V1_BATCH:
	case V1_FREQUENCY:
	case V1_STACK:
	case V1_TIMER_GOROUTINE:
	case V1_FUTILE_WAKEUP: /* one that was not taken out means nothing */
	case V1_STRING:
	case V1_TYPES:
		return false;
	}
	return false;
}

bool v1_convert_next(struct v1_convert *convert, struct v1_modern *modern)
{
	struct v1_event event;

	if (convert->has_next) {
		convert->has_next = false;
		*modern = convert->next;
		return true;
	}
	if (next_found(convert, modern))
		return true;
	while (v1_order_next(convert->order, &event)) {
		if (convert_event(convert, &event, modern))
			return true;
		if (next_found(convert, modern))
			return true;
	}
	return false;
}
