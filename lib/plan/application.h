/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_APPLICATION_H
#define SECMARK2_PLAN_APPLICATION_H

#include <stddef.h>
#include <stdio.h>

#include "plan/line.h"
#include "util/diag.h"

struct plan;
struct plan_reader;

/* The module of a plan has some thousand rules for each. */
#define PLAN_APPLICATIONS_MAX 64

/* How the type of an application's files ends. */
#define PLAN_APPLICATION_ENTRY "_net_exec_t"

struct plan_application_path {
	struct pos pos;
	char *text; /* of a file; absolute, in its shortest form */
};

/* "application NAME PATH... [from DOMAIN...]": a domain for a program that has none. */
struct plan_application {
	struct pos pos; /* of its name */
	char *text;     /* the words with single blanks, without the comment */
	char *name;
	char *domain; /* NAME_net_t: its processes */
	char *entry;  /* NAME_net_exec_t: its files */
	struct plan_application_path *paths;
	size_t n_paths;
	struct plan_domains from; /* these start it; empty: whoever the policy module says */
};

/* Reads a statement, and adds it to the plan. Returns 0, or -EINVAL after it has recorded the
 * error. */
int plan_application_parse(struct plan_reader *r);

/**
 * plan_applications_settle - what can be said of applications at the end of a plan
 * @plan: "allow" and "only" with the name of an application get its domain
 * @diag: gets an error for names, types and paths that are there twice, and a warning for each
 *        application that only applications start, and none of them can be started
 */
void plan_applications_settle(struct plan *plan, struct diag *diag);

/* The application whose domain this is; NULL if there is none. */
const struct plan_application *plan_application_of(const struct plan *plan, const char *domain);

/* Writes the statement, as it can be read again. */
void plan_application_print(const struct plan_application *a, FILE *out);

/* Frees its content. */
void plan_application_free(struct plan_application *a);

#endif
