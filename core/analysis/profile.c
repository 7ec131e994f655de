/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/profile.h"

const struct frame profile_no_frame = { 0 };

void profile_init(struct profile *profile, struct budget *budget)
{
	*profile = (struct profile){ .stacks = { .budget = budget } };
}

void profile_free(struct profile *profile)
{
	array_free(&profile->stacks);
}

/* Room for a stack; half as much again, so that a long profile is not moved at each new one. */
static bool has_room(struct profile *profile, stack_id stack)
{
	size_t wanted = (size_t)stack + 1 + stack / 2;

	if (stack < profile->stacks.count)
		return true;
	profile->is_full |=
		budget_is_beyond(profile->stacks.budget, wanted * sizeof(*profile->stacks.items));
	if (!profile->is_full)
		array_resize(&profile->stacks, wanted);
	return !profile->is_full;
}

static void add(struct profile *profile, stack_id stack, const struct profile_entry *entry)
{
	if (has_room(profile, stack))
		profile_sum(&profile->stacks.items[stack], entry);
}

void profile_add(struct profile *profile, stack_id stack, int64_t delay_ns)
{
	add(profile, stack, &(struct profile_entry){ 1, delay_ns });
}

/* ---- functions */

struct function {
	string_id name;
	stack_id seen; /* the last stack that it was counted for, + 1 */
	struct profile_entry flat, cum;
};

struct functions {
	ARRAY(struct function) list;
	struct id_map of; /* name -> list */
};

static struct function *function_of(struct functions *functions, string_id name)
{
	uint32_t fresh = (uint32_t)functions->list.count;
	uint32_t at = id_map_add(&functions->of, name, fresh);

	if (at == fresh)
		*array_push(&functions->list) = (struct function){ .name = name };
	return &functions->list.items[at];
}

static void add_stack(struct functions *functions, const struct stacks *stacks, stack_id stack,
                      const struct profile_entry *entry)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(stacks, stack, &count);

	if (count == 0) {
		frames = &profile_no_frame;
		count = 1;
	}
	for (uint32_t i = 0; i < count; i++) {
		struct function *function = function_of(functions, frames[i].function);

		if (i == 0)
			profile_sum(&function->flat, entry);
		if (function->seen != stack + 1)
			profile_sum(&function->cum, entry);
		function->seen = stack + 1;
	}
}

static void add_function(struct table *table, const struct model *model,
                         const struct function *function, enum profile_of of)
{
	table_add_text(table, strings_text(&model->strings, function->name));
	table_add_number(table, (int64_t)function->flat.count);
	if (of == PROFILE_DELAYS)
		table_add_number(table, function->flat.delay_ns);
	table_add_number(table, (int64_t)function->cum.count);
	if (of == PROFILE_DELAYS)
		table_add_number(table, function->cum.delay_ns);
}

static void add_columns(struct table *table, enum profile_of of)
{
	table_add_column(table, "function", COLUMN_TEXT);
	table_add_column(table, "flat_count", COLUMN_COUNT);
	if (of == PROFILE_DELAYS)
		table_add_column(table, "flat_delay_ns", COLUMN_DURATION);
	table_add_column(table, "cum_count", COLUMN_COUNT);
	if (of == PROFILE_DELAYS)
		table_add_column(table, "cum_delay_ns", COLUMN_DURATION);
}

static void sort_functions(struct table *table, enum profile_of of)
{
	enum { FUNCTION, FLAT, FLAT_DELAY, CUM, CUM_DELAY };
	static const struct table_order by_delay[] = {
		{ .column = FLAT_DELAY, .is_downwards = true },
		{ .column = CUM_DELAY, .is_downwards = true },
		{ .column = FLAT, .is_downwards = true },
		{ .column = CUM, .is_downwards = true },
		{ .column = FUNCTION },
	};
	static const struct table_order by_count[] = {
		{ .column = FLAT, .is_downwards = true },
		{ .column = FLAT + 1, .is_downwards = true },
		{ .column = FUNCTION },
	};

	if (of == PROFILE_DELAYS)
		table_sort(table, by_delay, sizeof(by_delay) / sizeof(by_delay[0]));
	else
		table_sort(table, by_count, sizeof(by_count) / sizeof(by_count[0]));
}

