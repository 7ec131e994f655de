/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/files.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/tap.h"

int main(void)
{
	const char *source = getenv("srcdir");
	char path[4096], tiny[4];

	ok(!files_find(path, sizeof(path), "no-such-file", "no/such/file"), "what is nowhere");
	if (source == NULL || chdir(source) != 0)
		printf("# in the directory where we are\n");
	ok(files_find(path, sizeof(path), "demo.trace", "tests/traces/demo.trace"), "the demo");
	is_i64(access(path, R_OK), 0, "can be read there");
	ok(!files_find(tiny, sizeof(tiny), "demo.trace", "tests/traces/demo.trace"), "no room");
	return tap_done();
}
