// SPDX-License-Identifier: GPL-2.0-only
/* Where packets go that fit no line of a tree: to the tree of the other side, if they may go
 * against their flow, or to a default. */
#include "xtables/tree_miss.h"

#include <netinet/in.h>

#include "packet/ports.h"
#include "packet/tunnel.h"
#include "plan/plan.h"
#include "xtables/port_tree.h"

/*
 * The outer packet of a tunnel gets no label here. The packet inside has its own already, or will
 * come from the same interface, where the stock targets could not replace a label. */
static int outer_in(struct trees *t)
{
	int unlabeled = trees_unlabeled(t);
	size_t i;

	if (t->outer_in != NOT_YET)
		return t->outer_in;
	t->outer_in = unlabeled;
	if (unlabeled == NOWHERE || !t->opts->n_fast)
		return unlabeled;
	t->outer_in = chain_new(t->set, "SECMARK2-OUTER");
	for (i = 0; i < t->opts->n_fast; i++)
		trees_goto(t, t->outer_in, (struct chain_rule){ .in = t->opts->fast[i] }, NOWHERE);
	trees_end(t, t->outer_in, unlabeled);
	return t->outer_in;
}

static int default_leaf(struct trees *t, enum side side)
{
	const struct plan_line *line = trees_side(t, side)->dflt;

	return line ? trees_leaf(t, line) : trees_unlabeled(t);
}

static int default_in(struct trees *t, enum side side, bool outer)
{
	return outer ? outer_in(t) : default_leaf(t, side);
}

static struct chain_rule tree_tcp_port(bool by_source, struct port_range port)
{
	return (struct chain_rule){
		.proto = IPPROTO_TCP, .has_port = true, .by_source = by_source, .port = port
	};
}

struct chain_rule tree_client_port(const struct trees *t, bool by_source)
{
	return tree_tcp_port(by_source, t->d->plan->client_ports);
}

struct chain_rule tree_ftp_data_port(bool by_source)
{
	return tree_tcp_port(by_source, (struct port_range){ FTP_DATA_PORT, FTP_DATA_PORT });
}

/*
 * TCP that may go against the flow that its connection is. If only one of its ports is one that the
 * kernel gives to clients, that is the client's. Or nothing tells, as with FTP's data connections,
 * which servers open. Such a packet may continue after the rules. */
static void ask_which_end(struct trees *t, unsigned int chain, bool client_is_source, int if_it_is,
			  int otherwise)
{
	trees_goto(t, chain, tree_client_port(t, !client_is_source), otherwise);
	trees_goto(t, chain, tree_ftp_data_port(!client_is_source), otherwise);
	trees_goto(t, chain, tree_client_port(t, client_is_source), if_it_is);
}

static int tree_from(struct trees *t, const char *name, bool client, int if_it_is, int otherwise)
{
	unsigned int c;

	if (if_it_is == otherwise)
		return otherwise;
	c = chain_new(t->set, client ? "SECMARK2-%s-CLIENT" : "SECMARK2-%s-SERVER", name);
	ask_which_end(t, c, client, if_it_is, otherwise);
	trees_end(t, c, otherwise);
	return c;
}

int tree_from_client(struct trees *t, const char *name, int client, int otherwise)
{
	return tree_from(t, name, true, client, otherwise);
}

static int tree_from_server(struct trees *t, const char *name, int server, int otherwise)
{
	return tree_from(t, name, false, server, otherwise);
}

void tree_goto_expected(struct trees *t, unsigned int chain, int target)
{
	if (!t->opts->no_helper)
		trees_goto(t, chain,
			   (struct chain_rule){ .proto = IPPROTO_TCP, .expected_by = "ftp" },
			   target);
}

/*
 * Known packets from one port for clients to another. They may come from a server that sent the
 * first packet after the rules: a line of a client lists its port. Only the stock targets look up
 * such packets. Over lo and within a VRF all rules take them for requests. */
