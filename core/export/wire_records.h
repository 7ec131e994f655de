/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_WIRE_RECORDS_H
#define CORE_EXPORT_WIRE_RECORDS_H

#include "core/base/array.h"
#include "core/trace/source.h"
#include "core/trace/version.h"

/* The records of a v2 trace one after the other as they stand in the file, uninterpreted (Go:
 * internal/trace/raw/reader.go). */

struct wire_record {
	uint8_t type; /* enum wire_type */
	unsigned arg_count;
	uint64_t arg[6];
	bool is_stack; /* frames: pc, function, file, line of each, in values */
	bool has_data;
	struct bytes data;
	const uint64_t *values;
	size_t value_count;
};

struct wire_records {
	const struct source *source;
	struct version version;
	uint64_t offset; /* of window */
	size_t at, len;  /* in window */
	ARRAY(uint8_t) window;
	ARRAY(uint64_t) values;
};

/* The trace is at least as long as its header. */
void wire_records_init(struct wire_records *records, struct budget *budget,
                       const struct source *source, struct version version);
void wire_records_free(struct wire_records *records);

/* The next one; valid until the one after. False at the end, and at what is none: *err says. */
bool wire_records_next(struct wire_records *records, struct wire_record *record, struct error *err);

/* How many types the version's table has. */
unsigned wire_records_types(struct version version);

#endif
