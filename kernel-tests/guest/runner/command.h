/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_COMMAND_H
#define GUEST_COMMAND_H

#include <stdbool.h>

struct step;
struct test;
struct topology;

/*
 * Runs "NS[:DOMAIN] COMMAND", which is cut up, with the step's standard input, and compares its
 * exit status and what it says with what is expected.
 */
void command_step(struct test *t, const struct step *step, char *text, int status);

/* Is the text "NS[:DOMAIN] COMMAND"? */
bool command_is(struct topology *topo, const char *text);

/*
 * Runs "NS[:DOMAIN] COMMAND". exec: the domain is entered when the command is executed. Returns its
 * exit status, and in *said what it wrote to standard error, which the caller frees.
 */
int command_undo(struct topology *topo, bool exec, const char *text, char **said);

/*
 * Runs netlabelctl in the first namespace, as the runner. Returns its exit status, and in *said
 * what it wrote to standard error, which the caller frees.
 */
int command_netlabelctl(const char *words, char **said);

#endif
