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
                       const struct source *source, struct version version)
{
	*records = (struct wire_records){ .source = source, .version = version };
	records->window.budget = records->values.budget = budget;
	records->offset = VERSION_HEADER;
	array_resize(&records->window, WINDOW);
}

void wire_records_free(struct wire_records *records)
{
	array_free(&records->window);
	array_free(&records->values);
}

static void refill(struct wire_records *records)
{
	records->offset += records->at;
	records->at = 0;
	records->len =
		source_read(records->source, records->offset, records->window.items, WINDOW, NULL);
}

static bool fail(const struct wire_records *records, struct error *err, size_t at,
                 const char *expected)
{
	return error_set(err, ERROR_MALFORMED, records->offset + at, "%s", expected);
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

bool wire_records_next(struct wire_records *records, struct wire_record *record, struct error *err)
{
	const struct wire_spec *spec;
	const char *fault = NULL;
	struct decoder d;

	if (records->len - records->at < RECORD_MAX)
		refill(records);
	if (records->len == records->at)
		return false;
	d = (struct decoder){ .in = { records->window.items, records->len }, .at = records->at };
	*record = (struct wire_record){ .type = decoder_take_byte(&d) };
	spec = wire_spec(record->type);
	if (spec->name == NULL || record->type >= wire_records_types(records->version))
		return fail(records, err, records->at, "expected a record, found other bytes");
	record->arg_count = spec->arg_count + (spec->timed ? 1u : 0);
	for (unsigned i = 0; i < record->arg_count; i++)
		record->arg[i] = decoder_take_uvarint(&d);
	if (record->type == WIRE_STACK && record->arg[1] > FRAMES_MAX)
		fault = "expected a stack of at most 128 frames";
	else if (record->type == WIRE_STACK)
		take_frames(records, &d, record);
	else if (record->type == WIRE_STRING)
		fault = take_data(&d, record, TEXT_MAX);
	else if (record->type == WIRE_EXPERIMENTAL_BATCH)
		fault = take_data(&d, record, BATCH_MAX);
	if (fault == NULL && d.fault != DECODER_WELL)
		fault = d.fault == DECODER_SHORT ? "the file ends inside a record"
		                                 : "expected a number, found more than 64 bits";
	if (fault != NULL)
		return fail(records, err, records->at, fault);
	records->at = d.at;
	return true;
}
