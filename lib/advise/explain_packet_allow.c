// SPDX-License-Identifier: GPL-2.0-only
/* Records of class packet: what would allow it, the smallest first. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/explain_allow.h"
#include "advise/explain_case.h"
#include "advise/learn_label.h"
#include "audit/denial.h"
#include "packet/ports.h"
#include "plan/plan.h"
#include "selinux/context.h"
#include "selinux/oracle.h"
#include "util/alloc.h"
#include "util/buffer.h"

/* The module of a plan, unless somebody gives it another name (policy/module.h) */
#define OWN_MODULE "secmark2_plan"

/* The permissions that belong together: who may send may mostly receive. The kernel only sends. */
static const char *whole_perms(const struct explain_case *c)
{
	if (c->kernel)
		return c->d->perms;
	return c->forward ? "forward_in forward_out" : c->in || c->out ? "recv send" : c->d->perms;
}

/* "ntp_client" of ntp_client_packet_t; 0: refpolicy has no interface for such a name */
static int interface_stem(const char *type)
{
	static const char end[] = "_packet_t";
	size_t len = strlen(type), n = strlen(end);

	return len > n && !strcmp(type + len - n, end) ? (int)(len - n) : 0;
}

/* The interface of refpolicy, or of the module of the plan. */
static void allow_interface(struct explain_case *c)
{
	const struct allowed *policy = c->w->allowed;
	const char *verb = c->forward                       ? "forward" :
			   explain_has_perm(c, "relabelto") ? "relabelto" :
							      "sendrecv";
	int stem = interface_stem(c->target);
	bool known = policy && allowed_has_type(policy, c->target);
	bool is_generic = !strcmp(c->target, "client_packet_t") ||
			  !strcmp(c->target, "server_packet_t");
	bool own = plan_defines_type(c->w->plan, c->target) ||
		   (known && !allowed_type_has(policy, c->target, "packet_type"));

	if (!stem || (policy && !known && !own))
		return;
	if (own)
		explain_allow_interface(c, "the plan's module (secmarkctl policy --if)",
					OWN_MODULE "_%s_%.*s_packets(%s)", verb, stem, c->target,
					c->source);
	else if (!c->forward)
		explain_allow_interface(c, policy ? "refpolicy" : "refpolicy, if it has this type",
					"corenet_%s_%s%.*s_packets(%s)", verb,
					is_generic ? "generic_" : "", stem, c->target, c->source);
}

static bool line_promises(const struct plan_line *line, const char *domain)
{
	return line->only.n && !plan_domains_have(&line->only, domain);
}

static void careful_of_promise(struct explain_case *c, const struct plan_line *line)
{
	explain_add(c, EXPLAIN_CAREFUL, "only", "%s:%u promises by \"only\" that %s has no access.",
		    line->pos.file, line->pos.line, c->source);
}

/* "allow DOMAIN" on the line that gives the label */
static void allow_on_line(struct explain_case *c)
{
	const struct plan_line *l = c->labels;
	bool again;

	/* the module lets the kernel send all types of the plan, and loaders load them */
	if ((c->kernel || explain_has_perm(c, "relabelto")) &&
	    plan_defines_type(c->w->plan, c->target))
		explain_add(c, EXPLAIN_ALLOW, "load-module",
			    "Load the module of the plan:\n    secmarkctl policy --load %s",
			    c->w->plan->files[0]);
	if (!l || c->kernel || explain_has_perm(c, "relabelto") ||
	    (l->side == SIDE_FORWARD) != c->forward)
		return;
	again = plan_domains_have(&l->allow, c->source);
	if (line_promises(l, c->source))
		careful_of_promise(c, l);
	else if (again)
		explain_add(c, EXPLAIN_ALLOW, "load-module",
			    "%s:%u allows it already: load the module of the plan, with\n"
			    "    secmarkctl policy --load %s",
			    l->pos.file, l->pos.line, c->w->plan->files[0]);
	else
		explain_add(c, EXPLAIN_ALLOW, "allow-on-line",
			    "In %s:%u add \"%s%s\", and load the module of the plan:\n    %s %s%s\n"
			    "    secmarkctl policy --load %s",
			    l->pos.file, l->pos.line, l->allow.n ? "" : "allow ", c->source,
			    l->text, l->allow.n ? "" : "allow ", c->source, c->w->plan->files[0]);
}

