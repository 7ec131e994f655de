/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/stretch.h"

void stretch_init(struct stretch *stretch, struct budget *budget)
{
	*stretch = (struct stretch){ .moves = { .budget = budget } };
	stretch->stays.budget = stretch->calls.budget = stretch->notes.budget = budget;
	stretch->entries.budget = stretch->mute.budget = budget;
}

void stretch_free(struct stretch *stretch)
{
	array_free(&stretch->moves);
	array_free(&stretch->stays);
	array_free(&stretch->calls);
	array_free(&stretch->entries);
	array_free(&stretch->notes);
	array_free(&stretch->mute);
}

void stretch_clear(struct stretch *stretch, size_t most)
{
	if (stretch->moves.capacity > most / sizeof(struct move))
		array_free(&stretch->moves);
	if (stretch->stays.capacity > most / sizeof(struct stay))
		array_free(&stretch->stays);
	if (stretch->calls.capacity > most / sizeof(struct call))
		array_free(&stretch->calls);
	if (stretch->entries.capacity > most / sizeof(struct call_span))
		array_free(&stretch->entries);
	if (stretch->notes.capacity > most / sizeof(struct note))
		array_free(&stretch->notes);
	array_clear(&stretch->moves);
	array_clear(&stretch->stays);
	array_clear(&stretch->calls);
	array_clear(&stretch->entries);
	array_clear(&stretch->notes);
	array_clear(&stretch->mute);
}
