/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/path.h"
#include "core/analysis/why_table.h"
#include "core/base/checked.h"
#include "core/base/time_text.h"
#include "core/model/user.h"

/* The critical path of a task - "17", or the longest complete one of a type -, of the region that a
 * goroutine is in - "G31@472.7ms" -, or of any stretch of its time - "G31@472.7ms+3ms". */

enum { REGIONS = 64 /* around a time that are looked at */ };

struct place {
	uint64_t go;
	int64_t begin_ns, length_ns; /* length: 0: that of its region */
};

struct critical {
	struct why why; /* without a model it has not begun */
	const struct model *model;
	const struct question *question;
	struct budget *budget;
	struct error error;
	struct place place;
	bool is_seeking;          /* the region around it: */
	uint32_t go, part, end;   /* in those parts still */
	int64_t begin_ns, end_ns; /* the innermost so far; TIME_UNKNOWN: none */
};

/* False with an error: it looks like a place, and is none; without one: it does not. */
static bool parse_place(struct bytes text, struct place *place, struct error *err)
{
	size_t at = 0, plus;
	struct bytes length;
	bool good;

	*place = (struct place){ .length_ns = 0 };
	while (at < text.len && text.data[at] != '@')
		at++;
	if (at == text.len || !analysis_is_go((struct bytes){ text.data, at }, &place->go))
		return false;
	for (plus = at + 1; plus < text.len && text.data[plus] != '+'; plus++)
		;
	length = (struct bytes){ text.data + plus + 1, plus < text.len ? text.len - plus - 1 : 0 };
	good = time_text_parse((struct bytes){ text.data + at + 1, plus - at - 1 },
	                       &place->begin_ns) &&
	       (plus == text.len ||
	        (time_text_parse(length, &place->length_ns) && place->length_ns > 0));
	return good ||
	       error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
	                 "critical takes a goroutine and a time like G31@472.7ms, or with a "
	                 "length G31@472.7ms+3ms, not \"%.*s\"",
	                 (int)(text.len < 40 ? text.len : 40), (const char *)text.data);
}

static bool check(const struct question *question, struct error *err)
{
	struct place place;

	if (question->has_selector)
		return parse_place(question->selector, &place, err) || err->kind == ERROR_NONE;
	return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
	                 "critical needs a task or a place; try: gander critical TYPE FILE, or "
	                 "G31@472.7ms+3ms");
}

/* ---- what is asked for */

static const struct user_task *find_task(const struct model *model, const struct question *question)
{
	const struct user_task *longest = NULL;
	uint64_t id;

	if (analysis_is_number(question->selector, &id))
		return user_task(model, id);
	for (size_t i = 0; i < model->said.tasks.count; i++) {
		const struct user_task *task = &model->said.tasks.items[i];

		if (analysis_selects_task(question, model, task) &&
		    task->begin_ns != TIME_UNKNOWN && task->end_ns != TIME_UNKNOWN &&
		    (longest == NULL ||
		     task->end_ns - task->begin_ns > longest->end_ns - longest->begin_ns))
			longest = task;
	}
	return longest;
}

static void begin_task(struct critical *critical)
{
	const struct model *model = critical->model;
	const struct user_task *task = find_task(model, critical->question);
	int64_t begin_ns, end_ns;

	if (task == NULL) {
		analysis_none_found(critical->question, "complete task", &critical->error);
		return;
	}
	begin_ns = task->begin_ns == TIME_UNKNOWN ? 0 : task->begin_ns;
	end_ns = task->end_ns == TIME_UNKNOWN ? model->end_ns : task->end_ns;
	why_begin_path(&critical->why, model, task->end_go != INDEX_NONE ? task->end_go : task->go,
	               begin_ns, end_ns > begin_ns ? end_ns : begin_ns, critical->budget);
}

static void begin_place(struct critical *critical)
{
	const struct model *model = critical->model;
	int64_t ns = critical->place.begin_ns;
	uint32_t born, gone;

	if (ns < 0 || ns >= model->end_ns) {
		error_set(&critical->error, ERROR_USAGE, ERROR_NO_OFFSET,
		          "that time is outside of the trace");
		return;
	}
	model_parts_in(model, ns, ns + 1, &critical->part, &critical->end);
	critical->go = model_go_in(model, critical->place.go, critical->end - 1);
	if (critical->go == ID_NONE) {
		error_set(&critical->error, ERROR_USAGE, ERROR_NO_OFFSET,
		          "no goroutine G%llu at that time",
		          (unsigned long long)critical->place.go);
		return;
	}
	model_parts_of(model, critical->go, &born, &gone);
	critical->part = critical->part < born ? born : critical->part;
	critical->end = critical->end > gone ? gone : critical->end;
}

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct critical *critical = to;

	*critical = (struct critical){ .model = model,
		                       .question = question,
		                       .budget = budget,
		                       .begin_ns = TIME_UNKNOWN };
	if (!question->has_selector)
		return;
	critical->is_seeking =
		parse_place(question->selector, &critical->place, &critical->error);
	if (critical->is_seeking && critical->place.begin_ns < 0)
		critical->place.begin_ns += model->end_ns;
	if (critical->is_seeking)
		begin_place(critical);
	else if (critical->error.kind == ERROR_NONE)
		begin_task(critical);
}

