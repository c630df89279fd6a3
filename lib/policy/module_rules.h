/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_MODULE_RULES_H
#define SECMARK2_POLICY_MODULE_RULES_H

#include <stdbool.h>
#include <stddef.h>

/* "allow SOURCE TARGET:packet" in a module. */
struct module_packet_rule {
	char *source, *target; /* as the module writes them: a type, or an attribute */
	char *booleans;        /* those of its condition, as module_rules_booleans() writes them */
	const char *module;
};

/* The rules about packets in the modules of a policy. Starts as zeros; free it with
 * module_rules_free(). */
struct module_rules {
	struct module_packet_rule *v;
	size_t n;
	char **modules; /* their names */
	size_t n_modules;
};

/**
 * module_rules_read - add the rules about packets of a module
 * @rules:  where to
 * @module: the name of the module
 * @cil:    its text in CIL, as "semodule -c -E" writes it. It may be of anybody
 *
 * Rules within a block, or a macro, are not found: their names depend on where they are used. Nor
 * is a rule with a named set of permissions.
 */
void module_rules_read(struct module_rules *rules, const char *module, const char *cil);

/* Sorts them, for module_rules_find(). */
void module_rules_sort(struct module_rules *rules);

/**
 * module_rules_booleans - write the booleans of a condition
 * @names: they are sorted, and each is written once, with blanks between them
 * @n:     how many; 0: there is no condition
 *
 * The policy can have turned the condition round ("not a" in front, and the other branch), so that
 * more than the names cannot be compared. The caller frees the text.
 */
char *module_rules_booleans(const char **names, size_t n);

/**
 * module_rules_find - which modules have a rule?
 * @rules:    sorted
 * @source:   a type, or an attribute
 * @target:   as well
 * @booleans: of its condition, from module_rules_booleans()
 * @n:        gets how many modules have it, 0 if none is known
 *
 * Returns the first of them, ordered by their names, or NULL. A module has it once.
 */
const struct module_packet_rule *module_rules_find(const struct module_rules *rules,
						   const char *source, const char *target,
						   const char *booleans, size_t *n);

void module_rules_free(struct module_rules *rules);

#endif
