// SPDX-License-Identifier: GPL-2.0-only
/*
 * The networks the cases run in: each is built once per boot and then only flushed. Neighbours are
 * permanent, so that the only packets on the wire are a case's own. Namespaces have names below
 * /run/netns, as ip(8) wants them.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/devices.h"
#include "net/topology.h"
#include "net/tunnels.h"

#define ROOT_NS "/proc/1/ns/net"

#define END TOPOLOGY_END

static struct topology topologies[] = {
	/*
	 *   host
	 *  +-------------------+
	 *  | lo 127.0.0.1, ::1 |   client and server are one machine
	 *  +-------------------+
	 *
	 * For cases with several hosts of one machine: fd00::2 to fd00::5, as IPv4 has 127.0.0.2.
	 */
	{
		.name = "lo",
		.ns = { { .name = "host",
			  .ip_batch = "link set lo up\n"
				      "addr add " PROBE_LOOPBACK6
				      "/128 dev lo nodad preferred_lft 0\n"
				      "addr add fd00::2/128 dev lo nodad preferred_lft 0\n"
				      "addr add fd00::3/128 dev lo nodad preferred_lft 0\n"
				      "addr add fd00::4/128 dev lo nodad preferred_lft 0\n"
				      "addr add fd00::5/128 dev lo nodad preferred_lft 0\n",
			  .fd = -1 } },
		.client = { "127.0.0.1", "::1" },
		.server = { "127.0.0.1", "::1" },
	},
	/*
	 * Here and in "router" each interface has an index of its own: NetLabel tells interfaces by
	 * their index alone.
	 *
	 *   client                          server
	 *  +---------------+               +---------------+
	 *  | c0 10.1.0.1   |===== veth ====| s0 10.1.0.2   |
	 *  |    fd01::1    |               |    fd01::2    |
	 *  +---------------+               +---------------+
	 *                    elsewhere: not connected to anything
	 */
	{
		.name = "pair",
		.ns = {
			{ .name = "client", .fd = -1, .ip_batch =
				"link set lo up\n"
				"link add c0 index 1011 type veth peer name s0 index 1012 netns "
				"pair-server\n"
				END("c0", "1", "1", "2") },
			{ .name = "server", .fd = -1, .ip_batch =
				"link set lo up\n"
				END("s0", "1", "2", "1") },
			{ .name = "elsewhere", .fd = -1, .ip_batch = "link set lo up\n" },
		},
		.client = { "10.1.0.1", "fd01::1" },
		.server = { "10.1.0.2", "fd01::2" },
	},
	/*
	 *   client                     router                         server
	 *  +-------------+   veth   +----------------------------+   veth   +-------------+
	 *  | c0 10.2.0.1 |==========| r0 10.2.0.2    10.3.0.1 r1 |==========| s0 10.3.0.2 |
	 *  |    fd02::1  |          |    fd02::2     fd03::1     |          |    fd03::2  |
	 *  +-------------+          +----------------------------+          +-------------+
	 */
	{
		.name = "router",
		.ns = {
			{ .name = "client", .fd = -1, .ip_batch =
				"link set lo up\n"
				"link add c0 index 1011 type veth peer name r0 index 1013 netns "
				"router-router\n"
				END("c0", "2", "1", "2")
				"route add 10.3.0.0/24 via 10.2.0.2\n"
				"route add fd03::/64 via fd02::2\n" },
			{ .name = "router", .fd = -1, .forwards = true, .ip_batch =
				"link set lo up\n"
				"link add r1 index 1014 type veth peer name s0 index 1012 netns "
				"router-server\n"
				END("r0", "2", "2", "1")
				END("r1", "3", "1", "2") },
			{ .name = "server", .fd = -1, .ip_batch =
				"link set lo up\n"
				END("s0", "3", "2", "1")
				"route add 10.2.0.0/24 via 10.3.0.1\n"
				"route add fd02::/64 via fd03::1\n" },
		},
		.client = { "10.2.0.1", "fd02::1" },
		.server = { "10.3.0.2", "fd03::2" },
	},
	/*
	 *   client                     router                         server
	 *  +-------------+   veth   +----------------------------+   veth   +--------------+
	 *  | c0 10.8.0.1 |==========| r0 10.8.0.2    10.9.0.1 r1 |==========| s0 10.9.0.2  |
	 *  |    fd08::1  |          |    fd08::2     fd09::1     |          |    fd09::2   |
	 *  +-------------+          +----------------------------+          | lo 10.8.0.2  |
	 *                                                                   |    fd08::2   |
	 * The client speaks to the router's address, and the server         +--------------+
	 * listens on it. DNAT of the cases gets the packets there.
	 */
	{
		.name = "dnat",
		.ns = {
			{ .name = "client", .fd = -1, .ip_batch =
				"link set lo up\n"
				"link add c0 type veth peer name r0 netns dnat-router\n"
				END("c0", "8", "1", "2") },
			{ .name = "router", .fd = -1, .forwards = true, .ip_batch =
				"link set lo up\n"
				"link add r1 type veth peer name s0 netns dnat-server\n"
				END("r0", "8", "2", "1")
				END("r1", "9", "1", "2") },
			{ .name = "server", .fd = -1, .ip_batch =
				"link set lo up\n"
				END("s0", "9", "2", "1")
				"addr add 10.8.0.2/32 dev lo\n"
				"addr add fd08::2/128 dev lo nodad\n"
				"route add 10.8.0.0/24 via 10.9.0.1\n"
				"route add fd08::1/128 via fd09::1\n" },
		},
		.client = { "10.8.0.1", "fd08::1" },
		.server = { "10.8.0.2", "fd08::2" },
	},
	/*
	 *   client                       server                        outside
	 *  +-------------+   veth   +----------------------------+   veth   +-------------+
	 *  | c0 10.4.0.1 |==========| s0 10.4.0.2    10.5.0.2 s1 |==========| o0 10.5.0.1 |
	 *  |    fd04::1  |          |    fd04::2     fd05::2     |          |    fd05::1  |
	 *  +-------------+          +----------------------------+          +-------------+
	 */
	{
		.name = "home",
		.ns = {
			{ .name = "client", .fd = -1, .ip_batch =
				"link set lo up\n"
				"link add c0 type veth peer name s0 netns home-server\n"
				END("c0", "4", "1", "2") },
			{ .name = "server", .fd = -1, .ip_batch =
				"link set lo up\n"
				"link add s1 type veth peer name o0 netns home-outside\n"
				END("s0", "4", "2", "1")
				END("s1", "5", "2", "1") },
			{ .name = "outside", .fd = -1, .ip_batch =
				"link set lo up\n"
				END("o0", "5", "1", "2"),
				.client = { "10.5.0.1", "fd05::1" },
				.server = { "10.5.0.2", "fd05::2" } },
		},
		.client = { "10.4.0.1", "fd04::1" },
		.server = { "10.4.0.2", "fd04::2" },
	},
	{ .name = NULL },
};

