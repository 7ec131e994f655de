/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/census.h"

void census_init(struct census *census, struct budget *budget)
{
	*census = (struct census){ .names = { .budget = budget } };
	census->reasons.budget = census->unnamed.budget = census->said.budget = budget;
}

void census_free(struct census *census)
{
	array_free(&census->names);
	array_free(&census->reasons);
	array_free(&census->unnamed);
	array_free(&census->said);
}

size_t census_bytes(const struct census *census)
{
	return (census->names.capacity + census->reasons.capacity) * sizeof(struct census_count) +
	       census->unnamed.capacity * sizeof(struct census_go) +
	       census->said.capacity * sizeof(string_id);
}
