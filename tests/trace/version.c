/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/version.h"

#include "tests/tap.h"

static enum error_kind kind_of(const void *head, size_t len, unsigned *minor)
{
	struct version version = { 0 };
	struct error err = { 0 };
	bool good = version_parse((struct bytes){ head, len }, &version, &err);

	*minor = version.minor;
	return good ? ERROR_NONE : err.kind;
}

static void versions_of_go(void)
{
	static const unsigned known[] = { 5, 7, 8, 9, 10, 11, 19, 21, 22, 23, 25, 26 };
	char head[VERSION_HEADER + 1] = "";
	unsigned minor;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		snprintf(head, sizeof(head), "go 1.%u trace", known[i]);
		ok(kind_of(head, VERSION_HEADER, &minor) == ERROR_NONE && minor == known[i],
		   "Go 1.%u is read", known[i]);
	}
	for (unsigned other = 0, next = 0; other < 1000; other++) {
		memset(head, 0, sizeof(head));
		snprintf(head, sizeof(head), "go 1.%u trace", other);
		if (next < sizeof(known) / sizeof(known[0]) && other == known[next])
			next++;
		else if (kind_of(head, VERSION_HEADER, &minor) != ERROR_UNSUPPORTED)
			ok(false, "Go 1.%u is not supported", other);
	}
	ok(true, "other numbers are refused as such");
}

static void what_is_no_header(void)
{
	static const char head[VERSION_HEADER + 1] = "go 1.26 trace";
	char bad[VERSION_HEADER];
	unsigned minor, refused = 0;

	for (size_t len = 0; len < VERSION_HEADER; len++)
		refused += kind_of(head, len, &minor) == ERROR_NOT_A_TRACE;
	is_u64(refused, VERSION_HEADER, "a header cut anywhere is none");
	refused = 0;
	for (size_t i = 0; i < VERSION_HEADER; i++) {
		memcpy(bad, head, VERSION_HEADER);
		bad[i] = (char)(bad[i] ^ 0x40);
		refused += kind_of(bad, VERSION_HEADER, &minor) == ERROR_NOT_A_TRACE;
	}
	is_u64(refused, VERSION_HEADER, "nor is one with a wrong byte anywhere");
	ok(kind_of("go 1. trace\0\0\0\0\0", 16, &minor) == ERROR_NOT_A_TRACE, "a number is needed");
	ok(kind_of("go 1.1234 trace\0", 16, &minor) == ERROR_NOT_A_TRACE,
	   "of at most three digits");
}

static void messages_tell_what_it_is_instead(void)
{
	static const struct {
		const char *head, *part;
	} cases[] = {
		{ "", "empty" },
		{ "\x1f\x8b\x08", "gzip" },
		{ "\x28\xb5\x2f\xfd", "zstd" },
		{ "\x7f"
		  "ELF",
		  "program" },
		{ "hello\n", "text" },
		{ "\x01\x02", "does not begin" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct version version;
		struct error err = { 0 };

		version_parse(bytes_of(cases[i].head), &version, &err);
		ok(strstr(err.message, cases[i].part) != NULL, "%s", err.message);
	}
}

static void what_is_newer_counts_if_asked_for(void)
{
	struct version version = { 0 };
	struct error err = { 0 }, old = { 0 };

	ok(version_parse_newer((struct bytes){ (const uint8_t *)"go 1.27 trace\0\0", 16 }, &version,
	                       &err) &&
	           version.minor == 26 && version.newer == 27,
	   "Go 1.27 is taken for the newest");
	ok(!version_refuse(version, &err) && strstr(err.message, "--try-newer") != NULL,
	   "otherwise it is told how: %s", err.message);
	ok(!version_parse_newer((struct bytes){ (const uint8_t *)"go 1.24 trace\0\0", 16 },
	                        &version, &old) &&
	           strstr(old.message, "--try-newer") == NULL,
	   "what never was stays unknown");
	ok(version_parse_newer((struct bytes){ (const uint8_t *)"go 1.25 trace\0\0", 16 }, &version,
	                       &err) &&
	           version.minor == 25 && version.newer == 0,
	   "what is known is no newer");
}

int main(void)
{
	what_is_newer_counts_if_asked_for();
	versions_of_go();
	what_is_no_header();
	messages_tell_what_it_is_instead();
	return tap_done();
}
