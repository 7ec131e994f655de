/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_TURN_H
#define CORE_MODEL_TURN_H

#include "core/model/records.h"

/* What goroutines do from a moment on, one stay after the other as they begin: all that a pass over
 * a part needs of the usual ones (telling.h), and far less than a history. What is not usual - runs
 * that the part does not know both ends of, or that end in a syscall, and what is said of a
 * goroutine when it is first heard of - is a record, as in a history, and a turn that refers to it.
 */
enum turn_kind {
	TURN_OVER, /* nothing begins that the pass needs; what it does so far ends */
	TURN_RUN,  /* on a P, up to its first syscall, or from one to the next */
	TURN_CALL, /* a syscall that comes back with its P */
	TURN_WAIT,
	TURN_READY,
	TURN_RECORD, /* other: a record that tells it */
	TURN_STATUS, /* the same, of one that says what it did before the part */
	TURN_LIFE,   /* its id is another's from then on */
};

typedef ARRAY(struct turn {
	part_time time, end; /* end: TIME_NONE: not in this part */
	uint32_t g;          /* of this generation */
	uint32_t stack;      /* the trace's: of what begins; of who woke it */
	uint32_t other;      /* who woke or created it, INDEX_NONE; of a record into told_records;
	                      * of a run the event that it begins with */
	uint16_t proc;       /* of a run or a syscall; of this generation, PROC_NONE */
	uint8_t detail;    /* of a run: enum worker; of a wait, or one that is ready: the reason, of
	                    * this generation */
	uint8_t kind : 3;  /* enum turn_kind */
	uint8_t after : 3; /* enum go_state: what it did right before; TURN_BORN */
	uint8_t has_run : 1;   /* before, in this part; else nobody knows */
	uint8_t runs_next : 1; /* for the first time */
}) turn_array;

enum { TURN_BORN = 7 };

/* Among the latest records of goroutines: a turn that is what it does so far; a run of which none
 * is needed. */
#define RECORD_TURN (UINT32_C(1) << 30)
#define RECORD_NO_TURN (RECORD_TURN | (RECORD_TURN - 1))

#endif
