// SPDX-License-Identifier: GPL-2.0-only
#include "support/random_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "packet/flow.h"
#include "plan/plan.h"
#include "util/diag.h"

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *text;
	bool ports;
	int family; /* 4, 6; 0: both */
} protos[] = {
	{ "tcp", true, 0 },          { "tcp", true, 0 },      { "tcp", true, 0 },
	{ "udp", true, 0 },          { "udp", true, 0 },      { "sctp", true, 0 },
	{ "dccp", true, 0 },         { "udplite", true, 0 },  { "icmp", false, 4 },
	{ "icmpv6", false, 6 },      { "any", false, 0 },     { "tcp,udp", true, 0 },
	{ "udp,sctp,tcp", true, 0 }, { "esp", false, 0 },     { "gre", false, 0 },
	{ "proto-253", false, 0 },   { "igmp,ah", false, 4 }, { "icmpv6,icmp", false, 0 },
	{ "gre,tcp,esp", false, 0 },
};
/* lists that lines use as @NAME */
static const char lists[] = "net a 10.1.0.0/16,fd01::/16\nnet b @a,192.0.2.0/24,::1\n";
static const char *const nets4[] = { "10.0.0.0/8",   "10.1.0.0/16", "10.1.2.3",
				     "192.0.2.0/24", "0.0.0.0/0",   "127.0.0.1" };
static const char *const nets6[] = { "fd00::/8",      "fd01::/16", "fd01::3",
				     "2001:db8::/32", "::/0",      "::1" };
static const char *const ifaces[] = { "lo", "eth0", "eth1", "eth+", "veth0", "veth+" };
static const char *const addresses[][7] = {
	{ "10.1.2.3", "10.1.9.9", "10.200.0.1", "192.0.2.5", "198.51.100.7", "127.0.0.1",
	  "10.1.2.4" },
	{ "fd01::3", "fd01::9", "fd77::1", "2001:db8::5", "2002::7", "::1", "fd01::4" },
};

unsigned int random_seed(void)
{
	const char *given = getenv("SEED");
	unsigned int seed = given ? strtoul(given, NULL, 10) : (unsigned int)time(NULL);

	printf("# SEED=%u\n", seed);
	return seed;
}

unsigned int random_below(unsigned int *seed, unsigned int n)
{
	return rand_r(seed) % n;
}

static unsigned int random_port(unsigned int *seed)
{
	static const unsigned int some[] = { 0, 1, 21, 22, 80, 65534, 65535 };

	if (random_below(seed, 3) == 0)
		return some[random_below(seed, N_OF(some))];
	return 20 + random_below(seed, 40);
}

static void random_plan_put_ports(unsigned int *seed, FILE *out)
{
	unsigned int n = 1 + random_below(seed, 4), i, lo, hi;

	fputs(random_below(seed, 8) ? " " : " !", out);
	for (i = 0; i < n; i++) {
		lo = hi = random_port(seed);
		if (random_below(seed, 4) == 0)
			hi += random_below(seed, 12);
		fprintf(out, hi > lo && hi < 65536 ? "%s%u-%u" : "%s%u", i ? "," : "", lo, hi);
	}
}

static void put_nets(unsigned int *seed, FILE *out, const char *word, int family)
{
	unsigned int n = 1 + random_below(seed, 5), i;

	fprintf(out, " %s %s", word, random_below(seed, 3) ? "" : "!");
	for (i = 0; i < n; i++) {
		unsigned int six = family ? family == 6 : random_below(seed, 2);
		unsigned int which = random_below(seed, N_OF(nets4));

		/* networks of all addresses more rarely, or hardly any line has a condition */
		if (which == 4 && random_below(seed, 4))
			which = 0;
		fprintf(out, "%s%s", i ? "," : "",
			!random_below(seed, 6) ? (six ? "@a" : "@b") :
			six                    ? nets6[which] :
						 nets4[which]);
	}
}

static void put_iface(unsigned int *seed, FILE *out, const char *word)
{
	fprintf(out, " %s %s%s", word, random_below(seed, 4) ? "" : "!",
		ifaces[random_below(seed, N_OF(ifaces))]);
}

static void put_line(unsigned int *seed, unsigned int features, FILE *out)
{
	static const char *const sides[] = { "server", "client", "forward" };
	unsigned int side = random_below(seed, features & RANDOM_FORWARD ? 3 : 2);
	unsigned int proto = random_below(seed, N_OF(protos));
	/* both lists get networks of one family: lists without a common family are an error */
	int family = protos[proto].family;

	fprintf(out, "%s l%u_t %s", sides[side], random_below(seed, 6), protos[proto].text);
	if (protos[proto].ports && random_below(seed, 12))
		random_plan_put_ports(seed, out);
	if (random_below(seed, 4) == 0)
		put_nets(seed, out, "from", family);
	if (random_below(seed, 4) == 0)
		put_nets(seed, out, "to", family);
	if (random_below(seed, 5) == 0)
		put_iface(seed, out, side == 2 ? "in" : "on");
	if (side == 2 && features & RANDOM_OUT_IFACE && random_below(seed, 5) == 0)
		put_iface(seed, out, "out");
	fputc('\n', out);
}

