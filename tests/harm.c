/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/harm.h"

#include "core/base/decoder.h"
#include "core/trace/v2_wire.h"
#include "tests/draw.h"

enum { HEADER = 16, KINDS_MAX = 4, INTERESTING_BITS = 62 };

uint64_t harm_draw(struct harm *harm, uint64_t below)
{
	return draw(&harm->seed, below);
}

/* Small ones often, then any size. */
static uint64_t draw_number(struct harm *harm)
{
	uint64_t bits = harm_draw(harm, 3) == 0 ? harm_draw(harm, INTERESTING_BITS) + 1 : 3;

	if (harm_draw(harm, 20) == 0)
		return UINT64_MAX;
	return harm_draw(harm, UINT64_C(1) << bits);
}

/* ---- bytes that are in the way of nobody who knows what they mean */

struct stretch {
	size_t begin, len;
};

static struct stretch draw_stretch(struct harm *harm, size_t count)
{
	size_t begin = harm_draw(harm, count);
	size_t len = harm_draw(harm, UINT64_C(1) << harm_draw(harm, 12)) + 1;

	return (struct stretch){ begin, len < count - begin ? len : count - begin };
}

/* Puts len bytes that are somewhere in it in at another place. */
static void insert(byte_array *bytes, size_t at, const uint8_t *data, size_t len)
{
	array_resize(bytes, bytes->count + len);
	memmove(bytes->items + at + len, bytes->items + at, bytes->count - len - at);
	if (len > 0)
		memcpy(bytes->items + at, data, len);
}

static void remove_at(byte_array *bytes, size_t at, size_t len)
{
	memmove(bytes->items + at, bytes->items + at + len, bytes->count - at - len);
	bytes->count -= len;
}

static void copy_stretch(struct harm *harm, byte_array *bytes, size_t at)
{
	struct stretch s = draw_stretch(harm, bytes->count);
	uint8_t copy[4096];

	s.len = s.len < sizeof(copy) ? s.len : sizeof(copy);
	memcpy(copy, bytes->items + s.begin, s.len);
	insert(bytes, at, copy, s.len);
}

static void harm_bytes(struct harm *harm, byte_array *bytes)
{
	struct stretch s = draw_stretch(harm, bytes->count);

	switch (harm_draw(harm, 8)) {
	case 0:
	case 1:
		bytes->items[s.begin] ^= (uint8_t)(1u << harm_draw(harm, 8));
		break;
	case 2:
		bytes->items[s.begin] = (uint8_t)draw_number(harm);
		break;
	case 3:
		bytes->count = s.begin + 1;
		break;
	case 4:
		remove_at(bytes, s.begin, s.len < bytes->count ? s.len : 0);
		break;
	case 5:
		memset(bytes->items + s.begin, 0, s.len);
		break;
	case 6:
		copy_stretch(harm, bytes, s.begin);
		break;
	case 7:
		for (size_t i = 0; i < s.len && i < 16; i++)
			bytes->items[s.begin + i] = (uint8_t)harm_draw(harm, 256);
		break;
	}
}

/* ---- batches */

struct piece_of_file {
	uint64_t gen, m, time;
	size_t begin, len; /* payload */
	uint8_t type;      /* WIRE_END_OF_GENERATION: just that */
	uint8_t experiment;
};

struct pieces {
	ARRAY(struct piece_of_file) list;
	byte_array from; /* what it was taken from; payloads that are changed are put behind */
};

static void take_apart(struct pieces *pieces, const byte_array *bytes)
{
	struct decoder d = { .in = { bytes->items, bytes->count }, .at = HEADER };

	array_resize(&pieces->from, bytes->count);
	memcpy(pieces->from.items, bytes->items, bytes->count);
	while (!decoder_is_at_end(&d)) {
		struct piece_of_file piece = { .type = decoder_take_byte(&d) };

		if (piece.type != WIRE_END_OF_GENERATION) {
			if (piece.type == WIRE_EXPERIMENTAL_BATCH)
				piece.experiment = decoder_take_byte(&d);
			piece.gen = decoder_take_uvarint(&d);
			piece.m = decoder_take_uvarint(&d);
			piece.time = decoder_take_uvarint(&d);
			piece.len = decoder_take_uvarint(&d);
			piece.begin = d.at;
			decoder_take_bytes(&d, piece.len);
		}
		if (d.fault == DECODER_WELL)
			*array_push(&pieces->list) = piece;
	}
}

static void put_number(byte_array *out, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		*array_push(out) = (uint8_t)(number | 0x80);
	*array_push(out) = (uint8_t)number;
}

static void put_size(byte_array *out, uint64_t size)
{
	for (int i = 0; i < 9; i++, size >>= 7)
		*array_push(out) = (uint8_t)(size | 0x80);
	*array_push(out) = (uint8_t)size;
}

