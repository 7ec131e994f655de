/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_ALIASES_H
#define CORE_EXPORT_ALIASES_H

#include "core/trace/strings.h"

/* Other names for the texts of a trace: what the program's authors and users have written gets a
 * number, what Go's own library and runtime have stays. Equal texts have equal names in all of the
 * trace, different ones different names.
 *
 *	aliases_init(&aliases, budget);
 *	aliases_add(&aliases, text, what_it_is_for), ...
 *	aliases_settle(&aliases);
 *	aliases_of(&aliases, text)
 */

/* What a text is for; of one that is for several things, the first in this list counts. */
enum alias_use {
	ALIAS_OF_RUNTIME = 1 << 0, /* a reason or a range: stays */
	ALIAS_FUNCTION = 1 << 1,
	ALIAS_FILE = 1 << 2,
	ALIAS_TASK = 1 << 3,
	ALIAS_REGION = 1 << 4,
	ALIAS_LABEL = 1 << 5,
	ALIAS_CATEGORY = 1 << 6,
	ALIAS_MESSAGE = 1 << 7,
};

struct alias {
	struct bytes shown;
	string_id package; /* of a function or file, among packages */
	uint8_t uses;      /* enum alias_use, joined by | */
	bool is_standard;  /* of a function or file */
};

struct aliases {
	struct strings texts;
	struct strings packages;
	ARRAY(struct alias) items; /* by text */
	struct arena arena;        /* of what is shown */
};

void aliases_init(struct aliases *aliases, struct budget *budget);
void aliases_free(struct aliases *aliases);

void aliases_add(struct aliases *aliases, struct bytes text, enum alias_use use);

/* A function and the file that it is in. */
void aliases_add_frame(struct aliases *aliases, struct bytes function, struct bytes file);

/* All texts are there. */
void aliases_settle(struct aliases *aliases);

/* What is written in place of a text. All that was never added is the same. */
struct bytes aliases_of(const struct aliases *aliases, struct bytes text);

#endif
