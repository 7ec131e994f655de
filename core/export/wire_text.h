/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_WIRE_TEXT_H
#define CORE_EXPORT_WIRE_TEXT_H

#include "core/export/text_out.h"
#include "core/export/wire_records.h"

/* A record as `go tool trace -d=wire` prints it (Go: internal/trace/raw/event.go). */
void wire_text(struct text_out *out, const struct wire_record *record);

/* How much of the file each type of record takes, as -d=footprint prints it; rows without bytes by
 * their number (Go: cmd/trace, debugEventsFootprint). */
struct footprint {
	uint64_t count[256], bytes[256], records;
};

void footprint_add(struct footprint *footprint, const struct wire_record *record);

/* total: bytes of the file. */
void footprint_text(struct text_out *out, const struct footprint *footprint, struct version version,
                    uint64_t total, struct budget *budget);

#endif
