/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_BLOB_H
#define GUEST_BLOB_H

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "runner/util.h"

/* A match or target with its head, as it stands in a rule; size is a multiple of XT_ALIGN(1). */
struct part {
	const void *data;
	size_t size;
};

/*
 * A rule for every packet of a hook. The size is 0 without a match, and for a target that accepts.
 */
struct rule {
	int hook; /* NF_INET_... */
	struct part match, target;
};

/* For legacy tables of a family (0: IPv4, 1: IPv6). Returns the socket, or -1. */
int table_socket(int family);
int table_level(int family); /* of its socket options */

/* Returns 0, or -1 with errno set. */
int table_info(int fd, int family, const char *table, struct ipt_getinfo *info);

/*
 * A table whose chains accept everything, with one rule in it unless rule is NULL: num_entries
 * rules of size bytes in all, without counters. The caller frees it.
 */
struct ipt_replace *table_blob(int family, const char *table, unsigned int valid_hooks,
			       const struct rule *rule);

/*
 * Makes it the table's contents; info: what the table holds now. Returns 0, or -1 with errno set.
 */
int table_replace(int fd, int family, struct ipt_replace *blob, const struct ipt_getinfo *info);

#endif
