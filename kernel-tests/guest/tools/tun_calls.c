// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TUN device is a socket to SELinux: one that has the label of who has opened the device.
 *
 * tun create|attach
 *     a device of its own; attach: takes its queue away, and puts it back
 *
 * tun-open MAKER OPENER
 *     a program in one domain makes a device that stays, and another one, in another domain, opens
 *     it. Run it as kernel_t, which may enter domains
 *
 * tun-inject DEVICE ADDRESS PORT
 *     writes a UDP packet to the device, from the next address, for a socket at ADDRESS and PORT
 *
 * tun-read DEVICE ADDRESS TO PORT
 *     reads the UDP packet that a socket at ADDRESS has sent to the device
 *
 * packet-read ADDRESS PORT
 *     sends a UDP packet to itself, and reads it with a packet socket of the interface
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runner/util.h"
#include "tools/calls.h"
#include "tools/checksum.h"
#include "tools/fd_pass.h"
#include "tools/socket_ends.h"

#define ANSWER_MS 300
#define SENDS 10          /* of a packet whose way is not ready at once */
#define CLIENT_PORT 40000 /* one that kernels give to clients */
#define SHARED "shared0"

static int tun_fd(void)
{
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		calls_die("/dev/net/tun");
	return fd;
}

/* Returns 0 or errno. */
static int tun_attach(int fd, const char *name, int flags)
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI | flags };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	return ioctl(fd, TUNSETIFF, &ifr) ? errno : 0;
}

static int tun_queue(int fd, int flags)
{
	struct ifreq ifr = { .ifr_flags = flags };

	return ioctl(fd, TUNSETQUEUE, &ifr) ? errno : 0;
}

static int tun_run(int argc, char **argv)
{
	int fd = tun_fd(), err = tun_attach(fd, "own%d", IFF_MULTI_QUEUE);

	(void)argc;
	if (!err && !strcmp(argv[0], "attach"))
		err = tun_queue(fd, IFF_DETACH_QUEUE) ?: tun_queue(fd, IFF_ATTACH_QUEUE);
	return calls_say(argv[0], "tun_socket", err);
}

static int shared_make(void *arg)
{
	int fd = tun_fd();

	(void)arg;
	errno = tun_attach(fd, SHARED, IFF_MULTI_QUEUE);
	if (errno)
		calls_die(SHARED);
	return fd;
}

/* The device is there as long as the maker's descriptor, which is passed. */
static int shared_open(const struct fd_passed *passed, void *arg)
{
	(void)passed;
	(void)arg;
	return calls_say("open", "tun_socket", tun_attach(tun_fd(), SHARED, IFF_MULTI_QUEUE));
}

static int tun_open_run(int argc, char **argv)
{
	(void)argc;
	return fd_pass(argv[0], argv[1], shared_make, shared_open, NULL);
}

/* A UDP packet with one byte, from the next address, as it is on the wire. Returns its length. */
static size_t packet_fill(uint8_t packet[64], const struct ends *to)
{
	const size_t udp_len = sizeof(struct udphdr) + 1;
	struct ip6_hdr v6 = { .ip6_dst = to->at.v6.sin6_addr, .ip6_src = to->at.v6.sin6_addr };
	struct iphdr v4 = {
		.version = 4, .ihl = sizeof(v4) / 4, .ttl = 64, .protocol = IPPROTO_UDP
	};
	struct udphdr udp = { .source = htons(CLIENT_PORT),
			      .dest = to->at.v4.sin_port,
			      .len = htons(udp_len) };
	bool is_v6 = to->at.any.sa_family == AF_INET6;
	size_t head = is_v6 ? sizeof(v6) : sizeof(v4);
	uint32_t sum = IPPROTO_UDP + udp_len;

	if (is_v6) {
		v6.ip6_flow = htonl(6 << 28);
		v6.ip6_plen = htons(udp_len);
		v6.ip6_nxt = IPPROTO_UDP;
		v6.ip6_hlim = 64;
		v6.ip6_src.s6_addr[15]++;
		sum = checksum_add(sum, &v6.ip6_src, 2 * sizeof(v6.ip6_src));
		memcpy(packet, &v6, sizeof(v6));
	} else {
		v4.tot_len = htons(sizeof(v4) + udp_len);
		v4.daddr = to->at.v4.sin_addr.s_addr;
		v4.saddr = htonl(ntohl(v4.daddr) + 1);
		v4.check = checksum_finish(checksum_add(0, &v4, sizeof(v4)));
		sum = checksum_add(sum, &v4.saddr, 2 * sizeof(v4.saddr));
		memcpy(packet, &v4, sizeof(v4));
	}
	packet[head + sizeof(udp)] = 'x';
	sum = checksum_add(sum, &packet[head + sizeof(udp)], 1);
	udp.check = checksum_finish(checksum_add(sum, &udp, sizeof(udp)));
	memcpy(packet + head, &udp, sizeof(udp));
	return head + udp_len;
}

