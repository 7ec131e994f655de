/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_RELAY_H
#define CORE_MODEL_RELAY_H

#include "core/model/stretch.h"

enum { RELAY_STRETCHES = 8 };

/* Stretches between the walk that fills them and the account that empties them, in their order: few
 * enough for a cache to hold. One thread at a time may call what is here; the stretches themselves
 * are with who has taken them. What one thread does alone goes through a single stretch. */
struct relay {
	struct stretch stretches[RELAY_STRETCHES];
	struct stretch *spare[RELAY_STRETCHES]; /* the last used last */
	struct stretch *ready[RELAY_STRETCHES]; /* the oldest first */
	unsigned spare_count, ready_count;
	size_t moves;    /* in those that are ready or being accounted for */
	bool is_given;   /* one is being accounted for */
	bool is_over;    /* no more will be ready */
	bool has_helper; /* who takes the next as soon as it is there */
};

void relay_init(struct relay *relay, struct budget *budget);
void relay_free(struct relay *relay);
void relay_begin(struct relay *relay);

/* An empty one to be filled; NULL if those that are not accounted for are enough, or have more than
 * most moves. It goes back with what was found, or unused. */
struct stretch *relay_spare(struct relay *relay, size_t most);
void relay_add(struct relay *relay, struct stretch *stretch);
void relay_drop(struct relay *relay, struct stretch *stretch);

/* The next to be accounted for; NULL if there is none, or one is being accounted for. It goes back
 * when it is. */
struct stretch *relay_next(struct relay *relay);
void relay_done(struct relay *relay, struct stretch *stretch);

/* Whether there is so much to be accounted for that another thread is worth to be woken. */
bool relay_wants_help(const struct relay *relay);

#endif
