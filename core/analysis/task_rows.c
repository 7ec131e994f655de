/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/task_rows.h"

#include "core/base/sort.h"
#include "core/model/part.h"
#include "core/model/user.h"

#define NOBODY UINT32_MAX

/* A task of the window. */
struct node {
	int64_t begin_ns;
	uint32_t task;               /* in the model's */
	uint32_t parent;             /* in nodes; NOBODY */
	uint32_t first_child, next;  /* likewise */
	uint32_t first_go, go_count; /* in works */
	bool is_told;
};

/* A goroutine that had to do with a task. */
struct work {
	uint32_t node, go;
	bool is_end; /* it only began or ended it */
};

struct finder {
	const struct model *model;
	int64_t begin_ns, end_ns;
	ARRAY(struct node) nodes; /* by begin */
	ARRAY(struct work) works; /* by node, then goroutine; ends last */
	struct id_map node_of;    /* of a task's number */
	struct id_map told;       /* goroutines that have rows, a number each: */
	u32_array copies;         /* so many */
	task_row_array *rows;
	size_t gos;
};

static int64_t begin_of(const struct user_task *task)
{
	return task->begin_ns == TIME_UNKNOWN ? 0 : task->begin_ns;
}

static bool is_in_window(const struct finder *f, const struct user_task *task)
{
	return begin_of(task) < f->end_ns &&
	       (task->end_ns == TIME_UNKNOWN || task->end_ns >= f->begin_ns);
}

static int node_order(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return (x->task > y->task) - (x->task < y->task);
}

static void find_nodes(struct finder *f)
{
	const struct said *said = &f->model->said;

	for (uint32_t i = 0; i < said->tasks.count; i++)
		if (is_in_window(f, &said->tasks.items[i]))
			*array_push(&f->nodes) =
				(struct node){ .begin_ns = begin_of(&said->tasks.items[i]),
				               .task = i,
				               .parent = NOBODY,
				               .first_child = NOBODY,
				               .next = NOBODY };
	SORT_ARRAY(&f->nodes, node_order);
	if (f->nodes.count > TASK_ROWS_TASKS)
		f->nodes.count = TASK_ROWS_TASKS;
	for (uint32_t i = 0; i < f->nodes.count; i++)
		id_map_add(&f->node_of, f->nodes.items[i].task, i);
}

/* Its place among the nodes; NOBODY: it is not in the window. */
static uint32_t node_of(const struct finder *f, uint64_t id)
{
	const struct user_task *task = id == 0 ? NULL : user_task(f->model, id);
	uint32_t node = task == NULL ? ID_NONE
	                             : id_map_find(&f->node_of,
	                                           (uint64_t)(task - f->model->said.tasks.items));

	return node == ID_NONE ? NOBODY : node;
}

/* From the last on, so that children come by begin. */
static void find_parents(struct finder *f)
{
	for (uint32_t i = (uint32_t)f->nodes.count; i-- > 0;) {
		struct node *node = &f->nodes.items[i];
		uint32_t parent = node_of(f, f->model->said.tasks.items[node->task].parent);

		if (parent == NOBODY || parent == i)
			continue;
		node->parent = parent;
		node->next = f->nodes.items[parent].first_child;
		f->nodes.items[parent].first_child = i;
	}
}

/* ---- who works for them */

static void add_work(struct finder *f, uint32_t node, uint32_t go, bool is_end)
{
	if (node != NOBODY && go < f->model->roster.count)
		*array_push(&f->works) = (struct work){ node, go, is_end };
}

static void find_works_of_part(struct finder *f, const struct part *part)
{
	const struct history *history = part->history;

	for (uint32_t i = 0; history != NULL && i < history->regions.count; i++) {
		const struct region *region = &history->regions.items[i];
		int64_t end_ns = region->end == TIME_NONE ? INT64_MAX : part_ns(part, region->end);

		if (region->task != 0 && part_ns(part, region->begin) < f->end_ns &&
		    end_ns >= f->begin_ns && region->g < history->go_of.count)
			add_work(f, node_of(f, region->task), history->go_of.items[region->g],
			         false);
	}
	for (uint32_t i = 0; history != NULL && i < history->logs.count; i++) {
		const struct log_note *log = &history->logs.items[i];
		int64_t ns = part_ns(part, log->time);

		if (log->task != 0 && ns >= f->begin_ns && ns < f->end_ns &&
		    log->g < history->go_of.count)
			add_work(f, node_of(f, log->task), history->go_of.items[log->g], false);
	}
}

static int work_order(const void *a, const void *b)
{
	const struct work *x = a, *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	if (x->go != y->go)
		return x->go < y->go ? -1 : 1;
	return (x->is_end > y->is_end) - (x->is_end < y->is_end);
}

