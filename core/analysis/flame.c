/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/flame.h"

#include "core/base/sort.h"

#define NODE_NONE UINT32_MAX

/* A function as called by the one above it, and by those above that. */
struct node {
	struct profile_entry flat, cum;
	struct bytes name;
	string_id function;
	uint32_t parent, first, next; /* NODE_NONE */
};

/* As it grows: in the order in which calls are met. */
struct tree {
	ARRAY(struct node) nodes;
	struct id_map of; /* parent, which is above all functions for NODE_NONE, and function */
	uint32_t first;
};

void flame_init(struct flame *flame, struct budget *budget)
{
	*flame = (struct flame){ .calls = { .budget = budget } };
}

void flame_free(struct flame *flame)
{
	array_free(&flame->calls);
}

static uint32_t child_of(struct tree *tree, const struct model *model, uint32_t parent,
                         string_id function)
{
	uint32_t fresh = (uint32_t)tree->nodes.count;
	uint32_t at = id_map_add(&tree->of, (uint64_t)parent << 32 | function, fresh);

	if (at == fresh)
		*array_push(&tree->nodes) = (struct node){
			.name = strings_text(&model->strings, function),
			.function = function,
			.parent = parent,
			.first = NODE_NONE,
			.next = NODE_NONE,
		};
	return at;
}

static void add_stack(struct tree *tree, const struct model *model, const struct frame *frames,
                      uint32_t count, const struct profile_entry *entry)
{
	uint32_t at = NODE_NONE;

	if (count == 0) {
		frames = &profile_no_frame;
		count = 1;
	}
	while (count-- > 0) {
		at = child_of(tree, model, at, frames[count].function);
		profile_sum(&tree->nodes.items[at].cum, entry);
	}
	profile_sum(&tree->nodes.items[at].flat, entry);
}

struct ranked {
	struct profile_entry cum;
	struct bytes name;
	uint32_t at;
};

/* The most expensive first. */
static int order_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->cum.delay_ns != y->cum.delay_ns)
		return x->cum.delay_ns > y->cum.delay_ns ? -1 : 1;
	if (x->cum.count != y->cum.count)
		return x->cum.count > y->cum.count ? -1 : 1;
	return bytes_compare(x->name, y->name);
}

/* Makes chains of those that have the same caller. */
static void link_nodes(struct tree *tree)
{
	ARRAY(struct ranked) ranked = { .budget = tree->nodes.budget };

	tree->first = NODE_NONE;
	array_reserve(&ranked, tree->nodes.count);
	for (uint32_t i = 0; i < tree->nodes.count; i++)
		*array_push(&ranked) =
			(struct ranked){ tree->nodes.items[i].cum, tree->nodes.items[i].name, i };
	SORT_ARRAY(&ranked, order_ranked);
	for (size_t i = ranked.count; i-- > 0;) {
		struct node *node = &tree->nodes.items[ranked.items[i].at];
		uint32_t *first = node->parent == NODE_NONE
		                          ? &tree->first
		                          : &tree->nodes.items[node->parent].first;

		node->next = *first;
		*first = ranked.items[i].at;
	}
	array_free(&ranked);
}

/* ---- in order */

static void put(struct flame *flame, const struct node *node, uint32_t parent, int64_t begin)
{
	uint32_t depth = parent == INDEX_NONE ? 0 : flame->calls.items[parent].depth + 1;

	*array_push(&flame->calls) = (struct flame_call){
		.flat = node->flat,
		.cum = node->cum,
		.begin = begin,
		.function = node->function,
		.parent = parent,
		.depth = depth,
	};
}

