// SPDX-License-Identifier: GPL-2.0-only
#include "packet/proto.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

/* xt_multiport knows the same protocols with ports (net/netfilter/xt_multiport.c, check()) */
const struct plan_proto plan_protos[] = {
	{ "tcp", IPPROTO_TCP, true, AF_UNSPEC },
	{ "udp", IPPROTO_UDP, true, AF_UNSPEC },
	{ "sctp", IPPROTO_SCTP, true, AF_UNSPEC },
	{ "dccp", IPPROTO_DCCP, true, AF_UNSPEC },
	{ "udplite", IPPROTO_UDPLITE, true, AF_UNSPEC },
	{ "icmp", IPPROTO_ICMP, false, AF_INET },
	{ "icmpv6", IPPROTO_ICMPV6, false, AF_INET6 },
	{ "any", 0, false, AF_UNSPEC },
	{ NULL, 0, false, AF_UNSPEC },
};

const struct plan_proto *plan_proto_find(const char *name)
{
	const struct plan_proto *p;

	for (p = plan_protos; p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

const struct plan_proto *plan_proto_get(uint8_t number)
{
	const struct plan_proto *p;

	for (p = plan_protos; p->name; p++)
		if (p->number == number)
			return p;
	return NULL;
}

const char *plan_proto_name(uint8_t number)
{
	const struct plan_proto *p = plan_proto_get(number);

	return p ? p->name : NULL;
}

bool plan_proto_has_ports(uint8_t number)
{
	const struct plan_proto *p = plan_proto_get(number);

	return p && p->has_ports;
}
