/* SPDX-License-Identifier: MIT */
#ifndef TUI_SESSION_H
#define TUI_SESSION_H

#include "core/analysis/analysis.h"
#include "core/model/detail.h"
#include "core/model/loader.h"
#include "core/model/sketches.h"
#include "tui/host/input.h"
#include "tui/host/workers.h"

/* A trace that is open, from its bytes to its model: the input, the index, the loader and the
 * threads that do its jobs. The same for the terminal, the answers and the pictures of scripts. */
struct session {
	struct budget *budget;
	struct budget raw, indexed, kept; /* of it: bytes of a pipe, the index, the model */
	struct input input;
	struct index index;
	struct model model;
	struct loader loader;
	struct sketches sketches;
	struct workers *workers; /* NULL: jobs are done here, in steps */
	struct job *own_job;     /* the one that is */
	uint64_t ahead;          /* bytes of generations started at a time */
	int64_t index_ms;        /* that it has taken so far */
	uint64_t indexed_end;    /* bytes there were when the index had nothing more to do */
	struct error error;      /* that ended reading early */
	bool is_open;
	bool is_full; /* a pipe has brought as much as may be kept */
};

/* How a trace is opened. */
struct session_wish {
	int jobs;          /* threads; 0: none; -1: one a processor */
	bool follows;      /* a file is read on as it grows, until the session is closed */
	bool tries_newer;  /* a version that is newer than all known ones is taken for the newest */
	uint64_t sketched; /* files of so many bytes are sketched until they are loaded; 0: none */
};

/* What is smaller is loaded as soon as it would be sketched. */
enum { SESSION_SKETCHED = 64 << 20 };

/* Until its header is read, the trace may not be one. */
bool session_open_as(struct session *session, struct budget *budget, const char *path,
                     const struct session_wish *wish, struct error *err);

/* The usual wishes. */
bool session_open(struct session *session, struct budget *budget, const char *path, int jobs,
                  struct error *err);
/* The same for a file that is read on as it grows, until the session is closed. */
bool session_follow(struct session *session, struct budget *budget, const char *path, int jobs,
                    struct error *err);
void session_close(struct session *session);

/* Does what can be done without waiting, for about ms milliseconds if it has to do it itself. True
 * if the model has grown or a history has come. */
bool session_step(struct session *session, int ms);

/* Begins what was wished for since. Before waiting, as only what is begun ends a wait. */
void session_begin(struct session *session);

/* Nothing is left to read or to do. */
bool session_is_idle(struct session *session);

/* There is work that only session_step does: call it again soon. */
bool session_is_stepped(const struct session *session);

/* Steps to the end, waiting. */
void session_finish(struct session *session);

/* The same with a question that has begun. */
struct answering;
void session_finish_answer(struct session *session, struct answering *answering);

/* The same with a question, to a model that is whole. */
bool session_answer(struct session *session, struct table *table, const struct analysis *analysis,
                    const struct question *question, struct error *err);

/* Reads all there is, waiting, and indexes it if asked to; loads nothing. */
void session_index(struct session *session, bool indexes);

/* To be polled for reading; -1: none, or none now. */
int session_input_fd(const struct session *session);
int session_workers_fd(const struct session *session);

/* Whether bytes of a pipe were let go that a window's records would be made from. */
bool session_has_forgotten(const struct session *session, int64_t begin_ns, int64_t end_ns);

/* Bytes there are, of a trace of which more may come; 0: all is there. */
uint64_t session_received(const struct session *session);

/* How long to wait at most before the next step, for files tell nobody that they grow; -1: until
 * something comes. */
int session_wait_ms(const struct session *session);

/* Receives no more of a trace that is coming; false if none is. */
bool session_stop(struct session *session);

/* Asks for the histories of a window; true if they are there. Windows that hold more than a few
 * generations are left to the pyramids. */
bool session_want(struct session *session, int64_t begin_ns, int64_t end_ns);

/* The same of one part alone; false: it cannot be had. */
bool session_want_part(struct session *session, uint32_t part);

/* The lanes of Ps in it, soon, if it is narrow: where its histories are not there yet, or cannot
 * be.
 */
void session_look(struct session *session, int64_t begin_ns, int64_t end_ns);

/* The window that is looked at: it is sketched before it is loaded. */
void session_sketch(struct session *session, int64_t begin_ns, int64_t end_ns);

/* The one line about what was lost, by the model's list or another one; false if nothing was. */
bool session_damage(const struct session *session, const struct damage *damage, struct error *err);

#endif
