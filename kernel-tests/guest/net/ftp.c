// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both ends of an FTP session. conntrack's helper reads the control connection, but not the first
 * line of either direction. So there is a greeting, and the next line announces the port of the
 * data connection.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/ftp.h"
#include "net/peer.h"

/* One end of the session. */
struct session {
	const struct peer *p;
	int report, control;
};

static void __attribute__((format(printf, 2, 3)))
line_say(const struct session *s, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	/* The helper reads a line only if it is in one segment. */
	if (len < 0 || send(s->control, text, len, MSG_NOSIGNAL) != len)
		report_and_exit(s->report, PEER_FAILED, errno);
	free(text);
}

/* The other end waits for an answer after each line, so there is never more than one to read. */
static void line_hear(const struct session *s, char *line, size_t size)
{
	size_t have = 0;
	ssize_t n;

	do {
		n = recv(s->control, line + have, size - 1 - have, 0);
		if (n <= 0)
			report_and_exit(s->report, PEER_FAILED, n ? errno : EPIPE);
		have += n;
	} while (line[have - 1] != '\n' && have < size - 1);
	line[have] = '\0';
}

static bool ftp_is_v6(const struct peer *p)
{
	return p->self.ss_family == AF_INET6;
}

/* "10,1,0,1,156,64", as RFC 959 writes address and port. */
static void port_say(const struct session *s, const char *before, const char *after)
{
	const struct sockaddr_in *self = (const struct sockaddr_in *)&s->p->self;
	const unsigned char *a = (const unsigned char *)&self->sin_addr;

	line_say(s, "%s%d,%d,%d,%d,%d,%d%s\r\n", before, a[0], a[1], a[2], a[3],
		 s->p->data_port >> 8, s->p->data_port & 255, after);
}

/* RFC 2428 for IPv6. */
static void passive_say(const struct session *s)
{
	if (ftp_is_v6(s->p))
		line_say(s, "229 Entering Extended Passive Mode (|||%d|)\r\n", s->p->data_port);
	else
		port_say(s, "227 Entering Passive Mode (", ")");
}

static void active_say(const struct session *s)
{
	const struct sockaddr_in6 *self = (const struct sockaddr_in6 *)&s->p->self;
	char address[INET6_ADDRSTRLEN];

	if (ftp_is_v6(s->p))
		line_say(s, "EPRT |2|%s|%d|\r\n",
			 inet_ntop(AF_INET6, &self->sin6_addr, address, sizeof(address)),
			 s->p->data_port);
	else
		port_say(s, "PORT ", "");
}

/* A socket of the data connection: its own port, and its own domain if the case gives one. */
static int data_socket(const struct session *s)
{
	struct sockaddr_storage self = s->p->self;
	int fd, on = 1;

	if (s->p->data_context && file_puts("/proc/self/attr/sockcreate", s->p->data_context))
		report_and_exit(s->report, PEER_FAILED, EPERM);
	port_set(&self, s->p->data_port);
	fd = socket(self.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&self, s->p->addr_len))
		report_and_exit(s->report, PEER_FAILED, errno);
	return fd;
}

static int data_listen(const struct session *s)
{
	int fd = data_socket(s);

	if (listen(fd, 1))
		report_and_exit(s->report, PEER_FAILED, errno);
	return fd;
}

static int data_accept(const struct session *s, int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd < 0)
		report_and_exit(s->report, PEER_FAILED, errno);
	close(listener);
	return fd;
}

static int data_connect(const struct session *s)
{
	struct sockaddr_storage other = s->p->other;
	int fd = data_socket(s);

	port_set(&other, s->p->other_data_port);
	if (connect(fd, (struct sockaddr *)&other, s->p->addr_len))
		report_and_exit(s->report, PEER_FAILED, errno);
	return fd;
}

/* The client asks and the server answers, also if the server has opened the connection. */
static void data_ask(const struct session *s, int fd)
{
	char buf[4];

	if (send(fd, "ping", 4, MSG_NOSIGNAL) != 4 || recv(fd, buf, sizeof(buf), 0) <= 0)
		report_and_exit(s->report, PEER_FAILED, errno);
	report_progress(s->report, PEER_ANSWERED);
	close(fd);
}

static void data_answer(const struct session *s, int fd)
{
	char buf[4];

	if (recv(fd, buf, sizeof(buf), 0) <= 0 || send(fd, buf, sizeof(buf), MSG_NOSIGNAL) < 0)
		report_and_exit(s->report, PEER_FAILED, errno);
	report_progress(s->report, PEER_SERVED);
	/* The client closes first. */
	recv(fd, buf, sizeof(buf), 0);
	close(fd);
}

void ftp_client_part(const struct peer *p, int report)
{
	struct session s = { p, report, bound_socket(p, report) };
	char line[128];
	int fd;

	if (connect(s.control, (const struct sockaddr *)&p->other, p->addr_len))
		report_and_exit(report, PEER_FAILED, errno);
	line_hear(&s, line, sizeof(line));
	line_say(&s, "USER test\r\n");
	line_hear(&s, line, sizeof(line));
	if (p->proto->active) {
		fd = data_listen(&s);
		active_say(&s);
		line_hear(&s, line, sizeof(line));
		fd = data_accept(&s, fd);
	} else {
		line_say(&s, ftp_is_v6(p) ? "EPSV\r\n" : "PASV\r\n");
		line_hear(&s, line, sizeof(line));
		fd = data_connect(&s);
	}
	data_ask(&s, fd);
	close(s.control);
}

void ftp_server_part(const struct peer *p, int report)
{
	int listener = bound_socket(p, report), fd;
	struct session s = { p, report, -1 };
	char line[128];

	if (listen(listener, 1))
		report_and_exit(report, PEER_FAILED, errno);
	report_progress(report, PEER_READY);
	s.control = accept(listener, NULL, NULL);
	if (s.control < 0)
		report_and_exit(report, PEER_FAILED, errno);
	line_say(&s, "220 ready\r\n");
	line_hear(&s, line, sizeof(line));
	line_say(&s, "230 welcome\r\n");
	line_hear(&s, line, sizeof(line));
	if (p->proto->active) {
		line_say(&s, "200 ok\r\n");
		fd = data_connect(&s);
	} else {
		fd = data_listen(&s);
		passive_say(&s);
		fd = data_accept(&s, fd);
	}
	data_answer(&s, fd);
	/* Both connections are over when this process is. */
	recv(s.control, line, sizeof(line), 0);
	close(s.control);
}
