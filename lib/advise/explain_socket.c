// SPDX-License-Identifier: GPL-2.0-only
/* Records of classes of sockets: ports and addresses, SCTP, and checks of older kernels. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "advise/explain_allow.h"
#include "advise/explain_case.h"
#include "advise/port_types.h"
#include "audit/denial.h"

static const struct {
	const char *class, *name;
	uint8_t proto;
} protos[] = {
	{ "tcp_socket", "tcp", IPPROTO_TCP },    { "udp_socket", "udp", IPPROTO_UDP },
	{ "dccp_socket", "dccp", IPPROTO_DCCP }, { "sctp_socket", "sctp", IPPROTO_SCTP },
	{ "rawip_socket", "raw", IPPROTO_RAW },  { "icmp_socket", "icmp", IPPROTO_ICMP },
};

static size_t proto_of(const struct explain_case *c)
{
	size_t i = 0;

	while (i + 1 < sizeof(protos) / sizeof(protos[0]) && strcmp(protos[i].class, c->d->class))
		i++;
	return i;
}

static bool is_general_socket_port(const char *type)
{
	return strstr(type, "reserved_port_t") || !strcmp(type, "port_t") ||
	       !strcmp(type, "ephemeral_port_t");
}

/* The port gets a type that the domain may use. */
static void allow_port_type(struct explain_case *c, unsigned int port)
{
	const char *proto = protos[proto_of(c)].name;
	const struct port_types none = { .n = 0 }, *types = &none;

	if (c->w->oracle)
		types = port_types_find(c->w->port_types, c->w->oracle, c->w->allowed,
					protos[proto_of(c)].proto, c->source, c->d->class,
					c->d->perms);
	explain_add(c, EXPLAIN_ALLOW, "port-type",
		    "Give port %u a type that %s may use%s%s%s%s:\n"
		    "    semanage port -%c -t TYPE -p %s %u",
		    port, c->source, types->n ? " (" : "", types->text,
		    types->n > PORT_TYPES_MAX ? " and others" : "", types->n ? ")" : "",
		    is_general_socket_port(c->target) ? 'a' : 'm', proto, port);
	if (is_general_socket_port(c->target))
		explain_add(c, EXPLAIN_CAREFUL, "general-port-type",
			    "\"allow %s %s\" is too wide: %s is the type of all ports that have "
			    "none of their own.",
			    c->source, c->target, c->target);
	else
		explain_add(c, EXPLAIN_CAREFUL, "port-of-others",
			    "%s is the type of another service's port: a new type for the port "
			    "takes it away from the domains that use it by this type.",
			    c->target);
}

/* "http" of http_port_t */
static int port_stem(const char *type)
{
	static const char end[] = "_port_t";
	size_t len = strlen(type), n = strlen(end);

	return len > n && !strcmp(type + len - n, end) ? (int)(len - n) : 0;
}

static void explain_port(struct explain_case *c, const char *verb)
{
	unsigned int port = c->d->dport ? c->d->dport : c->d->sport;
	const char *proto = protos[proto_of(c)].name;

	explain_add(c, EXPLAIN_LABEL, "port",
		    "%s is the type that the policy gives to %s port %u (semanage port -l).",
		    c->target, proto, port);
	explain_add(c, EXPLAIN_WHY, "not-allowed",
		    "The policy does not let %s %s a port of this type. This is a check of the "
		    "system call: rules that label packets have nothing to do with it.",
		    c->source, strcmp(verb, "bind") ? "connect to" : "bind a socket to");
	explain_allow_boolean(c, false);
	allow_port_type(c, port);
	/* refpolicy has such interfaces for tcp and udp, and none to connect with udp */
	if (port_stem(c->target) && !is_general_socket_port(c->target) &&
	    (!strcmp(proto, "tcp") || (!strcmp(proto, "udp") && !strcmp(verb, "bind"))))
		explain_allow_interface(c, "refpolicy", "corenet_%s_%s_%.*s_port(%s)", proto, verb,
					port_stem(c->target), c->target, c->source);
	explain_allow_boolean(c, true);
	explain_allow_rule(c, c->d->perms);
}

static void explain_node_bind(struct explain_case *c)
{
	const char *proto = protos[proto_of(c)].name;

	explain_add(c, EXPLAIN_LABEL, "node",
		    "%s is the type of the address that the socket binds to (semanage node -l).",
		    c->target);
	explain_add(c, EXPLAIN_WHY, "not-allowed",
		    "The policy does not let %s bind %s sockets to such an address, whatever the "
		    "port. This is a check of the system call.",
		    c->source, proto);
	explain_allow_boolean(c, false);
	/* refpolicy has such interfaces for all but dccp and icmp; they are of one type */
	if (!strcmp(c->target, "node_t") && strcmp(proto, "dccp") && strcmp(proto, "icmp"))
		explain_allow_interface(c, "refpolicy", "corenet_%s_bind_generic_node(%s)", proto,
					c->source);
	explain_allow_boolean(c, true);
	explain_allow_rule(c, c->d->perms);
}

/* selinux_sctp_process_new_assoc(), security/selinux/hooks.c */
static void explain_sctp(struct explain_case *c)
{
	explain_add(c, EXPLAIN_LABEL, "peer",
		    "Both contexts are labels of peers: %s that of the first association of the "
		    "socket, %s that of the new one.",
		    c->source, c->target);
	if (c->unlabeled && c->no_peer) {
		explain_add(c, EXPLAIN_WHY, "kernel-bug",
			    "Neither association has a label of a peer. Then there is nothing to "
			    "compare, and the kernel should not ask: it is a bug of the kernel, "
			    "which loses the label when an association is set up again. It is no "
			    "matter of rules that label packets.");
		explain_add(c, EXPLAIN_ALLOW, "newer-kernel", "Use a kernel with the correction.");
		explain_add(c, EXPLAIN_ALLOW, "rule",
			    "Until then, a rule in a policy module:\n"
			    "    allow %s %s:sctp_socket association;",
			    c->source, c->target);
		return;
	}
	explain_add(c, EXPLAIN_WHY, "not-allowed",
		    "All associations of one socket have to be of peers that the policy lets join "
		    "each other. Rules that label packets have nothing to do with it.");
	explain_allow_rule(c, c->d->perms);
}

/* recv_msg, send_msg: of compat_net; recvfrom: of NetLabel without network_peer_controls */
static void explain_old_socket(struct explain_case *c)
{
	if (explain_has_perm(c, "recvfrom"))
		explain_add(c, EXPLAIN_WHY, "no-peer-controls",
			    "%s is the peer label of the packet. Without the policy capability "
			    "network_peer_controls, the kernel asks for recvfrom of class %s in "
			    "place of peer { recv }.",
			    c->target, c->d->class);
	else
		explain_add(c, EXPLAIN_WHY, "compat-net",
			    "%s is a permission of the old network checks (compat_net), which "
			    "Linux 2.6.30 removed in 2009. Today the kernel asks for packet "
			    "{ send recv } if there are label rules.",
			    c->d->perms);
	explain_allow_rule(c, c->d->perms);
}

void explain_socket(struct explain_case *c)
{
	if (explain_has_perm(c, "name_bind"))
		explain_port(c, "bind");
	else if (explain_has_perm(c, "name_connect"))
		explain_port(c, "connect");
	else if (explain_has_perm(c, "node_bind"))
		explain_node_bind(c);
	else if (explain_has_perm(c, "association"))
		explain_sctp(c);
	else
		explain_old_socket(c);
}
