// SPDX-License-Identifier: GPL-2.0-only
/* Records of class packet: where the label comes from, and why. */
#include <stdio.h>
#include <string.h>

#include "advise/explain_allow.h"
#include "advise/explain_case.h"
#include "advise/foreign_labels.h"
#include "audit/denial.h"
#include "plan/plan.h"

#define FOREIGN_MAX 3

static void explain_plan_label(struct explain_case *c)
{
	const struct plan_line *l = c->labels;

	if (c->fits)
		explain_add(c, EXPLAIN_LABEL, "plan-line", "%s:%u gives it: %s", l->pos.file,
			    l->pos.line, l->text);
	else if (l)
		explain_add(c, EXPLAIN_LABEL, "other-line",
			    "%s:%u gives this label, but not to a packet with these ends: %s",
			    l->pos.file, l->pos.line, l->text);
	else
		explain_add(c, EXPLAIN_LABEL, "no-line-has-it", "No line of %s gives this label.",
			    c->w->plan->n_files ? c->w->plan->files[0] : "the plan");
}

/* Returns how many rules there are. */
static size_t explain_foreign_label(struct explain_case *c)
{
	size_t i = 0, n = 0;
	const char *rule;

	if (!c->w->foreign)
		return 0;
	while (n < FOREIGN_MAX && (rule = foreign_labels_find(c->w->foreign, c->target, &i))) {
		explain_add(c, EXPLAIN_LABEL, "foreign-rule",
			    "A rule that is not secmark2's gives it: %s", rule);
		n++;
	}
	return n;
}

static void explain_label(struct explain_case *c)
{
	size_t n;

	if (explain_has_perm(c, "relabelto")) {
		explain_add(c, EXPLAIN_LABEL, "loading", "The rule that was to be loaded has it.");
		return;
	}
	if (c->unlabeled) {
		explain_add(c, EXPLAIN_LABEL, "none",
			    "The packet has no label: %s is what SELinux takes it for.", c->target);
		return;
	}
	if (c->w->plan)
		explain_plan_label(c);
	n = c->fits ? 0 : explain_foreign_label(c);
	if (!c->w->plan && !n)
		explain_add(c, EXPLAIN_LABEL, "unknown-rule",
			    "It is not known which rule gave it%s.",
			    c->w->foreign ? ": no rule of this network namespace does now" : "");
	else if (!n && !c->labels && c->w->foreign)
		explain_add(c, EXPLAIN_LABEL, "no-rule-has-it",
			    "No other rule of this network namespace gives this label now.");
}

static const char *role_name(enum packet_side role)
{
	return role == PACKET_SERVER ? "server" : role == PACKET_CLIENT ? "client" : "either";
}

static bool is_wrong_end(const struct explain_case *c)
{
	return c->role && c->side && c->role != c->side;
}

/* A client has a server's label, or a server a client's, over loopback. */
static void explain_loopback(struct explain_case *c)
{
	bool reply = c->server == END_SOURCE;

	explain_add(c, EXPLAIN_WHY, "loopback",
		    "Both ends are on this host: the packet passes OUTPUT and then INPUT with one "
		    "label and one connection. So the %s (port %u) %s with the label for the %s. "
		    "Each end has to be labeled by its own side.",
		    reply ? "reply of the server" : "packet of the client to the server",
		    explain_server_port(c),
		    c->out ? "leaves" :
		    reply  ? "reaches the client" :
			     "reaches the server",
		    role_name(c->side));
	explain_add(c, EXPLAIN_ALLOW, "label-each-end",
		    "No rule of the policy: let the rules label each end by its own side. A plan "
		    "of secmark2 does (secmarkctl apply). Rules by hand choose by direction, not "
		    "by the label of the connection: iptables --ctdir and --ctorigdstport, nft ct "
		    "direction and ct original proto-dst.");
	explain_add(c, EXPLAIN_CAREFUL, "wrong-end",
		    "\"allow %s %s\" would let %s use the packets of %ss everywhere, not only over "
		    "loopback.",
		    c->source, c->target, c->source, role_name(c->side));
}

