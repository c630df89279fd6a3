/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_TEST_H
#define GUEST_TEST_H

#include "kernel/avc.h"
#include "runner/casefile.h"
#include "runner/vars.h"

/* Each test has ports of its own (runner/peers.c), and there are no more of them. */
#define TESTS_MAX 3000

struct audit;
struct flow;
struct session;
struct slabs;
struct topology;

/* What a test leaves for the next one. */
struct bench {
	const struct test_case *setup; /* NULL: none */
	const struct test *by;         /* its rules are for the axes and the port of this test */
	bool dirty;                    /* a flush is due */
	bool exec;                     /* commands change domain when executed */
	bool records;                  /* show the records of each step */
	bool module;                   /* modprobe finds the kernel module */
	bool other_policy;             /* not the one that the guest starts with */
	bool suspect;                  /* the last test failed, and may have left anything */
	struct strs netlabel;          /* words for netlabelctl that undo what was configured */
	struct undo *undo;             /* commands that undo what steps did; NULL: none */
};

/* One TAP line: a case with one value for each of its axes. */
struct test {
	const struct test_case *tc;
	char *name;
	int number;
	int round;            /* which of the runs that were asked for, from 1 */
	int turn;             /* which combination of the axes */
	char *values;         /* what the axes are, as its name has it */
	bool module;          /* it needs the kernel module */
	int talks;            /* so far; each gets a source port of its own */
	struct avc_flow last; /* the last one */
	char *peercon[2];     /* what its ends know of each other; NULL: it failed */
	struct vars vars;
	struct topology *topo;
	struct audit *audit;
	int kmsg; /* where the kernel's log is read */
	struct bench *bench;
	struct slabs *slabs;     /* remembered; NULL: none are */
	struct flow *flow;       /* goes on; NULL: none does */
	struct session *session; /* is open; NULL: none is */
	struct strs why;         /* empty: it passed */
};

/*
 * What a step's first word means. A file of steps/ exports one of these, and the table in steps.c
 * names it.
 */
struct step_kind {
	const char *name;
	void (*run)(struct test *t, const struct step *step); /* reports by test_fail() */
	void (*finish)(struct test *t); /* ends what it has begun in a test; NULL: nothing */
	void (*undo)(struct test *t);   /* undoes what a flush leaves; NULL: nothing */
	const char *(*lacks)(
		void); /* what this kernel lacks for it, or NULL; NULL: any kernel will do */
	bool changes;  /* may leave rules behind */
	bool streams;  /* runs a command, so in, out and err mean something */
};

/* Adds a line to why the test failed. step: where, or NULL. */
void test_fail(struct test *t, const struct step *step, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A case file as messages name it: below cases/. */
const char *case_file(const char *path);

/*
 * step's text with the variables replaced; the caller frees it. NULL after test_fail() for an
 * unknown variable.
 */
char *step_expand(struct test *t, const struct step *step, const char *text);

/*
 * Runs the test, and its setup unless that is still there. t->why tells the result. last: flush
 * after it, as the next test would.
 */
void test_run(struct test *t, bool last);

#endif
