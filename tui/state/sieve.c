/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/sieve.h"

enum { GOS_A_STEP = 1 << 13 };

void sieve_init(struct sieve *sieve, struct budget *budget)
{
	*sieve = (struct sieve){ .gos = { .budget = budget } };
	search_match_init(&sieve->match, budget);
}

void sieve_free(struct sieve *sieve)
{
	search_match_free(&sieve->match);
	array_free(&sieve->gos);
}

bool sieve_begin(struct sieve *sieve, struct bytes text, int64_t begin_ns, int64_t end_ns,
                 struct error *err)
{
	sieve_end(sieve);
	if (!search_match_begin(&sieve->match, text, err))
		return false;
	sieve->begin_ns = begin_ns;
	sieve->end_ns = end_ns;
	sieve->at = 0;
	sieve->is_on = true;
	return true;
}

void sieve_end(struct sieve *sieve)
{
	search_match_end(&sieve->match);
	array_clear(&sieve->gos);
	sieve->is_on = false;
}

/* Of one that is forgotten nobody knows when it lived. */
static bool lives_then(const struct sieve *sieve, const struct model *model, uint32_t go,
                       const struct goroutine *g)
{
	if (roster_is_forgotten(&model->roster, go))
		return true;
	return g->created_ns < sieve->end_ns &&
	       (g->ended_ns == TIME_UNKNOWN || g->ended_ns >= sieve->begin_ns);
}

bool sieve_step(struct sieve *sieve, const struct model *model)
{
	uint32_t count = model->roster.count;
	uint32_t end = count - sieve->at < GOS_A_STEP ? count : sieve->at + GOS_A_STEP;
	struct roster_reader reader;

	roster_reader_init(&reader, &model->roster);
	for (; sieve->at < end && sieve->gos.count < SIEVE_GOS_MAX; sieve->at++)
		if (lives_then(sieve, model, sieve->at, roster_read(&reader, sieve->at)) &&
		    search_has_go(&sieve->match, model, sieve->at))
			*array_push(&sieve->gos) = sieve->at;
	roster_reader_free(&reader);
	return sieve->at < count && sieve->gos.count < SIEVE_GOS_MAX;
}
