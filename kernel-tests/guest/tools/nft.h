/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_NFT_H
#define GUEST_NFT_H

#include "runner/util.h"

/* Does nf_tables of this family (0: IPv4, 1: IPv6) take the xtables target SECMARK? */
bool nft_works(int family);

/* Deletes all tables in the namespace this process is in. */
void nft_flush(void);

#endif
