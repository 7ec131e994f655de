/* SPDX-License-Identifier: MIT */
#ifndef TUI_STATUS_H
#define TUI_STATUS_H

#include "core/base/error.h"

/* Exit codes: part of the interface (reliability.md 12). */
enum status {
	STATUS_FINE = 0,
	STATUS_DAMAGED = 1,  /* something was lost, the rest was answered for */
	STATUS_USAGE = 2,    /* wrong use, or a terminal that cannot serve */
	STATUS_INPUT = 3,    /* cannot open or read */
	STATUS_NO_TRACE = 4, /* not a trace, of another version, or nothing in it */
	STATUS_LIMIT = 5,    /* out of memory, or of what was allowed */
	STATUS_OUTPUT = 6,   /* what was written did not arrive */
	STATUS_INTERNAL = 70,
};

static inline enum status status_of(enum error_kind kind)
{
	switch (kind) {
	case ERROR_NONE:
		return STATUS_FINE;
	case ERROR_USAGE:
		return STATUS_USAGE;
	case ERROR_IO:
		return STATUS_INPUT;
	case ERROR_NOT_A_TRACE:
	case ERROR_UNSUPPORTED:
	case ERROR_TRUNCATED:
	case ERROR_MALFORMED:
	case ERROR_INCONSISTENT:
		return STATUS_NO_TRACE;
	case ERROR_LIMIT:
		return STATUS_LIMIT;
	case ERROR_OUTPUT:
		return STATUS_OUTPUT;
	}
	return STATUS_INTERNAL;
}

#endif
