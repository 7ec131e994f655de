/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_held.h"

#include <inttypes.h>

#include "tui/view/go_name.h"

struct share {
	const char *what;
	int64_t ns;
};

static void add_share(struct line *note, const struct share *share, int64_t of_ns)
{
	int64_t percent = (int64_t)(((__int128)share->ns * 200 + of_ns) / ((__int128)of_ns * 2));

	line_add(note, "  %s", share->what);
	if (percent > 0)
		line_add(note, " %" PRId64 "%%", percent > 100 ? 100 : percent);
	else
		line_add(note, " <1%%");
}

/* The most first: on a small screen the end is cut. */
static void add_shares(struct line *note, struct share *shares, size_t count, int64_t of_ns)
{
	for (size_t i = 0; i < count; i++) {
		struct share first = shares[i];
		size_t most = i;

		for (size_t j = i + 1; j < count; j++)
			if (shares[j].ns > shares[most].ns)
				most = j;
		shares[i] = shares[most];
		shares[most] = first;
		if (shares[i].ns > 0)
			add_share(note, &shares[i], of_ns);
	}
}

void detail_text_add_holders(struct detail_text *t, const struct model *model,
                             const struct detail *d)
{
	char names[HOLDERS][GO_NAME_MAX];
	struct share shares[HOLDERS + 4] = {
		{ d->held.count > 0 ? "others" : "goroutines", d->held.others_ns },
		{ "GC workers", d->held.gc_ns },
		{ "syscalls", d->held.syscall_ns },
	};
	int64_t left = d->held.all_ns - d->held.gc_ns - d->held.syscall_ns - d->held.others_ns;
	struct line *note;
	size_t count = 3;

	if (d->held.all_ns == 0)
		return;
	note = detail_add_note(t);
	for (size_t i = 0; i < d->held.count; i++) {
		struct bytes full = strings_text(&model->strings, d->held.first[i].name);

		shares[count++] = (struct share){
			full.len > 0 ? go_name_short(names[i], full, 0, note->ascii) : "?",
			d->held.first[i].ns,
		};
		left -= d->held.first[i].ns;
	}
	shares[count++] = (struct share){ "idle", left };
	line_add(note, "Ps meanwhile:");
	add_shares(note, shares, count, d->held.all_ns);
}
