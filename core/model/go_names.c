/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/go_names.h"

void go_names_init(struct go_names *names, const struct roster *roster, struct budget *budget)
{
	names->roster = roster;
	sparse_init(&names->names, budget);
}

void go_names_free(struct go_names *names)
{
	sparse_free(&names->names);
}

void go_names_forget(struct go_names *names)
{
	sparse_clear(&names->names);
}

/* All that the block has so far. */
static void look_up(struct go_names *names, uint32_t block)
{
	uint32_t first = block * ROSTER_BLOCK, end = first + ROSTER_BLOCK;
	struct roster_reader reader;

	roster_reader_init(&reader, names->roster);
	for (uint32_t go = first; go < end && go < names->roster->count; go++)
		sparse_set(&names->names, go, roster_read(&reader, go)->name + 1);
	roster_reader_free(&reader);
}

string_id go_names_of(struct go_names *names, uint32_t go)
{
	if (go >= names->roster->count)
		return 0;
	if (sparse_get(&names->names, go) == 0)
		look_up(names, go / ROSTER_BLOCK);
	return sparse_get(&names->names, go) - 1;
}
