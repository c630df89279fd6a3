/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The interface between iptables' plugins and the kernel module xt_secmark2.
 * One header has both targets and the match: the names of two would differ only
 * by case.
 *
 * The structures of the targets begin like those of the stock targets, with the
 * same values: without a flag, a rule of SECMARK2 has the bytes of a rule of
 * SECMARK revision 1, and a rule of CONNSECMARK2 begins with those of
 * CONNSECMARK revision 0.
 *
 * Fields have the same size and place for 32- and 64-bit userland, so the kernel
 * needs no compat code. That of a target takes the space of the stock one, also
 * when 32-bit userland aligns it to 4 bytes.
 * Userland sets to zero each pad, and each byte after the end of a context.
 * secid is the kernel's: usersize ends before it. A new layout, or a flag that
 * older modules would refuse, is a new revision of that extension. A bit never
 * gets another meaning, and other fields are another size: iptables-nft compares
 * and lists rules without their revision.
 */
#ifndef _XT_SECMARK2_H
#define _XT_SECMARK2_H

#include <linux/types.h>

/*
 * Each extension has its own revision. Revision 1 was the layout of version
 * 0.1.0. None is 0: userland assumes that every kernel has revision 0.
 */
#define XT_SECMARK2_TG_REVISION 2
#define XT_CONNSECMARK2_TG_REVISION 2
#define XT_SECMARK2_MT_REVISION 2

/* With the terminating zero: SECMARK_SECCTX_MAX. */
#define XT_SECMARK2_CTX_SIZE 256

/* -j SECMARK2: mode */
enum {
	XT_SECMARK2_SELCTX = 1, /* SECMARK_MODE_SEL */
};

/* -j SECMARK2: flags */
enum {
	XT_SECMARK2_SAVE = 1 << 0,
	XT_SECMARK2_ACCEPT = 1 << 1,
};

struct xt_secmark2_tginfo2 {
	__u8 mode;
	char secctx[XT_SECMARK2_CTX_SIZE];
	__u8 flags;
	__u8 pad[2];
	__u32 secid;
};

/* -j CONNSECMARK2: mode */
enum {
	XT_CONNSECMARK2_SAVE = 1, /* CONNSECMARK_SAVE */
	XT_CONNSECMARK2_RESTORE, /* CONNSECMARK_RESTORE */
};

/* -j CONNSECMARK2: flags, only with XT_CONNSECMARK2_RESTORE */
enum {
	XT_CONNSECMARK2_OVERWRITE = 1 << 0,
	XT_CONNSECMARK2_ACCEPT = 1 << 1,
};

struct xt_connsecmark2_tginfo2 {
	__u8 mode;
	__u8 flags;
	__u8 pad[2];
};

/* -m secmark2: mode; secctx is empty for XT_SECMARK2_MATCH_LABELED */
enum {
	XT_SECMARK2_MATCH_SELCTX = 1,
	XT_SECMARK2_MATCH_LABELED,
};

/* -m secmark2: flags */
enum {
	XT_SECMARK2_MATCH_CONN = 1 << 0,
	XT_SECMARK2_MATCH_INVERT = 1 << 1,
};

struct xt_secmark2_mtinfo2 {
	__u8 mode;
	char secctx[XT_SECMARK2_CTX_SIZE];
	__u8 flags;
	__u8 pad[2];
	__u32 secid;
};

#endif /* _XT_SECMARK2_H */
