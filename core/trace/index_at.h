/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_INDEX_AT_H
#define CORE_TRACE_INDEX_AT_H

#include "core/trace/index.h"

/* Inside of the index: generations, what neighbours say, and what to do where no batch is. */

/* What may be wrong with the last batch when bytes that are no batch stand behind it. */
enum doubt {
	DOUBT_NOTHING, /* it is not adjacent, or there is none */
	DOUBT_SIZE,    /* its size, if another batch begins inside it */
	DOUBT_CUT,     /* it ends beyond the file: its size, or the file is cut */
	DOUBT_NO_SIZE, /* its header has none: it goes to the next one */
};

static inline struct generation *index_last(const struct index *index)
{
	return &index->generations.items[index->generations.count - 1];
}

static inline struct batch *index_last_batch(const struct index *index)
{
	return &index->batches.items[index->batches.count - 1];
}

/* The end of what there is so far, and whether that is all. */
static inline uint64_t index_end(const struct source *source)
{
	return atomic_load(&source->end);
}

/* ---- generations (index_generation.c) */

void index_open_generation(struct index *index, const struct source *source, uint64_t number,
                           uint64_t offset);
void index_close_generation(struct index *index, const struct source *source, bool is_last);

/* Rows of damage behind the last generation get their times. */
void index_time_damage(struct index *index);

/* A batch of the generation that is open. */
void index_add_batch(struct index *index, struct batch batch);

/* The last batch of a payload is as long as that. */
void index_resize_batch(struct index *index, uint64_t size);

/* A row about the generation that is open, with about the time; found is filled in by who adds it.
 */
struct damage_row index_damage_row(const struct index *index, enum damage_grade grade,
                                   uint64_t offset, uint64_t len, const char *expected);

/* What is known of the trace at its last batch. */
struct resync_near index_near(const struct index *index);

/* ---- neighbours (index_vote.c) */

enum vote {
	VOTE_GOOD,
	VOTE_BAD,  /* too odd to be a batch */
	VOTE_WAIT, /* more bytes are needed to tell */
};

/* Corrects generation and time of a header at index->at, if those around it agree on something
 * else. */
enum vote index_vote(struct index *index, const struct source *source, struct batch_head *head,
                     uint8_t kind);

/* ---- searching (index_search.c) */

/* What stands at index->at is no batch. */
void index_search(struct index *index, enum doubt doubt, const char *expected);

/* Searches on; false if more bytes are needed. */
bool index_search_step(struct index *index, const struct source *source);

#endif
