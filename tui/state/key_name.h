/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATE_KEY_NAME_H
#define TUI_STATE_KEY_NAME_H

#include "core/base/bytes.h"

/* Keys as text, in keymaps, prompts and test scripts. Many spellings go in, one comes out: the one
 * tui/term/keys gives to a key that was pressed, so that names are compared byte by byte.
 *
 *	w  W  é                     a character; Shift is in the character
 *	<lt> <Bar> <Space>          the three that have a name
 *	<C-d> <M-Left> <C-M-S-Up>   modifiers C- M- S- in this order; A- is M-; letters under C- are
 *	                            small, and <C-i> <C-m> <C-[> are <Tab> <CR> <Esc>
 *	<Esc> <CR> <Tab> <BS> <Insert> <Delete> <PageUp> <F1> ...
 *	<Click> <2-Click> <C-Click> <Drag> <Release> <MidClick> <RightDrag> <WheelUp> ...
 *	<ruler:WheelUp>             a gesture of the mouse in one area of the screen */
enum { KEY_NAME_MAX = 32 }; /* with the NUL */

/* Takes the key at text[*pos], writes its canonical name and moves *pos behind it. False at the
 * end (*pos == text.len) and for nonsense: then *pos stays where the key that is none begins. */
bool key_name_split(struct bytes text, size_t *pos, char name[KEY_NAME_MAX]);

/* The same for a text that must be one key. */
bool key_name_canonical(struct bytes text, char name[KEY_NAME_MAX]);

/* What the key of a canonical name writes where text is typed: "w" of w, " " of <Space>; "" of
 * those that write nothing. */
struct bytes key_name_text(const char *name);

#endif
