/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/decoder.h"
#include "core/trace/order.h"
#include "core/trace/v2_wire.h"
#include "tests/fuzz/fuzz.h"
#include "tests/trace_text.h"

/* What stands in batches that hold no events: strings, stacks, CPU samples, clocks. Two bytes say
 * how long each is, the first of all chooses the version. The tables are compared with a second
 * reading that looks at all of them again for each record. What has to hold: the first meaning of
 * an id stays, and another one costs itself; what stands before a fault counts, and the rest is
 * lost to the byte; all that is defined is found after joining; and samples come by time. */

static struct budget budget, own;

/* A string, or a stack with its numbers. */
struct entry {
	uint64_t id;
	struct bytes text;
	size_t first, count; /* in numbers */
};

struct second {
	ARRAY(struct entry) strings, stacks;
	ARRAY(uint64_t) numbers;
	uint64_t samples, lost;
};

static const struct entry *find(const struct entry *entries, size_t count, uint64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (entries[i].id == id)
			return &entries[i];
	return NULL;
}

enum verdict { GOOD, KNOWN, BAD };

static enum verdict add(struct entry *entry, bool good, const struct entry *entries, size_t count)
{
	if (!good)
		return BAD;
	return entry->id == 0 || find(entries, count, entry->id) != NULL ? KNOWN : GOOD;
}

static enum verdict read_string(struct second *second, struct decoder *d)
{
	struct entry string = { .id = decoder_take_uvarint(d) };
	uint64_t len = decoder_take_uvarint(d);
	enum verdict verdict;

	if (len <= 1024)
		string.text = decoder_take_bytes(d, len);
	verdict = add(&string, len <= 1024 && d->fault == DECODER_WELL, second->strings.items,
	              second->strings.count);
	if (verdict == GOOD)
		*array_push(&second->strings) = string;
	return verdict;
}

static enum verdict read_stack(struct second *second, struct decoder *d)
{
	struct entry stack = { .id = decoder_take_uvarint(d), .first = second->numbers.count };
	uint64_t count = decoder_take_uvarint(d);
	enum verdict verdict;

	for (uint64_t i = 0; count <= 128 && i < 4 * count; i++)
		*array_push(&second->numbers) = decoder_take_uvarint(d);
	stack.count = (size_t)count;
	verdict = add(&stack, count <= 128 && d->fault == DECODER_WELL, second->stacks.items,
	              second->stacks.count);
	if (verdict == GOOD)
		*array_push(&second->stacks) = stack;
	return verdict;
}

static enum verdict read_sample(struct second *second, struct decoder *d)
{
	for (int i = 0; i < 5; i++)
		decoder_take_uvarint(d);
	second->samples += d->fault == DECODER_WELL;
	return d->fault == DECODER_WELL ? GOOD : BAD;
}

static enum verdict read_record(struct second *second, uint8_t kind, struct decoder *d)
{
	uint8_t type = decoder_take_byte(d);

	if (kind == BATCH_STRINGS && type == WIRE_STRING)
		return read_string(second, d);
	if (kind == BATCH_STACKS && type == WIRE_STACK)
		return read_stack(second, d);
	return kind == BATCH_SAMPLES && type == WIRE_CPU_SAMPLE ? read_sample(second, d) : BAD;
}

static void read_again(struct second *second, uint8_t kind, struct bytes payload)
{
	struct decoder d = { .in = payload, .at = 1 };
	enum verdict verdict = GOOD;

	for (size_t begin = 1; verdict != BAD && begin < payload.len; begin = d.at) {
		verdict = read_record(second, kind, &d);
		if (verdict != GOOD)
			second->lost += (verdict == KNOWN ? d.at : payload.len) - begin;
	}
}

/* ---- */

static void compare(const struct tables *tables, const struct second *second)
{
	must(tables->string_count == second->strings.count, "strings");
	must(tables->stack_count == second->stacks.count, "stacks");
	must(tables->samples.count == second->samples, "samples");
	must(tables->damage.bytes == second->lost, "what cannot be read is lost, to the byte");
	for (size_t i = 0; i < second->strings.count; i++)
		must(tables_has_string(tables, second->strings.items[i].id) &&
		             bytes_equal(tables_text(tables, second->strings.items[i].id),
		                         second->strings.items[i].text),
		     "the first text of an id stays");
	for (size_t i = 0; i < second->stacks.count; i++) {
		const struct entry *stack = &second->stacks.items[i];
		const uint64_t *numbers = second->numbers.items + stack->first;
		uint32_t count;
		const struct own_frame *frames = tables_frames(tables, stack->id, &count);

		must(tables_has_stack(tables, stack->id) && count == stack->count,
		     "the first stack of an id stays");
		for (uint32_t f = 0; f < count; f++, numbers += 4)
			must(frames[f].pc == numbers[0] && frames[f].function == numbers[1] &&
			             frames[f].file == numbers[2] && frames[f].line == numbers[3],
			     "with its frames");
		tables_names_root(tables, stack->id);
	}
}