/* Types that the policy gives to ports that nobody has a type for say nothing. */
static bool is_general_port_type(const char *type)
{
	static const char *const general[] = { "port_t", "reserved_port_t", "hi_reserved_port_t",
					       "unreserved_port_t", "ephemeral_port_t" };
	size_t i;

	for (i = 0; i < sizeof(general) / sizeof(general[0]); i++)
		if (!strcmp(type, general[i]))
			return true;
	return false;
}

/* What the policy calls a port, for each protocol. */
struct port_names {
	uint16_t port;
	const char *tcp, *udp;
};

static void name_port(void *arg, const struct oracle_ports *ports)
{
	struct port_names *n = arg;
	const char **type = ports->proto == IPPROTO_TCP ? &n->tcp :
			    ports->proto == IPPROTO_UDP ? &n->udp :
							  NULL;

	if (type && !*type && n->port >= ports->lo && n->port <= ports->hi)
		*type = ports->type;
}

/* A line of a plan that is not written yet. */
struct proposed {
	char type[EXPLAIN_NAME];
	const char *protos;
	bool is_new; /* the policy does not have the type */
};

/* The label for a port: refpolicy's, if it has one, or one that the plan has to define. */
static void propose_type(struct explain_case *c, uint16_t port, struct proposed *p)
{
	struct port_names names = { .port = port };
	const char *side = c->role == PACKET_SERVER ? "server" : "client", *type;
	char domain[EXPLAIN_NAME - 64];
	int stem;

	p->protos = "tcp,udp";
	if (c->w->oracle)
		c->w->oracle->ops->ports(c->w->oracle, name_port, &names);
	if (names.tcp && is_general_port_type(names.tcp))
		names.tcp = NULL;
	if (names.udp && is_general_port_type(names.udp))
		names.udp = NULL;
	if (!names.tcp != !names.udp)
		p->protos = names.tcp ? "tcp" : "udp";
	type = names.tcp ? names.tcp : names.udp;
	stem = type ? (int)strlen(type) - (int)strlen("_port_t") : 0;
	if (stem > 0) {
		snprintf(p->type, sizeof(p->type), "%.*s_%s_packet_t", stem, type, side);
		if (allowed_has_type(c->w->allowed, p->type))
			return;
	}
	p->is_new = true;
	learn_stem(domain, sizeof(domain), c->source);
	snprintf(p->type, sizeof(p->type), "%s_%u_%s_packet_t", domain, port, side);
}

/* Has the policy no rule for the proposed label? Then the line grants it. */
static bool needs_allow(const struct explain_case *c, const struct proposed *p)
{
	struct allowed_answer answer;

	/* the module of a plan lets the kernel send with its types */
	if (p->is_new)
		return !c->kernel || c->in;
	if (!c->w->allowed)
		return false;
	allowed_ask_types(c->w->allowed, c->source, p->type, "packet", whole_perms(c), &answer);
	return answer.verdict != ALLOWED_YES;
}

static void propose(struct explain_case *c, const struct proposed *p, const char *where)
{
	bool allow = needs_allow(c, p);

	explain_add(c, EXPLAIN_ALLOW, "plan-line",
		    "A line in the plan that labels it%s%s:\n%s%s%s    %s%s%s%s%s",
		    p->is_new || allow ? ", and its module (secmarkctl policy --load)" : "",
		    strchr(p->protos, ',') ?
			    ". The record does not tell the protocol: keep the one that it is" :
			    "",
		    p->is_new ? "    type " : "", p->is_new ? p->type : "", p->is_new ? "\n" : "",
		    c->role == PACKET_SERVER ? "server " : "client ", p->type, where,
		    allow ? " allow " : "", allow ? c->source : "");
}

void explain_allow_port(struct explain_case *c)
{
	struct proposed p = { .is_new = false };
	uint16_t port = explain_server_port(c);
	char where[64];

	propose_type(c, port, &p);
	snprintf(where, sizeof(where), " %s %u", p.protos, port);
	propose(c, &p, where);
}