static void allow_label_receiver(struct explain_case *c)
{
	explain_add(c, EXPLAIN_ALLOW, "label-receiver",
		    "Label in the receiver's namespace, too: the rules of a plan replace the label "
		    "that packets bring. Apply one there that has\n"
		    "    %s LABEL PROTOCOL %u",
		    role_name(c->role), explain_server_port(c));
}

/* The plan has a line for the packet, and that did not see it. ipvlan_l3_rcv(),
 * drivers/net/ipvlan/ipvlan_l3s.c: the packet passes INPUT in the namespace of the device below. */
static void explain_unseen(struct explain_case *c)
{
	const struct plan_line *l = c->line;

	explain_add(c, EXPLAIN_WHY, "unseen",
		    "%s:%u would replace the label, and did not: the rules of the plan were not "
		    "loaded in this namespace then, or did not see the packet. What comes by "
		    "ipvlan in L3S mode passes the rules of the namespace in which the interface "
		    "below is, and no others.",
		    l->pos.file, l->pos.line);
	explain_add(c, EXPLAIN_ALLOW, "load-rules",
		    "Load the rules of the plan in this namespace:\n    secmarkctl apply %s",
		    c->w->plan->files[0]);
	explain_add(c, EXPLAIN_ALLOW, "label-below",
		    "If they are loaded, and an ipvlan in L3S mode brought the packet: apply a "
		    "plan in the namespace of the interface below that has\n    %s",
		    l->text);
}

/* The same on an interface: each host labels for its own side, so the label is another one's. */
static void explain_namespace(struct explain_case *c)
{
	explain_add(c, EXPLAIN_WHY, "namespace",
		    "This end is the %s (the server's port is %u), and it got the label for the "
		    "%s. A packet keeps its label on the way to another network namespace of this "
		    "machine (veth, a container, a bridge): the rules of the sender's namespace "
		    "gave it, and the namespace of the receiver has no rule that replaces it. "
		    "netif=%s may name an interface of the sender, or a wrong one: the kernel "
		    "looks its number up in the first namespace.",
		    role_name(c->role), explain_server_port(c), role_name(c->side),
		    c->d->netif ? c->d->netif : "");
	if (c->line)
		explain_unseen(c);
	else
		allow_label_receiver(c);
	explain_add(c, EXPLAIN_CAREFUL, "wrong-end",
		    "\"allow %s %s\" would believe a label that the sender has chosen.", c->source,
		    c->target);
}

/* vrf_ip_out_direct(), drivers/net/vrf.c: OUTPUT before conntrack knows the connection */
static void explain_default_answer(struct explain_case *c)
{
	explain_add(c, EXPLAIN_WHY, "default-answer",
		    "This end is the %s (the server's port is %u), and its packet has the default "
		    "label for the %s. What leaves by a VRF is also checked before its connection "
		    "is known, and an answer that no server line matches is then taken for a "
		    "client's packet. Or the first packet of the connection met a rule for the "
		    "other side.",
		    role_name(c->role), explain_server_port(c), role_name(c->side));
	explain_allow_port(c);
	explain_add(c, EXPLAIN_CAREFUL, "wrong-end",
		    "\"allow %s %s\" would let %s use all packets that have the default label.",
		    c->source, c->target, c->source);
}

static void explain_wrong_connection(struct explain_case *c)
{
	if (c->labels && c->labels->is_default) {
		explain_default_answer(c);
		return;
	}
	explain_add(c, EXPLAIN_WHY, "connection-label",
		    "This end is the %s (the server's port is %u), and its packet has the label "
		    "for the %s: the connection has it. It got it from its first packet, which "
		    "came with a label from another network namespace of this machine, or met a "
		    "rule for the other side.",
		    role_name(c->role), explain_server_port(c), role_name(c->side));
	explain_add(c, EXPLAIN_ALLOW, "label-each-end",
		    "No rule of the policy: find the rule that labels the first packet of the "
		    "connection. It should match %s.",
		    c->role == PACKET_SERVER ? "the port of the server in INPUT" :
					       "the port of the server in OUTPUT");
}

