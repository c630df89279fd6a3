/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_BACKEND_MACHINE_H
#define SECMARK2_BACKEND_MACHINE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct oracle;
struct seen;

/* Backends whose places can be read in one run: all of them. */
#define MACHINE_SEEN_MAX 4

/*
 * What one run has asked of the host: each question once. load/machine.c asks; backends read the
 * answers. Starts as zeros.
 */
struct machine {
	struct oracle *oracle;
	char *unlabeled; /* the policy's context of packets without a label; NULL: there is none */
	char *loader;    /* the program that loads rules; NULL: this process */
	int may_unlabel; /* may whoever loads give packets that context? 1, 0, or -errno: unknown
			  * (-ENODATA: this process may not, a program may) */

	char (*vrfs)[IFNAMSIZ]; /* the VRFs */
	size_t n_vrfs;

	/* For iptables' tables alone */
	char (*hardware)[IFNAMSIZ]; /* hardware interfaces: packets bring no label from there */
	size_t n_hardware;
	bool module; /* rules can use xt_secmark2 */
	bool nat;    /* the plan has forward lines, and there may be rules with DNAT */
	bool shared; /* others have rules in the table, or nobody let us look */

	/* What the kernel lacks, and its option, in words; NULL: nothing that the plan needs. Then
	 * rules cannot tell data connections of FTP, or what is forwarded from what is for this
	 * host. */
	const char *no_ftp, *no_forward;

	/* What is loaded, as it was before this run changed it */
	bool has_places;
	unsigned int places; /* those with rules of ours: bits of enum place */
	unsigned int hidden; /* those that the kernel does not show to this program */
	struct {
		struct seen *seen;
		bool dated;          /* generation is known */
		uint32_t generation; /* of nf_tables, before it was read */
	} look[MACHINE_SEEN_MAX];
	size_t n_looks;
};

#endif
