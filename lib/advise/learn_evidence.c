// SPDX-License-Identifier: GPL-2.0-only
#include "advise/learn_evidence.h"

#include <stdlib.h>
#include <string.h>

#include "advise/learn_policy.h"
#include "audit/denial.h"
#include "host/sockets.h"
#include "packet/flow.h"
#include "packet/proto.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "plan/value.h"
#include "util/alloc.h"
#include "util/hash.h"

/* The kernel sends answers of its own with this domain: to closed ports, and to pings. */
#define LEARN_KERNEL "kernel_t"

#define LEARN_SLOTS (2 * LEARN_USES_MAX)

/* IANA: Protocol Numbers; netinet/in.h has no names for them. */
#define LEARN_OSPF 89
#define LEARN_VRRP 112

/* So many of the flows are kept whose first packet tells the side. */
#define LEARN_PAIRS 8192

struct learn_pair {
	uint64_t hash; /* of the ends of the flow */
	enum side side;
};

/* A packet of a record, as this host sees it. */
struct learn_packet {
	bool sent;
	const struct net *local, *remote;
	uint16_t local_port, remote_port;
};

/* IANA: IPv4 and IPv6 Multicast Address Space Registries. Other groups have UDP or ICMP. */
static const struct learn_group {
	struct net net;
	uint8_t proto;
} learn_groups[] = {
	{ { AF_INET, 32, { 224, 0, 0, 1 } }, IPPROTO_IGMP },
	{ { AF_INET, 32, { 224, 0, 0, 5 } }, LEARN_OSPF },
	{ { AF_INET, 32, { 224, 0, 0, 6 } }, LEARN_OSPF },
	{ { AF_INET, 32, { 224, 0, 0, 13 } }, IPPROTO_PIM },
	{ { AF_INET, 32, { 224, 0, 0, 18 } }, LEARN_VRRP },
	{ { AF_INET, 32, { 224, 0, 0, 22 } }, IPPROTO_IGMP },
	{ { AF_INET6, 128, { 0xff, 2, [15] = 0x05 } }, LEARN_OSPF },
	{ { AF_INET6, 128, { 0xff, 2, [15] = 0x06 } }, LEARN_OSPF },
	{ { AF_INET6, 128, { 0xff, 2, [15] = 0x0d } }, IPPROTO_PIM },
	{ { AF_INET6, 128, { 0xff, 2, [15] = 0x12 } }, LEARN_VRRP },
};

bool learn_is_loopback(const struct net *net)
{
	static const struct net v4 = { AF_INET, 8, { 127 } };
	static const struct net v6 = { AF_INET6, 128, { [15] = 1 } };

	return net_contains(&v4, net) || net_contains(&v6, net);
}

static bool learn_same_key(const struct learn_use *a, const struct learn_use *b)
{
	return a->side == b->side && a->proto == b->proto && a->port == b->port &&
	       a->domain == b->domain;
}

static uint64_t learn_hash(const struct learn_use *use)
{
	uint64_t hash = hash_bytes(HASH_START, &use->side, sizeof(use->side));

	hash = hash_bytes(hash, &use->proto, sizeof(use->proto));
	hash = hash_bytes(hash, &use->port, sizeof(use->port));
	/* each domain is one text of the policy */
	return hash_bytes(hash, &use->domain, sizeof(use->domain));
}

/* Finds a use, or adds it. NULL: there is no room. */
static struct learn_use *learn_find(struct learn_evidence *e, const struct learn_use *key)
{
	size_t i = learn_hash(key) % LEARN_SLOTS;
	struct learn_use *use;

	if (!e->slots)
		e->slots = alloc_zeroed(LEARN_SLOTS, sizeof(*e->slots));
	for (; e->slots[i]; i = (i + 1) % LEARN_SLOTS)
		if (learn_same_key(&e->v[e->slots[i] - 1], key))
			return &e->v[e->slots[i] - 1];
	if (e->n == LEARN_USES_MAX)
		return NULL;
	e->v = alloc_one_more(e->v, e->n, sizeof(*e->v));
	use = &e->v[e->n++];
	*use = (struct learn_use){
		.side = key->side, .proto = key->proto, .port = key->port, .domain = key->domain
	};
	e->slots[i] = e->n;
	return use;
}

static void learn_add_peer(struct learn_use *use, const struct net *peer)
{
	size_t i;

	for (i = 0; i < use->n_peers; i++)
		if (!memcmp(&use->peers[i], peer, sizeof(*peer)))
			return;
	if (use->n_peers == LEARN_PEERS_MAX)
		use->more_peers = true;
	else
		use->peers[use->n_peers++] = *peer;
}

