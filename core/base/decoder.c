/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/decoder.h"

uint8_t decoder_take_byte(struct decoder *d)
{
	if (d->fault != DECODER_WELL)
		return 0;
	if (d->at == d->in.len) {
		d->fault = DECODER_SHORT;
		return 0;
	}
	return d->in.data[d->at++];
}

uint64_t decoder_take_uvarint(struct decoder *d)
{
	uint64_t value = 0;
	uint8_t byte;

	if (d->fault != DECODER_WELL)
		return 0;
	for (unsigned i = 0; i < 10; i++) {
		if (i == d->in.len - d->at) {
			d->fault = DECODER_SHORT;
			return 0;
		}
		byte = d->in.data[d->at + i];
		if (i == 9 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			d->at += i + 1;
			return value;
		}
	}
	d->fault = DECODER_MALFORMED;
	return 0;
}

struct bytes decoder_take_bytes(struct decoder *d, uint64_t len)
{
	struct bytes taken = { d->in.data + d->at, (size_t)len };

	if (d->fault == DECODER_WELL && len > d->in.len - d->at)
		d->fault = DECODER_SHORT;
	if (d->fault != DECODER_WELL)
		return (struct bytes){ NULL, 0 };
	d->at += taken.len;
	return taken;
}
