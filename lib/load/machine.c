// SPDX-License-Identifier: GPL-2.0-only
#include "load/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/device_interfaces.h"
#include "host/kernel_module.h"
#include "host/nf_tables.h"
#include "host/running_policy.h"
#include "load/backends.h"
#include "nft/backend_libnftables.h"
#include "plan/plan.h"
#include "selinux/oracle.h"
#include "util/run.h"
#include "xtables/dnat_rules.h"
#include "xtables/extension_probe.h"
#include "xtables/hooks.h"
#include "xtables/module_probe.h"

#define PLACES_IN_NF_TABLES (PLACE_NFT | PLACE_COMPAT)

void machine_init(struct machine *m, struct oracle *oracle)
{
	*m = (struct machine){ .oracle = oracle,
			       .unlabeled = running_policy_unlabeled(),
			       .may_unlabel = -ENOENT };
}

/* The policy may have a domain for a program: the refpolicy's iptables_t, for one. */
static void machine_ask_policy(struct machine *m, const char *command)
{
	free(m->loader);
	m->loader = command ? run_find(command) : NULL;
	if (m->unlabeled)
		m->may_unlabel = machine_may_label(m, m->unlabeled);
}

int machine_may_label(const struct machine *m, const char *context)
{
	return m->oracle->ops->may_relabelto(m->oracle, m->loader, context);
}

/* The index of what was read for a backend; n_looks where nothing was. */
static size_t look_index(const struct machine *m, const struct backend_ops *ops)
{
	size_t i;

	for (i = 0; i < m->n_looks && m->look[i].seen->ops != ops; i++)
		;
	return i;
}

int machine_look(struct machine *m, const struct backend_ops *ops, const struct seen **seen,
		 struct err *err)
{
	size_t i = look_index(m, ops);
	int ret;

	if (i == m->n_looks) {
		/* before the rules are read: a change while they are read counts as one after */
		m->look[i].dated = ops->place & PLACES_IN_NF_TABLES &&
				   !nf_tables_generation(&m->look[i].generation);
		ret = ops->look(ops, &m->look[i].seen, err);
		if (ret)
			return ret;
		m->n_looks++;
	}
	*seen = m->look[i].seen;
	return 0;
}

/*
 * What was read, if it is certainly still so; else NULL. nf_tables counts its transactions, whoever
 * makes them. A load of ours is one of them: if rules move from iptables-nft to nft, a second look
 * finds what is to be removed. x_tables counts nothing: there a backend always looks again before
 * it changes anything.
 */
static const struct seen *machine_still_seen(const struct machine *m, const struct backend_ops *ops)
{
	size_t i = look_index(m, ops);
	uint32_t now;

	if (i == m->n_looks || !m->look[i].dated || nf_tables_generation(&now))
		return NULL;
	return now == m->look[i].generation ? m->look[i].seen : NULL;
}

static int machine_ask_shared(struct machine *m, const struct backend_ops *ops,
			      const struct plan *plan, struct err *err)
{
	const struct seen *seen;
	int ret = machine_look(m, ops, &seen, err);

	/* the form of rules that is right in any case */
	m->shared = ret || ops->shared(seen, xt_hooks_table(plan));
	if (!ret && ops->by_itself && ops->by_itself(seen))
		machine_ask_policy(m, NULL);
	return ret;
}

int machine_ask(struct machine *m, const struct backend_ops *ops, const struct plan *plan,
		struct err *err)
{
	int ret;