/* Those that a part tells of are inside of that part; others always are there. */
static void look_for_region(struct critical *critical)
{
	struct user_region regions[REGIONS];
	int64_t ns = critical->place.begin_ns;
	size_t count = user_regions(critical->model, critical->go, ns, ns + 1, regions, REGIONS);

	for (size_t i = 0; i < count; i++) {
		int64_t begin_ns = regions[i].begin_ns, end_ns = regions[i].end_ns;
		bool is_inner = begin_ns > critical->begin_ns ||
		                (begin_ns == critical->begin_ns && end_ns < critical->end_ns);

		if (begin_ns <= ns && end_ns > ns && is_inner) {
			critical->begin_ns = begin_ns;
			critical->end_ns = end_ns;
		}
	}
}

static void begin_stretch(struct critical *critical)
{
	const struct place *place = &critical->place;
	int64_t end_ns = critical->model->end_ns;

	if (place->length_ns > 0) {
		critical->begin_ns = place->begin_ns;
		critical->end_ns = saturating_add_i64(place->begin_ns, place->length_ns);
	}
	if (critical->begin_ns == TIME_UNKNOWN)
		error_set(&critical->error, ERROR_USAGE, ERROR_NO_OFFSET,
		          "no region of G%llu at that time; with a length any time will do: "
		          "G%llu@T+3ms",
		          (unsigned long long)place->go, (unsigned long long)place->go);
	else
		why_begin_path(&critical->why, critical->model, critical->go, critical->begin_ns,
		               critical->end_ns < end_ns ? critical->end_ns : end_ns,
		               critical->budget);
}

/* The region around the place, part by part. */
static enum chase_place seek_region(struct critical *critical, uint32_t *first, uint32_t *end)
{
	if (critical->place.length_ns > 0 || critical->part >= critical->end) {
		critical->is_seeking = false;
		begin_stretch(critical);
		return CHASE_MORE;
	}
	*first = critical->part;
	*end = critical->part + 1;
	if (!model_has_history(critical->model, critical->part))
		return CHASE_NEEDS;
	look_for_region(critical);
	critical->part++;
	return CHASE_MORE;
}

static enum chase_place step(void *to, uint32_t *first, uint32_t *end)
{
	struct critical *critical = to;

	if (critical->error.kind != ERROR_NONE)
		return CHASE_OVER;
	if (critical->is_seeking)
		return seek_region(critical, first, end);
	if (critical->why.model == NULL)
		return CHASE_OVER;
	switch (why_step(&critical->why)) {
	case WHY_MORE:
		return CHASE_MORE;
	case WHY_NEEDS:
		*first = critical->why.first;
		*end = critical->why.end;
		return CHASE_NEEDS;
	case WHY_OVER:
		break;
	}
	return CHASE_OVER;
}

static bool do_without(void *to)
{
	(void)to;
	return false;
}

/* ---- the table */

static void add_piece(struct table *table, const struct critical *critical, size_t number,
                      const struct path_piece *piece)
{
	if (analysis_is_inside(critical->question, piece->begin_ns, piece->end_ns))
		why_add_step(table, critical->model, number, piece->begin_ns, piece->end_ns,
		             &critical->why.steps.items[piece->step].stay);
}

static bool end(void *to, struct table *table, struct error *err)
{
	struct critical *critical = to;
	path_array pieces = { .budget = critical->budget };

	if (critical->error.kind != ERROR_NONE)
		return error_set(err, critical->error.kind, critical->error.offset, "%s",
		                 critical->error.message);
	why_add_columns(table);
	if (critical->why.model == NULL)
		return true;
	path_make(&pieces, &critical->why);
	for (size_t i = 0; i < pieces.count; i++)
		add_piece(table, critical, i + 1, &pieces.items[i]);
	array_free(&pieces);
	return true;
}

static void drop(void *to)
{
	struct critical *critical = to;

	if (critical->why.model != NULL)
		why_free(&critical->why);
}

const struct analysis_chase analysis_critical = { .size = sizeof(struct critical),
	                                          .check = check,
	                                          .begin = begin,
	                                          .step = step,
	                                          .do_without = do_without,
	                                          .end = end,
	                                          .drop = drop };
