// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/dnat_rules.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "host/kernel_module.h"
#include "host/nf_tables.h"
#include "xtables/iptc_ops.h"
#include "xtables/iptc_table.h"

static bool legacy_chain_has_dnat(const struct iptc_table *t, const char *chain)
{
	const void *rule;

	for (rule = t->ops->first_rule(chain, t->h); rule; rule = t->ops->next_rule(rule, t->h))
		if (nf_tables_target_is_dnat(t->ops->target(rule, t->h)))
			return true;
	return false;
}

/* A table that nobody has used yet is not read, because reading creates it. */
static bool legacy_may_have_dnat(const struct iptc_ops *ops)
{
	struct iptc_table t = { ops, "nat", NULL };
	const char *chain;
	struct err ignored;
	bool may = false;

	if (access(ops->names, R_OK))
		return errno != ENOENT;
	if (!iptc_table_is_there(ops, t.name))
		return false;
	if (iptc_table_open(&t, &ignored))
		return true;
	for (chain = ops->first_chain(t.h); chain && !may; chain = ops->next_chain(t.h))
		may = legacy_chain_has_dnat(&t, chain);
	iptc_table_close(&t);
	return may;
}

/* nfnetlink answers EINVAL for a subsystem that it does not know. */
static bool nf_tables_may_have_dnat(void)
{
	bool is;
	int ret = nf_tables_have_dnat(&is);

	return ret ? ret != -EINVAL && ret != -EPROTONOSUPPORT : is;
}

bool dnat_rules_may_be_there(void)
{
	enum kernel_module_state state = kernel_module_state("nf_nat");

	if (state != KERNEL_MODULE_LOADED && state != KERNEL_MODULE_BUILTIN)
		return false;
	return nf_tables_may_have_dnat() || legacy_may_have_dnat(&iptc_families[0]) ||
	       legacy_may_have_dnat(&iptc_families[1]);
}
