// SPDX-License-Identifier: GPL-2.0-only
#include "packet/proto.h"

#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

#include "base/number.h"

/* netinet/in.h lacks these; the numbers are IANA's */
#define PROTO_OSPF 89
#define PROTO_VRRP 112
/* KA9Q's; protocols(5) calls this one ipip, and the one of Linux's tunnels ipencap */
#define PROTO_IPIP_KA9Q 94

/*
 * xt_multiport knows the same protocols with ports (net/netfilter/xt_multiport.c, check()).
 * ah is an extension header in IPv6: there rules see the protocol behind it.
 */
const struct proto known_protos[] = {
	{ "tcp", IPPROTO_TCP, true, AF_UNSPEC },
	{ "udp", IPPROTO_UDP, true, AF_UNSPEC },
	{ "sctp", IPPROTO_SCTP, true, AF_UNSPEC },
	{ "dccp", IPPROTO_DCCP, true, AF_UNSPEC },
	{ "udplite", IPPROTO_UDPLITE, true, AF_UNSPEC },
	{ "icmp", IPPROTO_ICMP, false, AF_INET },
	{ "icmpv6", IPPROTO_ICMPV6, false, AF_INET6 },
	{ "esp", IPPROTO_ESP, false, AF_UNSPEC },
	{ "ah", IPPROTO_AH, false, AF_INET },
	{ "gre", IPPROTO_GRE, false, AF_UNSPEC },
	{ "ipip", IPPROTO_IPIP, false, AF_UNSPEC },
	{ "ipv6", IPPROTO_IPV6, false, AF_UNSPEC },
	{ "igmp", IPPROTO_IGMP, false, AF_INET },
	{ "ospf", PROTO_OSPF, false, AF_UNSPEC },
	{ "pim", IPPROTO_PIM, false, AF_UNSPEC },
	{ "vrrp", PROTO_VRRP, false, AF_UNSPEC },
	{ "l2tp", PROTO_L2TP, false, AF_UNSPEC },
	{ "any", 0, false, AF_UNSPEC },
	{ NULL, 0, false, AF_UNSPEC },
};

/* All numbers. Those of known_protos are not used; the last four are none. */
#define ROW(tens, ones, number)                                                \
	{                                                                      \
		PROTO_BY_NUMBER tens ones, (uint8_t)(number), false, AF_UNSPEC \
	}
#define ROWS(tens, n)                                                                      \
	ROW(tens, "0", (n)), ROW(tens, "1", (n) + 1), ROW(tens, "2", (n) + 2),             \
		ROW(tens, "3", (n) + 3), ROW(tens, "4", (n) + 4), ROW(tens, "5", (n) + 5), \
		ROW(tens, "6", (n) + 6), ROW(tens, "7", (n) + 7), ROW(tens, "8", (n) + 8), \
		ROW(tens, "9", (n) + 9)

static const struct proto numbered[] = {
	ROWS("", 0),     ROWS("1", 10),   ROWS("2", 20),   ROWS("3", 30),   ROWS("4", 40),
	ROWS("5", 50),   ROWS("6", 60),   ROWS("7", 70),   ROWS("8", 80),   ROWS("9", 90),
	ROWS("10", 100), ROWS("11", 110), ROWS("12", 120), ROWS("13", 130), ROWS("14", 140),
	ROWS("15", 150), ROWS("16", 160), ROWS("17", 170), ROWS("18", 180), ROWS("19", 190),
	ROWS("20", 200), ROWS("21", 210), ROWS("22", 220), ROWS("23", 230), ROWS("24", 240),
	ROWS("25", 250),
};

const struct proto *proto_known(const char *name)
{
	const struct proto *p;

	for (p = known_protos; p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

/* Its number, or -1. getprotobyname(3) also takes other names of the same protocol, in capital
 * letters. */
static int number_of_system(const char *name)
{
	const struct protoent *p;

	if (strpbrk(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return -1;
	p = getprotobyname(name);
	return p && p->p_proto >= 0 && p->p_proto <= UINT8_MAX ? p->p_proto : -1;
}

const struct proto *proto_find(const char *name)
{
	const struct proto *known = proto_known(name);
	size_t len = strlen(PROTO_BY_NUMBER);
	int number;

	if (known)
		return known;
	if (strncmp(name, PROTO_BY_NUMBER, len) != 0)
		number = number_of_system(name);
	else
		number = number_parse(name + len, strlen(name + len), UINT8_MAX);
	return number < 0 || proto_is_hidden(number) ? NULL : proto_get(number);
}

int proto_of_iptables(const char *name)
{
	/* xtables_chain_protos[], libxtables/xtables.c; and the two names of protocols(5) that are
	 * easily taken for each other */
	static const struct {
		const char *name;
		uint8_t number;
	} own[] = {
		{ "all", 0 },
		{ "ipv6-icmp", IPPROTO_ICMPV6 },
		{ "icmp6", IPPROTO_ICMPV6 },
		{ "mh", IPPROTO_MH },
		{ "ipv6-mh", IPPROTO_MH },
		{ "mobility-header", IPPROTO_MH },
		{ "ipcomp", IPPROTO_COMP },
		{ "ipencap", IPPROTO_IPIP },
		{ "ipip", PROTO_IPIP_KA9Q },
	};
	int number = number_parse(name, strlen(name), UINT8_MAX);
	const struct proto *known;
	size_t i;

	for (i = 0; number < 0 && i < sizeof(own) / sizeof(own[0]); i++)
		if (!strcmp(own[i].name, name))
			number = own[i].number;
	known = number < 0 ? proto_known(name) : NULL;
	if (known && known->number)
		return known->number;
	return number < 0 ? number_of_system(name) : number;
}

const struct proto *proto_get(uint8_t number)
{
	const struct proto *p;

	for (p = known_protos; p->name; p++)
		if (p->number == number)
			return p;
	return &numbered[number];
}

const char *proto_name(uint8_t number)
{
	return proto_get(number)->name;
}

bool proto_has_ports(uint8_t number)
{
	return proto_get(number)->has_ports;
}

bool proto_is_hidden(uint8_t number)
{
	return number == IPPROTO_HOPOPTS || number == IPPROTO_ROUTING ||
	       number == IPPROTO_FRAGMENT || number == IPPROTO_DSTOPTS;
}

uint8_t proto_in_order(unsigned int i)
{
	static const uint8_t first[] = { IPPROTO_TCP,     IPPROTO_UDP,  IPPROTO_SCTP,  IPPROTO_DCCP,
					 IPPROTO_UDPLITE, IPPROTO_ICMP, IPPROTO_ICMPV6 };
	/* the same numbers, rising */
	static const uint8_t skipped[] = { IPPROTO_ICMP,   IPPROTO_TCP,    IPPROTO_UDP,
					   IPPROTO_DCCP,   IPPROTO_ICMPV6, IPPROTO_SCTP,
					   IPPROTO_UDPLITE };
	unsigned int number, k;

	if (i < sizeof(first))
		return first[i];
	/* the others from 1 on; after 255 comes 0 */
	number = i - sizeof(first) + 1;
	for (k = 0; k < sizeof(skipped); k++)
		number += number >= skipped[k];
	return number;
}