static bool learn_add(struct learn_evidence *e, const struct learn_use *new)
{
	struct learn_use *use = learn_find(e, new);
	size_t i;

	if (!use)
		return false;
	use->guessed |= new->guessed;
	use->listens |= new->listens;
	use->sent |= new->sent;
	use->received |= new->received;
	use->outside |= new->outside;
	use->packets += new->packets;
	use->denied += new->denied;
	use->connections += new->connections;
	if (use->last < new->last)
		use->last = new->last;
	if (new->why)
		use->why = new->why;
	use->more_peers |= new->more_peers;
	for (i = 0; i < new->n_peers; i++)
		learn_add_peer(use, &new->peers[i]);
	return true;
}

/* The flow of a use; its other end may be any address. Of a forwarded flow, the peer is the server.
 */
static struct flow learn_flow(const struct learn_use *use, const struct net *local,
			      const struct net *peer)
{
	static const enum flow_dir dirs[] = {
		[SIDE_SERVER] = FLOW_IN,
		[SIDE_CLIENT] = FLOW_OUT,
		[SIDE_FORWARD] = FLOW_FORWARD,
	};
	struct flow flow = {
		.dir = dirs[use->side],
		.proto = use->proto,
		.dport = use->port,
		.src = use->side == SIDE_SERVER ? *peer : *local,
		.dst = use->side == SIDE_SERVER ? *local : *peer,
	};

	return flow;
}

/* Does the plan label it? */
static bool learn_is_covered(const struct learn_evidence *e, const struct learn_use *use,
			     const struct net *local, const struct net *peer)
{
	struct flow flow = learn_flow(use, local, peer);

	return e->plan && lookup_possible(e->plan, &flow);
}

/* Is it a type that no keyword of a plan hides? Its text is that of the policy. */
static const char *learn_known_domain(const struct learn_evidence *e, const char *type)
{
	return plan_is_name(type) && !plan_is_keyword(type) ? learn_policy_type(e->policy, type) :
							      NULL;
}

void learn_take_use(struct learn_evidence *e, const struct learn_use *use, const struct net *local)
{
	struct learn_use new = *use;
	struct net any = { .family = local->family };

	if (new.domain)
		new.domain = learn_known_domain(e, new.domain);
	if (!learn_is_covered(e, &new, local, use->n_peers ? &use->peers[0] : &any))
		learn_add(e, &new);
}

static const char *learn_domain(const struct learn_evidence *e, const char *context)
{
	char type[128];

	return learn_known_domain(e, denial_type(context, type, sizeof(type)));
}

static const uint8_t learn_protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, IPPROTO_DCCP,
					IPPROTO_UDPLITE };

#define LEARN_PROTOS (sizeof(learn_protos) / sizeof(learn_protos[0]))

/* Behind the bits of the protocols: a TCP socket waits at the port. */
#define LEARN_WAITS (1u << LEARN_PROTOS)

/* What the sockets tell of each port. A log may have millions of records. */
struct learn_ports {
	/* the protocols of those that have it: one bit for each number of learn_protos[] */
	uint8_t own[PORT_MAX + 1];
	/* of those that are connected to it */
	uint8_t remote[PORT_MAX + 1];
};

static void learn_take_ports_of(struct learn_ports *ports, const struct host_socket *s)
{
	unsigned int i;

	for (i = 0; i < LEARN_PROTOS; i++) {
		if (s->raw || s->proto != learn_protos[i])
			continue;
		ports->own[s->lport] |= 1u << i;
		if (s->connected)
			ports->remote[s->rport] |= 1u << i;
		else if (s->proto == IPPROTO_TCP)
			ports->own[s->lport] |= LEARN_WAITS;
	}
}

static const struct learn_ports *learn_ports_of(struct learn_evidence *e)
{
	size_t i;

	if (!e->ports) {
		e->ports = alloc_zeroed(1, sizeof(*e->ports));
		for (i = 0; e->sockets && i < e->sockets->n; i++)
			learn_take_ports_of(e->ports, &e->sockets->v[i]);
	}
	return e->ports;
}

/* Does a program wait at the port, or have a connection to it? Returns the protocols. */
static unsigned int learn_socket_protos(struct learn_evidence *e, enum side side, uint16_t port)
{
	const struct learn_ports *ports = learn_ports_of(e);

	if (side == SIDE_FORWARD)
		return 0;
	return (side == SIDE_SERVER ? ports->own[port] : ports->remote[port]) & ~LEARN_WAITS;
}

