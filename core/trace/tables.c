/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/tables.h"

#include "core/base/decoder.h"
#include "core/base/sort.h"
#include "core/trace/v2_wire.h"

enum {
	STRING_MAX = 1024,
	FRAMES_MAX = 128,       /* Go: tracev2.MaxEventTrailerDataSize, MaxFramesPerStack */
	FRAMES_EVER_MAX = 1000, /* of v1 */
};

static const char known_id[] = "expected a new id";

void tables_init(struct tables *tables, struct budget *budget)
{
	*tables = (struct tables){ .arena = { .budget = budget } };
	id_pages_init(&tables->string_of, budget);
	id_pages_init(&tables->stack_of, budget);
	tables->texts.budget = tables->stacks.budget = tables->frames.budget = budget;
	tables->samples.budget = budget;
	damage_init(&tables->damage, budget);
	tables->string_ids.budget = tables->stack_ids.budget = budget;
}

void tables_free(struct tables *tables)
{
	arena_free(&tables->arena);
	id_pages_free(&tables->string_of);
	id_pages_free(&tables->stack_of);
	array_free(&tables->texts);
	array_free(&tables->stacks);
	array_free(&tables->frames);
	array_free(&tables->samples);
	array_free(&tables->string_ids);
	array_free(&tables->stack_ids);
	damage_free(&tables->damage);
}

size_t tables_bytes(const struct tables *tables)
{
	return tables->arena.used + id_pages_bytes(&tables->string_of) +
	       id_pages_bytes(&tables->stack_of) + tables->texts.capacity * sizeof(struct bytes) +
	       tables->stacks.capacity * sizeof(struct stack_place) +
	       tables->frames.capacity * sizeof(struct own_frame) +
	       tables->samples.capacity * sizeof(struct sample) +
	       tables->string_ids.capacity * sizeof(string_id) +
	       tables->stack_ids.capacity * sizeof(stack_id);
}

static const char *read_string(struct tables *tables, struct decoder *d)
{
	uint64_t id = decoder_take_uvarint(d), len = decoder_take_uvarint(d);
	uint32_t fresh = (uint32_t)tables->texts.count;
	struct bytes text;

	if (len > STRING_MAX)
		return "expected a string of at most 1024 bytes";
	text = decoder_take_bytes(d, len);
	if (d->fault != DECODER_WELL)
		return "the batch ends inside a string";
	if (id == 0 || id_pages_add(&tables->string_of, id, fresh) != fresh)
		return known_id; /* the first meaning stays */
	*array_push(&tables->texts) = arena_copy(&tables->arena, text);
	tables->string_count++;
	return NULL;
}

static const char *read_stack(struct tables *tables, struct decoder *d)
{
	uint64_t id = decoder_take_uvarint(d), count = decoder_take_uvarint(d);
	uint32_t fresh = (uint32_t)tables->stacks.count;
	struct stack_place place = { (uint32_t)tables->frames.count, (uint32_t)count };

	if (count > FRAMES_MAX)
		return "expected a stack of at most 128 frames";
	for (uint64_t i = 0; i < count && d->fault == DECODER_WELL; i++) {
		struct own_frame *frame = array_push(&tables->frames);

		frame->pc = decoder_take_uvarint(d);
		frame->function = decoder_take_uvarint(d);
		frame->file = decoder_take_uvarint(d);
		frame->line = decoder_take_uvarint(d);
	}
	if (d->fault == DECODER_WELL && id != 0 &&
	    id_pages_add(&tables->stack_of, id, fresh) == fresh) {
		*array_push(&tables->stacks) = place;
		tables->stack_count++;
		return NULL;
	}
	tables->frames.count = place.first;
	return d->fault != DECODER_WELL ? "the batch ends inside a stack" : known_id;
}

static const char *read_sample(struct tables *tables, struct decoder *d, const struct clock *clock)
{
	struct sample sample;

	sample.time_ns = clock_ns(clock, decoder_take_uvarint(d));
	sample.m = decoder_take_uvarint(d);
	sample.p = decoder_take_uvarint(d);
	sample.g = decoder_take_uvarint(d);
	sample.stack = decoder_take_uvarint(d);
	if (d->fault != DECODER_WELL)
		return "the batch ends inside a CPU sample";
	*array_push(&tables->samples) = sample;
	return NULL;
}

bool tables_add_text(struct tables *tables, uint64_t id, struct bytes text)
{
	uint32_t fresh = (uint32_t)tables->texts.count;

	if (id_pages_add(&tables->string_of, id, fresh) != fresh)
		return false;
	*array_push(&tables->texts) = arena_copy(&tables->arena, text);
	return true;
}

void tables_add_stack(struct tables *tables, uint64_t id, const struct own_frame *frames,
                      uint32_t count)
{
	struct stack_place place = { (uint32_t)tables->frames.count, count };

	if (count > FRAMES_EVER_MAX)
		return;
	for (uint32_t i = 0; i < count; i++)
		*array_push(&tables->frames) = frames[i];
	id_pages_set(&tables->stack_of, id, (uint32_t)tables->stacks.count);
	*array_push(&tables->stacks) = place;
}

static void lose(struct tables *tables, const struct batch *batch, size_t begin, size_t end,
                 const char *expected)
{
	struct damage_row row = damage_row(batch->is_cut ? DAMAGE_END : DAMAGE_LOCAL,
	                                   batch->offset + begin, end - begin, expected);

	row.generation = tables->generation;
	damage_add(&tables->damage, &row);
}

