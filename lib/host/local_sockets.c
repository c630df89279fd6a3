// SPDX-License-Identifier: GPL-2.0-only
#include "host/local_sockets.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "host/conntrack.h"
#include "host/local_addresses.h"
#include "host/sockets.h"
#include "util/alloc.h"

void local_sockets_init(struct local_sockets *l, const struct host_sockets *sockets,
			const struct local_addresses *addresses)
{
	size_t i;

	*l = (struct local_sockets){ .sockets = sockets, .addresses = addresses };
	l->order = alloc_zeroed(sockets->n + 1, sizeof(*l->order));
	for (i = 0; i < sockets->n; i++)
		if (!sockets->v[i].raw && !sockets->v[i].place)
			l->order[l->n++] = i;
	sockets_sort_by_ends(sockets, l->order, l->n);
}

static size_t place_of_ends(const struct local_sockets *l, const struct host_socket *ends)
{
	return sockets_place_of_ends(l->sockets, l->order, l->n, ends);
}

static bool is_address_of(const struct host_socket *s, const struct net *address)
{
	if (s->local.len)
		return net_contains(&s->local, address);
	return s->both || s->local.family == address->family;
}

/* Which socket, connected to nobody, sends such packets? What waits has remote port 0, so it comes
 * first among the sockets with a local port. */
static const struct host_socket *waiting_socket(const struct local_sockets *l,
						const struct conntrack_tuple *sent)
{
	const struct host_socket port = { .proto = sent->proto, .lport = sent->sport }, *s,
				 *best = NULL;
	size_t i;

	if (!port.lport || (port.proto != IPPROTO_UDP && port.proto != IPPROTO_UDPLITE))
		return NULL;
	for (i = place_of_ends(l, &port); i < l->n; i++) {
		s = &l->sockets->v[l->order[i]];
		if (s->proto != sent->proto || s->lport != sent->sport || s->rport)
			break;
		if (!is_address_of(s, &sent->src))
			continue;
		if (s->local.len)
			return s;
		if (!best || best->both)
			best = s;
	}
	return best;
}

/* Which socket, connected to the other end, sends such packets? */
static const struct host_socket *connected_socket(const struct local_sockets *l,
						  const struct conntrack_tuple *sent)
{
	const struct host_socket ends = { .proto = sent->proto,
					  .local = sent->src,
					  .remote = sent->dst,
					  .lport = sent->sport,
					  .rport = sent->dport };
	size_t at = place_of_ends(l, &ends);
	const struct host_socket *s = at < l->n ? &l->sockets->v[l->order[at]] : NULL;

	return ends.lport && s && s->connected && !sockets_compare_ends(s, &ends) ? s : NULL;
}

const struct host_socket *local_sockets_find(const struct local_sockets *l,
					     const struct conntrack_tuple *orig,
					     const struct conntrack_tuple *reply)
{
	const struct host_socket *s = connected_socket(l, orig);

	if (!s)
		s = connected_socket(l, reply);
	if (!s && local_addresses_sends(l->addresses, &orig->src))
		s = waiting_socket(l, orig);
	/* a question to a broadcast or multicast address is answered from another one */
	if (!s && local_addresses_receives(l->addresses, &reply->src))
		s = waiting_socket(l, reply);
	return s;
}

void local_sockets_free(struct local_sockets *l)
{
	free(l->order);
	*l = (struct local_sockets){ .order = NULL };
}