static void put_together(const struct pieces *pieces, byte_array *bytes)
{
	bytes->count = HEADER;
	for (size_t i = 0; i < pieces->list.count; i++) {
		const struct piece_of_file *piece = &pieces->list.items[i];

		*array_push(bytes) = piece->type;
		if (piece->type == WIRE_END_OF_GENERATION)
			continue;
		if (piece->type == WIRE_EXPERIMENTAL_BATCH)
			*array_push(bytes) = piece->experiment;
		put_number(bytes, piece->gen);
		put_number(bytes, piece->m);
		put_number(bytes, piece->time);
		put_size(bytes, piece->len);
		insert(bytes, bytes->count, pieces->from.items + piece->begin, piece->len);
	}
}

/* One event of a batch becomes another, says something else, comes twice or goes. */
static void harm_event(struct harm *harm, struct pieces *pieces, struct piece_of_file *piece)
{
	struct decoder d = { .in = { pieces->from.items + piece->begin, piece->len } };
	byte_array out = { .budget = pieces->from.budget };
	uint64_t which = harm_draw(harm, 1 + piece->len / 4), how = harm_draw(harm, 6);

	for (uint64_t i = 0; !decoder_is_at_end(&d); i++) {
		size_t begin = d.at;
		uint8_t type = decoder_take_byte(&d), wanted = type;
		unsigned count = wire_timed_args[type];
		uint64_t args[WIRE_ARGS] = { 0 };

		for (unsigned a = 0; a < count && a < WIRE_ARGS; a++)
			args[a] = decoder_take_uvarint(&d);
		if (count == 0 || count > WIRE_ARGS || d.fault != DECODER_WELL) {
			insert(&out, out.count, d.in.data + begin, d.in.len - begin);
			break;
		}
		if (i == which && how == 0)
			continue;
		if (i == which && how == 1)
			args[0] = draw_number(harm);
		if (i == which && how == 2 && count > 1)
			args[1 + harm_draw(harm, count - 1)] = draw_number(harm);
		while (i == which && how == 3 &&
		       (wanted == type || wire_timed_args[wanted] != count))
			wanted = (uint8_t)(harm_draw(harm, WIRE_GO_STATUS_STACK) + 1);
		for (unsigned twice = 0; twice < 1u + (i == which && how == 4); twice++) {
			*array_push(&out) = wanted;
			for (unsigned a = 0; a < count; a++)
				put_number(&out, args[a]);
		}
	}
	piece->begin = pieces->from.count;
	piece->len = out.count;
	insert(&pieces->from, pieces->from.count, out.items, out.count);
	array_free(&out);
}

static void harm_list(struct harm *harm, struct pieces *pieces)
{
	size_t count = pieces->list.count, at = harm_draw(harm, count);
	size_t other = harm_draw(harm, count), some = harm_draw(harm, count - at) + 1;
	struct piece_of_file *list = pieces->list.items, copy = list[at];

	switch (harm_draw(harm, 12)) {
	case 0: /* lost */
		memmove(list + at, list + at + 1, (count - at - 1) * sizeof(*list));
		pieces->list.count--;
		break;
	case 1: /* some come twice */
		for (size_t i = 0; i < some; i++) {
			copy = pieces->list.items[at + i];
			*array_push(&pieces->list) = copy;
		}
		break;
	case 2:
		list[at] = list[other];
		list[other] = copy;
		break;
	case 3:
		list[at].m = list[other].m;
		break;
	case 4:
		list[at].gen = list[other].gen + harm_draw(harm, 2);
		break;
	case 5:
		list[at].time = list[other].time;
		break;
	case 6:
		list[at].time = draw_number(harm);
		break;
	case 7: /* its clock jumps */
		list[at].time += harm_draw(harm, UINT64_C(1) << harm_draw(harm, 50));
		break;
	case 8:
		list[at].time -= harm_draw(harm, UINT64_C(1) << harm_draw(harm, 50));
		break;
	default:
		if (copy.type == WIRE_EVENT_BATCH)
			harm_event(harm, pieces, &list[at]);
		break;
	}
}

static void harm_batches(struct harm *harm, byte_array *bytes)
{
	struct pieces pieces = { .list = { .budget = bytes->budget } };

	pieces.from.budget = bytes->budget;
	take_apart(&pieces, bytes);
	if (pieces.list.count > 0) {
		harm_list(harm, &pieces);
		put_together(&pieces, bytes);
	}
	array_free(&pieces.list);
	array_free(&pieces.from);
}

void harm_do(struct harm *harm, byte_array *bytes)
{
	uint64_t kinds = harm_draw(harm, KINDS_MAX) + 1;

	for (; kinds > 0 && bytes->count > HEADER; kinds--) {
		if (harm_draw(harm, 3) == 0)
			harm_bytes(harm, bytes);
		else
			harm_batches(harm, bytes);
	}
}
