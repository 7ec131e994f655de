/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/about.h"

#include <inttypes.h>

#include "core/model/tiers.h"
#include "tui/view/text.h"

static size_t used(const struct budget *budget)
{
	return atomic_load_explicit(&budget->used, memory_order_relaxed);
}

struct about_memory about_memory(const struct session *session)
{
	struct about_memory memory = {
		.index = used(&session->indexed) + session->model.point_bytes,
		.kept = used(&session->kept) - session->model.point_bytes,
		.histories = used(&session->loader.histories),
		.near = session->loader.near_bytes,
		.raw = used(&session->raw),
		.work = used(&session->loader.work),
		.all = used(session->budget),
	};
	size_t known;

	memory.histories -= memory.near < memory.histories ? memory.near : memory.histories;
	known = memory.index + memory.kept + memory.histories + memory.near + memory.raw +
	        memory.work;

	memory.other = memory.all > known ? memory.all - known : 0;
	return memory;
}

static struct line *begin(struct line *line)
{
	line_clear(line);
	return line;
}

static void add(struct table *table, const char *name, const struct line *line)
{
	table_add_text(table, bytes_of(name));
	table_add_text(table, (struct bytes){ (const uint8_t *)line->text, line->len });
}

/* ---- the file */

static void add_file(struct table *table, const struct session *session, const char *file)
{
	const struct source *source = &session->input.source;
	struct version version = session->input.version;
	uint64_t received = session_received(session);
	struct line line = { .ascii = true };

	line_add(&line, "%s", PACKAGE_STRING);
	add(table, "program", &line);
	line_add_bytes(begin(&line), bytes_of(file));
	add(table, "trace", &line);
	begin(&line);
	line_add_size(&line, atomic_load(&source->end));
	line_add(&line, " (%" PRIu64 " bytes)", (uint64_t)atomic_load(&source->end));
	if (received > 0)
		line_add(&line, session->input.is_followed ? ", and it is followed"
		                                           : ", and more is coming");
	add(table, "size", &line);
	begin(&line);
	if (version.newer != 0)
		line_add(&line, "go1.%u, read as ", version.newer);
	line_add(&line, "go1.%u, format v%d", version.minor, version_is_v2(version) ? 2 : 1);
	add(table, "version", &line);
}

/* What v1 is cut into is not of the file. */
static const char *unit_of(const struct session *session)
{
	return version_is_v2(session->input.version) ? "generations" : "pieces";
}

static void add_loaded(struct table *table, const struct session *session)
{
	const struct model *model = &session->model;
	struct line line = { .ascii = true };

	line_add(&line, "%zu of %zu %s", model->parts.count, index_closed(&session->index),
	         unit_of(session));
	if (!model->is_whole)
		line_add(&line, " so far");
	add(table, "loaded", &line);
	begin(&line);
	line_add_duration(&line, model->end_ns);
	line_add(&line, ", %" PRIu64 " events, %" PRIu32 " goroutines, %zu Ps, %zu threads",
	         model->events, model->roster.count, model->procs.count, model->threads.count);
	add(table, "holds", &line);
}

/* ---- what it costs */

static void add_size(struct table *table, const char *name, size_t size)
{
	struct line line = { .ascii = true };

	line_add_size(&line, size);
	add(table, name, &line);
}

/* What a trace may take by its size, or all of them together. */
static void add_limit(struct table *table, const struct budget *budget)
{
	size_t ceiling = budget_ceiling(budget);
	struct line line = { .ascii = true };

	if (ceiling == SIZE_MAX) {
		line_add(&line, "none");
	} else {
		line_add_size(&line, ceiling);
		line_add(&line, budget->is_asked ? " while it is loaded, by --memory"
		                                 : " while it is loaded; --memory raises it");
	}
	add(table, "  limit", &line);
}

static void add_index(struct table *table, const struct session *session, size_t size)
{
	struct line line = { .ascii = true };

	line_add_size(&line, size);
	if (session->model.point_bytes > 0) {
		line_add(&line, ", of it checkpoints ");
		line_add_size(&line, session->model.point_bytes);
	}
	add(table, version_is_v2(session->input.version) ? "  T0 index" : "  T0 index, records",
	    &line);
}

static size_t count_histories(const struct model *model)
{
	size_t count = 0;

	for (uint32_t p = 0; p < model->parts.count; p++)
		count += model_has_history(model, p);
	return count;
}

