// SPDX-License-Identifier: GPL-2.0-only
/*
 * Legacy tables by system call, as libiptc does it. struct ip6t_getinfo and ip6t_replace have the
 * layout of their IPv4 namesakes, and IP6T_SO_GET_INFO and IP6T_SO_SET_REPLACE their values, so one
 * code serves both families.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tools/blob.h"

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

int table_socket(int family)
{
	return socket(family ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
}

int table_level(int family)
{
	return family ? IPPROTO_IPV6 : IPPROTO_IP;
}

int table_info(int fd, int family, const char *table, struct ipt_getinfo *info)
{
	socklen_t len = sizeof(*info);

	memset(info, 0, sizeof(*info));
	snprintf(info->name, sizeof(info->name), "%s", table);
	return getsockopt(fd, table_level(family), IPT_SO_GET_INFO, info, &len);
}

/* The families differ in the first part, and so in the place of all other parts. */
static void entry_put(struct ipt_replace *r, int family, struct part match, struct part target)
{
	size_t head = family ? sizeof(struct ip6t_entry) : sizeof(struct ipt_entry);
	char *at = (char *)(r + 1) + r->size;
	struct ip6t_entry *v6 = (struct ip6t_entry *)at;
	struct ipt_entry *v4 = (struct ipt_entry *)at;
	size_t end = head + match.size + target.size;

	*(family ? &v6->target_offset : &v4->target_offset) = head + match.size;
	*(family ? &v6->next_offset : &v4->next_offset) = end;
	if (match.size)
		memcpy(at + head, match.data, match.size);
	memcpy(at + head + match.size, target.data, target.size);
	r->size += end;
	r->num_entries++;
}

struct ipt_replace *table_blob(int family, const char *table, unsigned int valid_hooks,
			       const struct rule *rule)
{
	struct standard_entry accept = { .target.u.user.target_size =
						 XT_ALIGN(sizeof(struct xt_standard_target)),
					 .verdict = -NF_ACCEPT - 1 };
	struct error_entry error = { .target.u.user.target_size =
					     XT_ALIGN(sizeof(struct xt_error_target)) };
	size_t room = (NF_INET_NUMHOOKS + 2) * 512 +
		      (rule ? rule->match.size + rule->target.size : 0);
	struct ipt_replace *r = must_alloc(sizeof(*r) + room);
	struct part none = { 0 }, policy = { &accept, accept.target.u.user.target_size };

	snprintf(r->name, sizeof(r->name), "%s", table);
	r->valid_hooks = valid_hooks;
	for (int hook = 0; hook < NF_INET_NUMHOOKS; hook++) {
		if (!(valid_hooks & (1u << hook)))
			continue;
		r->hook_entry[hook] = r->size;
		if (rule && rule->hook == hook)
			entry_put(r, family, rule->match,
				  rule->target.size ? rule->target : policy);
		r->underflow[hook] = r->size;
		entry_put(r, family, none, policy);
	}
	snprintf(error.target.u.user.name, sizeof(error.target.u.user.name), "%s", XT_ERROR_TARGET);
	snprintf(error.name, sizeof(error.name), "%s", XT_ERROR_TARGET);
	entry_put(r, family, none, (struct part){ &error, error.target.u.user.target_size });
	return r;
}

int table_replace(int fd, int family, struct ipt_replace *blob, const struct ipt_getinfo *info)
{
	int err;

	/* The kernel always returns counters, so they need room. */
	blob->num_counters = info->num_entries;
	blob->counters = must_alloc(info->num_entries * sizeof(*blob->counters));
	err = setsockopt(fd, table_level(family), IPT_SO_SET_REPLACE, blob,
			 sizeof(*blob) + blob->size);
	free(blob->counters);
	return err;
}
