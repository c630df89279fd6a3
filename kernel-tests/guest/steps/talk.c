// SPDX-License-Identifier: GPL-2.0-only
/*
 * talk PROTO[/PORT] CLIENT-NS:DOMAIN[/DOMAIN] SERVER-NS[:DOMAIN[/DOMAIN]] = VERDICT
 *
 * One request and one answer. An expected time-out is not waited for: the kernel's own record of the denial ends it.
 * The record alone proves no denial: client and server are looked at once all that was sent has arrived.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "kernel/audit.h"
#include "net/topology.h"
#include "runner/test.h"
#include "steps/talk.h"

#define FIRST_SPORT 20000
#define DATA_PORTS 20000 /* added to both ports of a control connection they make those of its data connection */
#define TALK_MS 2500  /* the most a conversation may take */
#define GRACE_MS 100  /* what is under way after the record would be here by then, if nothing better can tell */

/* How an errno reads in a case. */
static const struct {
	int err;
	const char *verdict;
} verdicts[] = {
	{ ECONNREFUSED, "refused" },
	{ EHOSTUNREACH, "unreachable" },
	{ ENETUNREACH, "unreachable" },
	{ ETIMEDOUT, "timeout" },
	{ EACCES, "eacces" },
	{ EPERM, "eperm" },
};

static const char *verdict_of(int err)
{
	for (size_t i = 0; i < N_ELEMENTS(verdicts); i++)
		if (verdicts[i].err == err)
			return verdicts[i].verdict;
	return strerror(err);
}

/*
 * "NS[:DOMAIN[/DOMAIN]]" in place; the second domain is that of a data connection's sockets. Returns 0, or -1 for a
 * namespace the topology does not have.
 */
static int peer_parse(struct test *t, char *word, struct peer *p)
{
	char *domain = strchr(word, ':'), *data = strchr(word, '/');

	if (domain)
		*domain++ = '\0';
	if (data)
		*data++ = '\0';
	p->ns = topology_ns(t->topo, word, strlen(word));
	p->context = context_of("system_r", domain ? domain : "kernel_t");
	p->data_context = data ? context_of("system_r", data) : NULL;
	return p->ns ? 0 : -1;
}

static void talk_address(struct test *t, struct talk *talk, int port)
{
	int family = !strcmp(vars_get(&t->vars, "FAMILY", 6), "6");
	int sport = FIRST_SPORT + t->number * 8 + t->talks++ % 8;
	struct peer *c = &talk->client, *s = &talk->server;

	t->talk_ports = c->proto->ports;
	t->ports[0] = sport;
	t->ports[1] = port;
	topology_addresses(t->topo, c->ns, s->ns, family, t->addresses);
	vars_set(&t->vars, "SPORT", "%d", sport);
	c->addr_len = address_fill(&c->self, family, t->addresses[0], sport);
	address_fill(&c->other, family, t->addresses[1], c->proto->ports ? port : 0);
	s->self = c->other;
	s->other = c->self;
	s->addr_len = c->addr_len;
	c->data_port = s->other_data_port = sport + DATA_PORTS;
	/* an FTP server opens connections from the port below its own */
	s->data_port = c->other_data_port = c->proto->active ? port - 1 : port + DATA_PORTS;
	t->data_ports[0] = c->data_port;
	t->data_ports[1] = s->data_port;
}

int talk_prepare(struct test *t, struct talk *talk, char *proto, char *client, char *server)
{
	char *port = strchr(proto, '/');

	if (port)
		*port++ = '\0';
	talk->client.proto = talk->server.proto = protocol_find(proto);
	if (!talk->client.proto || peer_parse(t, client, &talk->client) || peer_parse(t, server, &talk->server))
		return -1;
	if ((talk->client.data_context || talk->server.data_context) && strncmp(proto, "ftp", 3))
		return -1;
	/* Echo requests are answered by the kernel. */
	talk->has_server = talk->client.proto->server;
	talk_address(t, talk, atoi(port ? port : vars_get(&t->vars, "PORT", 4)));
	return 0;
}

static int talk_parse(struct test *t, char *text, struct talk *talk)
{
	char *proto = strtok(text, " "), *client = strtok(NULL, " "), *server = strtok(NULL, " ");
	char *equals = strtok(NULL, " "), *verdict = strtok(NULL, " ");

	if (!verdict || strcmp(equals, "=") || strtok(NULL, " "))
		return -1;
	talk->verdict = verdict;
	return talk_prepare(t, talk, proto, client, server);
}

