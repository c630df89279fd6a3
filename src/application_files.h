/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_APPLICATION_FILES_H
#define SECMARK2_APPLICATION_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct plan;
struct plan_application;

/* What keeps a file from being the program of an application. */
enum application_file_state {
	APPLICATION_FILE_LABELED, /* nothing */
	APPLICATION_FILE_RESTORE, /* it has another label than the policy says */
	APPLICATION_FILE_OTHERS,  /* the policy says another label */
	APPLICATION_FILE_LINK,    /* the path has a link in it, and labels belong to files */
	APPLICATION_FILE_MISSING,
	APPLICATION_FILE_UNKNOWN, /* its label cannot be read */
};

struct application_file {
	enum application_file_state state;
	char *context; /* the label that it has, or NULL */
	char *wanted;  /* the label that the policy says, or NULL */
	char *real;    /* the path without links, or NULL */
};

/* Looks at a file of an application. Free it with application_file_free(). */
void application_file_look(const struct plan_application *a, const char *path,
			   struct application_file *f);

/* The type that the labels of this machine say for a file. The caller frees it; NULL if they cannot
 * be read, or say none. */
char *application_file_type(const char *path);

/* What is wrong with it, and what to type. The caller frees it; NULL for a labeled file. */
char *application_file_advice(const char *path, const struct application_file *f);

/* Frees its content. */
void application_file_free(struct application_file *f);

/* Paths of files. Starts as zeros. */
struct application_paths {
	char **v;
	size_t n;
};

/* Adds one, once. It is freed with the others. */
void application_paths_add(struct application_paths *paths, char *path);

/* Adds the paths of a module in the policy store. If it is not there, there are none. Returns 0, or
 * -errno if the store cannot be read. */
int application_paths_of_module(struct application_paths *paths, const char *name, struct err *err);

/* Adds those of a plan. */
void application_paths_of_plan(struct application_paths *paths, const struct plan *plan);

/* Gives the files of these paths the labels that the policy says, and tells of each that changes.
 * Returns false after it has printed why, if that fails. */
bool application_paths_restore(const struct application_paths *paths);

/* Frees its content. */
void application_paths_free(struct application_paths *paths);

#endif
