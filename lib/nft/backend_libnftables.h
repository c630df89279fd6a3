/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_BACKEND_LIBNFTABLES_H
#define SECMARK2_NFT_BACKEND_LIBNFTABLES_H

#include "backend/backend.h"

/* What backend_nft builds. */
struct nft_built {
	struct built built;
	char *text; /* of nft_ruleset_write() */
};

/*
 * Loads the table NFT_TABLE (nft/table.h) by libnftables, in the network namespace of the process,
 * and touches no other table. Needs CAP_NET_ADMIN in the user namespace of that namespace, for
 * questions as well.
 *
 * A load is one transaction: packets meet the old rules or the new ones. It fails with -EPERM
 * without the capability, and with -EIO for what libnftables or the kernel refuses otherwise; err
 * has their words. Removing a table that does not exist succeeds. */
extern const struct backend_ops backend_nft;

/* NULL if rules can ask whether a packet is for this host, or if nobody said; else what the kernel
 * has not, and its option. Asks the kernel, and changes nothing. */
const char *nft_lacks_fib(void);

#endif
