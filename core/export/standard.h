/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_STANDARD_H
#define CORE_EXPORT_STANDARD_H

#include "core/base/bytes.h"

/* What belongs to Go's standard library, by its name: everybody knows it. */

/* The path of a function's package: "net/http" of "net/http.(*conn).serve"; empty: it has none. */
struct bytes standard_package_of(struct bytes function);

bool standard_has(struct bytes package);

/* What everybody may see of the path of a file of such a package: all of "net/http/server.go", and
 * what of another path is that. False: the file is not one of that package. */
bool standard_file(struct bytes package, struct bytes path, struct bytes *shown);

#endif
