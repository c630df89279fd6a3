// SPDX-License-Identifier: GPL-2.0-only
/*
 * A packet of a known connection gets the connection's label. A packet that starts a connection
 * gets the label of the line that it fits, and the connection keeps that. A packet without a
 * connection is looked up by itself. Assignments overwrite the label that a packet may bring from
 * another network namespace.
 *
 * Over loopback a packet passes OUTPUT and INPUT with the same conntrack entry, which has the
 * client's label. The server's label is looked up for each packet: in INPUT by the destination port
 * of the client's packets, in OUTPUT by the source port of the server's packets. */
#include "nft/ruleset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "compile/dispatch.h"
#include "nft/line_chains.h"
#include "nft/port_maps.h"
#include "nft/table.h"
#include "packet/tunnel.h"
#include "plan/plan.h"
#include "util/buffer.h"

enum ask {
	ASK_INPUT,
	ASK_STRAY_INPUT,
	ASK_OUTPUT,
	ASK_STRAY_OUTPUT,
	ASK_LO_INPUT,
	ASK_LO_STRAY,
	ASK_LO_OUTPUT,
	ASK_LO_CLIENT,
	ASK_PREROUTING,
	ASK_TO_HOST,
	ASK_ROUTED,
	ASK_STRAY_FORWARD,
	ASKS,
};

static const struct nft_ask asks[ASKS] = {
	[ASK_INPUT] = { "input", SIDE_SERVER, { 0 }, true },
	/* by the remote port, if the local port is not a server's */
	[ASK_STRAY_INPUT] = { "stray_input", SIDE_CLIENT, { .reversed = true }, true },
	[ASK_OUTPUT] = { "output", SIDE_CLIENT, { 0 }, true },
	/* by the local port first */
	[ASK_STRAY_OUTPUT] = { "stray_output", SIDE_SERVER, { .reversed = true }, true },
	/* the connection's label is the client's */
	[ASK_LO_INPUT] = { "lo_input", SIDE_SERVER, { 0 }, false },
	[ASK_LO_STRAY] = { "lo_stray", SIDE_CLIENT, { .reversed = true }, false },
	[ASK_LO_OUTPUT] = { "lo_output", SIDE_SERVER, { .reversed = true }, false },
	/* from a client to a server that spoke first */
	[ASK_LO_CLIENT] = { "lo_client", SIDE_CLIENT, { 0 }, false },
	[ASK_PREROUTING] = { "prerouting", SIDE_FORWARD, { .route = true }, true },
	/* a packet to this host, which DNAT may still forward */
	[ASK_TO_HOST] = { "to_host", SIDE_FORWARD, { .unrouted = true }, true },
	[ASK_ROUTED] = { "routed", SIDE_FORWARD, { 0 }, true },
	[ASK_STRAY_FORWARD] = { "stray_forward",
				SIDE_FORWARD,
				{ .reversed = true, .any_iface = true },
				true },
};

struct table {
	struct nft_rules r;
	const struct plan *plan;
	const struct nft_ruleset_opts *opts;
	bool unlabeled_used;
	bool asked[ASKS];
	bool outer[ASKS]; /* tunnels have a chain of their own */
};

static void write_rule(struct table *t, const char *text)
{
	fprintf(t->r.chains, "\t\t%s\n", text);
}

static void chain_start(struct table *t, const char *name)
{
	fprintf(t->r.chains, "\n\tchain %s {\n", name);
}

static void chain_end(struct table *t)
{
	fputs("\t}\n", t->r.chains);
}

static void hook_start(struct table *t, const char *hook)
{
	chain_start(t, hook);
	fprintf(t->r.chains, "\t\ttype filter hook %s priority %s; policy accept;\n", hook,
		plan_is_in_mangle(t->plan) ? "mangle" : "security");
}

static void ask_ports(struct table *t, enum ask ask)
{
	t->asked[ask] = true;
	nft_ask_ports(&t->r, &asks[ask]);
}

static bool ask_rest(struct table *t, enum ask ask)
{
	return nft_ask_rest(&t->r, &asks[ask]);
}

/*
 * Takes away the label that a packet may have. nft cannot write a number to secmark, only what it
 * reads from a connection: the connection's label, which has to stay over loopback; or its zone,
 * which is normally 0. */
static void put_none(struct table *t, enum ask ask)
{
	if (asks[ask].save)
		write_rule(t,
			   "ct zone 0 meta secmark set ct zone ct secmark set meta secmark accept");
	else
		write_rule(t, "ct zone 0 meta secmark set ct zone accept");
	if (!t->opts->unlabeled)
		return;
	write_rule(t, asks[ask].save ?
			      "meta secmark set \"unlabeled\" ct secmark set meta secmark accept" :
			      "meta secmark set \"unlabeled\" accept");
	t->unlabeled_used = true;
}