void fill_contexts(struct plan *plan)
{
	char text[512];
	size_t i;

	for (i = 0; i < plan->n_lines; i++) {
		const struct plan_label *label = &plan->lines[i].label;

		if (strchr(label->text, ':'))
			snprintf(text, sizeof(text), "%s", label->text);
		else
			snprintf(text, sizeof(text), "system_u:object_r:%s:%s", label->text,
				 label->level ? label->level : "s0");
		plan->lines[i].label.context = strdup(text);
	}
}

static int random_plan_try(const char *text, size_t len, struct plan *plan)
{
	struct diag diag = { 0 };
	int ret = plan_parse("plan", text, len, plan, &diag);

	if (ret)
		plan_free(plan);
	else
		fill_contexts(plan);
	diag_free(&diag);
	return ret;
}

void plan_of(const char *text, size_t len, struct plan *plan)
{
	if (random_plan_try(text, len, plan))
		abort();
}

/* Some lines are errors by chance, and are left out. */
static void put_good_line(unsigned int *seed, unsigned int features, FILE *out)
{
	struct plan plan;
	char *text;
	size_t len;
	FILE *line;
	int ret;

	do {
		line = open_memstream(&text, &len);
		fputs(lists, line);
		put_line(seed, features, line);
		fclose(line);
		ret = random_plan_try(text, len, &plan);
		if (!ret) {
			plan_free(&plan);
			fputs(text + strlen(lists), out);
		}
		free(text);
	} while (ret);
}

void random_plan(unsigned int *seed, unsigned int features, struct plan *plan)
{
	unsigned int n = random_below(seed, 25);
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (random_below(seed, 4) == 0)
		fputs("loopback no\n", out);
	if (random_below(seed, 2))
		fputs("table mangle\n", out);
	fputs(lists, out);
	while (n--)
		put_good_line(seed, features, out);
	if (random_below(seed, 2))
		fprintf(out, "default server l%u_t\n", random_below(seed, 8));
	if (random_below(seed, 2))
		fprintf(out, "default client l%u_t\n", random_below(seed, 8));
	if (features & RANDOM_FORWARD && random_below(seed, 2))
		fprintf(out, "default forward l%u_t\n", random_below(seed, 8));
	fclose(out);
	plan_of(text, len, plan);
	/* half of the ports that random_port() makes */
	plan->client_ports = (struct port_range){ 40, 59 };
	free(text);
}

bool random_plan_names_ipsec(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_lines; i++)
		if (plan->lines[i].side != SIDE_FORWARD &&
		    (plan->lines[i].proto == IPPROTO_ESP || plan->lines[i].proto == IPPROTO_AH))
			return true;
	return false;
}

static void random_address(unsigned int *seed, unsigned int six, struct net *net)
{
	struct err err;

	if (net_parse(addresses[six][random_below(seed, 7)], net, &err))
		abort();
}

void random_flow(unsigned int *seed, struct flow *flow)
{
	static const char *const names[] = { "lo", "eth0", "eth1", "veth0", "wlan0" };
	static const uint8_t numbers[] = {
		IPPROTO_TCP,  IPPROTO_TCP,  IPPROTO_TCP,     IPPROTO_UDP,  IPPROTO_UDP,
		IPPROTO_SCTP, IPPROTO_DCCP, IPPROTO_UDPLITE, IPPROTO_ICMP, IPPROTO_ICMPV6,
		IPPROTO_GRE,  IPPROTO_ESP,  IPPROTO_IGMP,    IPPROTO_AH,   253,
	};
	unsigned int six = random_below(seed, 2);

	memset(flow, 0, sizeof(*flow));
	flow->dir = random_below(seed, 3);
	flow->proto = numbers[random_below(seed, N_OF(numbers))];
	/* IPv6 has no such protocol, but a header that rules skip */
	if (six && flow->proto == IPPROTO_AH)
		flow->proto = IPPROTO_ESP;
	random_address(seed, six, &flow->src);
	random_address(seed, six, &flow->dst);
	if (proto_has_ports(flow->proto)) {
		flow->sport = random_port(seed);
		flow->dport = random_port(seed);
	}
	if (flow->dir != FLOW_OUT)
		strcpy(flow->in, names[random_below(seed, N_OF(names))]);
	if (flow->dir != FLOW_IN)
		strcpy(flow->out, names[random_below(seed, N_OF(names))]);
	flow->stray = random_below(seed, 3) == 0;
}
