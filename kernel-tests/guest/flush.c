// SPDX-License-Identifier: GPL-2.0-only
/*
 * Between two cases every rule has to go, in every namespace: one label rule anywhere makes the kernel check packets everywhere.
 * Done by system calls; a dozen iptables processes for each case would cost more than the case.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flush.h"
#include "netlink.h"
#include "test.h"
#include "topology.h"
#include "vars.h"

#define PROBE_PORT 9 /* discard */
#define SETTLE_MS 3000

static const char *const tables[] = { "security", "mangle", "filter", "raw" };

/*
 * ip6_tables.h cannot be included beside ip_tables.h, and need not be: struct ip6t_getinfo, ip6t_get_entries and
 * ip6t_replace have the layout of their IPv4 namesakes, and so have the option numbers.
 */
static int legacy_socket(int family)
{
	return socket(family ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
}

static int legacy_level(int family)
{
	return family ? IPPROTO_IPV6 : IPPROTO_IP;
}

static int table_info(int fd, int family, const char *table, struct ipt_getinfo *info)
{
	socklen_t len = sizeof(*info);

	memset(info, 0, sizeof(*info));
	snprintf(info->name, sizeof(info->name), "%s", table);
	return getsockopt(fd, legacy_level(family), IPT_SO_GET_INFO, info, &len);
}

bool legacy_works(int family)
{
	struct ipt_getinfo info;
	int fd = legacy_socket(family);
	/* The kernel loads iptable_security by itself when it is asked. */
	bool works = fd >= 0 && table_info(fd, family, "security", &info) == 0;

	close(fd);
	return works;
}

/* The rule with which every built-in chain and the table end. */
struct standard_entry {
	struct xt_entry_target target;
	int verdict;
	int pad;
};

struct error_entry {
	struct xt_entry_target target;
	char name[XT_FUNCTION_MAXNAMELEN];
	short pad;
};

/* Both families put target_offset and next_offset at the same place behind their address part. */
static size_t entry_put(char *at, int family, const void *target, size_t size)
{
	size_t head = family ? 168 : sizeof(struct ipt_entry);
	/* struct ip6t_ip6 has 136 bytes, struct ipt_ip 84; nfcache comes first. */
	__u16 *offsets = (__u16 *)(at + (family ? 136 : sizeof(struct ipt_ip)) + sizeof(unsigned int));

	memset(at, 0, head);
	offsets[0] = head;
	offsets[1] = head + size;
	memcpy(at + head, target, size);
	return head + size;
}

/* What an unused table looks like: one accepting rule a chain, and the end mark. */
static struct ipt_replace *table_blank(int family, const char *table, unsigned int valid_hooks)
{
	struct standard_entry accept = { .target.u.user.target_size = XT_ALIGN(sizeof(struct xt_standard_target)),
					 .verdict = -NF_ACCEPT - 1 };
	struct error_entry error = { .target.u.user.target_size = XT_ALIGN(sizeof(struct xt_error_target)) };
	struct ipt_replace *r = must_alloc(sizeof(*r) + 8 * 512);
	char *blob = (char *)(r + 1);

	snprintf(r->name, sizeof(r->name), "%s", table);
	r->valid_hooks = valid_hooks;
	for (int hook = 0; hook < NF_INET_NUMHOOKS; hook++) {
		if (!(valid_hooks & (1u << hook)))
			continue;
		r->hook_entry[hook] = r->underflow[hook] = r->size;
		r->size += entry_put(blob + r->size, family, &accept, accept.target.u.user.target_size);
		r->num_entries++;
	}
	snprintf(error.target.u.user.name, sizeof(error.target.u.user.name), "%s", XT_ERROR_TARGET);
	snprintf(error.name, sizeof(error.name), "%s", XT_ERROR_TARGET);
	r->size += entry_put(blob + r->size, family, &error, error.target.u.user.target_size);
	r->num_entries++;
	return r;
}

static void table_flush(int fd, int family, const char *table)
{
	struct ipt_replace *blank;
	struct ipt_getinfo info;

	if (table_info(fd, family, table, &info))
		return;
	blank = table_blank(family, table, info.valid_hooks);
	/* Counters have to be taken even if nobody wants them. */
	blank->num_counters = info.num_entries;
	blank->counters = must_alloc(info.num_entries * sizeof(*blank->counters));
	if (info.num_entries != blank->num_entries || info.size != blank->size)
		if (setsockopt(fd, legacy_level(family), IPT_SO_SET_REPLACE, blank, sizeof(*blank) + blank->size))
			fprintf(stderr, "cannot flush %s: %s\n", table, strerror(errno));
	free(blank->counters);
	free(blank);
}

static bool table_exists(int family, const char *table)
{
	char names[512], line[64];

	if (file_read(family ? "/proc/net/ip6_tables_names" : "/proc/net/ip_tables_names", names, sizeof(names) - 1) < 0)
		return false;
	strcat(names, "\n");
	snprintf(line, sizeof(line), "%s\n", table);
	return strstr(names, line);
}

static void legacy_flush(int family)
{
	int fd = legacy_socket(family);

	for (size_t i = 0; fd >= 0 && i < N_ELEMENTS(tables); i++)
		if (table_exists(family, tables[i]))
			table_flush(fd, family, tables[i]);
	close(fd);
}

static struct nlmsghdr *batch_put(char *buf, size_t *len, int type, int flags, int family, int res_id)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)(buf + *len);
	struct nfgenmsg *nfg = NLMSG_DATA(nlh);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_len = NLMSG_LENGTH(sizeof(*nfg));
	nfg->nfgen_family = family;
	nfg->version = NFNETLINK_V0;
	nfg->res_id = htons(res_id);
	*len += NLMSG_ALIGN(nlh->nlmsg_len);
	return nlh;
}

