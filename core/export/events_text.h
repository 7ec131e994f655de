/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_EVENTS_TEXT_H
#define CORE_EXPORT_EVENTS_TEXT_H

#include "core/export/text_out.h"
#include "core/trace/event.h"

/* Stacks as text, of those that come again and again: most of the text is stacks. Where the caller
 * has it in text_out.stacks, cleared, events_text keeps in it what it writes. */
enum { STACK_TEXTS = 1024, STACK_TEXT_MAX = 2044 };

struct stack_texts {
	struct stack_text {
		uint64_t stack; /* of the generation */
		uint32_t len;   /* 0: none */
		uint8_t text[STACK_TEXT_MAX];
	} slots[STACK_TEXTS];
};

void stack_texts_clear(struct stack_texts *stacks);

/* An event as `go tool trace -d=parsed` prints it (Go: internal/trace/event.go, Event.String). */
void events_text(struct text_out *out, const struct event *event);

#endif
