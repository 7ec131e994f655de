/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/version.h"

static const unsigned known[] = { 5, 7, 8, 9, 10, 11, 19, 21, 22, 23, 25, 26 };

enum { KNOWN = sizeof(known) / sizeof(known[0]) };

/* What else the file may be, for the message. */
static const char *other_kind(struct bytes head)
{
	if (head.len == 0)
		return "the file is empty";
	if (bytes_begin_with(head, "\x1f\x8b"))
		return "gzip data; try: gzip -dc FILE | gander -";
	if (bytes_begin_with(head, "\x28\xb5\x2f\xfd"))
		return "zstd data; try: zstd -dc FILE | gander -";
	if (bytes_begin_with(head, "\x7f"
	                           "ELF"))
		return "a program";
	for (size_t i = 0; i < head.len; i++)
		if (head.data[i] < 0x20 && head.data[i] != '\n' && head.data[i] != '\t' &&
		    head.data[i] != '\r')
			return "it does not begin with \"go 1.\"";
	return "it begins like a text";
}

static bool not_a_trace(struct bytes head, struct error *err)
{
	return error_set(err, ERROR_NOT_A_TRACE, ERROR_NO_OFFSET, "not a Go execution trace (%s)",
	                 other_kind(head));
}

static bool refuse(unsigned minor, const char *hint, struct error *err)
{
	return error_set(err, ERROR_UNSUPPORTED, ERROR_NO_OFFSET,
	                 "go 1.%u trace; this build reads 1.5 to 1.26%s", minor, hint);
}

bool version_refuse(struct version version, struct error *err)
{
	return refuse(version.newer, " (--try-newer reads it as 1.26)", err);
}

bool version_parse_newer(struct bytes head, struct version *version, struct error *err)
{
	static const char suffix[] = " trace";
	unsigned minor = 0, newest = known[KNOWN - 1];
	size_t at = 5;

	if (!bytes_begin_with(head, "go 1."))
		return not_a_trace(head, err);
	for (; at < head.len && at < 8 && head.data[at] >= '0' && head.data[at] <= '9'; at++)
		minor = minor * 10 + (unsigned)(head.data[at] - '0');
	if (at == 5 || head.len < VERSION_HEADER ||
	    memcmp(head.data + at, suffix, strlen(suffix)) != 0)
		return not_a_trace(head, err);
	for (at += strlen(suffix); at < VERSION_HEADER; at++)
		if (head.data[at] != 0)
			return not_a_trace(head, err);
	*version = (struct version){ .minor = minor };
	if (minor > newest)
		*version = (struct version){ .minor = newest, .newer = minor };
	for (size_t i = 0; i < KNOWN; i++)
		if (known[i] == version->minor)
			return true;
	return refuse(minor, "", err);
}

bool version_parse(struct bytes head, struct version *version, struct error *err)
{
	if (!version_parse_newer(head, version, err))
		return false;
	return version->newer == 0 || version_refuse(*version, err);
}
