// SPDX-License-Identifier: GPL-2.0-only
/* Records of labels of peers (peer, netif, node) and of labeled IPsec (association). */
#include <string.h>

#include "advise/allowed.h"
#include "advise/explain_allow.h"
#include "advise/explain_case.h"
#include "audit/denial.h"

static bool always_checks(const struct explain_case *c)
{
	return c->w->allowed && allowed_has_capability(c->w->allowed, "always_check_network");
}

/* selinux_peerlbl_enabled(), security/selinux/hooks.c */
static void explain_peers_on(struct explain_case *c)
{
	if (always_checks(c)) {
		explain_add(c, EXPLAIN_WHY, "always-checked",
			    "The policy has the capability always_check_network: the kernel checks "
			    "this for each packet, even if no peer has a label.");
		return;
	}
	explain_add(c, EXPLAIN_WHY, "peer-labels-on",
		    "The kernel checks this while there is any labeled IPsec (policies or "
		    "associations with a label), while NetLabel is configured, or always with the "
		    "policy capability always_check_network.");
}

static void explain_peer_unlabeled(struct explain_case *c)
{
	explain_add(c, EXPLAIN_LABEL, "none",
		    "The packet brought no peer label: %s is what SELinux takes it for.",
		    c->target);
	explain_peers_on(c);
	if (!always_checks(c))
		explain_add(c, EXPLAIN_WHY, "stale-ipsec",
			    "If nothing of the kind is configured now, it is left over from "
			    "labeled IPsec, as after a test: before Linux 4.11, flushing the IPsec "
			    "policies did not flush what the kernel had cached of them.");
	if (!c->ports)
		explain_add(c, EXPLAIN_WHY, "no-ports",
			    "The record has no ports: the protocol has none, the packet is an "
			    "outer packet or a later fragment, or it is SCTP, whose ports kernels "
			    "before Linux 4.17 do not write.");
	if (!always_checks(c))
		explain_add(c, EXPLAIN_ALLOW, "remove-labels",
			    "If you want no labels of peers: delete the IPsec policies and "
			    "associations that have a label (\"ip xfrm policy\" and \"ip xfrm "
			    "state\" print it as \"security context\"), and the maps of NetLabel "
			    "(netlabelctl). \"ip xfrm policy flush\" would delete those without a "
			    "label, too, and traffic that they protect could then leave in clear.");
	explain_allow_interface(c, "refpolicy", "kernel_recvfrom_unlabeled_peer(%s)", c->source);
	explain_allow_rule(c, c->d->perms);
	explain_add(c, EXPLAIN_CAREFUL, "unlabeled",
		    "That lets %s receive from every host that sends no label: do it only if the "
		    "labels of peers are not what protects it.",
		    c->source);
}

void explain_peer(struct explain_case *c)
{
	if (c->unlabeled) {
		explain_peer_unlabeled(c);
		return;
	}
	explain_add(c, EXPLAIN_LABEL, "peer",
		    "The peer label %s came with the packet: from labeled IPsec (the label of the "
		    "other program's socket), from CIPSO or CALIPSO, or from a static label of "
		    "NetLabel for the interface or the address (netlabelctl unlbl list).",
		    c->d->target);
	explain_peers_on(c);
	explain_add(c, EXPLAIN_WHY, "not-allowed",
		    "The policy does not let %s receive from this peer. If it allows the types, "
		    "the levels do not fit: CIPSO and CALIPSO bring a level only.",
		    c->source);
	explain_allow_boolean(c, false);
	if (!strcmp(c->target, "netlabel_peer_t"))
		explain_allow_interface(c, "refpolicy", "corenet_all_recvfrom_netlabel(%s)",
					c->source);
	else
		explain_allow_interface(c, "secmark2's policy module",
					"secmark2_recvfrom_peer(%s, %s)", c->source, c->target);
	explain_allow_boolean(c, true);
	explain_allow_rule(c, c->d->perms);
}

/* The checks of the time before network_peer_controls: selinux_xfrm_postroute_last() and
 * selinux_xfrm_sock_rcv_skb(), security/selinux/xfrm.c */
static void explain_in_clear(struct explain_case *c)
{
	explain_add(c, EXPLAIN_LABEL, "none",
		    "The packet belongs to no labeled security association: %s stands for traffic "
		    "without protection.",
		    c->target);
	explain_add(c, EXPLAIN_WHY, "no-ipsec-needed",
		    "This machine need not have IPsec. Without the policy capability "
		    "network_peer_controls (or with always_check_network), the kernel treats "
		    "every packet in clear as one of an association with the label %s.",
		    c->target);
	explain_allow_interface(c, "refpolicy", "kernel_sendrecv_unlabeled_association(%s)",
				c->source);
	explain_allow_rule(c, c->d->perms);
	explain_add(c, EXPLAIN_CAREFUL, "unlabeled",
		    "That lets %s %s all hosts in clear. That is what most machines want; not one "
		    "whose traffic must be protected.",
		    c->source, c->out ? "send to" : "receive from");
}

