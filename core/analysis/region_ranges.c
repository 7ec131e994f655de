/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/region_ranges.h"

#include "core/model/part.h"

#include <stdio.h>

enum { PIECES_A_STEP = 1 << 14, REASON_MAX = 1024 };

void region_ranges_init(struct region_ranges *ranges, struct region_times *times,
                        const struct model *model)
{
	*ranges = (struct region_ranges){
		.times = times,
		.model = model,
		.assist_name = strings_find(&model->strings, bytes_of("GC mark assist")),
		.sweep_name = strings_find(&model->strings, bytes_of("GC incremental sweep")),
	};
}

static string_id stop_name(const struct model *model, string_id reason)
{
	struct bytes text = strings_text(&model->strings, reason);
	char name[REASON_MAX + 32];
	int len = snprintf(name, sizeof(name), "stop-the-world (%.*s)",
	                   (int)(text.len < REASON_MAX ? text.len : REASON_MAX),
	                   (const char *)text.data);

	return strings_find(&model->strings,
	                    (struct bytes){ (const uint8_t *)name, len < 0 ? 0 : (size_t)len });
}

/* Those of the model that begin before the part is over. */
static void add_long(struct region_ranges *ranges, const struct part *part)
{
	const struct model *model = ranges->model;

	for (; ranges->assists < model->assists.count; ranges->assists++) {
		const struct assist *assist = &model->assists.items[ranges->assists];

		if (assist->begin_ns > part->end_ns)
			break;
		region_times_range(ranges->times, assist->go, ranges->assist_name, assist->begin_ns,
		                   assist->end_ns);
	}
	for (; ranges->stops < model->stops.count; ranges->stops++) {
		const struct stw *stop = &model->stops.items[ranges->stops];

		if (stop->begin_ns > part->end_ns)
			break;
		region_times_range(ranges->times, stop->go, stop_name(model, stop->reason),
		                   stop->begin_ns, stop->end_ns);
	}
}

bool region_ranges_add(struct region_ranges *ranges, uint32_t number, size_t *at)
{
	const struct part *part = ranges->model->parts.items[number];
	const struct history *history = part_visited(part);
	size_t count = history->lanes.pieces.count;
	size_t end = count - *at > PIECES_A_STEP ? *at + PIECES_A_STEP : count;

	if (*at == 0)
		add_long(ranges, part);
	for (; *at < end; ++*at) {
		const struct piece *piece = &history->lanes.pieces.items[*at];

		if (piece->kind == PIECE_SWEEP && piece->g != INDEX_NONE)
			region_times_range(ranges->times, history->go_of.items[piece->g],
			                   ranges->sweep_name, part_ns(part, piece->begin),
			                   part_ns(part, piece->end));
	}
	return *at < count;
}
