/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_NEEDS_H
#define GUEST_NEEDS_H

#include <stdbool.h>

struct test;

/* May a case need that? */
bool needs_know(const char *name);

/* Why the test is to be skipped: what this kernel or this build lacks. NULL: it can run. */
const char *needs_missing(const struct test *t);

#endif
