/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/wire_records.h"

#include "core/base/decoder.h"
#include "core/trace/v2_wire.h"

#include <inttypes.h>

enum {
	WINDOW = 1 << 18,
	RECORD_MAX = 96 << 10, /* of an experimental batch; a stack has 6 KiB */
	FRAMES_MAX = 128,
	TEXT_MAX = 1024,
	BATCH_MAX = 64 << 10,
};

unsigned wire_records_types(struct version version)
{
	return version.minor < 23   ? WIRE_USER_LOG + 1
	       : version.minor < 25 ? WIRE_EXPERIMENTAL_BATCH + 1
	       : version.minor < 26 ? WIRE_CLOCK_SNAPSHOT + 1
	                            : WIRE_TYPES;
}

void wire_records_init(struct wire_records *records, struct budget *budget,
                       const struct index *index, const struct source *source, bool is_strict)
{
	*records = (struct wire_records){
		.index = index,
		.source = source,
		.is_strict = is_strict,
		.offset = VERSION_HEADER,
		.end = is_strict ? UINT64_MAX : VERSION_HEADER,
	};
	records->window.budget = records->values.budget = budget;
	damage_init(&records->damage, budget);
	array_resize(&records->window, WINDOW);
}

void wire_records_free(struct wire_records *records)
{
	array_free(&records->window);
	array_free(&records->values);
	damage_free(&records->damage);
}

static void refill(struct wire_records *records)
{
	records->offset += records->at;
	records->at = 0;
	records->len =
		source_read(records->source, records->offset, records->window.items, WINDOW, NULL);
}

static void go_to(struct wire_records *records, uint64_t offset)
{
	if (offset - records->offset <= records->len) {
		records->at = (size_t)(offset - records->offset);
		return;
	}
	records->offset = offset;
	records->at = records->len = 0;
	refill(records);
}

static uint64_t head_of(const struct batch *batch)
{
	return batch->offset - batch->head_len;
}

/* A batch is over, or what stands between two. What is lost between them is known already. */
static void begin_next(struct wire_records *records)
{
	const struct damage *damage = &records->index->damage;
	uint64_t at = records->offset + records->at;
	uint64_t lost = UINT64_MAX;
	const struct batch *batch;

	for (; records->next_row < damage->rows.count; records->next_row++) {
		const struct damage_row *row = &damage->rows.items[records->next_row];

		if (row->len > 0 && row->offset > at) {
			lost = row->offset;
			break;
		}
		if (row->len > 0 && row->offset == at)
			at += row->len;
	}
	go_to(records, at);
	records->end = lost;
	if (records->next_batch == records->index->batches.count)
		return;
	batch = &records->index->batches.items[records->next_batch];
	if (head_of(batch) != at) {
		records->end = head_of(batch) < lost ? head_of(batch) : lost;
		return;
	}
	records->end = batch->offset + batch->size;
	records->next_batch++;
}

/* Whether the file ends inside what is read. */
static bool is_cut(const struct wire_records *records)
{
	return records->end == UINT64_MAX ||
	       (records->next_batch > 0 &&
	        records->index->batches.items[records->next_batch - 1].is_cut);
}

/* Goes on behind a bad record: at the payload if it is a header, else at the end of the batch. */
static void skip(struct wire_records *records, const char *expected)
{
	const struct batch *batches = records->index->batches.items;
	uint64_t at = records->offset + records->at, end = records->end;
	struct damage_row row;

	if (records->next_batch > 0 && head_of(&batches[records->next_batch - 1]) == at)
		end = batches[records->next_batch - 1].offset;
	if (end == UINT64_MAX)
		end = atomic_load(&records->source->end);
	row = damage_row(is_cut(records) ? DAMAGE_END : DAMAGE_LOCAL, at, end - at, expected);
	damage_found(&row, "byte 0x%02x", records->window.items[records->at]);
	damage_add(&records->damage, &row);
	go_to(records, end);
}

static void take_frames(struct wire_records *records, struct decoder *d, struct wire_record *record)
{
	array_clear(&records->values);
	for (uint64_t i = 0; i < 4 * record->arg[1] && d->fault == DECODER_WELL; i++)
		*array_push(&records->values) = decoder_take_uvarint(d);
	record->is_stack = true;
	record->values = records->values.items;
	record->value_count = records->values.count;
}

static const char *take_data(struct decoder *d, struct wire_record *record, uint64_t most)
{
	uint64_t len = decoder_take_uvarint(d);

	if (len > most)
		return "expected shorter data";
	record->has_data = true;
	record->data = decoder_take_bytes(d, len);
	return NULL;
}

/* Go's table of 1.23 and 1.25 ends before experimental events, though its runtime writes them; it
 * can't go on there. */
static bool is_known(const struct wire_records *records, uint8_t type)
{
	struct version version = records->index->version;

	return type < wire_records_types(version) ||
	       (type >= WIRE_SPAN && version.minor >= 23 && !records->is_strict);
}

/* The record at the decoder; NULL, or what is wrong with it. */
static const char *take(struct wire_records *records, struct decoder *d, struct wire_record *record)
{
	const struct wire_spec *spec;
	const char *fault = NULL;

	*record = (struct wire_record){ .type = decoder_take_byte(d) };
	spec = wire_spec(record->type);
	if (spec->name == NULL || !is_known(records, record->type))
		return "expected a record, found other bytes";
	record->arg_count = spec->arg_count + (spec->timed ? 1u : 0);
	for (unsigned i = 0; i < record->arg_count; i++)
		record->arg[i] = decoder_take_uvarint(d);
	if (record->type == WIRE_STACK && record->arg[1] > FRAMES_MAX)
		fault = "expected a stack of at most 128 frames";
	else if (record->type == WIRE_STACK)
		take_frames(records, d, record);
	else if (record->type == WIRE_STRING)
		fault = take_data(d, record, TEXT_MAX);
	else if (record->type == WIRE_EXPERIMENTAL_BATCH)
		fault = take_data(d, record, BATCH_MAX);
	if (fault == NULL && d->fault == DECODER_SHORT)
		return is_cut(records) ? "the file ends inside a record"
		                       : "the batch ends inside a record";
	if (fault == NULL && d->fault != DECODER_WELL)
		return "expected a number, found more than 64 bits";
	return fault;
}

bool wire_records_next(struct wire_records *records, struct wire_record *record, struct error *err)
{
	for (;;) {
		struct decoder d;
		const char *fault;

		if (records->offset + records->at >= records->end)
			begin_next(records);
		if (records->len - records->at < RECORD_MAX)
			refill(records);
		if (records->len == records->at)
			return false;
		d = (struct decoder){ .in = { records->window.items, records->len },
			              .at = records->at };
		if (records->end - records->offset < d.in.len)
			d.in.len = (size_t)(records->end - records->offset);
		fault = take(records, &d, record);
		if (fault == NULL) {
			records->at = d.at;
			return true;
		}
		if (records->is_strict)
			return error_set(err, ERROR_MALFORMED, records->offset + records->at, "%s",
			                 fault);
		skip(records, fault);
	}
}
