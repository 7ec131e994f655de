/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_TIMING_H
#define CORE_MODEL_TIMING_H

#include "core/base/radix.h"
#include "core/trace/index.h"

/* When a generation was, by the base times of its batches, some of which may be damaged: a time
 * that is far from all others is not believed. Only for the model; `events` tells the times that
 * stand in the file. */
struct timing {
	int64_t begin_ns, end_ns; /* of the base times that are believed, shifted: nothing is
	                           * earlier */
	int64_t shift_ns; /* added to its own clock: 0 but where clocks were set, or generations
	                   * come twice */
	bool has_end;     /* its tables tell when it was over: no event is much later */
	bool is_trusted;  /* made by ourselves, of a v1 trace */
	bool is_hurt;     /* something of it, or right before or behind it, is lost: in */
	int64_t lost_from_ns, lost_until_ns; /* this time, as far as is known */
	bool is_short; /* then: it is bytes that are missing, not only that times are odd */
	size_t losses_end; /* rows of the index's damage that are its own, or of those before */
};

/* Clocks may disagree by so much, or step back (Go accepts any). */
#define TIMING_SLACK_NS INT64_C(100000000)

/* Base times that are so far apart, with none between them, are not of one generation. */
#define TIMING_FAR_NS INT64_C(3600000000000)

/* Nothing is traced for so long between two generations, and no generation is longer (4.8 hours).
 */
#define TIMING_GAP_NS (24 * TIMING_FAR_NS)
#define TIMING_LONGEST_NS (INT64_C(1) << 44)

/* batches: the generation's; before: the timing of the one before it; NULL: it is the first. */
void timing_find(struct timing *timing, const struct generation *generation,
                 const struct batch *batches, const struct timing *before, u64_array *keys,
                 u64_array *room);

/* No event is later. */
int64_t timing_limit(const struct timing *timing);

/* Nothing at all is known of a time. */
#define TIMING_NONE INT64_MIN

/* The base times of a thread's batches in the order in which it wrote them, shifted: those that
 * can't be become TIMING_NONE, as they are outside of the generation or (in_order) do not go with
 * the others, more of which are in order. */
void timing_judge(const struct timing *timing, int64_t *base_ns, size_t count, bool in_order,
                  u64_array *room);

#endif
