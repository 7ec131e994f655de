/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/load.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void run_jobs(struct loaded *loaded)
{
	struct job *job;

	while ((job = loader_next(&loaded->loader, 0)) != NULL) {
		if (loaded->run != NULL)
			loaded->run(job);
		else
			while (job_step(job))
				;
		loader_done(&loaded->loader, job);
		while (loader_join(&loaded->loader))
			;
	}
}

enum manner { PLAIN, DOUBTING, FORGETTING };

static bool index_all(struct loaded *loaded, struct error *err)
{
	if (!index_open(&loaded->index, &loaded->budget, &loaded->source, err)) {
		index_free(&loaded->index);
		source_close(&loaded->source);
		return false;
	}
	model_init(&loaded->model, &loaded->budget, loaded->index.version);
	while (index_step(&loaded->index, &loaded->source, 1024))
		;
	loader_init(&loaded->loader, &loaded->budget, &loaded->model, &loaded->source,
	            &loaded->index, UINT64_MAX);
	return true;
}

static bool load(struct loaded *loaded, enum manner manner, struct error *err)
{
	if (!index_all(loaded, err))
		return false;
	loaded->model.ends_unnamed = manner == DOUBTING;
	loaded->loader.kept_most = manner == FORGETTING;
	run_jobs(loaded);
	if (!loader_is_done(&loaded->loader))
		return false;
	loader_want(&loaded->loader, 0, INT64_MAX, UINT64_MAX);
	run_jobs(loaded);
	return true;
}

static bool open_file(struct loaded *loaded, const char *path, struct error *err)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &status) != 0)
		return error_set(err, ERROR_IO, ERROR_NO_OFFSET, "%s", strerror(errno));
	source_open_file(&loaded->source, &loaded->budget, fd, (uint64_t)status.st_size);
	return true;
}

bool load_index(struct loaded *loaded, const char *path, struct error *err)
{
	return open_file(loaded, path, err) && index_all(loaded, err);
}

static bool load_file(struct loaded *loaded, const char *path, enum manner manner,
                      struct error *err)
{
	*loaded = (struct loaded){ 0 };
	return open_file(loaded, path, err) && load(loaded, manner, err);
}

bool load_whole(struct loaded *loaded, const char *path, struct error *err)
{
	return load_file(loaded, path, PLAIN, err);
}

bool load_doubting(struct loaded *loaded, const char *path, struct error *err)
{
	return load_file(loaded, path, DOUBTING, err);
}

bool load_forgetting(struct loaded *loaded, const char *path, struct error *err)
{
	return load_file(loaded, path, FORGETTING, err);
}

static bool load_memory(struct loaded *loaded, struct bytes bytes, enum manner manner,
                        struct error *err)
{
	source_open_stream(&loaded->source, &loaded->budget);
	source_append(&loaded->source, bytes);
	source_finish(&loaded->source);
	return load(loaded, manner, err);
}

bool load_bytes(struct loaded *loaded, struct bytes bytes, struct error *err)
{
	return load_bytes_by(loaded, bytes, 0, NULL, err);
}

bool load_bytes_by(struct loaded *loaded, struct bytes bytes, size_t limit,
                   void (*run)(struct job *job), struct error *err)
{
	*loaded = (struct loaded){
		.run = run,
		.budget = { .limit = limit, .is_asked = limit != 0 },
	};
	return load_memory(loaded, bytes, PLAIN, err);
}

bool load_bytes_forgetting(struct loaded *loaded, struct bytes bytes, struct error *err)
{
	*loaded = (struct loaded){ 0 };
	return load_memory(loaded, bytes, FORGETTING, err);
}

void load_free(struct loaded *loaded)
{
	loader_free(&loaded->loader);
	model_free(&loaded->model);
	index_free(&loaded->index);
	source_close(&loaded->source);
}