static void explain_polmatch(struct explain_case *c)
{
	explain_add(c, EXPLAIN_LABEL, "spd",
		    "%s is the label of a policy of IPsec, an entry of the SPD (ip xfrm policy).",
		    c->target);
	if (!c->d->src.family)
		explain_add(c, EXPLAIN_WHY, "spd-lookup",
			    "The record has no addresses, because it is of a lookup in the SPD, "
			    "not of a packet.");
	if (c->no_peer)
		explain_add(c, EXPLAIN_WHY, "no-label",
			    "%s means that the lookup was made without a label: a daemon of IKE "
			    "(pluto, charon, racoon) adds or deletes a policy without one, or a "
			    "packet in clear came in.",
			    c->source);
	else
		explain_add(c, EXPLAIN_WHY, "not-allowed",
			    "The policy does not let %s use this entry.", c->source);
	explain_add(c, EXPLAIN_WHY, "fails-open",
		    "A denied polmatch fails open: the kernel skips the entry, and the packet goes "
		    "out in clear text, as if there was no such entry.");
	if (c->no_peer)
		explain_add(c, EXPLAIN_ALLOW, "label-policy",
			    "Let the daemon give its policies a label (pluto: policy-label; ip "
			    "xfrm: ctx).");
	else if (!strcmp(c->target, "ipsec_spd_t"))
		explain_allow_interface(c, "refpolicy", "ipsec_match_default_spd(%s)", c->source);
	else
		explain_allow_interface(c, "secmark2's policy module", "secmark2_match_spd(%s, %s)",
					c->source, c->target);
	explain_allow_rule(c, c->d->perms);
	explain_add(c, EXPLAIN_CAREFUL, "deny-clear",
		    "Where clear text must not happen, let the domain not receive from peers "
		    "without a label (class peer, recv of unlabeled_t).");
}

static void explain_setcontext(struct explain_case *c)
{
	explain_add(c, EXPLAIN_WHY, "setcontext",
		    "To add a policy or an association of IPsec with this label takes setcontext, "
		    "and so does deleting or flushing one (ip xfrm, setkey, a daemon of IKE).");
	if (!strcmp(c->target, "ipsec_spd_t"))
		explain_allow_interface(c, "refpolicy", "ipsec_setcontext_default_spd(%s)",
					c->source);
	else
		explain_allow_interface(c, "secmark2's policy module",
					"secmark2_setcontext_spd(%s, %s)", c->source, c->target);
	explain_allow_rule(c, c->d->perms);
}

void explain_association(struct explain_case *c)
{
	if (explain_has_perm(c, "polmatch")) {
		explain_polmatch(c);
	} else if (explain_has_perm(c, "setcontext")) {
		explain_setcontext(c);
	} else if (c->unlabeled) {
		explain_in_clear(c);
	} else {
		explain_add(c, EXPLAIN_LABEL, "sa",
			    "%s is the label of the security association of IPsec (ip xfrm state) "
			    "that the packet would use.",
			    c->d->target);
		explain_add(c, EXPLAIN_WHY, "not-allowed",
			    "The policy does not let %s use it. A program can only send through an "
			    "association that has the label of its own socket, with the level.",
			    c->source);
		explain_allow_rule(c, c->d->perms);
	}
}

/* tcp_recv and the like: checks that Linux 2.6.30 removed */
static void explain_compat_net(struct explain_case *c)
{
	explain_add(c, EXPLAIN_LABEL, "object", "%s is the type of the %s (semanage %s -l).",
		    c->target, strcmp(c->d->class, "netif") ? "address" : "interface",
		    strcmp(c->d->class, "netif") ? "node" : "interface");
	explain_add(c, EXPLAIN_WHY, "compat-net",
		    "%s is a permission of the old network checks (compat_net), which Linux 2.6.30 "
		    "removed in 2009. Today the kernel asks for packet { send recv } if there are "
		    "label rules, and for ingress and egress only with labels of peers.",
		    c->d->perms);
	if (!strchr(c->d->source, ':') || !strchr(strchr(c->d->source, ':') + 1, ':') ||
	    !strchr(strchr(strchr(c->d->source, ':') + 1, ':') + 1, ':'))
		explain_add(c, EXPLAIN_WHY, "no-levels",
			    "The contexts have no level: it is a policy without MLS and MCS.");
	explain_allow_rule(c, c->d->perms);
}

void explain_interface(struct explain_case *c)
{
	bool netif = !strcmp(c->d->class, "netif");
	bool peer = explain_has_perm(c, "ingress") || explain_has_perm(c, "recvfrom");

	if (!explain_has_perm(c, "ingress") && !explain_has_perm(c, "egress") &&
	    !explain_has_perm(c, "recvfrom") && !explain_has_perm(c, "sendto")) {
		explain_compat_net(c);
		return;
	}
	explain_add(c, EXPLAIN_LABEL, "object", "%s is the type of the %s%s%s (semanage %s -l).",
		    c->target, netif ? "interface" : "address", netif && c->d->netif ? " " : "",
		    netif && c->d->netif ? c->d->netif : "", netif ? "interface" : "node");
	explain_peers_on(c);
	if (peer)
		explain_add(c, EXPLAIN_WHY, "peer-label",
			    "%s is the peer label of the packet, not the domain that receives it%s",
			    c->source,
			    c->no_peer ? ": this packet has none, so it is one in clear." : ".");
	/* "generic" is one type */
	if (!strcmp(c->target, netif ? "netif_t" : "node_t"))
		explain_allow_interface(c, "refpolicy", "corenet_%s_generic_%s(%s)",
					peer ? "in" : "out", netif ? "if" : "node", c->source);
	explain_allow_rule(c, c->d->perms);
	if (c->no_peer)
		explain_add(c, EXPLAIN_CAREFUL, "unlabeled",
			    "That is for all packets without a peer label.");
}
