/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/export_form.h"

/* clang-format off */
const struct export_form export_forms[] = {
	{ EXPORT_ANONYMIZE, "anonymize", "The same trace, with numbers for the names in it",
	  "Functions are p3.f17, one number a package, files p3/f2.go; tasks, regions, logs\n"
	  "and labels are task1, region1, category1, message1, label1. Lines, addresses,\n"
	  "times and ids stay. gander and Go's tools read it as any other.\n" },
	{ EXPORT_CHROME, "chrome", "Chrome's trace events as JSON, for Perfetto",
	  "What go tool trace shows by P, or by thread: runs, syscalls, GC and stops,\n"
	  "what woke whom, counters, logs and CPU samples, with stacks; and all tasks\n"
	  "and regions.\n" },
	{ EXPORT_CUT, "cut", "A smaller trace: of the part between --from and --to",
	  "The trace that is written holds whole generations, about a second each: those\n"
	  "that lap into the stretch, byte for byte. gander and Go's tools read it as any\n"
	  "other; its times count from its own begin.\n"
	  "Of traces of Go 1.22 and later.\n" },
};
/* clang-format on */

const size_t export_forms_count = sizeof(export_forms) / sizeof(export_forms[0]);

const struct export_form *export_form_find(struct bytes name)
{
	for (size_t i = 0; i < export_forms_count; i++)
		if (bytes_equal(name, bytes_of(export_forms[i].name)))
			return &export_forms[i];
	return NULL;
}
