// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/topology.h"
#include "runner/peers.h"
#include "runner/test.h"

#define FIRST_SPORT 20000
#define SPORTS 8 /* of each test */
/* is added to the ports of a control connection for its data connection */
#define DATA_PORTS 20000
_Static_assert(FIRST_SPORT + (TESTS_MAX + 1) * SPORTS + DATA_PORTS < 65536, "ports for all tests");

#define SERVER_MS 10000 /* the most a server may take to start, even on a busy host */

/*
 * "NS[:DOMAIN[/DOMAIN]]" in place; the second domain is that of a data connection's sockets.
 * Returns 0, or -1 for a namespace the topology does not have.
 */
static int peers_parse(struct test *t, char *word, struct peer *p)
{
	char *domain = strchr(word, ':'), *data = strchr(word, '/');

	if (domain)
		*domain++ = '\0';
	if (data)
		*data++ = '\0';
	p->ns = topology_ns(t->topo, word, strlen(word));
	p->context = context_of(domain ? domain : "kernel_t");
	p->data_context = data ? context_of(data) : NULL;
	return p->ns ? 0 : -1;
}

/* Fills an address of a peer. Returns its length. */
static socklen_t peer_address(const struct peer *p, struct sockaddr_storage *ss, const char *text,
			      int port)
{
	char mapped[64];

	if (!p->proto->mapped || strchr(text, ':'))
		return address_read(ss, text, port);
	snprintf(mapped, sizeof(mapped), "::ffff:%s", text);
	return address_read(ss, mapped, port);
}

static void peers_address(struct test *t, struct peers *peers, int port)
{
	int family = !strcmp(vars_get(&t->vars, "FAMILY", 6), "6");
	int sport = FIRST_SPORT + t->number * SPORTS + t->talks++ % SPORTS;
	struct peer *c = &peers->client, *s = &peers->server;

	t->last.has_ports = c->proto->ports;
	t->last.ports[0] = sport;
	t->last.ports[1] = port;
	topology_addresses(t->topo, c->ns, s->ns, family, t->last.addresses);
	vars_set(&t->vars, "SPORT", "%d", sport);
	c->addr_len = peer_address(c, &c->self, t->last.addresses[0], sport);
	peer_address(c, &c->other, t->last.addresses[1], c->proto->ports ? port : 0);
	s->self = c->other;
	s->other = c->self;
	s->addr_len = c->addr_len;
	c->data_port = s->other_data_port = sport + DATA_PORTS;
	/* an FTP server opens connections from the port below its own */
	s->data_port = c->other_data_port = c->proto->active ? port - 1 : port + DATA_PORTS;
	t->last.data_ports[0] = c->data_port;
	t->last.data_ports[1] = s->data_port;
}

void peers_port_set(struct vars *v, int port)
{
	vars_set(v, "PORT", "%d", port);
	vars_set(v, "DATA_PORT", "%d", port + DATA_PORTS);
}

int peers_prepare(struct test *t, struct peers *peers, char *proto, char *client, char *server)
{
	char *port = strchr(proto, '/');

	if (port)
		*port++ = '\0';
	peers->client.proto = peers->server.proto = protocol_find(proto);
	if (!peers->client.proto || peers_parse(t, client, &peers->client) ||
	    peers_parse(t, server, &peers->server))
		return -1;
	if ((peers->client.data_context || peers->server.data_context) && strncmp(proto, "ftp", 3))
		return -1;
	/* Echo requests are answered by the kernel. */
	peers->has_server = peers->client.proto->server;
	peers_address(t, peers, atoi(port ? port : vars_get(&t->vars, "PORT", 4)));
	return 0;
}

int peers_serve(struct test *t, const struct step *step, struct peers *peers,
		void (*part)(const struct peer *p, int report))
{
	struct peer_report r = { 0 };

	if (peer_start(&peers->server, part) || peer_report(&peers->server, SERVER_MS, &r) != 1 ||
	    r.event != PEER_READY) {
		test_fail(t, step, "the server does not start: %s", strerror(r.err));
		return -1;
	}
	return 0;
}

static void peers_end(struct peer *p)
{
	peer_stop(p);
	free((char *)p->context);
	free((char *)p->data_context);
}

void peers_free(struct peers *peers)
{
	peers_end(&peers->client);
	peers_end(&peers->server);
}
