// SPDX-License-Identifier: GPL-2.0-only
/* The label that a plan gives to each packet of a flow. lookup() answers only with the first line
 * that fits the flow. */
#include "differential/flow_expect.h"

#include <netinet/in.h>
#include <string.h>

#include "differential/flow_tunnel.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "support/known_packet.h"

const char *const hook_names[HOOKS] = {
	[HOOK_PREROUTING] = "prerouting",
	[HOOK_INPUT] = "input",
	[HOOK_FORWARD] = "forward",
	[HOOK_OUTPUT] = "output",
};

static bool iface_is(const char *asked, const char *name)
{
	size_t n = strlen(asked);

	return asked[n - 1] == '+' ? !strncmp(asked, name, n - 1) : !strcmp(asked, name);
}

bool manner_is_fast(const struct manner *m, const char *iface)
{
	size_t i;

	for (i = 0; i < m->n_fast; i++)
		if (iface_is(m->fast[i], iface))
			return true;
	return false;
}

static const char *expect_looked_up(const struct plan *plan, struct flow flow, enum flow_dir dir,
				    bool stray)
{
	const struct plan_line *line;

	flow.dir = dir;
	flow.stray = stray;
	line = lookup(plan, &flow);
	return line ? line->label.context : NULL;
}

const char *expect_connection(const struct plan *plan, const struct trial *t)
{
	return expect_looked_up(plan, t->flow, t->flow.dir, t->flow.stray);
}

static const char *expect_known(const struct plan *plan, const struct trial *t,
				enum known_packet kind)
{
	const struct plan_line *line = known_packet_line(plan, &t->flow, kind);

	return line ? line->label.context : NULL;
}

static const char *expect_forwarded(const struct plan *plan, const struct trial *t,
				    const struct manner *m, enum turn turn)
{
	const char *iface = turn == TURN_REPLY ? t->flow.out : t->flow.in;

	if (turn == TURN_FIRST || m->overwrites || manner_is_fast(m, iface))
		return expect_connection(plan, t);
	return expect_known(plan, t, turn == TURN_REPLY ? KNOWN_REPLY_FORWARD : KNOWN_FORWARD);
}

/*
 * Over lo the connection has the label of the end that sent its first packet, and each packet gets
 * the label of its present end. Packets that the other end receives and sends are looked up.
 * Packets that this end sends and receives get the connection's label; the stock targets also look
 * up the ones that it receives.
 */
static const char *expect_over_lo(const struct plan *plan, const struct trial *t,
				  const struct manner *m, enum turn turn, enum hook hook)
{
	if (turn == TURN_FIRST)
		return expect_looked_up(plan, t->flow, hook == HOOK_INPUT ? FLOW_IN : FLOW_OUT,
					t->flow.stray);
	if (turn == TURN_REPLY && hook == HOOK_OUTPUT)
		return expect_known(plan, t, KNOWN_REPLY_LO);
	if (turn != TURN_REPLY && hook == HOOK_INPUT)
		return expect_known(plan, t, KNOWN_LO);
	if (turn == TURN_REPLY && !m->overwrites)
		return expect_known(plan, t, KNOWN_REPLY_IN);
	return expect_connection(plan, t);
}

/* The label that a packet out of IPsec has from its outer packet, and may keep; NULL for none. */
static const char *expect_kept(const struct plan *plan, const struct trial *t,
			       const struct manner *m, enum turn turn)
{
	if (m->keeps_outer && t->tunnel && !tunnel_has_device(t->tunnel) &&
	    manner_is_fast(m, t->flow.in))
		return expect_outer(plan, t, m, turn);
	return NULL;
}

static const char *expect_received(const struct plan *plan, const struct trial *t,
				   const struct manner *m, enum turn turn)
{
	const char *outer = expect_kept(plan, t, m, turn);

	if (turn != TURN_FIRST && outer)
		return outer;
	if (turn == TURN_FIRST || m->overwrites || manner_is_fast(m, t->flow.in))
		return expect_connection(plan, t);
	return expect_known(plan, t, t->flow.dir == FLOW_IN ? KNOWN_IN : KNOWN_REPLY_IN);
}

