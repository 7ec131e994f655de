/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LOAD_H
#define TESTS_LOAD_H

#include "core/model/loader.h"
#include "core/model/model.h"

/* A trace loaded whole, on this thread, for tests and benchmarks. */
struct loaded {
	void (*run)(struct job *job); /* how jobs are done; NULL: step by step */
	struct budget budget;
	struct source source;
	struct index index;
	struct model model;
	struct loader loader;
};

/* From a file, with the budget that is there: ready to be loaded, nothing is handed out yet. On
 * failure nothing is to be freed. */
bool load_index(struct loaded *loaded, const char *path, struct error *err);

/* From a file. */
bool load_whole(struct loaded *loaded, const char *path, struct error *err);

/* The same, as if something were lost before each generation: who is not named in one has ended. */
bool load_doubting(struct loaded *loaded, const char *path, struct error *err);

/* The same, with no memory for goroutines that are over: all of them that can be are forgotten, and
 * pyramids are as coarse as they get. */
bool load_forgetting(struct loaded *loaded, const char *path, struct error *err);
bool load_bytes_forgetting(struct loaded *loaded, struct bytes bytes, struct error *err);

/* From memory, as a stream would bring it. */
bool load_bytes(struct loaded *loaded, struct bytes bytes, struct error *err);

/* The same, with so much memory (0: as much as a trace of its size may take), and run does each job
 * to its end. */
bool load_bytes_by(struct loaded *loaded, struct bytes bytes, size_t limit,
                   void (*run)(struct job *job), struct error *err);
void load_free(struct loaded *loaded);

#endif
