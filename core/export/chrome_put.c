/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/chrome_at.h"

#include <inttypes.h>
#include <stdio.h>

bool chrome_laps(const struct chrome *chrome, int64_t begin_ns, int64_t end_ns)
{
	return begin_ns < chrome->to_ns && end_ns >= chrome->from_ns;
}

bool chrome_has(const struct chrome *chrome, int64_t ns)
{
	return ns >= chrome->from_ns && ns < chrome->to_ns;
}

/* ---- parts of events */

static void put_fixed(struct text_out *out, const char *text)
{
	text_put(out, bytes_of(text));
}

/* Microseconds, with as many digits as it takes. */
static void put_us(struct text_out *out, int64_t ns)
{
	uint64_t rest = (uint64_t)ns % 1000;

	text_put_unsigned(out, (uint64_t)ns / 1000);
	if (rest == 0)
		return;
	TEXT_PUT(out, ".");
	for (uint64_t unit = 100; rest > 0; rest %= unit, unit /= 10)
		text_put_unsigned(out, rest / unit);
}

void chrome_begin(struct chrome *chrome, char phase, int64_t ns, unsigned group, uint64_t row)
{
	struct text_out *out = chrome->out;

	put_fixed(out, chrome->has_events ? ",\n{\"ph\":\"" : "\n{\"ph\":\"");
	chrome->has_events = true;
	text_put_short(out, &phase, 1);
	TEXT_PUT(out, "\",\"ts\":");
	put_us(out, ns);
	TEXT_PUT(out, ",\"pid\":");
	text_put_unsigned(out, group);
	TEXT_PUT(out, ",\"tid\":");
	text_put_unsigned(out, row);
}

void chrome_put_name(struct chrome *chrome, const struct bytes *parts, size_t count)
{
	TEXT_PUT(chrome->out, ",\"name\":\"");
	for (size_t i = 0; i < count; i++)
		text_put_escaped(chrome->out, parts[i]);
	TEXT_PUT(chrome->out, "\"");
}

void chrome_put_frame(struct chrome *chrome, const char *key, uint32_t frame)
{
	if (frame == 0)
		return;
	put_fixed(chrome->out, key);
	text_put_unsigned(chrome->out, frame);
}

/* ---- events */

void chrome_slice(struct chrome *chrome, const struct chrome_slice *slice)
{
	if (!chrome_laps(chrome, slice->begin_ns, slice->end_ns))
		return;
	chrome_begin(chrome, 'X', slice->begin_ns, slice->group, slice->row);
	TEXT_PUT(chrome->out, ",\"dur\":");
	put_us(chrome->out, slice->end_ns - slice->begin_ns);
	chrome_put_name(chrome, slice->name, 3);
	chrome_put_frame(chrome, ",\"sf\":", slice->frames[0]);
	chrome_put_frame(chrome, ",\"esf\":", slice->frames[1]);
	if (slice->args != NULL)
		put_fixed(chrome->out, slice->args);
	TEXT_PUT(chrome->out, "}");
}

void chrome_instant(struct chrome *chrome, const char *name, int64_t ns, uint64_t row,
                    uint32_t frame)
{
	const struct bytes text = bytes_of(name);

	if (!chrome_has(chrome, ns) || row == EVENT_NONE)
		return;
	chrome_begin(chrome, 'I', ns, GROUP_PROCS, row);
	chrome_put_name(chrome, &text, 1);
	TEXT_PUT(chrome->out, ",\"s\":\"t\"");
	chrome_put_frame(chrome, ",\"sf\":", frame);
	TEXT_PUT(chrome->out, "}");
}

static void put_end(struct chrome *chrome, char phase, const struct chrome_arrow *arrow, int64_t ns,
                    uint64_t row, uint32_t frame)
{
	const struct bytes parts[4] = { bytes_of(arrow->name),
		                        bytes_of(arrow->reason.len > 0 ? " (" : ""), arrow->reason,
		                        bytes_of(arrow->reason.len > 0 ? ")" : "") };

	chrome_begin(chrome, phase, ns, arrow->group, row);
	chrome_put_name(chrome, parts, 4);
	TEXT_PUT(chrome->out, ",\"id\":");
	text_put_unsigned(chrome->out, chrome->arrows);
	chrome_put_frame(chrome, ",\"sf\":", frame);
	TEXT_PUT(chrome->out, "}");
}

void chrome_arrow(struct chrome *chrome, const struct chrome_arrow *arrow)
{
	if (!chrome_has(chrome, arrow->from_ns) || !chrome_has(chrome, arrow->to_ns))
		return;
	chrome->arrows++;
	put_end(chrome, 's', arrow, arrow->from_ns, arrow->from_row, arrow->frame);
	put_end(chrome, 't', arrow, arrow->to_ns, arrow->to_row, 0);
}

/* ---- counters */