/* The label for packets that fit no line other than the default. */
static void put_default_label(struct table *t, enum ask ask, enum side side)
{
	const struct plan_line *line = t->r.side[side].dflt;

	if (!line) {
		put_none(t, ask);
		return;
	}
	fputs("\t\t", t->r.chains);
	nft_ask_label(&t->r, &asks[ask], dispatch_label(t->r.d, line));
}

static void write_tunnels(struct table *t, const char *verdict)
{
	const uint8_t *p;

	fputs("\t\tmeta l4proto {", t->r.chains);
	for (p = tunnel_protos; *p; p++)
		fprintf(t->r.chains, "%s %u", p == tunnel_protos ? "" : ",", *p);
	fprintf(t->r.chains, " } %s\n", verdict);
}

/* The default of a protocol. Most packets are UDP or TCP, so these are not searched for among the
 * tunnels. */
static void put_default_of(struct table *t, enum ask ask, enum side side, uint8_t proto,
			   const char *condition)
{
	const struct plan_line *line = t->r.side[side].dflt;

	if (!line)
		return;
	fprintf(t->r.chains, "\t\tmeta l4proto %u %s", proto, condition);
	nft_ask_label(&t->r, &asks[ask], dispatch_label(t->r.d, line));
}

/* A packet that arrives, other than the outer packet of a tunnel. */
static void put_default_in(struct table *t, enum ask ask)
{
	char go[64];

	if (t->r.side[SIDE_SERVER].dflt) {
		put_default_of(t, ask, SIDE_SERVER, IPPROTO_TCP, "");
		snprintf(go, sizeof(go), "goto %s_outer", asks[ask].name);
		write_tunnels(t, go);
		t->outer[ask] = true;
	}
	put_default_label(t, ask, SIDE_SERVER);
}

static void outer_chain(struct table *t, enum ask ask)
{
	if (!t->outer[ask])
		return;
	fprintf(t->r.chains, "\n\tchain %s_outer {\n", asks[ask].name);
	put_none(t, ask);
	fputs("\t}\n", t->r.chains);
}

#define UNLABELED_YET "meta secmark & 0xffffffff == 0x0 "

/*
 * A packet that leaves, and no line fits. If it has a label already, it has passed this hook before
 * as the packet inside a tunnel, or by a VRF, where the label was a guess. Without a default there
 * is nothing to do: it has no label then, or that of the packet inside. */
static void put_default_out(struct table *t, enum ask ask, enum side side)
{
	bool vrfs = t->opts->n_vrfs;

	if (!t->r.side[side].dflt)
		return;
	put_default_of(t, ask, side, IPPROTO_UDP, vrfs ? "" : UNLABELED_YET);
	put_default_of(t, ask, side, IPPROTO_TCP, vrfs ? "" : UNLABELED_YET);
	if (!vrfs)
		write_rule(t, "meta secmark & 0xffffffff != 0x0 accept");
	write_tunnels(t, "accept");
	put_default_label(t, ask, side);
}

/* A packet of a connection without a label has no label, or that of the packet inside a tunnel. */
#define KNOWN_ACCEPT "ct state established,related accept"

static const char *default_context(const struct table *t, enum side side)
{
	const struct plan_line *line = t->r.side[side].dflt;

	return line ? t->r.d->labels[dispatch_label(t->r.d, line)] : "";
}

/* Does the other side make a difference to stray packets? In OUTPUT it comes first, and no client
 * line is tried if the ports tell that the server is here. */
static bool other_side_matters(const struct table *t, enum ask ask)
{
	return !inet_is_empty(&t->r.side[asks[ask].side]) ||
	       (ask == ASK_STRAY_OUTPUT && !inet_is_empty(&t->r.side[SIDE_CLIENT])) ||
	       (asks[ask].side != SIDE_FORWARD &&
		strcmp(default_context(t, SIDE_SERVER), default_context(t, SIDE_CLIENT)));
}

/* Looks up stray packets on the other side, too. They may go to a server or come from it: they have
 * no connection, or are TCP without a SYN. */
static void jump_stray(struct table *t, enum ask ask, const char *condition)
{
	if (!other_side_matters(t, ask))
		return;
	t->asked[ask] = true;
	fprintf(t->r.chains, "\t\t%s jump %s\n", condition, asks[ask].name);
}

/* TCP between two ports, one of which the kernel gives to clients: that end is the client's. But
 * FTP's servers open data connections. @client, @server: sport, dport */
