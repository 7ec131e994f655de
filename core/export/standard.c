/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/standard.h"

/* First elements of the paths of its packages, Go 1.5 to 1.26; no other module's has no dot, but
 * for those that nobody can import. */
static const char *const roots[] = {
	"archive", "arena",    "bufio",  "bytes",   "cmp",      "compress", "container", "context",
	"crypto",  "database", "debug",  "embed",   "encoding", "errors",   "expvar",    "flag",
	"fmt",     "go",       "hash",   "html",    "image",    "index",    "internal",  "io",
	"iter",    "log",      "maps",   "math",    "mime",     "net",      "os",        "path",
	"plugin",  "reflect",  "regexp", "runtime", "simd",     "slices",   "sort",      "strconv",
	"strings", "structs",  "sync",   "syscall", "testing",  "text",     "time",      "unicode",
	"unique",  "unsafe",   "weak",
};

struct bytes standard_package_of(struct bytes function)
{
	const uint8_t *types = function.len > 0 ? memchr(function.data, '[', function.len) : NULL;
	size_t end = types != NULL ? (size_t)(types - function.data) : function.len, slash = 0;
	const uint8_t *dot;

	for (size_t i = 0; i < end; i++)
		if (function.data[i] == '/')
			slash = i;
	dot = slash < end ? memchr(function.data + slash, '.', end - slash) : NULL;
	return (struct bytes){ function.data, dot != NULL ? (size_t)(dot - function.data) : 0 };
}

bool standard_has(struct bytes package)
{
	const uint8_t *slash = package.len > 0 ? memchr(package.data, '/', package.len) : NULL;
	struct bytes root = { package.data,
		              slash != NULL ? (size_t)(slash - package.data) : package.len };

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (bytes_equal(root, bytes_of(roots[i])))
			return true;
	return bytes_begin_with(package, "vendor/golang.org/"); /* its copies of others' */
}

bool standard_file(struct bytes package, struct bytes path, struct bytes *shown)
{
	static const char usual[] = "/usr/local/go/src/";
	size_t name = 0, begin;

	for (size_t i = 0; i < path.len; i++)
		if (path.data[i] == '/')
			name = i;
	if (package.len == 0 || name < package.len)
		return false;
	begin = name - package.len;
	if (memcmp(path.data + begin, package.data, package.len) != 0 ||
	    (begin > 0 && path.data[begin - 1] != '/'))
		return false;
	if (begin == sizeof(usual) - 1 && bytes_begin_with(path, usual))
		begin = 0;
	*shown = (struct bytes){ path.data + begin, path.len - begin };
	return true;
}
