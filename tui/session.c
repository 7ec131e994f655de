/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/session.h"

#include <inttypes.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "core/analysis/answering.h"
#include "tui/host/limits.h"

enum {
	INDEX_STEP = 1 << 14, /* batches, */
	INDEX_FEW = 1 << 3,   /* and between two looks at the clock: a disk may be slow */
	PUMP_STEP = 1 << 20,  /* bytes of a pipe */
	RECORDS_FACTOR = 5, /* memory for the records of a generation, in multiples of its bytes */
	SPARE = 160 << 20,  /* two generations of a second each, whatever the size of the file */
	LARGE_SHARE =
		8, /* of the memory that is available; a larger file is no guest of the cache */
	KEPT = 8 << 20,         /* of histories, beside a quarter of the file */
	INDEX_PATIENCE_MS = 20, /* before it is judged how long the index takes */
	INDEX_SLOW_MS = 100,
	FOLLOW_MS = 250, /* between two looks at a file that grows */
	WAIT_MS = 100,   /* for a history, until it is asked for again */
};

static int claim_piece(void *job, enum worker_hand hand)
{
	static const enum job_hand hands[] = {
		[WORKER_ALONE] = JOB_ALONE,
		[WORKER_OWNER] = JOB_OWNER,
		[WORKER_HELPER] = JOB_HELPER,
	};
	enum job_piece piece = job_claim(job, hands[hand]);

	return piece == JOB_OVER ? WORKER_OVER : piece == JOB_NOTHING ? WORKER_NOTHING : (int)piece;
}

static void do_piece(void *job, int piece)
{
	job_do(job, (enum job_piece)piece);
}

static bool settle_piece(void *job, int piece)
{
	return job_settle(job, (enum job_piece)piece);
}

static const struct work load_work = { claim_piece, do_piece, settle_piece };

static unsigned choose_threads(int jobs)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (jobs >= 0)
		return (unsigned)jobs;
	if (processors < 1)
		return 1;
	return processors > WORKERS_MAX ? WORKERS_MAX : (unsigned)processors;
}

/* Memory beside what is always kept: histories, and records of generations in the making. */
static void choose_limits(struct session *session)
{
	bool may_grow = session->input.is_stream || session->input.is_followed;
	uint64_t size =
		may_grow ? session->budget->limit / 4 : atomic_load(&session->input.source.end);
	uint64_t budget = session->budget->limit;

	session->ahead = (size + SPARE) / RECORDS_FACTOR;
	session->loader.history_limit = size / 4 + KEPT;
	if (budget != 0 && session->loader.history_limit > budget / 4)
		session->loader.history_limit = budget / 4;
	if (budget != 0 && session->ahead > budget / 2 / RECORDS_FACTOR)
		session->ahead = budget / 2 / RECORDS_FACTOR;
}

bool session_open_as(struct session *session, struct budget *budget, const char *path,
                     const struct session_wish *wish, struct error *err)
{
	unsigned threads = choose_threads(wish->jobs);

	*session = (struct session){ .budget = budget };
	session->raw.whole = session->indexed.whole = session->kept.whole = budget;
	if (!input_open(&session->input, path, wish->follows, &session->raw, err))
		return false;
	if (session->input.version.newer != 0 && !wish->tries_newer) {
		input_close(&session->input);
		return version_refuse(session->input.version, err);
	}
	session->is_open = true;
	/* a pipe's bytes stay in memory; of v1, all of them are needed */
	session->input.limit = budget->limit / 4 * (version_is_v2(session->input.version) ? 1 : 3);
	session->input.source.is_large =
		atomic_load(&session->input.source.end) > limits_read().available / LARGE_SHARE;
	model_init(&session->model, &session->kept, session->input.version);
	loader_init(&session->loader, budget, &session->model, &session->input.source,
	            &session->index, 0);
	choose_limits(session);
	index_begin(&session->index, &session->indexed, &session->input.source,
	            session->input.version);
	sketches_init(&session->sketches, budget, &session->input.source, &session->index,
	              &session->model, wish->sketched);
	if (threads == 0)
		return true;
	session->workers = workers_start(budget, threads, err);
	return session->workers != NULL;
}

