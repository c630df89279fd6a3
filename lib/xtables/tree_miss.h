/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_TREE_MISS_H
#define SECMARK2_XTABLES_TREE_MISS_H

#include "xtables/trees.h"

/* Where a packet goes that no line fits; @outer: the outer packet of a tunnel. */
int tree_miss(struct trees *t, enum tree tree, bool outer);

/* The same, where the packet may be the outer packet of a tunnel. */
int tree_miss_any(struct trees *t, enum tree tree);

/* A chain for TCP: it goes to @client if its ports tell that its source is the client. @name:
 * begins the chain's name. */
int tree_from_client(struct trees *t, const char *name, int client, int otherwise);

/* TCP with a port that the kernel gives to clients; with FTP's data port. */
struct chain_rule tree_client_port(const struct trees *t, bool by_source);
struct chain_rule tree_ftp_data_port(bool by_source);

/* A rule for FTP's data, which its helper expects on any port. */
void tree_goto_expected(struct trees *t, unsigned int chain, int target);

#endif
