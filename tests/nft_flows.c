// SPDX-License-Identifier: GPL-2.0-only
/*
 * nft-flows FOLDER PLANS FLOWS: random plans and flows, for kernel-tests/nft-flows. Writes FOLDER/N.plan.nft, what nft
 * would get, and FOLDER/N.flows, a line for each flow: "ID DIRECTION IN OUT PROTOCOL SOURCE DESTINATION SPORT DPORT
 * STRAY LABEL". STRAY: no, ack (TCP without a SYN), untracked.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"
#include "dispatch.h"
#include "err.h"
#include "flow.h"
#include "lookup.h"
#include "nftables.h"
#include "plan.h"
#include "random_plan.h"

static void die(const char *what)
{
	fprintf(stderr, "nft-flows: %s\n", what);
	exit(1);
}

static FILE *create(const char *folder, unsigned int n, const char *ending)
{
	char path[512];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%u.%s", folder, n, ending);
	out = fopen(path, "w");
	if (!out)
		die(path);
	return out;
}

static bool is_loopback(const struct net *address)
{
	static const uint8_t one[16] = { [15] = 1 };

	return address->family == AF_INET ? address->addr[0] == 127 : memcmp(address->addr, one, sizeof(one)) == 0;
}

/* Where the guest's router sends what is for an address: by its last byte. */
static const char *route(const struct net *dst)
{
	static const char *const ifaces[] = { "eth0", "eth1", "veth0", "wlan0" };

	return ifaces[dst->addr[net_bits(dst->family) / 8 - 1] % 4];
}

/* Makes a flow one that a kernel lets pass. Returns false if that cannot be. */
static bool make_real(struct flow *flow)
{
	if ((flow->proto == IPPROTO_ICMP) != (flow->src.family == AF_INET) &&
	    (flow->proto == IPPROTO_ICMP || flow->proto == IPPROTO_ICMPV6))
		return flow->proto == IPPROTO_ICMPV6 && flow->src.family == AF_INET6;
	if (flow->proto == IPPROTO_ICMPV6 && flow->src.family == AF_INET)
		return false;
	if (is_loopback(&flow->src) || is_loopback(&flow->dst))
		return flow->dir != FLOW_FORWARD && strcmp(flow->dir == FLOW_IN ? flow->in : flow->out, "lo") == 0;
	if (flow->dir == FLOW_FORWARD) {
		strcpy(flow->out, route(&flow->dst));
		return strcmp(flow->in, "lo") != 0 && strcmp(flow->in, flow->out) != 0;
	}
	return true;
}

static const char *stray_word(unsigned int *seed, const struct flow *flow)
{
	if (!flow->stray)
		return "no";
	return flow->proto == IPPROTO_TCP && random_below(seed, 2) ? "ack" : "untracked";
}

static void put_flow(unsigned int *seed, unsigned int id, const struct flow *flow, const char *label, FILE *out)
{
	static const char *const dirs[] = { [FLOW_IN] = "in", [FLOW_OUT] = "out", [FLOW_FORWARD] = "forward" };
	char src[NET_STRLEN], dst[NET_STRLEN];

	fprintf(out, "%u %s %s %s %u %s %s %u %u %s %s\n", id, dirs[flow->dir], *flow->in ? flow->in : "-",
		*flow->out ? flow->out : "-", flow->proto, net_format(&flow->src, src), net_format(&flow->dst, dst),
		flow->sport, flow->dport, stray_word(seed, flow), label);
}

static void put_plan(const struct plan *plan, FILE *out)
{
	static const struct nftables_opts opts = { .unlabeled = "system_u:object_r:unlabeled_t:s0" };
	struct dispatch d;
	struct err err;
	char *text;

	if (compile(plan, &d, &err) || nftables_write(&d, &opts, &text, &err))
		die(err.what);
	fputs(text, out);
	free(text);
	dispatch_free(&d);
}

static void put_flows(unsigned int *seed, const struct plan *plan, unsigned int n, FILE *out)
{
	const struct plan_line *line;
	struct flow flow;
	unsigned int id = 0;

	while (id < n) {
		random_flow(seed, &flow);
		if (!make_real(&flow))
			continue;
		line = lookup(plan, &flow);
		put_flow(seed, ++id, &flow, line ? line->label.text : "none", out);
	}
}

int main(int argc, char **argv)
{
	unsigned int seed = random_seed(), i;
	struct plan plan;
	FILE *out;

	if (argc != 4)
		die("usage: nft-flows FOLDER PLANS FLOWS");
	for (i = 0; i < strtoul(argv[2], NULL, 10); i++) {
		random_plan(&seed, RANDOM_FORWARD | RANDOM_OUT_IFACE, &plan);
		out = create(argv[1], i, "plan.nft");
		put_plan(&plan, out);
		fclose(out);
		out = create(argv[1], i, "flows");
		put_flows(&seed, &plan, strtoul(argv[3], NULL, 10), out);
		fclose(out);
		plan_free(&plan);
	}
	return 0;
}
