// SPDX-License-Identifier: GPL-2.0-only
#include "differential/flow_packet.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "differential/flow_tunnel.h"
#include "packet/proto.h"

#define IP4_HEADER 20
#define IP6_HEADER 40

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

/* Writes the header of IP in front of @len bytes. Returns the length of both. */
static size_t put_ip(const struct net *src, const struct net *dst, uint8_t proto, unsigned int ttl,
		     unsigned int number, uint8_t *data, size_t len)
{
	if (src->family == AF_INET6) {
		data[0] = 0x60;
		put_u16(data + 2, number);
		put_u16(data + 4, len);
		data[6] = proto;
		data[7] = ttl;
		memcpy(data + 8, src->addr, 16);
		memcpy(data + 24, dst->addr, 16);
		return IP6_HEADER + len;
	}
	data[0] = 0x45;
	put_u16(data + 2, IP4_HEADER + len);
	put_u16(data + 4, number);
	data[8] = ttl;
	data[9] = proto;
	memcpy(data + 12, src->addr, 4);
	memcpy(data + 16, dst->addr, 4);
	put_checksum(data);
	return IP4_HEADER + len;
}

static size_t ip_header(const struct net *end)
{
	return end->family == AF_INET6 ? IP6_HEADER : IP4_HEADER;
}

size_t packet_build(const struct trial *t, enum turn turn, unsigned int ttl,
		    uint8_t data[PACKET_MAX])
{
	const struct flow *flow = &t->flow;
	const struct net *src = turn == TURN_REPLY ? &flow->dst : &flow->src;
	const struct net *dst = turn == TURN_REPLY ? &flow->src : &flow->dst;
	size_t len;

	memset(data, 0, PACKET_MAX);
	len = put_transport(t, turn, data + ip_header(src));
	return put_ip(src, dst, flow->proto, ttl, trial_packet(t, turn), data, len);
}

/* What is between the header of the outer packet and its content. */
static size_t put_tunnel(const struct trial *t, uint8_t *at)
{
	switch (t->tunnel) {
	case TUNNEL_GRE:
		put_u16(at + 2, t->flow.src.family == AF_INET6 ? 0x86dd : 0x0800);
		return 4;
	case TUNNEL_ESP:
	case TUNNEL_ESP_WHOLE:
		put_u32(at, tunnel_spi(t));
		put_u32(at + 4, 1);
		return 8;
	default:
		return 0;
	}
}

/* ESP without encryption ends with zeros up to a multiple of 4, their number, and what is inside.
 * Returns the length of that. */
static size_t put_esp_end(uint8_t inside, uint8_t *at, size_t len)
{
	size_t zeros = -(len + 2) % 4;

	at[len + zeros] = zeros;
	at[len + zeros + 1] = inside;
	return zeros + 2;
}

size_t packet_build_outer(const struct trial *t, enum turn turn, unsigned int ttl,
			  unsigned int outer_ttl, uint8_t data[PACKET_MAX])
{
	/* the packet comes from elsewhere, and its first one may have left */
	bool turned = t->outer.dir != FLOW_IN;
	const struct net *src = turned ? &t->outer.dst : &t->outer.src;
	const struct net *dst = turned ? &t->outer.src : &t->outer.dst;
	uint8_t inner[PACKET_MAX], inside = t->flow.proto;
	const uint8_t *content = inner;
	size_t len = packet_build(t, turn, ttl, inner), start = ip_header(src);

	memset(data, 0, PACKET_MAX);
	if (t->tunnel == TUNNEL_ESP) {
		content += ip_header(&t->flow.src);
		len -= ip_header(&t->flow.src);
	} else {
		inside = t->flow.src.family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IPIP;
	}
	start += put_tunnel(t, data + start);
	memcpy(data + start, content, len);
	if (!tunnel_has_device(t->tunnel))
		len += put_esp_end(inside, data + start, len);
	return put_ip(src, dst, t->outer.proto, outer_ttl, trial_packet(t, turn), data,
		      start - ip_header(src) + len);
}

/* Of no flow. If it was 0, the kernel would choose one, and that could be the number of a flow. */
#define BARRIER_NUMBER 1

size_t packet_build_barrier(uint8_t data[PACKET_MAX])
{
	const struct net src = { AF_INET, 32, { 192, 168, 254, 2 } },
			 dst = { AF_INET, 32, { 192, 168, 254, 1 } };
	uint8_t *esp = data + IP4_HEADER, *udp = esp + 8;

	memset(data, 0, PACKET_MAX);
	put_u32(esp, 0x500);
	put_u32(esp + 4, 1);
	put_u16(udp, ESP_BARRIER_PORT);
	put_u16(udp + 2, ESP_BARRIER_PORT);
	put_u16(udp + 4, 8);
	return put_ip(&src, &dst, IPPROTO_ESP, TTL_OUTER, BARRIER_NUMBER, data,
		      8 + 8 + put_esp_end(IPPROTO_UDP, udp, 8));
}