/* Which protocols can it be? */
static unsigned int learn_possible_protos(struct learn_evidence *e, const struct learn_use *use,
					  const struct net *peer)
{
	uint16_t port = use->port;
	unsigned int found = learn_socket_protos(e, use->side, port), i;

	/* a connection ends soon, and its server waits here, too */
	if (!found && learn_is_loopback(peer))
		found = learn_socket_protos(e, SIDE_SERVER, port);

	/* types of ports of the others are rare, and mostly there for completeness */
	for (i = 0; !found && i < 2; i++)
		if (learn_policy_port(e->policy, learn_protos[i], port))
			found |= learn_policy_port(e->policy, learn_protos[!i], port) ? 3 : 1u << i;
	return found ? found : 3;
}

static bool learn_is_listening(struct learn_evidence *e, uint16_t port)
{
	return learn_ports_of(e)->own[port] & LEARN_WAITS;
}

static bool learn_is_named(const struct learn_evidence *e, uint16_t port)
{
	return learn_policy_port(e->policy, IPPROTO_TCP, port) ||
	       learn_policy_port(e->policy, IPPROTO_UDP, port);
}

/* The side, by the first packet of the flow that was seen. */
static enum side learn_first_side(struct learn_evidence *e, const struct learn_packet *p)
{
	uint64_t hash = hash_bytes(HASH_START, p->remote, sizeof(*p->remote));
	struct learn_pair *pair;

	hash = hash_bytes(hash, &p->local_port, sizeof(p->local_port));
	hash = hash_bytes(hash, &p->remote_port, sizeof(p->remote_port));
	if (!e->pairs)
		e->pairs = alloc_zeroed(LEARN_PAIRS, sizeof(*e->pairs));
	pair = &e->pairs[hash % LEARN_PAIRS];
	if (pair->hash != hash)
		*pair = (struct learn_pair){ hash, p->sent ? SIDE_CLIENT : SIDE_SERVER };
	return pair->side;
}

/* The side, by the ports alone. */
static enum side learn_side_of_ports(struct learn_evidence *e, const struct learn_packet *p)
{
	bool local = port_range_has(&e->client_ports, p->local_port),
	     remote = port_range_has(&e->client_ports, p->remote_port);

	if (local == remote) {
		local = !learn_is_named(e, p->local_port);
		remote = !learn_is_named(e, p->remote_port);
	}
	if (local == remote)
		return learn_first_side(e, p);
	return local ? SIDE_CLIENT : SIDE_SERVER;
}

static enum side learn_side(struct learn_evidence *e, const struct learn_packet *p)
{
	return learn_is_listening(e, p->local_port) ? SIDE_SERVER : learn_side_of_ports(e, p);
}

static uint8_t learn_portless_proto(const struct net *dst)
{
	const struct learn_group *g, *end = learn_groups + sizeof(learn_groups) / sizeof(*g);

	for (g = learn_groups; g < end; g++)
		if (!memcmp(&g->net, dst, sizeof(*dst)))
			return g->proto;
	return dst->family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
}

/* Counts a packet. Returns whether a line of the plan has it. */
static bool learn_take_packet(struct learn_evidence *e, struct learn_use *use,
			      const struct learn_packet *p)
{
	if (learn_is_covered(e, use, p->local, p->remote))
		return true;
	use->peers[0] = *p->remote;
	use->n_peers = 1;
	use->outside = !learn_is_loopback(p->remote);
	if (!learn_add(e, use))
		e->counts.lost += use->packets;
	return false;
}

/* Which end has begun it cannot be told from one packet: programs send questions, and the kernel
 * sends answers and questions. */
static bool learn_take_portless(struct learn_evidence *e, struct learn_use *use,
				const struct learn_packet *p)
{
	bool kernel = !strcmp(use->domain, LEARN_KERNEL), covered;

	use->proto = learn_portless_proto(p->sent ? p->remote : p->local);
	use->side = SIDE_CLIENT;
	/* it may be an answer: then this line labels it */
	if (!p->sent && learn_is_covered(e, use, p->local, p->remote))
		return true;
	use->side = p->sent ? SIDE_CLIENT : SIDE_SERVER;
	covered = learn_take_packet(e, use, p);
	if (kernel && p->sent) {
		use->side = SIDE_SERVER;
		covered &= learn_take_packet(e, use, p);
	}
	return covered;
}

/* Counts a packet of the side and the port of a use, for each protocol that it can have. */
static bool learn_take_protos(struct learn_evidence *e, struct learn_use *use,
			      const struct learn_packet *p)
{
	bool covered = true;
	unsigned int protos, i;

	protos = learn_possible_protos(e, use, p->remote);
	use->guessed = protos & (protos - 1);
	for (i = 0; i < LEARN_PROTOS; i++) {
		if (!(protos & (1u << i)))
			continue;
		use->proto = learn_protos[i];
		covered &= learn_take_packet(e, use, p);
	}
	return covered;
}

