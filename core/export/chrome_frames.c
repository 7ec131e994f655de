/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/chrome_at.h"
#include "core/trace/tables.h"

static bool is_same(const struct chrome_frame *a, const struct chrome_frame *b)
{
	return a->parent == b->parent && a->function == b->function && a->line == b->line;
}

/* Two of one hash stand at neighbouring hashes. */
static uint32_t add_frame(struct chrome *chrome, const struct chrome_frame *frame)
{
	uint32_t fresh = (uint32_t)chrome->frames.count, at;
	uint64_t hash =
		id_hash(id_hash((uint64_t)frame->parent << 32 | frame->function) ^ frame->line);

	for (;; hash++) {
		at = id_map_add(&chrome->frame_of, hash, fresh);
		if (at == fresh)
			break;
		if (is_same(&chrome->frames.items[at], frame))
			return at;
	}
	*array_push(&chrome->frames) = *frame;
	return fresh;
}

uint32_t chrome_frame_of(struct chrome *chrome, const struct event *event, uint64_t stack)
{
	uint32_t at = stack == 0 ? 0 : id_map_find(&chrome->stack_of, stack);
	const struct own_frame *frames;
	uint32_t count;

	if (at != ID_NONE)
		return at;
	frames = tables_frames(event->tables, stack, &count);
	at = 0;
	for (uint32_t i = count; i-- > 0;) {
		struct chrome_frame frame = { at, chrome_keep(chrome, event, frames[i].function),
			                      frames[i].line };

		at = add_frame(chrome, &frame);
	}
	id_map_set(&chrome->stack_of, stack, at);
	return at;
}

string_id chrome_root_of(struct chrome *chrome, const struct event *event, uint64_t stack)
{
	uint32_t count;
	const struct own_frame *frames = tables_frames(event->tables, stack, &count);

	return count == 0 ? 0 : chrome_keep(chrome, event, frames[count - 1].function);
}

void chrome_put_frames(struct chrome *chrome)
{
	struct text_out *out = chrome->out;

	for (size_t i = 1; i < chrome->frames.count && !out->is_over; i++) {
		const struct chrome_frame *frame = &chrome->frames.items[i];

		if (i > 1)
			TEXT_PUT(out, ",");
		TEXT_PUT(out, "\n\"");
		text_put_unsigned(out, i);
		TEXT_PUT(out, "\":{\"name\":\"");
		text_put_escaped(out, chrome_text(chrome, frame->function));
		TEXT_PUT(out, ":");
		text_put_unsigned(out, frame->line);
		TEXT_PUT(out, "\"");
		chrome_put_frame(chrome, ",\"parent\":", frame->parent);
		TEXT_PUT(out, "}");
	}
}
