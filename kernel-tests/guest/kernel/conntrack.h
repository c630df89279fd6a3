/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_CONNTRACK_H
#define GUEST_CONNTRACK_H

/*
 * The label that conntrack keeps for the flow between these ports, in the namespace this process is
 * in. Returns text that the caller frees, or NULL when conntrack does not know the flow.
 */
char *conntrack_secctx(int sport, int dport);

/* What this kernel lacks for conntrack_secctx() to find a label, NULL if nothing. */
const char *conntrack_lacks(void);

#endif
