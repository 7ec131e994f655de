/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/anonymize.h"

#include "core/base/decoder.h"
#include "core/export/batch_copy.h"
#include "core/trace/tables.h"
#include "core/trace/v2_wire.h"

void anonymizing_init(struct anonymizing *anonymizing, const struct index *index,
                      const struct source *source, struct budget *budget)
{
	*anonymizing = (struct anonymizing){ .index = index, .source = source, .budget = budget };
	aliases_init(&anonymizing->aliases, budget);
}

void anonymizing_free(struct anonymizing *anonymizing)
{
	aliases_free(&anonymizing->aliases);
}

/* ---- what texts are for */

/* One generation, whose ids are its own. */
struct learning {
	struct aliases *aliases;
	const struct generation *generation;
	struct tables tables;
	struct batch_copy copy;
};

static void learn(struct learning *learning, uint64_t id, enum alias_use use)
{
	if (tables_has_string(&learning->tables, id))
		aliases_add(learning->aliases, tables_text(&learning->tables, id), use);
}

static void learn_frames(struct learning *learning)
{
	const struct tables *tables = &learning->tables;

	for (size_t i = 0; i < tables->frames.count; i++)
		aliases_add_frame(learning->aliases,
		                  tables_text(tables, tables->frames.items[i].function),
		                  tables_text(tables, tables->frames.items[i].file));
}

static void learn_event(struct learning *learning, const struct wire_event *event)
{
	switch (event->type) {
	case WIRE_GO_STOP:
	case WIRE_GO_BLOCK:
	case WIRE_STW_BEGIN:
		learn(learning, event->arg[0], ALIAS_OF_RUNTIME);
		break;
	case WIRE_GO_LABEL:
		learn(learning, event->arg[0], ALIAS_LABEL);
		break;
	case WIRE_USER_TASK_BEGIN:
		learn(learning, event->arg[2], ALIAS_TASK);
		break;
	case WIRE_USER_REGION_BEGIN:
	case WIRE_USER_REGION_END:
		learn(learning, event->arg[1], ALIAS_REGION);
		break;
	case WIRE_USER_LOG:
		learn(learning, event->arg[1], ALIAS_CATEGORY);
		learn(learning, event->arg[2], ALIAS_MESSAGE);
		break;
	}
}

/* The events of a batch; returns how many bytes of it are such. */
static size_t read_events(const struct batch_copy *copy, struct learning *learning)
{
	struct wire_reader reader = { .in = copy->payload };
	struct wire_event events[256];
	size_t count;

	while ((count = wire_read(&reader, events, 256)) > 0)
		for (size_t i = 0; i < count && learning != NULL; i++)
			learn_event(learning, &events[i]);
	return reader.at;
}

/* Reads the batches of a generation that are tables, or its events. */
static void learn_batches(struct learning *learning, bool are_tables)
{
	const struct generation *generation = learning->generation;

	for (size_t i = 0; i < generation->batch_count; i++) {
		const struct batch *batch =
			&learning->copy.index->batches.items[generation->first_batch + i];
		bool is_table = batch->kind == BATCH_STRINGS || batch->kind == BATCH_STACKS;

		if ((batch->kind != BATCH_EVENTS && !is_table) || is_table != are_tables ||
		    !batch_copy_read(&learning->copy, generation, batch))
			continue;
		if (is_table)
			tables_read(&learning->tables, batch, learning->copy.payload,
			            &generation->clock);
		else
			read_events(&learning->copy, learning);
	}
}

bool anonymize_is_short(struct error *err)
{
	return error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
	                 "memory limit reached by its names; --memory raises it");
}

bool anonymizing_learn(struct anonymizing *anonymizing, struct error *err)
{
	struct budget *budget = anonymizing->budget;
	struct learning *learning = budget_resize(budget, NULL, 0, sizeof(*learning));
	const struct index *index = anonymizing->index;
	bool good = true;

	learning->aliases = &anonymizing->aliases;
	batch_copy_open(&learning->copy, index, anonymizing->source);
	for (size_t g = 0; g < index->generations.count && good; g++) {
		learning->generation = &index->generations.items[g];
		tables_init(&learning->tables, budget);
		learn_batches(learning, true);
		learn_frames(learning);
		learn_batches(learning, false);
		tables_free(&learning->tables);
		good = !budget_is_overdrawn(budget);
	}
	budget_resize(budget, learning, sizeof(*learning), 0);
	aliases_settle(&anonymizing->aliases);
	return (good && !budget_is_overdrawn(budget)) || anonymize_is_short(err);
}

/* ---- writing */

struct rewriting {
	const struct aliases *aliases;
	struct batch_copy copy;
	size_t used;
	uint8_t payload[BATCH_SIZE_MAX];
};

enum { TEXT_MAX = 1024, HEAD_MAX = 1 + 10 + 10 }; /* of a String record: without its text */

