// SPDX-License-Identifier: GPL-2.0-only
#include "differential/flow_packet.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "packet/proto.h"

/* The sequence numbers of both ends; those of SCTP are verification tags. */
#define OURS 1
#define THEIRS 101

static void put_u16(uint8_t *at, unsigned int value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static void put_u32(uint8_t *at, unsigned int value)
{
	put_u16(at, value >> 16);
	put_u16(at + 2, value);
}

/* SYN, SYN-ACK, ACK; or ACKs only */
static size_t put_tcp(const struct trial *t, enum turn turn, uint8_t *at)
{
	bool reply = turn == TURN_REPLY, syn = !t->flow.stray && turn != TURN_SECOND;
	bool first = syn && turn == TURN_FIRST;

	put_u32(at + 4, (reply ? THEIRS : OURS) + !syn);
	put_u32(at + 8, first ? 0 : reply ? OURS + 1 : THEIRS + 1);
	at[12] = 5 << 4;
	at[13] = (syn ? 0x02 : 0) | (first ? 0 : 0x10);
	put_u16(at + 14, 1000);
	return 20;
}

/* INIT, INIT-ACK, COOKIE-ECHO */
static size_t put_sctp(enum turn turn, uint8_t *at)
{
	static const uint8_t types[TURNS] = { 1, 2, 10 };

	put_u32(at + 4, turn == TURN_FIRST ? 0 : turn == TURN_REPLY ? OURS : THEIRS);
	at[12] = types[turn];
	put_u16(at + 14, 20);
	put_u32(at + 16, turn == TURN_REPLY ? THEIRS : OURS);
	return 32;
}

/* REQUEST, RESPONSE, ACK, with long sequence numbers */
static size_t put_dccp(enum turn turn, uint8_t *at)
{
	static const uint8_t types[TURNS] = { 0, 1, 3 };
	static const uint8_t words[TURNS] = { 5, 7, 6 };
	bool reply = turn == TURN_REPLY;

	at[4] = words[turn];
	at[8] = types[turn] << 1 | 1;
	put_u32(at + 12, (reply ? THEIRS : OURS) + (turn == TURN_SECOND));
	if (turn != TURN_FIRST)
		put_u32(at + 20, reply ? OURS : THEIRS);
	return 4u * words[turn];
}

static size_t put_echo(const struct trial *t, enum turn turn, uint8_t *at)
{
	static const uint8_t types[2][2] = { { 8, 0 }, { 128, 129 } };

	at[0] = types[t->flow.proto == IPPROTO_ICMPV6][turn == TURN_REPLY];
	put_u16(at + 4, t->number);
	return 8;
}

static size_t put_transport(const struct trial *t, enum turn turn, uint8_t *at)
{
	bool reply = turn == TURN_REPLY;

	if (proto_has_ports(t->flow.proto)) {
		put_u16(at, reply ? t->flow.dport : t->flow.sport);
		put_u16(at + 2, reply ? t->flow.sport : t->flow.dport);
	}
	switch (t->flow.proto) {
	case IPPROTO_TCP:
		return put_tcp(t, turn, at);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		put_u16(at + 4, 8);
		put_u16(at + 6, 1);
		return 8;
	case IPPROTO_SCTP:
		return put_sctp(turn, at);
	case IPPROTO_DCCP:
		return put_dccp(turn, at);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return put_echo(t, turn, at);
	}
	return 16;
}

static void put_checksum(uint8_t *header)
{
	uint32_t sum = 0;
	int i;

	for (i = 0; i < 20; i += 2)
		sum += header[i] << 8 | header[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	put_u16(header + 10, ~(sum + (sum >> 16)));
}

size_t packet_build(const struct trial *t, enum turn turn, unsigned int ttl,
		    uint8_t data[PACKET_MAX])
{
	const struct flow *flow = &t->flow;
	const struct net *src = turn == TURN_REPLY ? &flow->dst : &flow->src;
	const struct net *dst = turn == TURN_REPLY ? &flow->src : &flow->dst;
	bool six = src->family == AF_INET6;
	size_t header = six ? 40 : 20, len;

	memset(data, 0, PACKET_MAX);
	len = put_transport(t, turn, data + header);
	if (six) {
		data[0] = 0x60;
		put_u16(data + 2, trial_packet(t, turn));
		put_u16(data + 4, len);
		data[6] = flow->proto;
		data[7] = ttl;
		memcpy(data + 8, src->addr, 16);
		memcpy(data + 24, dst->addr, 16);
		return header + len;
	}
	data[0] = 0x45;
	put_u16(data + 2, header + len);
	put_u16(data + 4, trial_packet(t, turn));
	data[8] = ttl;
	data[9] = flow->proto;
	memcpy(data + 12, src->addr, 4);
	memcpy(data + 16, dst->addr, 4);
	put_checksum(data);
	return header + len;
}
