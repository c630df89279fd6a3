// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two ends of a conversation: forked children that enter a namespace and a domain and then use
 * sockets. No program is executed, so a conversation costs some milliseconds even under emulation.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/ftp.h"
#include "net/peer.h"
#include "net/topology.h"

#define PROBE_PORT 7 /* echo, and the next one; no case speaks about these */
#define PROBE_MS 100
#define SETTLE_MS 1000

void report_and_exit(int report, enum peer_event event, int err)
{
	struct peer_report r = { .event = event, .err = err };

	_exit(write(report, &r, sizeof(r)) != sizeof(r));
}

void report_peercon(int report, enum peer_event event, const char *peercon)
{
	struct peer_report r = { .event = event };

	snprintf(r.peercon, sizeof(r.peercon), "%s", peercon);
	if (write(report, &r, sizeof(r)) != sizeof(r))
		_exit(1);
}

void report_progress(int report, enum peer_event event)
{
	report_peercon(report, event, "");
}

int peer_start(struct peer *p, void (*part)(const struct peer *p, int report))
{
	int fds[2], err;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	p->pid = fork();
	if (p->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		err = netns_enter(p->ns);
		if (!err)
			err = domain_enter(p->context);
		if (err)
			report_and_exit(fds[1], PEER_FAILED, -err);
		part(p, fds[1]);
		_exit(0);
	}
	close(fds[1]);
	p->fd = fds[0];
	return p->pid < 0 ? -errno : 0;
}

static void socket_enter_vrf(int fd, const struct netns *ns)
{
	if (ns->vrf)
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, ns->vrf, strlen(ns->vrf));
}

int bound_socket(const struct peer *p, int report)
{
	bool v6 = p->self.ss_family == AF_INET6;
	int fd = socket(p->self.ss_family, p->proto->type | SOCK_CLOEXEC, p->proto->protocol[v6]),
	    on = 1;

	if (fd < 0)
		report_and_exit(report, PEER_FAILED, errno);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	peercon_ask(fd);
	socket_enter_vrf(fd, p->ns);
	if (p->proto->ports && bind(fd, (const struct sockaddr *)&p->self, p->addr_len))
		report_and_exit(report, PEER_FAILED, errno);
	return fd;
}

/*
 * An echo request for a ping socket, which fills in the identifier and the checksum; zeros for a
 * raw socket; for the rest just a word.
 */
static size_t request_fill(const struct peer *p, char *buf)
{
	struct icmphdr *icmp = (struct icmphdr *)buf;

	memset(buf, 0, 2 * sizeof(*icmp));
	if (p->proto->type == SOCK_RAW)
		return 2 * sizeof(*icmp);
	if (p->proto->ports) {
		memcpy(buf, "ping", 4);
		return 4;
	}
	icmp->type = p->self.ss_family == AF_INET6 ? ICMPV6_ECHO_REQUEST : ICMP_ECHO;
	return sizeof(*icmp);
}

static void client_part(const struct peer *p, int report)
{
	int fd = bound_socket(p, report);
	char buf[64], peercon[PEERCON_MAX];
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	size_t len = request_fill(p, buf);

	if (connect(fd, (const struct sockaddr *)&p->other, p->addr_len) ||
	    send(fd, buf, len, MSG_NOSIGNAL) < 0)
		report_and_exit(report, PEER_FAILED, errno);
	if (peercon_receive(fd, buf, sizeof(buf), &from, &from_len, peercon) <= 0)
		report_and_exit(report, PEER_FAILED, errno);
	if (p->proto->type == SOCK_STREAM)
		peercon_of_stream(fd, peercon);
	report_peercon(report, PEER_ANSWERED, peercon);
	close(fd);
}

