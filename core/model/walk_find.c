/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

/* Who and what an event means: ids of the file -> numbers of the part. */

enum { REASONS_MAX = 255 };

static uint32_t add_go(struct walk *walk, struct local_go go)
{
	*array_push(&walk->gos) = go;
	return (uint32_t)walk->gos.count - 1;
}

uint32_t walk_meet_go(struct walk *walk, uint64_t id)
{
	uint32_t fresh = (uint32_t)walk->gos.count;
	uint32_t g = id_pages_add(&walk->go_of, id, fresh);

	return g == fresh ? add_go(walk, (struct local_go){ .id = id }) : g;
}

uint32_t walk_add_standin(struct walk *walk)
{
	return add_go(walk, (struct local_go){ .is_standin = true });
}

uint16_t walk_find_proc(struct walk *walk, uint64_t id)
{
	uint32_t fresh = (uint32_t)walk->procs.count, p;

	if (fresh >= PROC_NONE && id_pages_find(&walk->proc_of, id) == ID_NONE)
		return PROC_NONE; /* more Ps than there can be */
	p = id_pages_get(&walk->proc_of, id, fresh);
	if (p == fresh)
		*array_push(&walk->procs) = (struct local_proc){ .id = id };
	return (uint16_t)p;
}

uint32_t walk_stream(struct walk *walk, uint64_t m)
{
	uint32_t fresh = (uint32_t)walk->streams.count;
	uint32_t s = id_map_add(&walk->stream_of, m, fresh);

	if (s == fresh)
		*array_push(&walk->streams) = (struct stream){
			.m = m,
			.first = TIME_NONE,
			.run.g = INDEX_NONE,
			.head_go = INDEX_NONE,
			.bound = INDEX_NONE,
			.tenure = INDEX_NONE,
			.opener = INDEX_NONE,
			.last_go = INDEX_NONE,
			.stop = INDEX_NONE,
			.assist.g = INDEX_NONE,
			.sweep.g = INDEX_NONE,
			.syscalls.budget = walk->budget,
			.regions.budget = walk->budget,
			.proc = PROC_NONE,
		};
	return s;
}

uint8_t walk_find_reason(struct walk *walk, uint64_t string)
{
	size_t reason = string < WALK_SMALL_STRING ? walk->reason_of.items[string] : 0;

	if (reason != 0 || string == 0)
		return (uint8_t)reason;
	while (reason < walk->reasons.count && walk->reasons.items[reason] != string)
		reason++;
	if (reason == walk->reasons.count) {
		if (reason > REASONS_MAX)
			return 0;
		*array_push(&walk->reasons) = string;
		if (bytes_equal(walk_text(walk, string), bytes_of("forever")))
			walk->forever = (uint8_t)reason;
	}
	if (string < WALK_SMALL_STRING)
		walk->reason_of.items[string] = (uint8_t)reason;
	return (uint8_t)reason;
}

uint32_t walk_name_of(struct walk *walk, uint64_t stack)
{
	bool is_named;

	if (stack < WALK_SMALL_STACK && walk->names.items[stack] != 0)
		return walk->names.items[stack] - 1;
	is_named = stack != 0 && stack <= UINT32_MAX && tables_names_root(&walk->tables, stack);
	if (stack < WALK_SMALL_STACK)
		walk->names.items[stack] = is_named ? (uint32_t)stack + 1 : 1;
	return is_named ? (uint32_t)stack : 0;
}