static void compare_joined(const struct tables *tables, const struct strings *strings,
                           const struct stacks *stacks, const struct second *second)
{
	for (size_t i = 0; i < second->strings.count; i++)
		must(bytes_equal(strings_text(strings,
		                              tables_string(tables, second->strings.items[i].id)),
		                 second->strings.items[i].text),
		     "a text is the trace's");
	for (size_t i = 0; i < second->stacks.count; i++) {
		const struct entry *stack = &second->stacks.items[i];
		const uint64_t *numbers = second->numbers.items + stack->first;
		uint32_t count;
		const struct frame *frames =
			stacks_frames(stacks, tables_stack(tables, stack->id), &count);

		must(count == stack->count, "a stack is the trace's");
		for (uint32_t f = 0; f < count; f++, numbers += 4)
			must(frames[f].pc == numbers[0] &&
			             frames[f].function == tables_string(tables, numbers[1]) &&
			             frames[f].file == tables_string(tables, numbers[2]),
			     "with the trace's texts");
	}
	for (size_t i = 1; i < tables->samples.count; i++)
		must(tables->samples.items[i - 1].time_ns <= tables->samples.items[i].time_ns,
		     "samples come by time");
}

static void read_all(const struct index *index, const struct source *source)
{
	static uint8_t room[INDEX_BATCH_MAX];
	struct second second = { { .budget = &own }, { .budget = &own }, { .budget = &own }, 0, 0 };
	struct tables tables;
	struct strings strings;
	struct stacks stacks;
	struct arena arena = { .budget = &own };

	tables_init(&tables, &budget);
	strings_init(&strings, &budget);
	stacks_init(&stacks, &budget);
	for (size_t i = 0; i < index->batches.count; i++) {
		const struct batch *batch = &index->batches.items[i];
		struct bytes payload = { room, batch->size };

		source_read(source, batch->offset, room, batch->size, NULL);
		payload = arena_copy(&arena, payload); /* texts point into it */
		if (batch->kind == BATCH_EVENTS || batch->kind == BATCH_SYNC)
			continue;
		tables_read(&tables, batch, payload, &index->generations.items[0].clock);
		read_again(&second, batch->kind, payload);
	}
	compare(&tables, &second);
	tables_join(&tables, &strings, &stacks);
	compare_joined(&tables, &strings, &stacks, &second);
	arena_free(&arena);
	tables_free(&tables);
	strings_free(&strings);
	stacks_free(&stacks);
	array_free(&second.strings);
	array_free(&second.stacks);
	array_free(&second.numbers);
}

/* The same through the order: it reads the clocks, too. */
static void order_all(const struct index *index, const struct source *source, bool is_strict)
{
	struct order order;
	struct event event;
	struct error err = { 0 };
	int64_t last_ns = -1;

	order_init(&order, &budget, index, source, is_strict);
	while (order_next(&order, &event, &err)) {
		must(event.time_ns > last_ns, "times grow");
		last_ns = event.time_ns;
	}
	must(!order.is_refused || is_strict, "only the strict order refuses");
	order_free(&order);
}

/* ---- */

static void add_number(byte_array *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*array_push(out) = (uint8_t)(value | 0x80);
	*array_push(out) = (uint8_t)value;
}

static void add_batch(byte_array *out, struct bytes payload)
{
	*array_push(out) = WIRE_EVENT_BATCH;
	add_number(out, 1);
	add_number(out, WIRE_NO_THREAD);
	add_number(out, 100);
	add_number(out, payload.len);
	for (size_t i = 0; i < payload.len; i++)
		*array_push(out) = payload.data[i];
}

static void make_trace(byte_array *out, struct bytes in)
{
	static const unsigned minors[] = { 22, 23, 25, 26 };
	char head[17] = "";

	snprintf(head, sizeof(head), "go 1.%u trace", minors[in.len > 0 ? in.data[0] % 4 : 3]);
	for (int i = 0; i < VERSION_HEADER; i++)
		*array_push(out) = (uint8_t)head[i];
	for (size_t at = 1, len; at + 2 <= in.len; at += len) {
		len = (size_t)in.data[at] | (size_t)in.data[at + 1] << 8;
		at += 2;
		len = len < in.len - at ? len : in.len - at;
		add_batch(out, (struct bytes){ in.data + at, len });
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	byte_array bytes = { .budget = &own };
	struct source source;
	struct index index;
	struct error err = { 0 };

	make_trace(&bytes, (struct bytes){ data, size });
	source_open_stream(&source, &budget);
	source_append(&source, (struct bytes){ bytes.items, bytes.count });
	source_finish(&source);
	must(index_open(&index, &budget, &source, &err), "a header opens");
	while (index_step(&index, &source, 100))
		;
	must(index.damage.bytes == 0, "it is framed well");
	if (index.generations.count > 0)
		read_all(&index, &source);
	order_all(&index, &source, false);
	order_all(&index, &source, true);
	index_free(&index);
	source_close(&source);
	array_free(&bytes);
	must(atomic_load(&budget.used) == 0 && atomic_load(&own.used) == 0, "memory comes back");
	return 0;
}
