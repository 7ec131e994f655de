/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

/* What the program says of itself. For a history all of it is kept; else regions only as far as
 * they last beyond a run, and tasks. */

enum { SAID_MAX = 1 << 20 /* ids of texts that are remembered */ };

/* Texts and stacks whose ids are too large for us are not known. */
static uint32_t small(uint64_t id)
{
	return id <= UINT32_MAX ? (uint32_t)id : 0;
}

/* None is 0, or what v1 says. */
static uint64_t task_of(uint64_t id)
{
	return id == UINT64_MAX ? 0 : id;
}

static uint32_t text_of(const struct walk *walk, uint64_t string)
{
	return walk->joined != NULL ? tables_string(walk->joined, string) : small(string);
}

static uint32_t stack_of(const struct walk *walk, uint64_t stack)
{
	return walk->joined != NULL ? walk_stack(walk, stack) : small(stack);
}

/* For the census: so that a part is passed over by who looks for another text. */
static void note_text(struct walk *walk, uint64_t string)
{
	if (string >= SAID_MAX) {
		walk->says_others = true;
		return;
	}
	if (string / 64 >= walk->said.count)
		array_resize(&walk->said, string / 64 + 1);
	walk->said.items[string / 64] |= UINT64_C(1) << (string % 64);
}

static struct note note_here(const struct stream *stream, part_time time, enum note_kind kind)
{
	return (struct note){
		.time = time,
		.g = stream->run.g,
		.order = stream->run.order,
		.proc = stream->proc,
		.kind = (uint8_t)kind,
	};
}

void walk_region(struct walk *walk, struct stream *stream, part_time time, enum note_kind kind,
                 const uint64_t arg[3])
{
	struct note note;

	if (!walk->hears)
		return;
	if (!walk->keeps && kind == NOTE_REGION_BEGIN)
		note_text(walk, arg[1]);
	if (!walk->keeps && kind == NOTE_REGION_END && stream->regions.count > 0) {
		walk_drop_region(walk, stream);
		return;
	}
	note = note_here(stream, time, kind);
	note.task = task_of(arg[0]);
	note.name = text_of(walk, arg[1]);
	note.stack = stack_of(walk, arg[2]);
	if (walk->keeps || kind == NOTE_REGION_END) {
		*array_push(&walk->notes) = note;
		return;
	}
	*array_push(&stream->regions) = note;
	walk->open_regions++;
}

void walk_leave_regions(struct walk *walk, struct stream *stream)
{
	for (size_t i = 0; i < stream->regions.count; i++)
		*array_push(&walk->notes) = stream->regions.items[i];
	walk->open_regions -= stream->regions.count;
	array_clear(&stream->regions);
}

void walk_log(struct walk *walk, const struct stream *stream, part_time time, const uint64_t arg[4])
{
	struct note note;

	if (!walk->keeps) {
		note_text(walk, arg[1]);
		note_text(walk, arg[2]);
	}
	if (!walk->keeps || !walk->hears)
		return;
	note = note_here(stream, time, NOTE_LOG);
	note.task = task_of(arg[0]);
	note.name = text_of(walk, arg[1]);
	note.text = text_of(walk, arg[2]);
	note.stack = stack_of(walk, arg[3]);
	*array_push(&walk->notes) = note;
}

static bool is_met(const struct walk *walk, uint64_t task)
{
	return id_pages_find(&walk->tasks, task) != ID_NONE;
}

/* It begins a row, makes one longer, or joins two. */
uint32_t walk_meet_task(struct walk *walk, uint64_t id, uint32_t fresh)
{
	size_t before = walk->tasks.count;
	uint32_t place = id_pages_add(&walk->tasks, id, fresh);

	if (walk->tasks.count > before)
		walk->task_rows += 1 - (size_t)is_met(walk, id - 1) - is_met(walk, id + 1);
	return place;
}

static void end_task(struct task_begin *begin, part_time time, uint32_t g)
{
	if (begin->end != TIME_NONE && begin->end > time)
		return;
	begin->end = time;
	begin->end_go = g;
}

/* Its end is that of the last that begins. */
static void begin_again(struct walk *walk, uint32_t had, uint32_t fresh)
{
	struct task_begin *begins = walk->task_begins.items;

	id_pages_set(&walk->tasks, begins[fresh - 1].task, fresh);
	if (had == 0)
		return;
	begins[fresh - 1].end = begins[had - 1].end;
	begins[fresh - 1].end_go = begins[had - 1].end_go;
	begins[had - 1].end = TIME_NONE;
	begins[had - 1].end_go = INDEX_NONE;
}

static void begin_task(struct walk *walk, const struct task_begin *begin)
{
	uint32_t fresh, had;

	note_task(walk, begin->parent);
	*array_push(&walk->task_begins) = *begin;
	if (!is_task(begin->task))
		return;
	fresh = (uint32_t)walk->task_begins.count;
	had = task_place(walk, begin->task, fresh);
	if (had != fresh)
		begin_again(walk, had, fresh);
}

void walk_task(struct walk *walk, const struct stream *stream, part_time time, bool begins,
               const uint64_t arg[4])
{
	uint32_t g = stream->run.g, at;

	if (walk->keeps)
		return; /* the model has it */
	if (begins) {
		begin_task(walk, &(struct task_begin){ .task = arg[0],
		                                       .parent = task_of(arg[1]),
		                                       .time = time,
		                                       .end = TIME_NONE,
		                                       .g = g,
		                                       .end_go = INDEX_NONE,
		                                       .name = small(arg[2]),
		                                       .stack = small(arg[3]) });
		return;
	}
	at = is_task(arg[0]) ? task_place(walk, arg[0], 0) : 0;
	if (at != 0)
		end_task(&walk->task_begins.items[at - 1], time, g);
	else
		*array_push(&walk->task_ends) = (struct task_end){ arg[0], time, g };
}

/* At the head of a stream somebody runs. */
static bool somebody_runs(const struct at *at)
{
	if (at->stream->run.g == INDEX_NONE && !at->stream->has_run)
		at_need_run(at, false);
	return at->stream->run.g != INDEX_NONE;
}

void at_region(const struct at *at, enum note_kind kind)
{
	if (somebody_runs(at))
		walk_region(at->walk, at->stream, at->time, kind, at->arg);
}

void at_log(const struct at *at)
{
	if (!at->walk->keeps || somebody_runs(at))
		walk_log(at->walk, at->stream, at->time, at->arg);
}
