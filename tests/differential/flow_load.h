/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_FLOW_LOAD_H
#define SECMARK2_FLOW_LOAD_H

#include <stdbool.h>

#include "xtables/port_tree.h"

struct dispatch;
struct err;

/* A way to get a plan into the kernel. */
struct backend {
	const char *name;
	bool plain_nft; /* rules of nft: one text for both families */
	bool iptc;
	bool module; /* with the targets of xt_secmark2 */
	bool nft;    /* iptables-nft */
};

#define BACKENDS 7
extern const struct backend backends[BACKENDS];

/* The context of packets without a label. */
#define UNLABELED "system_u:object_r:unlabeled_t:s0"

/*
 * Loads a plan for both families, in place of the backend's other plan, if it has one. Returns 0,
 * -E2BIG for a plan that is too deep, or another -errno.
 */
int load_plan(const struct backend *b, const struct dispatch *d, const struct xt_opts *opts,
	      struct err *err);

/* Removes the rules that the backend has loaded. Returns 0 or -errno. */
int load_nothing(const struct backend *b, struct err *err);

#endif
