/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_ACCESS_POLICY_H
#define SECMARK2_ADVISE_ACCESS_POLICY_H

#include <stdbool.h>
#include <stddef.h>

struct access;
struct nearest;

/* What a policy says about itself. access.c has these functions: they read its structure. */

/* Do constraints make a difference between the contexts of a type? */
bool access_has_constraints(const struct access *a);

/* What a policy does about classes and permissions that it does not have. */
enum access_unknown {
	ACCESS_UNKNOWN_DENY,
	ACCESS_UNKNOWN_REJECT, /* the kernel does not load such a policy */
	ACCESS_UNKNOWN_ALLOW,
};

enum access_unknown access_unknown(const struct access *a);

/* Which permissions the policy does not have: without the class packet, all. */
unsigned int access_missing(const struct access *a);

/* Which permissions everybody has for each label: the policy does not have them, and allows what it
 * does not have. They are in no grant. */
unsigned int access_everybody(const struct access *a);

/* The type of packets without a label; NULL if the policy does not say. */
const char *access_unlabeled(const struct access *a);

/* The types that processes can have, and how many of them there are. */
size_t access_domains(const struct access *a);

/* Is each type with the attribute right? attribute: with an @ before the name. false if the policy
 * has no such attribute. */
bool access_all_of(const struct access *a, const char *attribute,
		   bool (*is_right)(void *arg, const char *type), void *arg);

/* Can processes have this type, or sockets? It may be an alias. */
bool access_is_domain(struct access *a, const char *name);

/* Offers the names of all types that processes can have; or of all attributes, without an @. */
void access_offer_domains(const struct access *a, struct nearest *near, bool attributes);

/* The type that sends the kernel's own packets; NULL if the policy does not say. */
const char *access_kernel(const struct access *a);

#endif
