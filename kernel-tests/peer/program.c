// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "peer/program.h"
#include "runner/util.h"

static void program_say(const char *fmt, va_list ap)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

void program_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	program_say(fmt, ap);
	va_end(ap);
	exit(1);
}

void program_misuse(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	program_say(fmt, ap);
	va_end(ap);
	exit(2);
}

int program_number(const char *text, const char *what, int least, int most)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || end == text || *end || n < least || n > most)
		program_misuse("%s \"%s\": expected a number from %d to %d", what, text, least,
			       most);
	return n;
}

struct place program_place(const char *address, int port)
{
	struct place p;

	p.len = address_read(&p.at.storage, address, port);
	if (!p.len)
		program_misuse("\"%s\": expected an IPv4 or an IPv6 address", address);
	return p;
}

void program_context(char context[PEERCON_MAX])
{
	if (file_read("/proc/self/attr/current", context, PEERCON_MAX) <= 0)
		snprintf(context, PEERCON_MAX, "none");
}

void program_patience(int fd, int seconds)
{
	const struct timeval patience = { .tv_sec = seconds };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

void program_print_address(const struct sockaddr_storage *ss, char text[INET6_ADDRSTRLEN])
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;

	if (ss->ss_family == AF_INET)
		inet_ntop(AF_INET, &v4->sin_addr, text, INET6_ADDRSTRLEN);
	else if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
		inet_ntop(AF_INET, v6->sin6_addr.s6_addr + 12, text, INET6_ADDRSTRLEN);
	else
		inet_ntop(AF_INET6, &v6->sin6_addr, text, INET6_ADDRSTRLEN);
}
