/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_CHECK_DUMP_H
#define SECMARK2_ADVISE_CHECK_DUMP_H

#include <stddef.h>

struct check;
struct diag;

enum check_format {
	CHECK_AUTO, /* to be recognised from the text */
	CHECK_PLAN,
	CHECK_IPTABLES, /* iptables-save, ip6tables-save, files for the restore commands */
	CHECK_NFT,      /* nft list ruleset, nft -j list ruleset, files for nft -f */
	CHECK_COMMANDS, /* a script of commands, their arguments, or parts of a dump: not read */
};

/**
 * check_iptables - judge the contexts of an iptables dump
 * @c:    the judge
 * @file: how errors call it
 * @text: the dump
 * @len:  its length in bytes
 *
 * Returns 0, or -EINVAL where something is wrong.
 */
int check_iptables(struct check *c, const char *file, const char *text, size_t len);

/* The same for an nft ruleset, in text or in JSON. */
int check_nft(struct check *c, const char *file, const char *text, size_t len);

/* Adds the error about CHECK_COMMANDS. */
void check_refuse_commands(struct diag *diag, const char *file);

/* What the first line looks like that tells it: no comment, no include (which nft could have as
 * well), and no line that nobody knows. Three of these are CHECK_COMMANDS. CHECK_PLAN where it is
 * neither of the others. */
enum check_format check_recognise(const char *text, size_t len);

#endif