/* The ports do not tell which end is the server: a line for each of both. */
static void allow_by_both(struct explain_case *c)
{
	explain_add(c, EXPLAIN_ALLOW, "either-end",
		    "The ports %u and %u do not tell which end is the server. Of the next two "
		    "answers, take the one for the server's port.",
		    c->d->sport, c->d->dport);
	c->role = PACKET_SERVER;
	c->server = c->out ? END_SOURCE : END_DESTINATION;
	explain_allow_port(c);
	c->role = PACKET_CLIENT;
	c->server = c->out ? END_DESTINATION : END_SOURCE;
	explain_allow_port(c);
	c->role = PACKET_ANY_SIDE;
	c->server = END_UNKNOWN;
}

/* Without ports: the protocol decides. */
static void allow_by_proto(struct explain_case *c)
{
	bool v6 = c->d->src.family == AF_INET6;
	struct proposed p = { .type = "icmp_packet_t" };
	const char *proto = v6 ? " icmpv6" : " icmp";
	bool allow;

	if (c->kernel && c->ports) {
		explain_add(c, EXPLAIN_ALLOW, "plan-line",
			    "Lines in the plan for all that has no line of its own:\n"
			    "    default server server_packet_t\n"
			    "    default client client_packet_t");
		return;
	}
	if (c->icmp || c->kernel) {
		p.is_new = c->w->allowed && !allowed_has_type(c->w->allowed, p.type);
		allow = needs_allow(c, &p);
		explain_add(c, EXPLAIN_ALLOW, "plan-line",
			    "A line for each side in the plan%s:\n%s"
			    "    server icmp_packet_t%s%s%s\n    client icmp_packet_t%s%s%s",
			    p.is_new || allow ? ", and its module (secmarkctl policy --load)" : "",
			    p.is_new ? "    type icmp_packet_t\n" : "", proto,
			    allow ? " allow " : "", allow ? c->source : "", proto,
			    allow ? " allow " : "", allow ? c->source : "");
		return;
	}
	explain_add(c, EXPLAIN_ALLOW, "plan-line",
		    "If it is IPsec, lines in the plan for its protocols, and the module of the "
		    "plan (secmarkctl policy --load):\n    type ipsec_outer_packet_t\n"
		    "    server ipsec_outer_packet_t esp,ah allow %s\n"
		    "    client ipsec_outer_packet_t esp,ah allow %s",
		    c->source, c->source);
}

static void careful_of_default(struct explain_case *c, const char *label)
{
	explain_add(c, EXPLAIN_CAREFUL, "default-label",
		    "%s is for all packets that have no label of their own. Who may use it may use "
		    "all of them: a line for these packets is better.",
		    label);
}

/* The packet is of a connection that is older than the rules, and the policy denies the label that
 * the line gives, too. */
static void allow_label_and_again(struct explain_case *c, const char *label)
{
	const struct plan_line *l = c->line;
	const char *file = c->w->plan->files[0];

	if (line_promises(l, c->source)) {
		careful_of_promise(c, l);
		return;
	}
	if (plan_domains_have(&l->allow, c->source)) {
		explain_add(c, EXPLAIN_ALLOW, "load-and-reset",
			    "The policy does not allow %s, the label of the line, either, and "
			    "%s:%u does: load the module of the plan, and begin the connection "
			    "again:\n"
			    "    secmarkctl policy --load %s\n"
			    "    secmarkctl apply --reset-flows %s",
			    label, l->pos.file, l->pos.line, file, file);
		return;
	}
	if (l->is_default) {
		if (c->role)
			explain_allow_port(c);
		else if (c->icmp)
			allow_by_proto(c);
		careful_of_default(c, label);
	}
	explain_add(c, EXPLAIN_ALLOW, "allow-and-reset",
		    "The policy does not allow %s, the label of the line, either. In %s:%u add "
		    "\"%s%s\", load the module of the plan, and begin the connection again:\n"
		    "    %s %s%s\n"
		    "    secmarkctl policy --load %s\n"
		    "    secmarkctl apply --reset-flows %s",
		    label, l->pos.file, l->pos.line, l->allow.n ? "" : "allow ", c->source, l->text,
		    l->allow.n ? "" : "allow ", c->source, file, file);
}

