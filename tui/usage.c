/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/usage.h"

#include "core/analysis/answering.h"
#include "tui/options.h"

enum { INDENT = 2, COLUMN = 26, WIDTH = 80 };

static const char introduction[] =
	"gander - explore Go execution traces in the terminal\n"
	"\n"
	"usage: gander [OPTIONS] TRACE                      explore\n"
	"       gander [OPTIONS] COMMAND [SELECTOR] TRACE   print an answer and exit\n"
	"       gander --demo                               explore gander's own trace\n"
	"\n"
	"TRACE is a file written by runtime/trace or by /debug/pprof/trace of Go 1.5 to\n"
	"1.26, - for standard input, or the address of a program that runs:\n"
	"http://HOST:PORT, which records 5 seconds, or\n"
	"http://HOST:PORT/debug/pprof/trace?seconds=10. Addresses are read by curl,\n"
	"compressed traces by gzip or zstd, which must be installed.\n";

static const char conclusion[] =
	"\n"
	"In the terminal ? shows the keys and q quits. What a command prints is told by\n"
	"gander COMMAND --help. Exit status: 0 fine, 1 a part of the trace is damaged,\n"
	"2 wrong use, 3 cannot be read, 4 not a trace that gander reads, 5 memory limit,\n"
	"6 output failed.\n";

/* A line "  term      help". */
static void put_line(struct writer *writer, const char *const *term, const char *help)
{
	size_t width = INDENT;

	writer_put_spaces(writer, INDENT);
	for (; *term != NULL; term++) {
		writer_put_text(writer, *term);
		width += strlen(*term);
	}
	writer_put_spaces(writer, width + 1 < COLUMN ? COLUMN - width : 1);
	writer_put_text(writer, help);
	writer_put_text(writer, "\n");
}

static void put_analysis(struct writer *writer, const struct analysis *analysis)
{
	bool is_of_two = analysis->operands != NULL;
	const char *term[] = { analysis->name, analysis->selector != NULL || is_of_two ? " " : NULL,
		               is_of_two ? "A B" : analysis->selector, NULL };

	put_line(writer, term, analysis->help);
}

static void put_option(struct writer *writer, const struct option_spec *spec)
{
	const char *term[] = { "--", spec->name, spec->value != NULL ? "=" : NULL, spec->value,
		               NULL };

	put_line(writer, term, spec->help);
}

static void put_options(struct writer *writer, const char *title, enum option_group group)
{
	writer_put_text(writer, title);
	for (size_t i = 0; i < option_specs_count; i++)
		if (option_specs[i].group == group)
			put_option(writer, &option_specs[i]);
}

static void put_options_of(struct writer *writer, const char *title, const char *command)
{
	writer_put_text(writer, title);
	for (size_t i = 0; i < option_specs_count; i++)
		if (option_is_of(&option_specs[i], command))
			put_option(writer, &option_specs[i]);
}

/* "options for a, b and c:" */
static void put_commands(struct writer *writer, const char *commands)
{
	const char *link = "\noptions for ";

	for (size_t len; *commands != '\0'; commands += len + (commands[len] == ' ')) {
		len = strcspn(commands, " ");
		writer_put_text(writer, link);
		writer_put(writer, (struct bytes){ (const uint8_t *)commands, len });
		link = strchr(commands + len + (commands[len] == ' '), ' ') != NULL ? ", "
		                                                                    : " and ";
	}
	writer_put_text(writer, ":\n");
}

/* Options of some commands, under the names of these. */
static void put_options_of_some(struct writer *writer)
{
	const char *commands = "";

	for (size_t i = 0; i < option_specs_count; i++) {
		const struct option_spec *spec = &option_specs[i];

		if (spec->group != OPTION_SOME)
			continue;
		if (strcmp(spec->commands, commands) != 0)
			put_commands(writer, spec->commands);
		commands = spec->commands;
		put_option(writer, spec);
	}
}

/* For who knows those. */
static void put_pages(struct writer *writer)
{
	static const char *const none[] = { "", NULL };

	writer_put_text(writer, "\nthe pages of go tool trace:\n");
	put_line(writer, none, "View trace by proc, by thread, by goroutine: the");
	put_line(writer, none, "terminal; :COMMAND there shows what a command does");
	for (size_t i = 0; i < analyses_count; i++)
		if (analyses[i].page[0] == '/')
			put_line(writer, (const char *const[]){ analyses[i].name, NULL },
			         analyses[i].page);
}

static void put_all(struct writer *writer, size_t memory)
{
	static const char *const screen[] = { "screen", NULL };

	writer_put_text(writer, introduction);
	writer_put_text(writer, "\ncommands:\n");
	for (size_t i = 0; i < analyses_count; i++)
		put_analysis(writer, &analyses[i]);
	for (size_t i = 0; i < text_forms_count; i++)
		put_line(writer, (const char *const[]){ text_forms[i].name, NULL },
		         text_forms[i].help);
	for (size_t i = 0; i < export_forms_count; i++)
		put_line(writer, (const char *const[]){ export_forms[i].name, NULL },
		         export_forms[i].help);
	put_line(writer, screen, "The picture after some keys, as text, for scripts");
	put_pages(writer);
	put_options(writer, "\noptions for answers:\n", OPTION_ANSWER);
	put_options(writer, "", OPTION_OUTPUT);
	put_options_of_some(writer);
	put_options(writer, "\noptions for the terminal:\n", OPTION_VIEW);
	put_options(writer, "", OPTION_BEGIN);
	put_options(writer, "", OPTION_TERMINAL);
	put_options(writer, "\noptions for all:\n", OPTION_ALL);
	writer_put_text(writer, "\nMemory on this host, without --memory: at most ");
	writer_put_number(writer, (int64_t)(memory >> 20));
	writer_put_text(writer, " MiB,\nand no more than 8 times the trace and 32 MiB.\n");
	writer_put_text(writer, conclusion);
}

