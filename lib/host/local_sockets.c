// SPDX-License-Identifier: GPL-2.0-only
#include "host/local_sockets.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "host/conntrack.h"
#include "host/sockets.h"
#include "util/alloc.h"

void local_sockets_init(struct local_sockets *l, const struct host_sockets *sockets)
{
	size_t i;

	*l = (struct local_sockets){ .sockets = sockets };
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

/* What waits has remote port 0, so it comes first among the sockets with a local port. */
static const struct host_socket *waiting_socket(const struct local_sockets *l,
						const struct conntrack_tuple *sent)
{
	const struct host_socket port = { .proto = sent->proto, .lport = sent->sport }, *s,
				 *best = NULL;
	size_t i;

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

const struct host_socket *local_sockets_find(const struct local_sockets *l,
					     const struct conntrack_tuple *sent)
{
	const struct host_socket ends = { .proto = sent->proto,
					  .local = sent->src,
					  .remote = sent->dst,
					  .lport = sent->sport,
					  .rport = sent->dport };
	const struct host_socket *s;
	size_t at;

	if (!ends.lport)
		return NULL;
	at = place_of_ends(l, &ends);
	s = at < l->n ? &l->sockets->v[l->order[at]] : NULL;
	if (s && s->connected && !sockets_compare_ends(s, &ends))
		return s;
	return sent->proto == IPPROTO_UDP || sent->proto == IPPROTO_UDPLITE ?
		       waiting_socket(l, sent) :
		       NULL;
}

void local_sockets_free(struct local_sockets *l)
{
	free(l->order);
	*l = (struct local_sockets){ .order = NULL };
}