static void add_histories(struct table *table, const struct session *session, size_t size)
{
	struct line line = { .ascii = true };

	line_add_size(&line, size);
	line_add(&line, ": of %zu of %zu %s; about ", count_histories(&session->model),
	         session->model.parts.count, unit_of(session));
	line_add_size(&line, session->loader.history_limit);
	line_add(&line, " are kept");
	add(table, "  T2 histories", &line);
}

/* And what of it is for what. */
static void add_kept(struct table *table, const struct session *session, size_t size)
{
	struct line line = { .ascii = true };
	size_t bytes[TIER_KINDS];

	tiers_account(&session->model, bytes);
	line_add_size(&line, size);
	for (int kind = 0; kind < TIER_KINDS; kind++) {
		line_add(&line, "%s%s ", kind == 0 ? ": " : ", ", tier_names[kind]);
		line_add_size(&line, bytes[kind]);
	}
	add(table, "  T1 always kept", &line);
	if (session->model.roster.forgotten == 0)
		return;
	line = (struct line){ .ascii = true };
	line_add(&line, "%u goroutines that have ended are kept by id and name only",
	         session->model.roster.forgotten);
	add(table, "", &line);
}

static void add_memory(struct table *table, const struct session *session)
{
	struct about_memory memory = about_memory(session);
	struct line line = { .ascii = true };

	line_add_size(&line, memory.all);
	line_add(&line, ", at most it was ");
	line_add_size(&line, atomic_load(&session->budget->peak));
	add(table, "memory", &line);
	add_limit(table, session->budget);
	add_index(table, session, memory.index);
	add_kept(table, session, memory.kept);
	add_histories(table, session, memory.histories);
	if (memory.near > 0)
		add_size(table, "  T3 close-ups", memory.near);
	if (session->input.is_stream)
		add_size(table, "  bytes of a pipe", memory.raw);
	add_size(table, "  work of jobs", memory.work);
	add_size(table, "  all else", memory.other);
}

static void add_threads(struct table *table, const struct session *session)
{
	struct line line = { .ascii = true };

	if (session->workers == NULL)
		line_add(&line, "none that load: it is done between two keys");
	else
		line_add(&line, "%u that load, with %zu jobs", workers_count(session->workers),
		         workers_pending(session->workers));
	add(table, "threads", &line);
}

/* ---- what is amiss */

static void add_limits(struct table *table, const struct session *session)
{
	uint64_t begin_at = atomic_load(&session->input.source.begin);
	struct line line = { .ascii = true };

	if (session->loader.was_stopped || session->index.is_full)
		line_add(&line, "memory: not all is loaded; --memory raises it  ");
	if (begin_at > 0) {
		line_add(&line, "memory: details of the first ");
		line_add_size(&line, begin_at);
		line_add(&line, " of the pipe are let go");
	}
	if (session->loader.too_many != 0)
		line_add(&line, "memory: of large generations only Ps are known closely  ");
	if (line.len == 0)
		line_add(&line, "none was reached");
	add(table, "limits", &line);
}

static void add_damage(struct table *table, const struct session *session)
{
	const struct damage *damage = &session->model.damage;
	uint64_t bytes = session->model.bytes, places = 0;
	struct line line = { .ascii = true };
	char share[DAMAGE_SHARE_MAX];

	for (int grade = DAMAGE_NOTE + 1; grade < DAMAGE_GRADES; grade++)
		places += damage->counts[grade];
	if (damage->bytes > 0) {
		line_add_size(&line, damage->bytes);
		line_add(&line, " of ");
		line_add_size(&line, bytes);
		line_add(&line, " lost (%s)", damage_share(share, damage->bytes, bytes));
	} else {
		line_add(&line, "nothing lost of ");
		line_add_size(&line, bytes);
	}
	line_add(&line, "; %" PRIu64 " place%s, %" PRIu64 " note%s", places, places == 1 ? "" : "s",
	         damage->counts[DAMAGE_NOTE], damage->counts[DAMAGE_NOTE] == 1 ? "" : "s");
	if (places + damage->counts[DAMAGE_NOTE] > 0)
		line_add(&line, "  (~ lists all)");
	add(table, "damage", &line);
}

void about_make(struct table *table, const struct session *session, const char *file)
{
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "value", COLUMN_TEXT);
	add_file(table, session, file);
	add_loaded(table, session);
	add_memory(table, session);
	add_threads(table, session);
	add_limits(table, session);
	add_damage(table, session);
}
