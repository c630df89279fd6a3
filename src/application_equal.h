/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_APPLICATION_EQUAL_H
#define SECMARK2_APPLICATION_EQUAL_H

#include <stdbool.h>

struct application_paths;
struct file_labels;
struct plan;

/* Paths that have the label of another path: "semanage fcontext -a -e OTHER PATH". An application
 * needs that for a file for which the policy has a label, see lib/policy/file_contexts.h. */

/* Reads how this machine labels files. Free it with file_labels_free(). */
void application_file_labels(struct file_labels *labels);

/* Adds the paths of files that have the label of one of these because of us. */
void application_equal_add(struct application_paths *paths);

/**
 * application_equal_settle - make equal what a plan needs, and end what it does not need
 * @old:  what application_equal_add() has seen to be equal ends if the plan does not need it
 * @plan: NULL: nothing is needed any more
 * @undo: NULL, or where to put what application_equal_undo() takes to make the paths equal again.
 *        The caller frees it. NULL after a failure
 *
 * Runs semanage, if there is anything to do. Returns false after it has printed why, if that
 * fails.
 */
bool application_equal_settle(const struct application_paths *old, const struct plan *plan,
			      char **undo);

/* Makes the paths equal again that application_equal_settle() has ended. Returns false after it has
 * printed why, if that fails. */
bool application_equal_undo(const char *undo);

#endif
