/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TRACE_TEXT_H
#define TESTS_TRACE_TEXT_H

#include "core/base/array.h"
#include "core/base/error.h"

/* Go's raw text form of a v2 trace -> its bytes (trace-format-v2.md 7):
 *
 *	Trace Go1.26
 *	EventBatch gen=1 m=0 time=1000 size=auto
 *	ProcStatus dt=1 p=0 pstatus=1
 *	EventBatch gen=1 m=-1 time=1000 size=auto
 *	Strings
 *	String id=1
 *		data="sleep"
 *	EndOfGeneration
 *
 * Every record is written as it stands; nothing is checked but its name and its arguments, so that
 *broken traces can be written too. Two things are ours: size=auto counts the records up to the next
 *batch or the end of the generation, and -1 is written as such. */
typedef ARRAY(uint8_t) byte_array;

/* Appends to out, whose budget is set. Errors say the line, and its offset in the text. */
bool trace_text_assemble(struct bytes text, byte_array *out, struct error *err);

/* A string as Go writes it in its source, at the begin of a text; what stands behind does not count.
 */
bool trace_text_literal(struct bytes text, byte_array *out);

/* A file of an archive of texts ("-- name --" begins each, as in Go's txtar); false if it is not
 * there. */
bool trace_text_section(struct bytes archive, const char *name, struct bytes *text);

#endif