void profile_functions(const struct profile *profile, const struct model *model, enum profile_of of,
                       struct table *table)
{
	struct budget *budget = table->arena.budget;
	struct functions functions = { .list = { .budget = budget }, .of = { .budget = budget } };

	add_columns(table, of);
	for (stack_id i = 0; i < profile->stacks.count; i++)
		if (profile->stacks.items[i].count > 0)
			add_stack(&functions, &model->stacks, i, &profile->stacks.items[i]);
	for (size_t i = 0; i < functions.list.count; i++)
		add_function(table, model, &functions.list.items[i], of);
	sort_functions(table, of);
	array_free(&functions.list);
	id_map_free(&functions.of);
}

/* ---- stacks */

/* The same by functions alone: entries of the folded one are by the ids of names, whose frames have
 * nothing but a function. Both are initialized. */
static void fold(const struct profile *profile, const struct model *model, struct profile *folded,
                 struct stacks *names)
{
	ARRAY(struct frame) room = { .budget = profile->stacks.budget };

	for (stack_id i = 0; i < profile->stacks.count; i++) {
		const struct profile_entry *entry = &profile->stacks.items[i];
		uint32_t count;
		const struct frame *frames = stacks_frames(&model->stacks, i, &count);

		if (entry->count == 0)
			continue;
		array_clear(&room);
		for (uint32_t f = 0; f < count; f++)
			*array_push(&room) = (struct frame){ .function = frames[f].function };
		add(folded, stacks_add(names, room.items, count), entry);
	}
	array_free(&room);
}

void stack_text_add(stack_text *text, struct bytes part)
{
	size_t at = text->count;

	array_resize(text, at + part.len);
	if (part.len > 0)
		memcpy(text->items + at, part.data, part.len);
}

void profile_join(const struct model *model, const struct frame *frames, uint32_t count,
                  stack_text *text)
{
	array_clear(text);
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0)
			stack_text_add(text, bytes_of(";"));
		stack_text_add(text, strings_text(&model->strings, frames[i].function));
	}
}

static void add_joined(struct table *table, const struct model *model, const struct stacks *names,
                       stack_id stack, stack_text *text)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(names, stack, &count);

	profile_join(model, frames, count, text);
	table_add_text(table, stack_text_bytes(text));
}

void profile_stacks(const struct profile *profile, const struct model *model, struct table *table)
{
	enum { COUNT, DELAY, STACK };
	static const struct table_order order[] = { { .column = DELAY, .is_downwards = true },
		                                    { .column = COUNT, .is_downwards = true },
		                                    { .column = STACK } };
	struct budget *budget = table->arena.budget;
	struct profile folded;
	struct stacks names;
	stack_text text = { .budget = budget };

	profile_init(&folded, budget);
	stacks_init(&names, budget);
	fold(profile, model, &folded, &names);
	table_add_column(table, "count", COLUMN_COUNT);
	table_add_column(table, "delay_ns", COLUMN_DURATION);
	table_add_column(table, "stack", COLUMN_TEXT);
	for (stack_id i = 0; i < folded.stacks.count; i++)
		if (folded.stacks.items[i].count > 0) {
			table_add_number(table, (int64_t)folded.stacks.items[i].count);
			table_add_number(table, folded.stacks.items[i].delay_ns);
			add_joined(table, model, &names, i, &text);
		}
	table->is_full |= folded.is_full;
	table_sort(table, order, sizeof(order) / sizeof(order[0]));
	array_free(&text);
	stacks_free(&names);
	profile_free(&folded);
}
