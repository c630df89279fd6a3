// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/iptc_info.h"

#include <libiptc/libip6tc.h>
#include <libiptc/libiptc.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/hash.h"
#include "xtables/compat_table.h"
#include "xtables/iptc_ops.h"
#include "xtables/iptc_table.h"

/* Both families have the same layout: struct ipt_getinfo, struct ip6t_getinfo. */
static uint64_t add_info(uint64_t hash, int fd, int family, const char *table)
{
	struct ipt_getinfo info = { .num_entries = 0 };
	socklen_t size = sizeof(info);
	int level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
	int name = family == AF_INET ? IPT_SO_GET_INFO : IP6T_SO_GET_INFO;

	snprintf(info.name, sizeof(info.name), "%s", table);
	if (getsockopt(fd, level, name, &info, &size))
		return hash_bytes(hash, "", 1);
	hash = hash_bytes(hash, &info.num_entries, sizeof(info.num_entries));
	return hash_bytes(hash, &info.size, sizeof(info.size));
}

uint64_t iptc_info_hash(void)
{
	const struct iptc_ops *ops;
	uint64_t hash = HASH_START;
	int i, fd;

	for (i = 0; i < COMPAT_FAMILIES * COMPAT_TABLES; i++) {
		ops = &iptc_families[i / COMPAT_TABLES];
		hash = hash_bytes(hash, &i, sizeof(i));
		if (!iptc_table_is_there(ops, compat_tables[i % COMPAT_TABLES]))
			continue;
		fd = socket(ops->family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
		if (fd < 0)
			continue;
		hash = add_info(hash, fd, ops->family, compat_tables[i % COMPAT_TABLES]);
		close(fd);
	}
	return hash;
}
