// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/chain.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "packet/net.h"
#include "packet/proto.h"
#include "util/alloc.h"

unsigned int chain_new(struct chain_set *set, const char *fmt, ...)
{
	struct chain *chain;
	va_list ap;

	set->v = alloc_one_more(set->v, set->n, sizeof(*set->v));
	chain = &set->v[set->n];
	*chain = (struct chain){ 0 };
	va_start(ap, fmt);
	vsnprintf(chain->name, sizeof(chain->name), fmt, ap);
	va_end(ap);
	return set->n++;
}

void chain_add(struct chain_set *set, unsigned int chain, struct chain_rule rule)
{
	struct chain *c = &set->v[chain];

	c->rules = alloc_one_more(c->rules, c->n, sizeof(*c->rules));
	c->rules[c->n++] = rule;
	set->n_rules++;
}

static void chain_print_net(FILE *out, const char *option, const struct net *net, bool not )
{
	char text[NET_STRLEN];

	if (!net)
		return;
	fprintf(out, "%s %s %s", not ? " !" : "", option, net_format(net, text));
	if (net->len == net_bits(net->family))
		fprintf(out, "/%u", net->len);
}

static void chain_print_iface(FILE *out, const char *option, const char *name, bool not )
{
	if (name)
		fprintf(out, "%s %s %s", not ? " !" : "", option, name);
}

bool chain_is_ours(const char *name)
{
	return !strncmp(name, "SECMARK2-", strlen("SECMARK2-"));
}

void chain_print_proto(uint8_t proto, FILE *out)
{
	if (proto == IPPROTO_ICMPV6)
		fputs(" -p ipv6-icmp", out);
	else if (proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_SCTP ||
		 proto == IPPROTO_UDPLITE || proto == IPPROTO_ICMP)
		fprintf(out, " -p %s", proto_name(proto));
	else
		fprintf(out, " -p %u", proto);
}

static void print_port(const struct chain_rule *rule, FILE *out)
{
	char end = rule->by_source ? 's' : 'd';

	/* the others have their own matches, and newer kernels lack some of them; multiport knows
	 * all protocols */
	if (rule->proto == IPPROTO_TCP || rule->proto == IPPROTO_UDP)
		fprintf(out, " -m %s --%cport %u", proto_name(rule->proto), end, rule->port.lo);
	else
		fprintf(out, " -m multiport --%cports %u", end, rule->port.lo);
	if (rule->port.lo != rule->port.hi)
		fprintf(out, ":%u", rule->port.hi);
}

static void print_states(const struct chain_rule *rule, FILE *out)
{
	/* in libxt_conntrack's order */
	static const struct {
		enum chain_state state;
		const char *name;
	} names[] = {
		{ CHAIN_INVALID, "INVALID" },     { CHAIN_NEW, "NEW" },
		{ CHAIN_RELATED, "RELATED" },     { CHAIN_ESTABLISHED, "ESTABLISHED" },
		{ CHAIN_UNTRACKED, "UNTRACKED" },
	};
	const char *before = " --ctstate ";
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(rule->states & names[i].state))
			continue;
		fprintf(out, "%s%s", before, names[i].name);
		before = ",";
	}
}

static void print_matches(const struct chain_set *set, const struct chain_rule *rule, FILE *out)
{
	chain_print_net(out, "-s", rule->src, rule->src_not);
	chain_print_net(out, "-d", rule->dst, rule->dst_not);
	chain_print_iface(out, "-i", rule->in, rule->in_not);
	chain_print_iface(out, "-o", rule->out, rule->out_not);
	if (rule->proto)
		chain_print_proto(rule->proto, out);
	if (rule->has_port)
		print_port(rule, out);
	if (rule->not_syn)
		fputs(" -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN", out);
	if (rule->states || rule->reply || rule->expected_by)
		fputs(" -m conntrack", out);
	print_states(rule, out);
	if (rule->expected_by)
		fputs(" --ctstatus EXPECTED", out);
	if (rule->reply)
		fputs(" --ctdir REPLY", out);
	if (rule->expected_by)
		fprintf(out, " -m helper --helper %s", rule->expected_by);
	/* for IPv4 one of several types has to fit, for IPv6 all of them
	 * (net/netfilter/xt_addrtype.c) */
	if (rule->to_us)
		fprintf(out, " -m addrtype --dst-type LOCAL%s",
			set->family == AF_INET ? ",BROADCAST,MULTICAST" : "");
	if (rule->labeled)
		fputs(" -m secmark2 --labeled", out);
	if (rule->conn_labeled)
		fputs(" -m secmark2 --conn --labeled", out);
}