bool session_open(struct session *session, struct budget *budget, const char *path, int jobs,
                  struct error *err)
{
	const struct session_wish wish = { .jobs = jobs };

	return session_open_as(session, budget, path, &wish, err);
}

bool session_follow(struct session *session, struct budget *budget, const char *path, int jobs,
                    struct error *err)
{
	const struct session_wish wish = { .jobs = jobs, .follows = true };

	return session_open_as(session, budget, path, &wish, err);
}

void session_close(struct session *session)
{
	struct job *job;

	if (!session->is_open)
		return;
	if (session->workers != NULL) {
		/* what has begun is waited for, and is ours again */
		while ((job = workers_wait(session->workers)) != NULL)
			job_free(job);
		workers_stop(session->workers);
	}
	if (session->own_job != NULL)
		job_free(session->own_job);
	sketches_free(&session->sketches);
	loader_free(&session->loader);
	model_free(&session->model);
	index_free(&session->index);
	input_close(&session->input);
	session->is_open = false;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void submit(struct session *session)
{
	struct job *job;

	while (workers_pending(session->workers) < workers_count(session->workers) &&
	       (job = loader_next(&session->loader, session->ahead)) != NULL)
		workers_submit(session->workers, &load_work, job);
}

static void take_finished(struct session *session)
{
	struct job *job;

	while ((job = workers_take(session->workers)) != NULL)
		loader_done(&session->loader, job);
}

/* What there is for showing has grown. */
static bool has_grown(const struct session *session, size_t parts, uint64_t made)
{
	return session->model.parts.count > parts || session->loader.made > made;
}

/* What is looked at closely, until the time is over: first of all, and here, as others may be busy
 * for long. */
static void step_near(struct session *session, int ms)
{
	int64_t until = now_ms() + ms;

	while (now_ms() <= until && loader_step_near(&session->loader))
		;
}

/* Joins what is done, until the time is over; who has done it goes on meanwhile. */
static void step_join(struct session *session, int ms)
{
	int64_t until = now_ms() + ms;

	do {
		take_finished(session);
		session_begin(session);
	} while (now_ms() <= until && loader_join(&session->loader));
}

/* A job of our own, until the time is over. */
static void step_own(struct session *session, int ms)
{
	int64_t until = now_ms() + ms;

	while (now_ms() <= until) {
		if (loader_join(&session->loader))
			continue;
		if (session->own_job == NULL)
			session->own_job = loader_next(&session->loader, 0);
		if (session->own_job == NULL)
			return;
		if (job_step(session->own_job))
			continue;
		loader_done(&session->loader, session->own_job);
		session->own_job = NULL;
	}
}

/* Something is being loaded, or could be. */
static bool is_loading(const struct session *session)
{
	return session->own_job != NULL || session->loader.running > 0 ||
	       loader_is_joining(&session->loader) ||
	       (session->loader.next < index_closed(&session->index) &&
	        !session->loader.was_stopped);
}

/* False if there is nothing more to do until bytes come. */
static bool step_index(struct session *session, int ms)
{
	int64_t begin = now_ms();
	bool goes_on = true;

	for (int i = 0; goes_on && i < INDEX_STEP / INDEX_FEW && now_ms() <= begin + ms; i++)
		goes_on = index_step(&session->index, &session->input.source, INDEX_FEW);
	session->index_ms += now_ms() - begin;
	return goes_on;
}

/* All of the index will have taken longer than a first picture may. */
static bool index_is_slow(const struct session *session)
{
	uint64_t end = atomic_load(&session->input.source.end);

	return session->index_ms >= INDEX_PATIENCE_MS &&
	       (uint64_t)session->index_ms * (end >> 10) >=
	               INDEX_SLOW_MS * ((session->index.at >> 10) + 1);
}

/* True if there is a new picture. */
static bool step_sketches(struct session *session, int ms)
{
	int64_t until = now_ms() + ms;
	bool is_slow = index_is_slow(session), any = false;

	while (!any && now_ms() <= until && sketches_have_work(&session->sketches, is_slow))
		any = sketches_step(&session->sketches, is_slow);
	return any;
}

/* For bytes of a pipe: those that are kept for looking closely leave loading its memory. */
static uint64_t room_for_bytes(const struct session *session)
{
	uint64_t room = input_room(&session->input), loading = loader_room(&session->loader);

	return room < loading ? room : loading;
}

/* A pipe whose bytes are more than may be kept: the oldest go, once they are in the model. */
static void make_room(struct session *session)
{
	struct source *source = &session->input.source;
	uint64_t room = room_for_bytes(session);
	uint64_t reads_from = loader_reads_from(&session->loader), begin;

	while (session->input.is_stream && room < PUMP_STEP) {
		begin = atomic_load(&source->begin);
		source_forget(source,
		              reads_from < begin + PUMP_STEP ? reads_from : begin + PUMP_STEP);
		if (atomic_load(&source->begin) == begin)
			break;
		room = room_for_bytes(session);
	}
	session->is_full = room < PUMP_STEP;
}

/* More of a pipe cannot be read before what is there is in the model. */
static bool has_to_wait(const struct session *session)
{
	return session->is_full && is_loading(session);
}

bool session_step(struct session *session, int ms)
{
	bool was_whole = session->model.is_whole, has_picture;
	size_t parts = session->model.parts.count;
	uint64_t made = session->loader.made, end;

	if (!has_to_wait(session))
		input_pump(&session->input, PUMP_STEP, &session->error);
	end = atomic_load(&session->input.source.end);
	if (!sketches_are_scanning(&session->sketches) && !step_index(session, ms))
		session->indexed_end = end;
	step_near(session, ms);
	if (session->workers != NULL)
		step_join(session, ms);
	make_room(session);
	has_picture = step_sketches(session, ms / 2);
	if (!sketches_go_first(&session->sketches)) {
		/* else to load meanwhile would take the processors from it */
		if (session->workers != NULL)
			submit(session);
		else if (!has_picture &&
		         !sketches_have_work(&session->sketches, index_is_slow(session)))
			step_own(session, ms);
		loader_is_done(&session->loader);
		if (session->workers != NULL && session->model.is_whole && !was_whole)
			submit(session); /* histories have waited for it */
	}
	return has_picture || has_grown(session, parts, made) ||
	       was_whole != session->model.is_whole;
}

void session_begin(struct session *session)
{
	if (session->workers != NULL && !sketches_go_first(&session->sketches))
		submit(session);
}

bool session_is_idle(struct session *session)
{
	return session->index.is_finished && session->own_job == NULL &&
	       !loader_has_near(&session->loader) &&
	       (session->workers == NULL || workers_pending(session->workers) == 0) &&
	       loader_is_done(&session->loader);
}

bool session_is_stepped(const struct session *session)
{
	/* the rest of a batch that has not come yet is nothing to do */
	bool has_bytes = session->indexed_end != atomic_load(&session->input.source.end) ||
	                 atomic_load(&session->input.source.is_finished);

	if ((!session->index.is_finished && has_bytes) ||
	    sketches_have_work(&session->sketches, index_is_slow(session)) ||
	    loader_is_joining(&session->loader) || loader_has_near(&session->loader))
		return true;
	return session->workers == NULL &&
	       (session->own_job != NULL || loader_has_wishes(&session->loader) ||
	        session->loader.next < index_closed(&session->index));
}

/* A step, and then at most that long until there is something more to do; -1: however long. */
static void wait_a_step(struct session *session, int ms)
{
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };

	session_step(session, 1000);
	fds[0].fd = session_input_fd(session);
	fds[1].fd = session_workers_fd(session);
	if (!session_is_idle(session) && !session_is_stepped(session))
		poll(fds, 2, ms);
}

