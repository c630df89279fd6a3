/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_MODULE_H
#define SECMARK2_POLICY_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct diag;
struct plan;
struct policy_applications;

/* The name of a module, if nobody gives it another one. */
#define POLICY_MODULE_NAME "secmark2_plan"

/* How the text of a module begins; then comes the path of its plan. */
#define POLICY_MODULE_MADE "Made by \"secmarkctl policy\" from "
#define POLICY_MODULE_MADE_CIL "; " POLICY_MODULE_MADE

/* "allow SUBJECT OBJECT:packet { ... };" */
struct module_rule {
	char *subject; /* a type or an attribute */
	bool attribute;
	bool audited;       /* each use is recorded, too */
	bool elsewhere;     /* the policy has to allow it: the module only records each use */
	char *object;       /* a type of packets */
	unsigned int perms; /* of enum packet_perm */
};

/* Rules with one reason. */
struct module_part {
	char *comment; /* one line */
	char *needs;   /* the rules count only if the policy has this domain; or NULL */
	size_t first, n;
};

/* What a plan says about a policy. */
struct policy_module {
	const char *name;
	const struct plan *plan;   /* its types are the module's */
	struct module_part *parts; /* in the order of the plan; then what all plans need */
	size_t n_parts;
	struct module_rule *rules;
	size_t n_rules;
	/* what a policy gives to the applications of the plan; or NULL. The caller sets it, and
	 * frees it. */
	const struct policy_applications *applications;
};

/* A text of a module. */
typedef void policy_module_printer(const struct policy_module *m, FILE *out);

/**
 * policy_module_make - say what a plan grants
 * @m:    filled; free it with policy_module_free()
 * @plan: it must outlive @m
 * @name: of the module; it must outlive @m
 * @diag: gets a warning for each type of the plan that no domain may use
 *
 * A line grants its label to the domains of "allow": send and recv, or forward_in and forward_out
 * for a forward line. The types that the plan defines have no attribute. So nobody else may use
 * them, not even unconfined domains: refpolicy grants these the attribute packet_type. They need
 * more: the kernel sends with them (kernel_t), and those who load rules put them on packets
 * (relabelto).
 */
void policy_module_make(struct policy_module *m, const struct plan *plan, const char *name,
			struct diag *diag);

/* For secilc and semodule: needs nothing but the policy. */
policy_module_printer policy_module_print_cil;

/* For the Makefile of refpolicy: NAME.te, NAME.if with an interface for each type of the plan, and
 * NAME.fc. */
policy_module_printer policy_module_print_te;
policy_module_printer policy_module_print_if;
policy_module_printer policy_module_print_fc;

/* Is this a name for a module? Letters, digits and _, and a letter first: all of CIL, m4 and
 * semodule take it. And none of their keywords. */
bool policy_module_is_name(const char *name);

/* Frees its content. */
void policy_module_free(struct policy_module *m);

#endif
