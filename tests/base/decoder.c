/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/decoder.h"

#include "tests/tap.h"

static uint64_t take(const uint8_t *data, size_t len, struct decoder *d)
{
	*d = (struct decoder){ .in = { data, len } };
	return decoder_take_uvarint(d);
}

static void uvarint_of_every_two_bytes(void)
{
	bool good = true;
	struct decoder d;

	for (unsigned value = 0; value < 1 << 14; value++) {
		uint8_t data[2] = { (uint8_t)(value | 0x80), (uint8_t)(value >> 7) };

		good = good && take(data, 2, &d) == value && d.at == 2 && d.fault == DECODER_WELL;
	}
	ok(good, "every number of two bytes, short ones padded, is itself");
}

static void uvarint_cut_short(void)
{
	const uint8_t data[] = { 0xff, 0xff, 0xff };
	struct decoder d;

	for (size_t len = 0; len <= sizeof(data); len++) {
		take(data, len, &d);
		ok(d.fault == DECODER_SHORT && d.at == 0, "%zu bytes that want another are short",
		   len);
	}
}

static void uvarint_limits(void)
{
	uint8_t most[10], over[10], padded[10] = { 0x85 }, longer[11];
	struct decoder d;

	memset(most, 0xff, sizeof(most));
	most[9] = 1;
	is_u64(take(most, 10, &d), UINT64_MAX, "ten bytes hold 64 bits");
	memcpy(over, most, sizeof(over));
	over[9] = 2;
	take(over, 10, &d);
	ok(d.fault == DECODER_MALFORMED, "a 65th bit is malformed");
	memset(padded + 1, 0x80, 8);
	padded[9] = 0;
	is_u64(take(padded, 10, &d), 5, "a length padded to ten bytes");
	memset(longer, 0x80, sizeof(longer));
	take(longer, 11, &d);
	ok(d.fault == DECODER_MALFORMED, "an eleventh byte is malformed");
}

static void faults_stick(void)
{
	const uint8_t data[] = { 1, 2, 3 };
	struct decoder d = { .in = { data, 3 } };

	ok(decoder_take_bytes(&d, UINT64_MAX).data == NULL, "more bytes than there are");
	ok(decoder_take_byte(&d) == 0 && decoder_take_uvarint(&d) == 0 && d.at == 0,
	   "after a fault nothing is taken");
}

int main(void)
{
	uvarint_of_every_two_bytes();
	uvarint_cut_short();
	uvarint_limits();
	faults_stick();
	return tap_done();
}