static void add_number(struct rewriting *rewriting, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		rewriting->payload[rewriting->used++] = (uint8_t)(number | 0x80);
	rewriting->payload[rewriting->used++] = (uint8_t)number;
}

static void begin_strings(struct rewriting *rewriting)
{
	rewriting->used = 0;
	rewriting->payload[rewriting->used++] = WIRE_STRINGS;
}

static void put_strings(struct rewriting *rewriting)
{
	if (rewriting->used > 1)
		batch_copy_put_with(&rewriting->copy,
		                    (struct bytes){ rewriting->payload, rewriting->used });
	begin_strings(rewriting);
}

static void add_string(struct rewriting *rewriting, uint64_t id, struct bytes text)
{
	text.len = text.len < TEXT_MAX ? text.len : TEXT_MAX;
	if (rewriting->used + HEAD_MAX + text.len > sizeof(rewriting->payload))
		put_strings(rewriting);
	rewriting->payload[rewriting->used++] = WIRE_STRING;
	add_number(rewriting, id);
	add_number(rewriting, text.len);
	if (text.len > 0)
		memcpy(rewriting->payload + rewriting->used, text.data, text.len);
	rewriting->used += text.len;
}

/* Returns how many bytes of the batch are strings. */
static size_t rewrite_strings(struct rewriting *rewriting)
{
	struct decoder d = { .in = rewriting->copy.payload, .at = 1 };
	size_t well = 1;

	begin_strings(rewriting);
	while (well < d.in.len && decoder_take_byte(&d) == WIRE_STRING) {
		uint64_t id = decoder_take_uvarint(&d), len = decoder_take_uvarint(&d);
		struct bytes text = decoder_take_bytes(&d, len);

		if (d.fault != DECODER_WELL || len > TEXT_MAX)
			break;
		add_string(rewriting, id, aliases_of(rewriting->aliases, text));
		well = d.at;
	}
	put_strings(rewriting);
	return well;
}

/* How many bytes of a batch of other records, the marker that it begins with among them, are such.
 */
static size_t sound_len(struct bytes payload)
{
	struct decoder d = { .in = payload };
	size_t well = 0;

	while (well < payload.len) {
		const struct wire_spec *spec = wire_spec(decoder_take_byte(&d));
		uint64_t last = 0;

		if (spec->name == NULL)
			break;
		for (unsigned i = 0; i < spec->arg_count + (spec->timed ? 1u : 0); i++)
			last = decoder_take_uvarint(&d);
		if (spec == wire_spec(WIRE_STACK))
			for (uint64_t i = 0; i < 4 * (last & 0xff) && d.fault == DECODER_WELL; i++)
				decoder_take_uvarint(&d);
		if (d.fault != DECODER_WELL || spec == wire_spec(WIRE_STRING))
			break;
		well = d.at;
	}
	return well;
}

static void lose(struct rewriting *rewriting, const struct batch *batch, size_t well, size_t end)
{
	if (well < end)
		damage_lose(rewriting->copy.damage, DAMAGE_LOCAL, batch->offset + well, end - well,
		            "what no record is might be a name: it is left out");
}

static void rewrite(struct rewriting *rewriting, const struct batch *batch)
{
	struct batch_copy *copy = &rewriting->copy;
	size_t end = copy->payload.len, well = end;

	switch ((enum batch_kind)batch->kind) {
	case BATCH_STRINGS:
		lose(rewriting, batch, rewrite_strings(rewriting), end);
		return;
	case BATCH_EXPERIMENTAL:
		return;
	case BATCH_EVENTS:
		well = read_events(copy, NULL);
		break;
	case BATCH_STACKS:
	case BATCH_SAMPLES:
	case BATCH_SYNC:
		well = sound_len(copy->payload);
		break;
	}
	lose(rewriting, batch, well, end);
	if (well == end)
		batch_copy_put(copy);
	else if (well > 0)
		batch_copy_put_with(copy, (struct bytes){ copy->payload.data, well });
}

void anonymizing_put(const struct anonymizing *anonymizing, struct text_out *out,
                     struct damage *damage)
{
	struct budget *budget = anonymizing->budget;
	struct rewriting *rewriting = budget_resize(budget, NULL, 0, sizeof(*rewriting));
	const struct index *index = anonymizing->index;

	rewriting->aliases = &anonymizing->aliases;
	batch_copy_open(&rewriting->copy, index, anonymizing->source);
	batch_copy_begin(&rewriting->copy, out, damage);
	for (size_t g = 0; g < index->generations.count; g++) {
		const struct generation *generation = &index->generations.items[g];

		for (size_t i = 0; i < generation->batch_count && !out->is_over; i++) {
			const struct batch *batch =
				&index->batches.items[generation->first_batch + i];

			if (batch_copy_read(&rewriting->copy, generation, batch))
				rewrite(rewriting, batch);
		}
		batch_copy_end_generation(&rewriting->copy, generation,
		                          g + 1 == index->generations.count);
	}
	budget_resize(budget, rewriting, sizeof(*rewriting), 0);
}