static struct ends at(const char *address, const char *port, enum stage stage)
{
	struct ends e;

	errno = ends_init(&e, "udp_socket", address, port) ?: ends_advance(&e, stage);
	if (errno)
		calls_die(address);
	return e;
}

static bool comes_soon(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, ANSWER_MS) == 1;
}

static int device_open(const char *name)
{
	int fd = tun_fd();

	errno = tun_attach(fd, name, 0);
	if (errno)
		calls_die(name);
	return fd;
}

static int tun_inject_run(int argc, char **argv)
{
	int fd = device_open(argv[0]);
	struct ends to = at(argv[1], argv[2], STAGE_BOUND);
	uint8_t packet[64];
	size_t len = packet_fill(packet, &to);

	(void)argc;
	if (write(fd, packet, len) != (ssize_t)len)
		calls_die("write");
	return calls_say("recv", "udp_socket", comes_soon(to.listener) ? 0 : EAGAIN);
}

/* Other packets, such as the kernel's own, do not have the port. */
static bool read_packet(int fd, const struct ends *to)
{
	uint8_t buf[256];

	while (comes_soon(fd)) {
		ssize_t n = read(fd, buf, sizeof(buf));
		struct udphdr udp;
		size_t at = n > 0 && buf[0] >> 4 == 6 ? sizeof(struct ip6_hdr) :
							sizeof(struct iphdr);

		if (n < (ssize_t)(at + sizeof(udp)))
			continue;
		memcpy(&udp, buf + at, sizeof(udp));
		if (udp.dest == to->at.v4.sin_port)
			return true;
	}
	return false;
}

static int tun_read_run(int argc, char **argv)
{
	int fd = device_open(argv[0]);
	struct ends from = at(argv[1], "0", STAGE_BOUND), to = at(argv[2], argv[3], STAGE_NONE);
	bool came = false;

	(void)argc;
	/* the device has a queue some time after it was opened, and no packet gets there before */
	for (int i = 0; i < SENDS && !came; i++) {
		if (sendto(from.listener, "x", 1, 0, &to.at.any, to.len) < 0)
			calls_die("sendto");
		came = read_packet(fd, &to);
	}
	return calls_say("read", "tun_socket", came ? 0 : EAGAIN);
}

static int packet_read_run(int argc, char **argv)
{
	struct ends e = at(argv[0], argv[1], STAGE_CONNECTED);
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL));

	(void)argc;
	if (fd < 0 || send(e.client, "x", 1, 0) < 0)
		calls_die("send");
	return calls_say("read", "packet_socket", read_packet(fd, &e) ? 0 : EAGAIN) |
	       calls_say("recv", "udp_socket", comes_soon(e.listener) ? 0 : EAGAIN);
}

const struct calls_word tun_words[] = {
	{ "tun", "create|attach", 1, tun_run },
	{ "tun-open", "MAKER OPENER", 2, tun_open_run },
	{ "tun-inject", "DEVICE ADDRESS PORT", 3, tun_inject_run },
	{ "tun-read", "DEVICE ADDRESS TO PORT", 4, tun_read_run },
	{ "packet-read", "ADDRESS PORT", 2, packet_read_run },
	{ NULL, NULL, 0, NULL },
};
