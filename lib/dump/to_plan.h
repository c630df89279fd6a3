/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_TO_PLAN_H
#define SECMARK2_DUMP_TO_PLAN_H

#include <stddef.h>

struct diag;
struct dump;

/**
 * convert - make a plan that labels as the rules of iptables dumps do
 * @dumps: the dumps of one machine, for example one for each family
 * @n:     the number of dumps
 * @diag:  gets warnings, and an error for each rule that labels and that no line
 *         of a plan can express; all of them at places in the dumps
 *
 * In iptables the last label stays, unless a verdict comes before it
 * (net/netfilter/xt_SECMARK.c: XT_CONTINUE). In a plan the first line that
 * matches counts. So the chains of the tables mangle and security are followed from
 * their hooks, in the order in which packets pass them, and the last label comes
 * first. Only packets that begin a connection count. Rules that do not label are
 * left out.
 *
 * Returns the text of the plan, without lines for the rules that it cannot
 * express. After an error the text need not be a plan. The caller frees it.
 */
char *dump_to_plan(const struct dump *dumps, size_t n, struct diag *diag);

#endif
