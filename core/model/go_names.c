/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/go_names.h"

void go_names_init(struct go_names *names, const struct roster *roster, struct budget *budget)
{
	*names = (struct go_names){ .roster = roster,
		                    .names = { .budget = budget },
		                    .is_known = { .budget = budget } };
}

void go_names_free(struct go_names *names)
{
	array_free(&names->names);
	array_free(&names->is_known);
}

/* The last block grows: of what it does not have yet nothing is known. */
static void look_up(struct go_names *names, uint32_t block)
{
	uint32_t first = block * ROSTER_BLOCK, end = first + ROSTER_BLOCK;
	struct roster_reader reader;

	roster_reader_init(&reader, names->roster);
	for (uint32_t go = first; go < end && go < names->roster->count; go++)
		names->names.items[go] = roster_read(&reader, go)->name;
	roster_reader_free(&reader);
	names->is_known.items[block] = end <= names->roster->count;
}

string_id go_names_of(struct go_names *names, uint32_t go)
{
	const struct roster *roster = names->roster;

	if (go >= roster->count)
		return 0;
	if (go >= names->names.count) {
		array_resize(&names->names, roster->blocks.count * ROSTER_BLOCK);
		array_resize(&names->is_known, roster->blocks.count);
	}
	if (!names->is_known.items[go / ROSTER_BLOCK])
		look_up(names, go / ROSTER_BLOCK);
	return names->names.items[go];
}