static bool comes_by(const struct trial *t, enum turn turn, enum hook hook)
{
	if (t->flow.dir == FLOW_FORWARD)
		return hook == HOOK_PREROUTING || hook == HOOK_FORWARD;
	if (hook == HOOK_INPUT)
		return trial_over_lo(t) || (t->flow.dir == FLOW_IN) == (turn != TURN_REPLY);
	return hook == HOOK_OUTPUT &&
	       (trial_over_lo(t) || (t->flow.dir == FLOW_OUT) == (turn != TURN_REPLY));
}

bool expect_packet(const struct plan *plan, const struct trial *t, const struct manner *m,
		   enum turn turn, enum hook hook, const char **context)
{
	if (!comes_by(t, turn, hook))
		return false;
	if (t->flow.dir == FLOW_FORWARD)
		*context = expect_forwarded(plan, t, m, turn);
	else if (trial_over_lo(t))
		*context = expect_over_lo(plan, t, m, turn, hook);
	else if (hook == HOOK_INPUT)
		*context = expect_received(plan, t, m, turn);
	else
		*context = expect_connection(plan, t);
	return true;
}

const char *expect_outer_connection(const struct plan *plan, const struct trial *t)
{
	return expect_looked_up(plan, t->outer, t->outer.dir, false);
}

/*
 * What leaves keeps the label of the packet inside if no line names the tunnel. A restore by the
 * stock targets does not replace that label either; they look up only packets of a new connection.
 */
const char *expect_outer(const struct plan *plan, const struct trial *t, const struct manner *m,
			 enum turn turn)
{
	const struct trial outer = { .flow = t->outer };
	enum hook hook = trial_comes(t, turn) ? HOOK_INPUT : HOOK_OUTPUT;
	const char *own, *inside;

	expect_packet(plan, &outer, m, t->outer_turn[turn], hook, &own);
	if (hook == HOOK_INPUT)
		return own;
	expect_packet(plan, t, m, turn, hook, &inside);
	if (!inside || (own && (m->overwrites || t->outer_turn[turn] == TURN_FIRST)))
		return own;
	return inside;
}

static bool fits_line(const struct plan *plan, struct flow flow, enum flow_dir dir)
{
	const struct plan_line *line;

	flow.dir = dir;
	flow.stray = false;
	line = lookup(plan, &flow);
	return line && !line->is_default;
}

bool expect_session(const struct plan *plan, const struct trial *t, const struct manner *m,
		    enum turn turn, enum hook hook, const char **context)
{
	bool from_client = port_range_has(&plan->client_ports, t->flow.sport);
	bool at_source = (turn != TURN_REPLY) == (hook == HOOK_OUTPUT);
	bool at_client = at_source == from_client;
	struct flow to_server = t->flow, to_client = flow_turned(&t->flow);

	if (!from_client) {
		to_server = to_client;
		to_client = t->flow;
	}
	if (t->flow.proto != IPPROTO_TCP || !t->flow.stray || t->untracked ||
	    from_client == port_range_has(&plan->client_ports, t->flow.dport) ||
	    to_server.dport == FTP_DATA_PORT)
		return false;
	if (hook == HOOK_INPUT && t->flow.dir != FLOW_FORWARD && expect_kept(plan, t, m, turn))
		return false;
	if (t->flow.dir != FLOW_FORWARD) {
		*context = expect_looked_up(plan, to_server, at_client ? FLOW_OUT : FLOW_IN, false);
		return !at_client || !fits_line(plan, to_client, FLOW_IN);
	}
	*context = expect_looked_up(plan, to_server, FLOW_FORWARD, false);
	to_server.any_iface = to_client.any_iface = true;
	return expect_looked_up(plan, to_server, FLOW_FORWARD, false) == *context &&
	       !fits_line(plan, to_client, FLOW_FORWARD);
}
