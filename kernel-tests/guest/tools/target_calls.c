// SPDX-License-Identifier: GPL-2.0-only
/*
 * target ip|ip6|arp|bridge NAME REVISION
 *     asks whether a table of nf_tables of this family may use this target of iptables
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
/* after netinet/in.h, which would define again what it defines */
#include <linux/netfilter.h>

#include "runner/util.h"
#include "tools/calls.h"
#include "tools/nft.h"

static const struct family {
	const char *name;
	int number;
} families[] = {
	{ "ip", NFPROTO_IPV4 },
	{ "ip6", NFPROTO_IPV6 },
	{ "arp", NFPROTO_ARP },
	{ "bridge", NFPROTO_BRIDGE },
};

/* Ends with exit status 2 if there is none of this name. */
static int family_number(const char *name)
{
	for (size_t i = 0; i < N_ELEMENTS(families); i++)
		if (!strcmp(families[i].name, name))
			return families[i].number;
	errno = EAFNOSUPPORT;
	calls_die(name);
}

static int target_run(int argc, char **argv)
{
	int family = family_number(argv[0]),
	    err = nft_target_revision(family, argv[1], atoi(argv[2]));

	(void)argc;
	errno = -err;
	if (err < 0)
		calls_die("nft_compat");
	return calls_say(argv[0], argv[1], err);
}

const struct calls_word target_words[] = {
	{ "target", "ip|ip6|arp|bridge NAME REVISION", 3, target_run },
	{ NULL, NULL, 0, NULL },
};
