/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_IPTC_INFO_H
#define SECMARK2_XTABLES_IPTC_INFO_H

#include <stdint.h>

/*
 * A hash of what the kernel says of a legacy table without copying its rules: which of the tables
 * exist, and how many rules they have, and of which size. It costs a few system calls, however many
 * rules there are. It differs after each flush, but not if a rule is replaced by one of the same
 * size. Makes no table and loads no module.
 */
uint64_t iptc_info_hash(void);

#endif
