// SPDX-License-Identifier: GPL-2.0-only
#include "differential/flow_load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "compile/dispatch.h"
#include "differential/flow_trial.h"
#include "nft/backend_libnftables.h"
#include "nft/ruleset.h"
#include "plan/plan.h"
#include "util/buffer.h"
#include "util/diag.h"
#include "util/run.h"
#include "xtables/backend_libiptc.h"
#include "xtables/build.h"
#include "xtables/chain.h"
#include "xtables/hooks.h"

#define FAMILIES 2
#define SECONDS 60

const struct backend backends[BACKENDS] = {
	{ .name = "nft", .plain_nft = true },
	{ .name = "iptables-legacy" },
	{ .name = "iptables-legacy+module", .module = true },
	{ .name = "iptables-nft", .nft = true },
	{ .name = "iptables-nft+module", .nft = true, .module = true },
	{ .name = "iptc", .iptc = true },
	{ .name = "iptc+module", .iptc = true, .module = true },
};

static const char *const tables[] = { "security", "mangle" };

/* Every second plan has no sets for its lists of networks, as very long plans do. */
static int load_nft(const struct dispatch *d, struct err *err)
{
	static const char vrfs[][IFNAMSIZ] = { FLOW_VRF };
	const struct nft_ruleset_opts opts = {
		.unlabeled = UNLABELED,
		.sets_max = d->plan->n_lines % 2 ? 1 : 0,
		.vrfs = vrfs,
		.n_vrfs = 1,
	};
	struct backend_report report = { 0 };
	struct nft_built built = { .built.ops = &backend_nft };
	int ret = nft_ruleset_write(d, &opts, &built.text, err);

	if (!ret)
		ret = backend_nft.load(&built.built, NULL, &report, err);
	backend_report_free(&report);
	free(built.text);
	return ret;
}

static void flow_load_print_table(const struct chain_set *set, FILE *out)
{
	size_t i;

	chain_print(set, out);
	for (i = 0; i < set->n; i++)
		if (set->v[i].hook)
			fprintf(out, "-A %s -j %s\n", set->v[i].hook, set->v[i].name);
}

/* Sets both tables. A set of NULL is empty. */
static char *restore_text(const struct chain_set *set, size_t *len)
{
	char *text;
	FILE *out = buffer_open(&text, len);
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		fprintf(out, "*%s\n", tables[i]);
		if (set && !strcmp(set->table, tables[i]))
			flow_load_print_table(set, out);
		fputs("COMMIT\n", out);
	}
	buffer_close(out);
	return text;
}

static int flow_load_restore(const struct backend *b, int family, const struct chain_set *set,
			     struct err *err)
{
	static const char *const commands[2][FAMILIES] = {
		{ "iptables-legacy-restore", "ip6tables-legacy-restore" },
		{ "iptables-nft-restore", "ip6tables-nft-restore" },
	};
	const char *const argv[] = { commands[b->nft][family], NULL };
	struct run_result result;
	size_t len;
	char *text = restore_text(set, &len);
	int ret = run(argv, text, len, SECONDS, &result, err);

	if (!ret && result.status)
		ret = err_set(err, -EIO, "%s: %s", argv[0], result.err);
	run_free(&result);
	free(text);
	return ret;
}

static int load_iptc(const struct xt_built *x, struct err *err)
{
	struct backend_report report = { 0 };
	int ret = x ? backend_iptc.load(&x->built, NULL, &report, err) :
		      backend_iptc.remove(&backend_iptc, NULL, &report, err);

	backend_report_free(&report);
	return ret;
}

static int load_sets(const struct backend *b, const struct xt_built *x, struct err *err)
{
	int ret;

	if (b->iptc)
		return load_iptc(x, err);
	ret = flow_load_restore(b, 0, x ? &x->sets[0] : NULL, err);
	return ret ? ret : flow_load_restore(b, 1, x ? &x->sets[1] : NULL, err);
}

static int remove_nft(struct err *err)
{
	struct backend_report report = { 0 };
	int ret = backend_nft.remove(&backend_nft, NULL, &report, err);

	backend_report_free(&report);
	return ret;
}

int load_plan(const struct backend *b, const struct dispatch *d, const struct xt_opts *opts,
	      struct err *err)
{
	struct xt_built x = { .built.ops = &backend_iptc };
	struct diag diag = { 0 };
	int family, ret = 0;

	if (b->plain_nft)
		return load_nft(d, err);
	for (family = 0; family < FAMILIES && !ret; family++) {
		ret = xt_hooks_build(d, family, opts, &x.sets[family], &diag);
		if (ret)
			err_set(err, ret, "%s", diag.v[0].what);
	}
	if (!ret)
		ret = load_sets(b, &x, err);
	for (family = 0; family < FAMILIES; family++)
		chain_free(&x.sets[family]);
	diag_free(&diag);
	return ret;
}

int load_nothing(const struct backend *b, struct err *err)
{
	return b->plain_nft ? remove_nft(err) : load_sets(b, NULL, err);
}
