/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_IPTABLES_SAVE_H
#define SECMARK2_DUMP_IPTABLES_SAVE_H

#include <stddef.h>

#include "util/diag.h"

struct dump_word {
	const char *text;
	unsigned int col;
};

/* A command of a dump that is about a rule: -A, -I, -R, -D */
struct dump_rule {
	unsigned int line;
	int family; /* AF_INET, AF_INET6; AF_UNSPEC if the dump does not tell */
	const char *table;
	const char *command; /* "-A", also for "--append" */
	const char *chain;
	struct dump_word *v; /* the words after the name of the chain */
	size_t n;
};

/* The rules of iptables-save or ip6tables-save, or of a file for the restore commands. */
struct dump {
	const char *file; /* not owned */
	struct dump_rule *rules;
	size_t n;
	char *text; /* all words point into it */
};

/**
 * dump_read - read a dump
 * @file: its name in errors; must live as long as the dump
 * @text: the dump; need not end in a NUL
 * @len:  its length in bytes
 * @dump: filled; free it with dump_free(), also after a failure
 * @diag: gets the errors
 *
 * Words are split and unquoted as iptables-restore does
 * (iptables/xshared.c, add_param_to_argv()). The meaning of rules is not checked. Where no
 * comment tells the family, addresses do, if all have the same one.
 *
 * Returns 0, or -EINVAL if a line cannot be read; all other lines are read, up to
 * a NUL byte.
 */
int dump_read(const char *file, const char *text, size_t len, struct dump *dump, struct diag *diag);

/* The place of a word. */
struct pos dump_pos(const struct dump *dump, const struct dump_rule *rule,
		    const struct dump_word *word);

/* Frees its content; it is empty then. */
void dump_free(struct dump *dump);

#endif
