/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/pprof.h"

#include "core/base/sort.h"
#include "core/export/gzip.h"

/* Fields of the messages. Those of one kind stand together in the file, though they may be in any
 * order: samples, then the locations that they are at, then their functions, then all texts. */
enum profile_field {
	PROFILE_SAMPLE_TYPE = 1,
	PROFILE_SAMPLE = 2,
	PROFILE_LOCATION = 4,
	PROFILE_FUNCTION = 5,
	PROFILE_STRING = 6,
	PROFILE_PERIOD_TYPE = 11,
	PROFILE_PERIOD = 12,
};
enum value_type_field { VALUE_TYPE_TYPE = 1, VALUE_TYPE_UNIT = 2 };
enum sample_field { SAMPLE_LOCATION = 1, SAMPLE_VALUE = 2 };
enum location_field { LOCATION_ID = 1, LOCATION_ADDRESS = 3, LOCATION_LINE = 4 };
enum line_field { LINE_FUNCTION = 1, LINE_LINE = 2 };
enum function_field { FUNCTION_ID = 1, FUNCTION_NAME, FUNCTION_SYSTEM_NAME, FUNCTION_FILE };

/* Texts of ours, by their place in the table; those of the trace follow. */
enum text {
	TEXT_NONE,
	TEXT_CONTENTIONS,
	TEXT_COUNT,
	TEXT_DELAY,
	TEXT_NANOSECONDS,
	TEXT_SAMPLES,
	TEXT_TRACE,
	TEXTS
};

static const char *const texts[TEXTS] = { "",        "contentions", "count", "delay", "nanoseconds",
	                                  "samples", "trace" };

typedef ARRAY(uint8_t) message;

struct pprof {
	const struct model *model;
	struct gzip *gzip;
	struct stacks locations;   /* a frame each; the id is that of the location */
	struct id_map function_of; /* file and name -> its id */
	u64_array functions;       /* the same, by id - 1 */
	struct id_map text_of;     /* of the trace's -> its place in the table */
	u32_array strings;         /* of the trace, by place - TEXTS */
	message message, inner;
};

/* ---- the encoding */

static void add_varint(message *m, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*array_push(m) = (uint8_t)(value | 0x80);
	*array_push(m) = (uint8_t)value;
}

static void add_key(message *m, unsigned field, unsigned wire_type)
{
	add_varint(m, field << 3 | wire_type);
}

static void add_number(message *m, unsigned field, uint64_t value)
{
	add_key(m, field, 0);
	add_varint(m, value);
}

static void add_bytes(message *m, unsigned field, struct bytes bytes)
{
	size_t at;

	add_key(m, field, 2);
	add_varint(m, bytes.len);
	at = m->count;
	array_resize(m, at + bytes.len);
	if (bytes.len > 0)
		memcpy(m->items + at, bytes.data, bytes.len);
}

static struct bytes bytes_in(const message *m)
{
	return (struct bytes){ m->items, m->count };
}

/* A field of the profile itself. */
static void put_field(struct pprof *p, unsigned field, struct bytes bytes)
{
	message *head = &p->inner;

	array_clear(head);
	add_key(head, field, 2);
	add_varint(head, bytes.len);
	gzip_put(p->gzip, bytes_in(head));
	gzip_put(p->gzip, bytes);
}

static void put_message(struct pprof *p, unsigned field)
{
	put_field(p, field, bytes_in(&p->message));
	array_clear(&p->message);
}

/* ---- what refers to what */

static uint64_t text_place(struct pprof *p, string_id string)
{
	uint32_t fresh = (uint32_t)p->strings.count + TEXTS, at;

	if (string == 0)
		return TEXT_NONE;
	at = id_map_add(&p->text_of, string, fresh);
	if (at == fresh)
		*array_push(&p->strings) = string;
	return at;
}

static uint64_t function_id(struct pprof *p, const struct frame *frame)
{
	uint64_t key = (uint64_t)frame->file << 32 | frame->function;
	uint32_t fresh = (uint32_t)p->functions.count + 1;
	uint32_t id = id_map_add(&p->function_of, key, fresh);

	if (id == fresh)
		*array_push(&p->functions) = key;
	return id;
}

/* ---- the parts of a profile */

static void put_value_type(struct pprof *p, unsigned field, enum text type, enum text unit)
{
	add_number(&p->message, VALUE_TYPE_TYPE, type);
	add_number(&p->message, VALUE_TYPE_UNIT, unit);
	put_message(p, field);
}

static void put_types(struct pprof *p, enum profile_of of)
{
	if (of == PROFILE_COUNTS) {
		put_value_type(p, PROFILE_SAMPLE_TYPE, TEXT_SAMPLES, TEXT_COUNT);
	} else {
		put_value_type(p, PROFILE_SAMPLE_TYPE, TEXT_CONTENTIONS, TEXT_COUNT);
		put_value_type(p, PROFILE_SAMPLE_TYPE, TEXT_DELAY, TEXT_NANOSECONDS);
	}
	put_value_type(p, PROFILE_PERIOD_TYPE, TEXT_TRACE, TEXT_COUNT);
	add_number(&p->message, PROFILE_PERIOD, 1);
	gzip_put(p->gzip, bytes_in(&p->message));
	array_clear(&p->message);
}

