/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/usage.h"

#include "tests/tap.h"
#include "tui/options.h"

/* Help as a text. */
static const char *help(const char *topic)
{
	static struct writer writer;
	static char out[16384];
	FILE *file = tmpfile();
	struct error err = { 0 };

	writer_open(&writer, fileno(file));
	usage_print(&writer, topic, 512 << 20);
	writer_close(&writer, &err);
	rewind(file);
	out[fread(out, 1, sizeof(out) - 1, file)] = '\0';
	fclose(file);
	return out;
}

static void fits_80_columns(const char *topic)
{
	const char *text = help(topic);
	size_t longest = 0;

	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
		longest = strcspn(line, "\n") > longest ? strcspn(line, "\n") : longest;
	ok(longest <= 80, "help of %s fits 80 columns", topic == NULL ? "all" : topic);
}

static void everything_is_told(void)
{
	const char *text = help(NULL);
	char option[64];

	for (size_t i = 0; i < analyses_count; i++)
		ok(strstr(text, analyses[i].help) != NULL, "tells of %s", analyses[i].name);
	for (size_t i = 0; i < text_forms_count; i++)
		ok(strstr(text, text_forms[i].help) != NULL, "tells of %s", text_forms[i].name);
	for (size_t i = 0; i < export_forms_count; i++)
		ok(strstr(text, export_forms[i].help) != NULL, "tells of %s", export_forms[i].name);
	for (size_t i = 0; i < option_specs_count; i++) {
		snprintf(option, sizeof(option), "  --%s", option_specs[i].name);
		ok(strstr(text, option) != NULL, "tells of --%s", option_specs[i].name);
	}
	ok(strstr(text, "512 MiB") != NULL, "tells the limit of memory");
}

static void a_command_tells_its_columns(void)
{
	ok(strstr(help("stw"), " stopping_ns ") != NULL, "stw");
	ok(strstr(help("goroutine"), "block_ns[REASON]") != NULL, "goroutine, with families");
	ok(strstr(help("screen"), "--keys") != NULL, "screen, its options");
	ok(strstr(help("events"), "-d=parsed") != NULL &&
	           strstr(help("events"), "--strict") != NULL,
	   "events, its spelling in Go and its option");
	ok(strstr(help("wire"), "-d=wire") != NULL && strstr(help("wire"), "--strict") != NULL,
	   "wire, too");
}

int main(void)
{
	everything_is_told();
	a_command_tells_its_columns();
	fits_80_columns(NULL);
	fits_80_columns("screen");
	for (size_t i = 0; i < text_forms_count; i++)
		fits_80_columns(text_forms[i].name);
	for (size_t i = 0; i < export_forms_count; i++)
		fits_80_columns(export_forms[i].name);
	for (size_t i = 0; i < analyses_count; i++)
		fits_80_columns(analyses[i].name);
	return tap_done();
}
