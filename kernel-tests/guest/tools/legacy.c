// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/blob.h"
#include "tools/legacy.h"

static const char *const tables[] = { "security", "mangle", "filter", "raw", "nat" };

bool legacy_works(int family)
{
	struct xt_get_revision rev = { .name = "SECMARK" };
	socklen_t len = sizeof(rev);
	int fd = table_socket(family),
	    ask = family ? IP6T_SO_GET_REVISION_TARGET : IPT_SO_GET_REVISION_TARGET;
	struct ipt_getinfo info;
	/* The question makes the kernel load iptable_security and xt_SECMARK. */
	bool works = fd >= 0 && table_info(fd, family, "security", &info) == 0 &&
		     getsockopt(fd, table_level(family), ask, &rev, &len) == 0;

	close(fd);
	return works;
}

static void legacy_flush_table(int fd, int family, const char *table)
{
	struct ipt_replace *blank;
	struct ipt_getinfo info;

	if (table_info(fd, family, table, &info))
		return;
	blank = table_blob(family, table, info.valid_hooks, NULL);
	if ((info.num_entries != blank->num_entries || info.size != blank->size) &&
	    table_replace(fd, family, blank, &info))
		fprintf(stderr, "cannot flush %s: %s\n", table, strerror(errno));
	free(blank);
}

static bool legacy_table_exists(int family, const char *table)
{
	char names[512], line[64];

	if (file_read(family ? "/proc/net/ip6_tables_names" : "/proc/net/ip_tables_names", names,
		      sizeof(names) - 1) < 0)
		return false;
	strcat(names, "\n");
	snprintf(line, sizeof(line), "%s\n", table);
	return strstr(names, line);
}

void legacy_flush(int family)
{
	int fd = table_socket(family);

	for (size_t i = 0; fd >= 0 && i < N_ELEMENTS(tables); i++)
		if (legacy_table_exists(family, tables[i]))
			legacy_flush_table(fd, family, tables[i]);
	close(fd);
}
