// SPDX-License-Identifier: GPL-2.0-only
#include "load/backends.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "host/device_interfaces.h"
#include "host/kernel_module.h"
#include "load/prepare.h"
#include "nft/backend_libnftables.h"
#include "nft/ruleset.h"
#include "util/alloc.h"
#include "util/run.h"
#include "xtables/backend_command.h"
#include "xtables/backend_libiptc.h"
#include "xtables/chain.h"
#include "xtables/hooks.h"
#include "xtables/module_probe.h"

/* What others may keep us waiting for, and a program may take. */
#define LOCK_SECONDS 10
#define RUN_SECONDS 120

static struct backend_iptables_opts opts_of(const struct backend *b)
{
	return (struct backend_iptables_opts){
		.variant = b->nft_variant ? BACKEND_IPTABLES_NFT : BACKEND_IPTABLES_LEGACY,
		.lock_seconds = LOCK_SECONDS,
		.run_seconds = RUN_SECONDS,
	};
}

static int is_shared(const struct backend *b, const char *table, bool *shared, struct err *err)
{
	const struct backend_iptables_opts opts = opts_of(b);

	return b->command ? backend_iptables_shared(table, &opts, shared, err) :
			    backend_iptc_shared(table, shared, err);
}

/* Whose packets need not be asked whether they brought a label along: hardware's, and whom the plan
 * trusts. */
static int find_fast(struct rules *r, struct err *err)
{
	size_t n, i;
	int ret = hardware_read(&r->fast, &n, err);

	for (i = 0; !ret && i < r->plan.n_trusted; i++) {
		r->fast = alloc_one_more(r->fast, n, sizeof(*r->fast));
		memcpy(r->fast[n++], r->plan.trusted[i], IFNAMSIZ);
	}
	r->xt.fast = (const char(*)[IFNAMSIZ])r->fast;
	r->xt.n_fast = n;
	return ret;
}

static bool has_default(const struct rules *r, enum side side)
{
	return r->ports.side[side][DISPATCH_IPV4].dflt;
}

/* Is there a side in use of which some packets fit no line? */
static bool leaves_packets(const struct rules *r)
{
	bool host = false, forward = false;
	size_t i;

	for (i = 0; i < r->plan.n_lines; i++)
		*(r->plan.lines[i].side == SIDE_FORWARD ? &forward : &host) = true;
	return (host && !(has_default(r, SIDE_SERVER) && has_default(r, SIDE_CLIENT))) ||
	       (forward && !has_default(r, SIDE_FORWARD));
}

/* nft can take a label away; the targets can only give another one. */
static void warn_of_kept_labels(struct rules *r)
{
	if (r->keeps_labels && leaves_packets(r))
		diag_add(&r->diag, DIAG_WARNING, (struct pos){ .file = r->plan.files[0] }, NULL,
			 "a default for each side, the nft backend, or relabelto for it in the "
			 "policy",
			 "packets that no line fits keep a label that they bring along: "
			 "this process may not make them unlabeled");
}

static int xt_build(struct rules *r, struct err *err)
{
	bool shared = true;
	int family, ret;

	ret = is_shared(r->backend, xt_chains_table(&r->plan), &shared, err);
	/* who may not look may still see what would be loaded, in the form that is right in any
	 * case */
	if (ret && geteuid() == 0)
		return ret;
	ret = find_fast(r, err);
	if (!ret)
		ret = xt_module_works(r->backend->command, &r->xt.module, err);
	/* where it is not installed, what it would be told can be printed all the same */
	if (ret == -ENOENT && geteuid() != 0)
		ret = 0;
	r->xt.accept = !shared;
	r->xt.nft = r->backend->nft_variant;
	r->xt.unlabeled = r->unlabeled;
	warn_of_kept_labels(r);
	for (family = 0; family < DISPATCH_FAMILIES && !ret; family++) {
		ret = xt_chains_build(&r->ports, family, &r->xt, &r->sets[family], &r->diag);
		if (ret)
			err_set(err, ret, "%s cannot load this plan", r->backend->name);
	}
	return ret;
}

