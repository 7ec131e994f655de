/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_LOADER_AT_H
#define CORE_MODEL_LOADER_AT_H

#include "core/model/loader.h"

/* Inside of a loader: loading, and making histories of what is loaded (loader_again.c), with the
 * same jobs and the same memory. */

/* Where memory is short: histories that the window does not show and jobs that wait go. */
void loader_make_room(struct loader *loader);
void loader_drop_old_passes(struct loader *loader);
void loader_drop_unused(struct loader *loader);

/* What of a part was used before that time of the clock. */
void loader_drop_near(struct loader *loader, struct part *part, uint64_t before);

/* Its bytes are gone; its history has no room. */
bool loader_is_forgotten(const struct loader *loader, uint32_t part);
bool loader_is_too_large(const struct loader *loader, uint32_t part);

/* A job with the memory of one that is over, or a new one. */
struct job *loader_take_spare(struct loader *loader);
void loader_give_back(struct loader *loader, struct job *job);

/* One that makes a history that is wanted; NULL: there is none, or no room for it now. */
struct job *loader_begin_again(struct loader *loader);

/* The same for a tour, when there is nothing else to do. */
struct job *loader_begin_tour(struct loader *loader);
void loader_done_again(struct loader *loader, struct job *job);

#endif
