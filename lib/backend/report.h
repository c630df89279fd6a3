/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_BACKEND_REPORT_H
#define SECMARK2_BACKEND_REPORT_H

#include <stdbool.h>
#include <stddef.h>

/* What a backend did. Starts as zeros. */
struct backend_report {
	bool changed;    /* false: what is loaded is what was to be */
	bool left;       /* after a failure: not all of the old rules are back */
	bool rest;       /* a chain of ours that is not wanted could not be deleted */
	char **warnings; /* sentences without a line end */
	size_t n_warnings;
};

/* How what is loaded compares with what is to be. */
enum backend_state {
	BACKEND_ABSENT, /* nothing of ours */
	BACKEND_SAME,   /* that, and nobody has changed it since */
	BACKEND_OTHER,  /* of another plan, of other options, or changed by others */
};

/* Adds a warning, made as by printf. */
void backend_warn(struct backend_report *report, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds the warnings of another report. */
void backend_warn_all(struct backend_report *report, const struct backend_report *other);

/* Frees what is in it; it is empty then. */
void backend_report_free(struct backend_report *report);

#endif