static void xt_print(const struct rules *r, FILE *out)
{
	int family;
	size_t i;

	for (family = 0; family < DISPATCH_FAMILIES; family++) {
		const struct chain_set *set = &r->sets[family];

		fprintf(out, "# IPv%c\n*%s\n", family == DISPATCH_IPV4 ? '4' : '6', set->table);
		chain_print(set, out);
		for (i = 0; i < set->n; i++)
			if (set->v[i].hook)
				fprintf(out, "-A %s -j %s\n", set->v[i].hook, set->v[i].name);
		fputs("COMMIT\n", out);
	}
}

static int iptables_loaded(const struct rules *r, enum backend_state *state, struct err *err)
{
	const struct backend_iptables_opts opts = opts_of(r->backend);

	return backend_iptables_loaded(r->sets, &opts, state, err);
}

static int iptables_load(const struct rules *r, struct backend_report *report, struct err *err)
{
	const struct backend_iptables_opts opts = opts_of(r->backend);

	return backend_iptables_apply(r->sets, &opts, report, err);
}

static int iptc_loaded(const struct rules *r, enum backend_state *state, struct err *err)
{
	return backend_iptc_loaded(r->sets, state, err);
}

static int iptc_load(const struct rules *r, struct backend_report *report, struct err *err)
{
	return backend_iptc_apply(r->sets, LOCK_SECONDS, report, err);
}

static int nft_usable(struct err *err)
{
	enum backend_state state;
	int ret = backend_nft_loaded("", &state, err);

	/* whoever may not look has nft all the same */
	return ret == -EPERM ? 0 : ret;
}

static int nft_build(struct rules *r, struct err *err)
{
	const struct nftables_opts opts = { .unlabeled = r->unlabeled };

	return nftables_write(&r->ports, &opts, &r->nft, err);
}

static void nft_print(const struct rules *r, FILE *out)
{
	fputs(r->nft, out);
}

static int nft_loaded(const struct rules *r, enum backend_state *state, struct err *err)
{
	return backend_nft_loaded(r->nft, state, err);
}

static int nft_load(const struct rules *r, struct backend_report *report, struct err *err)
{
	enum backend_state state;
	int ret = backend_nft_loaded(r->nft, &state, err);

	if (ret || state == BACKEND_SAME)
		return ret;
	ret = backend_nft_load(r->nft, err);
	report->changed = !ret;
	return ret;
}

#define XT(place_, command_, prefix)                                                   \
	.place = place_, .command = command_, .nft_variant = (place_) == PLACE_COMPAT, \
	.build = xt_build, .print = xt_print, .loaded = prefix##_loaded, .load = prefix##_load

static const struct backend backends[] = {
	{ .name = "nft",
	  .place = PLACE_NFT,
	  .build = nft_build,
	  .print = nft_print,
	  .loaded = nft_loaded,
	  .load = nft_load },
	{ .name = "iptables-nft", XT(PLACE_COMPAT, "iptables-nft", iptables) },
	{ .name = "iptables-legacy", XT(PLACE_LEGACY, "iptables-legacy", iptables) },
	{ .name = "iptc", XT(PLACE_LEGACY, NULL, iptc) },
	{ .name = NULL },
};

static const struct backend *by_name(const char *name)
{
	const struct backend *b;

	for (b = backends; b->name; b++)
		if (!strcmp(b->name, name))
			return b;
	return NULL;
}

/* "iptables v1.8.9 (nf_tables)"; before 1.8 there was legacy only, and no parenthesis */
static const struct backend *by_command(struct err *err)
{
	static const char *const argv[] = { "iptables", "-V", NULL };
	const struct backend *b = NULL;
	struct run_result result;

	if (run(argv, NULL, 0, RUN_SECONDS, &result, err))
		;
	else if (result.status)
		err_set(err, -EIO, "iptables -V failed with status %d", result.status);
	else
		b = by_name(strstr(result.out, "(nf_tables)") ? "iptables-nft" : "iptables-legacy");
	run_free(&result);
	return b;
}

const char *const backends_names[] = { "nft",  "iptables", "iptables-nft", "iptables-legacy",
				       "iptc", NULL };