/* The columns of an answer, as it gives them for a trace with nothing in it; other traces add to a
 * family of columns. */
static void put_columns(struct writer *writer, const struct analysis *analysis)
{
	struct budget budget = { 0 };
	struct model model;
	struct table table;
	struct question question = question_of_all();
	struct error err = { 0 };
	size_t width = WIDTH;

	model_init(&model, &budget, (struct version){ .minor = 26 });
	table_init(&table, &budget);
	answer_now(&table, analysis, &model, &question, &err);
	writer_put_text(writer, "\ncolumns, as csv and json name them:");
	for (size_t i = 0; i < table.columns.count; i++) {
		struct bytes name = table.columns.items[i].name;

		if (width + 1 + name.len > WIDTH) {
			writer_put_text(writer, "\n ");
			width = 1;
		}
		writer_put_text(writer, " ");
		writer_put(writer, name);
		width += 1 + name.len;
	}
	writer_put_text(writer, "\n");
	if (analysis->families != NULL)
		put_line(writer, (const char *const[]){ analysis->families, NULL },
		         "for what took time anywhere");
	table_free(&table);
	model_free(&model);
}

static void put_command(struct writer *writer, const struct analysis *analysis)
{
	writer_put_text(writer, "usage: gander ");
	writer_put_text(writer, analysis->name);
	writer_put_text(writer, " [OPTIONS] ");
	if (analysis->selector != NULL) {
		writer_put_text(writer, analysis->selector);
		writer_put_text(writer, " ");
	}
	writer_put_text(writer, analysis->operands != NULL ? analysis->operands : "TRACE");
	writer_put_text(writer, "\n\n");
	writer_put_text(writer, analysis->help);
	writer_put_text(writer, ".\nIn go tool trace: ");
	writer_put_text(writer, analysis->page);
	writer_put_text(writer, ".\n");
	put_columns(writer, analysis);
	put_options_of(writer, "\noptions:\n", analysis->name);
	put_options(writer, "", OPTION_ANSWER);
	put_options(writer, "", OPTION_OUTPUT);
	put_options(writer, "", OPTION_ALL);
}

static void put_text_form(struct writer *writer, const struct text_form *form)
{
	writer_put_text(writer, "usage: gander ");
	writer_put_text(writer, form->name);
	writer_put_text(writer, " [OPTIONS] TRACE\n\n");
	writer_put_text(writer, form->help);
	writer_put_text(writer, ".\nThe same text as: go tool trace -d=");
	writer_put_text(writer, form->mode);
	writer_put_text(writer, " TRACE, of Go 1.26.\nThe same command as: gander -d=");
	writer_put_text(writer, form->mode);
	writer_put_text(writer, form->is_ordered
	                                ? " TRACE.\nOf a damaged trace, what is left of it.\n"
	                                : " TRACE.\nOf traces of Go 1.22 and later.\n");
	put_options_of(writer, "\noptions:\n", form->name);
	put_options(writer, "", OPTION_OUTPUT);
	put_options(writer, "", OPTION_ALL);
}

static void put_export(struct writer *writer, const struct export_form *form)
{
	writer_put_text(writer, "usage: gander ");
	writer_put_text(writer, form->name);
	writer_put_text(writer, " [OPTIONS] --output=FILE TRACE\n\n");
	writer_put_text(writer, form->help);
	writer_put_text(writer, ".\n");
	writer_put_text(writer, form->about);
	put_options_of(writer, "\noptions:\n", form->name);
	put_options(writer, "", OPTION_OUTPUT);
	put_options(writer, "", OPTION_ALL);
}

static void put_screen(struct writer *writer)
{
	writer_put_text(writer,
	                "usage: gander screen [OPTIONS] TRACE\n"
	                "\n"
	                "Loads the trace, presses the keys, prints the screen as text, and exits.\n"
	                "After each key all work in the background is done to its end.\n");
	put_options_of(writer, "\noptions:\n", "screen");
	put_options(writer, "", OPTION_BEGIN);
	put_options(writer, "", OPTION_TERMINAL);
	put_options(writer, "", OPTION_ALL);
}

void usage_print(struct writer *writer, const char *topic, size_t memory)
{
	const struct analysis *analysis = topic == NULL ? NULL : analysis_find(bytes_of(topic));
	const struct text_form *form = topic == NULL ? NULL : text_form_find(bytes_of(topic));
	const struct export_form *export = topic == NULL ? NULL : export_form_find(bytes_of(topic));

	if (analysis != NULL)
		put_command(writer, analysis);
	else if (form != NULL)
		put_text_form(writer, form);
	else if (export != NULL)
		put_export(writer, export);
	else if (topic != NULL)
		put_screen(writer);
	else
		put_all(writer, memory);
}
