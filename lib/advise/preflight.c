// SPDX-License-Identifier: GPL-2.0-only
#include "advise/preflight.h"

#include <stdlib.h>
#include <string.h>

#include "advise/preflight_access.h"
#include "host/local_addresses.h"
#include "packet/flow.h"
#include "packet/proto.h"
#include "packet/tunnel.h"
#include "plan/flow_index.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "util/alloc.h"

/* A socket on its way to a judgement. */
struct judgement_of_socket {
	struct preflight *p;
	const struct plan *plan; /* with its index */
	const struct preflight_machine *m;
	struct preflight_cut cut; /* of the first label that it may not use */
	size_t labels, cuts;      /* it may meet so many; so many of them cut it */
	bool unknown;
};

/* Its packets can have this label. line: that gives it, or would, or NULL. */
static void meet_label(struct judgement_of_socket *j, const char *label, enum preflight_why why,
		       const struct plan_line *line)
{
	unsigned int lacks;

	j->labels++;
	if (preflight_lacks(j->p, j->cut.domain, label, why == PREFLIGHT_LINE ? line : NULL,
			    &lacks))
		j->unknown = true;
	if (!lacks || j->cuts++)
		return;
	j->cut.label = label;
	j->cut.why = why;
	j->cut.line = line;
	j->cut.lacks = lacks;
}

/* line: NULL: none labels it */
static void meet_line(struct judgement_of_socket *j, const struct plan_line *line)
{
	if (line)
		meet_label(j, preflight_context(j->p, line->label.context), PREFLIGHT_LINE, line);
	else
		meet_label(j, j->p->unlabeled, PREFLIGHT_NONE, NULL);
}

/* Meets each line that a new flow can fit, up to the first one that it certainly fits. */
static void meet_lines(struct judgement_of_socket *j, enum side side, const struct flow *flow)
{
	const struct plan_line *line = j->plan->lines, *end = line + j->plan->n_lines;

	for (; line < end; line++) {
		if (line->side != side || line->is_default || !lookup_line_fits(line, flow, true))
			continue;
		meet_line(j, line);
		if (lookup_line_fits(line, flow, false))
			return;
	}
	/* an outer packet keeps the label of the packet inside */
	if (!tunnel_has_proto(flow->proto))
		meet_line(j, flow_index_default(j->plan->flow_index, side));
}

static bool is_client_port(const struct judgement_of_socket *j, uint16_t port)
{
	return port_range_has(&j->plan->client_ports, port);
}

/* Whoever sends to it begins a flow. */
static void judge_listener(struct judgement_of_socket *j, const struct host_socket *s)
{
	struct flow flow = { .dir = FLOW_IN,
			     .proto = s->proto,
			     .src = { .family = s->local.family },
			     .dst = s->local,
			     .dport = s->lport };

	meet_lines(j, SIDE_SERVER, &flow);
	if (s->both) {
		flow.src = flow.dst = (struct net){ .family = AF_INET };
		meet_lines(j, SIDE_SERVER, &flow);
	}
	/* what waits for packets of a protocol mostly sends them, too */
	if (s->raw) {
		flow = flow_turned(&flow);
		flow.dir = FLOW_OUT;
		meet_lines(j, SIDE_CLIENT, &flow);
	}
}

/* Did the other end begin? If connection tracking does not know, the ports tell. */
static bool answers(const struct judgement_of_socket *j, const struct host_socket *s,
		    const struct tracked_socket *t)
{
	if (t->tracked)
		return t->answers;
	return !is_client_port(j, s->lport) && is_client_port(j, s->rport);
}

/* The next packet of a connection, as the rules see it. */
static struct flow flow_of(const struct judgement_of_socket *j, const struct host_socket *s,
			   const struct tracked_socket *t)
{
	struct flow flow = { .dir = FLOW_OUT,
			     .proto = s->proto,
			     .src = s->local,
			     .dst = s->remote,
			     .sport = s->lport,
			     .dport = s->rport };

	if (answers(j, s, t)) {
		flow = flow_turned(&flow);
		flow.dir = FLOW_IN;
	}
	flow.stray = s->proto == IPPROTO_TCP;
	flow.not_lo = !local_addresses_sends(j->m->local, &s->remote);
	if (!flow.not_lo)
		strcpy(flow.dir == FLOW_IN ? flow.in : flow.out, "lo");
	return flow;
}

