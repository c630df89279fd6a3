// SPDX-License-Identifier: GPL-2.0-only
/*
 * A packet that belongs to a flow gets the label that the flow has; one that starts a flow gets the
 * label of the line that it fits, which the flow keeps; one without a flow is looked up by itself.
 * Assignments overwrite whatever label a packet has brought along from another network namespace.
 *
 * Over loopback a packet comes through OUTPUT and INPUT with one and the same conntrack entry,
 * which has the client's label. The server's is looked up for each packet: in INPUT for the
 * client's, by destination port; in OUTPUT for the server's own, by source port.
 */
#include "nft/ruleset.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "compile/dispatch.h"
#include "nft/port_maps.h"
#include "nft/table.h"
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
	ASK_PREROUTING,
	ASK_ROUTED,
	ASKS,
};

static const struct nft_ask asks[ASKS] = {
	[ASK_INPUT] = { "input", SIDE_SERVER, { 0 }, true },
	/* by the remote end, when the local one is no server's */
	[ASK_STRAY_INPUT] = { "stray_input", SIDE_CLIENT, { .reversed = true }, true },
	[ASK_OUTPUT] = { "output", SIDE_CLIENT, { 0 }, true },
	/* by the local end first */
	[ASK_STRAY_OUTPUT] = { "stray_output", SIDE_SERVER, { .reversed = true }, true },
	/* the connection's label is the client's */
	[ASK_LO_INPUT] = { "lo_input", SIDE_SERVER, { 0 }, false },
	[ASK_LO_STRAY] = { "lo_stray", SIDE_CLIENT, { .reversed = true }, false },
	[ASK_LO_OUTPUT] = { "lo_output", SIDE_SERVER, { .reversed = true }, false },
	[ASK_PREROUTING] = { "prerouting", SIDE_FORWARD, { .route = true }, true },
	[ASK_ROUTED] = { "routed", SIDE_FORWARD, { 0 }, true },
};

struct table {
	struct nft_rules r;
	const struct plan *plan;
	const struct nftables_opts *opts;
	bool unlabeled_used;
	bool asked[ASKS];
};

static bool side_is_empty(const struct table *t, enum side side)
{
	return both_is_empty(&t->r.side[side]);
}

static void rule(struct table *t, const char *text)
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
 * No label for a packet that may have one. nft writes no number to it, but what it reads off a
 * connection: its label, which has to be left as it is over loopback; and its zone, which is 0 as a
 * rule.
 */
static void put_none(struct table *t, enum ask ask)
{
	if (asks[ask].save)
		rule(t, "ct zone 0 meta secmark set ct zone ct secmark set meta secmark accept");
	else
		rule(t, "ct zone 0 meta secmark set ct zone accept");
	if (!t->opts->unlabeled)
		return;
	rule(t, "meta secmark set \"unlabeled\" accept");
	t->unlabeled_used = true;
}

/* What is left when all lines have been asked, but for others. */
static void put_default(struct table *t, enum ask ask, enum side side)
{
	const struct plan_line *line = t->r.side[side].dflt;

	if (!line) {
		put_none(t, ask);
		return;
	}
	fputs("\t\t", t->r.chains);
	nft_ask_label(&t->r, &asks[ask], dispatch_label(t->r.d, line));
}

/* Packets of which nobody knows whether they go to the server or come from it: no connection, or
 * TCP without a SYN. */
static void jump_stray(struct table *t, enum ask ask)
{
	if (side_is_empty(t, asks[ask].side))
		return;
	t->asked[ask] = true;
	fprintf(t->r.chains, "\t\tct state != new jump %s\n", asks[ask].name);
	fprintf(t->r.chains, "\t\ttcp flags & syn == 0 jump %s\n", asks[ask].name);
}

static void stray_chain(struct table *t, enum ask ask)
{
	if (!t->asked[ask])
		return;
	chain_start(t, asks[ask].name);
	ask_ports(t, ask);
	ask_rest(t, ask);
	chain_end(t);
}

static void input_hook(struct table *t)
{
	hook_start(t, "input");
	if (t->plan->loopback)
		rule(t, "iif \"lo\" goto lo_input");
	rule(t, "ct state != new meta secmark set ct secmark accept");
	ask_ports(t, ASK_INPUT);
	if (!ask_rest(t, ASK_INPUT)) {
		jump_stray(t, ASK_STRAY_INPUT);
		put_default(t, ASK_INPUT, SIDE_SERVER);
	}
	chain_end(t);
	stray_chain(t, ASK_STRAY_INPUT);
}

static void output_hook(struct table *t)
{
	hook_start(t, "output");
	if (t->plan->loopback)
		rule(t, "oif \"lo\" ct direction reply goto lo_output");
	rule(t, "ct state != new meta secmark set ct secmark accept");
	jump_stray(t, ASK_STRAY_OUTPUT);
	ask_ports(t, ASK_OUTPUT);
	if (!ask_rest(t, ASK_OUTPUT))
		put_default(t, ASK_OUTPUT, SIDE_CLIENT);
	chain_end(t);
	stray_chain(t, ASK_STRAY_OUTPUT);
}

/*
 * The data connection of passive FTP goes to any port: its server's end gets what the control
 * connection's gets. That of active FTP goes the other way, which cannot be told here: it is
 * treated like any flow.
 */