static struct topology *const all[] = { topologies, tunnel_topologies, device_topologies };

struct topology *topology_find(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(all); i++)
		for (struct topology *topo = all[i]; topo->name; topo++)
			if (!strcmp(topo->name, name))
				return topo;
	return NULL;
}

struct netns *topology_ns(struct topology *topo, const char *name, size_t len)
{
	for (struct netns *ns = topo->ns; ns->name; ns++)
		if (strlen(ns->name) == len && !strncmp(ns->name, name, len))
			return ns;
	return NULL;
}

void topology_addresses(const struct topology *topo, const struct netns *client,
			const struct netns *server, int v6, const char *addresses[2])
{
	static const char *const loopback[] = { "127.0.0.1", "::1" };
	bool own = client->client[v6] != NULL;

	addresses[0] = own              ? client->client[v6] :
		       client == server ? loopback[v6] :
					  topo->client[v6];
	addresses[1] = own              ? client->server[v6] :
		       client == server ? loopback[v6] :
					  topo->server[v6];
}

static void netns_each_of(struct topology *topo, void (*fn)(struct netns *ns))
{
	for (struct netns *ns = topo->ns; ns->name; ns++)
		if (ns->fd >= 0)
			fn(ns);
}

void netns_each(void (*fn)(struct netns *ns))
{
	for (size_t i = 0; i < N_ELEMENTS(all); i++)
		for (struct topology *topo = all[i]; topo->name; topo++)
			netns_each_of(topo, fn);
}

