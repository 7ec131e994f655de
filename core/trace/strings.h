/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_STRINGS_H
#define CORE_TRACE_STRINGS_H

#include "core/base/array.h"
#include "core/base/id_map.h"

typedef uint32_t string_id; /* 0: the empty text */

/* Every text of a trace once. Texts live as long as this. */
struct strings {
	struct arena arena;
	ARRAY(struct bytes) texts;
	struct id_map by_hash;
};

void strings_init(struct strings *strings, struct budget *budget);
void strings_free(struct strings *strings);

/* The id of a text; a new one is copied. */
string_id strings_add(struct strings *strings, struct bytes text);

/* The same of one that is there; 0: it is not. */
string_id strings_find(const struct strings *strings, struct bytes text);

static inline struct bytes strings_text(const struct strings *strings, string_id id)
{
	return id < strings->texts.count ? strings->texts.items[id] : (struct bytes){ NULL, 0 };
}

#endif