void tables_read(struct tables *tables, const struct batch *batch, struct bytes payload,
                 const struct clock *clock)
{
	struct decoder d = { .in = payload };
	const char *fault = NULL;

	decoder_take_byte(&d); /* the marker that made it this kind */
	while (!decoder_is_at_end(&d) && fault == NULL) {
		size_t begin = d.at;
		uint8_t type;

		type = decoder_take_byte(&d);
		if (batch->kind == BATCH_STRINGS && type == WIRE_STRING)
			fault = read_string(tables, &d);
		else if (batch->kind == BATCH_STACKS && type == WIRE_STACK)
			fault = read_stack(tables, &d);
		else if (batch->kind == BATCH_SAMPLES && type == WIRE_CPU_SAMPLE)
			fault = read_sample(tables, &d, clock);
		else
			fault = "expected another record of the same table";
		if (fault == NULL)
			continue;
		if (fault == known_id)
			fault = NULL; /* costs itself only */
		lose(tables, batch, begin, fault == NULL ? d.at : payload.len,
		     fault == NULL ? known_id : fault);
	}
}

/* Those that hold strings and stacks. */
static const struct tables *home(const struct tables *tables)
{
	return tables->shared != NULL ? tables->shared : tables;
}

struct bytes tables_text(const struct tables *tables, uint64_t id)
{
	const struct tables *t = home(tables);
	uint32_t at = id_pages_find(&t->string_of, id);

	return at == ID_NONE ? (struct bytes){ NULL, 0 } : t->texts.items[at];
}

string_id tables_keep(struct tables *tables, uint64_t id, struct strings *kept)
{
	uint32_t at = id_pages_find(&tables->string_of, id);

	if (at == ID_NONE)
		return 0;
	if (tables->string_ids.count < tables->texts.count)
		array_resize(&tables->string_ids, tables->texts.count);
	if (tables->string_ids.items[at] == 0)
		tables->string_ids.items[at] = strings_add(kept, tables->texts.items[at]);
	return tables->string_ids.items[at];
}

bool tables_names_root(const struct tables *tables, uint64_t stack)
{
	const struct tables *t = home(tables);
	uint32_t at = id_pages_find(&t->stack_of, stack);
	struct stack_place place;

	if (at == ID_NONE)
		return false;
	place = t->stacks.items[at];
	if (place.count == 0)
		return false;
	return tables_text(t, t->frames.items[place.first + place.count - 1].function).len > 0;
}

/* Most ids are in pages. */
static inline uint32_t find(const struct id_pages *pages, uint64_t id)
{
	uint32_t used = id_pages_used(pages, id);

	return used != 0 ? used - 1 : id_pages_find(pages, id);
}

string_id tables_string(const struct tables *tables, uint64_t id)
{
	const struct tables *t = home(tables);
	uint32_t at = find(&t->string_of, id);

	return at < t->string_ids.count ? t->string_ids.items[at] : 0;
}

stack_id tables_stack(const struct tables *tables, uint64_t id)
{
	const struct tables *t = home(tables);
	uint32_t at = find(&t->stack_of, id);

	return at < t->stack_ids.count ? t->stack_ids.items[at] : 0;
}

static int sample_order(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static stack_id join_stack(const struct tables *tables, struct stack_place place,
                           struct stacks *stacks)
{
	struct frame frames[FRAMES_EVER_MAX];

	for (uint32_t i = 0; i < place.count; i++) {
		const struct own_frame *own = &tables->frames.items[place.first + i];

		frames[i] = (struct frame){
			.pc = own->pc,
			.function = tables_string(tables, own->function),
			.file = tables_string(tables, own->file),
			.line = own->line > UINT32_MAX ? UINT32_MAX : (uint32_t)own->line,
		};
	}
	return stacks_add(stacks, frames, place.count);
}

void tables_sort_samples(struct tables *tables)
{
	SORT_ARRAY(&tables->samples, sample_order);
}

bool tables_has_string(const struct tables *tables, uint64_t id)
{
	return id == 0 || id_pages_find(&tables->string_of, id) != ID_NONE;
}

bool tables_has_stack(const struct tables *tables, uint64_t id)
{
	return id == 0 || id_pages_find(&tables->stack_of, id) != ID_NONE;
}

const struct own_frame *tables_frames(const struct tables *tables, uint64_t stack, uint32_t *count)
{
	uint32_t at = id_pages_find(&tables->stack_of, stack);

	*count = at == ID_NONE ? 0 : tables->stacks.items[at].count;
	return *count == 0 ? NULL : &tables->frames.items[tables->stacks.items[at].first];
}

static void join(struct tables *tables, struct strings *strings, struct stacks *stacks)
{
	array_resize(&tables->string_ids, tables->texts.count);
	for (size_t i = 0; i < tables->texts.count; i++)
		tables->string_ids.items[i] = strings_add(strings, tables->texts.items[i]);
	array_resize(&tables->stack_ids, tables->stacks.count);
	for (size_t i = 0; i < tables->stacks.count; i++)
		tables->stack_ids.items[i] = join_stack(tables, tables->stacks.items[i], stacks);
	tables->is_joined = true;
}

void tables_join(struct tables *tables, struct strings *strings, struct stacks *stacks)
{
	if (tables->shared == NULL)
		join(tables, strings, stacks);
	else if (!tables->shared->is_joined)
		join(tables->shared, strings, stacks); /* other parts still read its texts */
	tables_sort_samples(tables);
	arena_free(&tables->arena);
	array_free(&tables->texts);
	array_free(&tables->stacks);
	array_free(&tables->frames);
	array_trim(&tables->samples);
}