static void goto_from_listed(struct trees *t, unsigned int chain, enum tree tree, int dflt)
{
	const bool forward = tree_kinds[tree].side == SIDE_FORWARD;
	struct chain_rule from_client_port = tree_client_port(t, true);
	int listed = t->opts->module ?
			     dflt :
			     trees_tcp(t, forward ? TREE_BACK_LISTED : TREE_CLIENT_LISTED);
	unsigned int c;
	size_t i;

	if (listed == dflt)
		return;
	c = chain_new(t->set, "SECMARK2-%s-LISTED", tree_kinds[tree].name);
	from_client_port.states = CHAIN_KNOWN;
	trees_goto(t, chain, from_client_port, c);
	tree_goto_expected(t, c, dflt);
	if (!forward && t->d->plan->loopback) {
		trees_goto(t, c, (struct chain_rule){ .in = "lo" }, dflt);
		for (i = 0; i < t->opts->n_vrfs; i++)
			trees_goto(t, c, (struct chain_rule){ .in = t->opts->vrfs[i] }, dflt);
	}
	trees_goto(t, c, tree_client_port(t, false), listed);
	trees_end(t, c, dflt);
}

/*
 * No line fits a packet as it goes. It may go against its flow if it has no connection, or if its
 * connection is TCP that was not seen to start. Of a known connection it cannot be asked how it
 * started. Then only TCP that comes from a server by its ports goes @back.
 */
static void miss_as_it_goes(struct trees *t, enum tree tree, unsigned int c, int dflt,
			    enum tree back)
{
	const bool forward = tree_kinds[tree].side == SIDE_FORWARD;
	const bool known = !t->opts->module || (!forward && t->d->plan->loopback);
	int tcp = trees_tcp(t, back), stray = tree_from_client(t, tree_kinds[tree].name, dflt, tcp);

	trees_goto(t, c,
		   (struct chain_rule){
			   .proto = IPPROTO_TCP, .not_syn = true, .states = CHAIN_NEW },
		   stray);
	/* most packets that get here are new, so this is asked first */
	trees_goto(t, c, (struct chain_rule){ .states = CHAIN_NEW | (known ? 0 : CHAIN_KNOWN) },
		   dflt);
	/* from trees_reply_in() */
	if (known && !forward && !t->opts->module)
		trees_goto(t, c, (struct chain_rule){ .proto = IPPROTO_TCP, .reply = true }, stray);
	if (known) {
		goto_from_listed(t, c, tree, dflt);
		trees_goto(t, c, (struct chain_rule){ .proto = IPPROTO_TCP, .states = CHAIN_KNOWN },
			   tree_from_server(t, tree_kinds[tree].name, tcp, dflt));
		trees_goto(t, c, (struct chain_rule){ .states = CHAIN_KNOWN }, dflt);
	}
	trees_rules_but_tcp(t, back, c, stray);
}

static int miss_server_in(struct trees *t, bool outer)
{
	int dflt = default_in(t, SIDE_SERVER, outer);
	unsigned int c;

	if (!trees_side_has_lines(t, SIDE_CLIENT) && dflt == default_in(t, SIDE_CLIENT, outer))
		return dflt;
	c = chain_new(t->set, outer ? "SECMARK2-SI-OUTER" : "SECMARK2-SI-NONE");
	if (!outer) {
		miss_as_it_goes(t, TREE_SERVER_IN, c, dflt, TREE_CLIENT_IN);
		return c;
	}
	trees_goto(t, c, (struct chain_rule){ .states = CHAIN_NEW | CHAIN_KNOWN }, dflt);
	trees_end(t, c, trees_root(t, TREE_CLIENT_IN));
	return c;
}

static int miss_client_in(struct trees *t, bool outer)
{
	int client = default_in(t, SIDE_CLIENT, outer), server = default_in(t, SIDE_SERVER, outer);
	unsigned int c;

	if (client == server)
		return client;
	c = chain_new(t->set, "SECMARK2-CI-NONE");
	trees_goto(t, c, (struct chain_rule){ .reply = true }, client);
	if (!outer)
		ask_which_end(t, c, false, client, server);
	trees_end(t, c, server);
	return c;
}

