/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/strings.h"

void strings_init(struct strings *strings, struct budget *budget)
{
	*strings = (struct strings){ .arena = { .budget = budget } };
	strings->texts.budget = strings->by_hash.budget = budget;
	strings_add(strings, (struct bytes){ NULL, 0 });
}

void strings_free(struct strings *strings)
{
	arena_free(&strings->arena);
	array_free(&strings->texts);
	id_map_free(&strings->by_hash);
}

static uint64_t hash_text(struct bytes text)
{
	uint64_t hash = text.len, word;
	size_t at = 0;

	for (; text.len - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, text.data + at, sizeof(word));
		hash = id_hash(hash ^ word);
	}
	word = 0;
	if (at < text.len)
		memcpy(&word, text.data + at, text.len - at);
	return id_hash(hash ^ word);
}

string_id strings_add(struct strings *strings, struct bytes text)
{
	string_id fresh = (string_id)strings->texts.count, id;

	/* two texts of one hash stand at neighbouring hashes */
	for (uint64_t hash = hash_text(text);; hash++) {
		id = id_map_add(&strings->by_hash, hash, fresh);
		if (id == fresh)
			break;
		if (bytes_equal(strings->texts.items[id], text))
			return id;
	}
	*array_push(&strings->texts) = arena_copy(&strings->arena, text);
	return fresh;
}

string_id strings_find(const struct strings *strings, struct bytes text)
{
	for (uint64_t hash = hash_text(text);; hash++) {
		string_id id = id_map_find(&strings->by_hash, hash);

		if (id == ID_NONE)
			return 0;
		if (bytes_equal(strings->texts.items[id], text))
			return id;
	}
}
