/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_COMMAND_H
#define GUEST_COMMAND_H

struct step;
struct test;

/*
 * Runs "NS[:DOMAIN] COMMAND", which is cut up, with the step's standard input, and compares its
 * exit status and what it says with what is expected.
 */
void command_step(struct test *t, const struct step *step, char *text, int status);

/*
 * Runs netlabelctl in the first namespace, as the runner. Returns its exit status, and in *said
 * what it wrote to standard error, which the caller frees.
 */
int command_netlabelctl(const char *words, char **said);

#endif
