/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/events_of.h"

#include "core/export/events_text.h"
#include "core/trace/order.h"
#include "core/trace/v1_events.h"

static bool collect(void *context, struct bytes text)
{
	byte_array *all = context;

	for (size_t i = 0; i < text.len; i++)
		*array_push(all) = text.data[i];
	return true;
}

static bool put(struct text_out *out, const struct event *event, int64_t *last_ns)
{
	bool good = event->time_ns > *last_ns;

	*last_ns = event->time_ns;
	events_text(out, event);
	return good;
}

static bool put_v2(struct text_out *out, struct budget *budget, const struct index *index,
                   const struct source *source, bool is_strict)
{
	struct order order;
	struct event event;
	struct error err = { 0 };
	int64_t last_ns = INT64_MIN;
	bool good = true;

	order_init(&order, budget, index, source, is_strict);
	while (good && order_next(&order, &event, &err))
		good = put(out, &event, &last_ns);
	order_free(&order);
	return good && err.kind == ERROR_NONE;
}

static bool put_v1(struct text_out *out, struct budget *budget, unsigned minor,
                   const struct source *source, bool is_strict)
{
	struct v1_events events;
	struct event event;
	struct error err = { 0 };
	int64_t last_ns = INT64_MIN;
	bool good = v1_events_init(&events, budget, source, minor, is_strict, &err);

	while (good && v1_events_next(&events, &event))
		good = put(out, &event, &last_ns);
	v1_events_free(&events);
	return good;
}

bool events_of(struct budget *budget, struct bytes trace, bool is_strict, byte_array *text)
{
	static struct text_out out;
	static struct stack_texts stacks;
	struct source source;
	struct index index;
	struct error err = { 0 };
	bool good;

	out = (struct text_out){ .take = collect, .context = text, .stacks = &stacks };
	stack_texts_clear(&stacks);
	array_clear(text);
	source_open_stream(&source, budget);
	source_append(&source, trace);
	source_finish(&source);
	good = index_open(&index, budget, &source, &err);
	index.is_strict = is_strict;
	index.keeps_empty = true;
	if (good && version_is_v2(index.version)) {
		while (index_step(&index, &source, 64))
			;
		good = put_v2(&out, budget, &index, &source, is_strict);
	} else if (good) {
		good = put_v1(&out, budget, index.version.minor, &source, is_strict);
	}
	text_flush(&out);
	index_free(&index);
	source_close(&source);
	return good;
}
