// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan_rules 4|6|apply|remove [module] [accept] [keep] [nft|iptc] [fast=IFACE]... < PLAN: prints
 * the text for iptables-restore, hooks included; or loads it for both families, with
 * iptables-restore or libiptc, and reports what it did. Each label TYPE of the plan stands for
 * system_u:object_r:TYPE:s0.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "compile/compile.h"
#include "compile/dispatch.h"
#include "plan/plan.h"
#include "util/diag.h"
#include "xtables/backend_command.h"
#include "xtables/backend_libiptc.h"
#include "xtables/build.h"
#include "xtables/chain.h"
#include "xtables/hooks.h"
#include "xtables/port_tree.h"

#define UNLABELED "system_u:object_r:unlabeled_t:s0"

static void fill_label_contexts(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_lines; i++)
		if (asprintf(&plan->lines[i].label.context, "system_u:object_r:%s:%s",
			     plan->lines[i].label.text,
			     plan->lines[i].label.level ? plan->lines[i].label.level : "s0") < 0)
			exit(1);
}

static void complain_of(const struct diag *diag)
{
	size_t i;

	for (i = 0; i < diag->n; i++) {
		char *text = diag_format(&diag->v[i]);

		fprintf(stderr, "%s\n", text);
		free(text);
	}
}

static void print_as_saved(const struct chain_set *set)
{
	size_t i;

	printf("*%s\n", set->table);
	chain_print(set, stdout);
	for (i = 0; i < set->n; i++)
		if (set->v[i].hook)
			printf("-A %s -j %s\n", set->v[i].hook, set->v[i].name);
	puts("COMMIT");
}

/* The words after the first one. */
struct wish {
	struct xt_opts opts;
	const struct backend_ops *backend;
	char fast[8][IFNAMSIZ];
};

static void wish_read(struct wish *w, char **words)
{
	*w = (struct wish){
		.opts = { .unlabeled = UNLABELED, .fast = (const char(*)[IFNAMSIZ])w->fast },
		.backend = &backend_iptables_legacy,
	};
	for (; *words; words++) {
		if (!strcmp(*words, "module"))
			w->opts.module = true;
		else if (!strcmp(*words, "accept"))
			w->opts.accept = true;
		else if (!strcmp(*words, "keep"))
			w->opts.unlabeled = NULL;
		else if (!strcmp(*words, "iptc"))
			w->backend = &backend_iptc;
		else if (!strcmp(*words, "nft"))
			w->opts.nft = true, w->backend = &backend_iptables_nft;
		else if (!strncmp(*words, "fast=", 5) && w->opts.n_fast < 8)
			snprintf(w->fast[w->opts.n_fast++], IFNAMSIZ, "%s", *words + 5);
	}
}

static int load_or_remove(const struct xt_built *x, const struct wish *w)
{
	struct backend_report report = { 0 };
	struct err err;
	int ret;
	size_t i;

	if (x)
		ret = w->backend->load(&x->built, NULL, &report, &err);
	else
		ret = w->backend->remove(w->backend, NULL, &report, &err);
	for (i = 0; i < report.n_warnings; i++)
		printf("warning: %s\n", report.warnings[i]);
	if (ret)
		printf("%s%s%s\n", err.what, err.hint[0] ? "; " : "", err.hint);
	else
		puts(report.changed ? "changed" : "the same");
	backend_report_free(&report);
	return ret;
}

static int build_plan_rules(const struct plan *plan, const char *what, const struct wish *w)
{
	struct xt_built x = { .built.ops = w->backend };
	struct dispatch d = { 0 };
	struct diag diag = { 0 };
	struct err err;
	int family, ret;

	ret = compile(plan, &d, &err);
	for (family = 0; family < 2 && !ret; family++)
		ret = xt_hooks_build(&d, family, &w->opts, &x.sets[family], &diag);
	complain_of(&diag);
	if (!ret && !strcmp(what, "apply"))
		ret = load_or_remove(&x, w);
	else if (!ret)
		print_as_saved(&x.sets[what[0] == '6']);
	for (family = 0; family < 2; family++)
		chain_free(&x.sets[family]);
	dispatch_free(&d);
	diag_free(&diag);
	return ret;
}

int main(int argc, char **argv)
{
	struct diag diag = { 0 };
	struct plan plan;
	struct wish w;
	int ret;

	if (argc < 2)
		return 2;
	wish_read(&w, argv + 2);
	if (!strcmp(argv[1], "remove"))
		return load_or_remove(NULL, &w) ? 1 : 0;
	ret = plan_read("-", &plan, &diag);
	complain_of(&diag);
	if (!ret) {
		fill_label_contexts(&plan);
		ret = build_plan_rules(&plan, argv[1], &w);
	}
	plan_free(&plan);
	diag_free(&diag);
	return ret ? 1 : 0;
}
