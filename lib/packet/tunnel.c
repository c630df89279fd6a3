// SPDX-License-Identifier: GPL-2.0-only
#include "packet/tunnel.h"

#include <netinet/in.h>

#include "packet/proto.h"

const uint8_t tunnel_protos[] = {
	IPPROTO_IPIP, IPPROTO_IPV6, IPPROTO_GRE,  IPPROTO_ESP, IPPROTO_AH,
	IPPROTO_COMP, PROTO_L2TP,   IPPROTO_MPLS, 0,
};

bool tunnel_has_proto(uint8_t proto)
{
	const uint8_t *p;

	for (p = tunnel_protos; *p && *p != proto; p++)
		;
	return *p;
}

bool tunnel_is_ipsec(uint8_t proto)
{
	return proto == IPPROTO_ESP || proto == IPPROTO_AH || proto == IPPROTO_COMP;
}