static void find_works(struct finder *f)
{
	const struct said *said = &f->model->said;
	uint32_t first, end;

	for (uint32_t i = 0; i < f->nodes.count; i++) {
		add_work(f, i, said->tasks.items[f->nodes.items[i].task].go, true);
		add_work(f, i, said->tasks.items[f->nodes.items[i].task].end_go, true);
	}
	for (size_t i = 0; i < said->regions.count; i++) {
		const struct long_region *region = &said->regions.items[i];

		if ((region->begin_ns == TIME_UNKNOWN || region->begin_ns < f->end_ns) &&
		    (region->end_ns == TIME_UNKNOWN || region->end_ns >= f->begin_ns))
			add_work(f, node_of(f, region->task), region->go, false);
	}
	model_parts_in(f->model, f->begin_ns, f->end_ns, &first, &end);
	for (; first < end; first++)
		find_works_of_part(f, f->model->parts.items[first]);
	SORT_ARRAY(&f->works, work_order);
	for (uint32_t i = 0; i < f->works.count; i++) {
		struct node *node = &f->nodes.items[f->works.items[i].node];

		node->first_go = node->go_count == 0 ? i : node->first_go;
		node->go_count++;
	}
}

/* ---- rows */

/* How often it has been told; one that is new is added. */
static uint32_t *copies_of(struct finder *f, uint32_t go)
{
	uint32_t at = id_map_add(&f->told, go, (uint32_t)f->copies.count);

	if (at == f->copies.count)
		*array_push(&f->copies) = 0;
	return &f->copies.items[at];
}

static bool works_for(const struct finder *f, const struct node *node, uint32_t go)
{
	uint32_t low = node->first_go, end = low + node->go_count, high = end;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (f->works.items[middle].go < go)
			low = middle + 1;
		else
			high = middle;
	}
	return low < end && f->works.items[low].go == go;
}

/* It stands below what the task is a part of, as far up as rows are told apart: not in a circle. */
static bool works_around(const struct finder *f, const struct node *node, uint32_t go)
{
	uint32_t at = node->parent;

	for (int i = 0; i < TASK_ROWS_DEPTH && at != NOBODY; i++) {
		const struct node *around = &f->nodes.items[at];

		if (around != node && around->is_told && works_for(f, around, go))
			return true;
		at = around->parent;
	}
	return false;
}

/* A goroutine may stand among the works more than once. */
static void tell_gos(struct finder *f, const struct node *node, uint8_t depth)
{
	for (uint32_t i = 0; i < node->go_count && f->gos < TASK_ROWS_GOS; i++) {
		const struct work *work = &f->works.items[node->first_go + i];
		uint32_t *copies = copies_of(f, work->go);

		if ((i > 0 && work[-1].go == work->go) || *copies == TASK_ROWS_COPIES ||
		    (work->is_end && works_around(f, node, work->go)))
			continue;
		*array_push(f->rows) = (struct task_row){ .index = work->go,
			                                  .depth = depth,
			                                  .copy = (uint8_t)*copies };
		++*copies;
		f->gos++;
	}
}

static uint8_t shown_depth(uint32_t depth)
{
	return (uint8_t)(depth < TASK_ROWS_DEPTH ? depth : TASK_ROWS_DEPTH);
}

static void tell(struct finder *f, uint32_t at, uint8_t depth)
{
	struct node *node = &f->nodes.items[at];

	node->is_told = true;
	*array_push(f->rows) =
		(struct task_row){ .index = node->task, .depth = depth, .is_task = true };
	tell_gos(f, node, shown_depth(depth + 1u));
}

/* A task that has no parent here, and all below it. */
static void tell_tree(struct finder *f, uint32_t root)
{
	uint32_t at = root, depth = 0;

	for (;;) {
		const struct node *node = &f->nodes.items[at];

		tell(f, at, shown_depth(depth));
		if (node->first_child != NOBODY) {
			at = node->first_child;
			depth++;
			continue;
		}
		for (; at != root && f->nodes.items[at].next == NOBODY; depth--)
			at = f->nodes.items[at].parent;
		if (at == root)
			return;
		at = f->nodes.items[at].next;
	}
}

bool task_rows_find(const struct model *model, int64_t begin_ns, int64_t end_ns,
                    task_row_array *rows)
{
	struct finder f = { .model = model, .begin_ns = begin_ns, .end_ns = end_ns, .rows = rows };

	f.nodes.budget = f.works.budget = model->budget;
	f.node_of.budget = f.told.budget = f.copies.budget = model->budget;
	find_nodes(&f);
	find_parents(&f);
	find_works(&f);
	for (uint32_t i = 0; i < f.nodes.count; i++)
		if (f.nodes.items[i].parent == NOBODY)
			tell_tree(&f, i);
	for (uint32_t i = 0; i < f.nodes.count; i++) /* those that are their own ancestors */
		if (!f.nodes.items[i].is_told)
			tell(&f, i, 0);
	array_free(&f.nodes);
	array_free(&f.works);
	id_map_free(&f.node_of);
	id_map_free(&f.told);
	array_free(&f.copies);
	return rows->count > 0;
}