static void when_ports_tell(struct table *t, const char *client, const char *server,
			    const char *verdict)
{
	const struct port_range *p = &t->plan->client_ports;
	char range[32];

	/* for nft, a range of one port is an error */
	snprintf(range, sizeof(range), p->lo < p->hi ? "%u-%u" : "%u", p->lo, p->hi);
	fprintf(t->r.chains, "\t\ttcp %s %s tcp %s != %s tcp %s != %d %s\n", client, range, server,
		range, server, FTP_DATA_PORT, verdict);
}

static void when_from_client(struct table *t, const char *verdict)
{
	when_ports_tell(t, "sport", "dport", verdict);
}

static void when_from_server(struct table *t, const char *verdict)
{
	when_ports_tell(t, "dport", "sport", verdict);
}

/* The default of TCP whose ports tell that it is of the other side than new packets here. */
static void other_default(struct table *t, enum ask ask)
{
	char go[64];

	snprintf(go, sizeof(go), "goto %s_default", asks[ask].name);
	when_from_server(t, go);
}

static void other_default_chain(struct table *t, enum ask ask)
{
	fprintf(t->r.chains, "\n\tchain %s_default {\n", asks[ask].name);
	put_default_label(t, ask, asks[ask].side);
	chain_end(t);
}

/* Packets that it does not label return to the default of new packets. */
static void stray_chain(struct table *t, enum ask ask)
{
	bool rest;

	if (!t->asked[ask])
		return;
	chain_start(t, asks[ask].name);
	/* here, because it is asked of no new packet that has a SYN */
	if (ask == ASK_STRAY_OUTPUT)
		write_rule(t, KNOWN_ACCEPT);
	else
		when_from_client(t, "return");
	ask_ports(t, ask);
	rest = ask_rest(t, ask) || ask == ASK_STRAY_FORWARD;
	if (!rest)
		other_default(t, ask);
	chain_end(t);
	if (!rest)
		other_default_chain(t, ask);
}

static void match_vrfs(struct table *t, const char *field)
{
	size_t i;

	fprintf(t->r.chains, "\t\t%s {", field);
	for (i = 0; i < t->opts->n_vrfs; i++)
		fprintf(t->r.chains, "%s \"%s\"", i ? "," : "", t->opts->vrfs[i]);
	fputs(" } ", t->r.chains);
}

static bool asks_for_vrfs(const struct table *t)
{
	return t->plan->loopback && t->opts->n_vrfs;
}

/* With forward lines, each new connection may have a label before INPUT. */
static bool asks_for_vrf_labels(const struct table *t)
{
	return asks_for_vrfs(t) && !plan_has_side(t->plan, SIDE_FORWARD);
}

/*
 * All packets of a VRF have it for iif. A packet within it has it for sdif as well, in IPv6 if the
 * address belongs to the VRF and not to one of its interfaces (ip6_rcv_core()). One that leaves
 * for elsewhere passes OUTPUT first with the VRF for oif, and then has no connection yet
 * (drivers/net/vrf.c). */
static void vrf_input(struct table *t)
{
	match_vrfs(t, "meta sdifname");
	fputs("goto lo_input\n", t->r.chains);
	if (!asks_for_vrf_labels(t))
		return;
	match_vrfs(t, "meta nfproto ipv6 meta iifname");
	fputs("jump vrf_input\n", t->r.chains);
}

/* A new connection that has a label already has got it in OUTPUT. What is known is looked up again.
 */
static void vrf_input_chain(struct table *t)
{
	chain_start(t, "vrf_input");
	write_rule(t, "ct state new ct secmark & 0xffffffff == 0x0 return");
	write_rule(t, "goto lo_input");
	chain_end(t);
}

static void input_hook(struct table *t)
{
	hook_start(t, "input");
	if (t->plan->loopback)
		write_rule(t, "iif \"lo\" goto lo_input");
	if (asks_for_vrfs(t))
		vrf_input(t);
	write_rule(t, "ct state != new meta secmark set ct secmark accept");
	ask_ports(t, ASK_INPUT);
	if (!ask_rest(t, ASK_INPUT)) {
		jump_stray(t, ASK_STRAY_INPUT, "ct state != new");
		put_default_of(t, ASK_INPUT, SIDE_SERVER, IPPROTO_UDP, "");
		jump_stray(t, ASK_STRAY_INPUT, "tcp flags & syn == 0");
		put_default_in(t, ASK_INPUT);
	}
	chain_end(t);
	outer_chain(t, ASK_INPUT);
	stray_chain(t, ASK_STRAY_INPUT);
}

