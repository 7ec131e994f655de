/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/wire_text.h"

#include "core/trace/order_heap.h"
#include "core/trace/v2_wire.h"

#include <inttypes.h>
#include <stdio.h>

static void put_arg(struct text_out *out, const char *name, uint64_t value)
{
	TEXT_PUT(out, " ");
	text_put(out, bytes_of(name));
	TEXT_PUT(out, "=");
	text_put_unsigned(out, value);
}

void wire_text(struct text_out *out, const struct wire_record *record)
{
	static const char *const fields[] = { "pc", "func", "file", "line" };
	const struct wire_spec *spec = wire_spec(record->type);
	unsigned timed = spec->timed ? 1 : 0;

	text_put(out, bytes_of(spec->name));
	if (timed)
		put_arg(out, "dt", record->arg[0]);
	for (unsigned i = 0; i < spec->arg_count; i++)
		put_arg(out, spec->args[i], record->arg[i + timed]);
	for (size_t i = 0; record->is_stack && i < record->value_count; i++) {
		if (i % 4 == 0)
			TEXT_PUT(out, "\n\t");
		else
			TEXT_PUT(out, " ");
		text_put(out, bytes_of(fields[i % 4]));
		TEXT_PUT(out, "=");
		text_put_unsigned(out, record->values[i]);
	}
	if (record->has_data && record->data.len > 0) {
		TEXT_PUT(out, "\n\tdata=");
		text_put_quoted(out, record->data);
	}
	TEXT_PUT(out, "\n");
}

/* ---- footprint */

static uint64_t size_of(uint64_t value)
{
	return value == 0 ? 1 : (63 - (unsigned)__builtin_clzll(value)) / 7 + 1u;
}

void footprint_add(struct footprint *footprint, const struct wire_record *record)
{
	uint64_t size = 1;

	for (unsigned i = 0; i < record->arg_count; i++)
		size += size_of(record->arg[i]);
	for (size_t i = 0; record->is_stack && i < record->value_count; i++)
		size += size_of(record->values[i]);
	if (record->has_data)
		size += size_of(record->data.len) + record->data.len;
	footprint->bytes[record->type] += size;
	footprint->count[record->type]++;
	footprint->records++;
}

enum { COLUMNS = 5, CELL = 24 };

struct line {
	char cell[COLUMNS][CELL];
};

static struct line line_of(const struct footprint *footprint, unsigned type, unsigned types,
                           uint64_t total)
{
	uint64_t records = footprint->records;
	const char *name = wire_spec(type)->name;
	struct line line;

	if (type >= types)
		snprintf(line.cell[0], CELL, "<unknown (%u)>", type);
	else
		snprintf(line.cell[0], CELL, "%s", name == NULL ? "" : name);
	snprintf(line.cell[1], CELL, "%" PRIu64, footprint->bytes[type]);
	snprintf(line.cell[2], CELL, "%.2f%%",
	         (double)footprint->bytes[type] / (double)(total + (total == 0)) * 100);
	snprintf(line.cell[3], CELL, "%" PRIu64, footprint->count[type]);
	snprintf(line.cell[4], CELL, "%.2f%%",
	         (double)footprint->count[type] / (double)(records + (records == 0)) * 100);
	return line;
}

static void put_line(struct text_out *out, const struct line *line, const size_t widths[COLUMNS])
{
	for (int c = 0; c < COLUMNS; c++) {
		size_t len = strlen(line->cell[c]);

		text_put_short(out, line->cell[c], len);
		for (; c + 1 < COLUMNS && len < widths[c]; len++)
			TEXT_PUT(out, " ");
	}
	TEXT_PUT(out, "\n");
}

void footprint_text(struct text_out *out, const struct footprint *footprint, struct version version,
                    uint64_t total, struct budget *budget)
{
	ARRAY(struct line) lines = { .budget = budget };
	order_heap order = { .budget = budget };
	unsigned types = wire_records_types(version);
	size_t widths[COLUMNS] = { 0 };

	*array_push(&lines) = (struct line){ { "Event", "Bytes", "%", "Count", "%" } };
	*array_push(&lines) = (struct line){ { "-", "-", "-", "-", "-" } };
	for (unsigned type = 0; type < 256; type++)
		*array_push(&order) =
			(struct order_place){ -(int64_t)footprint->bytes[type], type };
	order_heap_sort(&order);
	for (size_t i = 0; i < order.count; i++) /* those that are there have their names */
		if (order.items[i].time_ns != 0)
			*array_push(&lines) =
				line_of(footprint, order.items[i].thread, WIRE_TYPES, total);
	for (unsigned type = 0; type < 256; type++)
		if (footprint->bytes[type] == 0)
			*array_push(&lines) = line_of(footprint, type, types, total);
	for (size_t i = 0; i < lines.count; i++)
		for (int c = 0; c < COLUMNS; c++) {
			size_t len = strlen(lines.items[i].cell[c]) + 2;

			widths[c] = len > widths[c] ? len : widths[c];
		}
	for (size_t i = 0; i < lines.count; i++)
		put_line(out, &lines.items[i], widths);
	array_free(&lines);
	array_free(&order);
}