/*
 * Without a default nothing is left to do: the packet has no label, or that of the packet inside a
 * tunnel. But over lo and within a VRF the packet and its connection get the label for "unlabeled".
 * Otherwise the connection would get the label of its other end in INPUT. */
static int no_label_out(struct trees *t, const char *name)
{
	struct chain_rule rule = { .out = "lo" };
	unsigned int c;
	size_t i;

	if (!t->d->plan->loopback || trees_unlabeled_saved(t) == NOWHERE)
		return NOWHERE;
	c = chain_new(t->set, "SECMARK2-%s", name);
	trees_goto(t, c, rule, trees_unlabeled_saved(t));
	/* not what goes elsewhere: without a connection yet, it is neither */
	for (i = 0; i < t->opts->n_vrfs; i++) {
		rule = (struct chain_rule){ .out = t->opts->vrfs[i], .states = CHAIN_NEW };
		trees_goto(t, c, rule, trees_unlabeled_saved(t));
		rule = (struct chain_rule){ .out = t->opts->vrfs[i], .reply = true };
		trees_goto(t, c, rule, trees_unlabeled(t));
	}
	return c;
}

/* Known packets come here over lo only, and against the direction of their connection. */
static void known_out(struct trees *t, unsigned int c, int tcp, int others)
{
	if (!t->d->plan->loopback)
		return;
	trees_goto(t, c, (struct chain_rule){ .proto = IPPROTO_TCP, .reply = true }, tcp);
	trees_goto(t, c, (struct chain_rule){ .reply = true }, others);
}

static int miss_server_out(struct trees *t, bool outer)
{
	int client, known, server;
	unsigned int c;

	if (outer && !t->d->plan->loopback)
		return trees_root(t, TREE_CLIENT_OUT);
	c = chain_new(t->set, outer ? "SECMARK2-SO-OUTER" : "SECMARK2-SO-NONE");
	if (outer) {
		trees_goto(t, c, (struct chain_rule){ .reply = true }, trees_unlabeled(t));
		trees_end(t, c, trees_root(t, TREE_CLIENT_OUT));
		return c;
	}
	client = trees_tcp(t, TREE_CLIENT_OUT);
	known = default_leaf(t, SIDE_SERVER);
	server = trees_side(t, SIDE_SERVER)->dflt ? known : no_label_out(t, "SO-UNLABELED");
	known_out(t, c, tree_from_client(t, "SO", client, known), known);
	ask_which_end(t, c, false, server, client);
	trees_rules(t, TREE_CLIENT_OUT, c);
	return c;
}

/* A packet that has a label here has passed OUTPUT before, as the packet inside a tunnel, or by a
 * VRF. The stock targets cannot tell. */
static int default_client_out(struct trees *t)
{
	int leaf = default_leaf(t, SIDE_CLIENT);
	unsigned int c;

	if (!t->opts->module || t->opts->n_vrfs)
		return leaf;
	c = chain_new(t->set, "SECMARK2-CO-NONE");
	trees_goto(t, c, (struct chain_rule){ .labeled = true }, NOWHERE);
	trees_end(t, c, leaf);
	return c;
}

static int miss_client_out(struct trees *t, bool outer)
{
	if (trees_side(t, SIDE_CLIENT)->dflt && !outer)
		return default_client_out(t);
	return no_label_out(t, outer ? "CO-OUTER" : "CO-NONE");
}

static int miss_active_in(struct trees *t, bool outer)
{
	(void)outer; /* TCP only */
	return default_leaf(t, SIDE_SERVER);
}

static int miss_server_listed(struct trees *t, bool outer)
{
	(void)outer; /* TCP only */
	return trees_tcp(t, TREE_CLIENT_IN);
}

static int miss_client_listed(struct trees *t, bool outer)
{
	(void)outer;
	return default_leaf(t, SIDE_SERVER);
}

static int miss_forward_back(struct trees *t, bool outer)
{
	(void)outer; /* not of a tunnel of this host */
	return default_leaf(t, SIDE_FORWARD);
}

