// SPDX-License-Identifier: GPL-2.0-only
/*
 * All packets are sent by raw sockets, each bound to one interface: into a host from the other end
 * of its links.
 *
 *      world                    host a (and b): packets to itself go through lo,
 *  +-----------------+         +------+        or within the VRF blue, which has the same addresses
 *  | a-eth0 ...      |== veth =| eth0 | ...
 *  | b-eth0 ...      |         +------+
 *  +-----------------+
 */
#include "differential/flow_wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "differential/flow_packet.h"
#include "differential/flow_tunnel.h"
#include "util/alloc.h"

#define FAMILIES 2
/* the last ones have no other end here */
#define IFACES 8
#define IFACES_LINKED 4

static const char *const ifaces[IFACES] = {
	"eth0", "eth1", "veth0", "wlan0", "lo", FLOW_VRF, "eth-gre", "veth-ip",
};

struct wires {
	int world, host[HOSTS];          /* namespaces */
	int in[HOSTS][IFACES][FAMILIES]; /* sockets; not through lo */
	int out[HOSTS][IFACES][FAMILIES];
	int barrier[HOSTS];
};

static void wire_die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_ns(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		wire_die(path);
	return fd;
}

static void enter_namespace(int ns)
{
	if (setns(ns, CLONE_NEWNET))
		wire_die("setns");
}

static int open_raw(const char *iface, bool six)
{
	int fd = socket(six ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), one = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, iface, strlen(iface) + 1) ||
	    (six && setsockopt(fd, IPPROTO_IPV6, IPV6_HDRINCL, &one, sizeof(one))))
		wire_die(iface);
	return fd;
}

/* Receives what a thread of the kernel takes out of IPsec in transport mode, in its turn. */
static int open_barrier(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(ESP_BARRIER_PORT) };
	struct timeval limit = { .tv_sec = 60 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, ESP_BARRIER_ADDRESS, &here.sin_addr);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    bind(fd, (struct sockaddr *)&here, sizeof(here)))
		wire_die("barrier");
	return fd;
}

/* Packets arrive in the order of sending only on one processor. */
static void stay_here(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		wire_die("sched_setaffinity");
}

struct wires *wires_open(void)
{
	struct wires *w = alloc_zeroed(1, sizeof(*w));
	char name[IFNAMSIZ];
	int host, i, six;

	stay_here();
	w->world = open_ns("world");
	enter_namespace(w->world);
	for (host = 0; host < HOSTS; host++) {
		w->host[host] = open_ns(host_names[host]);
		enter_namespace(w->host[host]);
		w->barrier[host] = open_barrier();
		for (i = 0; i < IFACES * FAMILIES; i++) {
			six = i % FAMILIES;
			enter_namespace(w->host[host]);
			w->out[host][i / FAMILIES][six] = open_raw(ifaces[i / FAMILIES], six);
			w->in[host][i / FAMILIES][six] = -1;
			if (i / FAMILIES >= IFACES_LINKED)
				continue;
			enter_namespace(w->world);
			snprintf(name, sizeof(name), "%s-%s", host_names[host],
				 ifaces[i / FAMILIES]);
			w->in[host][i / FAMILIES][six] = open_raw(name, six);
		}
	}
	return w;
}

void wires_close(struct wires *w)
{
	int host, i;

	for (host = 0; host < HOSTS; host++) {
		close(w->barrier[host]);
		close(w->host[host]);
		for (i = 0; i < IFACES * FAMILIES; i++) {
			close(w->in[host][i / FAMILIES][i % FAMILIES]);
			close(w->out[host][i / FAMILIES][i % FAMILIES]);
		}
	}
	close(w->world);
	free(w);
}

void wires_enter(const struct wires *w, enum host host)
{
	enter_namespace(w->host[host]);
}

void wires_enter_world(const struct wires *w)
{
	enter_namespace(w->world);
}

static int iface_index(const char *name)
{
	int i;

	for (i = 0; strcmp(ifaces[i], name); i++)
		;
	return i;
}

/* IPsec looks up the keys of a packet by the address of its socket. */
static void set_source(int fd, const struct net *src)
{
	struct sockaddr_in from4 = { .sin_family = AF_INET };
	struct sockaddr_in6 from6 = { .sin6_family = AF_INET6 };
	bool four = src->family == AF_INET;

	memcpy(&from4.sin_addr, src->addr, sizeof(from4.sin_addr));
	memcpy(&from6.sin6_addr, src->addr, sizeof(from6.sin6_addr));
	if (bind(fd, four ? (struct sockaddr *)&from4 : (struct sockaddr *)&from6,
		 four ? sizeof(from4) : sizeof(from6)))
		wire_die("bind");
}

