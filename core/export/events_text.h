/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_EVENTS_TEXT_H
#define CORE_EXPORT_EVENTS_TEXT_H

#include "core/export/text_out.h"
#include "core/trace/event.h"

/* An event as `go tool trace -d=parsed` prints it (Go: internal/trace/event.go, Event.String). */
void events_text(struct text_out *out, const struct event *event);

#endif