int talk_serve(struct test *t, const struct step *step, struct talk *talk,
	       void (*part)(const struct peer *p, int report))
{
	struct peer_report r = { 0 };

	if (peer_start(&talk->server, part) || peer_report(&talk->server, TALK_MS, &r) != 1 ||
	    r.event != PEER_READY) {
		test_fail(t, step, "the server does not start: %s", strerror(r.err));
		return -1;
	}
	return 0;
}

static void talk_settle(const struct talk *talk)
{
	if (peers_settle(&talk->client, &talk->server))
		poll(NULL, 0, GRACE_MS);
}

/* Is one of the denials expected that of the request? One without a direction came before any packet. */
static bool denies_request(const struct step *step)
{
	for (size_t i = 0; i < step->avc.n; i++)
		if (!strstr(step->avc.v[i], " granted:") && !strstr(step->avc.v[i], " server>client"))
			return true;
	return false;
}

/* The kernel may record a denial, tell the client of it, and let the packet through all the same. */
static void server_judge(struct test *t, const struct step *step, struct talk *talk)
{
	struct peer_report r = { 0 };

	talk_settle(talk);
	if (peer_report(&talk->server, 0, &r) == 1 && r.event == PEER_SERVED)
		test_fail(t, step, "the server has seen a request that was denied");
}

/*
 * Waits until the client has a result, or until the kernel has recorded as many denials as the case expects (one more
 * than that is a failure already). Returns 1 with a result in r, 0 without.
 */
static int client_wait(struct test *t, const struct step *step, struct talk *talk, struct peer_report *r)
{
	bool silent = !strcmp(talk->verdict, "timeout");
	size_t enough = step->avc.n + (silent && step->avc.n ? 0 : 1);
	long long end = now_ms() + TALK_MS;
	struct pollfd pfd[2] = { { .fd = talk->client.fd, .events = POLLIN }, { .fd = t->audit->fd, .events = POLLIN } };

	while (now_ms() < end) {
		poll(pfd, 2, end - now_ms());
		if (pfd[0].revents)
			return peer_report(&talk->client, 0, r) == 1;
		audit_collect(t->audit);
		if (t->audit->n >= enough)
			break;
	}
	talk_settle(talk);
	return peer_report(&talk->client, 0, r) == 1;
}

/* A conversation that went well is over when both have closed their ends: late packets then belong to no later case. */
static void talk_finish(struct talk *talk)
{
	struct peer_report r;

	while (peer_report(&talk->client, TALK_MS, &r) == 1)
		;
	while (talk->has_server && peer_report(&talk->server, TALK_MS, &r) == 1)
		;
}

static void talk_judge(struct test *t, const struct step *step, struct talk *talk)
{
	struct peer_report r = { 0 };
	const char *verdict = "timeout";

	if (client_wait(t, step, talk, &r))
		verdict = r.event == PEER_ANSWERED ? "ok" : verdict_of(r.err);
	if (!strcmp(verdict, "ok"))
		talk_finish(talk);
	if (strcmp(verdict, talk->verdict))
		test_fail(t, step, "the client's verdict is %s, expected %s", verdict, talk->verdict);
	else if (strcmp(verdict, "ok") && talk->has_server && denies_request(step))
		server_judge(t, step, talk);
}

static void client_start(struct test *t, const struct step *step, struct talk *talk)
{
	int err = peer_start(&talk->client, talk->client.proto->client);

	if (err)
		test_fail(t, step, "the client does not start: %s", strerror(-err));
	else
		talk_judge(t, step, talk);
}

static void peer_free(struct peer *p)
{
	peer_stop(p);
	free((char *)p->context);
	free((char *)p->data_context);
}

void talk_free(struct talk *talk)
{
	peer_free(&talk->client);
	peer_free(&talk->server);
}

void step_talk(struct test *t, const struct step *step)
{
	char *text = step_expand(t, step, step->text);
	struct talk talk = { 0 };

	if (!text)
		return;
	if (talk_parse(t, text, &talk)) {
		test_fail(t, step, "expected talk PROTO[/PORT] CLIENT-NS:DOMAIN SERVER-NS[:DOMAIN] = VERDICT");
	} else if (!strcmp(talk.verdict, "timeout") && !step->avc.n) {
		test_fail(t, step, "a timeout needs the record that explains it");
	} else if (!talk.has_server || talk_serve(t, step, &talk, talk.server.proto->server) == 0) {
		client_start(t, step, &talk);
	}
	talk_free(&talk);
	free(text);
}
