/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_file.h"

#include "core/base/decoder.h"
#include "core/base/sort.h"
#include "core/trace/resync.h"
#include "core/trace/v1_search.h"
#include "core/trace/version.h"

#include <inttypes.h>
#include <stdio.h>
enum {
	START_BYTES = 192,   /* a stack and a text for each, and as much again in the model */
	LOG_BYTES = 96,
	RECORDS = 256, /* between two looks at what memory is left */
	TAKES = 3,     /* eighths: a third goes into putting it in order, the rest into
	                * the model, which has the tables once more */
};

#define LEN_MAX ((size_t)UINT32_MAX - 1)
#define TEXT_ID_MAX (UINT64_C(1) << 60) /* of the file's; ours are above */
#define ADDRESS_TEXT (UINT64_C(1) << 63)

void v1_file_init(struct v1_file *file, struct budget *budget, const struct source *source,
                  unsigned minor)
{
	*file = (struct v1_file){
		.budget = budget,
		.source = source,
		.minor = minor,
		.at = VERSION_HEADER,
		.list = V1_NO_BATCH,
		.batch = V1_NO_BATCH,
		.first_text = 1,
		.first_start = 1,
	};
	file->lists.budget = file->batches.budget = file->samples.budget = budget;
	file->logs.budget = file->torn.budget = budget;
	file->timers.budget = file->list_of.budget = budget;
	file->frame_of.budget = file->start_of.budget = budget;
	tables_init(&file->tables, budget);
	damage_init(&file->damage, budget);
}

void v1_file_free(struct v1_file *file)
{
	budget_promise(file->budget, &file->promised, 0);
	file->data = budget_resize(file->budget, file->data, file->capacity, 0);
	file->len = file->capacity = 0;
	array_free(&file->lists);
	array_free(&file->batches);
	array_free(&file->samples);
	array_free(&file->logs);
	array_free(&file->torn);
	damage_free(&file->damage);
	id_map_free(&file->timers);
	id_map_free(&file->list_of);
	id_map_free(&file->frame_of);
	id_map_free(&file->start_of);
	tables_free(&file->tables);
}

static void refuse(struct v1_file *file, enum error_kind kind, uint64_t offset, const char *why)
{
	error_set(&file->verdict, kind, offset, "%s", why);
}

/* The time of the batch that begins there, if one does. */
static int64_t ticks_at(const struct v1_file *file, uint64_t offset)
{
	struct bytes all = { file->data, file->len };
	struct v1_record record;
	size_t at = (size_t)offset;

	if (offset >= file->len || v1_take(all, &at, file->minor, &record) != NULL ||
	    record.type != V1_BATCH || record.ticks > INT64_MAX)
		return DAMAGE_TIME_UNKNOWN;
	return (int64_t)record.ticks;
}

static void lose(struct v1_file *file, enum damage_grade grade, uint64_t offset, uint64_t end,
                 const char *expected)
{
	struct damage_row row = damage_row(grade, offset, end - offset, expected);

	if (end <= offset)
		return;
	if (file->last_ticks != 0 && file->last_ticks <= INT64_MAX)
		row.begin_ns = (int64_t)file->last_ticks;
	row.end_ns = ticks_at(file, end);
	if (offset < file->len)
		damage_found(&row, "byte 0x%02x", file->data[offset]);
	damage_add(&file->damage, &row);
	refuse(file, ERROR_MALFORMED, offset, expected);
}

/* All of it, once: the tables at its end are needed for what stands at its begin. */
static void read_whole(struct v1_file *file)
{
	uint64_t end = atomic_load(&file->source->end);

	file->capacity = end < LEN_MAX ? (size_t)end : LEN_MAX;
	file->data = budget_resize(file->budget, NULL, 0, file->capacity + (file->capacity == 0));
	file->capacity += file->capacity == 0;
	file->len = source_read(file->source, 0, file->data, file->capacity, NULL);
	lose(file, DAMAGE_END, file->len, end,
	     file->len == LEN_MAX ? "a trace of this version ends at 4 GiB"
	                          : "the file changed while it was open");
}

/* ---- what a record adds */

static uint32_t find_list(struct v1_file *file, uint64_t p)
{
	uint32_t fresh = (uint32_t)file->lists.count;
	uint32_t list = id_map_add(&file->list_of, p, fresh);

	if (list == fresh)
		*array_push(&file->lists) = (struct v1_list){ .p = (int32_t)p,
			                                      .first = V1_NO_BATCH,
			                                      .last = V1_NO_BATCH };
	return list;
}

static const char *read_batch(struct v1_file *file, const struct v1_record *record, size_t offset)
{
	uint64_t p = record->arg[0];

	if (v1_search_is_absurd(file, record->ticks, offset))
		return "expected a batch at about the time of those before";
	if (p > INT32_MAX && p != UINT64_MAX)
		return "expected the id of a P";
	if (file->lists.count == V1_LISTS_MAX && id_map_find(&file->list_of, p) == ID_NONE)
		return "more Ps than a machine has";
	file->list = find_list(file, p);
	file->batch = (uint32_t)offset;
	file->before_ticks = file->last_ticks;
	file->last_ticks = record->ticks;
	return NULL;
}

