// SPDX-License-Identifier: GPL-2.0-only
#include "host/tracked_sockets.h"

#include <stdlib.h>
#include <string.h>

#include "host/conntrack.h"
#include "host/sockets.h"
#include "util/alloc.h"

void tracked_sockets_init(struct tracked_sockets *t, const struct host_sockets *sockets,
			  const char *unlabeled)
{
	size_t i;

	*t = (struct tracked_sockets){ .sockets = sockets, .unlabeled = unlabeled };
	t->v = alloc_zeroed(sockets->n + 1, sizeof(*t->v));
	t->order = alloc_zeroed(sockets->n + 1, sizeof(*t->order));
	for (i = 0; i < sockets->n; i++)
		if (sockets->v[i].connected && !sockets->v[i].raw && !sockets->v[i].place)
			t->order[t->n_order++] = i;
	sockets_sort_by_ends(sockets, t->order, t->n_order);
}

static void restart_tracking(void *arg)
{
	struct tracked_sockets *t = arg;
	size_t i;

	for (i = 0; i < t->sockets->n; i++) {
		free(t->v[i].label);
		t->v[i] = (struct tracked_socket){ .label = NULL };
	}
}

/* Finds the sockets with these ends: several can have them, connected UDP sockets. */
static void mark_sockets(struct tracked_sockets *t, const struct host_socket *ends,
			 const char *label, bool answers)
{
	const struct host_socket *v = t->sockets->v;
	size_t at = sockets_place_of_ends(t->sockets, t->order, t->n_order, ends);
	struct tracked_socket *s;

	for (; at < t->n_order && !sockets_compare_ends(&v[t->order[at]], ends); at++) {
		s = &t->v[t->order[at]];
		free(s->label);
		*s = (struct tracked_socket){ true, answers, alloc_copy(label) };
	}
}

/* A program sees the addresses that its packets have before NAT when it sends them, and those that
 * they have after it when it receives them. */
void tracked_sockets_take(struct tracked_sockets *t, const struct conntrack_entry *e)
{
	const struct host_socket sender = { .proto = e->orig.proto,
					    .local = e->orig.src,
					    .remote = e->orig.dst,
					    .lport = e->orig.sport,
					    .rport = e->orig.dport };
	const struct host_socket answers = { .proto = e->reply.proto,
					     .local = e->reply.src,
					     .remote = e->reply.dst,
					     .lport = e->reply.sport,
					     .rport = e->reply.dport };
	const char *label = conntrack_labeled(e, t->unlabeled) ? e->secctx : NULL;

	mark_sockets(t, &sender, label, false);
	mark_sockets(t, &answers, label, true);
}

static void take_tracked(void *arg, const struct conntrack_entry *entry)
{
	tracked_sockets_take(arg, entry);
}

int tracked_sockets_read(struct tracked_sockets *t, struct err *err)
{
	const struct conntrack_reader reader = { restart_tracking, take_tracked, t };
	int ret = conntrack_read(&reader, err);

	if (ret)
		restart_tracking(t);
	return ret;
}

void tracked_sockets_free(struct tracked_sockets *t)
{
	if (t->v)
		restart_tracking(t);
	free(t->v);
	free(t->order);
	*t = (struct tracked_sockets){ .v = NULL };
}
