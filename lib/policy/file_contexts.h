/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_FILE_CONTEXTS_H
#define SECMARK2_POLICY_FILE_CONTEXTS_H

#include <stdbool.h>

struct diag;
struct plan;
struct plan_application;

/* How a policy labels files: texts, as file_contexts(5) describes them; each may be NULL. */
struct file_labels {
	char *contexts;
	char *dist;  /* .subs_dist: folders whose files have the labels of another folder */
	char *local; /* .subs: the same of semanage, also for single files */
};

/* Frees its content. */
void file_labels_free(struct file_labels *labels);

/* For which path does a policy look for the label of a file? Folders are replaced as libselinux
 * does it (selabel_sub()); what is for the file alone does not count. The caller frees it. */
char *file_labels_path(const struct file_labels *labels, const char *path);

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
 * @labels: of the policy; empty: not known
 * @a:      the application
 * @path:   one of its paths
 *
 * It is @path, unless the policy has a label for it: two labels for one path are an error, from
 * libsepol 3.5 on. Then it is PATH.DOMAIN, and "semanage fcontext -a -e PATH.DOMAIN PATH" gives
 * @path this label. A local label (fcontext -a -t) is no way: libselinux 3.8 prefers the
 * policy's, and semodule cannot remove a module while there is a local label with its type.
 *
 * Returns the path. The caller frees it.
 */
char *policy_application_path(const struct file_labels *labels, const struct plan_application *a,
			      const char *path);

/* Refuses each path for whose label the policy looks elsewhere: no label of a module counts for it,
 * and semanage makes no single file of such a folder equal to another one. */
void policy_application_refuse_folders(const struct file_labels *labels, const struct plan *plan,
				       struct diag *diag);

#endif
