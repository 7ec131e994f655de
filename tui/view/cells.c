/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/cells.h"
