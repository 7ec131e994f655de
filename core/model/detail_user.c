/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/detail_at.h"

enum { COUNTED = 512 /* of each kind: more are not counted */ };

void detail_fill_mark(struct detail *detail, const struct detail_reader *r, const struct span *span)
{
	stack_id stacks[2];

	model_span_stacks(r->model, span, stacks);
	detail->start_stack = stacks[0];
	detail->end_stack = stacks[1];
	if (span->kind == SPAN_SAMPLE)
		detail->thread = user_sample_at(r->model, span->part, span->index).thread;
	if (span->kind == SPAN_REGION) {
		struct user_region region = user_region_at(r->model, span->part, span->index);

		detail->begins_before = region.begins_before;
		detail->ends_after = region.is_open;
	}
}

static bool is_same_region(const struct user_region *region, const struct span *span)
{
	return span->kind == SPAN_REGION && region->part == span->part &&
	       region->index == span->index;
}

static void fill_regions(struct detail *detail, const struct model *model, const struct span *span,
                         int64_t end_ns)
{
	struct user_region regions[COUNTED];
	size_t count = user_regions(model, span->go, span->begin_ns, end_ns, regions, COUNTED);

	detail->has_more |= count == COUNTED;
	for (size_t i = 0; i < count; i++) {
		bool is_around =
			regions[i].begin_ns <= span->begin_ns && regions[i].end_ns >= span->end_ns;
		size_t *number = is_around ? &detail->around_count : &detail->inside_count;

		if (is_same_region(&regions[i], span))
			continue;
		if (*number < DETAIL_SAID)
			(is_around ? detail->around : detail->inside)[*number] = regions[i];
		++*number;
	}
}

void detail_fill_said(struct detail *detail, const struct model *model, const struct span *span)
{
	struct user_of of = { span->go, INDEX_NONE };
	int64_t end_ns = span->end_ns > span->begin_ns ? span->end_ns : span->begin_ns + 1;
	struct user_log logs[COUNTED];
	struct cpu_sample samples[COUNTED];

	fill_regions(detail, model, span, end_ns);
	if (span->kind == SPAN_LOG || span->kind == SPAN_SAMPLE)
		return;
	detail->log_count = user_logs(model, of, span->begin_ns, end_ns, logs, COUNTED);
	detail->sample_count = user_samples(model, of, span->begin_ns, end_ns, samples, COUNTED);
	detail->has_more |= detail->log_count == COUNTED || detail->sample_count == COUNTED;
	for (size_t i = 0; i < detail->log_count && i < DETAIL_SAID; i++)
		detail->logs[i] = logs[i];
}
