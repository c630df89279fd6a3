// SPDX-License-Identifier: GPL-2.0-only
#include "load/listing.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "dump/count_rules.h"
#include "host/kernel_module.h"
#include "host/nf_tables.h"
#include "nft/listing.h"
#include "util/alloc.h"
#include "util/run.h"
#include "xtables/compat_table.h"

/* A program that lists rules waits only for the kernel. */
#define LISTING_SECONDS 30

/* Where label rules of xtables can be */
static const struct place_of_rules {
	const char *program;
	const char *tables; /* this file names the tables that exist: listing would create others;
			     * NULL: they are in nf_tables */
	int family;
} places[] = {
	{ "iptables-legacy-save", "/proc/net/ip_tables_names", AF_INET },
	{ "ip6tables-legacy-save", "/proc/net/ip6_tables_names", AF_INET6 },
	{ "iptables-nft-save", NULL, AF_INET },
	{ "ip6tables-nft-save", NULL, AF_INET6 },
};

static struct listing *add_listing(struct listings *all, const char *name)
{
	all->v = alloc_one_more(all->v, all->n, sizeof(*all->v));
	all->v[all->n] = (struct listing){ .name = name };
	return &all->v[all->n++];
}

static void excuse_listing(struct listing *l, const char *why)
{
	l->why = alloc_text(why, strcspn(why, "\n"));
}

/* Has a file of the kernel that name on a line of its own? */
static bool names_table(const char *path, const char *table)
{
	char *data, *rest, *line;
	bool found = false;
	struct err ignored;
	size_t len;

	if (file_read(path, &data, &len, &ignored))
		return false;
	line = alloc_text(data, len);
	free(data);
	data = rest = line;
	while ((line = strsep(&rest, "\n")))
		found = found || !strcmp(line, table);
	free(data);
	return found;
}

static void list_table(struct listings *all, const struct place_of_rules *place, const char *table)
{
	const char *const argv[] = { place->program, "-t", table, NULL };
	struct listing *l = add_listing(all, place->program);
	struct run_result result = { 0 };
	struct err err;

	if (run(argv, NULL, 0, LISTING_SECONDS, &result, &err)) {
		excuse_listing(l, err.what);
	} else if (result.status) {
		excuse_listing(l, *result.err ? result.err : "it failed");
	} else {
		l->text = alloc_text(result.out, result.out_len);
		l->len = result.out_len;
	}
	run_free(&result);
}

/* Has nf_tables rules of iptables that label? Where it cannot be asked, iptables is. */
static bool has_compat_labels(int family)
{
	struct nf_table all = { .family = family };
	struct rule_counts n = { 0, 0 };
	size_t i;

	if (nf_tables_read(&all))
		return true;
	for (i = 0; i < all.n_rules; i++)
		count_rules_one(all.rules[i].chain, all.rules[i].target, &n);
	nf_tables_free(&all);
	return n.ours || n.others;
}

static void list_nft(struct listings *all)
{
	struct listing *l = add_listing(all, "nft");
	struct err err;

	l->nft = true;
	if (nft_listing_read(&l->text, &err))
		excuse_listing(l, err.what);
	else
		l->len = strlen(l->text);
}

void listings_read(struct listings *all)
{
	enum kernel_module_state nf_tables = kernel_module_state("nf_tables");
	bool has_nf_tables = nf_tables == KERNEL_MODULE_LOADED ||
			     nf_tables == KERNEL_MODULE_BUILTIN ||
			     nf_tables == KERNEL_MODULE_UNKNOWN;
	const struct place_of_rules *p;
	size_t t;

	*all = (struct listings){ .v = NULL };
	for (p = places; p < places + sizeof(places) / sizeof(places[0]); p++) {
		if (!p->tables && (!has_nf_tables || !has_compat_labels(p->family)))
			continue;
		for (t = 0; t < COMPAT_TABLES; t++)
			if (!p->tables || names_table(p->tables, compat_tables[t]))
				list_table(all, p, compat_tables[t]);
	}
	if (has_nf_tables)
		list_nft(all);
}

void listings_free(struct listings *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		free(all->v[i].text);
		free(all->v[i].why);
	}
	free(all->v);
	*all = (struct listings){ .v = NULL };
}
