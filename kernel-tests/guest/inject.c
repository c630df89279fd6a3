// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest-inject: sends the first packet of each flow that standard input names, one a line (tests/nft_flows.c has the
 * format), into the network namespaces "host" and "router" of nft-flows.sh. A packet's number is its IP identification
 * (IPv4) or flow label (IPv6). Conntrack forgets everything before each packet.
 *
 *      root                     host: the addresses are its own; what goes out goes through lo
 *  +-----------------+         +------+
 *  | host-eth0 ...   |== veth =| eth0 | ...
 *  | router-eth0 ... |== veth =+------+
 *  +-----------------+         router: sends an address where its last byte says
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_LEN 128
/* what nft-flows.sh tells untracked packets by */
#define TTL_UNTRACKED 77
#define TTL 64

struct packet {
	unsigned int id, proto, sport, dport;
	char dir[8], in[IFNAMSIZ], out[IFNAMSIZ], src[64], dst[64], stray[16];
	int family;
	uint8_t data[MAX_LEN];
	size_t len;
};

static void die(const char *what)
{
	fprintf(stderr, "guest-inject: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = value >> 8;
	at[1] = value;
}

/* What conntrack wants to see of the first packet of a flow; checksums it does not look at (nf_conntrack_checksum). */
static size_t put_transport(const struct packet *p, uint8_t *at)
{
	memset(at, 0, 64);
	if (p->proto != IPPROTO_ICMP && p->proto != IPPROTO_ICMPV6 && p->proto != IPPROTO_GRE) {
		put16(at, p->sport);
		put16(at + 2, p->dport);
	}
	switch (p->proto) {
	case IPPROTO_TCP:
		at[7] = 1;
		at[12] = 5 << 4;
		at[13] = strcmp(p->stray, "ack") ? 0x02 : 0x10;
		return 20;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		put16(at + 4, 8);
		put16(at + 6, 1);
		return 8;
	case IPPROTO_SCTP: /* INIT */
		at[12] = 1;
		put16(at + 14, 20);
		at[19] = 1;
		return 32;
	case IPPROTO_DCCP: /* REQUEST, long sequence numbers */
		at[4] = 5;
		at[8] = 1;
		return 20;
	case IPPROTO_ICMP:
		at[0] = 8;
		return 8;
	case IPPROTO_ICMPV6:
		at[0] = 128;
		return 8;
	}
	return 16;
}

static void put_checksum(uint8_t *header)
{
	uint32_t sum = 0;

	for (int i = 0; i < 20; i += 2)
		sum += header[i] << 8 | header[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	put16(header + 10, ~(sum + (sum >> 16)));
}

static void build(struct packet *p)
{
	int ttl = strcmp(p->stray, "untracked") ? TTL : TTL_UNTRACKED;
	uint8_t *at = p->data;
	size_t payload;

	memset(at, 0, MAX_LEN);
	p->family = strchr(p->src, ':') ? AF_INET6 : AF_INET;
	if (p->family == AF_INET) {
		payload = put_transport(p, at + 20);
		p->len = 20 + payload;
		at[0] = 0x45;
		put16(at + 2, p->len);
		put16(at + 4, p->id);
		at[8] = ttl;
		at[9] = p->proto;
		inet_pton(AF_INET, p->src, at + 12);
		inet_pton(AF_INET, p->dst, at + 16);
		put_checksum(at);
		return;
	}
	payload = put_transport(p, at + 40);
	p->len = 40 + payload;
	at[0] = 0x60;
	put16(at + 2, p->id);
	put16(at + 4, payload);
	at[6] = p->proto;
	at[7] = ttl;
	inet_pton(AF_INET6, p->src, at + 8);
	inet_pton(AF_INET6, p->dst, at + 24);
}

static void enter(const char *ns)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", ns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
}

static void forget_connections(void)
{
	struct {
		struct nlmsghdr nlh;
		struct nfgenmsg nfg;
	} all = {
		.nlh = { .nlmsg_len = sizeof(all), .nlmsg_type = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.nfg = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 },
	};
	char answer[256];
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd < 0 || send(fd, &all, sizeof(all), 0) < 0 || recv(fd, answer, sizeof(answer), 0) < 0)
		die("conntrack");
	close(fd);
}

/* As if it came from the wire. */
static void send_frame(const struct packet *p, const char *dev)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(p->family == AF_INET ? ETH_P_IP : ETH_P_IPV6),
		.sll_ifindex = (int)if_nametoindex(dev),
		.sll_halen = ETH_ALEN,
		.sll_addr = { 2, 0, 0, 0, 0, 1 },
	};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, to.sll_protocol);

	if (!strcmp(dev, "lo"))
		memset(to.sll_addr, 0, sizeof(to.sll_addr));
	if (fd < 0 || sendto(fd, p->data, p->len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		die(dev);
	close(fd);
}

/* As a program would. What OUTPUT drops is an error to send(2), and no news. */
static void send_raw(const struct packet *p)
{
	struct sockaddr_in to4 = { .sin_family = AF_INET };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };
	int fd = socket(p->family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), one = 1;

	inet_pton(AF_INET, p->dst, &to4.sin_addr);
	inet_pton(AF_INET6, p->dst, &to6.sin6_addr);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, p->out, strlen(p->out) + 1) ||
	    (p->family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_HDRINCL, &one, sizeof(one))))
		die(p->out);
	if (p->family == AF_INET)
		sendto(fd, p->data, p->len, 0, (struct sockaddr *)&to4, sizeof(to4));
	else
		sendto(fd, p->data, p->len, 0, (struct sockaddr *)&to6, sizeof(to6));
	close(fd);
}

static void inject(struct packet *p)
{
	bool through_lo = !strcmp(p->in, "lo") || !strcmp(p->out, "lo");
	const char *ns = !strcmp(p->dir, "in") || through_lo ? "host" : "router";
	char dev[64];

	build(p);
	enter(ns);
	forget_connections();
	if (!strcmp(p->dir, "out")) {
		send_raw(p);
		return;
	}
	snprintf(dev, sizeof(dev), "%s-%s", ns, p->in);
	if (!through_lo)
		enter("root");
	send_frame(p, through_lo ? "lo" : dev);
}

int main(void)
{
	struct packet p;

	while (scanf("%u %7s %15s %15s %u %63s %63s %u %u %15s %*s", &p.id, p.dir, p.in, p.out, &p.proto, p.src, p.dst,
		     &p.sport, &p.dport, p.stray) == 10)
		inject(&p);
	return 0;
}
