/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_TEXT_OUT_H
#define CORE_EXPORT_TEXT_OUT_H

#include "core/base/arena.h"

/* Where a long text goes: a buffer that is passed on when it is full. Numbers are written by hand,
 * as there are millions of them. */
struct text_out {
	/* Takes what is written; false: nothing more is wanted. */
	bool (*take)(void *context, struct bytes text);
	void *context;
	struct stack_texts *stacks; /* for events_text.h; NULL: it keeps nothing */
	bool is_over;               /* take said so */
	uint64_t passed;            /* bytes that take got */
	size_t used;
	uint8_t buffer[64 << 10];
};

enum { TEXT_OUT_PIECE = 4096 }; /* the longest text_need */

void text_out_init(struct text_out *out, bool (*take)(void *context, struct bytes text),
                   void *context);
bool text_flush(struct text_out *out);

/* Room for so many bytes, at most TEXT_OUT_PIECE. */
static inline uint8_t *text_need(struct text_out *out, size_t len)
{
	if (out->used + len > sizeof(out->buffer))
		text_flush(out);
	return out->buffer + out->used;
}

void text_put(struct text_out *out, struct bytes text);
void text_put_unsigned(struct text_out *out, uint64_t number);
void text_put_hex(struct text_out *out, uint64_t number);

/* As Go prints an int64 that a file has as an uint64: -1 for no thread. */
void text_put_signed(struct text_out *out, uint64_t number);

/* Of a constant. */
#define TEXT_PUT(out, text) text_put_short((out), (text), sizeof(text) - 1)

static inline void text_put_short(struct text_out *out, const char *text, size_t len)
{
	memcpy(text_need(out, len), text, len);
	out->used += len;
}

/* Quoted as Go's %q does (Go: strconv.Quote). */
void text_put_quoted(struct text_out *out, struct bytes text);

/* What stands between the quotes of a JSON string: what is no UTF-8 is U+FFFD. */
void text_put_escaped(struct text_out *out, struct bytes text);

/* RFC 3339 with as many digits as it needs, UTC (Go: time.RFC3339Nano). */
void text_put_wall(struct text_out *out, int64_t sec, int64_t nsec);

#endif