/* May the domain use the label of servers of the same name? */
static const char *serves_too(const struct explain_case *c)
{
	static const char client[] = "_client_packet_t";
	struct allowed_answer answer;
	char server[EXPLAIN_NAME + sizeof(client)];
	size_t len = strlen(c->target), n = strlen(client);

	if (!c->w->allowed || len < n || strcmp(c->target + len - n, client))
		return "A daemon is often a client as well, and the policy may have it as a "
		       "server only.";
	snprintf(server, sizeof(server), "%.*s_server_packet_t", (int)(len - n), c->target);
	allowed_ask_types(c->w->allowed, c->source, server, "packet", "recv send", &answer);
	return answer.verdict == ALLOWED_YES ?
		       "It may use that for servers: the policy has it as a server only, and a "
		       "daemon is often a client as well." :
		       "It may not use that for servers, either.";
}

/* Its label is for this end, or for any. */
static void explain_gap(struct explain_case *c)
{
	const char *domain = c->source;
	/* no line of the plan gives it to such a packet */
	bool strange = c->labels && !c->fits;

	if (!strange && c->role == PACKET_CLIENT && c->side == PACKET_CLIENT)
		explain_add(c, EXPLAIN_WHY, "policy-gap",
			    "Rule and label are right: %s is a client here (of port %u), and the "
			    "label is that for clients. The policy does not let it use the label. "
			    "%s",
			    domain, explain_server_port(c), serves_too(c));
	else if (!strange && c->role == PACKET_SERVER && c->side == PACKET_SERVER)
		explain_add(c, EXPLAIN_WHY, "policy-gap",
			    "Rule and label are right: %s is a server here (port %u), and the "
			    "label is that for servers. The policy does not let it use the label.",
			    domain, explain_server_port(c));
	else if (c->icmp)
		explain_add(c, EXPLAIN_WHY, "icmp",
			    "It is ICMP%s (no ports)%s. The policy does not let %s use the label.",
			    c->d->src.family == AF_INET6 ? "v6" : "",
			    c->kernel || c->softirq ? "" :
						      ", which the program itself makes and sends "
						      "through a raw socket",
			    domain);
	else
		explain_add(c, EXPLAIN_WHY, "not-allowed",
			    "The policy does not let %s use this label.", domain);
	if (c->side == PACKET_ANY_SIDE && !c->icmp && !c->kernel)
		explain_add(c, EXPLAIN_WHY, "intended",
			    "This may be what the label is for: whoever made it has not given it "
			    "to %s, as to keep a program or a container from these packets. Then "
			    "nothing is wrong.",
			    domain);
}

/* What the kernel sends of its own accord. */
static void explain_kernel_packet(struct explain_case *c)
{
	const char *guess = "";

	if (c->ports)
		guess = "With ports: the reset of a closed port or of a broken connection, or the "
			"last acknowledgement of one that is over.";
	else if (c->d->src.family == AF_INET6)
		guess = "Without ports: neighbor discovery, a router solicitation, a report of "
			"multicast groups, an error of ICMPv6, or the answer to a ping.";
	else
		guess = "Without ports: the answer to a ping, an error of ICMP, or a report of "
			"multicast groups (IGMP).";
	explain_add(c, EXPLAIN_WHY, "kernel-packet", "It is a packet of the kernel's own. %s",
		    guess);
}

/* Nothing here gives the label. */
static bool is_brought(const struct explain_case *c)
{
	size_t i = 0;

	return c->w->plan && !c->labels &&
	       !(c->w->foreign && foreign_labels_find(c->w->foreign, c->target, &i));
}

