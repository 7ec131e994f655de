/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_CHECKPOINT_H
#define CORE_MODEL_CHECKPOINT_H

#include "core/base/radix.h"
#include "core/model/records.h"

/* What a thread knew when it began a batch, so that its walk can begin there as well: what a
 * close-up (closeup.h) is made from. Noted in the one pass that loads the generation, 32 bytes a
 * batch; what the thread cannot know itself - when a syscall lost its P, where the goroutine's
 * clocks disagree - is beside them, by event, as that is seldom. */
struct checkpoint {
	uint64_t go; /* id of who runs; is_standin: the part's number of who stands at the head */
	uint32_t order; /* of the run's close */
	part_time begin;
	part_time now; /* the thread's last event */
	event_ref ref; /* of the run's begin */
	uint16_t proc, run_proc;
	uint32_t runs : 1, is_standin : 1, open : 3, worker : 2;
	uint32_t in_syscall : 1, puts_off : 1, has_run : 1, has_told : 1;
	uint32_t has_tenure : 1, tenure_kind : 3, tenure_returned : 1;
	uint32_t follows_loss : 1; /* of walk_cursor */
	uint32_t has_more : 1;     /* something is open inside of the run */
};

/* Whom a number stands for in any walk of the part. */
struct point_go {
	uint64_t id; /* as in a checkpoint */
	bool is_standin;
};

struct checkpoint_more {
	uint32_t at; /* its checkpoint; ascending */
	part_time call_begin;
	event_ref call_ref;
	uint32_t call_stack; /* own ids, as those of ranges */
	bool is_bound, has_assist, has_sweep;
	struct point_go bound, sweep_go; /* of an assist it is who runs */
	struct open_range assist, sweep; /* without g */
};

/* The same within a large batch, every so many bytes, where nothing is open inside of the run: a
 * narrow window needs no more of the batch than what lies between. */
struct checkpoint_within {
	struct checkpoint point;
	int64_t time_ns; /* of the thread's last event, from which the next one counts */
	uint32_t batch;  /* of the feed; ascending, then */
	uint32_t at;     /* in its payload */
};

enum { CHECKPOINT_EACH = 1 << 13 /* bytes */ };

/* An assist that covers a run, and began or ended in another one. */
struct far_piece {
	struct point_go go;
	part_time begin, end;
	uint32_t stack; /* own id */
	uint16_t proc;
};

struct checkpoints {
	bool is_kept;                 /* false: there are none, or they would not tell all */
	ARRAY(struct checkpoint) all; /* of event batches: by thread, in file order (struct feed) */
	ARRAY(struct checkpoint_more) more;
	ARRAY(struct checkpoint_within) within;
	u64_array late; /* runs that begin later than their thread says: reference << 32 | time */
	u64_array lost; /* the same of syscalls that lost their P: when the run left it */
	u32_array left; /* runs that threads leave open, while their goroutines went on elsewhere */
	ARRAY(struct far_piece) far;
	ARRAY(struct point_life { /* ids that come again */
				  uint64_t id;
				  part_time begin;
	})
	lives;
	part_time last; /* of the walk */
};

struct walk;
struct walk_cursor;
struct account;
struct feed;

void checkpoints_init(struct checkpoints *points, struct budget *budget);
void checkpoints_free(struct checkpoints *points);
void checkpoints_clear(struct checkpoints *points);
size_t checkpoints_bytes(const struct checkpoints *points);

/* A thread begins batch number at of the feed. */
void checkpoint_note(struct walk *walk, size_t at, uint32_t stream, bool follows_loss);

/* A thread is so far in that batch. False: none can be there. */
bool checkpoint_note_within(struct walk *walk, size_t batch, const struct walk_cursor *cursor);

/* The last one within that batch from which on all is walked that a thread tells at a time or
 * later; NULL. */
const struct checkpoint_within *checkpoint_within(const struct checkpoints *points, size_t batch,
                                                  part_time time);

/* A walk goes on there: the stream is as it was then. proc: of whoever stands at its head, if that
 * is not in the checkpoint. Returns the own number of who runs, or stands at the head; INDEX_NONE.
 */
uint32_t checkpoint_restore(struct walk *walk, const struct checkpoints *points, size_t at,
                            uint32_t stream, uint16_t head_proc);

/* The same within a batch; INDEX_NONE: nobody runs. */
uint32_t checkpoint_restore_within(struct walk *walk, const struct checkpoint_within *within,
                                   uint32_t stream);

/* What is open inside of the checkpoint's run; NULL: nothing. */
const struct checkpoint_more *checkpoint_more(const struct checkpoints *points, size_t at);

/* When all is accounted for: what threads do not know. Where records contradict each other so that
 * they were left out, or it would be too much, nothing is kept. */
void checkpoints_finish(struct walk *walk, const struct account *account, const struct feed *feed,
                        uint64_t event_bytes);

/* The time that stands beside a reference; or other. */
part_time checkpoints_time(const u64_array *items, event_ref ref, part_time other);

#endif