static void output_hook(struct table *t)
{
	hook_start(t, "output");
	if (t->plan->loopback)
		write_rule(t, "oif \"lo\" ct direction reply goto lo_output");
	if (asks_for_vrfs(t))
		write_rule(t, "meta oifkind \"vrf\" ct direction reply goto lo_output");
	/* without a label of its connection, the outer packet of a tunnel keeps the one it has */
	write_rule(t, "ct secmark & 0xffffffff != 0x0 meta secmark set ct secmark accept");
	if (!other_side_matters(t, ASK_STRAY_OUTPUT))
		write_rule(t, KNOWN_ACCEPT);
	jump_stray(t, ASK_STRAY_OUTPUT, "ct state != new");
	jump_stray(t, ASK_STRAY_OUTPUT, "tcp flags & syn == 0");
	ask_ports(t, ASK_OUTPUT);
	if (!ask_rest(t, ASK_OUTPUT))
		put_default_out(t, ASK_OUTPUT, SIDE_CLIENT);
	chain_end(t);
	stray_chain(t, ASK_STRAY_OUTPUT);
}

/*
 * The data connection of passive FTP goes to any port: at the server it gets the label of the
 * control connection. In active FTP the server opens it. Rules cannot tell that here, and treat it
 * as any connection. */
static void lo_ftp(struct table *t, enum ask ask)
{
	if (inet_find(&t->r.side[SIDE_SERVER], IPPROTO_TCP, 21) != INET_NONE)
		fprintf(t->r.chains,
			"\t\tmeta l4proto 6 ct status expected ct helper \"ftp\" goto %s_ftp\n",
			asks[ask].name);
}

static void lo_ftp_chain(struct table *t, enum ask ask)
{
	unsigned int outcome = inet_find(&t->r.side[SIDE_SERVER], IPPROTO_TCP, 21);

	if (outcome == INET_NONE)
		return;
	fprintf(t->r.chains, "\n\tchain %s_ftp {\n\t\t", asks[ask].name);
	nft_ask_outcome(&t->r, &asks[ask], outcome);
	if (t->r.side[SIDE_SERVER].outcomes[outcome].label < 0)
		put_default_label(t, ask, SIDE_SERVER);
	chain_end(t);
}

static void lo_input_chain(struct table *t)
{
	chain_start(t, "lo_input");
	write_rule(t, "ct direction reply meta secmark set ct secmark accept");
	ask_ports(t, ASK_LO_INPUT);
	lo_ftp(t, ASK_LO_INPUT);
	if (!ask_rest(t, ASK_LO_INPUT)) {
		jump_stray(t, ASK_LO_STRAY, "ct state invalid,untracked");
		put_default_of(t, ASK_LO_INPUT, SIDE_SERVER, IPPROTO_UDP, "");
		/* after the protocol, because most packets have another one */
		jump_stray(t, ASK_LO_STRAY, "tcp flags & syn == 0 ct state new");
		/* nothing tells that its connection started in the middle, other than ports */
		if (t->asked[ASK_LO_STRAY])
			when_from_server(t, "ct state established,related jump lo_stray");
		put_default_in(t, ASK_LO_INPUT);
	}
	chain_end(t);
	outer_chain(t, ASK_LO_INPUT);
	stray_chain(t, ASK_LO_STRAY);
	lo_ftp_chain(t, ASK_LO_INPUT);
}

static void lo_client_chain(struct table *t)
{
	if (!t->asked[ASK_LO_CLIENT])
		return;
	chain_start(t, "lo_client");
	ask_ports(t, ASK_LO_CLIENT);
	if (!ask_rest(t, ASK_LO_CLIENT))
		put_default_out(t, ASK_LO_CLIENT, SIDE_CLIENT);
	chain_end(t);
}

static void lo_output_chain(struct table *t)
{
	chain_start(t, "lo_output");
	ask_ports(t, ASK_LO_OUTPUT);
	lo_ftp(t, ASK_LO_OUTPUT);
	if (!ask_rest(t, ASK_LO_OUTPUT)) {
		t->asked[ASK_LO_CLIENT] = other_side_matters(t, ASK_LO_CLIENT);
		if (t->asked[ASK_LO_CLIENT])
			when_from_client(t, "goto lo_client");
		put_default_out(t, ASK_LO_OUTPUT, SIDE_SERVER);
	}
	chain_end(t);
	lo_client_chain(t);
	lo_ftp_chain(t, ASK_LO_OUTPUT);
}

