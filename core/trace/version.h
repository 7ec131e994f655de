/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_VERSION_H
#define CORE_TRACE_VERSION_H

#include "core/base/bytes.h"
#include "core/base/error.h"

enum { VERSION_HEADER = 16 }; /* bytes: "go 1.NN trace" and NULs */

/* The number in the header is that of the format: 5 (Go 1.5 and 1.6), 7, 8, 9, 10, 11 (Go 1.11 to
 * 1.18), 19 (and 1.20), 21 of v1; 22, 23 (Go 1.23 and 1.24), 25, 26 of v2. */
struct version {
	unsigned minor; /* that it is read as */
	unsigned newer; /* the one in the header, if it is newer than all that are known; else 0 */
};

/* Reads the first 16 bytes of a file, or fewer if it is shorter. */
bool version_parse(struct bytes head, struct version *version, struct error *err);

/* The same, but what is newer than the newest known version is taken for that. */
bool version_parse_newer(struct bytes head, struct version *version, struct error *err);

/* Says that a version that is newer is not read unless asked for. Returns false. */
bool version_refuse(struct version version, struct error *err);

static inline bool version_is_v2(struct version version)
{
	return version.minor >= 22;
}

#endif
