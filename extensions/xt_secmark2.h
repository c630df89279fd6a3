/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The interface between iptables' plugins and the kernel module xt_secmark2.
 *
 * Fields have the same size and place for 32- and 64-bit userland, and each
 * structure is a multiple of 8 bytes, so the kernel needs no compat code.
 * Userland sets to zero each pad, and each byte after the end of a context.
 * secid is the kernel's: usersize ends before it. A new layout, or a flag that
 * older modules would refuse, is a new revision.
 */
#ifndef _XT_SECMARK2_H
#define _XT_SECMARK2_H

#include <linux/types.h>

/*
 * The revision of all three extensions. Not 0: userland assumes that every
 * kernel has revision 0.
 */
#define XT_SECMARK2_REVISION 1

/* With the terminating zero. The same size as in the kernel's own SECMARK. */
#define XT_SECMARK2_CTX_SIZE 256

/* -j SECMARK2: flags */
enum {
	XT_SECMARK2_SAVE = 1 << 0,
	XT_SECMARK2_ACCEPT = 1 << 1,
};

struct xt_secmark2_tginfo1 {
	__u8 flags;
	__u8 pad[3];
	char ctx[XT_SECMARK2_CTX_SIZE];
	__u32 secid;
};

/* -j CONNSECMARK2: mode */
enum {
	XT_CONNSECMARK2_SAVE = 1,
	XT_CONNSECMARK2_RESTORE,
};

/* -j CONNSECMARK2: flags, only with XT_CONNSECMARK2_RESTORE */
enum {
	XT_CONNSECMARK2_OVERWRITE = 1 << 0,
	XT_CONNSECMARK2_ACCEPT = 1 << 1,
};

struct xt_connsecmark2_tginfo1 {
	__u8 mode;
	__u8 flags;
	__u8 pad[6];
};

/* -m secmark2: what; ctx is empty for XT_SECMARK2_MATCH_LABELED */
enum {
	XT_SECMARK2_MATCH_LABELED,
	XT_SECMARK2_MATCH_CTX,
};

/* -m secmark2: flags */
enum {
	XT_SECMARK2_MATCH_CONN = 1 << 0,
	XT_SECMARK2_MATCH_INVERT = 1 << 1,
};

struct xt_secmark2_mtinfo1 {
	__u8 what;
	__u8 flags;
	__u8 pad[2];
	char ctx[XT_SECMARK2_CTX_SIZE];
	__u32 secid;
};

#endif /* _XT_SECMARK2_H */
