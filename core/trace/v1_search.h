/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_SEARCH_H
#define CORE_TRACE_V1_SEARCH_H

#include "core/trace/v1_file.h"

/* Where damage is in a v1 trace, and where it ends: batches have no length, so that only what they
 * hold, and when, tells them from other bytes (reliability.md 4.4). */

/* The next place from where a batch may begin; the end if there is none. */
size_t v1_search_batch(const struct v1_file *file, size_t at);

/* Whether a batch of that time, at a place, is none: those before it were at quite another time. */
bool v1_search_is_absurd(const struct v1_file *file, uint64_t ticks, size_t at);

/* Whether a text that was read is none, as its length is damaged: it swallows the next batch. */
bool v1_search_is_torn(const struct v1_file *file, const struct v1_record *record);

#endif
