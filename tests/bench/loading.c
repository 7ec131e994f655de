/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/bench/loading.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "core/model/job.h"
#include "core/trace/v2_wire.h"
#include "tui/host/limits.h"
#include "tui/session.h"

enum {
	PHASE_INDEX = 13, /* those before are of jobs (core/model/job.c) */
	PHASE_BEGIN = 14,
	PHASE_JOIN = 15,
	INDEX_STEP = 4096,
	RECORD_MAX = 1 + (1 + WIRE_ARGS) * 10,
};

/* clang-format off */
const char *const phase_names[PHASES] = {
	"tables", "floors", "walk", "procs", "goroutines", "counts", "notes", "sort", "pyramid",
	[PHASE_INDEX] = "index",
	[PHASE_BEGIN] = "begin (group batches)",
	[PHASE_JOIN] = "join (stitch)",
};
/* clang-format on */

static bool open_session(struct session *session, struct budget *budget,
                         const struct load_question *question, int jobs)
{
	struct error err = { 0 };

	budget->limit = limits_budget(limits_read(), question->memory);
	budget->is_asked = question->memory != 0;
	if (session_open(session, budget, question->path, jobs, &err))
		return true;
	fprintf(stderr, "bench: %s: %s\n", question->path, err.message);
	return false;
}

static void index_whole(struct session *session)
{
	while (index_step(&session->index, &session->input.source, INDEX_STEP))
		;
}

static void begin(struct loading *loading)
{
	*loading = (struct loading){ .cpu_ns = -clock_now(CLOCK_PROCESS_CPUTIME_ID),
		                     .wall_ns = -clock_now(CLOCK_MONOTONIC) };
}

static void end(struct loading *loading, const struct session *session)
{
	const struct index *index = &session->index;

	loading->cpu_ns += clock_now(CLOCK_PROCESS_CPUTIME_ID);
	loading->wall_ns += clock_now(CLOCK_MONOTONIC);
	loading->peak_kib = peak_of("self");
	loading->bytes = session->input.source.end;
	loading->generations = index->generations.count;
	for (size_t i = 0; i < index->generations.count; i++)
		loading->event_bytes += index->generations.items[i].event_bytes;
}

/* ---- the kernel */

/* The plainest decoder there is: a loop over the bytes of each number. Behind the payload zeroes
 * end whatever it has begun. */
static uint64_t decode(const uint8_t *p, size_t len, const uint8_t numbers[256], uint64_t *sum)
{
	const uint8_t *end = p + len;
	uint64_t events = 0;

	while (p < end) {
		for (unsigned n = numbers[*p++]; n > 0; n--) {
			uint64_t value = 0;
			unsigned shift = 0;

			for (; *p >= 0x80 && shift < 63; shift += 7)
				value |= (uint64_t)(*p++ & 0x7f) << shift;
			*sum += value | (uint64_t)*p++ << shift;
		}
		events++;
	}
	return events;
}

static void count_numbers(uint8_t numbers[256])
{
	memset(numbers, 0, 256);
	for (unsigned type = 0; type < 256; type++)
		if (wire_spec(type)->timed)
			numbers[type] = (uint8_t)(wire_spec(type)->arg_count + 1);
}

bool calibrate(const void *question, void *result)
{
	static uint8_t buffer[INDEX_BATCH_MAX + RECORD_MAX], numbers[256];
	struct loading *loading = result;
	struct budget budget = { 0 };
	struct session session;
	volatile uint64_t kept;
	uint64_t sum = 0, events = 0;

	if (!open_session(&session, &budget, question, 0))
		return false;
	index_whole(&session);
	count_numbers(numbers);
	begin(loading);
	for (size_t i = 0; i < session.index.batches.count; i++) {
		const struct batch *batch = &session.index.batches.items[i];
		size_t got;

		if (batch->kind != BATCH_EVENTS)
			continue;
		got = source_read(&session.input.source, batch->offset, buffer, batch->size, NULL);
		memset(buffer + got, 0, RECORD_MAX);
		events += decode(buffer, got, numbers, &sum);
	}
	kept = sum;
	(void)kept;
	end(loading, &session);
	loading->events = events;
	session_close(&session);
	return true;
}

/* ---- ours */

bool load_index(const void *question, void *result)
{
	struct loading *loading = result;
	struct budget budget = { 0 };
	struct session session;

	begin(loading);
	if (!open_session(&session, &budget, question, 0))
		return false;
	index_whole(&session);
	end(loading, &session);
	session_close(&session);
	return true;
}

/* Adds the time since *since to a phase. */
static void lap(struct loading *loading, int phase, int64_t *since)
{
	int64_t now = clock_now(CLOCK_THREAD_CPUTIME_ID), ns = now - *since;
	int i = phase < PHASES ? phase : PHASES - 1;

	loading->phase_ns[i] += ns;
	loading->longest_ns[i] = ns > loading->longest_ns[i] ? ns : loading->longest_ns[i];
	*since = now;
}

bool load_stepped(const void *question, void *result)
{
	struct loading *loading = result;
	struct budget budget = { 0 };
	struct session session;
	struct job *job;
	int64_t since = clock_now(CLOCK_THREAD_CPUTIME_ID);

	begin(loading);
	if (!open_session(&session, &budget, question, 0))
		return false;
	index_whole(&session);
	lap(loading, PHASE_INDEX, &since);
	while ((job = loader_next(&session.loader, 0)) != NULL) {
		bool goes_on = true;

		lap(loading, PHASE_BEGIN, &since);
		while (goes_on) {
			int phase = job->phase;

			goes_on = job_step(job);
			lap(loading, phase, &since);
		}
		loader_done(&session.loader, job);
		while (loader_join(&session.loader))
			lap(loading, PHASE_JOIN, &since);
		lap(loading, PHASE_JOIN, &since);
	}
	loader_is_done(&session.loader);
	lap(loading, PHASE_JOIN, &since);
	end(loading, &session);
	loading->events = session.model.events;
	session_close(&session);
	return true;
}

/* As session_finish does it, but for a look in between. */
static void step(struct session *session)
{
	struct pollfd fd = { .fd = session_workers_fd(session), .events = POLLIN };

	session_step(session, 1);
	if (!session_is_idle(session) && !session_is_stepped(session))
		poll(&fd, 1, -1);
}

bool load_threaded(const void *question, void *result)
{
	const struct load_question *asked = question;
	struct loading *loading = result;
	struct budget budget = { 0 };
	struct session session;

	begin(loading);
	if (!open_session(&session, &budget, asked, asked->threads))
		return false;
	while (session.model.parts.count == 0 && !session_is_idle(&session))
		step(&session);
	loading->usable_ns = loading->wall_ns + clock_now(CLOCK_MONOTONIC);
	session_finish(&session);
	end(loading, &session);
	loading->was_stopped = session.loader.was_stopped;
	loading->events = session.model.events;
	loading->whole_ns = session.model.end_ns;
	session_close(&session);
	return true;
}
