/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_ACCESS_TEXT_H
#define SECMARK2_ADVISE_ACCESS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct access_rule;

/* Writes a rule as sesearch(1) does. The caller frees it. */
char *access_rule_text(const struct access_rule *rule);

/**
 * access_rule_switch - write the command that switches a rule with one boolean
 * @rule: a rule
 * @on:   should it count?
 * @text: filled, or empty: no single boolean does it for sure
 * @size: of @text
 */
void access_rule_switch(const struct access_rule *rule, bool on, char *text, size_t size);

/* Writes permissions with blanks between them. The caller frees it. */
char *access_perms_text(unsigned int perms);

#endif
