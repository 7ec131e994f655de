/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/batch_head.h"

#include "core/base/decoder.h"
#include "core/trace/v2_wire.h"

enum { NUMBERS = 3, NUMBER_MAX = 10 }; /* generation, thread, time; bytes of each */

enum head_verdict batch_head_take(struct bytes in, struct batch_head *head)
{
	struct decoder d = { .in = in };
	size_t size_at;

	head->type = decoder_take_byte(&d);
	if (d.fault == DECODER_SHORT)
		return HEAD_SHORT;
	if (head->type != WIRE_EVENT_BATCH && head->type != WIRE_EXPERIMENTAL_BATCH)
		return HEAD_BAD;
	if (head->type == WIRE_EXPERIMENTAL_BATCH)
		decoder_take_byte(&d);
	head->number = decoder_take_uvarint(&d);
	head->m = decoder_take_uvarint(&d);
	head->ticks = decoder_take_uvarint(&d);
	if (d.fault != DECODER_WELL)
		return d.fault == DECODER_SHORT ? HEAD_SHORT : HEAD_BAD;
	if (head->number == 0)
		return HEAD_BAD;
	size_at = d.at;
	head->size = decoder_take_uvarint(&d);
	if (d.fault == DECODER_SHORT)
		return HEAD_SHORT;
	head->is_padded = d.at - size_at == BATCH_PADDED;
	head->len = (uint8_t)d.at;
	if (d.fault == DECODER_WELL && head->size <= BATCH_SIZE_MAX)
		return HEAD_WELL;
	if (d.fault != DECODER_WELL)
		head->len = (uint8_t)(size_at + BATCH_PADDED);
	return HEAD_NO_SIZE;
}

bool batch_head_before(struct bytes in, size_t at, size_t *begin)
{
	for (int i = 0; i < NUMBERS; i++) {
		size_t last = at - 1;

		if (at == 0 || in.data[last] >= 0x80)
			return false;
		for (at = last; at > 0 && in.data[at - 1] >= 0x80 && last - at + 1 < NUMBER_MAX;)
			at--;
	}
	if (at > 0 && in.data[at - 1] == WIRE_EVENT_BATCH) {
		*begin = at - 1;
		return true;
	}
	*begin = at - 2;
	return at > 1 && in.data[at - 1] < 0x80 && in.data[at - 2] == WIRE_EXPERIMENTAL_BATCH;
}