static bool learn_take_ports(struct learn_evidence *e, struct learn_use *use,
			     const struct learn_packet *p)
{
	use->side = learn_side(e, p);
	use->port = use->side == SIDE_SERVER ? p->local_port : p->remote_port;
	return learn_take_protos(e, use, p);
}

/* The ends of a forwarded packet in one order, whichever has sent it: the side of the first one is
 * asked for. */
static struct learn_packet learn_forwarded_flow(const struct learn_packet *p)
{
	int order = memcmp(p->local, p->remote, sizeof(*p->local));
	bool turned = order ? order > 0 : p->local_port > p->remote_port;

	if (!turned)
		return *p;
	return (struct learn_packet){ .sent = !p->sent,
				      .local = p->remote,
				      .remote = p->local,
				      .local_port = p->remote_port,
				      .remote_port = p->local_port };
}

/* p: local is the source. A line with no ports is for both directions. */
static bool learn_take_forwarded(struct learn_evidence *e, struct learn_use *use,
				 const struct learn_packet *p)
{
	struct learn_packet flow = learn_forwarded_flow(p), turned;

	use->side = SIDE_FORWARD;
	if (!p->local_port || !p->remote_port) {
		use->proto = learn_portless_proto(p->remote);
		return learn_is_covered(e, use, p->remote, p->local) ||
		       learn_take_packet(e, use, p);
	}
	turned = (struct learn_packet){ .local = flow.remote, .remote = flow.local };
	if (learn_side_of_ports(e, &flow) == SIDE_CLIENT) {
		use->port = flow.remote_port;
		return learn_take_protos(e, use, &flow);
	}
	use->port = flow.local_port;
	return learn_take_protos(e, use, &turned);
}

static bool learn_has_perm(const struct denial *d, const char *perm)
{
	const char *at = strstr(d->perms, perm);
	size_t len = strlen(perm);

	return at && (at == d->perms || at[-1] == ' ') && (!at[len] || at[len] == ' ');
}

/* Is it a record of packets without a label? */
static bool learn_is_unlabeled(const struct denial *d)
{
	char type[128];

	return !strcmp(d->class, "packet") && !d->invalid_target &&
	       !strcmp(denial_type(d->target, type, sizeof(type)), "unlabeled_t");
}

/* Which end of the packet is this host's? None, if it is forwarded. */
enum learn_way { LEARN_SENT, LEARN_RECEIVED, LEARN_FORWARDED, LEARN_NO_WAY };

static enum learn_way learn_way_of(const struct denial *d)
{
	if (learn_has_perm(d, "send"))
		return LEARN_SENT;
	if (learn_has_perm(d, "recv"))
		return LEARN_RECEIVED;
	/* what came in and went out has two records */
	if (learn_has_perm(d, "forward_in") || (learn_has_perm(d, "forward_out") && !d->granted))
		return LEARN_FORWARDED;
	return LEARN_NO_WAY;
}

static bool learn_take_way(struct learn_evidence *e, enum learn_way way, struct learn_use *use,
			   const struct learn_packet *p)
{
	if (way == LEARN_FORWARDED)
		return learn_take_forwarded(e, use, p);
	return p->local_port && p->remote_port ? learn_take_ports(e, use, p) :
						 learn_take_portless(e, use, p);
}

void learn_take_denial(struct learn_evidence *e, const struct denial *d)
{
	enum learn_way way = learn_way_of(d);
	bool here = way == LEARN_RECEIVED; /* the destination is this host's end */
	struct learn_use use = { .packets = d->count, .last = d->time };
	struct learn_packet p = {
		.sent = !here,
		.local = here ? &d->dst : &d->src,
		.remote = here ? &d->src : &d->dst,
		.local_port = here ? d->dport : d->sport,
		.remote_port = here ? d->sport : d->dport,
	};

	if (!learn_is_unlabeled(d) || way == LEARN_NO_WAY)
		return;
	e->counts.unlabeled += d->count;
	use.domain = d->invalid_source ? NULL : learn_domain(e, d->source);
	if (!use.domain || !d->src.family || d->src.family != d->dst.family) {
		e->counts.unusable += d->count;
		return;
	}
	use.denied = d->granted || d->permissive == 1 ? 0 : d->count;
	use.sent = way != LEARN_RECEIVED;
	use.received = way != LEARN_SENT;
	if (learn_take_way(e, way, &use, &p))
		e->counts.covered += d->count;
}

void learn_evidence_free(struct learn_evidence *e)
{
	free(e->v);
	free(e->slots);
	free(e->pairs);
	free(e->ports);
	e->v = NULL;
	e->slots = NULL;
	e->pairs = NULL;
	e->ports = NULL;
	e->n = 0;
}
