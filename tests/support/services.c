// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <netdb.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Replaces the functions of the C library: the same services and protocols on every machine. */
struct servent *getservbyname(const char *name, const char *proto)
{
	static const struct {
		const char *name, *proto;
		uint16_t port;
	} known[] = {
		{ "http", "tcp", 80 },       { "domain", "tcp", 53 },      { "domain", "udp", 53 },
		{ "http-alt", "tcp", 8080 }, { "3com-tsmux", "tcp", 106 },
	};
	static struct servent found;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name) || (proto && strcmp(known[i].proto, proto)))
			continue;
		found.s_port = htons(known[i].port);
		return &found;
	}
	return NULL;
}

struct protoent *getprotobyname(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} known[] = {
		{ "ip", 0 },      { "tcp", 6 },     { "TCP", 6 },
		{ "ipencap", 4 }, { "dccp", 33 },   { "eigrp", 88 },
		{ "ipip", 94 },   { "mptcp", 262 }, { "ipv6-frag", 44 },
	};
	static struct protoent found;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name))
			continue;
		found.p_proto = known[i].number;
		return &found;
	}
	return NULL;
}
