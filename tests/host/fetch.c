/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tui/host/input.h"

/* Addresses, read by the curl of this host from a server of ours that is on this host, too. */
static struct budget budget;
static const char trace[20] = "go 1.26 trace\0\0\0rest";

/* What is answered to a path; a body that is shorter than it promises is cut off. */
static const struct {
	const char *path, *head;
	size_t promised, sent;
} answers[] = {
	{ "/debug/pprof/trace?seconds=5", "200 OK", 20, 20 },
	{ "/whole", "200 OK", 20, 20 },
	{ "/cut", "200 OK", 100, 20 },
	{ "/cut-in-header", "200 OK", 100, 10 },
	{ "/nothing", "200 OK", 0, 0 },
	{ "/moved", "302 Found\r\nLocation: /whole", 0, 0 },
	{ "/busy", "500 Internal Server Error", 0, 0 },
};

static void answer(int fd)
{
	char request[4096] = "", head[256];
	ssize_t got = read(fd, request, sizeof(request) - 1);
	size_t len;

	(void)got;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		len = strlen(answers[i].path);
		if (strncmp(request, "GET ", 4) != 0 ||
		    strncmp(request + 4, answers[i].path, len) != 0 || request[4 + len] != ' ')
			continue;
		snprintf(head, sizeof(head), "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n",
		         answers[i].head, answers[i].promised);
		got = write(fd, head, strlen(head));
		got = write(fd, trace, answers[i].sent);
		return;
	}
	snprintf(head, sizeof(head), "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
	got = write(fd, head, strlen(head));
}

/* Serves until it is killed; its port, or 0. */
static unsigned serve(pid_t *pid)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0), client;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(fd, 4) != 0 || getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return 0;
	*pid = fork();
	while (*pid == 0) {
		client = accept(fd, NULL, NULL);
		if (client >= 0)
			answer(client);
		close(client);
	}
	close(fd);
	return ntohs(address.sin_port);
}

/* Reads an address to its end. Returns the bytes that came; *err tells what was wrong. */
static uint64_t fetch(unsigned port, const char *path, struct error *err)
{
	struct input input;
	char url[128];
	uint64_t end;

	*err = (struct error){ 0 };
	snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", port, path);
	if (!input_open(&input, url, false, &budget, err))
		return 0;
	while (input_pump(&input, 1000, err) && input_fd(&input) >= 0)
		;
	end = input.source.end;
	input_close(&input);
	return end;
}

static void fails(unsigned port, const char *path, enum error_kind kind, uint64_t bytes,
                  const char *message)
{
	struct error err;

	is_u64(fetch(port, path, &err), bytes, path);
	ok(err.kind == kind && strncmp(err.message, message, strlen(message)) == 0, "%s", message);
	if (strncmp(err.message, message, strlen(message)) != 0)
		printf("# %s\n", err.message);
}

static void addresses(unsigned port)
{
	struct error err;

	is_u64(fetch(port, "", &err), 20, "without a path: five seconds");
	is_u64(fetch(port, "/whole", &err), 20, "with one");
	ok(err.kind == ERROR_NONE, "all is well");
	fails(port, "/cut", ERROR_IO, 20, "curl: (18) ");
	fails(port, "/cut-in-header", ERROR_IO, 0, "curl: (18) ");
	fails(port, "/nothing", ERROR_NOT_A_TRACE, 0, "not a Go execution trace");
	fails(port, "/moved", ERROR_NOT_A_TRACE, 0, "not a Go execution trace");
	fails(port, "/elsewhere", ERROR_IO, 0, "curl: (22) The requested URL returned error: 404");
	fails(port, "/busy", ERROR_IO, 0,
	      "curl: (22) The requested URL returned error: 500 (is a trace being recorded "
	      "already?)");
}

int main(void)
{
	struct error err;
	unsigned port;
	pid_t pid = 0;

	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	port = system("curl --version >/dev/null 2>&1") != 0 ? 0 : serve(&pid);
	if (port == 0) {
		skip("addresses", "no curl, or no loopback network");
		return tap_done();
	}
	addresses(port);
	kill(pid, SIGKILL);
	fetch(port, "/whole", &err);
	is_u64(atomic_load(&budget.used), 0, "nothing is left in the budget");
	return tap_done();
}
