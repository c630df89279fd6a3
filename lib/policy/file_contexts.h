/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_FILE_CONTEXTS_H
#define SECMARK2_POLICY_FILE_CONTEXTS_H

#include <stdbool.h>

struct plan_application;

/**
 * file_contexts_name - has a policy itself a label for exactly this path?
 * @text: its file contexts, as file_contexts(5) describes them
 * @path: of a regular file
 *
 * A regular expression that matches more paths than this one does not count, and neither does the
 * label of an application (NAME_net_exec_t): the module that is made may replace the one with that
 * label. refpolicy has one such type, samba_net_exec_t.
 */
bool file_contexts_name(const char *text, const char *path);

/**
 * policy_application_path - for which path does the module of an application have a label?
 * @file_contexts: the text of the policy's file contexts, or NULL
 * @a:             the application
 * @path:          one of its paths
 *
 * It is @path, unless the policy has a label for it: two labels for one path are an error, from
 * libsepol 3.5 on. Then it is PATH.DOMAIN, and "semanage fcontext -a -e PATH.DOMAIN PATH" gives
 * @path this label. A local label (fcontext -a -t) is no way: libselinux 3.8 prefers the
 * policy's, and semodule cannot remove a module while there is a local label with its type.
 *
 * Returns the path. The caller frees it.
 */
char *policy_application_path(const char *file_contexts, const struct plan_application *a,
			      const char *path);

#endif
