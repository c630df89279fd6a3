// SPDX-License-Identifier: GPL-2.0-only
#include "advise/foreign_labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump/iptables_save.h"
#include "dump/nft_list.h"
#include "dump/rule_match.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/diag.h"

#define OUR_CHAINS "SECMARK2-"

/* A listing that is read. */
struct foreign_listing {
	struct foreign_labels *all;
	const char *name;
};

static void foreign_add(struct foreign_labels *all, const char *context, char *rule)
{
	all->v = alloc_one_more(all->v, all->n, sizeof(*all->v));
	all->v[all->n++] = (struct foreign_label){ alloc_copy(context), rule };
}

static void add_object(void *arg, struct pos pos, const char *context)
{
	const struct foreign_listing *l = arg;
	char *rule;
	size_t len;
	FILE *out = buffer_open(&rule, &len);

	(void)pos;
	fprintf(out, "a secmark object of nft (%s)", l->name);
	buffer_close(out);
	foreign_add(l->all, context, rule);
}

static void ignore_target(void *arg, struct pos pos, const char *name)
{
	(void)arg;
	(void)pos;
	(void)name;
}

static char *foreign_rule_text(const char *name, const struct dump_rule *rule)
{
	char *text;
	size_t len, i;
	FILE *out = buffer_open(&text, &len);

	fprintf(out, "%s: table %s: %s %s", name, rule->table, rule->command, rule->chain);
	for (i = 0; i < rule->n; i++)
		fprintf(out, " %s", rule->v[i].text);
	buffer_close(out);
	return text;
}

static void foreign_add_dump(struct foreign_labels *all, const char *name, const struct dump *dump)
{
	struct dump_action action;
	const char *label;
	size_t i;

	for (i = 0; i < dump->n; i++) {
		dump_match_read(dump, &dump->rules[i], &action);
		label = action.selctx ? action.selctx : action.seltype;
		if (label && strncmp(dump->rules[i].chain, OUR_CHAINS, strlen(OUR_CHAINS)))
			foreign_add(all, label, foreign_rule_text(name, &dump->rules[i]));
		dump_match_free(&action.match);
	}
}

void foreign_labels_add(struct foreign_labels *all, const char *name, const char *text, size_t len)
{
	static const struct nft_list_ops ops = { add_object, ignore_target };
	struct foreign_listing listing = { all, name };
	struct diag ignored = { 0 };
	struct dump dump;

	if (len && *text == '{') {
		nft_list_read(name, text, len, &ops, &listing, &ignored);
	} else {
		dump_read(name, text, len, &dump, &ignored);
		foreign_add_dump(all, name, &dump);
		dump_free(&dump);
	}
	diag_free(&ignored);
}

static bool foreign_has_type(const char *context, const char *type)
{
	const char *at = strchr(context, ':');
	size_t len = strlen(type);

	at = at ? strchr(at + 1, ':') : NULL;
	at = at ? at + 1 : context;
	return !strncmp(at, type, len) && (!at[len] || at[len] == ':');
}

const char *foreign_labels_find(const struct foreign_labels *all, const char *type, size_t *i)
{
	while (*i < all->n) {
		const struct foreign_label *l = &all->v[(*i)++];

		if (foreign_has_type(l->context, type))
			return l->rule;
	}
	return NULL;
}

void foreign_labels_free(struct foreign_labels *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		free(all->v[i].context);
		free(all->v[i].rule);
	}
	free(all->v);
	*all = (struct foreign_labels){ .v = NULL };
}
