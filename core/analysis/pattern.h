/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_PATTERN_H
#define CORE_ANALYSIS_PATTERN_H

#include "core/base/bytes.h"
#include "core/base/error.h"

/* A regular expression, as PCRE2 understands it, for the texts of a trace: names of functions,
 * reasons, what was logged. Smart case: capitals count if the expression has one. \V in front: what
 * follows is taken as it stands. Neither an expression nor a text can make it take long: what goes
 * beyond the limits is told apart (reliability.md 10). */

enum {
	PATTERN_LEN_MAX = 1024, /* bytes of an expression */
	PATTERN_LOOK_MAX = 1024 /* of a text are looked at */
};

/* Zero-initialized: none. One thread at a time. */
struct pattern {
	void *code, *match, *limits; /* PCRE2's */
	bool is_empty;               /* it matches everything, and is no help */
};

/* False: err's offset is the byte of the text where it makes no sense. */
bool pattern_open(struct pattern *pattern, struct bytes text, struct error *err);
void pattern_close(struct pattern *pattern);

enum pattern_result {
	PATTERN_NO,
	PATTERN_YES,
	PATTERN_COSTLY, /* nobody knows: it would have taken too long */
};

/* The first place where it matches; place may be NULL. */
enum pattern_result pattern_match(const struct pattern *pattern, struct bytes text,
                                  struct bytes *place);

#endif
