/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_NAMES_H
#define SECMARK2_POLICY_NAMES_H

#include <stdbool.h>

struct diag;
struct plan;

/* In which language a module is written. */
enum policy_language {
	POLICY_CIL,
	POLICY_TE, /* with refpolicy's macros */
	POLICY_IF, /* the same, and each type has interfaces */
};

/**
 * policy_names_check - can a language say the types of a plan?
 * @plan:     the plan
 * @language: of the module
 * @diag:     gets an error for each type that it cannot say
 *
 * m4 expands each word that is a macro, and refpolicy has thousands. None of them ends in _t. Two
 * types give their interfaces one name if they are the same but for _packet_t, _t or nothing.
 */
void policy_names_check(const struct plan *plan, enum policy_language language, struct diag *diag);

/* "intranet" of intranet_packet_t, as refpolicy names its interfaces. Returns its length. */
int policy_names_stem(const char *type);

/* Is the word a keyword of checkmodule, or a macro of m4 or of refpolicy's Makefile? */
bool policy_names_is_reserved(const char *name);

#endif
