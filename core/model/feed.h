/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_FEED_H
#define CORE_MODEL_FEED_H

#include "core/model/walk.h"
#include "core/trace/index.h"
#include "core/trace/source.h"

/* Walks all threads of a generation side by side, a stretch of time after the other, so that what
 * is found is put in order and accounted for while the cache holds it. Of each thread one batch is
 * in memory. */
struct feed {
	struct budget *budget;
	const struct source *source;
	struct walk *walk;
	const struct clock *clock;
	ARRAY(struct feed_thread {
		struct walk_cursor at;
		uint32_t first, next, end; /* into batches */
		uint32_t known;            /* the next whose time is, as far as was looked */
		ARRAY(uint8_t) payload;
		bool is_open;               /* a batch is in payload */
		bool resumes, resumes_lost; /* with its next batch, as a checkpoint told of it: */
		uint32_t resumes_at;        /* so far within, */
		int64_t resumes_ns;         /* then the time of its last event */
		uint32_t next_point;        /* from there on a checkpoint is within the batch */
		uint32_t largest;           /* bytes of a batch */
	})
	threads;
	const struct batch *all; /* of the generation */
	u32_array batches;       /* of events, into all: by thread, each thread's in file order */
	ARRAY(int64_t) base_ns;  /* of each of them; TIMING_NONE: can't be */
	u64_array room;
	struct timing timing;
	int64_t begin_ns, width_ns; /* of the next stretch */
	int64_t last_ns;            /* the last base time of the generation */
	uint16_t gaps;              /* before the generation */
	size_t fresh;               /* threads that are first walked in this step */
	size_t gos;                 /* that were known before it */
	size_t opened, walked;      /* threads, and bytes, since it was full */
	size_t counted;             /* moves that there were then */
	size_t most, taken;         /* bytes that batches in memory will take, and have */
};

enum { FEED_POINTS_MAX = 1 << 15 /* batches: with more there are no checkpoints */ };

void feed_init(struct feed *feed, struct budget *budget);
void feed_free(struct feed *feed);

/* Begins with the event batches of a generation that walk is ready for; they are not copied. */
void feed_begin(struct feed *feed, const struct source *source, struct walk *walk,
                const struct generation *generation, const struct timing *timing,
                const struct batch *batches, size_t count);

/* The next stretch, into an empty one. False if there is none left behind it. */
bool feed_step(struct feed *feed, struct stretch *stretch);

/* A thread is walked from that batch on, which has a checkpoint, or from behind the feed: not at
 * all. */
void feed_resume(struct feed *feed, size_t thread, uint32_t batch, bool follows_loss);
void feed_skip(struct feed *feed, size_t thread);

/* The same from so far within the batch on, behind an event of that time. */
void feed_resume_within(struct feed *feed, size_t thread, uint32_t batch, uint32_t at,
                        int64_t time_ns);

/* One thread alone, a little further, at most to the end of a batch, into an empty stretch; false
 * at the end of its last one. */
bool feed_walk_on(struct feed *feed, size_t thread, int64_t width_ns, struct stretch *stretch);

/* Bytes of batches that are not walked yet. */
uint64_t feed_unread(const struct feed *feed);

/* The payload of a batch into a buffer of at least its size; what can't be read is noted as lost.
 */
struct bytes feed_read(const struct source *source, struct walk *walk, const struct batch *batch,
                       uint8_t *buffer);

#endif
