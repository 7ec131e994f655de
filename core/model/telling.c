/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/telling.h"

#include "core/model/part.h"

enum { GOS_A_STEP = 1 << 10 };

void telling_init(struct telling *telling, struct budget *budget)
{
	*telling = (struct telling){ .open = { .budget = budget } };
	telling->next.budget = budget;
}

void telling_free(struct telling *telling)
{
	array_free(&telling->open);
	array_free(&telling->next);
}

static void finish(struct span *open, int64_t ns, go_take_fn *take, void *to)
{
	open->end_ns = ns < open->begin_ns ? open->begin_ns : ns;
	if (open->kind != SPAN_NONE)
		take(to, open);
}

/* Where there is no room for it, it ends here. */
static void carry(struct telling *telling, struct span *open, int64_t ns, go_take_fn *take,
                  void *to)
{
	bool has_room = telling->next.count < telling->next.capacity ||
	                !budget_is_short(telling->next.budget);

	if (has_room) {
		*array_push(&telling->next) = *open;
		return;
	}
	telling->is_torn = true;
	finish(open, ns, take, to);
}

/* Those before a goroutine, of whom the part tells nothing, go on. */
static size_t pass(struct telling *telling, size_t at, uint32_t go, int64_t ns, go_take_fn *take,
                   void *to)
{
	for (; at < telling->open.count && telling->open.items[at].go < go; at++)
		carry(telling, &telling->open.items[at], ns, take, to);
	return at;
}

static size_t find_open(const struct telling *telling, uint32_t go)
{
	size_t low = 0, high = telling->open.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (telling->open.items[middle].go < go)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void turn_page(struct telling *telling)
{
	struct span *items = telling->open.items;
	size_t capacity = telling->open.capacity;

	telling->open.items = telling->next.items;
	telling->open.count = telling->next.count;
	telling->open.capacity = telling->next.capacity;
	telling->next.items = items;
	telling->next.capacity = capacity;
	array_clear(&telling->next);
}

bool telling_step(struct telling *telling, const struct model *model, uint32_t number, size_t *at,
                  go_take_fn *take, void *to)
{
	const struct part *part = model->parts.items[number];
	const u64_array *own_of = &part->history->strands.own_of;
	size_t end = *at + GOS_A_STEP, open = 0;

	if (*at > 0)
		open = find_open(telling, (uint32_t)(own_of->items[*at - 1] >> 32) + 1);
	while (*at < own_of->count && *at < end) {
		uint32_t go = (uint32_t)(own_of->items[*at] >> 32);
		struct span now = { .go = go };

		open = pass(telling, open, go, part->end_ns, take, to);
		if (open < telling->open.count && telling->open.items[open].go == go)
			now = telling->open.items[open++];
		go_tell_part(model, number, go, &now, take, to);
		if (now.kind != SPAN_NONE)
			carry(telling, &now, part->end_ns, take, to);
		while (*at < own_of->count && own_of->items[*at] >> 32 == go)
			++*at;
	}
	if (*at < own_of->count)
		return true;
	pass(telling, open, INDEX_NONE, part->end_ns, take, to);
	turn_page(telling);
	return false;
}

void telling_skip(struct telling *telling, const struct model *model, uint32_t number,
                  go_take_fn *take, void *to)
{
	for (size_t i = 0; i < telling->open.count; i++)
		finish(&telling->open.items[i], model->parts.items[number]->begin_ns, take, to);
	array_clear(&telling->open);
}

void telling_end(struct telling *telling, const struct model *model, go_take_fn *take, void *to)
{
	for (size_t i = 0; i < telling->open.count; i++)
		finish(&telling->open.items[i], model->end_ns, take, to);
	array_clear(&telling->open);
}
