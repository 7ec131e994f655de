/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_CODE_POINT_H
#define TUI_STATE_CODE_POINT_H

#include <stdint.h>

/* What a character cell can do with a code point. Of our own, as hosts and terminals differ; see
 * reliability.md 7.1 for what is refused and why. */
enum code_point_kind {
	CODE_POINT_REFUSED, /* controls, direction, invisible, private: it would forge the picture
	                     */
	CODE_POINT_MARK,    /* combines with the letter before it */
	CODE_POINT_NARROW,  /* one column */
	CODE_POINT_WIDE,    /* two columns */
};

/* Code points of no meaning yet are not known here: the C library must know them as well. */
enum code_point_kind code_point_kind(uint32_t code);

#endif
