/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_SIEVE_H
#define TUI_STATE_SIEVE_H

#include "core/analysis/search_match.h"

/* Which goroutines of a window match an expression: the roster is looked through in steps. */
struct sieve {
	struct search_match match;
	int64_t begin_ns, end_ns;
	uint32_t at; /* those before were looked at */
	u32_array gos;
	bool is_on;
};

enum { SIEVE_GOS_MAX = 100000 };

void sieve_init(struct sieve *sieve, struct budget *budget);
void sieve_free(struct sieve *sieve);

/* Another one, whatever became of the one before. False: err's offset is the byte of the text that
 * makes no sense. */
bool sieve_begin(struct sieve *sieve, struct bytes text, int64_t begin_ns, int64_t end_ns,
                 struct error *err);
void sieve_end(struct sieve *sieve);

/* A millisecond or so of looking; false: all were looked at, and gos has those that match, as many
 * as there is room for. */
bool sieve_step(struct sieve *sieve, const struct model *model);

#endif
