/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/error.h"

#include <stdarg.h>
#include <stdio.h>

bool error_set(struct error *err, enum error_kind kind, uint64_t offset, const char *format, ...)
{
	va_list args;

	if (err->kind != ERROR_NONE)
		return false;
	err->kind = kind;
	err->offset = offset;
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	return false;
}
