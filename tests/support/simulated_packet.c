// SPDX-License-Identifier: GPL-2.0-only
#include "support/simulated_packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "packet/proto.h"

/* How a chain was left. */
enum verdict { ENDED, RETURNED, ACCEPTED };

bool simulated_iface_is(const char *asked, const char *name)
{
	size_t n = strlen(asked);

	return asked[n - 1] == '+' ? !strncmp(asked, name, n - 1) : !strcmp(asked, name);
}

static bool connection_matches(const struct chain_rule *r, const struct simulated_packet *p)
{
	if (r->states && !(r->states & p->state))
		return false;
	if (r->reply && (!p->conn || !p->reply))
		return false;
	if (r->expected_by &&
	    (!p->conn || !p->conn->expected_by || strcmp(p->conn->expected_by, r->expected_by)))
		return false;
	return !r->conn_labeled || (p->conn && p->conn->label);
}

static bool rule_matches(const struct chain_rule *r, const struct simulated_packet *p)
{
	uint16_t port = r->by_source ? p->sport : p->dport;

	if (r->proto && r->proto != p->proto)
		return false;
	/* iptables or the kernel refuses to load this */
	assert_true(!r->flags || r->action == CHAIN_LABEL || r->action == CHAIN_RESTORE);
	assert_true(!(r->has_port && !proto_has_ports(r->proto)) &&
		    !(r->not_syn && r->proto != IPPROTO_TCP));
	if ((r->has_port && (port < r->port.lo || port > r->port.hi)) || (r->not_syn && p->syn))
		return false;
	if ((r->src && net_contains(r->src, &p->src) == r->src_not) ||
	    (r->dst && net_contains(r->dst, &p->dst) == r->dst_not))
		return false;
	if ((r->in && simulated_iface_is(r->in, p->in) == r->in_not) ||
	    (r->out && simulated_iface_is(r->out, p->out) == r->out_not))
		return false;
	return (!r->to_us || p->local) && (!r->labeled || p->label) && connection_matches(r, p);
}

static void save_to_connection(struct simulated_packet *p, const char *label)
{
	if (p->conn && label && !p->conn->label)
		p->conn->label = label;
}

static enum verdict restore_from_connection(const struct chain_rule *r, struct simulated_packet *p)
{
	const char *label = p->conn ? p->conn->label : NULL;

	if (!label)
		return ENDED;
	if (!p->label || r->flags & CHAIN_F_OVERWRITE)
		p->label = label;
	return r->flags & CHAIN_F_ACCEPT && !strcmp(p->label, label) ? ACCEPTED : ENDED;
}

/* net/netfilter/xt_SECMARK.c, xt_CONNSECMARK.c, extensions/xt_secmark2.c */
static enum verdict apply_chain_rule(const struct chain_rule *r, struct simulated_packet *p)
{
	switch (r->action) {
	case CHAIN_LABEL:
		p->label = r->context;
		if (r->flags & CHAIN_F_SAVE)
			save_to_connection(p, r->context);
		return r->flags & CHAIN_F_ACCEPT ? ACCEPTED : ENDED;
	case CHAIN_SAVE:
		save_to_connection(p, p->label);
		return ENDED;
	case CHAIN_RESTORE:
		return restore_from_connection(r, p);
	case CHAIN_ACCEPT:
		return ACCEPTED;
	case CHAIN_RETURN:
		return RETURNED;
	default:
		fail();
		return ENDED;
	}
}

static enum verdict walk_chain(const struct chain_set *set, const struct chain *c,
			       struct simulated_packet *p, unsigned int depth)
{
	const struct chain_rule *r;
	enum verdict v;

	/* a loop */
	assert_true(depth < 100);
	for (r = c->rules; r < c->rules + c->n; r++) {
		if (!rule_matches(r, p))
			continue;
		if (r->action == CHAIN_GOTO)
			return walk_chain(set, &set->v[r->target], p, depth + 1);
		if (r->action == CHAIN_JUMP)
			v = walk_chain(set, &set->v[r->target], p, depth + 1);
		else
			v = apply_chain_rule(r, p);
		if (v == ACCEPTED || (v == RETURNED && r->action == CHAIN_RETURN))
			return v;
	}
	return ENDED;
}

const char *simulated_packet_through(const struct chain_set *set, const char *hook,
				     struct simulated_packet *p)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (set->v[i].hook && !strcmp(set->v[i].hook, hook))
			walk_chain(set, &set->v[i], p, 0);
	return p->label ? p->label : SIMULATED_UNLABELED;
}