/* Deleting a table without a name deletes all of them. */
static void nft_flush(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	char buf[256] = { 0 };
	size_t len = 0;

	batch_put(buf, &len, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	batch_put(buf, &len, (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_DELTABLE, NLM_F_ACK, AF_UNSPEC, 0);
	batch_put(buf, &len, NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	if (fd >= 0 && send(fd, buf, len, 0) < 0)
		perror("nft flush");
	close(fd);
}

static void conntrack_flush(void)
{
	struct nfgenmsg all = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd >= 0)
		netlink_send(fd, (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE, 0, &all, sizeof(all));
	close(fd);
}

static void netns_flush(struct netns *ns)
{
	if (netns_enter(ns))
		return;
	legacy_flush(0);
	legacy_flush(1);
	nft_flush();
	conntrack_flush();
}

/* In a domain that may send nothing, on a port nobody listens to. Returns an exit status: 0 sent, 1 denied, 2 no answer. */
static int probe_child(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(PROBE_PORT),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char *context = context_of("system_r", "other_t");
	int fd;

	if (domain_enter(context))
		return 2;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return 2;
	if (sendto(fd, "", 1, 0, (struct sockaddr *)&addr, sizeof(addr)) == 1)
		return 0;
	return errno == ECONNREFUSED ? 1 : 2;
}

/* Returns 0 no, 1 yes, negative for no answer. */
static int packets_checked(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(probe_child());
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) < 2 ? WEXITSTATUS(status) : -1;
}

const char *flush_record(void)
{
	return "{ send } scontext=system_u:system_r:other_t:s0 tcontext=system_u:object_r:unlabeled_t:s0 tclass=packet "
	       "saddr=127.0.0.1 src=9 daddr=127.0.0.1 dest=9";
}

int packets_settle(void)
{
	long long end = now_ms() + SETTLE_MS;
	int checked;

	/* nf_tables frees rules some time after they are gone (an RCU grace period and a work queue), and only then counts them off. */
	while ((checked = packets_checked()) > 0 && now_ms() < end)
		poll(NULL, 0, 1);
	return checked > 0 ? -EBUSY : checked ? -EIO : 0;
}

int flush_all(void)
{
	netns_each(netns_flush);
	netns_leave();
	return packets_settle();
}

/* unchecked: the rules are gone, and so must be the checks. */
void step_unchecked(struct test *t, const struct step *step)
{
	int err = packets_settle();

	if (err)
		test_fail(t, step, err == -EBUSY ? "packets are still checked" : "the probe does not work");
}