static void print_action(const struct chain_set *set, const struct chain_rule *rule, FILE *out)
{
	const char *two = rule->flags & CHAIN_F_MODULE ? "2" : "";

	switch (rule->action) {
	case CHAIN_JUMP:
		fprintf(out, " -j %s", set->v[rule->target].name);
		break;
	case CHAIN_GOTO:
		fprintf(out, " -g %s", set->v[rule->target].name);
		break;
	case CHAIN_ACCEPT:
		fputs(" -j ACCEPT", out);
		break;
	case CHAIN_RETURN:
		fputs(" -j RETURN", out);
		break;
	case CHAIN_LABEL:
		fprintf(out, " -j SECMARK%s --selctx %s", two, rule->context);
		break;
	case CHAIN_SAVE:
		fputs(" -j CONNSECMARK --save", out);
		break;
	case CHAIN_RESTORE:
		fprintf(out, " -j CONNSECMARK%s --restore", two);
		break;
	}
	if (rule->flags & CHAIN_F_SAVE)
		fputs(" --save", out);
	if (rule->flags & CHAIN_F_OVERWRITE)
		fputs(" --overwrite", out);
	if (rule->flags & CHAIN_F_ACCEPT)
		fputs(" --accept", out);
}

void chain_print_rule(const struct chain_set *set, const struct chain *chain,
		      const struct chain_rule *rule, FILE *out)
{
	fprintf(out, "-A %s", chain->name);
	print_matches(set, rule, out);
	print_action(set, rule, out);
}

void chain_print(const struct chain_set *set, FILE *out)
{
	size_t i, j;

	for (i = 0; i < set->n; i++)
		fprintf(out, ":%s - [0:0]\n", set->v[i].name);
	for (i = 0; i < set->n; i++) {
		for (j = 0; j < set->v[i].n; j++) {
			chain_print_rule(set, &set->v[i], &set->v[i].rules[j], out);
			fputc('\n', out);
		}
	}
}

/* A chain on the way, and the rule to look at next. */
struct step {
	size_t chain, rule;
};

/* The next chain that a step leads to, if its depth is not known; else the number of chains. */
static size_t next_unknown(const struct chain_set *set, const unsigned int *known, struct step *at)
{
	const struct chain *c = &set->v[at->chain];

	for (; at->rule < c->n; at->rule++) {
		const struct chain_rule *rule = &c->rules[at->rule];

		if ((rule->action == CHAIN_JUMP || rule->action == CHAIN_GOTO) &&
		    !known[rule->target])
			return rule->target;
	}
	return set->n;
}

static unsigned int depth_of_known(const struct chain *c, const unsigned int *known)
{
	unsigned int most = 0;
	size_t i;

	for (i = 0; i < c->n; i++)
		if ((c->rules[i].action == CHAIN_JUMP || c->rules[i].action == CHAIN_GOTO) &&
		    known[c->rules[i].target] > most)
			most = known[c->rules[i].target];
	return most + 1;
}

/* A path may have a hundred thousand chains, too many for the stack. There are no loops: the kernel
 * refuses them. */
static void find_depths(const struct chain_set *set, unsigned int *known, size_t chain)
{
	struct step *path = NULL;
	size_t n = 0, next = chain;

	if (known[chain])
		return;
	do {
		if (next < set->n) {
			path = alloc_one_more(path, n, sizeof(*path));
			path[n++] = (struct step){ next, 0 };
		} else {
			n--;
			known[path[n].chain] = depth_of_known(&set->v[path[n].chain], known);
		}
		next = n ? next_unknown(set, known, &path[n - 1]) : set->n;
	} while (n);
	free(path);
}

unsigned int chain_depth(const struct chain_set *set)
{
	unsigned int *known = alloc_zeroed(set->n + 1, sizeof(*known)), most = 0;
	size_t i;

	for (i = 0; i < set->n; i++) {
		if (!set->v[i].hook)
			continue;
		find_depths(set, known, i);
		most = known[i] > most ? known[i] : most;
	}
	free(known);
	return most;
}

void chain_free(struct chain_set *set)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		free(set->v[i].rules);
	free(set->v);
	set->v = NULL;
	set->n = set->n_rules = 0;
}