int netns_enter(const struct netns *ns)
{
	return setns(ns->fd, CLONE_NEWNET) ? -errno : 0;
}

int netns_leave(void)
{
	int fd = open(ROOT_NS, O_RDONLY | O_CLOEXEC);
	int err = fd < 0 || setns(fd, CLONE_NEWNET) ? -errno : 0;

	close(fd);
	return err;
}

static int netns_create(const struct topology *topo, struct netns *ns)
{
	char path[128];
	int err = 0;

	snprintf(path, sizeof(path), "/run/netns/%s-%s", topo->name, ns->name);
	if (unshare(CLONE_NEWNET))
		return -errno;
	/* Every user may ping. The kernel sends nothing by itself: no DAD, no solicitations. */
	file_puts("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
	file_puts("/proc/sys/net/ipv6/conf/default/accept_dad", "0");
	file_puts("/proc/sys/net/ipv6/conf/default/router_solicitations", "0");
	/* Each error of ICMP is sent, however many there have been. */
	file_puts("/proc/sys/net/ipv4/icmp_ratelimit", "0");
	file_puts("/proc/sys/net/ipv6/icmp/ratelimit", "0");
	if (ns->forwards) {
		file_puts("/proc/sys/net/ipv4/ip_forward", "1");
		file_puts("/proc/sys/net/ipv6/conf/all/forwarding", "1");
	}
	close(open(path, O_CREAT | O_RDONLY | O_CLOEXEC, 0444));
	if (mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL))
		err = -errno;
	ns->fd = open(path, O_RDONLY | O_CLOEXEC);
	netns_leave();
	return err;
}

/* A kernel without IPv6 gets the lines that have none of its addresses in them. */
static void ip_batch_write(int fd, const char *batch)
{
	bool v6 = access("/proc/net/if_inet6", F_OK) == 0;
	struct strs lines = { 0 };

	strs_add_lines(&lines, batch);
	for (size_t i = 0; i < lines.n; i++)
		if (v6 || !strstr(lines.v[i], "::"))
			dprintf(fd, "%s\n", lines.v[i]);
	strs_free(&lines);
}

/* Returns NULL, or what ip(8) has to say, which the caller frees. */
static char *ip_batch_run(const struct netns *ns)
{
	int status = -1, fds[2], said = memfd_create("ip", MFD_CLOEXEC);
	char text[256] = "no ip(8)";
	pid_t pid;

	if (said < 0 || pipe2(fds, O_CLOEXEC))
		return must_printf("%s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		netns_enter(ns);
		dup2(fds[0], 0);
		dup2(said, 2);
		execl("/sbin/ip", "ip", "-batch", "-", NULL);
		_exit(127);
	}
	/* Less than a pipe holds, so this never blocks. */
	ip_batch_write(fds[1], ns->ip_batch);
	close(fds[0]);
	close(fds[1]);
	waitpid(pid, &status, 0);
	if (status && lseek(said, 0, SEEK_END) > 0) {
		ssize_t n = pread(said, text, sizeof(text) - 1, 0);

		text[n > 0 ? n : 0] = '\0';
	}
	close(said);
	/* The first line tells; what follows counts the lines of the batch. */
	return status ? must_printf("%.*s", (int)strcspn(text, "\n"), text) : NULL;
}

/* Returns NULL, or an error that the caller frees. */
static char *netns_after(const struct netns *ns)
{
	int err = netns_enter(ns);

	if (!err)
		err = ns->after(ns);
	netns_leave();
	return err ? must_printf("%s", strerror(-err)) : NULL;
}

char *topology_build(struct topology *topo)
{
	if (topo->ns[0].fd >= 0)
		return NULL;
	for (struct netns *ns = topo->ns; ns->name; ns++) {
		int err = netns_create(topo, ns);

		if (err)
			return must_printf("%s: %s", ns->name, strerror(-err));
	}
	for (struct netns *ns = topo->ns; ns->name; ns++) {
		char *said = ip_batch_run(ns), *why;

		if (!said && ns->after)
			said = netns_after(ns);
		if (!said)
			continue;
		why = must_printf("%s: %s", ns->name, said);
		free(said);
		return why;
	}
	return NULL;
}
