/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_LEARN_POLICY_H
#define SECMARK2_ADVISE_LEARN_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct access;
struct err;
struct oracle;

struct learn_port_range {
	uint8_t proto;   /* IPPROTO_* */
	uint16_t lo, hi; /* both are in it */
	char *name;      /* NAME of NAME_port_t; NULL: a type for any port, such as port_t */
};

/* What a policy says about names and ports. Starts as zeros. */
struct learn_policy {
	char **types; /* sorted */
	size_t n_types;
	struct learn_port_range *ranges; /* the first one that has a port counts */
	size_t n_ranges;
	struct access *access;
	void *answers; /* a tree: each question is asked once */
};

/**
 * learn_policy_read - read what is asked for below
 * @o:   an oracle of oracle_file_open(); must live longer than @p
 * @p:   filled; free it with learn_policy_free(), also after a failure
 * @err: filled on failure
 *
 * Returns 0 or -errno.
 */
int learn_policy_read(struct oracle *o, struct learn_policy *p, struct err *err);

/* Has the policy this type? */
bool learn_policy_has(const struct learn_policy *p, const char *type);

/* The type as the policy itself keeps it, which lives as long as @p, or NULL. */
const char *learn_policy_type(const struct learn_policy *p, const char *type);

/* NAME, if the port has the type NAME_port_t; NULL for a port that has no type of its own:
 * port_t, and the types of whole ranges in refpolicy (corenetwork.te.in). */
const char *learn_policy_port(const struct learn_policy *p, uint8_t proto, uint16_t port);

/* May a domain do all of this with a label? perms: of enum packet_perm. False if the policy lacks
 * one of them. */
bool learn_policy_allows(struct learn_policy *p, const char *domain, const char *label,
			 unsigned int perms);

/* Frees its content; it is empty then. */
void learn_policy_free(struct learn_policy *p);

#endif
