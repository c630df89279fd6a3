/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_COMPAT_TABLE_H
#define SECMARK2_XTABLES_COMPAT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct backend_report;
struct err;
struct table_text;

/*
 * The tables that iptables-nft keeps. Everybody may add rules to them that iptables cannot print:
 * then iptables-nft-save fails, or leaves out the whole table. So nf_tables itself is asked which
 * chains and jumps are ours, and itself told to delete them. iptables translates only the rules in
 * chains of ours.
 */
#define COMPAT_FAMILIES 2
#define COMPAT_TABLES 2

/* Both tables of both families, as they shall be: an element for each of these. */
struct compat_wanted {
	const struct table_text *of[COMPAT_FAMILIES][COMPAT_TABLES];
};

extern const char *const compat_tables[COMPAT_TABLES];
extern const int compat_families[COMPAT_FAMILIES];

/**
 * compat_table_read - read a table
 * @family: AF_INET or AF_INET6
 * @table:  its name; it need not exist
 * @text:   filled; end it with table_text_free(), unless this fails
 * @err:    filled on failure
 *
 * The rules of others have their targets, but not what they match. If iptables cannot print rules
 * in chains of ours, the text is marked as unreadable. Returns 0 or -errno.
 */
int compat_table_read(int family, const char *table, struct table_text *text, struct err *err);

/**
 * compat_table_quote - how to call a rule of others in a message
 * @family: of the table
 * @text:   of compat_table_read()
 * @rule:   a line of @text->others
 *
 * Returns the rule as iptables prints it, in quotes, or where it is. The caller frees it.
 */
char *compat_table_quote(int family, const struct table_text *text, const char *rule);

/**
 * compat_table_drop - delete chains of ours, and jumps to them, that are not wanted
 * @want:    what stays
 * @changed: set for each family that something is deleted of
 * @report:  gets a warning of each chain that stays
 * @err:     filled on failure
 *
 * One transaction for all tables; it needs no program. A chain that a map of others leads to
 * stays, but without rules. Returns 0 or -errno; then nothing is deleted.
 */
int compat_table_drop(const struct compat_wanted *want, bool changed[COMPAT_FAMILIES],
		      struct backend_report *report, struct err *err);

/* A hash of what is ours in all tables: it differs after every change. Needs no program. Returns 0
 * or -errno. */
int compat_table_digest(uint64_t *digest, struct err *err);

#endif