/* A label without a side, at the end that did not choose it */
static void explain_maybe_brought(struct explain_case *c)
{
	if (!c->in || c->loopback || c->role != PACKET_SERVER || c->side != PACKET_ANY_SIDE ||
	    c->fits)
		return;
	explain_add(c, EXPLAIN_WHY, "maybe-namespace",
		    "If no rule of the receiver gives this label: it is a label of the client that "
		    "came along. A packet keeps its label over veth from another network namespace "
		    "of this machine, and stays so where the receiver's namespace has no rules. "
		    "netif=%s may then name the sender's interface.",
		    c->d->netif ? c->d->netif : "");
	/* where a domain is denied a label of these rules, that is mostly what it should be */
	if (c->kernel || is_brought(c))
		allow_label_receiver(c);
}

/* A line of the plan has the label, and does not fit. */
static void explain_other_line(struct explain_case *c)
{
	if (!c->labels || c->fits)
		return;
	explain_add(c, EXPLAIN_WHY, "translated",
		    "The packet is not one that %s:%u labels. The connection has kept the label: "
		    "NAT (DNAT, REDIRECT) has changed address or port since the line matched, the "
		    "connection belongs to another one (an FTP transfer, an ICMP error), the label "
		    "came from another network namespace, or the plan has changed.",
		    c->labels->pos.file, c->labels->pos.line);
}

static void explain_forwarded(struct explain_case *c)
{
	explain_add(c, EXPLAIN_WHY, "forwarded",
		    "This host forwards the packet. The kernel asks if packets with the peer label "
		    "%s may pass with this label, whatever program sent them.",
		    c->source);
}

static void explain_labeled(struct explain_case *c)
{
	if (c->d->granted) {
		if (c->forward)
			explain_forwarded(c);
		return;
	}
	if (is_wrong_end(c) && c->loopback) {
		explain_loopback(c);
		return;
	}
	if (is_wrong_end(c)) {
		c->in ? explain_namespace(c) : explain_wrong_connection(c);
		return;
	}
	if (c->kernel && c->out)
		explain_kernel_packet(c);
	else if (c->forward)
		explain_forwarded(c);
	else if (explain_has_perm(c, "relabelto"))
		explain_add(c, EXPLAIN_WHY, "loader",
			    "To load a rule with a label takes relabelto for it. The rule was not "
			    "loaded.");
	else
		explain_gap(c);
	explain_maybe_brought(c);
	explain_other_line(c);
}

/* A packet without ports and without label, which no ICMP is known to be. */
static void explain_no_ports(struct explain_case *c)
{
	explain_add(
		c, EXPLAIN_WHY, "no-ports",
		"The record has no ports, so the packet is not one of TCP or UDP as programs "
		"know them. Most likely it is the outer packet of IPsec (ESP, protocol 50, or "
		"AH, 51), in which the ports of the service are hidden: %s. Others are ICMP and "
		"all that comes from raw sockets, other tunnels, UDP-Lite, and later fragments.",
		c->w->plan ? "the plan has no label for that protocol" :
			     "rules for ports do not match it, and none labels that protocol");
}

static void explain_android(struct explain_case *c)
{
	explain_add(c, EXPLAIN_WHY, "android",
		    "This is Android (user u, role r, types without _t), which has no rules that "
		    "label packets. So the kernel should not ask about packets at all. If all "
		    "domains get such records at once, the state of SELinux in the kernel is "
		    "damaged: somebody or something has overwritten its flags (initialized, policy "
		    "capabilities). No policy helps: reboot.");
}

