/* SPDX-License-Identifier: MIT */
#ifndef TUI_TERM_RESCUE_H
#define TUI_TERM_RESCUE_H

#include "core/base/bytes.h"

#include <termios.h>

/* The immediate path (reliability.md 8.3): when the program is killed or crashes, the terminal is
 * given back first, by nothing but write and tcsetattr, through a descriptor of its own that never
 * blocks. What it needs is the second permitted mutable global, beside the flags of the loop. */
enum { RESCUE_TEXT_MAX = 512 };

/* Handlers for TERM HUP QUIT XCPU XFSZ USR1 USR2 ALRM and for crashes, on a stack of their own;
 * each dies by its signal. Before newterm, so that curses installs none. Inherited dispositions
 * and masks of these signals are undone. */
void rescue_install(void);

/* From now on the terminal is ours: shell are its settings to go back to, restore the bytes that
 * undo what we switched on (at most RESCUE_TEXT_MAX; a longer text is not kept, and false comes
 * back). tty names the terminal. */
bool rescue_arm(const char *tty, const struct termios *shell, struct bytes restore);

/* The terminal is the shell's again. */
void rescue_disarm(void);

/* Gives the terminal back if it is ours, without curses: for ends that are not signals, as running
 * out of memory. */
void rescue_restore(void);

#endif
