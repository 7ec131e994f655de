/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/address.h"

#include "tests/tap.h"

static void becomes(const char *text, const char *url, const char *name, const char *seconds)
{
	struct address address;
	struct error err = { 0 };

	if (!ok(address_parse(text, &address, &err), "%s is read", text)) {
		printf("# %s\n", err.message);
		return;
	}
	is_text(address.url, url, "what curl gets");
	is_text(address.name, name, "its name");
	is_text(address.seconds, seconds, "how long it takes");
}

static void addresses(void)
{
	becomes("http://localhost:6060", "http://localhost:6060/debug/pprof/trace?seconds=5",
	        "localhost:6060", "5");
	becomes("http://host/", "http://host/debug/pprof/trace?seconds=5", "host", "5");
	becomes("HTTP://[::1]:80", "http://[::1]:80/debug/pprof/trace?seconds=5", "[::1]:80", "5");
	becomes("http://host:1/debug/pprof/trace?x=1&seconds=0.5&y=2",
	        "http://host:1/debug/pprof/trace?x=1&seconds=0.5&y=2", "host:1", "0.5");
	becomes("http://host/trace.out.gz", "http://host/trace.out.gz", "host", "");
	becomes("http://host/trace?milliseconds=3", "http://host/trace?milliseconds=3", "host", "");
	becomes("http://me:secret@host:99/t", "http://me:secret@host:99/t", "host:99", "");
}

static void refuses(const char *text, const char *message)
{
	struct address address;
	struct error err = { 0 };

	ok(!address_parse(text, &address, &err) && err.kind == ERROR_USAGE, "%.40s is refused",
	   text);
	is_text(err.message, message, "with a sentence");
}

static void what_is_none(void)
{
	static const char port[] = "the port is a number from 1 to 65535";
	static const char host[] = "no host in it; try: gander http://localhost:6060";
	static const char character[] = "a character in it has to be written as %XX";
	char longest[3000] = "http://host/";

	refuses("https://host", "https is not read; try: curl -fsSN URL | gander -");
	refuses("http://", host);
	refuses("http:///path", host);
	refuses("http://:80", host);
	refuses("http://user@", host);
	refuses("http://host:0", port);
	refuses("http://host:65536", port);
	refuses("http://host:99999999999999999999999", port);
	refuses("http://host:", port);
	refuses("http://host:http", port);
	refuses("http://host/{a,b}", character);
	refuses("http://host/[1-100]", character);
	refuses("http://host/a b", character);
	refuses("http://host/\x1b[2J", character);
	refuses("http://h\xc3\xb6st/", character);
	memset(longest + strlen(longest), 'x', sizeof(longest) - strlen(longest) - 1);
	refuses(longest, "the address is too long");
}

static void what_looks_like_one(void)
{
	ok(address_is_http("http://x") && address_is_http("HTTPS://x"), "http, and with an s");
	ok(!address_is_http("ftp://x") && address_is_one("ftp://x"), "another scheme");
	ok(!address_is_one("file") && !address_is_one("./a://b") && !address_is_one("://x") &&
	           !address_is_one("1st://x") && !address_is_one("http:/x") && !address_is_one(""),
	   "paths are none");
}

int main(void)
{
	addresses();
	what_is_none();
	what_looks_like_one();
	return tap_done();
}
