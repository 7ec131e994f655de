/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_PRINTABLE_H
#define CORE_EXPORT_PRINTABLE_H

#include <stdbool.h>
#include <stdint.h>

/* What Go quotes as it is (Go: strconv.IsPrint): letters, marks, numbers, punctuation and symbols of
 * Unicode 15.0, and of spaces the plain one only. */
bool is_printable(uint32_t code_point);

#endif
