// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/build.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "backend/machine.h"
#include "base/err.h"
#include "plan/plan.h"
#include "util/alloc.h"
#include "util/diag.h"
#include "xtables/hooks.h"

/* Interfaces whose packets need not be asked whether they brought a label: hardware, and those that
 * the plan trusts. */
static void find_fast(struct xt_built *x, const struct machine *m, const struct plan *plan)
{
	size_t n = m->n_hardware, i;

	if (!n && !plan->n_trusted)
		return;
	x->fast = alloc_zeroed(n + plan->n_trusted, sizeof(*x->fast));
	if (n)
		memcpy(x->fast, m->hardware, n * sizeof(*x->fast));
	for (i = 0; i < plan->n_trusted; i++)
		memcpy(x->fast[n++], plan->trusted[i], IFNAMSIZ);
	x->opts.fast = (const char(*)[IFNAMSIZ])x->fast;
	x->opts.n_fast = n;
}

static bool has_default(const struct dispatch *d, enum side side)
{
	return d->side[side][DISPATCH_IPV4].dflt;
}

/* Is there a side in use of which some packets fit no line? */
static bool leaves_packets(const struct dispatch *d)
{
	bool host = false, forward = false;
	size_t i;

	for (i = 0; i < d->plan->n_lines; i++)
		*(d->plan->lines[i].side == SIDE_FORWARD ? &forward : &host) = true;
	return (host && !(has_default(d, SIDE_SERVER) && has_default(d, SIDE_CLIENT))) ||
	       (forward && !has_default(d, SIDE_FORWARD));
}

/* nft can take a label away; the targets can only give another one. */
static void warn_of_kept_labels(const struct dispatch *d, const char *command, struct diag *diag)
{
	diag_add(diag, DIAG_WARNING, (struct pos){ .file = d->plan->files[0] }, NULL,
		 "add a default for each side, use nft, or let the policy grant relabelto",
		 "packets that match no line keep a label from elsewhere: "
		 "%s may not make them unlabeled",
		 command ? command : "this process");
}

/* DNAT comes after PREROUTING of mangle, and after FORWARD's rules it is too late. */
static void warn_of_dnat(const struct dispatch *d, struct diag *diag)
{
	diag_add(diag, DIAG_WARNING, (struct pos){ .file = d->plan->files[0] }, NULL, "use nft",
		 "forward lines do not label connections to an address of this host that DNAT "
		 "sends on");
}

/* The match addrtype does not know the addresses of VRFs, and a connection keeps its first label.
 */
static void warn_of_forward_in_vrfs(const struct dispatch *d, struct diag *diag)
{
	diag_add(diag, DIAG_WARNING, (struct pos){ .file = d->plan->files[0] }, NULL, "use nft",
		 "forward lines also label connections to an address of this host in a VRF");
}

int xt_build(const struct backend_ops *self, const struct dispatch *d, const struct machine *m,
	     struct built **b, struct diag *diag, struct err *err)
{
	struct xt_built *x = alloc_zeroed(1, sizeof(*x));
	int family, ret = 0;

	x->built.ops = self;
	x->opts.module = m->module;
	x->opts.accept = !m->shared;
	x->opts.nft = self->place == PLACE_COMPAT;
	x->opts.unlabeled = m->may_unlabel == 1 ? m->unlabeled : NULL;
	x->opts.vrfs = (const char(*)[IFNAMSIZ])m->vrfs;
	x->opts.n_vrfs = m->n_vrfs;
	x->opts.no_helper = m->no_ftp;
	x->opts.no_addrtype = m->no_forward;
	find_fast(x, m, d->plan);
	if ((m->may_unlabel == 0 || m->may_unlabel == -ENODATA) && leaves_packets(d))
		warn_of_kept_labels(d, self->command, diag);
	if (m->nat)
		warn_of_dnat(d, diag);
	if (m->n_vrfs && plan_has_side(d->plan, SIDE_FORWARD))
		warn_of_forward_in_vrfs(d, diag);
	for (family = 0; family < DISPATCH_FAMILIES && !ret; family++)
		ret = xt_hooks_build(d, family, &x->opts, &x->sets[family], diag);
	if (ret) {
		err_set(err, ret, "%s cannot load this plan", self->name);
		xt_free(&x->built);
		return ret;
	}
	*b = &x->built;
	return 0;
}

const struct chain_set *xt_sets(const struct built *b)
{
	return ((const struct xt_built *)b)->sets;
}

void xt_print(const struct built *b, FILE *out)
{
	int family;
	size_t i;

	for (family = 0; family < DISPATCH_FAMILIES; family++) {
		const struct chain_set *set = &xt_sets(b)[family];

		fprintf(out, "# IPv%c\n*%s\n", family == DISPATCH_IPV4 ? '4' : '6', set->table);
		chain_print(set, out);
		for (i = 0; i < set->n; i++)
			if (set->v[i].hook)
				fprintf(out, "-A %s -j %s\n", set->v[i].hook, set->v[i].name);
		fputs("COMMIT\n", out);
	}
}

void xt_free(struct built *b)
{
	struct xt_built *x = (struct xt_built *)b;
	int family;

	if (!x)
		return;
	for (family = 0; family < DISPATCH_FAMILIES; family++)
		chain_free(&x->sets[family]);
	free(x->fast);
	free(x);
}
