/* SPDX-License-Identifier: MIT */
#ifndef TUI_CONTROL_ARGUMENTS_H
#define TUI_CONTROL_ARGUMENTS_H

#include "core/base/bytes.h"

/* What the command table says of a command's arguments, as help shows it:
 *
 *	in|out|all [1.5|10]     words, and those that may be left out
 *	ROWS|first|last         what is in capitals is the user's
 *	stw|gc...               and more of it
 *
 * Whether a command takes them is its own affair; this tells which one it means when it does not,
 * and what to offer. */

/* The fixed words for argument number (from 1) that begin with head: up to max of them, into words,
 * in their order. Returns how many. */
size_t arguments_offer(const char *arguments, int number, struct bytes head, struct bytes *words,
                       size_t max);

/* The argument that a command most likely refused; argc: one is missing. */
int arguments_refused(const char *arguments, int argc, char *const *argv);

#endif