/* Each before those that it has called, which stand beside each other in its width. */
static void put_nodes(struct flame *flame, const struct tree *tree)
{
	uint32_t parent = INDEX_NONE;
	int64_t begin = 0;

	for (uint32_t i = tree->first; i != NODE_NONE;) {
		const struct node *node = &tree->nodes.items[i];

		put(flame, node, parent, begin);
		if (node->first != NODE_NONE) {
			parent = (uint32_t)flame->calls.count - 1;
			i = node->first;
			continue;
		}
		flame->calls.items[flame->calls.count - 1].next = (uint32_t)flame->calls.count;
		begin = saturating_add_i64(begin, flame_weight(flame, &node->cum));
		while (node->next == NODE_NONE && parent != INDEX_NONE) {
			struct flame_call *call = &flame->calls.items[parent];

			node = &tree->nodes.items[node->parent];
			call->next = (uint32_t)flame->calls.count;
			begin = saturating_add_i64(call->begin, flame_weight(flame, &call->cum));
			parent = call->parent;
		}
		i = node->next;
	}
}

void flame_make(struct flame *flame, const struct profile *profile, const struct model *model,
                enum profile_of of)
{
	struct budget *budget = flame->calls.budget;
	struct tree tree = { .nodes = { .budget = budget }, .of = { .budget = budget } };
	const struct stacks *stacks = profile->of != NULL ? profile->of : &model->stacks;

	flame->of = of;
	for (stack_id i = 0; i < profile->stacks.count; i++)
		if (profile->stacks.items[i].count > 0) {
			uint32_t count;
			const struct frame *frames = stacks_frames(stacks, i, &count);

			add_stack(&tree, model, frames, count, &profile->stacks.items[i]);
		}
	link_nodes(&tree);
	for (uint32_t i = tree.first; i != NODE_NONE; i = tree.nodes.items[i].next)
		profile_sum(&flame->all, &tree.nodes.items[i].cum);
	array_reserve(&flame->calls, tree.nodes.count);
	put_nodes(flame, &tree);
	array_free(&tree.nodes);
	id_map_free(&tree.of);
}

/* ---- as a table */

static void add_columns(struct table *table, enum profile_of of)
{
	if (of == PROFILE_DELAYS) {
		table_add_column(table, "cum_delay_ns", COLUMN_DURATION);
		table_add_column(table, "share", COLUMN_FRACTION);
		table_add_column(table, "flat_delay_ns", COLUMN_DURATION);
	}
	table_add_column(table, "cum_count", COLUMN_COUNT);
	if (of == PROFILE_COUNTS) {
		table_add_column(table, "share", COLUMN_FRACTION);
		table_add_column(table, "flat_count", COLUMN_COUNT);
	}
	table_add_column(table, "function", COLUMN_TEXT);
}

static int64_t millionths(double part, double all)
{
	return all > 0 ? (int64_t)(part / all * 1e6 + 0.5) : 0;
}

static void add_name(struct table *table, struct bytes name, size_t depth)
{
	enum { DEPTH_MAX = 128, NAME_MAX_BYTES = 1024 };
	char text[2 * DEPTH_MAX + NAME_MAX_BYTES];
	size_t indent = 2 * (depth < DEPTH_MAX ? depth : DEPTH_MAX);

	if (name.len == 0)
		name = bytes_of("(no stack)");
	name.len = name.len < NAME_MAX_BYTES ? name.len : NAME_MAX_BYTES;
	memset(text, ' ', indent);
	memcpy(text + indent, name.data, name.len);
	table_add_text(table, (struct bytes){ (const uint8_t *)text, indent + name.len });
}

static void add_call(struct table *table, const struct flame *flame, const struct model *model,
                     const struct flame_call *call)
{
	if (flame->of == PROFILE_DELAYS) {
		table_add_number(table, call->cum.delay_ns);
		table_add_number(
			table, millionths((double)call->cum.delay_ns, (double)flame->all.delay_ns));
		table_add_number(table, call->flat.delay_ns);
	}
	table_add_number(table, (int64_t)call->cum.count);
	if (flame->of == PROFILE_COUNTS) {
		table_add_number(table,
		                 millionths((double)call->cum.count, (double)flame->all.count));
		table_add_number(table, (int64_t)call->flat.count);
	}
	add_name(table, strings_text(&model->strings, call->function), call->depth);
}

void flame_table(const struct flame *flame, const struct model *model, struct table *table)
{
	add_columns(table, flame->of);
	for (size_t i = 0; i < flame->calls.count; i++)
		add_call(table, flame, model, &flame->calls.items[i]);
}
