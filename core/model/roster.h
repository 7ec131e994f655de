/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_ROSTER_H
#define CORE_MODEL_ROSTER_H

#include "core/base/id_map.h"
#include "core/model/goroutine.h"

/* All goroutines of a trace, each by its number, in order of first mention, with the sums of its
 * life. Most of a busy trace have died long ago: those are packed, a block of neighbours at a time,
 * into a fifth of their size, and unpacked where they are looked at. Where even that is too much,
 * all but their ids and names is forgotten: whoever asks for more has to load the trace once more
 * and listen (retell.h). Numbers stay. */

enum { ROSTER_BLOCK = 16 };

enum roster_form { ROSTER_OPEN, ROSTER_PACKED, ROSTER_BRIEF };

/* By its form. */
union roster_block {
	struct goroutine *open; /* ROSTER_BLOCK of them */
	uint8_t *packed;        /* its length in 4 bytes, then what there is of them */
	size_t brief;           /* in briefs */
};

struct roster_reader;

/* Is told of goroutines before they are forgotten. The reader has their amounts. */
struct roster_listener {
	void (*tell)(void *context, const struct roster_reader *reader, uint32_t go,
	             const struct goroutine *goroutine);
	void *context;
};

struct roster {
	struct budget *budget;
	uint32_t count;
	ARRAY(union roster_block) blocks;
	ARRAY(struct roster_state {
		uint8_t living; /* goroutines with a life */
		uint8_t form : 2;
		uint8_t is_listed : 1; /* in over */
	})
	states;                           /* of each block */
	ARRAY(struct goroutine *) spares; /* open blocks for reuse */
	u32_array quiet;                  /* blocks in which nobody lived at some time */
	u32_array over;                   /* blocks that were packed since any were forgotten */
	size_t old;                       /* of those: so many may be forgotten */
	ARRAY(uint8_t) briefs;
	struct brief_names brief_names;
	size_t open;        /* blocks */
	uint64_t packed;    /* bytes of packed ones */
	uint32_t forgotten; /* goroutines */
	const struct roster
		*elder; /* of the same trace, that has the briefs of those; NULL: they are here */
	bool is_torn;   /* one that was forgotten was to be changed: what is told of it is wrong */
	amount_array amounts;    /* of those that are open */
	struct id_map amount_of; /* of long chains: head and name -> amount */
	uint32_t free_amount;    /* a chain of unused ones; INDEX_NONE */
	size_t amounts_used;     /* the others */
	ARRAY(uint8_t) scratch;
};

void roster_init(struct roster *roster, struct budget *budget);
void roster_free(struct roster *roster);

/* A new one, of which nothing but the id is known. Returns its number. */
uint32_t roster_add(struct roster *roster, uint64_t id);

/* To be changed. Pointers live until the next goroutine is asked for to be changed, added, or
 * packed. */
struct goroutine *roster_edit(struct roster *roster, uint32_t go);

/* Its life, INDEX_NONE: none. Setting it is what keeps its block from being packed. */
uint32_t roster_live(const struct roster *roster, uint32_t go);
void roster_set_live(struct roster *roster, uint32_t go, uint32_t live);

/* Adds to the amount of that name in a chain of one that is being changed. */
void roster_add_amount(struct roster *roster, uint32_t *chain, string_id name, int64_t ns);

/* ROSTER_BLOCK new ones that are complete, with their amounts: packed at once. How many there are
 * must be a multiple of that. Returns the number of the first. */
uint32_t roster_add_block(struct roster *roster, const struct goroutine *gos,
                          const amount_array *amounts);

/* Packs the blocks in which nobody lives any more; all: every block, for good as far as is known.
 */
void roster_pack(struct roster *roster, bool all);

/* Forgets all but ids and names of those that were packed when roster_age was called last: time
 * for what comes late to be told. listener: NULL for none. */
void roster_age(struct roster *roster);
void roster_forget(struct roster *roster, const struct roster_listener *listener);

static inline bool roster_is_forgotten(const struct roster *roster, uint32_t go)
{
	return roster->states.items[go / ROSTER_BLOCK].form == ROSTER_BRIEF;
}

/* Bytes that it takes. */
size_t roster_bytes(const struct roster *roster);

/* ---- reading, on any thread while nobody changes anything */

/* Unpacks a block at a time; zero-initialized but for the roster is valid. */
struct roster_reader {
	const struct roster *roster;
	bool has_block;
	uint32_t block;
	struct goroutine gos[ROSTER_BLOCK];
	amount_array amounts; /* of the block, if it is packed */
};

void roster_reader_init(struct roster_reader *reader, const struct roster *roster);
void roster_reader_free(struct roster_reader *reader);

/* Until the next one is read. Its chains of amounts are the reader's. Of one that is forgotten only
 * id and name are known. */
const struct goroutine *roster_read(struct roster_reader *reader, uint32_t go);
const struct amount *roster_amount(const struct roster_reader *reader, uint32_t index);

/* One goroutine without its amounts, for a title. */
struct goroutine roster_brief(const struct roster *roster, uint32_t go);

#endif