void session_finish(struct session *session)
{
	do
		wait_a_step(session, -1);
	while (!session_is_idle(session));
}

void session_finish_answer(struct session *session, struct answering *answering)
{
	enum survey_place place;

	while ((place = answering_step(answering)) != SURVEY_OVER)
		if (place == SURVEY_WAITS)
			wait_a_step(session, WAIT_MS);
}

bool session_answer(struct session *session, struct table *table, const struct analysis *analysis,
                    const struct question *question, struct error *err)
{
	struct answering answering;
	bool good;

	answering_begin(&answering, analysis, &session->loader, question);
	session_finish_answer(session, &answering);
	good = answering_end(&answering, table, err);
	answering_free(&answering);
	return good;
}

void session_index(struct session *session, bool indexes)
{
	struct pollfd fd = { .events = POLLIN };

	session->input.limit = session->budget->limit / 4 * 3; /* nothing can be let go */
	while (!(indexes ? session->index.is_finished
	                 : atomic_load(&session->input.source.is_finished))) {
		input_pump(&session->input, PUMP_STEP, &session->error);
		if (indexes && (index_step(&session->index, &session->input.source, INDEX_STEP) ||
		                session->index.is_finished))
			continue;
		fd.fd = session_input_fd(session);
		if (fd.fd >= 0)
			poll(&fd, 1, -1);
	}
}

