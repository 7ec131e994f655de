/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/report/texts.h"

#include "core/export/events_text.h"
#include "core/export/every_event.h"
#include "core/export/wire_text.h"
#include "tui/report/writer.h"

#include <unistd.h>

/* clang-format off */
const struct text_form text_forms[] = {
	{ "events",    "Every event in Go's order, with its stacks, as text", "parsed",    true  },
	{ "wire",      "Every record of the file as it stands there, as text", "wire",      false },
	{ "footprint", "How much of the file each type of record takes",      "footprint", false },
};
/* clang-format on */

const size_t text_forms_count = sizeof(text_forms) / sizeof(text_forms[0]);

const struct text_form *text_form_find(struct bytes name)
{
	for (size_t i = 0; i < text_forms_count; i++)
		if (bytes_equal(name, bytes_of(text_forms[i].name)))
			return &text_forms[i];
	return NULL;
}

const struct text_form *text_form_of_mode(struct bytes mode)
{
	for (size_t i = 0; i < text_forms_count; i++)
		if (bytes_equal(mode, bytes_of(text_forms[i].mode)))
			return &text_forms[i];
	return NULL;
}

/* ---- out */

struct destination {
	struct writer writer;
	bool is_terminal;
};

/* Names may hold what a terminal would obey: there it becomes question marks. */
static bool is_harmless(const uint8_t *text, size_t i, size_t len)
{
	if (text[i] == '\n' || text[i] == '\t')
		return true;
	if (text[i] < 0x20 || text[i] == 0x7f)
		return false;
	return text[i] != 0xc2 || i + 1 == len || text[i + 1] >= 0xa0;
}

static bool take(void *context, struct bytes text)
{
	struct destination *destination = context;

	if (!destination->is_terminal) {
		writer_put(&destination->writer, text);
		return !writer_has_failed(&destination->writer);
	}
	for (size_t i = 0; i < text.len; i++)
		writer_put(&destination->writer, is_harmless(text.data, i, text.len)
		                                         ? (struct bytes){ text.data + i, 1 }
		                                         : bytes_of("?"));
	return !writer_has_failed(&destination->writer);
}

/* ---- the forms */

/* What is printed, from what, and what becomes of it. */
struct print {
	struct text_out *out;
	struct budget *budget;
	const struct index *index;
	const struct source *source;
	bool is_strict;
	struct text_outcome *outcome;
};

static bool put_event(void *context, const struct event *event)
{
	struct text_out *out = context;

	events_text(out, event);
	return !out->is_over;
}

static void put_ordered(const struct print *print, struct error *err)
{
	struct stack_texts *stacks = budget_resize(print->budget, NULL, 0, sizeof(*stacks));
	const struct every_event every = { print->budget,    print->index, print->source,
		                           print->is_strict, put_event,    print->out };

	stack_texts_clear(stacks);
	print->out->stacks = stacks;
	every_event(&every, &print->outcome->damage, &print->outcome->records, err);
	print->out->stacks = NULL;
	budget_resize(print->budget, stacks, sizeof(*stacks), 0);
}

/* As text, or, if it is not NULL, added to a footprint. */
static void put_records(const struct print *print, struct footprint *footprint, struct error *err)
{
	struct wire_records records;
	struct wire_record record;

	wire_records_init(&records, print->budget, print->index, print->source, print->is_strict);
	while (!print->out->is_over && wire_records_next(&records, &record, err)) {
		if (footprint != NULL)
			footprint_add(footprint, &record);
		else
			wire_text(print->out, &record);
		print->outcome->records++;
	}
	damage_join(&print->outcome->damage, &print->index->damage);
	damage_join(&print->outcome->damage, &records.damage);
	wire_records_free(&records);
	if (footprint != NULL)
		footprint_text(print->out, footprint, print->index->version,
		               atomic_load(&print->source->end), print->budget);
}

bool texts_print(const struct text_form *form, const struct text_wish *wish, struct budget *budget,
                 const struct index *index, const struct source *source,
                 struct text_outcome *outcome, struct error *err)
{
	struct text_out *out = budget_resize(budget, NULL, 0, sizeof(*out));
	struct destination destination = { .is_terminal = false };
	struct error closing = { 0 };
	struct footprint footprint = { .records = 0 };
	struct print print = { out, budget, index, source, wish->is_strict, outcome };
	bool to_file = wish->output != NULL && !bytes_equal(bytes_of(wish->output), bytes_of("-"));

	*outcome = (struct text_outcome){ .records = 0 };
	damage_init(&outcome->damage, budget);
	text_out_init(out, take, &destination);
	if (to_file && !writer_open_new(&destination.writer, wish->output, err)) {
		budget_resize(budget, out, sizeof(*out), 0);
		return false;
	}
	if (!to_file)
		writer_open(&destination.writer, STDOUT_FILENO);
	destination.is_terminal = !to_file && isatty(STDOUT_FILENO);
	if (form->is_ordered)
		put_ordered(&print, err);
	else
		put_records(&print, form == &text_forms[2] ? &footprint : NULL, err);
	text_flush(out);
	budget_resize(budget, out, sizeof(*out), 0);
	if (!writer_close(&destination.writer, &closing)) {
		*err = closing;
		return false;
	}
	damage_sort(&outcome->damage);
	return err->kind == ERROR_NONE;
}
