/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/family.h"

#include "core/base/sort.h"

struct named {
	struct bytes text;
	string_id name;
};

static int order_names(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return bytes_compare(x->text, y->text);
}

void family_init(struct family *family, struct budget *budget)
{
	*family = (struct family){ .names = { .budget = budget },
		                   .column_of = { .budget = budget },
		                   .row_ns = { .budget = budget } };
}

void family_free(struct family *family)
{
	array_free(&family->names);
	id_map_free(&family->column_of);
	array_free(&family->row_ns);
}

void family_note(struct family *family, string_id name, int64_t ns)
{
	uint32_t fresh = (uint32_t)family->names.count;

	if (ns != 0 && id_map_add(&family->column_of, name, fresh) == fresh)
		*array_push(&family->names) = name;
}

/* Puts the names in order and gives each its column. */
static void arrange(struct family *family, const struct model *model)
{
	ARRAY(struct named) named = { .budget = family->names.budget };

	for (size_t i = 0; i < family->names.count; i++)
		*array_push(&named) =
			(struct named){ strings_text(&model->strings, family->names.items[i]),
			                family->names.items[i] };
	SORT_ARRAY(&named, order_names);
	for (uint32_t i = 0; i < named.count; i++) {
		family->names.items[i] = named.items[i].name;
		id_map_set(&family->column_of, named.items[i].name, i);
	}
	array_free(&named);
	array_resize(&family->row_ns, family->names.count);
}

void family_add_columns(struct family *family, struct table *table, const struct model *model,
                        const char *title)
{
	arrange(family, model);
	for (size_t i = 0; i < family->names.count; i++)
		table_add_column_of(table, title,
		                    strings_text(&model->strings, family->names.items[i]),
		                    COLUMN_DURATION);
}

void family_put(struct family *family, string_id name, int64_t ns)
{
	uint32_t column = id_map_find(&family->column_of, name);

	if (column != ID_NONE)
		family->row_ns.items[column] += ns;
}

void family_add_row(struct family *family, struct table *table)
{
	for (size_t i = 0; i < family->row_ns.count; i++) {
		table_add_number(table, family->row_ns.items[i]);
		family->row_ns.items[i] = 0;
	}
}
