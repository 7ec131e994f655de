/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/model.h"

enum { NEAR = 16 }; /* a goroutine has few; of more, those behind are found by their names */

static uint32_t new_amount(struct model *model, string_id name, uint32_t next)
{
	*array_push(&model->amounts) = (struct amount){ .name = name, .next = next };
	return (uint32_t)model->amounts.count - 1;
}

/* Of a chain that is full near its head, whose last near one is given: new ones come behind that.
 */
static uint32_t find_far(struct model *model, uint32_t head, uint32_t last, string_id name)
{
	uint64_t key = (uint64_t)head << 32 | name;
	uint32_t at = id_map_find(&model->amount_of, key);

	if (at != ID_NONE)
		return at;
	at = new_amount(model, name, model->amounts.items[last].next);
	model->amounts.items[last].next = at;
	id_map_set(&model->amount_of, key, at);
	return at;
}

void amount_add(struct model *model, uint32_t *chain, string_id name, int64_t ns)
{
	uint32_t at = *chain, last = INDEX_NONE;
	unsigned count = 0;

	for (; at != INDEX_NONE && model->amounts.items[at].name != name && count < NEAR; count++) {
		last = at;
		at = model->amounts.items[at].next;
	}
	if (count == NEAR)
		at = find_far(model, *chain, last, name);
	else if (at == INDEX_NONE)
		at = *chain = new_amount(model, name, *chain);
	model->amounts.items[at].ns += ns;
}
