// SPDX-License-Identifier: GPL-2.0-only
/*
 * session PROTO[/PORT] CLIENT-NS:DOMAIN SERVER-NS[:DOMAIN]
 * session client|server
 *
 * A connection that stays open while other steps run. Nothing is sent over it between the steps, so
 * a later step chooses which end speaks first. The client's port is one that the kernel gives to
 * clients.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runner/peers.h"
#include "runner/test.h"
#include "steps/kinds.h"

#define ANSWER_MS 4000
#define ROUNDS 3 /* the first packet of a direction is not like the others */

enum { QUESTION = 'q', ANSWER = 'a' };

/* In memory that all processes have. */
struct session_shared {
	in_port_t client_port; /* in network byte order */
	int speak[2];          /* eventfds of client and server: it is to ask */
};

struct session {
	struct peers peers;
	struct session_shared *shared;
};

/* Answers each question, and asks one itself when it is told to. Ends with the connection. */
static void session_converse(int fd, int speak, int report)
{
	struct pollfd fds[] = { { .fd = fd, .events = POLLIN }, { .fd = speak, .events = POLLIN } };
	/* when it ends, nothing is sent again and again */
	struct linger abort = { .l_onoff = 1 };
	char question = QUESTION, answer = ANSWER, byte;
	eventfd_t n;

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort)))
		report_and_exit(report, PEER_FAILED, errno);
	for (;;) {
		if (poll(fds, 2, -1) < 0)
			report_and_exit(report, PEER_FAILED, errno);
		if (fds[1].revents &&
		    (eventfd_read(speak, &n) || send(fd, &question, 1, MSG_NOSIGNAL) != 1))
			report_and_exit(report, PEER_FAILED, errno);
		if (!fds[0].revents)
			continue;
		if (recv(fd, &byte, 1, 0) != 1)
			report_and_exit(report, PEER_FAILED, errno);
		if (byte == ANSWER)
			report_progress(report, PEER_ANSWERED);
		else if (send(fd, &answer, 1, MSG_NOSIGNAL) != 1)
			report_and_exit(report, PEER_FAILED, errno);
	}
}

static void session_client_part(const struct peer *p, int report)
{
	struct session_shared *shared = p->shared;
	struct sockaddr_storage self;
	socklen_t len = sizeof(self);
	int fd = bound_socket(p, report);

	if (connect(fd, (const struct sockaddr *)&p->other, p->addr_len) ||
	    getsockname(fd, (struct sockaddr *)&self, &len))
		report_and_exit(report, PEER_FAILED, errno);
	/* at the same place for both families */
	shared->client_port = ((struct sockaddr_in *)&self)->sin_port;
	report_progress(report, PEER_READY);
	session_converse(fd, shared->speak[0], report);
}

static void session_server_part(const struct peer *p, int report)
{
	struct session_shared *shared = p->shared;
	int fd = bound_socket(p, report), conn;

	if (listen(fd, 1))
		report_and_exit(report, PEER_FAILED, errno);
	report_progress(report, PEER_READY);
	conn = accept(fd, NULL, NULL);
	if (conn < 0)
		report_and_exit(report, PEER_FAILED, errno);
	session_converse(conn, shared->speak[1], report);
}

/* NULL is fine. */
static void session_free(struct session *s)
{
	if (!s)
		return;
	peers_free(&s->peers);
	close(s->shared->speak[0]);
	close(s->shared->speak[1]);
	munmap(s->shared, sizeof(*s->shared));
	free(s);
}

static struct session *session_new(void)
{
	struct session *s = must_alloc(sizeof(*s));

	s->shared = mmap(NULL, sizeof(*s->shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s->shared == MAP_FAILED)
		abort();
	s->shared->speak[0] = eventfd(0, EFD_CLOEXEC);
	s->shared->speak[1] = eventfd(0, EFD_CLOEXEC);
	return s;
}

static void session_begin(struct test *t, const struct step *step, char *text)
{
	char *proto = strtok(text, " "), *client = strtok(NULL, " "), *server = strtok(NULL, " ");
	struct session *s = t->session = session_new();
	struct peers *peers = &s->peers;
	struct peer_report r = { .err = ETIMEDOUT };

	if (!server || strtok(NULL, " ") || peers_prepare(t, peers, proto, client, server) ||
	    peers->client.proto->type != SOCK_STREAM) {
		test_fail(t, step,
			  "expected session PROTO[/PORT] CLIENT-NS:DOMAIN SERVER-NS[:DOMAIN]");
		return;
	}
	port_set(&peers->client.self, 0);
	peers->client.shared = peers->server.shared = s->shared;
	if (peers_serve(t, step, peers, session_server_part))
		return;
	if (peer_start(&peers->client, session_client_part) ||
	    peer_report(&peers->client, ANSWER_MS, &r) != 1 || r.event != PEER_READY) {
		test_fail(t, step, "the client does not connect: %s", strerror(r.err));
		return;
	}
	t->last.ports[0] = ntohs(s->shared->client_port);
}

static void session_speak(struct test *t, const struct step *step, int which)
{
	struct session *s = t->session;
	const struct peer *p = which ? &s->peers.server : &s->peers.client;
	int i;

	for (i = 1; i <= ROUNDS; i++) {
		struct peer_report r = { .err = ETIMEDOUT };

		if (!eventfd_write(s->shared->speak[which], 1) &&
		    peer_report(p, ANSWER_MS, &r) == 1 && r.event == PEER_ANSWERED)
			continue;
		test_fail(t, step, "question %d got no answer: %s", i, strerror(r.err));
		return;
	}
}

static void session_run(struct test *t, const struct step *step)
{
	char *text = step_expand(t, step, step->text);
	int which = text && !strcmp(text, "client") ? 0 : text && !strcmp(text, "server") ? 1 : -1;

	if (text && (which < 0) == !!t->session)
		test_fail(t, step, "a session begins once, and before an end speaks");
	else if (text && which < 0)
		session_begin(t, step, text);
	else if (text)
		session_speak(t, step, which);
	free(text);
}

static void session_finish(struct test *t)
{
	session_free(t->session);
	t->session = NULL;
}

const struct step_kind step_session = {
	.name = "session",
	.run = session_run,
	.finish = session_finish,
};