int session_input_fd(const struct session *session)
{
	return has_to_wait(session) ? -1 : input_fd(&session->input);
}

bool session_has_forgotten(const struct session *session, int64_t begin_ns, int64_t end_ns)
{
	return loader_has_forgotten(&session->loader, begin_ns, end_ns);
}

uint64_t session_received(const struct session *session)
{
	const struct source *source = &session->input.source;

	return atomic_load(&source->is_finished) ? 0 : atomic_load(&source->end);
}

int session_wait_ms(const struct session *session)
{
	return session->input.is_followed ? FOLLOW_MS : -1;
}

int session_workers_fd(const struct session *session)
{
	return session->workers == NULL ? -1 : workers_fd(session->workers);
}

bool session_stop(struct session *session)
{
	return input_stop(&session->input);
}

bool session_want(struct session *session, int64_t begin_ns, int64_t end_ns)
{
	return loader_want(&session->loader, begin_ns, end_ns,
	                   session->loader.history_limit / RECORDS_FACTOR);
}

bool session_want_part(struct session *session, uint32_t part)
{
	loader_want_part(&session->loader, part);
	return loader_can_make(&session->loader, part);
}

void session_look(struct session *session, int64_t begin_ns, int64_t end_ns)
{
	loader_want_near(&session->loader, begin_ns, end_ns);
}

void session_sketch(struct session *session, int64_t begin_ns, int64_t end_ns)
{
	sketches_want(&session->sketches, begin_ns, end_ns);
}

/* Where no bytes are lost, something else is amiss at some places. */
static void tell_places(const struct damage *damage, const char *expected, struct error *err)
{
	uint64_t places = 0;

	for (int grade = DAMAGE_NOTE + 1; grade < DAMAGE_GRADES; grade++)
		places += damage->counts[grade];
	if (places == 1)
		error_set(err, ERROR_TRUNCATED, damage_first(damage)->offset, "%s", expected);
	else
		error_set(err, ERROR_TRUNCATED, ERROR_NO_OFFSET,
		          "damaged at %" PRIu64 " places; first at byte %" PRIu64 ": %s", places,
		          damage_first(damage)->offset, expected);
}

bool session_damage(const struct session *session, const struct damage *damage, struct error *err)
{
	uint64_t size = atomic_load(&session->input.source.end);
	int64_t growth = input_growth(&session->input);
	const struct damage_row *first = damage_first_lost(damage);
	const char *expected;
	char share[DAMAGE_SHARE_MAX];

	if (session->error.kind != ERROR_NONE) {
		*err = session->error;
		return true;
	}
	if (source_has_failed(&session->input.source, err))
		return true;
	if (session->loader.was_stopped || session->index.is_full) {
		error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
		          "stopped at %.0f %%: memory limit reached; --memory raises it",
		          100.0 * (double)loader_progress(&session->loader) / (double)(size + 1));
		return true;
	}
	first = first != NULL ? first : damage_first(damage);
	if (first == NULL)
		return false;
	expected = growth == 0  ? first->expected
	           : growth < 0 ? "the file became shorter while it was open"
	                        : "it has grown since then; --follow reads on";
	if (damage->bytes == 0)
		tell_places(damage, expected, err);
	else
		error_set(err, ERROR_TRUNCATED, ERROR_NO_OFFSET,
		          "%" PRIu64 " of %" PRIu64
		          " bytes not decoded (%s); first at byte %" PRIu64 ": %s",
		          damage->bytes, size, damage_share(share, damage->bytes, size),
		          first->offset, expected);
	return true;
}
