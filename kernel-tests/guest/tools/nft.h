/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_NFT_H
#define GUEST_NFT_H

#include "runner/util.h"

/*
 * Asks as iptables-nft does before it uses an extension: may tables of nf_tables use this revision
 * of a target of iptables? family: NFPROTO_... Returns 0 if they may, the errno of the kernel's
 * answer if not, and -errno if no answer came within two seconds.
 */
int nft_target_revision(int family, const char *name, unsigned int revision);

/* Does nf_tables of this family (0: IPv4, 1: IPv6) take the xtables target SECMARK? */
bool nft_works(int family);

/* Deletes all tables in the namespace this process is in. Says on standard error if it cannot. */
void nft_flush(void);

#endif
