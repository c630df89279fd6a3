/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_TO_PLAN_H
#define SECMARK2_DUMP_TO_PLAN_H

#include <stddef.h>

struct diag;
struct dump;

/**
 * convert - the plan that labels as the rules of iptables dumps do
 * @dumps: the dumps, of one machine: one for each family, say
 * @n:     how many
 * @diag:  gets an error for each rule that labels what no line of a plan can
 *         say, and warnings
 *
 * The last label that a rule gives stays, unless a verdict comes before it
 * (net/netfilter/xt_SECMARK.c: XT_CONTINUE), while the first line of a plan
 * that fits counts: the chains are followed from their hooks, and what was
 * labeled last comes first. Of the packets only those count that begin a
 * connection. Rules that do not label stay the firewall's own matter.
 *
 * Returns the text of the plan, without the lines for those rules. The caller
 * frees it.
 */
char *convert(const struct dump *dumps, size_t n, struct diag *diag);

#endif
