/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_TABLE_H
#define SECMARK2_NFT_TABLE_H

/* Family and name of the one table that is ours. */
#define NFT_TABLE "inet secmark2"

#endif
