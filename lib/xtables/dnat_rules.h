/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_DNAT_RULES_H
#define SECMARK2_XTABLES_DNAT_RULES_H

#include <stdbool.h>

/* May a rule of this network namespace change where packets go (DNAT)? Looks at nf_tables and at
 * legacy tables. Also yes if that cannot be read. */
bool dnat_rules_may_be_there(void);

#endif
