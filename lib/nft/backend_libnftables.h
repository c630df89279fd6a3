/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_BACKEND_LIBNFTABLES_H
#define SECMARK2_NFT_BACKEND_LIBNFTABLES_H

#include "backend/report.h"

struct err;

/*
 * The table NFT_TABLE (nft_table.h) of the network namespace that the process is in, by
 * libnftables. No other table is touched. Needs CAP_NET_ADMIN in that namespace's user namespace,
 * for questions as well.
 */

/**
 * backend_nft_load - put rules in place of those that there may be
 * @text: of nftables_write()
 * @err:  filled on failure
 *
 * One transaction: packets meet the old rules or the new ones. After a
 * failure the old ones are there, unchanged.
 *
 * Returns 0; -EPERM without the capability; -EIO for what libnftables or the
 * kernel refuses otherwise. Their words are in @err.
 */
int backend_nft_load(const char *text, struct err *err);

/**
 * backend_nft_remove - take the table away
 * @err: filled on failure
 *
 * Returns 0, also where there is none, or as backend_nft_load().
 */
int backend_nft_remove(struct err *err);

/**
 * backend_nft_loaded - are these the rules that are loaded?
 * @text:  of nftables_write()
 * @state: where to
 * @err:   filled on failure
 *
 * Changes nothing. Returns 0 or -errno: -EPERM without the capability.
 */
int backend_nft_loaded(const char *text, enum backend_state *state, struct err *err);

#endif
