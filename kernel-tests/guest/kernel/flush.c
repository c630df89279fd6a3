// SPDX-License-Identifier: GPL-2.0-only
/*
 * Between two cases every rule has to go, in every namespace: one label rule anywhere makes the
 * kernel check packets everywhere. Done by system calls; a dozen iptables processes for each case
 * would cost more than the case.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ipsec.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/xfrm.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/avc.h"
#include "kernel/flush.h"
#include "net/netlink.h"
#include "net/topology.h"
#include "runner/util.h"
#include "runner/vars.h"
#include "tools/legacy.h"
#include "tools/nft.h"

#define PROBE_PORT 9 /* discard */
#define PROBE_MS 5   /* over loopback; one that takes longer is only sent again */
#define SETTLE_MS 3000

static void flush_conntrack(void)
{
	struct nfgenmsg all = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd >= 0)
		netlink_send(fd, (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE, 0, &all,
			     sizeof(all));
	close(fd);
}

/* What cases have added. A topology keeps its own. len: of the message, which is "all", or empty.
 */
static void flush_ipsec(const struct netns *ns, int type, size_t len)
{
	const struct xfrm_usersa_flush all = { .proto = IPSEC_PROTO_ANY };
	static bool none; /* each socket would ask for the module again */
	int fd;

	if (none || (ns->ip_batch && strstr(ns->ip_batch, "xfrm ")))
		return;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM);
	none = fd < 0;
	if (none)
		return;
	netlink_send(fd, type, 0, &all, len);
	close(fd);
}

static void flush_netns(struct netns *ns)
{
	if (netns_enter(ns))
		return;
	legacy_flush(0);
	legacy_flush(1);
	nft_flush();
	flush_conntrack();
	flush_ipsec(ns, XFRM_MSG_FLUSHPOLICY, 0);
}

/*
 * When no namespace has a connection or a policy any more: what is sent again would ask for an
 * association that is gone.
 */
static void flush_associations(struct netns *ns)
{
	if (netns_enter(ns) == 0)
		flush_ipsec(ns, XFRM_MSG_FLUSHSA, sizeof(struct xfrm_usersa_flush));
}

/*
 * In a domain that may neither send nor receive anything, from a port to itself. Returns 0
 * received, 1 denied, 2 no answer.
 */
static int flush_probe(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_port = htons(PROBE_PORT),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct pollfd pfd = { .events = POLLIN };
	char *context = context_of("other_t");
	int fd;

	if (domain_enter(context))
		return 2;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return 2;
	if (sendto(fd, "", 1, 0, (struct sockaddr *)&addr, sizeof(addr)) != 1)
		return errno == ECONNREFUSED ? 1 : 2;
	pfd.fd = fd;
	return poll(&pfd, 1, PROBE_MS) == 1 ? 0 : 1;
}

/* Returns 0 no, 1 yes, negative for no answer. */
static int flush_packets_checked(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(flush_probe());
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) < 2 ? WEXITSTATUS(status) : -1;
}

void flush_expect(struct avcs *records)
{
	static const char *const lines[] = {
		"other_t unlabeled_t:packet send client>server",
		"other_t unlabeled_t:peer recv client>server", /* NetLabel or IPsec was in use */
	};
	const struct avc_flow probe = {
		.addresses = { "127.0.0.1", "127.0.0.1" },
		.has_ports = true,
		.ports = { PROBE_PORT, PROBE_PORT },
	};

	for (size_t i = 0; i < N_ELEMENTS(lines); i++) {
		struct avc avc;

		avc_expect(&avc, lines[i], &probe);
		avcs_add(records, &avc);
	}
}

int packets_settle(void)
{
	long long end = now_ms() + SETTLE_MS;
	int checked;

	/*
	 * nf_tables counts a rule off only when it frees it: after an RCU grace period, from a work
	 * queue.
	 */
	while ((checked = flush_packets_checked()) > 0 && now_ms() < end)
		poll(NULL, 0, 1);
	return checked > 0 ? -EBUSY : checked ? -EIO : 0;
}

int flush_all(bool settle)
{
	netns_each(flush_netns);
	netns_each(flush_associations);
	netns_leave();
	return settle ? packets_settle() : 0;
}
