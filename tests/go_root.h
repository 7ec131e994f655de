/* SPDX-License-Identifier: MIT */
#ifndef TESTS_GO_ROOT_H
#define TESTS_GO_ROOT_H

#include <stdbool.h>
#include <stddef.h>

/* Where Go's own reader and its cases are: src/internal/trace of an installed Go. False if there is
 * none. */
bool go_root_find(char *directory, size_t size);

#endif
