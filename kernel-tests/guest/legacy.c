// SPDX-License-Identifier: GPL-2.0-only
/* Legacy tables by system call, as libiptc does it; here only to look at them and to empty them. */
#include <errno.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "legacy.h"

static const char *const tables[] = { "security", "mangle", "filter", "raw" };

/*
 * struct ip6t_getinfo and ip6t_replace have the layout of their IPv4 namesakes, and IP6T_SO_GET_INFO and
 * IP6T_SO_SET_REPLACE their values, so one code serves both families.
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
	struct xt_get_revision rev = { .name = "SECMARK" };
	socklen_t len = sizeof(rev);
	int fd = legacy_socket(family), ask = family ? IP6T_SO_GET_REVISION_TARGET : IPT_SO_GET_REVISION_TARGET;
	struct ipt_getinfo info;
	/* The kernel loads iptable_security and xt_SECMARK by itself when it is asked for them. */
	bool works = fd >= 0 && table_info(fd, family, "security", &info) == 0 &&
		     getsockopt(fd, legacy_level(family), ask, &rev, &len) == 0;

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

/* A rule that fits everything. Its first part differs between the families, and with it all that comes behind. */
static size_t entry_put(char *at, int family, const void *target, size_t size)
{
	size_t head = family ? sizeof(struct ip6t_entry) : sizeof(struct ipt_entry);
	struct ip6t_entry *v6 = (struct ip6t_entry *)at;
	struct ipt_entry *v4 = (struct ipt_entry *)at;

	memset(at, 0, head);
	*(family ? &v6->target_offset : &v4->target_offset) = head;
	*(family ? &v6->next_offset : &v4->next_offset) = head + size;
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

void legacy_flush(int family)
{
	int fd = legacy_socket(family);

	for (size_t i = 0; fd >= 0 && i < N_ELEMENTS(tables); i++)
		if (table_exists(family, tables[i]))
			table_flush(fd, family, tables[i]);
	close(fd);
}
