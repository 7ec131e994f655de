/* SPDX-License-Identifier: MIT */
#ifndef TUI_HOST_ADDRESS_H
#define TUI_HOST_ADDRESS_H

#include "core/base/error.h"

/* Where a running program serves its trace: http://host[:port][/path]. Without a path it is that of
 * net/http/pprof, for five seconds. */
struct address {
	char url[2048];   /* whole, for curl */
	char name[64];    /* host and port, for titles */
	char seconds[16]; /* of recording, as the address asks for them; "" if it does not say */
};

/* Whether a text begins like an address: "ftp://". */
bool address_is_one(const char *text);

/* Whether it begins with http:// or https://, as no file does. */
bool address_is_http(const char *text);

/* ERROR_USAGE: https - the message says what to do -, no host, no port that can be, or characters
 * that have no business there. */
bool address_parse(const char *text, struct address *address, struct error *err);

#endif