/* No line fits the answer. From one port for clients to another, it may be a request: a line lists
 * the server's port. */
static int miss_reply_back(struct trees *t, bool outer)
{
	int dflt = miss_forward_back(t, outer);
	unsigned int c = chain_new(t->set, "SECMARK2-RB-NONE"),
		     clients = chain_new(t->set, "SECMARK2-RB-LISTED");

	tree_goto_expected(t, c, dflt);
	trees_goto(t, c, tree_client_port(t, true), clients);
	trees_end(t, c, dflt);
	trees_goto(t, clients, tree_client_port(t, false), trees_tcp(t, TREE_FORWARD_LISTED));
	trees_end(t, clients, dflt);
	return c;
}

static int miss_forward(struct trees *t, bool outer)
{
	int dflt = miss_forward_back(t, outer);
	unsigned int c;

	if (!trees_side_has_lines(t, SIDE_FORWARD))
		return dflt;
	c = chain_new(t->set, "SECMARK2-F-NONE");
	miss_as_it_goes(t, TREE_FORWARD, c, dflt, TREE_FORWARD_BACK);
	return c;
}

int tree_miss(struct trees *t, enum tree tree, bool outer)
{
	static int (*const make[TREES])(struct trees * t, bool outer) = {
		[TREE_SERVER_IN] = miss_server_in,
		[TREE_CLIENT_IN] = miss_client_in,
		[TREE_SERVER_OUT] = miss_server_out,
		[TREE_CLIENT_OUT] = miss_client_out,
		[TREE_ACTIVE_IN] = miss_active_in,
		[TREE_SERVER_LISTED] = miss_server_listed,
		[TREE_CLIENT_LISTED] = miss_client_listed,
		[TREE_FORWARD] = miss_forward,
		[TREE_FORWARD_BACK] = miss_forward_back,
		[TREE_ACTIVE_FORWARD] = miss_forward_back,
		[TREE_REPLY_BACK] = miss_reply_back,
		[TREE_FORWARD_LISTED] = miss_forward_back,
		[TREE_BACK_LISTED] = miss_forward_back,
	};
	int *miss = &t->tree[tree].miss[outer];

	if (*miss == NOT_YET)
		*miss = make[tree](t, outer);
	return *miss;
}

/* Do defaults make a difference to tunnels? */
static bool asks_for_tunnels(const struct trees *t, enum tree tree)
{
	if (tree_kinds[tree].side == SIDE_FORWARD || tree == TREE_ACTIVE_IN ||
	    tree_kinds[tree].listed)
		return false;
	if (tree_kinds[tree].view.leaves)
		return trees_side(t, tree_kinds[tree].side)->dflt;
	return t->opts->n_fast || trees_side(t, SIDE_SERVER)->dflt ||
	       trees_side(t, SIDE_CLIENT)->dflt;
}

int tree_miss_any(struct trees *t, enum tree tree)
{
	static const uint8_t no_tunnels[] = { IPPROTO_TCP, IPPROTO_UDP };
	int miss = tree_miss(t, tree, false), outer;
	const uint8_t *p;
	unsigned int c;
	size_t i;

	outer = asks_for_tunnels(t, tree) ? tree_miss(t, tree, true) : miss;
	if (outer == miss)
		return miss;
	if (t->tree[tree].miss_any != NOT_YET)
		return t->tree[tree].miss_any;
	c = chain_new(t->set, "SECMARK2-%s-ANY", tree_kinds[tree].name);
	for (i = 0; i < sizeof(no_tunnels); i++)
		trees_goto(t, c, (struct chain_rule){ .proto = no_tunnels[i] }, miss);
	for (p = tunnel_protos; *p; p++)
		/* in IPv6, x_tables looks behind this header; nf_tables does not */
		if (*p != IPPROTO_AH || t->set->family == AF_INET || t->opts->nft)
			trees_goto(t, c, (struct chain_rule){ .proto = *p }, outer);
	trees_end(t, c, miss);
	return t->tree[tree].miss_any = c;
}
