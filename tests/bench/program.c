/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "tests/bench/program.h"

/* Functions are numbered: the entry of each job, the leaves of each call, then those in between. */
enum {
	LEAVES = 2, /* frames a call adds */
	BETWEEN = 400,
	FIRST_LEAF = JOBS,
	FIRST_BETWEEN = FIRST_LEAF + CALLS * LEAVES,
	FUNCTIONS = FIRST_BETWEEN + BETWEEN,
	FILES = 64,
	STRINGS = TEXTS + FUNCTIONS + FILES - 1, /* 1 is the first number */
	STACKS = JOBS * CALLS * PATHS + JOBS,
	TABLE_ROOM = 60000,
	RECORD_ROOM = 1400,
};

/* clang-format off */
static const char *const texts[TEXT_TASK] = {
	[TEXT_NONE] = "",
	[TEXT_LABEL_DEDICATED] = "GC (dedicated)",
	[TEXT_LABEL_FRACTIONAL] = "GC (fractional)",
	[TEXT_LABEL_IDLE] = "GC (idle)",
	[TEXT_STOP_YIELD] = "runtime.Gosched",
	[TEXT_STOP_PREEMPTED] = "preempted",
	[TEXT_BLOCK_RECEIVE] = "chan receive",
	[TEXT_BLOCK_SEND] = "chan send",
	[TEXT_BLOCK_SELECT] = "select",
	[TEXT_BLOCK_SYNC] = "sync",
	[TEXT_BLOCK_NETWORK] = "network",
	[TEXT_BLOCK_SLEEP] = "sleep",
	[TEXT_BLOCK_ASSIST] = "GC mark assist wait for work",
	[TEXT_BLOCK_FOREVER] = "forever",
	[TEXT_BLOCK_SYSTEM] = "system goroutine wait",
	[TEXT_STW_START_TRACE] = "start trace",
	[TEXT_STW_SWEEP_TERMINATION] = "GC sweep termination",
	[TEXT_STW_MARK_TERMINATION] = "GC mark termination",
	[TEXT_STW_MEM_STATS] = "read mem stats",
	[TEXT_LOG_CATEGORY] = "state",
	[TEXT_LOG_MESSAGE] = "queue is half full",
};
/* clang-format on */

/* Leaf first. */
/* clang-format off */
static const char *const leaves[CALLS][LEAVES] = {
	[CALL_RECEIVE] = { "runtime.chanrecv1", "example.org/shop/queue.(*Queue).Take" },
	[CALL_SEND] = { "runtime.chansend1", "example.org/shop/queue.(*Queue).Put" },
	[CALL_SELECT] = { "runtime.selectgo", "example.org/shop/queue.(*Queue).Wait" },
	[CALL_LOCK] = { "sync.(*Mutex).Lock", "example.org/shop/stock.(*Shelf).Reserve" },
	[CALL_READ] = { "internal/poll.(*FD).Read", "net.(*conn).Read" },
	[CALL_SLEEP] = { "time.Sleep", "example.org/shop/retry.Later" },
	[CALL_WRITE] = { "syscall.write", "os.(*File).Write" },
	[CALL_OPEN] = { "syscall.openat", "os.OpenFile" },
	[CALL_ALLOCATE] = { "runtime.newobject", "example.org/shop/order.New" },
	[CALL_ANNOTATE] = { "runtime/trace.StartRegion", "example.org/shop/watch.Step" },
	[CALL_COMPUTE] = { "hash/crc32.update", "example.org/shop/order.(*Order).Sum" },
	[CALL_GC_WORK] = { "runtime.gcBgMarkWorker", "runtime.gcBgMarkWorker" },
};
/* clang-format on */

static const char *const rooms[] = { "bill",  "cart",  "index", "ledger", "mail",
	                             "order", "price", "route", "ship",   "stock" };
static const char *const things[] = { "Batch", "Book", "Cache",   "Client",
	                              "Desk",  "Pool", "Session", "Store" };
static const char *const deeds[] = { "Close", "Find", "Handle", "Load", "Merge",
	                             "Open",  "Poll", "Run",    "Send", "Write" };

#define PICK(list, number) ((list)[(number) % (sizeof(list) / sizeof((list)[0]))])

/* Numbers turn with the generation, so that whoever mixes two generations up reads nonsense. */
static uint64_t numbered(uint64_t generation, uint64_t index, uint64_t count)
{
	return 1 + (index + generation * 37) % count;
}

uint64_t program_string(uint64_t generation, unsigned text)
{
	return text == TEXT_NONE ? 0 : numbered(generation, text - 1, STRINGS);
}

uint64_t program_stack(uint64_t generation, unsigned job, enum call call, unsigned path)
{
	return numbered(generation, (job * CALLS + call) * PATHS + path, STACKS);
}

uint64_t program_entry(uint64_t generation, unsigned job)
{
	return numbered(generation, JOBS * CALLS * PATHS + job, STACKS);
}

