/* SPDX-License-Identifier: MIT */
#ifndef TUI_VIEW_GO_NAME_H
#define TUI_VIEW_GO_NAME_H

#include "core/base/bytes.h"

/* Names of Go functions for small places, shortened from the left, as their end tells most:
 *
 *	github.com/x/y/pkg.(*T[go.shape.int]).Serve.func1
 *	pkg.(*T[…]).Serve.func1    level 0: without the path, type arguments left out
 *	(*T[…]).Serve.func1        level 1: without the package
 *	Serve.func1                level 2: without the receiver
 *	func1                      level 3: the last part
 */
enum { GO_NAME_MAX = 128, GO_NAME_LEVELS = 4 };

/* Writes the name at a level; one that has no such part stays as it was. ascii: ".." for "…". */
const char *go_name_short(char out[GO_NAME_MAX], struct bytes name, int level, bool ascii);

#endif
