/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

/* The census of a part: names of who is joined, and reasons; and what is said. */

void seam_count_name(struct seam *seam, string_id name, uint32_t runs)
{
	u32_array *places = &seam->seams->counted;
	struct census *census = &seam->part->census;
	uint32_t *place;

	if (name == 0 || runs == 0)
		return;
	if (name >= places->count)
		array_resize(places, seam->model->strings.texts.count);
	place = &places->items[name];
	if (*place == 0) {
		*array_push(&census->names) = (struct census_count){ .text = name };
		*place = (uint32_t)census->names.count;
	}
	census->names.items[*place - 1].count += runs;
}

void seam_count_go(struct seam *seam, uint32_t go, uint32_t runs)
{
	string_id name;

	if (runs == 0 || go == INDEX_NONE)
		return;
	name = roster_brief(&seam->model->roster, go).name;
	if (name != 0)
		seam_count_name(seam, name, runs);
	else
		*array_push(&seam->part->census.unnamed) = (struct census_go){ go, runs };
}

static void add_said(struct seam *seam)
{
	struct census *census = &seam->part->census;
	const u64_array *said = &seam->walk->said;

	census->says_others = seam->walk->says_others;
	for (size_t i = 0; i < said->count; i++)
		for (uint64_t bits = said->items[i]; bits != 0; bits &= bits - 1) {
			uint64_t id = i * 64 + (uint64_t)__builtin_ctzll(bits);
			string_id text = tables_string(&seam->part->tables, id);

			if (text != 0)
				*array_push(&census->said) = text;
		}
	array_trim(&census->said);
}

void seam_end_census(struct seam *seam)
{
	struct census *census = &seam->part->census;
	const struct account *account = seam->account;

	for (size_t i = 0; i < account->past.count; i++)
		seam_count_go(seam, account->past.items[i].go, account->past.items[i].runs);
	for (size_t i = 1; i < seam->seams->reasons.count && i < ACCOUNT_REASONS; i++)
		if (account->stopped[i] > 0)
			*array_push(&census->reasons) =
				(struct census_count){ seam->seams->reasons.items[i],
				                       account->stopped[i] };
	add_said(seam);
	for (size_t i = 0; i < census->names.count; i++)
		seam->seams->counted.items[census->names.items[i].text] = 0;
	array_trim(&census->names);
	array_trim(&census->reasons);
	array_trim(&census->unnamed);
}
