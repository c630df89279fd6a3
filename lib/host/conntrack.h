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

/* Protocol, addresses and ports of the packets of one direction. */
struct conntrack_tuple {
	uint8_t proto; /* IPPROTO_* */
	struct net src, dst;
	uint16_t sport, dport; /* host byte order; 0 where the protocol has none */
};

/* Identifies an entry, in the kernel's own format, which is not parsed. */
struct conntrack_key {
	uint8_t family;
	uint16_t zone;
	uint32_t id; /* network byte order */
	uint16_t len;
	uint8_t tuple[CONNTRACK_TUPLE_MAX];
};

/* A connection that the kernel tracks; UDP and others have connections in this sense. */
struct conntrack_entry {
	struct conntrack_key key;
	struct conntrack_tuple orig, reply; /* with NAT they differ in more than direction */
	uint32_t status;                    /* IPS_*, linux/netfilter/nf_conntrack_common.h */
	/* Raw, and valid only during the call. NULL: this kernel knows no labels. A connection
	 * without a label has the policy's context for unlabeled packets. */
	const char *secctx;
	bool counted;            /* false: net.netfilter.nf_conntrack_acct was off when it began */
	uint64_t packets, bytes; /* both directions */
};

/* Gets the entries. start: all entries before this call are void. Both may be called many times. */
struct conntrack_reader {
	void (*start)(void *arg);
	void (*entry)(void *arg, const struct conntrack_entry *entry);
	void *arg;
};

/**
 * conntrack_read - all connections of this network namespace
 * @reader: gets them
 * @err:    filled on failure
 *
 * IPv4 and IPv6, in no order. Connections begin and end meanwhile. An entry may come twice, if one
 * near it has just ended.
 *
 * Returns 0, -EPERM without CAP_NET_ADMIN, -EOPNOTSUPP where the kernel has no
 * ctnetlink, -EINTR if the entries changed in every attempt, or another -errno.
 */
int conntrack_read(const struct conntrack_reader *reader, struct err *err);

/* Does the kernel track no connection of this network namespace? False if nobody can tell. */
bool conntrack_is_empty(void);

/* Set to 1, it has the kernel count packets. */
#define CONNTRACK_ACCOUNTING "net.netfilter.nf_conntrack_acct"

/* Does the kernel count the packets of connections that begin now? True if nobody can tell. */
bool conntrack_counts_packets(void);

/**
 * conntrack_tells_ports - does the kernel tell connections of a protocol by their ports?
 * @proto: a protocol that has ports, IPPROTO_*
 *
 * A kernel without code for the protocol takes all packets between two addresses for one connection
 * (nf_conntrack_l4proto_generic). Newer kernels are without DCCP and UDP-Lite.
 *
 * True if nobody can tell: without CAP_NET_ADMIN, or where the kernel has no ctnetlink.
 */
bool conntrack_tells_ports(uint8_t proto);

/* Parses one message of that list. Returns 0, or -EINVAL if it is not an entry. */
int conntrack_parse(const struct nlmsghdr *message, struct conntrack_entry *entry);

/* Has the connection a label? @unlabeled is the policy's context for packets without one, or NULL
 * without a policy. */
bool conntrack_labeled(const struct conntrack_entry *entry, const char *unlabeled);

/**
 * conntrack_delete - make the kernel forget a connection
 * @nl: from netlink_open(NETLINK_NETFILTER)
 * @key: which one
 *
 * The next packet begins a new connection, and its sender is the originator. A connection that has
 * the same addresses, but began later, is not deleted. (The kernel's id is a hash of the entry's
 * place in memory: a new entry in the same place cannot be told from the old one.)
 *
 * Returns 0, -ENOENT if it is gone, -EBUSY if a flowtable holds it, or another -errno.
 */
int conntrack_delete(struct mnl_socket *nl, const struct conntrack_key *key);

#endif
