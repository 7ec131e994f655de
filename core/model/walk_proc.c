/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

/* What happens to Ps. */

uint32_t at_add_tenure(const struct at *at, uint16_t proc, uint64_t seq, enum tenure_kind kind)
{
	struct local_proc *p = &at->walk->procs.items[proc];

	*array_push(&at->walk->tenures) = (struct tenure){
		.seq = (uint32_t)seq,
		.time = at->time,
		.stop = TIME_NONE,
		.unknown = TIME_NONE,
		.abandoned = TIME_NONE,
		.lost = TIME_NONE,
		.stream = at->stream_index,
		.last_go = INDEX_NONE,
		.proc = proc,
		.kind = (uint8_t)kind,
	};
	p->count++;
	if (seq > p->max_seq)
		p->max_seq = (uint32_t)seq;
	return (uint32_t)at->walk->tenures.count - 1;
}

static void take_proc(const struct at *at, uint16_t proc, uint32_t tenure)
{
	at->stream->proc = proc;
	at->stream->tenure = at->stream->opener = tenure;
	at->stream->tenure_seq = at->walk->tenures.items[tenure].seq;
	at->stream->last_go = INDEX_NONE;
	if (at->stream->now < at->walk->procs.items[proc].earliest)
		at->stream->now = at->walk->procs.items[proc].earliest;
	at->stream->has_told = true;
}

void at_proc_start(const struct at *at)
{
	uint16_t proc = walk_find_proc(at->walk, at->arg[0]);

	if (proc == PROC_NONE || !is_slot(at, at->arg[1]))
		return;
	if (at->stream->m == WIRE_NO_THREAD) { /* holds none */
		at->walk->dropped++;
		return;
	}
	if (!at->stream->in_syscall)
		at_doubt_run(at);
	take_proc(at, proc, at_add_tenure(at, proc, at->arg[1], TENURE_START));
}

void at_proc_stop(const struct at *at)
{
	struct tenure *tenure = at_own_tenure(at);

	if (!at->stream->in_syscall)
		at_doubt_run(at);
	if (tenure != NULL) {
		tenure->stop = at->time;
		tenure->last_go = at->stream->last_go;
	}
	at_leave_sweep(at);
	at_drop_proc(at);
}

void at_proc_steal(const struct at *at)
{
	uint16_t proc = walk_find_proc(at->walk, at->arg[0]);

	if (at->arg[1] == WIRE_PARTED && at->arg[2] == at->stream->m && at->stream->in_syscall) {
		at->stream->call_parted = at->time;
		return;
	}
	if (proc == PROC_NONE || !is_slot(at, at->arg[1]))
		return;
	at_add_tenure(at, proc, at->arg[1], TENURE_STEAL);
	if (at->stream->proc != proc || at->arg[2] != at->stream->m)
		return;
	if (!at->stream->in_syscall)
		at_doubt_run(at);
	at_drop_proc(at);
}

void at_proc_status(const struct at *at)
{
	static const uint8_t kinds[] = {
		[WIRE_PROC_RUNNING] = TENURE_STATUS_RUNNING,
		[WIRE_PROC_IDLE] = TENURE_STATUS_IDLE,
		[WIRE_PROC_SYSCALL] = TENURE_STATUS_SYSCALL,
		[WIRE_PROC_ABANDONED] = TENURE_STATUS_ABANDONED,
	};
	uint16_t proc = walk_find_proc(at->walk, at->arg[0]);
	uint64_t status = at->arg[1];
	uint32_t tenure;

	if (proc == PROC_NONE || status == WIRE_PROC_BAD || status > WIRE_PROC_ABANDONED) {
		at->walk->dropped++;
		return;
	}
	tenure = at_add_tenure(at, proc, 0, kinds[status]);
	if (at->stream->m != WIRE_NO_THREAD &&
	    (status == WIRE_PROC_RUNNING || status == WIRE_PROC_SYSCALL))
		take_proc(at, proc, tenure);
}