struct sample {
	const struct frame *frames;
	uint32_t count;
	struct profile_entry entry;
};

static void put_sample(struct pprof *p, const struct sample *sample, enum profile_of of)
{
	message *inner = &p->inner;

	array_clear(inner);
	for (uint32_t i = 0; i < sample->count; i++)
		add_varint(inner, stacks_add(&p->locations, &sample->frames[i], 1));
	add_bytes(&p->message, SAMPLE_LOCATION, bytes_in(inner));
	array_clear(inner);
	add_varint(inner, sample->entry.count);
	if (of == PROFILE_DELAYS)
		add_varint(inner, (uint64_t)sample->entry.delay_ns);
	add_bytes(&p->message, SAMPLE_VALUE, bytes_in(inner));
	put_message(p, PROFILE_SAMPLE);
}

static void put_location(struct pprof *p, stack_id id)
{
	uint32_t count;
	const struct frame *frame = stacks_frames(&p->locations, id, &count);

	array_clear(&p->inner);
	add_number(&p->inner, LINE_FUNCTION, function_id(p, frame));
	add_number(&p->inner, LINE_LINE, frame->line);
	add_number(&p->message, LOCATION_ID, id);
	add_number(&p->message, LOCATION_ADDRESS, frame->pc);
	add_bytes(&p->message, LOCATION_LINE, bytes_in(&p->inner));
	put_message(p, PROFILE_LOCATION);
}

static void put_function(struct pprof *p, size_t at)
{
	uint64_t key = p->functions.items[at];
	uint64_t name = text_place(p, (string_id)key);

	add_number(&p->message, FUNCTION_ID, at + 1);
	add_number(&p->message, FUNCTION_NAME, name);
	add_number(&p->message, FUNCTION_SYSTEM_NAME, name);
	add_number(&p->message, FUNCTION_FILE, text_place(p, (string_id)(key >> 32)));
	put_message(p, PROFILE_FUNCTION);
}

static void put_texts(struct pprof *p)
{
	for (size_t i = 0; i < TEXTS; i++)
		put_field(p, PROFILE_STRING, bytes_of(texts[i]));
	for (size_t i = 0; i < p->strings.count; i++)
		put_field(p, PROFILE_STRING, strings_text(&p->model->strings, p->strings.items[i]));
}

/* ---- samples, in the order of their stacks */

static int order_samples(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	for (uint32_t i = 0; i < x->count && i < y->count; i++)
		if (x->frames[i].pc != y->frames[i].pc)
			return x->frames[i].pc < y->frames[i].pc ? -1 : 1;
	return (x->count > y->count) - (x->count < y->count);
}

/* A frame at no address, which some runtimes write where they know of none, is none. */
static void drop_nowhere(struct sample *sample)
{
	while (sample->count > 0 && sample->frames[sample->count - 1].pc == 0 &&
	       sample->frames[sample->count - 1].function == 0)
		sample->count--;
}

/* Stacks are the same to Go if their addresses are: those are one sample. */
static void put_samples(struct pprof *p, const struct profile *profile, enum profile_of of)
{
	ARRAY(struct sample) samples = { .budget = profile->stacks.budget };

	for (stack_id i = 0; i < profile->stacks.count; i++) {
		struct sample sample = { .entry = profile->stacks.items[i] };

		if (sample.entry.count == 0)
			continue;
		sample.frames = stacks_frames(&p->model->stacks, i, &sample.count);
		drop_nowhere(&sample);
		*array_push(&samples) = sample;
	}
	SORT_ARRAY(&samples, order_samples);
	for (size_t i = 0; i < samples.count; i++) {
		struct sample sample = samples.items[i];

		for (; i + 1 < samples.count && order_samples(&sample, &samples.items[i + 1]) == 0;
		     i++)
			profile_sum(&sample.entry, &samples.items[i + 1].entry);
		put_sample(p, &sample, of);
	}
	array_free(&samples);
}

void pprof_put(struct text_out *out, const struct profile *profile, const struct model *model,
               enum profile_of of)
{
	struct budget *budget = profile->stacks.budget;
	struct pprof p = { .model = model };

	p.gzip = budget_resize(budget, NULL, 0, sizeof(*p.gzip));
	p.function_of.budget = p.functions.budget = p.text_of.budget = p.strings.budget = budget;
	p.message.budget = p.inner.budget = budget;
	stacks_init(&p.locations, budget);
	gzip_begin(p.gzip, out);
	put_types(&p, of);
	put_samples(&p, profile, of);
	for (stack_id i = 1; i < p.locations.places.count; i++)
		put_location(&p, i);
	for (size_t i = 0; i < p.functions.count; i++)
		put_function(&p, i);
	put_texts(&p);
	gzip_end(p.gzip);
	stacks_free(&p.locations);
	id_map_free(&p.function_of);
	array_free(&p.functions);
	id_map_free(&p.text_of);
	array_free(&p.strings);
	array_free(&p.message);
	array_free(&p.inner);
	budget_resize(budget, p.gzip, sizeof(*p.gzip), 0);
}
