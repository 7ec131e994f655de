/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_MOMENTS_H
#define CORE_MODEL_MOMENTS_H

#include "core/model/model.h"

/* When goroutines became runnable that no other one woke: those that waited for the network, those
 * that slept, those that came out of a syscall which had cost them their P. From histories; the
 * first who asks one sorts them by time. */
enum moment { MOMENT_NETWORK, MOMENT_TIMER, MOMENT_SYSCALL, MOMENTS };

/* How many there are between each two of count + 1 ascending times. False: histories are missing.
 * is_exact: of all that were woken it is known what they waited for. */
bool model_moments(const struct model *model, enum moment moment, const int64_t *times_ns,
                   size_t count, uint32_t *counts, bool *is_exact);

#endif
