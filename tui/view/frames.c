/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/frames.h"

static bool is_of_runtime(const struct frames *frames, uint32_t number)
{
	static const char *const heads[] = { "runtime.", "internal/runtime", "runtime/" };
	struct bytes function = strings_text(frames->strings, frames->items[number].function);

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (bytes_begin_with(function, heads[i]))
			return true;
	return false;
}

uint32_t frames_own(const struct frames *frames)
{
	for (uint32_t i = 0; i < frames->count; i++)
		if (!is_of_runtime(frames, i))
			return i;
	return frames->count > 0 ? 0 : FRAMES_NONE;
}

void frames_begin(struct frames *frames, const struct stacks *stacks, const struct strings *strings,
                  stack_id stack, bool folds)
{
	uint32_t own;

	*frames = (struct frames){ .strings = strings };
	if (stack != 0)
		frames->items = stacks_frames(stacks, stack, &frames->count);
	own = frames_own(frames);
	frames->folds = folds && own != FRAMES_NONE && !is_of_runtime(frames, own);
}

bool frames_next(struct frames *frames, uint32_t *number)
{
	for (; frames->at < frames->count; frames->at++) {
		if (!frames->folds || !is_of_runtime(frames, frames->at)) {
			*number = frames->at++;
			return true;
		}
		frames->last = frames->at;
		frames->folded++;
	}
	*number = FRAMES_FOLDED;
	if (frames->folded == 0 || frames->has_told)
		return false;
	frames->has_told = true;
	return true;
}

int frames_lines(const struct frames *frames)
{
	struct frames all = *frames;
	uint32_t number;
	int lines = 0;

	all.at = all.folded = 0;
	all.has_told = false;
	while (frames_next(&all, &number))
		lines++;
	return lines;
}
