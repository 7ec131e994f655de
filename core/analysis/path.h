/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_PATH_H
#define CORE_ANALYSIS_PATH_H

#include "core/analysis/why.h"

/* The critical path of a stretch of time: at each moment the goroutine that it hung on, and what
 * that did. Where one waits, it is the one who ended that, and so on. From the steps of why.h (
 * why_begin_path), cut into pieces that follow one another and are the stretch together. */
struct path_piece {
	int64_t begin_ns, end_ns;
	uint32_t step; /* whose stay it is of: the deepest that there is */
};

typedef ARRAY(struct path_piece) path_array;

void path_make(path_array *pieces, const struct why *why);

#endif
