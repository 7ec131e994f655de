/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/address.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char default_path[] = "/debug/pprof/trace?seconds=5";

static bool wrong(struct error *err, const char *sentence)
{
	return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "%s", sentence);
}

/* The length of the scheme; 0 if there is none (RFC 3986 3.1). */
static size_t scheme_len(const char *text)
{
	static const char rest[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789+-.";
	size_t len = strspn(text, rest);

	if (len == 0 || strchr("0123456789+-.", text[0]) != NULL)
		return 0;
	return strncmp(text + len, "://", 3) == 0 ? len : 0;
}

bool address_is_one(const char *text)
{
	return scheme_len(text) > 0;
}

static bool is_scheme(const char *text, const char *scheme)
{
	size_t len = strlen(scheme);

	return scheme_len(text) == len && strncasecmp(text, scheme, len) == 0;
}

bool address_is_http(const char *text)
{
	return is_scheme(text, "http") || is_scheme(text, "https");
}

/* Host and port: "localhost:6060", "[::1]:6060", "user@host". */
static bool check_host(const char *host, size_t len, struct error *err)
{
	size_t end = len, port = 0;

	while (end > 0 && strchr("0123456789", host[end - 1]) != NULL)
		end--;
	if (end == 0 || host[end - 1] != ':') {
		end = len; /* no port */
	} else {
		for (size_t i = end; i < len && port < 100000; i++)
			port = port * 10 + (size_t)(host[i] - '0');
		if (port == 0 || port > 65535)
			return wrong(err, "the port is a number from 1 to 65535");
		end--;
	}
	if (end == 0 || host[end - 1] == '@')
		return wrong(err, "no host in it; try: gander http://localhost:6060");
	if (memchr(host, ':', end) != NULL && memchr(host, '@', end) == NULL && host[0] != '[')
		return wrong(err, "the port is a number from 1 to 65535");
	return true;
}

/* curl would make several addresses of braces and brackets. */
static bool check_characters(const char *host, size_t host_len, struct error *err)
{
	for (const char *at = host; *at != '\0'; at++)
		if (*at <= ' ' || *at > '~' || strchr("\"<>\\^`{|}", *at) != NULL ||
		    (strchr("[]", *at) != NULL && (size_t)(at - host) >= host_len))
			return wrong(err, "a character in it has to be written as %XX");
	return true;
}

static void find_seconds(struct address *address)
{
	const char *query = strchr(address->url, '?');

	while (query != NULL && strncmp(query + 1, "seconds=", 8) != 0)
		query = strchr(query + 1, '&');
	if (query != NULL)
		snprintf(address->seconds, sizeof(address->seconds), "%.*s",
		         (int)strspn(query + 9, "0123456789."), query + 9);
}

bool address_parse(const char *text, struct address *address, struct error *err)
{
	const char *host = text + scheme_len(text) + 3, *path, *name;
	size_t host_len = strcspn(host, "/?#");
	int len;

	*address = (struct address){ 0 };
	if (is_scheme(text, "https"))
		return wrong(err, "https is not read; try: curl -fsSN URL | gander -");
	if (!check_characters(host, host_len, err) || !check_host(host, host_len, err))
		return false;
	path = host + host_len;
	if (strcmp(path, "") == 0 || strcmp(path, "/") == 0)
		path = default_path;
	len = snprintf(address->url, sizeof(address->url), "http://%.*s%s", (int)host_len, host,
	               path);
	if (len < 0 || (size_t)len >= sizeof(address->url))
		return wrong(err, "the address is too long");
	name = memchr(host, '@', host_len); /* whoever looks on need not see a password */
	name = name == NULL ? host : name + 1;
	snprintf(address->name, sizeof(address->name), "%.*s", (int)(host + host_len - name), name);
	find_seconds(address);
	return true;
}
