/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/relay.h"

#include <string.h>

enum {
	ENOUGH = RELAY_STRETCHES / 2, /* to be woken for */
	KEPT = 1 << 20,               /* bytes of a stretch that are kept for the next */
};

void relay_init(struct relay *relay, struct budget *budget)
{
	for (int i = 0; i < RELAY_STRETCHES; i++)
		stretch_init(&relay->stretches[i], budget);
	relay_begin(relay);
}

void relay_free(struct relay *relay)
{
	for (int i = 0; i < RELAY_STRETCHES; i++)
		stretch_free(&relay->stretches[i]);
}

void relay_begin(struct relay *relay)
{
	for (unsigned i = 0; i < RELAY_STRETCHES; i++) {
		relay->spare[i] = &relay->stretches[RELAY_STRETCHES - 1 - i];
		stretch_clear(relay->spare[i], KEPT);
	}
	relay->spare_count = RELAY_STRETCHES;
	relay->ready_count = 0;
	relay->moves = 0;
	relay->is_given = relay->is_over = relay->has_helper = false;
}

struct stretch *relay_spare(struct relay *relay, size_t most)
{
	if (relay->spare_count == 0 || relay->moves > most)
		return NULL;
	return relay->spare[--relay->spare_count];
}

void relay_add(struct relay *relay, struct stretch *stretch)
{
	relay->ready[relay->ready_count++] = stretch;
	relay->moves += stretch->moves.count;
}

void relay_drop(struct relay *relay, struct stretch *stretch)
{
	stretch_clear(stretch, KEPT);
	relay->spare[relay->spare_count++] = stretch;
}

struct stretch *relay_next(struct relay *relay)
{
	struct stretch *next = relay->ready[0];

	if (relay->is_given || relay->ready_count == 0)
		return NULL;
	relay->ready_count--;
	memmove(relay->ready, relay->ready + 1, relay->ready_count * sizeof(*relay->ready));
	relay->is_given = true;
	return next;
}

void relay_done(struct relay *relay, struct stretch *stretch)
{
	relay->moves -= stretch->moves.count;
	relay->is_given = false;
	relay_drop(relay, stretch);
}

bool relay_wants_help(const struct relay *relay)
{
	unsigned enough = relay->has_helper || relay->is_over ? 1 : ENOUGH;

	return !relay->is_given && relay->ready_count >= enough;
}