static void judge_connection(struct judgement_of_socket *j, const struct host_socket *s)
{
	const struct tracked_socket *t = &j->m->tracked.v[s - j->m->sockets.v];
	const struct flow flow = flow_of(j, s, t);
	const struct plan_line *line = lookup_possible(j->plan, &flow);
	/* over loopback, the connection has the label of its client, and the packets of the server
	 * are labeled one by one */
	bool by_lines = !t->tracked || (t->answers && !flow.not_lo);

	if (!by_lines && t->label) {
		meet_label(j, preflight_context(j->p, t->label), PREFLIGHT_KEPT, NULL);
	} else if (!by_lines && !j->p->reset_flows && line) {
		j->p->older++;
		meet_label(j, j->p->unlabeled, PREFLIGHT_OLDER, line);
	} else {
		meet_line(j, line);
		if (lookup(j->plan, &flow) != line)
			meet_line(j, lookup(j->plan, &flow));
	}
}

/* Does nobody know to whom it will talk? */
static bool is_unaimed(const struct judgement_of_socket *j, const struct host_socket *s)
{
	if (s->connected)
		return false;
	return s->raw ? s->proto == IPPROTO_RAW :
			s->proto != IPPROTO_TCP && is_client_port(j, s->lport);
}

static void preflight_keep(struct judgement_of_socket *j)
{
	struct preflight *p = j->p;

	j->cut.partly = j->cuts < j->labels;
	p->v = alloc_one_more(p->v, p->n, sizeof(*p->v));
	p->v[p->n++] = j->cut;
}

/* Finds the label of a socket. Returns false if it is not known. */
static bool find_domain(struct judgement_of_socket *j, const struct socket_owner *owner, size_t n)
{
	const struct socket_owners *o = &j->m->owners;
	char *context = NULL;
	size_t i;

	for (i = 0; i < n && !context; i++) {
		j->cut.process = &o->processes[owner[i].process];
		context = socket_owners_label(o, &owner[i]);
	}
	j->cut.domain = context ? preflight_context(j->p, context) : NULL;
	free(context);
	return j->cut.domain;
}

static void preflight_packets(struct judgement_of_socket *j, const struct host_socket *s)
{
	if (s->place)
		meet_label(j, j->p->unlabeled, PREFLIGHT_OTHER, NULL);
	else if (s->connected)
		judge_connection(j, s);
	else
		judge_listener(j, s);
}

static void judge_one(struct judgement_of_socket *j, const struct host_socket *s)
{
	const struct socket_owner *owner;
	size_t n;

	j->cut.socket = s;
	j->cut.kind = preflight_kind_of(j->m, s, &owner, &n, &j->cut.own);
	if (j->p->only_logins && j->cut.kind != PREFLIGHT_LOGIN &&
	    (j->cut.kind != PREFLIGHT_LISTENER || !login_is_sshd(&j->m->owners, owner, n)))
		return;
	if (j->m->ruled[s->place]) {
		j->p->ruled++;
	} else if (!s->place && is_unaimed(j, s)) {
		j->p->unaimed++;
	} else if (!owner) {
		j->p->unowned++;
	} else if (!find_domain(j, owner, n)) {
		j->p->unknown++;
	} else {
		preflight_packets(j, s);
		j->p->unknown += j->unknown;
		j->p->judged += !j->unknown;
	}
	if (j->cuts)
		preflight_keep(j);
}

static int preflight_compare(const void *a, const void *b)
{
	return (a > b) - (a < b);
}

/* Behind the logins, what is alike is side by side. */
static int by_importance(const void *x, const void *y)
{
	const struct preflight_cut *a = x, *b = y;
	int order = a->own != b->own ? b->own - a->own : (int)a->kind - (int)b->kind;

	if (!order)
		order = preflight_compare(a->process, b->process);
	if (!order)
		order = preflight_compare(a->line, b->line);
	if (!order)
		order = preflight_compare(a->label, b->label);
	return order ? order : preflight_compare(a->socket, b->socket);
}

void preflight_judge(struct preflight *p, const struct preflight_machine *m)
{
	struct plan indexed = *p->plan;
	size_t i;

	indexed.flow_index = flow_index_new(p->plan);
	for (i = 0; i < m->sockets.n; i++) {
		struct judgement_of_socket j = { .p = p, .plan = &indexed, .m = m };

		judge_one(&j, &m->sockets.v[i]);
	}
	flow_index_free(indexed.flow_index);
	if (p->n)
		qsort(p->v, p->n, sizeof(*p->v), by_importance);
}

void preflight_free(struct preflight *p)
{
	preflight_access_free(p);
	free(p->v);
	p->v = NULL;
	p->n = 0;
}
