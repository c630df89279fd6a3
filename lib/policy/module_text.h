/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_MODULE_TEXT_H
#define SECMARK2_POLICY_MODULE_TEXT_H

#include <stdbool.h>

struct err;

/* The text in CIL of a module that is in a policy store. It may be of anybody. */

/* Has secmarkctl made it? */
bool module_text_is_ours(const char *cil);

/* Does it declare this type? It is one that secmarkctl has made. */
bool module_text_declares(const char *cil, const char *type);

/**
 * module_text_may_replace - may a module of ours replace another one of ours?
 * @name:   of both
 * @before: the text of the one that is there
 * @cil:    the text of the new one
 * @err:    filled if not
 *
 * A plan may replace its own module. The module of another plan may be replaced if no type is lost.
 *
 * Returns 0, or -EEXIST.
 */
int module_text_may_replace(const char *name, const char *before, const char *cil, struct err *err);

/* Calls fn with each type that a module of ours declares. */
void module_text_types(const char *cil, void (*fn)(void *arg, const char *type), void *arg);

/**
 * module_text_paths - find the files that a module labels
 * @cil: its text
 * @fn:  called with the path of each; it frees the path
 * @arg: for it
 *
 * A module of ours has paths as regular expressions that match nothing else.
 */
void module_text_paths(const char *cil, void (*fn)(void *arg, char *path), void *arg);

#endif