/* The first event of a batch makes it count. */
static void note_batch(struct v1_file *file)
{
	struct v1_list *list = &file->lists.items[file->list];
	uint32_t fresh = (uint32_t)file->batches.count;

	if (file->batch == V1_NO_BATCH)
		return;
	*array_push(&file->batches) = (struct v1_batch){ file->batch, V1_NO_BATCH };
	if (list->first == V1_NO_BATCH)
		list->first = fresh;
	else
		file->batches.items[list->last].next = fresh;
	list->last = fresh;
	file->batch = V1_NO_BATCH;
}

/* Header 1.5 knows addresses only: they take the place of names. A frame's is where it returns to,
 * so that its call stands before it. */
static uint64_t address_text(struct v1_file *file, uint64_t pc)
{
	char text[32];
	uint64_t id = ADDRESS_TEXT | pc;

	if (id_pages_find(&file->tables.string_of, id) != ID_NONE)
		return id;
	snprintf(text, sizeof(text), "0x%" PRIx64, pc - 1);
	tables_add_text(&file->tables, id, bytes_of(text));
	return id;
}

/* From 1.11 on a frame is what was said first of its address, in another stack or in this one (Go:
 * tracev1 keeps them by PC). frames: of the stack, i of them so far. */
static void share_frame(struct v1_file *file, struct own_frame *frames, uint32_t i)
{
	uint32_t first = (uint32_t)file->tables.frames.count;
	uint32_t known = id_map_add(&file->frame_of, frames[i].pc, first + i);

	if (known < first)
		frames[i] = file->tables.frames.items[known];
	else
		frames[i] = frames[known - first];
}

static void read_stack(struct v1_file *file, const struct v1_record *record)
{
	struct decoder d = { .in = record->text };
	struct own_frame frames[V1_FRAMES_MAX];
	uint32_t count = (uint32_t)record->arg[1], id = (uint32_t)record->arg[0];

	if (id == 0 || count == 0)
		return;
	for (uint32_t i = 0; i < count; i++) {
		frames[i].pc = decoder_take_uvarint(&d);
		frames[i].file = frames[i].line = 0;
		if (record->frame_size == 1) {
			frames[i].function = address_text(file, frames[i].pc);
			continue;
		}
		frames[i].function = decoder_take_uvarint(&d);
		frames[i].file = decoder_take_uvarint(&d);
		frames[i].line = decoder_take_uvarint(&d);
		if (file->minor >= 11)
			share_frame(file, frames, i);
	}
	file->tables.stack_count++;
	tables_add_stack(&file->tables, id, frames, count);
	if (id >= file->first_start && id < UINT32_MAX)
		file->first_start = id + 1;
}

static const char *read_string(struct v1_file *file, const struct v1_record *record)
{
	if (record->arg[0] >= TEXT_ID_MAX)
		return "expected a small id of a string";
	if (!tables_add_text(&file->tables, record->arg[0], record->text))
		return "expected a new id of a string";
	file->tables.string_count++;
	if (record->arg[0] >= file->first_text)
		file->first_text = record->arg[0] + 1;
	return NULL;
}

static const char *read_timed(struct v1_file *file, const struct v1_record *record, size_t offset)
{
	if (file->list == V1_NO_BATCH)
		return "expected a batch before the first event";
	file->events++;
	if (record->type == V1_CPU_SAMPLE) {
		*array_push(&file->samples) = (struct v1_sample){
			.ticks = (int64_t)record->arg[0],
			.p = (int32_t)record->arg[1],
			.g = record->arg[2],
			.stack = (uint32_t)record->stack,
		};
		return NULL;
	}
	note_batch(file);
	if (record->type == V1_USER_LOG) {
		*array_push(&file->logs) = (uint32_t)offset;
		file->log_bytes += record->text.len;
	}
	if (record->type == V1_FUTILE_WAKEUP)
		file->has_futile = true;
	if (record->type == V1_GO_CREATE && file->minor < 7)
		id_map_add(&file->start_of, record->arg[1], (uint32_t)file->start_of.count);
	return NULL;
}

static const char *read_record(struct v1_file *file, const struct v1_record *record, size_t offset)
{
	switch ((enum v1_type)record->type) {
	case V1_BATCH:
		return read_batch(file, record, offset);
	case V1_FREQUENCY:
		if (record->arg[0] == 0 || record->arg[0] > INT64_MAX) {
			refuse(file, ERROR_INCONSISTENT, offset, "time stamps out of order");
			return NULL;
		}
		file->frequency = record->arg[0];
		return NULL;
	case V1_TIMER_GOROUTINE:
		id_map_add(&file->timers, record->arg[0], 0);
		return NULL;
	case V1_STACK:
		read_stack(file, record);
		return NULL;
	default:
		return read_timed(file, record, offset);
	}
}

