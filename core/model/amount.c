/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/model.h"

void amount_add(struct model *model, uint32_t *chain, string_id name, int64_t ns)
{
	uint32_t at = *chain;

	while (at != INDEX_NONE && model->amounts.items[at].name != name)
		at = model->amounts.items[at].next;
	if (at == INDEX_NONE) {
		at = (uint32_t)model->amounts.count;
		*array_push(&model->amounts) = (struct amount){ .name = name, .next = *chain };
		*chain = at;
	}
	model->amounts.items[at].ns += ns;
}
