/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/keymap_open.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool keymap_add_file(struct keymap *keymap, const char *path, struct error *err)
{
	char text[1 << 16];
	FILE *file = fopen(path, "r");
	size_t len;

	if (file == NULL)
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "keymap %.60s: %s", path,
		                 strerror(errno));
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (len == sizeof(text))
		return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
		                 "keymap %.60s: longer than 64 KiB", path);
	return keymap_parse(keymap, path, (struct bytes){ (const uint8_t *)text, len }, err);
}

bool keymap_open(struct keymap *keymap, const char *name, struct error *err)
{
	if (name != NULL && strpbrk(name, "/.") != NULL)
		return keymap_include(keymap, KEYMAP_DEFAULT, err) &&
		       keymap_add_file(keymap, name, err);
	return keymap_include(keymap, name == NULL ? KEYMAP_DEFAULT : name, err);
}
