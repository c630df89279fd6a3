/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_CASEFILE_H
#define GUEST_CASEFILE_H

#include "runner/util.h"

/* The mark of a record that comes once or more. */
#define STEP_OFTEN "+"

/* One thing a case does, and its result. Variables in texts are replaced when the step runs. */
struct step {
	const struct step_kind *kind;
	const char *file;
	int line;
	char *text;
	struct strs in, out, err, avc, log;
};

struct steps {
	struct step *v;
	size_t n;
};

/* "each ipt=legacy,nft": a key and the values it takes one after the other. */
struct axis {
	char *key;
	struct strs values;
};

struct test_case {
	char *name;
	const char *file;
	int line;
	char *topo;
	struct axis axes[4];
	size_t n_axes;
	struct strs needs;
	const struct test_case *setup; /* what "use" names, or NULL */
	struct steps steps;
};

/* Pointers, because cases keep pointing to setups while the lists grow. */
struct suite {
	struct test_case **v;
	size_t n;
	struct test_case *
		*setups; /* steps several cases start with; done once for consecutive ones */
	size_t n_setups;
};

/*
 * Appends a file's cases. Returns 0, or -1 after saying on stderr what is wrong and where. path
 * must outlive s.
 */
int suite_read(struct suite *s, const char *path);

/* "deny" if it expects the record of a denial, else "allow". Under a policy that denies nothing the
 * former must fail. */
const char *case_verdict(const struct test_case *tc);

/* May both run in a row on one setup: same setup, topology, needs and axes? */
bool case_shares_setup(const struct test_case *a, const struct test_case *b);

#endif