static void stream_serve(int fd, int report)
{
	int conn = accept(fd, NULL, NULL);
	char buf[64], peercon[PEERCON_MAX];
	ssize_t n;

	if (conn < 0)
		report_and_exit(report, PEER_FAILED, errno);
	n = recv(conn, buf, sizeof(buf), 0);
	if (n <= 0 || send(conn, buf, n, MSG_NOSIGNAL) != n)
		report_and_exit(report, PEER_FAILED, errno);
	peercon_of_stream(conn, peercon);
	report_peercon(report, PEER_SERVED, peercon);
	/* The client closes first. After its end is read, the connection is over. */
	recv(conn, buf, sizeof(buf), 0);
	close(conn);
}

static void datagram_serve(int fd, int report)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char buf[64], peercon[PEERCON_MAX];
	ssize_t n = peercon_receive(fd, buf, sizeof(buf), &from, &len, peercon);

	if (n <= 0 || sendto(fd, buf, n, 0, (struct sockaddr *)&from, len) != n)
		report_and_exit(report, PEER_FAILED, errno);
	report_peercon(report, PEER_SERVED, peercon);
}

static void server_part(const struct peer *p, int report)
{
	int fd = bound_socket(p, report);

	if (p->proto->type == SOCK_STREAM && listen(fd, 4))
		report_and_exit(report, PEER_FAILED, errno);
	report_progress(report, PEER_READY);
	if (p->proto->type == SOCK_STREAM)
		stream_serve(fd, report);
	else
		datagram_serve(fd, report);
	close(fd);
}

#define SAME(protocol)             \
	{                          \
		protocol, protocol \
	}
#define PARTS .client = client_part, .server = server_part

static const struct protocol protocols[] = {
	{ "tcp", SOCK_STREAM, SAME(IPPROTO_TCP), .ports = true, PARTS },
	{ "udp", SOCK_DGRAM, SAME(IPPROTO_UDP), .ports = true, PARTS },
	{ "sctp", SOCK_STREAM, SAME(IPPROTO_SCTP), .ports = true, PARTS },
	{ "udplite", SOCK_DGRAM, SAME(IPPROTO_UDPLITE), .ports = true, PARTS },
	{ "mptcp", SOCK_STREAM, SAME(IPPROTO_MPTCP), .ports = true, PARTS },
	{ "tcp-mapped", SOCK_STREAM, SAME(IPPROTO_TCP), .ports = true, .mapped = true, PARTS },
	{ "udp-mapped", SOCK_DGRAM, SAME(IPPROTO_UDP), .ports = true, .mapped = true, PARTS },
	{ "icmp", SOCK_DGRAM, { IPPROTO_ICMP, IPPROTO_ICMPV6 }, .client = client_part },
	{ "esp", SOCK_RAW, SAME(IPPROTO_ESP), PARTS },
	{ "ospf", SOCK_RAW, SAME(89), PARTS },
	{ "vrrp", SOCK_RAW, SAME(112), PARTS },
	{ "igmp", SOCK_RAW, SAME(IPPROTO_IGMP), PARTS },
	{ "ftp-passive", SOCK_STREAM, SAME(IPPROTO_TCP), .ports = true, .client = ftp_client_part,
	  .server = ftp_server_part },
	{ "ftp-active", SOCK_STREAM, SAME(IPPROTO_TCP), .ports = true, .client = ftp_client_part,
	  .server = ftp_server_part, .active = true },
};

const struct protocol *protocol_find(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(protocols); i++)
		if (!strcmp(protocols[i].name, name))
			return &protocols[i];
	return NULL;
}

int peer_report(const struct peer *p, int timeout_ms, struct peer_report *r)
{
	struct pollfd pfd = { .fd = p->fd, .events = POLLIN };

	if (poll(&pfd, 1, timeout_ms) <= 0)
		return 0;
	return read(p->fd, r, sizeof(*r)) == sizeof(*r) ? 1 : -1;
}

/* How often it has gone to sleep; -1 if it could run now. A peer that was never started sleeps. */
static long peer_rest(const struct peer *p)
{
	char path[64], status[4096], *state, *count;

	snprintf(path, sizeof(path), "/proc/%d/status", p->pid);
	if (p->pid <= 0)
		return 0;
	if (file_read(path, status, sizeof(status)) < 0 ||
	    !(state = strstr(status, "\nState:\t")) || !strchr("SZ", state[8]) ||
	    !(count = strstr(status, "\nvoluntary_ctxt_switches:")))
		return -1;
	return atol(count + strlen("\nvoluntary_ctxt_switches:"));
}

