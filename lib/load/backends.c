// SPDX-License-Identifier: GPL-2.0-only
#include "load/backends.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "host/kernel_module.h"
#include "load/machine.h"
#include "nft/backend_libnftables.h"
#include "util/run.h"
#include "xtables/backend_command.h"
#include "xtables/backend_libiptc.h"

#define RUN_SECONDS 120

static const struct backend_ops *const backends[] = {
	&backend_nft,
	&backend_iptables_nft,
	&backend_iptables_legacy,
	&backend_iptc,
};

_Static_assert(sizeof(backends) / sizeof(backends[0]) <= MACHINE_SEEN_MAX,
	       "struct machine has room for what each backend reads");

const char *const backends_names[] = { "nft",  "iptables", "iptables-nft", "iptables-legacy",
				       "iptc", NULL };

/* libiptc finds legacy rules without the command, and whichever program has loaded them. */
const struct backend_ops *const backends_keepers[] = {
	&backend_nft,
	&backend_iptc,
	&backend_iptables_nft,
	NULL,
};

const struct backend_ops *backends_keeper(enum place place)
{
	size_t i;

	for (i = 0; backends_keepers[i]->place != place; i++)
		;
	return backends_keepers[i];
}

static const struct backend_ops *backend_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
		if (!strcmp(backends[i]->name, name))
			return backends[i];
	return NULL;
}

/* "iptables v1.8.9 (nf_tables)"; before 1.8 there was legacy only, and no parenthesis */
static const struct backend_ops *by_command(struct err *err)
{
	static const char *const argv[] = { "iptables", "-V", NULL };
	const struct backend_ops *ops = NULL;
	struct run_result result;

	if (run(argv, NULL, 0, RUN_SECONDS, &result, err))
		;
	else if (result.status)
		err_set(err, -EIO, "iptables -V failed with status %d", result.status);
	else
		ops = strstr(result.out, "(nf_tables)") ? &backend_iptables_nft :
							  &backend_iptables_legacy;
	run_free(&result);
	return ops;
}

const struct backend_ops *backends_find(const char *name, struct err *err)
{
	const struct backend_ops *ops = !strcmp(name, "iptables") ? by_command(err) :
								    backend_by_name(name);

	if (!ops && strcmp(name, "iptables"))
		err_set(err, -EINVAL, "unknown backend: '%s'", name);
	return ops;
}

static bool nft_is_usable(struct machine *m, struct err *err)
{
	const struct seen *seen;
	int ret = machine_look(m, &backend_nft, &seen, err);

	/* without the right to look nft is there all the same */
	return !ret || ret == -EPERM;
}

const struct backend_ops *backends_choose(struct machine *m, const char **why, struct err *err)
{
	const struct backend_ops *ops;

	if (nft_is_usable(m, err)) {
		*why = "the kernel has nf_tables, whose maps find a label in one step";
		return &backend_nft;
	}
	ops = by_command(err);
	if (ops == &backend_iptables_legacy) {
		*why = "there is no nf_tables, but an iptables command";
		return ops;
	}
	*why = ops ? "there is no nf_tables, and the iptables command needs it" :
		     "there is neither nf_tables nor an iptables command";
	return &backend_iptc;
}

const struct backend_ops *backends_expect(struct err *err)
{
	const struct backend_ops *ops;

	if (kernel_module_state("nf_tables") != KERNEL_MODULE_MISSING)
		return &backend_nft;
	ops = by_command(err);
	return ops ? ops : &backend_iptc;
}