/* A line would label it. */
static void allow_again(struct explain_case *c)
{
	struct allowed_answer answer = { .verdict = ALLOWED_YES };
	struct context ctx;
	const char *label = plan_label_type(&c->line->label, &ctx);

	if (c->w->allowed)
		allowed_ask_types(c->w->allowed, c->source, label, "packet", whole_perms(c),
				  &answer);
	if (answer.verdict != ALLOWED_YES)
		allow_label_and_again(c, label);
	else
		explain_add(c, EXPLAIN_ALLOW, "reset-flows",
			    "Begin the connection again: restart the program, or label what is "
			    "older than the rules with\n"
			    "    secmarkctl apply --reset-flows %s",
			    c->w->plan->files[0]);
}

static void allow_unlabeled(struct explain_case *c)
{
	if (c->line && !c->kernel)
		allow_again(c);
	else if (c->forward)
		explain_add(c, EXPLAIN_ALLOW, "plan-line",
			    "A line in the plan for what is forwarded, and the module of the plan "
			    "(secmarkctl policy --load):\n    type forwarded_packet_t\n"
			    "    default forward forwarded_packet_t allow %s",
			    c->source);
	else if (explain_server_port(c) && c->role && !c->kernel)
		explain_allow_port(c);
	else if (!c->ports || c->kernel)
		allow_by_proto(c);
	else
		allow_by_both(c);
	explain_add(c, EXPLAIN_CAREFUL, "unlabeled",
		    "\"allow %s %s:packet { %s }\" is too wide: it is for all packets that no "
		    "rule labels, whatever their ports and addresses.",
		    c->source, c->target, c->d->perms);
}

/* The labels of refpolicy for what has no label of its own */
static bool is_default_label(const struct explain_case *c)
{
	return (c->labels && c->labels->is_default) || !strcmp(c->target, "client_packet_t") ||
	       !strcmp(c->target, "server_packet_t");
}

static void careful_of_width(struct explain_case *c)
{
	if (is_default_label(c))
		careful_of_default(c, c->target);
	if (!strcmp(c->source, "unconfined_t"))
		explain_add(c, EXPLAIN_CAREFUL, "unconfined",
			    "%s is the domain of nearly all programs of users: a rule for it is "
			    "for all of them. \"application NAME PATH\" in the plan gives one "
			    "program a domain of its own.",
			    c->source);
	if (c->no_peer && c->forward)
		explain_add(c, EXPLAIN_CAREFUL, "no-peer-label",
			    "The rule is for all packets with this label that have no peer label: "
			    "from every host and every program.");
}

/* The rule is for what was denied: who sends may mostly receive, too. */
static void careful_of_other_way(struct explain_case *c)
{
	const char *in = c->forward ? "forward_in" : "recv";
	const char *out = c->forward ? "forward_out" : "send";
	const char *other = explain_has_perm(c, out) ? in : out;
	struct allowed_answer answer;

	if (c->kernel || !(c->in || c->out || c->forward) || explain_has_perm(c, other))
		return;
	if (c->w->allowed) {
		allowed_ask_types(c->w->allowed, c->source, c->target, "packet", other, &answer);
		if (answer.verdict == ALLOWED_YES)
			return;
	}
	explain_add(c, EXPLAIN_CAREFUL, "other-permission",
		    "The rule is only for what was denied. %s needs %s, too%s.",
		    c->forward ? "A packet that is forwarded" : "A client or a server mostly",
		    other, c->w->allowed ? ", and the policy does not allow that, either" : "");
}

void explain_packet_allow(struct explain_case *c)
{
	if (c->unlabeled) {
		allow_unlabeled(c);
		return;
	}
	explain_allow_boolean(c, false);
	if (c->policy.verdict == ALLOWED_CONSTRAINED)
		return;
	if (is_default_label(c) && c->role)
		explain_allow_port(c);
	else if (is_default_label(c) && c->d->sport && c->d->dport && !c->kernel && !c->forward)
		allow_by_both(c);
	allow_on_line(c);
	allow_interface(c);
	explain_allow_boolean(c, true);
	explain_allow_rule(c, c->d->perms);
	careful_of_other_way(c);
	careful_of_width(c);
}
