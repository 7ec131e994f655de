/* SPDX-License-Identifier: MIT */
#ifndef TESTS_V1_TEXT_H
#define TESTS_V1_TEXT_H

#include "tests/trace_text.h"

/* A text form of v1 traces of our own -> its bytes (trace-format-v1.md 2 and 3), in the manner of
 * the one that Go has for v2:
 *
 *	Trace Go1.11
 *	Batch p=0 ticks=1000
 *	GoCreate dt=10 g=1 start=2 stack=1
 *	GoWaiting dt=14 g=2
 *	UserLog dt=75 task=1 key=6 stack=11 data="text"
 *	Frequency freq=1000000000
 *	String id=9 data="main.main"
 *	Stack id=2 pc=1 func=14 file=15 line=144 pc=2 func=3 file=15 line=9
 *	Bytes ff 00 41
 *
 * A line is a record; names and arguments are those of v1_spec, in any order, 0 where one is not
 * given; dt is its difference in ticks, dseq (header 1.5) in sequence numbers; seq of Batch the
 * absolute one. -1 is written as such. Bytes are written as they are. Nothing is checked but the
 * names, so that broken traces can be written, too. # begins a comment. */
/* Whether it is one of these: trace_text_assemble asks, and takes both forms. */
bool v1_text_is(struct bytes text);

/* Appends to out, whose budget is set. Errors say the line. */
bool v1_text_assemble(struct bytes text, byte_array *out, struct error *err);

#endif