const struct backend *backends_find(const char *name, struct err *err)
{
	const struct backend *b = !strcmp(name, "iptables") ? by_command(err) : by_name(name);

	if (!b && strcmp(name, "iptables"))
		err_set(err, -EINVAL, "unknown backend: '%s'", name);
	return b;
}

const struct backend *backends_choose(const char **why, struct err *err)
{
	const struct backend *b = by_name("nft");

	if (!nft_usable(err)) {
		*why = "the kernel has nf_tables, whose maps find a label in one step";
		return b;
	}
	b = by_command(err);
	*why = "there is no nf_tables, but the command iptables";
	if (!b || b->nft_variant) {
		*why = b ? "there is no nf_tables, which the command iptables needs" :
			   "there is neither nf_tables nor the command iptables";
		b = by_name("iptc");
	}
	return b;
}

const struct backend *backends_expect(struct err *err)
{
	const struct backend *b;

	if (module_state("nf_tables") != MODULE_MISSING)
		return by_name("nft");
	b = by_command(err);
	return b ? b : by_name("iptc");
}

static bool has_nf_tables(void)
{
	enum module_state state = module_state("nf_tables");

	return state != MODULE_MISSING && state != MODULE_AVAILABLE;
}

static int has_nft(bool *any, struct err *err)
{
	enum backend_state state = BACKEND_ABSENT;
	int ret = backend_nft_loaded("", &state, err);

	*any = state != BACKEND_ABSENT;
	return ret;
}

static int remove_nft(struct backend_report *report, struct err *err)
{
	int ret = backend_nft_remove(err);

	report->changed = !ret;
	return ret;
}

/* Nothing of ours, in both families: with that a table is compared. */
static const struct chain_set nothing[DISPATCH_FAMILIES] = {
	{ .family = AF_INET, .table = "security" },
	{ .family = AF_INET6, .table = "security" },
};

/* The kernel's, whichever program made them. */
static int has_legacy(bool *any, struct err *err)
{
	enum backend_state state = BACKEND_SAME;
	int ret = backend_iptc_loaded(nothing, &state, err);

	*any = state != BACKEND_SAME;
	return ret;
}

static int remove_legacy(struct backend_report *report, struct err *err)
{
	return backend_iptc_remove(LOCK_SECONDS, report, err);
}

static int has_compat(bool *any, struct err *err)
{
	const struct backend_iptables_opts opts = opts_of(by_name("iptables-nft"));
	enum backend_state state = BACKEND_SAME;
	int ret = backend_iptables_loaded(nothing, &opts, &state, err);

	*any = state != BACKEND_SAME;
	/* who has no such command has no such rules */
	if (ret == -ENOENT)
		*any = false;
	return ret == -ENOENT ? 0 : ret;
}

static int remove_compat(struct backend_report *report, struct err *err)
{
	const struct backend_iptables_opts opts = opts_of(by_name("iptables-nft"));

	return backend_iptables_remove(&opts, report, err);
}

static const struct {
	enum place place;
	bool nf_tables; /* only in a kernel that has it */
	int (*has)(bool *any, struct err *err);
	int (*remove)(struct backend_report *report, struct err *err);
} places_of[] = {
	{ PLACE_NFT, true, has_nft, remove_nft },
	{ PLACE_LEGACY, false, has_legacy, remove_legacy },
	{ PLACE_COMPAT, true, has_compat, remove_compat },
};

#define PLACES (sizeof(places_of) / sizeof(places_of[0]))

int backends_places(unsigned int *places, struct err *err)
{
	bool nf_tables = has_nf_tables(), any;
	int ret = 0;
	size_t i;

	*places = 0;
	for (i = 0; i < PLACES && !ret; i++) {
		if (places_of[i].nf_tables && !nf_tables)
			continue;
		ret = places_of[i].has(&any, err);
		if (!ret && any)
			*places |= places_of[i].place;
	}
	return ret;
}

int backends_remove(unsigned int places, struct backend_report *report, struct err *err)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < PLACES && !ret; i++) {
		struct backend_report one = { 0 };

		if (!(places_of[i].place & places))
			continue;
		ret = places_of[i].remove(&one, err);
		report->changed |= one.changed;
		backend_report_free(&one);
	}
	return ret;
}
