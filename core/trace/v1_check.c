/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_check.h"

enum { DEAD, RUNNABLE, RUNNING, WAITING };

void v1_check_init(struct v1_check *check, struct budget *budget)
{
	*check = (struct v1_check){ .budget = budget, .free_region = V1_CHECK_NONE };
	check->go_of.budget = check->proc_of.budget = check->task_of.budget = budget;
	check->gos.budget = check->procs.budget = budget;
	check->regions.budget = check->tasks.budget = budget;
}

void v1_check_free(struct v1_check *check)
{
	id_map_free(&check->go_of);
	id_map_free(&check->proc_of);
	id_map_free(&check->task_of);
	array_free(&check->gos);
	array_free(&check->procs);
	array_free(&check->regions);
	array_free(&check->tasks);
}

/* Valid until the next. Goroutine 0 is the scheduler, which always runs. */
static struct v1_checked_go *find_go(struct v1_check *check, uint64_t id)
{
	uint32_t fresh = (uint32_t)check->gos.count, go = id_map_add(&check->go_of, id, fresh);

	if (go == fresh)
		*array_push(&check->gos) = (struct v1_checked_go){
			.region = V1_CHECK_NONE,
			.state = id == 0 ? RUNNING : DEAD,
			.is_known = id == 0,
		};
	return &check->gos.items[go];
}

static struct v1_checked_proc *find_proc(struct v1_check *check, int32_t id)
{
	uint32_t fresh = (uint32_t)check->procs.count;
	uint32_t proc = id_map_add(&check->proc_of, (uint64_t)(int64_t)id, fresh);

	if (proc == fresh)
		*array_push(&check->procs) = (struct v1_checked_proc){ .g = 0 };
	return &check->procs.items[proc];
}

static const char *is_running(struct v1_check *check, const struct v1_raw *raw, bool may_be_0)
{
	if (find_go(check, raw->g)->state != RUNNING)
		return "a goroutine that does not run does something";
	if (find_proc(check, raw->p)->g != raw->g)
		return "a goroutine does something on a P that it does not run on";
	return raw->g == 0 && !may_be_0 ? "nobody does something" : NULL;
}

/* ---- events */

static const char *enter(struct v1_check *check, const struct v1_raw *raw, uint8_t from, uint8_t to,
                         const char *fault)
{
	struct v1_checked_go *go = find_go(check, raw->g);

	if (go->state != from)
		return fault;
	go->state = to;
	go->is_known = true;
	return NULL;
}

static const char *start(struct v1_check *check, const struct v1_raw *raw)
{
	struct v1_checked_proc *proc = find_proc(check, raw->p);

	if (find_go(check, raw->g)->state != RUNNABLE)
		return "a goroutine that is not runnable starts";
	if (proc->g != 0)
		return "a goroutine starts on a P that another one runs on";
	proc->g = raw->g;
	return enter(check, raw, RUNNABLE, RUNNING, NULL);
}

static const char *stop(struct v1_check *check, const struct v1_raw *raw, uint8_t to)
{
	const char *fault = is_running(check, raw, false);

	if (fault != NULL)
		return fault;
	find_proc(check, raw->p)->g = 0;
	return enter(check, raw, RUNNING, to, NULL);
}

static const char *create(struct v1_check *check, const struct v1_raw *raw)
{
	const char *fault = is_running(check, raw, true);
	struct v1_checked_go *go;

	if (fault != NULL)
		return fault;
	go = find_go(check, raw->arg[0]);
	if (go->is_known)
		return "a goroutine is created that exists";
	go->is_known = true;
	go->state = RUNNABLE;
	return NULL;
}

static const char *unblock(struct v1_check *check, const struct v1_event *event)
{
	const struct v1_raw *raw = &event->raw;
	struct v1_checked_go *other;

	if (find_go(check, raw->g)->state != RUNNING)
		return "a goroutine that does not run wakes another";
	if (event->made_up != V1_TIMER_P && find_proc(check, raw->p)->g != raw->g)
		return "a goroutine wakes another on a P that it does not run on";
	other = find_go(check, raw->arg[0]);
	if (other->state != WAITING)
		return "a goroutine that does not wait is woken";
	other->state = RUNNABLE;
	return NULL;
}

static const char *turn(bool *is_on, bool on, const char *fault)
{
	if (*is_on == on)
		return fault;
	*is_on = on;
	return NULL;
}

static const char *proc_stop(struct v1_check *check, const struct v1_raw *raw)
{
	struct v1_checked_proc *proc = find_proc(check, raw->p);

	if (proc->g != 0 && proc->is_running)
		return "a P stops while a goroutine runs on it";
	return turn(&proc->is_running, false, "a P stops that does not run");
}

static const char *assist(struct v1_check *check, const struct v1_raw *raw, bool on)
{
	struct v1_checked_go *go = find_go(check, raw->g);

	go->is_known = true; /* as it is to Go, which then can't create it */
	if (on && go->assists)
		return "a mark assist begins in another";
	go->assists = on;
	return NULL;
}

static const char *task_begin(struct v1_check *check, uint64_t id)
{
	uint32_t fresh = (uint32_t)check->tasks.count;
	uint32_t task = id_map_add(&check->task_of, id, fresh);

	if (task == fresh)
		*array_push(&check->tasks) = false;
	else if (check->tasks.items[task] != 0)
		return "a task begins that goes on";
	check->tasks.items[task] = true;
	return NULL;
}

