/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/comparison.h"

#include "core/base/checked.h"

void comparison_init(struct comparison *comparison, struct budget *budget)
{
	*comparison = (struct comparison){ .subjects = { .budget = budget },
		                           .subject_of = { .budget = budget } };
	strings_init(&comparison->texts, budget);
	lengths_init(&comparison->lengths, budget);
}

void comparison_free(struct comparison *comparison)
{
	strings_free(&comparison->texts);
	array_free(&comparison->subjects);
	id_map_free(&comparison->subject_of);
	lengths_free(&comparison->lengths);
}

uint32_t comparison_subject(struct comparison *comparison, enum comparison_of of, struct bytes name)
{
	string_id text = strings_add(&comparison->texts, name);
	uint32_t fresh = (uint32_t)comparison->subjects.count;
	uint32_t at = id_map_add(&comparison->subject_of, (uint64_t)of << 32 | text, fresh);

	if (at == fresh)
		*array_push(&comparison->subjects) =
			(struct comparison_subject){ .of = (uint8_t)of, .name = text };
	return at;
}

static uint64_t count_before(const struct comparison_subject *subject)
{
	return subject->sums[COMPARISON_EARLY].count + subject->sums[COMPARISON_LATE].count;
}

static int64_t most_before(const struct comparison_subject *subject)
{
	int64_t early = subject->sums[COMPARISON_EARLY].most;
	int64_t late = subject->sums[COMPARISON_LATE].most;

	return early > late ? early : late;
}

void comparison_spend(struct comparison *comparison, uint32_t subject, unsigned part, int64_t ns,
                      const struct comparison_place *place)
{
	struct comparison_subject *of = &comparison->subjects.items[subject];
	bool is_after = part == COMPARISON_AFTER;
	uint64_t count = is_after ? of->sums[part].count : count_before(of);
	struct comparison_place *worst = &of->places[is_after];

	of->sums[part].ns = saturating_add_i64(of->sums[part].ns, ns);
	if (count == 0 && place->end_ns - place->begin_ns > worst->end_ns - worst->begin_ns)
		*worst = *place;
}

void comparison_count(struct comparison *comparison, uint32_t subject, unsigned part, int64_t value,
                      const struct comparison_place *place)
{
	struct comparison_subject *of = &comparison->subjects.items[subject];
	bool is_after = part == COMPARISON_AFTER;
	struct comparison_sum *sum = &of->sums[part];
	uint64_t count = is_after ? sum->count : count_before(of);

	if (count == 0 || value > (is_after ? sum->most : most_before(of)))
		of->places[is_after] = *place;
	if (sum->count == 0 || value < sum->least)
		sum->least = value;
	if (sum->count == 0 || value > sum->most)
		sum->most = value;
	sum->count++;
	lengths_add(&comparison->lengths, subject, part, value);
}
