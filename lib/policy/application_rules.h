/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_APPLICATION_RULES_H
#define SECMARK2_POLICY_APPLICATION_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct application_rule;
struct application_rules;
struct plan_application;
struct policy_applications;
struct policy_module;
struct policydb;

/* The state of making applications. */
struct application_maker {
	struct policy_applications *all;
	const struct policy_module *m;
	const struct policydb *p;
	uint32_t like, entry_like; /* the types that they are copies of */
	bool *apart;               /* attributes that are not given as a whole; by value - 1 */
	bool *named;               /* types and attributes that rules name; by value - 1 */
	bool *own;                 /* types of the module, or of the one before; by value - 1 */
	/* values of classes, and vectors of their permissions */
	uint32_t packet, file, entrypoint, process, transitions;
};

/* These start an application, unless the plan says. */
extern const char *const application_starters[];

/* Does this domain start the application, so that it enters its own domain? */
bool application_is_started_by(const struct plan_application *a, const char *domain);

/* Adds what its roles, its files and those that start it need. */
void application_add_own(struct application_maker *mk, struct application_rules *rules);

/* Adds a copy of a rule. A rule of permissions without any is not added. */
void application_rule_add(struct application_rules *rules, const struct application_rule *rule);

/* Sorts the rules, makes one of those that differ in their permissions, and writes these. */
void application_rules_settle(struct application_rules *rules, const struct policydb *p);

/* The permissions of class packet, from enum packet_perm, as the policy numbers them. */
uint32_t application_packet_vector(const struct policydb *p, unsigned int perms);

/* The permissions with these names; a name that the class lacks is left out. The list ends with
 * NULL. */
uint32_t application_vector(const struct policydb *p, const char *class, const char *const *names);

/* Frees its content. */
void application_rules_free(struct application_rules *rules);

#endif
