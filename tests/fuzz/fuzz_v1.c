/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_check.h"
#include "core/trace/v1_trace.h"
#include "tests/fuzz/fuzz.h"

/* What stands behind the header of a v1 trace; the first byte chooses the version. What has to
 * hold of any bytes: it ends, what is read and what is lost adds up, times do not step back,
 * however it is stepped the same comes out, and the pieces are well. */

static struct budget budget;

static uint64_t lost_bytes(const struct v1_file *file)
{
	uint64_t sum = 0, end = 0;

	for (size_t i = 0; i < file->damage.rows.count; i++) {
		must(file->damage.rows.items[i].offset >= end,
		     "what is lost is told once, in order");
		end = file->damage.rows.items[i].offset + file->damage.rows.items[i].len;
		sum += file->damage.rows.items[i].len;
	}
	return sum;
}

/* The events in order; their digest. */
static uint64_t order(const struct source *source, unsigned minor, size_t step)
{
	struct v1_file file;
	struct v1_order order;
	struct v1_event event;
	uint64_t digest = 0, count = 0;
	int64_t last_ns = 0;
	struct v1_check check;
	bool good = true;

	v1_file_init(&file, &budget, source, minor);
	while (v1_file_step(&file, step))
		;
	must(lost_bytes(&file) <= atomic_load(&source->end), "no more is lost than there was");
	v1_order_init(&order, &budget, &file);
	while (v1_order_step(&order, step))
		;
	v1_check_init(&check, &budget);
	for (; v1_order_next(&order, &event); count++) {
		good = good && v1_check_take(&check, &event);
		must(event.time_ns >= last_ns, "times do not step back");
		last_ns = event.time_ns;
		digest = digest * 31 + (uint64_t)event.time_ns + event.raw.type + event.raw.g;
	}
	must(count <= file.events, "no event is made up");
	must(file.has_futile || count == file.events, "all events are given");
	must(good || check.why != NULL, "what is refused is refused for something");
	v1_check_free(&check);
	v1_order_free(&order);
	v1_file_free(&file);
	return digest;
}

static void read_piece(const struct index *index, const struct source *source,
                       const struct batch *batch)
{
	static uint8_t payload[INDEX_BATCH_MAX];
	struct wire_event events[64];
	struct wire_reader reader = { .in = { payload, batch->size } };

	must(batch->size <= INDEX_BATCH_MAX, "a batch is small enough");
	must(source_read(index_payloads(index, source), batch->offset, payload, batch->size,
	                 NULL) == batch->size,
	     "a batch is there");
	if (batch->kind != BATCH_EVENTS)
		return;
	clock_set(&reader.clock, 1000000000);
	while (wire_read(&reader, events, 64) > 0)
		;
	must(reader.fault == NULL && reader.at == batch->size, "a batch can be read");
}

static void make_pieces(const struct source *source)
{
	static struct index index;
	struct error err = { 0 };

	must(index_open(&index, &budget, source, &err), "a header opens");
	while (index_step(&index, source, 100))
		;
	must(index.is_finished, "it ends");
	for (size_t i = 0; i < index.batches.count; i++)
		read_piece(&index, source, &index.batches.items[i]);
	for (size_t i = 1; i < index.generations.count; i++)
		must(index.generations.items[i].begin_ns >= index.generations.items[i - 1].begin_ns,
		     "pieces are in order");
	index_free(&index);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned minors[] = { 5, 7, 8, 9, 10, 11, 19, 21 };
	unsigned minor = minors[size > 0 ? data[0] % 8 : 0];
	char head[17] = "";
	struct source source;

	snprintf(head, sizeof(head), "go 1.%u trace", minor);
	source_open_stream(&source, &budget);
	source_append(&source, (struct bytes){ (const uint8_t *)head, 16 });
	if (size > 1)
		source_append(&source, (struct bytes){ data + 1, size - 1 });
	source_finish(&source);
	must(order(&source, minor, 1000) == order(&source, minor, 3), "steps change nothing");
	make_pieces(&source);
	source_close(&source);
	must(atomic_load(&budget.used) == 0, "memory comes back");
	return 0;
}