/* ---- damage */

/* The next header of another trace, from a place on that is never before the last one asked for. */
static size_t find_trace(struct v1_file *file, size_t at)
{
	if (file->next_trace > at)
		return file->next_trace;
	for (; at < file->len; at++) {
		const uint8_t *next = memchr(file->data + at, 'g', file->len - at);

		at = next == NULL ? file->len : (size_t)(next - file->data);
		if (resync_is_trace((struct bytes){ file->data + at, file->len - at }))
			break;
	}
	return file->next_trace = at < file->len ? at : file->len;
}

/* Up to the next batch; another trace is left out. */
static void skip_damage(struct v1_file *file, const char *fault)
{
	size_t next = v1_search_batch(file, file->at + 1), trace = find_trace(file, file->at);

	next = trace < next ? trace : next;
	lose(file, fault == v1_cut ? DAMAGE_END : DAMAGE_STRETCH, file->at, next, fault);
	if (next == trace)
		lose(file, DAMAGE_END, next, file->len, RESYNC_OTHER_TRACE);
	file->at = next == trace ? file->len : next;
	file->list = file->batch = V1_NO_BATCH;
}

/* A string that is useless costs itself: those who read the batch again do not look at it. */
static void lose_string(struct v1_file *file, const char *fault, size_t end)
{
	if (fault != NULL)
		lose(file, DAMAGE_LOCAL, file->at, end, fault);
	file->at = end;
}

/* ---- the whole */

static int list_order(const void *a, const void *b)
{
	const struct v1_list *x = a, *y = b;

	return (x->p > y->p) - (x->p < y->p);
}

static int sample_order(const void *a, const void *b)
{
	const struct v1_sample *x = a, *y = b;

	return (x->ticks > y->ticks) - (x->ticks < y->ticks);
}

/* What header 1.5 does not write: the stack of a new goroutine, which is its start. */
static void add_start(void *context, uint64_t pc, uint32_t index)
{
	struct v1_file *file = context;
	struct own_frame frame = { .pc = pc + 1, .function = address_text(file, pc + 1) };

	if (file->first_start <= UINT32_MAX - index)
		tables_add_stack(&file->tables, file->first_start + index, &frame, 1);
}

static void add_log(struct v1_file *file, uint32_t index)
{
	size_t at = file->logs.items[index];
	struct v1_record record = { 0 };

	v1_take(v1_file_bytes(file), &at, file->minor, &record);
	tables_add_text(&file->tables, file->first_text + index, record.text);
}

static void finish(struct v1_file *file)
{
	budget_promise(file->budget, &file->promised, 0);
	SORT_ARRAY(&file->lists, list_order);
	SORT_ARRAY(&file->samples, sample_order);
	for (uint32_t i = 0; i < file->logs.count; i++)
		add_log(file, i);
	id_map_each(&file->start_of, add_start, file);
	if (file->frequency == 0) {
		refuse(file, ERROR_INCONSISTENT, file->len, "there is no frequency");
		damage_lose(&file->damage, DAMAGE_END, file->len, 0,
		            "the file ends before its clock is told");
		file->frequency = 1000000000;
		file->clock_is_assumed = true;
	}
	id_map_free(&file->list_of);
	id_map_free(&file->frame_of);
}

static bool is_short(struct v1_file *file)
{
	budget_promise(file->budget, &file->promised,
	               file->start_of.count * START_BYTES + file->logs.count * LOG_BYTES +
	                       file->log_bytes);
	return budget_has_taken(file->budget, TAKES);
}

static void lose_rest(struct v1_file *file)
{
	lose(file, DAMAGE_END, file->at, file->len, "memory for the rest of the trace");
	file->at = file->len;
	file->is_full = true;
}

bool v1_file_step(struct v1_file *file, size_t bytes)
{
	struct bytes all;
	struct v1_record record;
	size_t until;

	if (file->data == NULL)
		read_whole(file);
	all = v1_file_bytes(file);
	until = file->len - file->at < bytes ? file->len : file->at + bytes;
	if (file->len < VERSION_HEADER)
		until = file->at;
	while (file->at < until) {
		size_t at = file->at;
		const char *fault;

		if (file->records++ % RECORDS == 0 && is_short(file)) {
			lose_rest(file);
			break;
		}
		fault = v1_take(all, &at, file->minor, &record);
		if (fault == NULL && v1_search_is_torn(file, &record)) {
			*array_push(&file->torn) = (uint32_t)file->at;
			fault = "expected a text, found one that another batch begins in";
		}
		if (fault == NULL && record.type == V1_STRING) {
			lose_string(file, read_string(file, &record), at);
			continue;
		}
		if (fault == NULL)
			fault = read_record(file, &record, file->at);
		if (fault != NULL)
			skip_damage(file, fault);
		else
			file->at = at;
	}
	if (file->at < file->len)
		return true;
	finish(file);
	return false;
}