/*
 * Makes an address of a host that of its probes (TOPOLOGY_END), which no label and no map of
 * NetLabel speaks of.
 */
static void probe_address(struct sockaddr_storage *ss)
{
	struct in6_addr *v6 = &((struct sockaddr_in6 *)ss)->sin6_addr;
	struct in_addr *v4 = &((struct sockaddr_in *)ss)->sin_addr;

	if (ss->ss_family == AF_INET)
		v4->s_addr = htonl(ntohl(v4->s_addr) + PROBE_HOSTS);
	else if (IN6_IS_ADDR_LOOPBACK(v6))
		inet_pton(AF_INET6, PROBE_LOOPBACK6, v6);
	else
		v6->s6_addr[14] = 1;
}

/*
 * The runner's own socket, in its own domain. own: at the address of the probes. Returns it or
 * -errno.
 */
static int probe_socket(const struct peer *p, const struct sockaddr_storage *self,
			const struct sockaddr_storage *other, bool server, bool own)
{
	struct sockaddr_storage from = *self, to = *other;
	int fd, err = netns_enter(p->ns);
	socklen_t len = p->addr_len;

	if (own) {
		probe_address(&from);
		probe_address(&to);
	}
	port_set(&from, PROBE_PORT + server);
	port_set(&to, PROBE_PORT + !server);
	fd = err ? -1 : socket(from.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		socket_enter_vrf(fd, p->ns);
	if (!err && (fd < 0 || bind(fd, (struct sockaddr *)&from, len) ||
		     connect(fd, (struct sockaddr *)&to, len)))
		err = -errno;
	netns_leave();
	if (err && fd >= 0)
		close(fd);
	return err ? err : fd;
}

/* To the server and back. Packets do not overtake each other, so all earlier ones have arrived. */
static int probe_round(const int fds[2])
{
	char byte = 0;

	for (int i = 0; i < 2; i++) {
		struct pollfd pfd = { .fd = fds[!i], .events = POLLIN };

		if (send(fds[i], &byte, 1, 0) != 1)
			return -errno;
		if (poll(&pfd, 1, PROBE_MS) != 1 || recv(fds[!i], &byte, 1, 0) != 1)
			return -ETIMEDOUT;
	}
	return 0;
}

/* Returns 0 or -errno; either way the caller closes what is open. */
static int probe_open(const struct peer *client, const struct peer *server, bool own, int fds[2])
{
	fds[0] = probe_socket(client, &client->self, &client->other, false, own);
	fds[1] = probe_socket(server, &client->other, &client->self, true, own);
	return fds[0] < 0 ? fds[0] : fds[1] < 0 ? fds[1] : 0;
}

static void probe_close(const int fds[2])
{
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

int peers_settle(const struct peer *client, const struct peer *server)
{
	int fds[2], err = probe_open(client, server, true, fds);
	long long end = now_ms() + SETTLE_MS;
	bool rest = false;

	/* A few hosts have no address for probes. */
	if (err == -EADDRNOTAVAIL || err == -ENETUNREACH) {
		probe_close(fds);
		err = probe_open(client, server, false, fds);
	}
	/* At rest: no earlier packet has woken one of them while the probe was on its way. */
	while (!err && !rest) {
		long before[2] = { peer_rest(client), peer_rest(server) };

		err = probe_round(fds);
		rest = before[0] >= 0 && before[1] >= 0 && peer_rest(client) == before[0] &&
		       peer_rest(server) == before[1];
		if (!rest && now_ms() > end)
			err = -EBUSY;
	}
	probe_close(fds);
	return err;
}

void peer_stop(struct peer *p)
{
	if (p->pid <= 0)
		return;
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	close(p->fd);
	p->pid = 0;
}
