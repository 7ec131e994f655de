/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_STRAND_H
#define CORE_MODEL_STRAND_H

#include "core/base/radix.h"
#include "core/model/records.h"

struct history;

/* The records of a generation goroutine by goroutine: for each own number its runs and wake-ups
 * (with RECORD_WAKE), in the order of its life. */
struct strands {
	u32_array first; /* of each own goroutine, into records; one more than there are */
	u32_array records;
	u64_array own_of; /* goroutines of the trace, ascending, and their own numbers in the low
	                   * half: one that stands at the head of a stream has two */
	u32_array next;   /* while they are laid out: where each goroutine's next record goes */
	uint32_t laid_runs, laid_wakes;
};

void strands_init(struct strands *strands, struct budget *budget);
void strands_free(struct strands *strands);

/* From the history's records, of so many goroutines, while they are in the order in which they came
 * about; then so many runs at a time, false: all are laid out. */
void strands_begin(struct history *history, size_t gos);
bool strands_lay(struct history *history, size_t runs);

/* Some records are another goroutine's now. */
void strands_regroup(struct history *history, size_t gos);

/* Once the history knows the trace's numbers. */
void strands_name(struct history *history);

size_t strands_bytes(const struct strands *strands);

/* When a record begins. */
part_time strands_time(const struct history *history, uint32_t record);

/* The first record of an own goroutine that begins at or after a time: an index into records. */
uint32_t strands_first_from(const struct history *history, uint32_t own, part_time time);

/* The first wake-up of an own goroutine at or after a time; NULL. */
const struct wake *strands_wake_at(const struct history *history, uint32_t own, part_time time);

/* The own numbers of a goroutine: those of own_of in [*first, *end). */
void strands_find(const struct strands *strands, uint32_t go, size_t *first, size_t *end);

#endif
