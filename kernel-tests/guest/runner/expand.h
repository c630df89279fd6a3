/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_EXPAND_H
#define GUEST_EXPAND_H

#include "runner/casefile.h"

struct tests {
	struct test *v;
	size_t n;
};

/* Which combinations of the values of its axes make a test of a case. */
enum combinations {
	COMBINATIONS_ALL,
	COMBINATIONS_EACH_VALUE,   /* as few as have each value of each axis */
	COMBINATIONS_OTHER_VALUES, /* as many as that, and others of them */
	COMBINATIONS_FIRST,        /* the first value of each axis */
};

/* Which tests are wanted. */
struct selection {
	struct strs patterns; /* a part of the name; without one every name will do */
	const char *verdict;  /* of the case, as case_verdict() says it; NULL: any */
	int repeat;           /* how often each test runs, 1 or more */
	enum combinations combinations;
};

/*
 * Makes the tests of all cases: first all for the first run, then all for the second. Returns 0, or
 * -1 after saying on stderr what is wrong. suite must outlive tests.
 */
int tests_make(struct tests *tests, const struct suite *suite, const struct selection *s);

#endif
