// SPDX-License-Identifier: GPL-2.0-only
/*
 * flow PROTO[/PORT] CLIENT-NS:DOMAIN SERVER-NS[:DOMAIN] flow end
 *
 * A conversation that goes on beside the steps between the two lines, one request and one answer
 * after the other. A datagram that is lost fails the case, and so does a stream that stops.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "runner/peers.h"
#include "runner/test.h"
#include "steps/kinds.h"

#define ANSWER_MS 10000 /* an answer that takes longer is lost, even on a busy host */
#define LEAST 10        /* fewer answers mean that it did not go on beside the other steps */

/* In memory that both processes have. */
struct shared {
	volatile bool end;
	volatile long answers;
};

struct flow {
	struct peers peers;
	struct shared *shared;
};

static void flow_client_part(const struct peer *p, int report)
{
	struct timeval limit = { .tv_sec = ANSWER_MS / 1000, .tv_usec = ANSWER_MS % 1000 * 1000 };
	struct shared *shared = p->shared;
	int fd = bound_socket(p, report);
	char byte = 0;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    connect(fd, (const struct sockaddr *)&p->other, p->addr_len))
		report_and_exit(report, PEER_FAILED, errno);
	while (!shared->end) {
		if (send(fd, &byte, 1, MSG_NOSIGNAL) != 1 || recv(fd, &byte, 1, 0) != 1)
			report_and_exit(report, PEER_FAILED, errno == EAGAIN ? ETIMEDOUT : errno);
		shared->answers++;
	}
	report_progress(report, PEER_ANSWERED);
	close(fd);
}

static void flow_server_part(const struct peer *p, int report)
{
	struct sockaddr_storage from;
	int fd = bound_socket(p, report), conn = fd;
	bool stream = p->proto->type == SOCK_STREAM;
	socklen_t len = sizeof(from);
	char byte;

	if (stream && listen(fd, 1))
		report_and_exit(report, PEER_FAILED, errno);
	report_progress(report, PEER_READY);
	if (stream)
		conn = accept(fd, NULL, NULL);
	while (recvfrom(conn, &byte, 1, 0, (struct sockaddr *)&from, &len) == 1) {
		if (sendto(conn, &byte, 1, MSG_NOSIGNAL, stream ? NULL : (struct sockaddr *)&from,
			   stream ? 0 : len) != 1)
			report_and_exit(report, PEER_FAILED, errno);
		len = sizeof(from);
	}
}

/* Stops it if it still goes on; NULL is fine. */
static void flow_free(struct flow *flow)
{
	if (!flow)
		return;
	peers_free(&flow->peers);
	munmap(flow->shared, sizeof(*flow->shared));
	free(flow);
}

/* PROTO CLIENT SERVER */
static void flow_begin(struct test *t, const struct step *step, char *text)
{
	char *proto = strtok(text, " "), *client = strtok(NULL, " "), *server = strtok(NULL, " ");
	struct flow *flow = t->flow = must_alloc(sizeof(*flow));
	struct peers *peers = &flow->peers;

	flow->shared = mmap(NULL, sizeof(*flow->shared), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (flow->shared == MAP_FAILED)
		abort();
	if (!server || strtok(NULL, " ") || peers_prepare(t, peers, proto, client, server)) {
		test_fail(t, step,
			  "expected flow PROTO[/PORT] CLIENT-NS:DOMAIN SERVER-NS[:DOMAIN]");
		return;
	}
	peers->client.shared = flow->shared;
	if (peers_serve(t, step, peers, flow_server_part) == 0 &&
	    peer_start(&peers->client, flow_client_part))
		test_fail(t, step, "the client does not start");
}

static void flow_end(struct test *t, const struct step *step)
{
	struct peer_report r = { .err = ETIMEDOUT };

	t->flow->shared->end = true;
	if (peer_report(&t->flow->peers.client, 2 * ANSWER_MS, &r) != 1 || r.event != PEER_ANSWERED)
		test_fail(t, step, "no answer after %ld answers: %s", t->flow->shared->answers,
			  strerror(r.err));
	else if (t->flow->shared->answers < LEAST)
		test_fail(t, step, "only %ld answers came", t->flow->shared->answers);
	flow_free(t->flow);
	t->flow = NULL;
}

static void flow_run(struct test *t, const struct step *step)
{
	char *text = step_expand(t, step, step->text);

	if (text && !strcmp(text, "end") != !!t->flow)
		test_fail(t, step, "a flow ends before the next one begins");
	else if (text && t->flow)
		flow_end(t, step);
	else if (text)
		flow_begin(t, step, text);
	free(text);
}

static void flow_finish(struct test *t)
{
	if (t->flow && !t->why.n)
		test_fail(t, NULL, "the flow has no end");
	flow_free(t->flow);
	t->flow = NULL;
}

const struct step_kind step_flow = {
	.name = "flow",
	.run = flow_run,
	.finish = flow_finish,
};
