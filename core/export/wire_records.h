/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_WIRE_RECORDS_H
#define CORE_EXPORT_WIRE_RECORDS_H

#include "core/trace/index.h"

/* The records of a v2 trace one after the other as they stand in the file, uninterpreted (Go:
 * internal/trace/raw/reader.go). Where one is bad, the rest of its batch is lost. */

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
	const struct index *index;
	const struct source *source;
	bool is_strict;       /* the first bad record is the end, as for Go */
	struct damage damage; /* besides the index's */
	size_t next_batch, next_row; /* of the index: behind at */
	uint64_t end;                /* of the batch, or of what stands between two */
	uint64_t offset; /* of window */
	size_t at, len;  /* in window */
	ARRAY(uint8_t) window;
	ARRAY(uint64_t) values;
};

/* The index is whole. */
void wire_records_init(struct wire_records *records, struct budget *budget,
                       const struct index *index, const struct source *source, bool is_strict);
void wire_records_free(struct wire_records *records);

/* The next one; valid until the one after. False at the end, and, strict, at what is none: *err
 * says. */
bool wire_records_next(struct wire_records *records, struct wire_record *record, struct error *err);

/* How many types the version's table has. */
unsigned wire_records_types(struct version version);

#endif
