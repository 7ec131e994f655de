/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/wire_text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/trace_text.h"

/* A trace in Go's text form, or in ours of v1, as tests are written: through the assembler, whose
 * bytes are printed as gander -d=wire does, and that once more through the assembler. What has to
 * hold: a refusal has a reason and names a line that is there; and what can be printed comes back
 * byte for byte. */

static struct budget budget;

static bool collect(void *context, struct bytes text)
{
	byte_array *out = context;

	for (size_t i = 0; i < text.len; i++)
		*array_push(out) = text.data[i];
	return true;
}

/* False if there is something in it that is no record. */
static bool print(struct bytes trace, struct version version, byte_array *text)
{
	static struct text_out out;
	const struct index index = { .version = version }; /* strict needs no more */
	struct source source;
	struct wire_records records;
	struct wire_record record;
	struct error err = { 0 };
	char head[40];

	out = (struct text_out){ .take = collect, .context = text };
	snprintf(head, sizeof(head), "Trace Go1.%u\n", version.minor);
	text_put(&out, bytes_of(head));
	source_open_stream(&source, &budget);
	source_append(&source, trace);
	source_finish(&source);
	wire_records_init(&records, &budget, &index, &source, true);
	while (wire_records_next(&records, &record, &err))
		wire_text(&out, &record);
	wire_records_free(&records);
	source_close(&source);
	text_flush(&out);
	return err.kind == ERROR_NONE;
}

static void check_refusal(const struct error *err, struct bytes text)
{
	must(err->kind == ERROR_MALFORMED && err->offset <= text.len, "a refusal says where");
	must(strncmp(err->message, "line ", 5) == 0, "it names a line");
}

static void round_trip(const byte_array *trace, struct version version)
{
	byte_array text = { .budget = &budget }, again = { .budget = &budget };
	struct error err = { 0 };

	if (print((struct bytes){ trace->items, trace->count }, version, &text)) {
		must(trace_text_assemble((struct bytes){ text.items, text.count }, &again, &err),
		     "what is printed can be read");
		must(bytes_equal((struct bytes){ trace->items, trace->count },
		                 (struct bytes){ again.items, again.count }),
		     "and is the same");
	}
	array_free(&text);
	array_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { data, size }, section = text;
	byte_array trace = { .budget = &budget };
	struct version version;
	struct error err = { 0 };

	trace_text_section(text, "trace", &section);
	must(section.len <= text.len, "a section is no longer than its archive");
	if (!trace_text_assemble(section, &trace, &err))
		check_refusal(&err, section);
	else if (version_parse((struct bytes){ trace.items, trace.count }, &version, &err) &&
	         version_is_v2(version))
		round_trip(&trace, version);
	array_free(&trace);
	must(atomic_load(&budget.used) == 0, "memory comes back");
	return 0;
}
