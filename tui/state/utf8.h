/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_UTF8_H
#define TUI_STATE_UTF8_H

#include "core/base/bytes.h"

/* UTF-8 as the standard has it: no over-long forms, no surrogates, nothing above U+10FFFF. */
enum { UTF8_MAX = 4 }; /* bytes of one code point */

/* The bytes of the code point at the head of text; 0 if there is none. */
size_t utf8_decode(struct bytes text, uint32_t *code);

/* Writes a code point, without a NUL; returns its bytes. */
size_t utf8_encode(uint32_t code, char out[UTF8_MAX]);

#endif
