/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_file.h"

/* For who reads a file again: the same records, and what was numbered while it was read. */

/* The first that is not before an offset. */
static size_t find_offset(const u32_array *offsets, uint32_t offset)
{
	size_t low = 0, high = offsets->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (offsets->items[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *v1_file_take(const struct v1_file *file, size_t *at, struct v1_record *record)
{
	size_t offset = *at;
	const char *fault = v1_take(v1_file_bytes(file), at, file->minor, record);
	size_t torn;

	if (fault != NULL || file->torn.count == 0)
		return fault;
	torn = find_offset(&file->torn, (uint32_t)offset);
	if (torn == file->torn.count || file->torn.items[torn] != offset)
		return NULL;
	*at = offset;
	return "another batch begins in it";
}

uint64_t v1_file_log(const struct v1_file *file, uint32_t offset)
{
	return file->first_text + find_offset(&file->logs, offset);
}

uint64_t v1_file_start(const struct v1_file *file, uint64_t pc)
{
	uint32_t index = id_map_find(&file->start_of, pc);

	return index == ID_NONE ? 0 : (uint64_t)file->first_start + index;
}
