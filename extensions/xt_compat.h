/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What xt_secmark2 needs of a kernel. Differences between kernels belong here;
 * so far there are none.
 */
#ifndef _XT_COMPAT_H
#define _XT_COMPAT_H

#include <linux/kconfig.h>

#if !IS_ENABLED(CONFIG_NETWORK_SECMARK)
#error "packets have no labels in this kernel: CONFIG_NETWORK_SECMARK is not set"
#endif

#if !IS_ENABLED(CONFIG_NF_CONNTRACK_SECMARK)
#error "connections have no labels in this kernel: CONFIG_NF_CONNTRACK_SECMARK is not set"
#endif

#endif /* _XT_COMPAT_H */
