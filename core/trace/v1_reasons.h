/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_REASONS_H
#define CORE_TRACE_V1_REASONS_H

#include "core/trace/tables.h"

/* The texts of v2 for what v1 has as types and numbers: why goroutines block and the world stops
 * (trace-format-v1.md 6.3, 6.4). */
enum { V1_REASON_NONE = 255 };

/* Gives them ids from first on. */
void v1_reasons_add(struct tables *tables, uint64_t first);

/* Which of them it is, counted from first: of a type that ends a run; of a kind of stop, under a
 * header. V1_REASON_NONE: it has no text. */
unsigned v1_reason_of(uint8_t type);
unsigned v1_reason_of_stop(uint64_t kind, unsigned minor);

#endif
