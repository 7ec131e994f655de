/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_DAMAGE_H
#define CORE_TRACE_DAMAGE_H

#include "core/base/array.h"

/* What was lost of a trace, and what is guessed: where, how much, why (reliability.md 4). Index,
 * tables, walk, order and the readers of v1 each keep such a list while they work; in the end the
 * model has all of them in one.
 *
 * A byte of the file is either decoded or in one row, so that the bytes of all rows and those that
 * were decoded are the size of the file. */

enum damage_grade {
	DAMAGE_NOTE,    /* nothing is lost; something is missing, guessed or odd */
	DAMAGE_LOCAL,   /* a record, or the rest of a batch */
	DAMAGE_STRETCH, /* bytes that are no batch; what makes a stretch of time unsure */
	DAMAGE_END,     /* the file ends inside something, or reading did */
	DAMAGE_GRADES,
};

#define DAMAGE_NOBODY UINT64_MAX
#define DAMAGE_TIME_UNKNOWN INT64_MIN

enum { DAMAGE_ROWS_MAX = 10000, DAMAGE_FOUND_MAX = 32 };

struct damage_row {
	uint64_t offset, len;         /* bytes of the file that are lost; len 0: none */
	const char *expected;         /* a constant sentence for people */
	char found[DAMAGE_FOUND_MAX]; /* in short, NUL at its end; "": no more to say */
	uint64_t generation;          /* its number, from 1; 0: not known */
	uint64_t m, p;                /* whose events are missing: ids; DAMAGE_NOBODY: not known */
	int64_t begin_ns, end_ns;     /* about when they were; on the trace's own clock, in a model
	                               * since its begin; DAMAGE_TIME_UNKNOWN */
	uint8_t grade;                /* enum damage_grade */
};

/* Zero-initialized but for the budget is none. */
struct damage {
	ARRAY(struct damage_row) rows;      /* the first DAMAGE_ROWS_MAX that came */
	uint64_t counts[DAMAGE_GRADES];     /* of all */
	uint64_t more[DAMAGE_GRADES];       /* of those that got no row */
	uint64_t more_bytes[DAMAGE_GRADES]; /* that those have lost */
	uint64_t bytes;                     /* lost, by all */
};

void damage_init(struct damage *damage, struct budget *budget);
void damage_free(struct damage *damage);
void damage_clear(struct damage *damage);

/* A row about nobody, of no known time and generation, to be filled further before it is added. */
struct damage_row damage_row(enum damage_grade grade, uint64_t offset, uint64_t len,
                             const char *expected);
__attribute__((format(printf, 2, 3))) void damage_found(struct damage_row *row, const char *format,
                                                        ...);
void damage_add(struct damage *damage, const struct damage_row *row);

/* The same of something at once: what most have to say. */
void damage_lose(struct damage *damage, enum damage_grade grade, uint64_t offset, uint64_t len,
                 const char *expected);

/* Adds what another list holds, or that without its rows before first; the other stays as it is. */
void damage_join(struct damage *damage, const struct damage *other);
void damage_join_from(struct damage *damage, const struct damage *other, size_t first);

/* By offset; of one offset, the gravest first. */
void damage_sort(struct damage *damage);

/* The same where the rows before `sorted` are in order already: those that the new ones come behind
 * stay as they are and where they are. */
void damage_sort_new(struct damage *damage, size_t sorted);

/* Whether there is something graver than notes: the trace is not whole. */
bool damage_is_serious(const struct damage *damage);

/* The row that is first in the file and graver than a note; NULL: none. */
const struct damage_row *damage_first(const struct damage *damage);

/* The same of those that have lost bytes. */
const struct damage_row *damage_first_lost(const struct damage *damage);

/* How much of a file is lost: "2.1 %", and of little "< 0.1 %". Returns text. */
enum { DAMAGE_SHARE_MAX = 16 };
const char *damage_share(char text[DAMAGE_SHARE_MAX], uint64_t lost, uint64_t size);

/* "note", "local", "stretch", "end". */
const char *damage_grade_name(enum damage_grade grade);

#endif