static void lo_ftp(struct table *t, enum ask ask)
{
	if (both_find(&t->r.side[SIDE_SERVER], IPPROTO_TCP, 21) != BOTH_NONE)
		fprintf(t->r.chains,
			"\t\tmeta l4proto 6 ct status expected ct helper \"ftp\" goto %s_ftp\n",
			asks[ask].name);
}

static void lo_ftp_chain(struct table *t, enum ask ask)
{
	unsigned int outcome = both_find(&t->r.side[SIDE_SERVER], IPPROTO_TCP, 21);

	if (outcome == BOTH_NONE)
		return;
	fprintf(t->r.chains, "\n\tchain %s_ftp {\n\t\t", asks[ask].name);
	nft_ask_outcome(&t->r, &asks[ask], outcome);
	if (t->r.side[SIDE_SERVER].outcomes[outcome].label < 0)
		put_default(t, ask, SIDE_SERVER);
	chain_end(t);
}

static void lo_input_chain(struct table *t)
{
	chain_start(t, "lo_input");
	rule(t, "ct direction reply meta secmark set ct secmark accept");
	ask_ports(t, ASK_LO_INPUT);
	lo_ftp(t, ASK_LO_INPUT);
	if (!ask_rest(t, ASK_LO_INPUT)) {
		if (!side_is_empty(t, SIDE_CLIENT)) {
			t->asked[ASK_LO_STRAY] = true;
			rule(t, "ct state invalid,untracked jump lo_stray");
			/* behind the protocol, which is what most packets fail at */
			rule(t, "tcp flags & syn == 0 ct state new jump lo_stray");
		}
		put_default(t, ASK_LO_INPUT, SIDE_SERVER);
	}
	chain_end(t);
	stray_chain(t, ASK_LO_STRAY);
	lo_ftp_chain(t, ASK_LO_INPUT);
}

static void lo_output_chain(struct table *t)
{
	chain_start(t, "lo_output");
	ask_ports(t, ASK_LO_OUTPUT);
	lo_ftp(t, ASK_LO_OUTPUT);
	if (!ask_rest(t, ASK_LO_OUTPUT))
		put_default(t, ASK_LO_OUTPUT, SIDE_SERVER);
	chain_end(t);
	lo_ftp_chain(t, ASK_LO_OUTPUT);
}

static void prerouting_hook(struct table *t)
{
	hook_start(t, "prerouting");
	rule(t, "ct state != new meta secmark set ct secmark accept");
	/* for us, if no port is forwarded: input labels it, and nobody else shall believe what it
	 * brought */
	rule(t, "fib daddr type { local, broadcast } ct zone 0 meta secmark set ct zone accept");
	rule(t, "fib daddr type { local, broadcast } accept");
	ask_ports(t, ASK_PREROUTING);
	if (!ask_rest(t, ASK_PREROUTING))
		put_default(t, ASK_PREROUTING, SIDE_FORWARD);
	chain_end(t);
}

static bool asks_for_out(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_lines; i++)
		if (plan->lines[i].side == SIDE_FORWARD && plan->lines[i].out.name[0])
			return true;
	return false;
}

/*
 * The kernel's first check of a packet that it forwards comes before it has a route: prerouting has
 * to guess it, from the destination alone. What really became of it, by rules or marks, counts from
 * here on. Not under DNAT: lines mean the packet as it came.
 */
static void forward_hook(struct table *t)
{
	hook_start(t, "forward");
	rule(t, "ct state established,related accept");
	rule(t, "ct status dnat accept");
	ask_ports(t, ASK_ROUTED);
	if (!ask_rest(t, ASK_ROUTED))
		put_default(t, ASK_ROUTED, SIDE_FORWARD);
	chain_end(t);
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
	if (plan_has_side(t->plan, SIDE_FORWARD))
		prerouting_hook(t);
	if (asks_for_out(t->plan))
		forward_hook(t);
	for (ask = 0; ask < ASKS; ask++)
		if (t->asked[ask])
			nft_ask_chains(&t->r, &asks[ask]);
}

/* Deleting what has just been added is no error, whether or not there was one before. */
static void put_table(const struct table *t, const char *maps, const char *chains, FILE *out)
{
	fputs("add table " NFT_TABLE "\ndelete table " NFT_TABLE "\ntable " NFT_TABLE " {\n", out);
	nft_labels_write(&t->r.labels, out);
	if (t->unlabeled_used)
		fprintf(out, "\tsecmark unlabeled { \"%s\" }\n", t->opts->unlabeled);
	fprintf(out, "%s%s}\n", maps, chains);
}

int nftables_write(const struct dispatch *d, const struct nftables_opts *opts, char **text,
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
	if (ret)
		return ret;
	nft_labels_start(&t.r.labels, d);
	t.r.maps = text_open(&maps, &sizes[0]);
	t.r.chains = text_open(&chains, &sizes[1]);
	for (side = 0; side < SIDES; side++) {
		both_compile(d, side, &t.r.side[side]);
		nft_ask_maps(&t.r, side);
	}
	put_chains(&t);
	text_close(t.r.maps);
	text_close(t.r.chains);
	out = text_open(text, &sizes[2]);
	put_table(&t, maps, chains, out);
	text_close(out);
	for (side = 0; side < SIDES; side++)
		both_free(&t.r.side[side]);
	nft_labels_free(&t.r.labels);
	free(maps);
	free(chains);
	return 0;
}
