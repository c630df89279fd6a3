/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_CONNTRACK_H
#define SECMARK2_HOST_CONNTRACK_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/net.h"

struct err;
struct mnl_socket;
struct nlmsghdr;

/* Two addresses, a tuple's header, a protocol with three more numbers, a zone: 4 + 44 + 36 + 8
 * bytes */
#define CONNTRACK_TUPLE_MAX 96

/* What a packet of one direction looks like. */
struct conntrack_tuple {
	uint8_t proto; /* IPPROTO_* */
	struct net src, dst;
	uint16_t sport, dport; /* host byte order; 0 where the protocol has none */
};

/* Which entry is meant: the kernel's own words, so that they need not be understood. */
struct conntrack_key {
	uint8_t family;
	uint16_t zone;
	uint32_t id; /* network byte order */
	uint16_t len;
	uint8_t tuple[CONNTRACK_TUPLE_MAX];
};

/* A connection that the kernel knows of; anything else that has a beginning counts as one. */
struct conntrack_entry {
	struct conntrack_key key;
	struct conntrack_tuple orig,
		reply;   /* they differ in more than direction where addresses are translated */
	uint32_t status; /* IPS_*, linux/netfilter/nf_conntrack_common.h */
	/* Raw, and only as long as the entry is looked at. NULL: this kernel knows no labels. One
	 * without a label has the policy's context of unlabeled packets. */
	const char *secctx;
	bool counted;            /* false: it began when net.netfilter.nf_conntrack_acct was off */
	uint64_t packets, bytes; /* both directions */
};

/* Who is given the entries. start: they come anew from here on. Either may be called often. */
struct conntrack_reader {
	void (*start)(void *arg);
	void (*entry)(void *arg, const struct conntrack_entry *entry);
	void *arg;
};

/**
 * conntrack_read - all connections of this network namespace
 * @reader: who is given them
 * @err:    filled on failure
 *
 * IPv4 and IPv6, in no order. Connections come and go meanwhile, and one may
 * be shown twice when another one near it has just ended.
 *
 * Returns 0, -EPERM without CAP_NET_ADMIN, -EOPNOTSUPP where the kernel has no
 * ctnetlink, -EINTR where the entries never hold still, or another -errno.
 */
int conntrack_read(const struct conntrack_reader *reader, struct err *err);

/* One message of that list. Returns 0, or -EINVAL for one that is no entry. */
int conntrack_parse(const struct nlmsghdr *message, struct conntrack_entry *entry);

/* Has it a label? @unlabeled is the policy's context of what has none, or NULL where there is no
 * policy. */
bool conntrack_labeled(const struct conntrack_entry *entry, const char *unlabeled);

/**
 * conntrack_delete - make the kernel forget a connection
 * @nl:  of netlink_open(NETLINK_NETFILTER)
 * @key: which one
 *
 * The next packet begins a new one, and whoever sends it is its originator.
 * A connection that has the same addresses, but began later, is left alone
 * (the kernel's id is a hash of where the entry is in memory: a new one in
 * the very same place cannot be told from it).
 *
 * Returns 0, -ENOENT where it is gone, -EBUSY where a flowtable holds it, or another -errno.
 */
int conntrack_delete(struct mnl_socket *nl, const struct conntrack_key *key);

#endif
