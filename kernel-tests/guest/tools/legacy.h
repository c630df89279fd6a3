/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_LEGACY_H
#define GUEST_LEGACY_H

#include "runner/util.h"

/* Does this kernel have legacy tables of this family (0: IPv4, 1: IPv6) and the target SECMARK? */
bool legacy_works(int family);

/* Empties the legacy tables that exist in the namespace this process is in. */
void legacy_flush(int family);

#endif
