/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_APPLICATION_H
#define SECMARK2_POLICY_APPLICATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct diag;
struct err;
struct file_labels;
struct plan_application;
struct policy_condition;
struct policy_module;
struct policy_older;
struct policydb;

/* The domain of an application is a copy of the first, and its entry type one of the second: this
 * is what unconfined processes and their programs have. */
#define APPLICATION_LIKE "unconfined_t"
#define APPLICATION_ENTRY_LIKE "bin_t"

/* refpolicy gives this attribute to domains with all rights, and so to those of applications. */
#define APPLICATION_UNCONFINED "unconfined_domain_type"

/* In the names of attributes that CIL makes of expressions: whoever the expression means has them.
 */
#define APPLICATION_EXPRESSION "_typeattr_"

enum application_rule_kind {
	APPLICATION_ROLE,      /* processes with the role source can have the type target */
	APPLICATION_ATTRIBUTE, /* the type source has the attribute target */
	APPLICATION_ALLOW,
	APPLICATION_AUDITALLOW,
	APPLICATION_DONTAUDIT,
	APPLICATION_TRANSITION, /* type_transition, type_member, type_change */
	APPLICATION_MEMBER,
	APPLICATION_CHANGE,
};

/* A rule about the types of an application. The names are the policy's, unless they are these. */
struct application_rule {
	enum application_rule_kind kind;
	/* What else the rule needs from the policy: types, an attribute or a role. NULL: nothing,
	 * or the types that an application is a copy of. */
	const char *needs, *needs_too;
	const struct policy_condition *condition; /* or NULL */
	bool branch;                              /* it counts if the condition is this */
	const char *source, *target, *class;
	unsigned int vector; /* permissions */
	char *perms;         /* the same as words; of a transition: all of the class */
	/* of a transition; it is about files with the name, or NULL */
	const char *result, *file;
};

/* What a policy gives to an application. */
struct application_rules {
	const struct plan_application *application;
	struct application_rule *v; /* sorted: those that need the same are neighbours */
	size_t n;
};

/* The applications of a plan. The names are in the policy, which must outlive this. */
struct policy_applications {
	struct application_rules *v; /* in the order of the plan */
	size_t n;
	const struct policydb *policy;
	/* of the policy that the module is for. The caller sets it before it prints. */
	const struct file_labels *labels;
	/* the module that the policy has in the place of this one, or NULL. The caller sets it. */
	const struct policy_older *older;
	struct policy_condition *conditions;
	size_t n_conditions;
};

/**
 * policy_applications_make - say what the applications of a plan are, in terms of a policy
 * @all:  the caller has set @older; filled; free it with policy_applications_free(), also after a
 *        failure
 * @m:    the module of the plan
 * @p:    a kernel policy
 * @diag: gets an error for each domain of "from" that the policy does not have, and a warning for
 *        each that is confined: it could do all that the application can
 * @err:  filled on failure
 *
 * The domain has the attributes of unconfined_t, and a copy of each rule that names it. What is
 * left out:
 * - access to packets. An attribute that gives some is not the domain's: it gets the other rules
 *   of the attribute. So does an attribute that makes other files its entry point
 * - entry points: only the application's own files are
 * - transitions between it and unconfined_t, and those of rules that name unconfined_t. The domains
 *   of "from" start it. Who may start all types with an attribute of unconfined_t may start it,
 *   too, if it asks for the domain: Debian's sudo, sshd, login and xdm with userdomain, and init_t
 *   with systemprocess
 *
 * What the policy has of an older module of the plan makes no difference: rules for the types of
 * the plan do not count, and neither does what @older alone has.
 *
 * Returns 0; -ENODATA for a policy without unconfined_t or bin_t; -EINVAL if @diag has an error.
 */
int policy_applications_make(struct policy_applications *all, const struct policy_module *m,
			     const struct policydb *p, struct diag *diag, struct err *err);

/* Has the policy an attribute with this name, not a type? */
bool policy_applications_is_attribute(const struct policy_applications *all, const char *name);

/* Writes them as parts of a module. */
void policy_applications_print_cil(const struct policy_module *m, FILE *out);
void policy_applications_print_te(const struct policy_module *m, FILE *out);
void policy_applications_print_if(const struct policy_module *m, FILE *out);
void policy_applications_print_fc(const struct policy_module *m, FILE *out);

/* Frees its content. */
void policy_applications_free(struct policy_applications *all);

#endif
