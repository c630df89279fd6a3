/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_PACKET_PERMS_H
#define SECMARK2_SELINUX_PACKET_PERMS_H

#include <stdio.h>

/* The permissions of class packet (security/selinux/include/classmap.h), in the order of the
 * alphabet, as sesearch(1) prints them. */
enum packet_perm {
	PACKET_FORWARD_IN = 1 << 0,
	PACKET_FORWARD_OUT = 1 << 1,
	PACKET_RECV = 1 << 2,
	PACKET_RELABELTO = 1 << 3, /* to load a rule with the label */
	PACKET_SEND = 1 << 4,
	/* to use packets with the label */
	PACKET_USE = PACKET_FORWARD_IN | PACKET_FORWARD_OUT | PACKET_RECV | PACKET_SEND,
};

#define PACKET_PERMS 5

/* Their names, in the order of their bits. */
extern const char *const packet_perm_names[PACKET_PERMS];

/* Writes a set of them with blanks between: "recv send". */
void packet_perms_print(unsigned int perms, FILE *out);

#endif
