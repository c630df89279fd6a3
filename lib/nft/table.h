/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_TABLE_H
#define SECMARK2_NFT_TABLE_H

/* Family and name of the one table that is ours. */
#define NFT_TABLE_NAME "secmark2"
#define NFT_TABLE "inet " NFT_TABLE_NAME

/* A chain of it that nothing leads to: its comment says what was loaded. */
#define NFT_SEAL "loaded"

#endif
