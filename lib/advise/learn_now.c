// SPDX-License-Identifier: GPL-2.0-only
#include "advise/learn_now.h"

#include <stdlib.h>
#include <string.h>

#include "advise/learn_evidence.h"
#include "audit/denial.h"
#include "host/socket_owners.h"
#include "host/sockets.h"
#include "packet/proto.h"
#include "util/alloc.h"

/* A bit for each port and protocol at which a socket waits. */
struct learn_waiting {
	const struct host_sockets *sockets;
	uint8_t *ports; /* of TCP, and of the others */
};

#define LEARN_PORT_BYTES ((PORT_MAX + 1) / 8)

static uint8_t *learn_port_byte(const struct learn_waiting *w, const struct host_socket *s)
{
	return &w->ports[(s->proto == IPPROTO_TCP ? 0 : LEARN_PORT_BYTES) + s->lport / 8];
}

static bool learn_waits(const struct learn_waiting *w, const struct host_socket *s)
{
	return *learn_port_byte(w, s) & (1u << s->lport % 8);
}

static void learn_find_waiting(struct learn_waiting *w)
{
	const struct host_socket *s = w->sockets->v;
	size_t i;

	w->ports = alloc_zeroed(2, LEARN_PORT_BYTES);
	for (i = 0; i < w->sockets->n; i++)
		if (!s[i].raw && !s[i].connected)
			*learn_port_byte(w, &s[i]) |= 1u << s[i].lport % 8;
}

/* Programs ask for an answer with it, and the kernel has chosen it. */
static bool learn_is_passing(const struct learn_evidence *e, const struct host_socket *s)
{
	return (s->proto == IPPROTO_UDP || s->proto == IPPROTO_UDPLITE) && !s->connected &&
	       port_range_has(&e->client_ports, s->lport);
}

/* The network that a socket can be reached from, if it waits for this machine alone */
static bool learn_loopback_of(const struct net *local, struct net *net)
{
	static const struct net v4 = { AF_INET, 8, { 127 } };

	if (!learn_is_loopback(local))
		return false;
	*net = local->family == AF_INET ? v4 : *local;
	return true;
}

static void learn_take_raw(struct learn_evidence *e, const struct host_socket *s,
			   struct learn_use *use)
{
	/* all packets that they get are those of other sockets */
	if (proto_has_ports(s->proto) || s->proto == IPPROTO_RAW || !s->proto)
		return;
	use->listens = true;
	use->side = SIDE_SERVER;
	learn_take_use(e, use, &s->local);
	use->side = SIDE_CLIENT;
	use->sent = true;
	learn_take_use(e, use, &s->local);
}

static void learn_take_socket(struct learn_evidence *e, const struct learn_waiting *w,
			      const struct host_socket *s, const char *domain)
{
	struct learn_use use = { .proto = s->proto, .domain = domain, .outside = true };
	bool local = port_range_has(&e->client_ports, s->lport),
	     remote = port_range_has(&e->client_ports, s->rport);

	if (s->raw) {
		learn_take_raw(e, s, &use);
	} else if (learn_is_passing(e, s)) {
		e->counts.port_unknown++;
	} else if (!s->connected) {
		use.listens = true;
		use.port = s->lport;
		use.n_peers = learn_loopback_of(&s->local, &use.peers[0]);
		use.outside = !use.n_peers;
		learn_take_use(e, &use, &s->local);
	} else {
		use.side = learn_waits(w, s) || (remote && !local) ? SIDE_SERVER : SIDE_CLIENT;
		use.port = use.side == SIDE_SERVER ? s->lport : s->rport;
		use.connections = use.n_peers = 1;
		use.peers[0] = s->remote;
		use.outside = !learn_is_loopback(&s->remote);
		learn_take_use(e, &use, &s->local);
	}
}

void learn_take_sockets(struct learn_evidence *e, const struct host_sockets *sockets,
			const struct socket_owners *owners)
{
	struct learn_waiting w = { .sockets = sockets };
	const struct host_socket *s;
	const struct socket_owner *owner;
	char type[128], *context;
	size_t i, n;

	learn_find_waiting(&w);
	for (i = 0; i < sockets->n; i++) {
		s = &sockets->v[i];
		owner = socket_owners_find(owners, s->inode, &n);
		context = owner ? socket_owners_label(owners, owner) : NULL;
		learn_take_socket(e, &w, s,
				  context ? denial_type(context, type, sizeof(type)) : NULL);
		free(context);
	}
	free(w.ports);
}
