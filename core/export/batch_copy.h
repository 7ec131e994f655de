/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_BATCH_COPY_H
#define CORE_EXPORT_BATCH_COPY_H

#include "core/export/text_out.h"
#include "core/trace/batch_head.h"
#include "core/trace/index.h"

/* Batches of one v2 trace on their way into another: each is read whole, and written as it stands
 * in the file or with another payload. One that is not whole would make the rest unreadable for Go
 * and is left out; where the index has corrected a header, the corrected one is written.
 *
 *	batch_copy_open(&copy, index, source);
 *	batch_copy_begin(&copy, out, damage);
 *	if (batch_copy_read(&copy, generation, batch))
 *		batch_copy_put(&copy);
 *	batch_copy_end_generation(&copy, generation, is_last);
 */
struct batch_copy {
	const struct index *index;
	const struct source *source;
	struct text_out *out;   /* NULL: nothing is written */
	struct damage *damage;  /* gets a row for each that is left out */
	struct batch_head head; /* of the one that was read */
	struct bytes payload;
	bool is_corrected;
	uint8_t bytes[BATCH_HEAD_MAX + BATCH_SIZE_MAX];
};

/* To read only. */
void batch_copy_open(struct batch_copy *copy, const struct index *index,
                     const struct source *source);

/* Writes the header of the file. */
void batch_copy_begin(struct batch_copy *copy, struct text_out *out, struct damage *damage);

/* False: it is left out. */
bool batch_copy_read(struct batch_copy *copy, const struct generation *generation,
                     const struct batch *batch);

/* The batch that was read. */
void batch_copy_put(struct batch_copy *copy);
void batch_copy_put_with(struct batch_copy *copy, struct bytes payload);

/* What stands between it and the next. */
void batch_copy_end_generation(struct batch_copy *copy, const struct generation *generation,
                               bool is_last);

#endif
