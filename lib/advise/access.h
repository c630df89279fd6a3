/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_ACCESS_H
#define SECMARK2_ADVISE_ACCESS_H

#include <stdbool.h>
#include <stddef.h>

struct access;
struct err;
struct oracle;

struct access_boolean {
	const char *name;
	bool on;
};

/* "allow SOURCE TARGET:packet { PERMS };", perhaps under a condition */
struct access_rule {
	const char *source, *target; /* a type, or an attribute */
	unsigned int perms;
	const char *condition;                 /* such as "a && b"; NULL: the rule always counts */
	bool branch;                           /* the rule counts if the condition is this */
	bool on;                               /* it counts now */
	const struct access_boolean *booleans; /* those of the condition, each once */
	size_t n_booleans;
};

/* What a domain may do with a label. */
struct access_grant {
	const char *domain, *label;       /* types */
	bool runs;                        /* processes can have the type of the domain */
	bool socket;                      /* they cannot, but can give it to a socket */
	bool permissive;                  /* the kernel denies it nothing */
	unsigned int perms;               /* what libsepol says that it may do */
	unsigned int withheld;            /* what rules allow, and a constraint denies */
	unsigned int possible;            /* what it could do more with other booleans */
	const struct access_rule **rules; /* that give it something, or would */
	size_t n_rules;
};

/* Sorted by domain and label. Starts as zeros; free it with access_grants_free(). */
struct access_grants {
	struct access_grant *v;
	size_t n;
};

/**
 * access_open - questions about packets to a policy
 * @o:   an oracle of oracle_file_open(); must live longer than @a
 * @a:   where to; end it with access_close()
 * @err: filled on failure
 *
 * Returns 0, or -EIO where libsepol fails.
 */
int access_open(struct oracle *o, struct access **a, struct err *err);

/**
 * access_of_label - who may use a label?
 * @a:      the policy
 * @label:  a type, or a whole context. A type is asked about in the policy's own object context
 * @grants: each domain that may do something, that could with other booleans, or that is
 *          permissive, is added to it
 * @err:    filled on failure
 *
 * libsepol decides, with the constraints and the booleans as they stand. A domain may do what any
 * of its contexts may: with any user and role that it can have, and any range of levels within that
 * of the user.
 *
 * Returns 0, -ENOENT if the policy has no such type, -EINVAL for a context that is not valid.
 */
int access_of_label(struct access *a, const char *label, struct access_grants *grants,
		    struct err *err);

/**
 * access_of - what may this domain do with this label?
 * @a:      the policy
 * @domain: a type, or a whole context: then only this context is asked about
 * @label:  as above
 * @grants: gets the answer, unless it is that nothing can be done
 * @err:    filled on failure
 *
 * Returns 0, or as above.
 */
int access_of(struct access *a, const char *domain, const char *label, struct access_grants *grants,
	      struct err *err);

/* All labels that rules are about: the types with attribute packet_type, and those that a rule for
 * packets has as its target, by name or by an attribute. Sorted by name; the array ends with NULL,
 * the caller frees it. */
const char **access_labels(const struct access *a);

/* Is a type one of these? */
bool access_is_label(const struct access *a, const char *type);

/* Is there such a domain to ask about? Returns 0; or -ENOENT, as access_of(), with @err filled. A
 * context is judged by access_of(). */
int access_judge_domain(const struct access *a, const char *domain, struct err *err);

/* Has the policy this type (which may be an alias), or with an @ before it, this attribute? */
bool access_has(const struct access *a, const char *name);

/* Is a type the domain, or with an @ before the name, does it carry the attribute? */
bool access_is(const struct access *a, const char *type, const char *name);

void access_grants_free(struct access_grants *grants);

/* NULL is allowed. */
void access_close(struct access *a);

#endif
