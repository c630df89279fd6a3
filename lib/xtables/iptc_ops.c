// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/iptc_ops.h"

#include <errno.h>
#include <libiptc/libip6tc.h>
#include <libiptc/libiptc.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "util/run.h"

#define MODPROBE_SECONDS 60

/* Wraps the functions of a family, so that both have the same types. */
#define FUNCTIONS(prefix, rule_type)                                                          \
	static const void *prefix##_first(const char *chain, struct xtc_handle *h)            \
	{                                                                                     \
		return prefix##_first_rule(chain, h);                                         \
	}                                                                                     \
	static const void *prefix##_next(const void *rule, struct xtc_handle *h)              \
	{                                                                                     \
		return prefix##_next_rule(rule, h);                                           \
	}                                                                                     \
	static const char *prefix##_target(const void *rule, struct xtc_handle *h)            \
	{                                                                                     \
		return prefix##_get_target(rule, h);                                          \
	}                                                                                     \
	static int prefix##_append(const char *chain, const void *rule, struct xtc_handle *h) \
	{                                                                                     \
		return prefix##_append_entry(chain, (const rule_type *)rule, h);              \
	}                                                                                     \
	static int prefix##_insert(const char *chain, const void *rule, unsigned int number,  \
				   struct xtc_handle *h)                                      \
	{                                                                                     \
		return prefix##_insert_entry(chain, (const rule_type *)rule, number, h);      \
	}

FUNCTIONS(iptc, struct ipt_entry)
FUNCTIONS(ip6tc, struct ip6t_entry)

#define OPS(prefix)                                                                            \
	.init = prefix##_init, .free = prefix##_free, .commit = prefix##_commit,               \
	.error = prefix##_strerror, .first_chain = prefix##_first_chain,                       \
	.next_chain = prefix##_next_chain, .first_rule = prefix##_first,                       \
	.next_rule = prefix##_next, .target = prefix##_target, .is_chain = prefix##_is_chain,  \
	.create = prefix##_create_chain, .flush = prefix##_flush_entries,                      \
	.remove = prefix##_delete_chain, .append = prefix##_append, .insert = prefix##_insert, \
	.delete_rule = prefix##_delete_num_entry

const struct iptc_ops iptc_families[2] = {
	{ .family = AF_INET,
	  .names = "/proc/net/ip_tables_names",
	  .module = "ip_tables",
	  OPS(iptc) },
	{ .family = AF_INET6,
	  .names = "/proc/net/ip6_tables_names",
	  .module = "ip6_tables",
	  OPS(ip6tc) },
};

void iptc_load_module(const struct iptc_ops *ops)
{
	const char *const argv[] = { "modprobe", "-q", ops->module, NULL };
	struct run_result r;
	struct err ignored;

	run(argv, NULL, 0, MODPROBE_SECONDS, &r, &ignored);
	run_free(&r);
}

int iptc_has_extension(const char *name, unsigned int revision, bool target)
{
	struct xt_get_revision ask = { .revision = revision };
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), ret;
	socklen_t size = sizeof(ask);

	if (fd < 0)
		return -errno;
	strncpy(ask.name, name, sizeof(ask.name) - 1);
	ret = getsockopt(fd, IPPROTO_IP,
			 target ? IPT_SO_GET_REVISION_TARGET : IPT_SO_GET_REVISION_MATCH, &ask,
			 &size) < 0 ?
		      -errno :
		      0;
	close(fd);
	return ret;
}

int iptc_secmark_revision(void)
{
	return iptc_has_extension("SECMARK", 1, true) == -EPROTONOSUPPORT ? 0 : 1;
}
