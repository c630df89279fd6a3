/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_NFT_TABLE_H
#define SECMARK2_NFT_TABLE_H

/* Family and name of our only table. */
#define NFT_TABLE_NAME "secmark2"
#define NFT_TABLE "inet " NFT_TABLE_NAME

/* A chain in it that no rule leads to. Its comment says what was loaded. */
#define NFT_SEAL "loaded"

#endif
