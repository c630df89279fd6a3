/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_NF_TABLES_H
#define SECMARK2_HOST_NF_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;

/* A rule, as far as its expressions can be told apart without knowing all of them. */
struct nf_rule {
	char *chain;
	uint64_t handle; /* of this rule alone, as long as its table exists */
	char *target;    /* a chain, a verdict as iptables calls it, or an xtables target; "": none;
			    "?": a map decides */
	bool jump;       /* the target is a chain */
	bool goes;       /* by goto */
	bool plain;      /* all packets fit it */
};

struct nf_chain {
	char *name;
	bool base; /* packets come from a hook */
};

/* What nf_tables keeps, by whichever program it was made. */
struct nf_table {
	int family;       /* AF_INET, AF_INET6 */
	const char *name; /* not owned; NULL: all tables of the family */
	struct nf_chain *chains;
	size_t n_chains;
	struct nf_rule *rules; /* those of a chain in their order */
	size_t n_rules;
};

/**
 * nf_tables_read - read chains and rules, without a program that translates them
 * @t: family and name are set, the rest is filled; free it with nf_tables_free()
 *
 * A table that does not exist has no chains. Returns 0 or -errno: -EPERM without CAP_NET_ADMIN,
 * -EINTR if somebody changed rules all the time. After a failure there is nothing to free.
 */
int nf_tables_read(struct nf_table *t);

/* Frees what is in it. */
void nf_tables_free(struct nf_table *t);

/**
 * nf_tables_generation - how many transactions nf_tables has seen
 * @generation: where to: in this network namespace every transaction, of any program, adds 1
 *
 * Returns 0 or -errno.
 */
int nf_tables_generation(uint32_t *generation);

/**
 * nf_tables_have_dnat - does a rule of any family change the destination of packets?
 * @is: where to
 *
 * Returns 0 or -errno, as nf_tables_read().
 */
int nf_tables_have_dnat(bool *is);

/* Does an xtables target of this name do so? */
bool nf_tables_target_is_dnat(const char *target);

/* Begins a message to nf_tables of a type (NFT_MSG_*) and a family (NFPROTO_*). */
struct nlmsghdr *nf_tables_request(void *buf, unsigned int type, uint8_t family);

#endif