/* Looks up a forwarded packet, and ends the chain. */
static void end_forward(struct table *t, enum ask ask)
{
	ask_ports(t, ask);
	if (!ask_rest(t, ask)) {
		jump_stray(t, ASK_STRAY_FORWARD, "ct state != new");
		jump_stray(t, ASK_STRAY_FORWARD, "tcp flags & syn == 0");
		put_default_label(t, ask, SIDE_FORWARD);
	}
	chain_end(t);
}

/*
 * To this host, unless DNAT forwards it, which comes after this hook: so it is looked up as a
 * forwarded packet. If it stays here, INPUT gives it another label, and its connection, too. */
static void to_host_chain(struct table *t)
{
	/* without "out" the chains are the same */
	enum ask ask = plan_has_out(t->plan) ? ASK_TO_HOST : ASK_PREROUTING;

	chain_start(t, "to_host");
	write_rule(t, "iif \"lo\" ct zone 0 meta secmark set ct zone accept");
	write_rule(t, "iif \"lo\" accept");
	end_forward(t, ask);
}

static void prerouting_hook(struct table *t)
{
	hook_start(t, "prerouting");
	/* what comes from elsewhere has passed here before, by an interface of the VRF */
	if (t->opts->n_vrfs) {
		match_vrfs(t, "meta iifname");
		fputs("accept\n", t->r.chains);
	}
	write_rule(t, "ct state != new meta secmark set ct secmark accept");
	write_rule(t, "fib daddr type { local, broadcast } goto to_host");
	end_forward(t, ASK_PREROUTING);
	to_host_chain(t);
}

/*
 * The kernel's first check of a forwarded packet comes before routing, so prerouting has to guess
 * the route from the destination alone. From this hook on the real route counts, with its rules and
 * marks. Packets under DNAT are left out: lines mean the packet as it arrived. */
static void forward_hook(struct table *t)
{
	hook_start(t, "forward");
	write_rule(t, "ct state established,related accept");
	write_rule(t, "ct status dnat accept");
	end_forward(t, ASK_ROUTED);
}

static void put_chains(struct table *t)
{
	enum ask ask;

	if (!t->plan->n_lines)
		return;
	input_hook(t);
	output_hook(t);
	if (t->plan->loopback) {
		lo_input_chain(t);
		lo_output_chain(t);
	}
	if (asks_for_vrf_labels(t))
		vrf_input_chain(t);
	if (plan_has_side(t->plan, SIDE_FORWARD) && !t->opts->no_fib)
		prerouting_hook(t);
	if (plan_has_out(t->plan) && !t->opts->no_fib)
		forward_hook(t);
	stray_chain(t, ASK_STRAY_FORWARD);
	for (ask = 0; ask < ASKS; ask++)
		if (t->asked[ask])
			nft_ask_chains(&t->r, &asks[ask]);
}

/* The table is added before it is deleted, so that the deletion succeeds if there was none. */
static void put_table(const struct table *t, const char *maps, const char *chains, FILE *out)
{
	fputs("add table " NFT_TABLE "\ndelete table " NFT_TABLE "\ntable " NFT_TABLE " {\n", out);
	nft_secmarks_write(&t->r.labels, out);
	if (t->unlabeled_used)
		fprintf(out, "\tsecmark unlabeled { \"%s\" }\n", t->opts->unlabeled);
	fprintf(out, "%s%s}\n", maps, chains);
}

int nft_ruleset_write(const struct dispatch *d, const struct nft_ruleset_opts *opts, char **text,
		      struct err *err)
{
	struct table t = { .r.d = d, .plan = d->plan, .opts = opts };
	char *maps, *chains;
	size_t sizes[3];
	enum side side;
	FILE *out;
	int ret;

	*text = NULL;
	ret = nft_match_check(d->plan, err);
	if (!ret)
		ret = nft_line_chains_start(&t.r, opts->sets_max, err);
	if (ret) {
		nft_line_chains_free(&t.r);
		return ret;
	}
	nft_secmarks_start(&t.r.labels, d);
	t.r.maps = buffer_open(&maps, &sizes[0]);
	t.r.chains = buffer_open(&chains, &sizes[1]);
	for (side = 0; side < SIDES; side++) {
		inet_compile(d, side, &t.r.side[side]);
		nft_ask_maps(&t.r, side);
	}
	put_chains(&t);
	buffer_close(t.r.maps);
	buffer_close(t.r.chains);
	out = buffer_open(text, &sizes[2]);
	put_table(&t, maps, chains, out);
	buffer_close(out);
	for (side = 0; side < SIDES; side++)
		inet_free(&t.r.side[side]);
	nft_secmarks_free(&t.r.labels);
	nft_line_chains_free(&t.r);
	free(maps);
	free(chains);
	return 0;
}
