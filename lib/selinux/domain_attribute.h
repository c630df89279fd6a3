/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_DOMAIN_ATTRIBUTE_H
#define SECMARK2_SELINUX_DOMAIN_ATTRIBUTE_H

/* What refpolicy calls all types of processes (policy/modules/kernel/domain.te). */
#define DOMAIN_ATTRIBUTE "domain"

#endif
