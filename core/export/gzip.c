/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/gzip.h"

static uint32_t crc_add(uint32_t crc, struct bytes bytes)
{
	static const uint32_t of_half[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};

	crc = ~crc;
	for (size_t i = 0; i < bytes.len; i++) {
		crc = crc >> 4 ^ of_half[(crc ^ bytes.data[i]) & 15];
		crc = crc >> 4 ^ of_half[(crc ^ bytes.data[i] >> 4) & 15];
	}
	return ~crc;
}

static void put_little(struct text_out *out, uint32_t number, size_t len)
{
	uint8_t bytes[4];

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(number >> 8 * i);
	text_put(out, (struct bytes){ bytes, len });
}

void gzip_begin(struct gzip *gzip, struct text_out *out)
{
	/* deflate, no name, no time, from whatever system */
	static const uint8_t head[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff };

	gzip->out = out;
	gzip->crc = gzip->len = 0;
	gzip->used = 0;
	text_put(out, (struct bytes){ head, sizeof(head) });
}

static void put_block(struct gzip *gzip, bool is_last)
{
	uint32_t used = (uint32_t)gzip->used;

	put_little(gzip->out, is_last, 1);
	put_little(gzip->out, used, 2);
	put_little(gzip->out, ~used & 0xffff, 2);
	text_put(gzip->out, (struct bytes){ gzip->block, gzip->used });
	gzip->used = 0;
}

void gzip_put(struct gzip *gzip, struct bytes bytes)
{
	gzip->crc = crc_add(gzip->crc, bytes);
	gzip->len += (uint32_t)bytes.len;
	while (bytes.len > 0) {
		size_t room = sizeof(gzip->block) - gzip->used;
		size_t part = bytes.len < room ? bytes.len : room;

		memcpy(gzip->block + gzip->used, bytes.data, part);
		gzip->used += part;
		bytes.data += part;
		bytes.len -= part;
		if (gzip->used == sizeof(gzip->block))
			put_block(gzip, false);
	}
}

void gzip_end(struct gzip *gzip)
{
	put_block(gzip, true);
	put_little(gzip->out, gzip->crc, 4);
	put_little(gzip->out, gzip->len, 4);
}
