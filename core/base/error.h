/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ERROR_H
#define CORE_BASE_ERROR_H

#include <stdbool.h>
#include <stdint.h>

enum error_kind {
	ERROR_NONE,
	ERROR_USAGE,        /* the user asked for something that is not there */
	ERROR_IO,           /* the system refused */
	ERROR_NOT_A_TRACE,  /* other bytes than a trace's */
	ERROR_UNSUPPORTED,  /* a trace of a version we do not read */
	ERROR_TRUNCATED,    /* ends too early */
	ERROR_MALFORMED,    /* bytes that no writer makes */
	ERROR_INCONSISTENT, /* each record is well, together they are impossible */
	ERROR_LIMIT,        /* would take more than we allow */
	ERROR_OUTPUT,       /* what we wrote did not arrive */
};

/* What went wrong first. Zero-initialized: nothing did. */
struct error {
	enum error_kind kind;
	uint64_t offset; /* byte in the file where it was noticed; UINT64_MAX: not about a place */
	char message[160]; /* one line for a person: what was expected, what was found */
};

#define ERROR_NO_OFFSET UINT64_MAX

/* Keeps the first failure. Returns false, so that it can be returned. */
__attribute__((format(printf, 4, 5))) bool error_set(struct error *err, enum error_kind kind,
                                                     uint64_t offset, const char *format, ...);

#endif