	machine_ask_policy(m, ops->command);
	free(m->vrfs);
	ret = device_interfaces_vrfs(&m->vrfs, &m->n_vrfs, err);
	if (ret)
		return ret;
	if (!ops->shared) {
		m->no_forward = plan_has_side(plan, SIDE_FORWARD) ? nft_lacks_fib() : NULL;
		return 0;
	}
	ret = machine_ask_shared(m, ops, plan, err);
	if (ret && geteuid() == 0)
		return ret;
	m->nat = plan_has_side(plan, SIDE_FORWARD) && dnat_rules_may_be_there();
	free(m->hardware);
	ret = device_interfaces_read(&m->hardware, &m->n_hardware, err);
	if (!ret)
		ret = xt_module_works(ops->command, &m->module, err);
	if (!ret)
		ret = xt_extensions_ask(ops->place, plan, m, err);
	return ret == -ENOENT && geteuid() != 0 ? 0 : ret;
}

int machine_compare(struct machine *m, const struct built *b, enum backend_state *state,
		    struct err *err)
{
	const struct seen *seen;
	int ret = machine_look(m, b->ops, &seen, err);

	if (!ret)
		*state = b->ops->compare(seen, b);
	return ret;
}

static bool has_nf_tables(void)
{
	enum kernel_module_state state = kernel_module_state("nf_tables");

	return state != KERNEL_MODULE_MISSING && state != KERNEL_MODULE_AVAILABLE;
}

bool machine_has_place(enum place place)
{
	return !(place & PLACES_IN_NF_TABLES) || has_nf_tables();
}

static int machine_is_present(struct machine *m, const struct backend_ops *ops, bool *is,
			      struct err *err)
{
	const struct seen *seen;
	int ret = machine_look(m, ops, &seen, err);

	*is = !ret && ops->present(seen);
	/* that must not keep rules from another place */
	if (ret == -EOPNOTSUPP && ops->place == PLACE_LEGACY) {
		m->hidden |= ops->place;
		return 0;
	}
	/* without the command nobody has loaded rules with it */
	return ret == -ENOENT && ops->command ? 0 : ret;
}

int machine_places(struct machine *m, unsigned int *places, struct err *err)
{
	bool is;
	unsigned int found = 0;
	size_t i;
	int ret = 0;

	if (!m->has_places) {
		for (i = 0; backends_keepers[i] && !ret; i++) {
			if (!machine_has_place(backends_keepers[i]->place))
				continue;
			ret = machine_is_present(m, backends_keepers[i], &is, err);
			found |= is ? backends_keepers[i]->place : 0;
		}
		m->places = found;
		m->has_places = !ret;
	}
	*places = m->places;
	return ret;
}

int machine_in_force(struct machine *m, unsigned int *places, struct err *err)
{
	const struct seen *seen;
	unsigned int there;
	size_t i;
	int ret = machine_places(m, &there, err);

	*places = 0;
	for (i = 0; backends_keepers[i] && !ret; i++) {
		if (!(backends_keepers[i]->place & there))
			continue;
		ret = machine_look(m, backends_keepers[i], &seen, err);
		if (!ret && backends_keepers[i]->in_force(seen))
			*places |= backends_keepers[i]->place;
	}
	return ret;
}

int machine_load(struct machine *m, const struct built *b, struct backend_report *report,
		 struct err *err)
{
	return b->ops->load(b, machine_still_seen(m, b->ops), report, err);
}

int machine_remove(struct machine *m, unsigned int places, struct backend_report *report,
		   struct err *err)
{
	const struct backend_ops *ops;
	size_t i;
	int ret = 0;

	for (i = 0; backends_keepers[i] && !ret; i++) {
		struct backend_report one = { 0 };

		ops = backends_keepers[i];
		if (!(ops->place & places))
			continue;
		ret = ops->remove(ops, machine_still_seen(m, ops), &one, err);
		report->changed |= one.changed;
		report->left |= one.left;
		backend_warn_all(report, &one);
		backend_report_free(&one);
	}
	return ret;
}

void machine_free(struct machine *m)
{
	while (m->n_looks) {
		struct seen *seen = m->look[--m->n_looks].seen;

		seen->ops->forget(seen);
	}
	free(m->hardware);
	free(m->loader);
	free(m->vrfs);
	free(m->unlabeled);
	*m = (struct machine){ 0 };
}
