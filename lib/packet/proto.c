// SPDX-License-Identifier: GPL-2.0-only
#include "packet/proto.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

/* xt_multiport knows the same protocols with ports (net/netfilter/xt_multiport.c, check()) */
const struct proto known_protos[] = {
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

const struct proto *proto_find(const char *name)
{
	const struct proto *p;

	for (p = known_protos; p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

const struct proto *proto_get(uint8_t number)
{
	const struct proto *p;

	for (p = known_protos; p->name; p++)
		if (p->number == number)
			return p;
	return NULL;
}

const char *proto_name(uint8_t number)
{
	const struct proto *p = proto_get(number);

	return p ? p->name : NULL;
}

bool proto_has_ports(uint8_t number)
{
	const struct proto *p = proto_get(number);

	return p && p->has_ports;
}
