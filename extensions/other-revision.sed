# SPDX-License-Identifier: GPL-2.0-only
# Makes of xt_secmark2.h, for tests, the header of a later release: each extension has revision 9, in
# which the second flag is another bit than today.
s/^\(#define XT_[A-Z0-9]*_[TM][GT]_REVISION\) .*/\1 9/
s/ = 1 << 1,$/ = 1 << 2,/
