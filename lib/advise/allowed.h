/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_ALLOWED_H
#define SECMARK2_ADVISE_ALLOWED_H

#include <stdbool.h>

struct allowed;
struct err;
struct oracle;

/* What a policy says of an access. */
enum allowed_verdict {
	ALLOWED_UNKNOWN,     /* it does not have the types, the class, or a permission */
	ALLOWED_NO,          /* no rule allows it */
	ALLOWED_YES,         /* it is allowed */
	ALLOWED_CONSTRAINED, /* a rule allows it, and a constraint denies it */
};

struct allowed_answer {
	bool wide; /* the boolean's rule is one for an attribute: other domains have it, too */
	enum allowed_verdict verdict;
	char lacks[128];   /* if unknown: the type, class or permission that the policy lacks */
	char boolean[128]; /* the command that switches a boolean, so that a rule allows it; or
			    * empty */
};

/**
 * allowed_open - questions about any class to a policy
 * @o:   an oracle of oracle_file_open(); must live longer
 * @a:   where to; end it with allowed_close()
 * @err: filled on failure
 *
 * Returns 0, or -EIO where libsepol fails.
 */
int allowed_open(struct oracle *o, struct allowed **a, struct err *err);

/**
 * allowed_ask - does the policy allow an access?
 * @a:      the policy
 * @source: a context. One that the policy does not have is asked about by its type
 * @target: likewise
 * @class:  the class of objects
 * @perms:  permissions, with blanks between them; all of them are asked for
 * @answer: filled
 */
void allowed_ask(struct allowed *a, const char *source, const char *target, const char *class,
		 const char *perms, struct allowed_answer *answer);

/* The same for types. Constraints do not count. */
void allowed_ask_types(struct allowed *a, const char *source, const char *target, const char *class,
		       const char *perms, struct allowed_answer *answer);

/* Has the policy the type? And has the type the attribute? */
bool allowed_has_type(const struct allowed *a, const char *type);
bool allowed_type_has(const struct allowed *a, const char *type, const char *attribute);

/* Has the policy a capability, such as "always_check_network"? */
bool allowed_has_capability(const struct allowed *a, const char *name);

/* Has the policy a constraint for this class? */
bool allowed_has_constraint(const struct allowed *a, const char *class);

/* NULL is possible. */
void allowed_close(struct allowed *a);

#endif