static void set_mark(int fd, uint32_t mark)
{
	if (setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)))
		wire_die("SO_MARK");
}

/* If a hook drops a packet on its way out, sendto(2) fails. Such a packet shows as one that was
 * never seen. */
static void send_to(int fd, const struct net *dst, const uint8_t *data, size_t len)
{
	struct sockaddr_in to4 = { .sin_family = AF_INET };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };

	memcpy(&to4.sin_addr, dst->addr, sizeof(to4.sin_addr));
	memcpy(&to6.sin6_addr, dst->addr, sizeof(to6.sin6_addr));
	if (dst->family == AF_INET)
		sendto(fd, data, len, 0, (struct sockaddr *)&to4, sizeof(to4));
	else
		sendto(fd, data, len, 0, (struct sockaddr *)&to6, sizeof(to6));
}

/* Packets from elsewhere are in an outer packet already. The others get one from the kernel, which
 * keeps their mark. */
static void send_in_tunnel(const struct wires *w, enum host host, const struct trial *t,
			   const struct manner *m, enum turn turn)
{
	unsigned int ttl = TTL_OURS + (t->untracked ? TTL_UNTRACKED : 0), outer = TTL_OUTER;
	int six = t->flow.src.family == AF_INET6, fd;
	const bool reply = turn == TURN_REPLY;
	uint8_t data[PACKET_MAX];
	uint32_t mark = tunnel_mark(t, turn);
	size_t len;

	if (trial_comes(t, turn)) {
		if (t->foreign && !manner_is_fast(m, t->outer.in))
			outer += TTL_OUTER_FOREIGN;
		len = packet_build_outer(t, turn, ttl, outer, data);
		send_to(w->in[host][iface_index(t->outer.in)][t->outer.src.family == AF_INET6],
			t->outer.dir == FLOW_IN ? &t->outer.dst : &t->outer.src, data, len);
		return;
	}
	fd = w->out[host][iface_index(t->flow.out)][six];
	len = packet_build(t, turn, ttl, data);
	set_mark(fd, mark);
	set_source(fd, reply ? &t->flow.dst : &t->flow.src);
	send_to(fd, reply ? &t->flow.src : &t->flow.dst, data, len);
	set_mark(fd, 0);
}

void wires_send(const struct wires *w, enum host host, const struct trial *t,
		const struct manner *m, enum turn turn)
{
	bool reply = turn == TURN_REPLY, comes = trial_comes(t, turn);
	const char *iface = reply ? t->flow.out : t->flow.in;
	unsigned int ttl = TTL_OURS + (t->untracked ? TTL_UNTRACKED : 0);
	int i = iface_index(iface), six = t->flow.src.family == AF_INET6;
	uint8_t data[PACKET_MAX];
	size_t len;

	if (t->tunnel) {
		send_in_tunnel(w, host, t, m, turn);
		return;
	}
	if (comes && t->foreign && !manner_is_fast(m, iface))
		ttl += TTL_FOREIGN;
	len = packet_build(t, turn, ttl, data);
	send_to(comes ? w->in[host][i][six] : w->out[host][i][six],
		reply ? &t->flow.src : &t->flow.dst, data, len);
}

void wires_calibrate(const struct wires *w, unsigned int label)
{
	struct trial t = {
		.number = label,
		.flow = { .proto = IPPROTO_UDP, .src = { AF_INET, 32, { 10, 1, 2, 3 } } },
	};
	uint8_t data[PACKET_MAX];
	size_t len;

	t.flow.dst = t.flow.src;
	len = packet_build(&t, TURN_FIRST, TTL_CALIBRATION, data);
	send_to(w->in[HOST_A][0][0], &t.flow.dst, data, len);
}

/* What is sent is received before we run again: see flows.sh. Only what comes in IPsec in transport
 * mode waits for a thread of the kernel. */
void wires_settle(const struct wires *w)
{
	const struct net to = { AF_INET, 32, { 192, 168, 254, 1 } };
	uint8_t data[PACKET_MAX];
	size_t len = packet_build_barrier(data);
	enum host host;
	char c;

	for (host = 0; host < HOSTS; host++) {
		send_to(w->in[host][0][0], &to, data, len);
		if (recv(w->barrier[host], &c, 1, 0) != 0)
			wire_die("barrier");
	}
}