static void explain_unlabeled(struct explain_case *c)
{
	const struct plan_line *l = c->line;

	if (c->android) {
		explain_android(c);
		return;
	}
	if (c->kernel && c->out)
		explain_kernel_packet(c);
	if (!c->ports && !c->icmp && !c->kernel)
		explain_no_ports(c);
	else if (!c->ports && c->icmp && !c->kernel)
		explain_add(c, EXPLAIN_WHY, "icmp", "It is ICMP%s (no ports).",
			    c->d->src.family == AF_INET6 ? "v6" : "");
	if (l)
		explain_add(c, EXPLAIN_WHY, "older-than-rules",
			    "%s:%u would label such a packet (%s). So the connection is older than "
			    "the rules, or it is untracked and others' rules do not label that, or "
			    "the rules were not loaded then.",
			    l->pos.file, l->pos.line, l->text);
	else if (c->w->plan)
		explain_add(c, EXPLAIN_WHY, "no-line", "No line of %s labels such a packet.",
			    c->w->plan->n_files ? c->w->plan->files[0] : "the plan");
	else
		explain_add(c, EXPLAIN_WHY, "no-rule",
			    "No rule labeled it: there is none for such packets, the connection is "
			    "older than the rules, or it is untracked.");
	explain_add(c, EXPLAIN_WHY, "switched-on",
		    "The first rule with a label, in any network namespace, makes SELinux check "
		    "all packets of the machine (so does the policy capability "
		    "always_check_network). All others are %s from then on.",
		    c->target);
}

/* The ports of tunnels over UDP: of IANA; WireGuard has none of its own, and most use this one. */
static void explain_udp_tunnel(struct explain_case *c)
{
	static const struct {
		uint16_t port;
		const char *name;
	} tunnels[] = {
		{ 4500, "IPsec through NAT (ESP in UDP)" },
		{ 4789, "VXLAN" },
		{ 6081, "GENEVE" },
		{ 51820, "WireGuard" },
	};
	size_t i;

	for (i = 0; i < sizeof(tunnels) / sizeof(tunnels[0]); i++)
		if (c->d->sport == tunnels[i].port || c->d->dport == tunnels[i].port)
			explain_add(c, EXPLAIN_WHY, "udp-tunnel",
				    "Port %u is that of %s. Then this is the outer packet of a "
				    "tunnel: it is sent for the program whose packet is inside, "
				    "and the ports of that do not show.",
				    tunnels[i].port, tunnels[i].name);
}

/* The kernel takes the label for unlabeled_t. A rule for a type that is not there cannot be loaded.
 */
static void allow_lost_type(struct explain_case *c)
{
	if (plan_defines_type(c->w->plan, c->target))
		explain_add(c, EXPLAIN_ALLOW, "load-module",
			    "Load the module of the plan again:\n    secmarkctl policy --load %s",
			    c->w->plan->files[0]);
	else
		explain_add(c, EXPLAIN_ALLOW, "restore-type",
			    "Load the module that declares %s again. The rules that name it are "
			    "still there, and label packets from then on as before.",
			    c->target);
	explain_add(c, EXPLAIN_CAREFUL, "unlabeled",
		    "\"allow %s unlabeled_t\" is too wide: it is for all packets without a label "
		    "that the policy has.",
		    c->source);
}

/* Does the policy still not have the type that the record names? */
static bool is_lost_type(const struct explain_case *c)
{
	return c->d->invalid_target &&
	       (!c->w->allowed || !allowed_has_type(c->w->allowed, c->target));
}

void explain_packet(struct explain_case *c)
{
	explain_label(c);
	if (is_lost_type(c)) {
		allow_lost_type(c);
		return;
	}
	if (!explain_has_perm(c, "relabelto"))
		explain_udp_tunnel(c);
	if (c->d->granted && c->unlabeled && c->w->plan &&
	    c->w->plan->unlabeled == PLAN_UNLABELED_AUDIT)
		explain_add(c, EXPLAIN_WHY, "unlabeled-audit",
			    "%s:%u (unlabeled audit) asks for these records: they show for which "
			    "packets the plan has no line yet.",
			    c->w->plan->unlabeled_pos.file, c->w->plan->unlabeled_pos.line);
	if (c->unlabeled)
		explain_unlabeled(c);
	else
		explain_labeled(c);
	if (!c->d->granted && !c->android && (c->unlabeled || !is_wrong_end(c)))
		explain_packet_allow(c);
}
