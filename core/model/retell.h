/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_RETELL_H
#define CORE_MODEL_RETELL_H

#include "core/base/error.h"
#include "core/model/model.h"

/* Tells of every goroutine of a model that is whole, once, in no order. If the roster has forgotten
 * any, the trace is loaded once more, by this thread, beside the model; of that load nothing stays.
 * False where that is not possible: its bytes are there no more, or memory is too short. The names
 * that are told are the model's. */
bool retell_goroutines(const struct model *model, const struct roster_listener *listener,
                       struct error *err);

/* Makes a model to load the trace of one that is whole into once more, which has to stay: it tells
 * the listener of goroutines that are over, and keeps nothing of them. Their ids and names it finds
 * in the first. */
void retell_begin(struct model *again, const struct model *model,
                  const struct roster_listener *listener);

#endif