static void task_end(struct v1_check *check, uint64_t id)
{
	uint32_t task = id_map_find(&check->task_of, id);

	if (task != ID_NONE)
		check->tasks.items[task] = false;
}

/* ---- regions */

static void push_region(struct v1_check *check, const struct v1_raw *raw)
{
	uint32_t region = check->free_region;
	struct v1_checked_go *go = find_go(check, raw->g);

	if (region == V1_CHECK_NONE) {
		region = (uint32_t)check->regions.count;
		array_push(&check->regions);
	} else {
		check->free_region = check->regions.items[region].around;
	}
	check->regions.items[region] =
		(struct v1_checked_region){ raw->arg[0], raw->arg[2], go->region };
	go->region = region;
}

static void pop_region(struct v1_check *check, struct v1_checked_go *go)
{
	struct v1_checked_region *region = &check->regions.items[go->region];
	uint32_t around = region->around;

	region->around = check->free_region;
	check->free_region = go->region;
	go->region = around;
}

/* What began before the trace may end. */
static const char *region(struct v1_check *check, const struct v1_raw *raw)
{
	struct v1_checked_go *go = find_go(check, raw->g);
	const struct v1_checked_region *inner;

	if (raw->arg[1] > 1)
		return "a region neither begins nor ends";
	if (raw->arg[1] == 0) {
		push_region(check, raw);
		return NULL;
	}
	if (go->region == V1_CHECK_NONE)
		return NULL;
	inner = &check->regions.items[go->region];
	if (inner->task != raw->arg[0] || inner->name != raw->arg[2])
		return "another region ends than began last";
	pop_region(check, go);
	return NULL;
}

static const char *end(struct v1_check *check, const struct v1_raw *raw)
{
	const char *fault = stop(check, raw, DEAD);
	struct v1_checked_go *go = find_go(check, raw->g);

	while (fault == NULL && raw->type == V1_GO_END && go->region != V1_CHECK_NONE)
		pop_region(check, go);
	return fault;
}

/* ---- all of them */

static const char *take(struct v1_check *check, const struct v1_event *event)
{
	const struct v1_raw *raw = &event->raw;

	switch ((enum v1_type)raw->type) {
	case V1_PROC_START:
		return turn(&find_proc(check, raw->p)->is_running, true, "a P starts that runs");
	case V1_PROC_STOP:
		return proc_stop(check, raw);
	case V1_GC_START:
		return turn(&check->in_gc, true, "a GC cycle begins in another");
	case V1_GC_DONE:
		return turn(&check->in_gc, false, "a GC cycle ends that did not begin");
	case V1_STW_START:
		return turn(&check->is_stopped, true, "a stop of the world begins in another");
	case V1_STW_DONE:
		return turn(&check->is_stopped, false, "a stop of the world ends without begin");
	case V1_GC_SWEEP_START:
		return turn(&find_proc(check, raw->p)->sweeps, true, "a sweep begins in another");
	case V1_GC_SWEEP_DONE:
		return turn(&find_proc(check, raw->p)->sweeps, false, "a sweep ends without begin");
	case V1_GC_MARK_ASSIST_START:
	case V1_GC_MARK_ASSIST_DONE:
		return assist(check, raw, raw->type == V1_GC_MARK_ASSIST_START);
	case V1_GO_CREATE:
		return create(check, raw);
	case V1_GO_START:
	case V1_GO_START_LOCAL:
	case V1_GO_START_LABEL:
		return start(check, raw);
	case V1_GO_END:
	case V1_GO_STOP:
		return end(check, raw);
	case V1_GO_SCHED:
	case V1_GO_PREEMPT:
		return stop(check, raw, RUNNABLE);
	case V1_GO_SLEEP:
	case V1_GO_BLOCK:
	case V1_GO_BLOCK_SEND:
	case V1_GO_BLOCK_RECV:
	case V1_GO_BLOCK_SELECT:
	case V1_GO_BLOCK_SYNC:
	case V1_GO_BLOCK_COND:
	case V1_GO_BLOCK_NET:
	case V1_GO_BLOCK_GC:
	case V1_GO_SYS_BLOCK:
		return stop(check, raw, WAITING);
	case V1_GO_UNBLOCK:
	case V1_GO_UNBLOCK_LOCAL:
		return unblock(check, event);
	case V1_GO_SYS_CALL:
		return is_running(check, raw, false);
	case V1_GO_SYS_EXIT:
	case V1_GO_SYS_EXIT_LOCAL:
		return enter(check, raw, WAITING, RUNNABLE,
		             "a goroutine comes out of a syscall that it is not in");
	case V1_GO_WAITING:
	case V1_GO_IN_SYSCALL:
		return enter(check, raw, RUNNABLE, WAITING, "a goroutine waits that is not runnable");
	case V1_USER_TASK_CREATE:
		return task_begin(check, raw->arg[0]);
	case V1_USER_TASK_END:
		task_end(check, raw->arg[0]);
		return NULL;
	case V1_USER_REGION:
		return region(check, raw);
	default:
		return NULL;
	}
}

bool v1_check_take(struct v1_check *check, const struct v1_event *event)
{
	check->why = take(check, event);
	check->offset = event->raw.offset;
	return check->why == NULL;
}
