/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_wire.h"

#include "core/base/decoder.h"

/* clang-format off */
#define TIMED true
#define STACK true
#define UNTIMED false
#define BARE false
static const struct v1_spec specs[V1_TYPES] = {
	[V1_BATCH]                = { "Batch",             { "p", "ticks" },            5,  2, BARE,  UNTIMED },
	[V1_FREQUENCY]            = { "Frequency",         { "freq" },                  5,  1, BARE,  UNTIMED },
	[V1_STACK]                = { "Stack",             { "id", "size" },            5,  2, BARE,  UNTIMED },
	[V1_GOMAXPROCS]           = { "Gomaxprocs",        { "procs" },                 5,  1, STACK, TIMED },
	[V1_PROC_START]           = { "ProcStart",         { "thread" },                5,  1, BARE,  TIMED },
	[V1_PROC_STOP]            = { "ProcStop",          { NULL },                    5,  0, BARE,  TIMED },
	[V1_GC_START]             = { "GCStart",           { "seq" },                   5,  1, STACK, TIMED },
	[V1_GC_DONE]              = { "GCDone",            { NULL },                    5,  0, BARE,  TIMED },
	[V1_STW_START]            = { "STWStart",          { "kind" },                  5,  1, BARE,  TIMED },
	[V1_STW_DONE]             = { "STWDone",           { NULL },                    5,  0, BARE,  TIMED },
	[V1_GC_SWEEP_START]       = { "GCSweepStart",      { NULL },                    5,  0, STACK, TIMED },
	[V1_GC_SWEEP_DONE]        = { "GCSweepDone",       { "swept", "reclaimed" },    5,  2, BARE,  TIMED },
	[V1_GO_CREATE]            = { "GoCreate",          { "g", "start" },            5,  2, STACK, TIMED },
	[V1_GO_START]             = { "GoStart",           { "g", "seq" },              5,  2, BARE,  TIMED },
	[V1_GO_END]               = { "GoEnd",             { NULL },                    5,  0, BARE,  TIMED },
	[V1_GO_STOP]              = { "GoStop",            { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_SCHED]             = { "GoSched",           { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_PREEMPT]           = { "GoPreempt",         { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_SLEEP]             = { "GoSleep",           { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_BLOCK]             = { "GoBlock",           { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_UNBLOCK]           = { "GoUnblock",         { "g", "seq" },              5,  2, STACK, TIMED },
	[V1_GO_BLOCK_SEND]        = { "GoBlockSend",       { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_BLOCK_RECV]        = { "GoBlockRecv",       { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_BLOCK_SELECT]      = { "GoBlockSelect",     { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_BLOCK_SYNC]        = { "GoBlockSync",       { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_BLOCK_COND]        = { "GoBlockCond",       { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_BLOCK_NET]         = { "GoBlockNet",        { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_SYS_CALL]          = { "GoSysCall",         { NULL },                    5,  0, STACK, TIMED },
	[V1_GO_SYS_EXIT]          = { "GoSysExit",         { "g", "seq", "ts" },        5,  3, BARE,  TIMED },
	[V1_GO_SYS_BLOCK]         = { "GoSysBlock",        { NULL },                    5,  0, BARE,  TIMED },
	[V1_GO_WAITING]           = { "GoWaiting",         { "g" },                     5,  1, BARE,  TIMED },
	[V1_GO_IN_SYSCALL]        = { "GoInSyscall",       { "g" },                     5,  1, BARE,  TIMED },
	[V1_HEAP_ALLOC]           = { "HeapAlloc",         { "bytes" },                 5,  1, BARE,  TIMED },
	[V1_HEAP_GOAL]            = { "HeapGoal",          { "bytes" },                 5,  1, BARE,  TIMED },
	[V1_TIMER_GOROUTINE]      = { "TimerGoroutine",    { "g" },                     5,  1, BARE,  UNTIMED },
	[V1_FUTILE_WAKEUP]        = { "FutileWakeup",      { NULL },                    5,  0, BARE,  TIMED },
	[V1_STRING]               = { "String",            { "id" },                    7,  1, BARE,  UNTIMED },
	[V1_GO_START_LOCAL]       = { "GoStartLocal",      { "g" },                     7,  1, BARE,  TIMED },
	[V1_GO_UNBLOCK_LOCAL]     = { "GoUnblockLocal",    { "g" },                     7,  1, STACK, TIMED },
	[V1_GO_SYS_EXIT_LOCAL]    = { "GoSysExitLocal",    { "g", "ts" },               7,  2, BARE,  TIMED },
	[V1_GO_START_LABEL]       = { "GoStartLabel",      { "g", "seq", "label" },     8,  3, BARE,  TIMED },
	[V1_GO_BLOCK_GC]          = { "GoBlockGC",         { NULL },                    8,  0, STACK, TIMED },
	[V1_GC_MARK_ASSIST_START] = { "GCMarkAssistStart", { NULL },                    9,  0, STACK, TIMED },
	[V1_GC_MARK_ASSIST_DONE]  = { "GCMarkAssistDone",  { NULL },                    9,  0, BARE,  TIMED },
	[V1_USER_TASK_CREATE]     = { "UserTaskCreate",    { "task", "parent", "name" }, 11, 3, STACK, TIMED },
	[V1_USER_TASK_END]        = { "UserTaskEnd",       { "task" },                  11, 1, STACK, TIMED },
	[V1_USER_REGION]          = { "UserRegion",        { "task", "mode", "name" },  11, 3, STACK, TIMED },
	[V1_USER_LOG]             = { "UserLog",           { "task", "key" },           11, 2, STACK, TIMED },
	[V1_CPU_SAMPLE]           = { "CPUSample",         { "ts", "p", "g" },          19, 3, STACK, TIMED },
};
/* clang-format on */

const struct v1_spec *v1_spec(unsigned type)
{
	return &specs[type];
}

unsigned v1_arg_count(unsigned type, unsigned minor)
{
	unsigned count = specs[type].arg_count;

	switch (type) {
	case V1_GC_START:
	case V1_GO_START:
	case V1_GO_UNBLOCK:
		return minor < 7 ? count - 1 : count;
	case V1_GC_SWEEP_DONE:
		return minor < 9 ? 0 : count;
	case V1_STW_START:
		return minor < 10 ? 0 : count;
	default:
		return count;
	}
}

const char v1_cut[] = "the file ends inside a record";

static const char *fault_of(const struct decoder *d)
{
	return d->fault == DECODER_SHORT ? v1_cut : "expected a number of at most 64 bits";
}

static const char *take_string(struct decoder *d, struct v1_record *record)
{
	uint64_t len;

	record->arg[0] = decoder_take_uvarint(d);
	len = decoder_take_uvarint(d);
	if (d->fault == DECODER_WELL && (record->arg[0] == 0 || len == 0 || len > V1_STRING_MAX))
		return "expected a string with an id and at most a million bytes";
	record->text = decoder_take_bytes(d, len);
	return NULL;
}

/* The numbers of a record that is not timed: of Batch and of those of the tail. */
static const char *take_untimed(struct decoder *d, unsigned minor, struct v1_record *record)
{
	record->arg[0] = decoder_take_uvarint(d);
	if (record->type == V1_BATCH) {
		if (minor < 7)
			record->seq = decoder_take_uvarint(d);
		record->ticks = decoder_take_uvarint(d);
	} else if (minor < 7) {
		decoder_take_uvarint(d); /* not used */
	}
	return NULL;
}

static void take_timed(struct decoder *d, unsigned minor, struct v1_record *record)
{
	const struct v1_spec *spec = &specs[record->type];
	unsigned count = v1_arg_count(record->type, minor);

	if (minor < 7)
		record->seq = decoder_take_uvarint(d);
	record->ticks = decoder_take_uvarint(d);
	for (unsigned i = 0; i < count; i++)
		record->arg[i] = decoder_take_uvarint(d);
	if (spec->has_stack)
		record->stack = decoder_take_uvarint(d);
}

/* How many numbers a record has to have. */
static unsigned numbers_of(unsigned type, unsigned minor)
{
	unsigned deltas = minor < 7 ? 2 : 1;

	if (specs[type].is_timed)
		return deltas + v1_arg_count(type, minor) + specs[type].has_stack;
	return type == V1_BATCH ? deltas + 1 : deltas;
}

/* Stack: id, count, frames; the frames are left for who wants them. */
static const char *take_stack(struct decoder *d, unsigned minor, struct v1_record *record)
{
	uint64_t left;

	record->arg[0] = decoder_take_uvarint(d);
	record->arg[1] = decoder_take_uvarint(d);
	record->frame_size = minor < 7 ? 1 : 4;
	record->text.data = d->in.data + d->at;
	record->text.len = d->in.len - d->at;
	if (d->fault == DECODER_WELL && record->arg[1] > V1_FRAMES_MAX)
		return "expected a stack of at most 1000 frames";
	for (left = record->arg[1] * record->frame_size; left > 0; left--)
		decoder_take_uvarint(d);
	return NULL;
}

/* A record behind whose first byte its length stands. */
static const char *take_long(struct decoder *d, unsigned minor, struct v1_record *record)
{
	uint64_t len = decoder_take_uvarint(d);
	struct decoder inside;
	const char *fault = NULL;

	if (d->fault == DECODER_WELL && len > V1_RECORD_MAX)
		return "expected a record of at most 64 KiB";
	inside = (struct decoder){ .in = decoder_take_bytes(d, len) };
	if (d->fault != DECODER_WELL)
		return NULL;
	if (record->type == V1_STACK)
		fault = take_stack(&inside, minor, record);
	else
		take_timed(&inside, minor, record);
	if (fault != NULL)
		return fault;
	if (inside.fault != DECODER_WELL || inside.at != inside.in.len)
		return "a record's length differs from what it holds";
	return NULL;
}

static const char *take_log(struct decoder *d, struct v1_record *record)
{
	uint64_t len = decoder_take_uvarint(d);

	if (d->fault == DECODER_WELL && len > V1_STRING_MAX)
		return "expected a message of at most a million bytes";
	record->text = decoder_take_bytes(d, len);
	return NULL;
}

/* The two upper bits of the first byte count the numbers that no version ever had less of; 3: the
 * record's length follows. */
static const char *take(struct decoder *d, unsigned minor, struct v1_record *record)
{
	uint8_t first = decoder_take_byte(d);
	unsigned type = first & 63, count = first >> 6, deltas = minor < 7 ? 2 : 1;
	const char *fault;

	*record = (struct v1_record){ .type = (uint8_t)type };
	if (type == V1_NONE || type >= V1_TYPES || specs[type].since > minor)
		return "expected a record of a type that this version has";
	if (type == V1_STRING)
		return take_string(d, record);
	if (count == 3 && (specs[type].is_timed || type == V1_STACK)) {
		fault = take_long(d, minor, record);
		return fault != NULL || type != V1_USER_LOG ? fault : take_log(d, record);
	}
	if (type == V1_STACK || type == V1_USER_LOG || count == 3 ||
	    count + deltas != numbers_of(type, minor))
		return "a record has too many or too few arguments";
	if (!specs[type].is_timed)
		return take_untimed(d, minor, record);
	take_timed(d, minor, record);
	return NULL;
}

const char *v1_take(struct bytes in, size_t *at, unsigned minor, struct v1_record *record)
{
	struct decoder d = { .in = in, .at = *at };
	const char *fault = take(&d, minor, record);

	if (d.fault != DECODER_WELL)
		fault = fault_of(&d);
	if (fault == NULL)
		*at = d.at;
	return fault;
}