static void put_counter(struct chrome *chrome, const char *name, int64_t ns,
                        const char *const *keys, const uint64_t *values, size_t count)
{
	const struct bytes text = bytes_of(name);

	if (!chrome_has(chrome, ns))
		return;
	chrome_begin(chrome, 'C', ns, GROUP_STATS, 0);
	chrome_put_name(chrome, &text, 1);
	TEXT_PUT(chrome->out, ",\"args\":{");
	for (size_t i = 0; i < count; i++) {
		put_fixed(chrome->out, i == 0 ? "\"" : ",\"");
		put_fixed(chrome->out, keys[i]);
		TEXT_PUT(chrome->out, "\":");
		text_put_unsigned(chrome->out, values[i]);
	}
	TEXT_PUT(chrome->out, "}}");
}

void chrome_count_gos(struct chrome *chrome, int64_t ns)
{
	static const char *const keys[] = { "Running", "Runnable", "GCWaiting" };
	const uint64_t values[] = { (uint64_t)chrome->counts[COUNT_RUN],
		                    (uint64_t)chrome->counts[COUNT_READY],
		                    (uint64_t)chrome->counts[COUNT_FOR_GC] };

	put_counter(chrome, "Goroutines", ns, keys, values, 3);
}

void chrome_count_threads(struct chrome *chrome, int64_t ns)
{
	static const char *const keys[] = { "Running", "InSyscall" };
	const uint64_t values[] = { (uint64_t)chrome->running_procs,
		                    (uint64_t)chrome->counts[COUNT_CALL] };

	put_counter(chrome, "Threads", ns, keys, values, 2);
}

void chrome_count_heap(struct chrome *chrome, int64_t ns)
{
	static const char *const keys[] = { "Allocated", "NextGC" };
	uint64_t goal = chrome->goal > UINT64_C(1) << 50 ? 0 : chrome->goal; /* it is off */
	const uint64_t values[] = { chrome->heap, goal > chrome->heap ? goal - chrome->heap : 0 };

	put_counter(chrome, "Heap", ns, keys, values, 2);
}

/* ---- names of rows */

/* A fact about a group, or a row of it. */
static void begin_fact(struct chrome *chrome, const char *name, unsigned group, uint64_t row)
{
	const struct bytes text = bytes_of(name);

	chrome_begin(chrome, 'M', 0, group, row);
	chrome_put_name(chrome, &text, 1);
	TEXT_PUT(chrome->out, ",\"args\":{");
}

static void put_group(struct chrome *chrome, unsigned group, const char *name, unsigned place)
{
	begin_fact(chrome, "process_name", group, 0);
	TEXT_PUT(chrome->out, "\"name\":\"");
	put_fixed(chrome->out, name);
	TEXT_PUT(chrome->out, "\"}}");
	begin_fact(chrome, "process_sort_index", group, 0);
	TEXT_PUT(chrome->out, "\"sort_index\":");
	text_put_unsigned(chrome->out, place);
	TEXT_PUT(chrome->out, "}}");
}

void chrome_put_row(struct chrome *chrome, unsigned group, uint64_t row, const struct bytes name[2],
                    int64_t place)
{
	begin_fact(chrome, "thread_name", group, row);
	TEXT_PUT(chrome->out, "\"name\":\"");
	text_put_escaped(chrome->out, name[0]);
	text_put_escaped(chrome->out, name[1]);
	TEXT_PUT(chrome->out, "\"}}");
	begin_fact(chrome, "thread_sort_index", group, row);
	TEXT_PUT(chrome->out, "\"sort_index\":");
	text_put_signed(chrome->out, (uint64_t)place);
	TEXT_PUT(chrome->out, "}}");
}

static void put_numbered(struct chrome *chrome, const char *name, uint64_t id)
{
	char number[24];
	struct bytes parts[2] = { bytes_of(name) };

	snprintf(number, sizeof(number), "%" PRIu64, id);
	parts[1] = bytes_of(number);
	chrome_put_row(chrome, GROUP_PROCS, id, parts, (int64_t)id);
}

void chrome_put_names(struct chrome *chrome)
{
	static const struct {
		uint64_t row;
		const char *name;
		int64_t place;
	} rows[] = { { ROW_GC, "GC", -6 },
		     { ROW_NETWORK, "Network", -5 },
		     { ROW_TIMERS, "Timers", -4 },
		     { ROW_SYSCALLS, "Syscalls", -3 } };

	put_group(chrome, GROUP_STATS, "STATS", 0);
	if (chrome->has_tasks)
		put_group(chrome, GROUP_TASKS, "TASKS", 1);
	put_group(chrome, GROUP_PROCS, chrome->by_thread ? "OS THREADS" : "PROCS", 2);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		chrome_put_row(chrome, GROUP_PROCS, rows[i].row,
		               (const struct bytes[2]){ bytes_of(rows[i].name) }, rows[i].place);
	if (chrome->by_thread)
		for (size_t i = 0; i < chrome->threads.count; i++)
			put_numbered(chrome, "Thread ", chrome->threads.items[i].id);
	else
		for (size_t i = 0; i < chrome->procs.count; i++)
			put_numbered(chrome, "Proc ", chrome->procs.items[i].id);
}
