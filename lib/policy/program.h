/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_PROGRAM_H
#define SECMARK2_POLICY_PROGRAM_H

struct diag;
struct plan_application;
struct plan_application_path;
struct policydb;

/**
 * policy_program_judge - may a program be an application?
 * @p:    a kernel policy
 * @a:    the application
 * @path: of the program
 * @type: the type of its file, if it were no application
 * @diag: gets what is wrong
 *
 * An application has one domain for all that it starts, and never goes back to unconfined_t. The
 * machine or its logins would not work with these as applications, so they are errors: shells, what
 * the kernel starts, and what starts the sessions of users (sshd, login, cron, su).
 *
 * There is a warning for a program that has a confined domain, if one of those that start the
 * application starts it.
 */
void policy_program_judge(const struct policydb *p, const struct plan_application *a,
			  const struct plan_application_path *path, const char *type,
			  struct diag *diag);

#endif
