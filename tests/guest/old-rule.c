// SPDX-License-Identifier: GPL-2.0-only
/*
 * old-rule CHAIN TARGET: adds "-A CHAIN -m conntrack --ctstate NEW -j TARGET" to the legacy table
 * security of IPv4, as iptables 1.4.2 did: with revision 1 of the match. The kernel takes it still.
 * iptables finds no plugin for it, since it uses the newest revision that the kernel has.
 */
#include <errno.h>
#include <libiptc/libiptc.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/xt_conntrack.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct old_rule {
	struct ipt_entry entry;
	union {
		struct xt_entry_match head;
		char room[XT_ALIGN(sizeof(struct xt_entry_match)) +
			  XT_ALIGN(sizeof(struct xt_conntrack_mtinfo1))];
	} match;
	union {
		struct xt_entry_target head;
		char room[XT_ALIGN(sizeof(struct xt_standard_target))];
	} target;
};

int main(int argc, char **argv)
{
	struct old_rule rule = {
		.entry = { .target_offset = offsetof(struct old_rule, target),
			   .next_offset = sizeof(rule) },
		.match.head.u.user = { .match_size = sizeof(rule.match),
				       .name = "conntrack",
				       .revision = 1 },
		.target.head.u.user.target_size = sizeof(rule.target),
	};
	struct xt_conntrack_mtinfo1 *info = (void *)rule.match.head.data;
	struct xtc_handle *table;

	if (argc != 3) {
		fprintf(stderr, "usage: old-rule CHAIN TARGET\n");
		return 2;
	}
	info->match_flags = XT_CONNTRACK_STATE;
	info->state_mask = XT_CONNTRACK_STATE_BIT(IP_CT_NEW);
	strncpy(rule.target.head.u.user.name, argv[2], sizeof(rule.target.head.u.user.name) - 1);
	table = iptc_init("security");
	if (!table || !iptc_append_entry(argv[1], &rule.entry, table) || !iptc_commit(table)) {
		fprintf(stderr, "old-rule: %s\n", iptc_strerror(errno));
		return 1;
	}
	iptc_free(table);
	return 0;
}