static void function_name(char *to, size_t size, unsigned function)
{
	unsigned n = function * 7 + function / 80;

	if (function == 0)
		snprintf(to, size, "runtime.gcBgMarkWorker");
	else if (function >= FIRST_LEAF && function < FIRST_BETWEEN)
		snprintf(
			to, size, "%s",
			leaves[(function - FIRST_LEAF) / LEAVES][(function - FIRST_LEAF) % LEAVES]);
	else
		snprintf(to, size, "example.org/shop/%s.(*%s%u).%s", PICK(rooms, n),
		         PICK(things, n / 10), function / 60 + 1, PICK(deeds, n / 3));
}

static void text_of(char *to, size_t size, unsigned text)
{
	unsigned file = text - TEXTS - FUNCTIONS;

	if (text < TEXT_TASK)
		snprintf(to, size, "%s", texts[text]);
	else if (text < TEXT_REGION)
		snprintf(to, size, "%s %s", PICK(deeds, text), PICK(rooms, text));
	else if (text < TEXTS)
		snprintf(to, size, "%s.%s", PICK(rooms, text), PICK(deeds, text / 2));
	else if (text < TEXTS + FUNCTIONS)
		function_name(to, size, text - TEXTS);
	else
		snprintf(to, size, "example.org/shop/%s/%s%u.go", PICK(rooms, file),
		         PICK(deeds, file / 3), file);
}

/* One frame: a line of a function, always under the same address. */
static uint8_t *put_frame(uint8_t *to, uint64_t generation, unsigned function, unsigned site)
{
	to = put_number(to, 0x470000 + function * 0x400 + site * 5);
	to = put_number(to, program_string(generation, TEXTS + function));
	to = put_number(to, program_string(generation, TEXTS + FUNCTIONS + function % FILES));
	return put_number(to, 10 + function % 13 * 40 + site * 2);
}

/* From the leaf to the job's entry; a stack is as deep as its number says. */
static uint8_t *put_stack(uint8_t *to, uint64_t generation, unsigned job, unsigned call,
                          unsigned path, bool small)
{
	unsigned depth = job == 0 || small ? 0 : 2 + (job * 5 + path * 3 + call) % 9;

	*to++ = WIRE_STACK;
	to = put_number(to, program_stack(generation, job, call, path));
	to = put_number(to, job == 0 ? 1 : depth + LEAVES + 1);
	for (unsigned i = 0; i < LEAVES && job != 0; i++)
		to = put_frame(to, generation, FIRST_LEAF + call * LEAVES + i, path);
	for (unsigned i = depth; i > 0; i--)
		to = put_frame(to, generation,
		               FIRST_BETWEEN + (job * 17 + i * (path + 3)) % BETWEEN, path + call);
	return put_frame(to, generation, job, path);
}

static uint8_t *put_entry(uint8_t *to, uint64_t generation, unsigned job)
{
	*to++ = WIRE_STACK;
	to = put_number(to, program_entry(generation, job));
	to = put_number(to, 1);
	return put_frame(to, generation, job, 0);
}

static uint8_t *put_string(uint8_t *to, uint64_t generation, unsigned text)
{
	char bytes[160];
	size_t len;

	text_of(bytes, sizeof bytes, text);
	len = strlen(bytes);
	*to++ = WIRE_STRING;
	to = put_number(to, program_string(generation, text));
	to = put_number(to, len);
	memcpy(to, bytes, len);
	return to + len;
}

/* NULL: a small table has none at this place. */
typedef uint8_t *put_fn(uint8_t *to, uint64_t generation, unsigned index, bool small);

static uint8_t *put_stack_at(uint8_t *to, uint64_t generation, unsigned index, bool small)
{
	unsigned job =
		index < JOBS * CALLS * PATHS ? index / PATHS / CALLS : index - JOBS * CALLS * PATHS;

	if (small && job >= SMALL_JOBS)
		return NULL;
	if (index >= JOBS * CALLS * PATHS)
		return put_entry(to, generation, job);
	return put_stack(to, generation, job, index / PATHS % CALLS, index % PATHS, small);
}

static uint8_t *put_string_at(uint8_t *to, uint64_t generation, unsigned index, bool small)
{
	unsigned function = index + 1 - TEXTS;

	if (small && index + 1 >= TEXTS && function < FUNCTIONS &&
	    (function >= FIRST_BETWEEN || (function >= SMALL_JOBS && function < FIRST_LEAF)))
		return NULL;
	return put_string(to, generation, index + 1);
}

static void write_table(struct wire *wire, uint64_t at, enum wire_record marker, put_fn *put,
                        unsigned count, bool small)
{
	uint8_t bytes[TABLE_ROOM + RECORD_ROOM];
	uint8_t *to = bytes, *behind;

	*to++ = (uint8_t)marker;
	for (unsigned i = 0; i < count; i++) {
		behind = put(to, wire->generation, i, small);
		to = behind != NULL ? behind : to;
		if (to - bytes <= TABLE_ROOM && i + 1 < count)
			continue;
		wire_batch(wire, at, bytes, (size_t)(to - bytes));
		to = bytes + 1;
	}
}

void program_write_tables(struct wire *wire, uint64_t at, bool small)
{
	write_table(wire, at, WIRE_STACKS, put_stack_at, STACKS, small);
	write_table(wire, at, WIRE_STRINGS, put_string_at, STRINGS, small);
}
