// SPDX-License-Identifier: GPL-2.0-only
#include "advise/explain_case.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/denial.h"
#include "packet/flow.h"
#include "packet/ports.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "selinux/context.h"
#include "selinux/oracle.h"
#include "util/buffer.h"

void explain_add(struct explain_case *c, enum explain_section section, const char *id,
		 const char *fmt, ...)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);
	va_list ap;

	va_start(ap, fmt);
	vfprintf(out, fmt, ap);
	va_end(ap);
	buffer_close(out);
	explanation_add(c->e, section, id, text);
}

bool explain_has_perm(const struct explain_case *c, const char *perm)
{
	size_t len = strlen(perm);
	const char *at = c->d->perms;

	while ((at = strstr(at, perm))) {
		if ((at == c->d->perms || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
		at += len;
	}
	return false;
}

/* The permissions by which way a packet goes; those with _ in front end so. */
static bool has_perm_of(const struct explain_case *c, const char *const *perms)
{
	size_t len = strlen(c->d->perms), n;

	for (; *perms; perms++) {
		n = strlen(*perms);
		if (explain_has_perm(c, *perms) ||
		    (**perms == '_' && n < len && !strcmp(c->d->perms + len - n, *perms)))
			return true;
	}
	return false;
}

static void find_direction(struct explain_case *c)
{
	static const char *const out[] = { "send", "sendto", "egress", "_send", "send_msg", NULL };
	static const char *const in[] = {
		"recv", "recvfrom", "ingress", "_recv", "recv_msg", NULL
	};

	c->forward = explain_has_perm(c, "forward_in") || explain_has_perm(c, "forward_out");
	c->out = !c->forward && has_perm_of(c, out);
	c->in = !c->forward && has_perm_of(c, in);
}

static bool is_loopback_address(const struct net *net)
{
	static const uint8_t v6[16] = { [15] = 1 };

	return net->family == AF_INET ? net->addr[0] == 127 :
					net->family == AF_INET6 && !memcmp(net->addr, v6, 16);
}

/* Packets between two addresses of this host go over lo, too. */
static bool is_over_loopback(const struct denial *d)
{
	return is_loopback_address(&d->src) || is_loopback_address(&d->dst) ||
	       (d->netif && !strcmp(d->netif, "lo")) ||
	       (d->src.family && !memcmp(&d->src, &d->dst, sizeof(d->src)));
}

/* Addresses of neighbor discovery (RFC 4861) and multicast listener discovery (RFC 3810). */
static bool is_icmpv6_address(const struct net *net)
{
	static const uint8_t all[15] = { 0xff, 2 };
	static const uint8_t solicited[13] = { 0xff, 2, [11] = 1, [12] = 0xff };

	if (net->family != AF_INET6)
		return false;
	return !memcmp(net->addr, solicited, sizeof(solicited)) ||
	       (!memcmp(net->addr, all, sizeof(all)) &&
		(net->addr[15] == 1 || net->addr[15] == 2 || net->addr[15] == 0x16));
}

static bool has_words(const char *type, const char *word)
{
	const char *at = strstr(type, word);
	size_t len = strlen(word);

	return at && (at == type || at[-1] == '_') && (!at[len] || at[len] == '_');
}

/* What a name that refpolicy gives to labels tells. */
static enum packet_side side_of_type(const char *type)
{
	return has_words(type, "server") ? PACKET_SERVER :
	       has_words(type, "client") ? PACKET_CLIENT :
					   PACKET_ANY_SIDE;
}

/* Is the port of the policy's type whose name begins as that of the label? */
struct stem_search {
	const char *label;
	uint16_t port;
	bool found;
};

static size_t stem_length(const char *type)
{
	static const char *const ends[] = { "_server_packet_t", "_client_packet_t", "_packet_t",
					    "_port_t" };
	size_t len = strlen(type), n, i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		n = strlen(ends[i]);
		if (len > n && !strcmp(type + len - n, ends[i]))
			return len - n;
	}
	return 0;
}

static void compare_stem(void *arg, const struct oracle_ports *ports)
{
	struct stem_search *s = arg;
	size_t len = stem_length(s->label);

	s->found |= len && s->port >= ports->lo && s->port <= ports->hi &&
		    stem_length(ports->type) == len && !strncmp(s->label, ports->type, len);
}

static bool label_is_for_port(const struct explain_case *c, uint16_t port)
{
	struct stem_search s = { c->target, port, false };

	if (c->w->oracle && port)
		c->w->oracle->ops->ports(c->w->oracle, compare_stem, &s);
	return s.found;
}

/* Only servers listen at addresses of many hosts. */
static bool is_shared(const struct net *net)
{
	static const uint8_t broadcast[4] = { 0xff, 0xff, 0xff, 0xff };

	if (net->family == AF_INET)
		return net->addr[0] >> 4 == 0xe || !memcmp(net->addr, broadcast, 4);
	return net->family == AF_INET6 && net->addr[0] == 0xff;
}

/* A port that the kernel gives to clients is not the server's; and of two others, one below 1024
 * is. If the policy has a type for one of them that goes with the label, that tells. */
static void find_server(struct explain_case *c)
{
	struct port_range given = PORTS_OF_CLIENTS;
	const struct denial *d = c->d;
	bool src, dst;

	if (c->w->plan)
		given = c->w->plan->client_ports;
	c->ports = d->sport || d->dport;
	if (!d->sport || !d->dport)
		return;
	src = label_is_for_port(c, d->sport);
	dst = label_is_for_port(c, d->dport);
	if (src == dst) {
		src = !port_range_has(&given, d->sport);
		dst = !port_range_has(&given, d->dport);
	}
	if (src == dst) {
		src = d->sport < 1024;
		dst = d->dport < 1024;
	}
	if (src != dst)
		c->server = src ? END_SOURCE : END_DESTINATION;
	if (is_shared(&d->dst))
		c->server = END_DESTINATION;
	if (c->server && (c->in || c->out))
		c->role = (c->server == END_SOURCE) == c->out ? PACKET_SERVER : PACKET_CLIENT;
}

uint16_t explain_server_port(const struct explain_case *c)
{
	return c->server == END_SOURCE      ? c->d->sport :
	       c->server == END_DESTINATION ? c->d->dport :
					      0;
}

static bool is_label_of(const struct plan_line *line, const char *type)
{
	struct context ctx;

	return !strcmp(plan_label_type(&line->label, &ctx), type);
}

/* Looks a packet up as one that begins a connection, which one end has begun: the record tells
 * neither the protocol nor who began. */
static const struct plan_line *case_look_up(struct explain_case *c, uint8_t proto, bool turned)
{
	struct flow flow = { .proto = proto,
			     .src = c->d->src,
			     .dst = c->d->dst,
			     .sport = c->d->sport,
			     .dport = c->d->dport,
			     .any_iface = true };

	flow.dir = c->forward ? FLOW_FORWARD : c->out ? FLOW_OUT : FLOW_IN;
	if (turned) {
		flow = flow_turned(&flow);
		if (!c->forward)
			flow.dir = c->out ? FLOW_IN : FLOW_OUT;
	}
	return lookup(c->w->plan, &flow);
}

static void find_case_line(struct explain_case *c)
{
	static const uint8_t with_ports[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP,
					      IPPROTO_DCCP };
	static const uint8_t without[] = { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_ESP,
					   IPPROTO_AH,   IPPROTO_GRE,    IPPROTO_UDPLITE };
	const uint8_t *protos = c->ports ? with_ports : without;
	size_t n = c->ports ? sizeof(with_ports) : sizeof(without), i;
	const struct plan_line *line;
	int turned;

	for (turned = 0; turned < 2; turned++) {
		/* the end with the server's port did not begin the connection */
		if (c->server == (turned ? END_DESTINATION : END_SOURCE))
			continue;
		for (i = 0; i < n && !c->fits; i++) {
			line = case_look_up(c, protos[i], turned);
			c->fits = line && is_label_of(line, c->target);
			/* tcp and udp, or ICMP, are what it most likely is */
			if (c->fits || (!c->line && (c->ports || c->icmp) && i < 2))
				c->line = line;
		}
	}
}

static void find_lines(struct explain_case *c)
{
	const struct plan *plan = c->w->plan;
	size_t i;

	if (!plan || !c->d->src.family || c->d->src.family != c->d->dst.family)
		return;
	find_case_line(c);
	for (i = 0; i < plan->n_lines && !c->labels; i++)
		if (is_label_of(&plan->lines[i], c->target))
			c->labels = &plan->lines[i];
	if (c->fits)
		c->labels = c->line;
	if (c->labels && c->labels->side != SIDE_FORWARD)
		c->side = c->labels->side == SIDE_SERVER ? PACKET_SERVER : PACKET_CLIENT;
}

/* Threads of the kernel that run softirqs, and the idle task. */
static bool is_kernel_thread(const char *comm)
{
	static const char *const names[] = { "swapper", "ksoftirqd", "kworker",   "rcu",
					     "irq/",    "napi/",     "migration", NULL };
	const char *const *name;

	for (name = names; comm && *name; name++)
		if (!strncmp(comm, *name, strlen(*name)))
			return true;
	return false;
}

static bool is_unlabeled_case(const char *type)
{
	return !strcmp(type, "unlabeled_t") || !strcmp(type, "unlabeled");
}

void explain_case_make(struct explain_case *c, const struct explain_world *w,
		       const struct denial *d, struct explanation *e)
{
	*c = (struct explain_case){ .w = w, .d = d, .e = e };
	denial_type(d->source, c->source, sizeof(c->source));
	denial_type(d->target, c->target, sizeof(c->target));
	find_direction(c);
	c->unlabeled = is_unlabeled_case(c->target);
	c->no_peer = is_unlabeled_case(c->source);
	c->kernel = !strcmp(c->source, "kernel_t") || !strcmp(c->source, "kernel");
	c->android = !strncmp(d->source, "u:r:", 4) && !strncmp(d->target, "u:object_r:", 11);
	c->loopback = is_over_loopback(d);
	c->softirq = c->in || c->forward || c->kernel || is_kernel_thread(d->comm) ||
		     (d->pid && !strcmp(d->pid, "0"));
	c->side = side_of_type(c->target);
	if (!strcmp(d->class, "packet") || !strcmp(d->class, "peer") ||
	    !strcmp(d->class, "association"))
		find_server(c);
	c->ports = d->sport || d->dport;
	c->icmp = !c->ports && (has_words(c->target, "icmp") || has_words(c->target, "ping") ||
				is_icmpv6_address(&d->dst));
	if (!strcmp(d->class, "packet"))
		find_lines(c);
	if (w->allowed)
		allowed_ask(w->allowed, d->source, d->target, d->class, d->perms, &c->policy);
}
