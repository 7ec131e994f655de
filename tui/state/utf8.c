/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/utf8.h"

/* The bytes a lead byte announces; 0: it is none. */
static size_t announced(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

size_t utf8_decode(struct bytes text, uint32_t *code)
{
	static const uint32_t least[UTF8_MAX + 1] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = text.len > 0 ? announced(text.data[0]) : 0;
	uint32_t value;

	if (len == 0 || len > text.len)
		return 0;
	value = len == 1 ? text.data[0] : text.data[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((text.data[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (text.data[i] & 0x3fu);
	}
	if (value < least[len] || (value >= 0xd800 && value < 0xe000) || value > 0x10ffff)
		return 0;
	*code = value;
	return len;
}

size_t utf8_encode(uint32_t code, char out[UTF8_MAX])
{
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const uint8_t lead[UTF8_MAX + 1] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = len; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(lead[len] | code);
	return len;
}
