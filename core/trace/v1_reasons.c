/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_reasons.h"

#include "core/trace/v1_wire.h"

/* The texts that v1 has as types and numbers. */
enum text {
	TEXT_FOREVER,
	TEXT_PREEMPTED,
	TEXT_GOSCHED,
	TEXT_SLEEP,
	TEXT_CHAN_SEND,
	TEXT_CHAN_RECEIVE,
	TEXT_NETWORK,
	TEXT_SYNC,
	TEXT_COND,
	TEXT_SELECT,
	TEXT_ASSIST,
	TEXT_STOPS, /* the kinds of stops of 1.21, from its number 1 on */
};

enum { STOP_KINDS = 17 };

static const char *const texts[] = {
	[TEXT_FOREVER] = "forever",
	[TEXT_PREEMPTED] = "preempted",
	[TEXT_GOSCHED] = "runtime.Gosched",
	[TEXT_SLEEP] = "sleep",
	[TEXT_CHAN_SEND] = "chan send",
	[TEXT_CHAN_RECEIVE] = "chan receive",
	[TEXT_NETWORK] = "network",
	[TEXT_SYNC] = "sync",
	[TEXT_COND] = "sync.(*Cond).Wait",
	[TEXT_SELECT] = "select",
	[TEXT_ASSIST] = "GC mark assist wait for work",
	[TEXT_STOPS] = "GC mark termination",
	"GC sweep termination",
	"write heap dump",
	"goroutine profile",
	"goroutine profile cleanup",
	"all goroutine stack trace",
	"read mem stats",
	"AllThreadsSyscall",
	"GOMAXPROCS",
	"start trace",
	"stop trace",
	"CountPagesInUse (test)",
	"ReadMetricsSlow (test)",
	"ReadMemStatsSlow (test)",
	"PageCachePagesLeaked (test)",
	"ResetDebugLog (test)",
};

void v1_reasons_add(struct tables *tables, uint64_t first)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		tables_add_text(tables, first + i, bytes_of(texts[i]));
}

unsigned v1_reason_of(uint8_t type)
{
	switch (type) {
	case V1_GO_STOP:
		return TEXT_FOREVER;
	case V1_GO_SCHED:
		return TEXT_GOSCHED;
	case V1_GO_PREEMPT:
		return TEXT_PREEMPTED;
	case V1_GO_SLEEP:
		return TEXT_SLEEP;
	case V1_GO_BLOCK_SEND:
		return TEXT_CHAN_SEND;
	case V1_GO_BLOCK_RECV:
		return TEXT_CHAN_RECEIVE;
	case V1_GO_BLOCK_SELECT:
		return TEXT_SELECT;
	case V1_GO_BLOCK_SYNC:
		return TEXT_SYNC;
	case V1_GO_BLOCK_COND:
		return TEXT_COND;
	case V1_GO_BLOCK_NET:
		return TEXT_NETWORK;
	case V1_GO_BLOCK_GC:
		return TEXT_ASSIST;
	default:
		return V1_REASON_NONE;
	}
}

unsigned v1_reason_of_stop(uint64_t kind, unsigned minor)
{
	if (minor < 21)
		kind = kind < 2 ? kind + 1 : 0;
	return kind == 0 || kind >= STOP_KINDS ? V1_REASON_NONE : (unsigned)(TEXT_STOPS + kind - 1);
}
