// SPDX-License-Identifier: GPL-2.0-only
/*
 * nft-of-plan [--unlabeled CONTEXT] [--sets MOST] FILE: prints the text that nft would get for a
 * plan. Each label TYPE stands for system_u:object_r:TYPE:s0.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "compile/compile.h"
#include "compile/dispatch.h"
#include "nft/ruleset.h"
#include "plan/plan.h"
#include "support/random_plan.h"
#include "util/diag.h"

static int fail_with(const struct err *err)
{
	fprintf(stderr, "%s (%s)\n", err->what, err->hint);
	return 1;
}

static int nft_of_plan_read(const char *path, struct plan *plan)
{
	struct diag diag = { 0 };
	int ret = plan_read(path, plan, &diag);
	size_t i;

	for (i = 0; i < diag.n; i++) {
		char *line = diag_format(&diag.v[i]);

		fprintf(stderr, "%s\n", line);
		free(line);
	}
	diag_free(&diag);
	return ret;
}

static int nft_of_plan_print(const struct dispatch *d, const struct nft_ruleset_opts *opts)
{
	struct err err;
	char *text;

	if (nft_ruleset_write(d, opts, &text, &err))
		return fail_with(&err);
	fputs(text, stdout);
	free(text);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "unlabeled", required_argument, NULL, 'u' },
						 { "sets", required_argument, NULL, 's' },
						 { 0 } };
	struct nft_ruleset_opts opts = { 0 };
	struct dispatch d = { 0 };
	struct plan plan;
	struct err err;
	int c, status = 1;

	while ((c = getopt_long(argc, argv, "", options, NULL)) == 'u' || c == 's')
		if (c == 'u')
			opts.unlabeled = optarg;
		else
			opts.sets_max = strtoul(optarg, NULL, 10);
	if (c != -1 || optind != argc - 1) {
		fputs("usage: nft-of-plan [--unlabeled CONTEXT] [--sets MOST] FILE\n", stderr);
		return 2;
	}
	if (nft_of_plan_read(argv[optind], &plan) == 0) {
		fill_contexts(&plan);
		status = compile(&plan, &d, &err) ? fail_with(&err) : nft_of_plan_print(&d, &opts);
		dispatch_free(&d);
	}
	plan_free(&plan);
	return status;
}
