/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/batch_copy.h"

#include "core/trace/v2_wire.h"

void batch_copy_open(struct batch_copy *copy, const struct index *index,
                     const struct source *source)
{
	copy->index = index;
	copy->source = source;
	copy->out = NULL;
	copy->damage = NULL;
}

void batch_copy_begin(struct batch_copy *copy, struct text_out *out, struct damage *damage)
{
	uint8_t header[VERSION_HEADER];
	size_t len = source_read(copy->source, 0, header, sizeof(header), NULL);

	copy->out = out;
	copy->damage = damage;
	text_put(out, (struct bytes){ header, len });
}

static bool leave_out(struct batch_copy *copy, const struct batch *batch)
{
	if (copy->damage != NULL)
		damage_lose(copy->damage, DAMAGE_LOCAL, batch->offset - batch->head_len,
		            batch->head_len + batch->size, "a batch that is not whole is left out");
	return false;
}

bool batch_copy_read(struct batch_copy *copy, const struct generation *generation,
                     const struct batch *batch)
{
	struct bytes all = { copy->bytes, batch->head_len + batch->size };
	size_t got = source_read(copy->source, batch->offset - batch->head_len, copy->bytes,
	                         all.len, NULL);

	if (batch->is_cut || got < all.len || batch_head_take(all, &copy->head) != HEAD_WELL ||
	    copy->head.len != batch->head_len || copy->head.size != batch->size)
		return leave_out(copy, batch);
	copy->payload = (struct bytes){ copy->bytes + batch->head_len, batch->size };
	copy->is_corrected = copy->head.number != generation->number ||
	                     copy->head.ticks != batch->ticks || copy->head.m != batch->m;
	copy->head.number = generation->number;
	copy->head.ticks = batch->ticks;
	copy->head.m = batch->m;
	return true;
}

void batch_copy_put(struct batch_copy *copy)
{
	if (copy->is_corrected)
		batch_copy_put_with(copy, copy->payload);
	else
		text_put(copy->out,
		         (struct bytes){ copy->bytes, copy->head.len + copy->payload.len });
}

/* ---- headers of ours */

static void put_number(struct text_out *out, uint64_t number, unsigned least_len)
{
	uint8_t *at = text_need(out, BATCH_PADDED);
	unsigned len = 0;

	for (; number >= 0x80 || len + 1 < least_len; number >>= 7)
		at[len++] = (uint8_t)(number | 0x80);
	at[len++] = (uint8_t)number;
	out->used += len;
}

void batch_copy_put_with(struct batch_copy *copy, struct bytes payload)
{
	struct text_out *out = copy->out;
	bool is_experimental = copy->head.type == WIRE_EXPERIMENTAL_BATCH;

	text_put(out,
	         (struct bytes){ copy->bytes, is_experimental ? 2 : 1 }); /* with whose it is */
	put_number(out, copy->head.number, 1);
	put_number(out, copy->head.m, 1);
	put_number(out, copy->head.ticks, 1);
	put_number(out, payload.len, copy->head.is_padded ? BATCH_PADDED : 1);
	text_put(out, payload);
}

void batch_copy_end_generation(struct batch_copy *copy, const struct generation *generation,
                               bool is_last)
{
	static const uint8_t mark = WIRE_END_OF_GENERATION;

	if (copy->index->version.minor < 26)
		return;
	if (generation->has_end_mark || !is_last) /* Go reads nothing behind one that has none */
		text_put(copy->out, (struct bytes){ &mark, 1 });
}
