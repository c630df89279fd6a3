// SPDX-License-Identifier: GPL-2.0-only
#include "advise/learn_policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "advise/access.h"
#include "base/err.h"
#include "selinux/oracle.h"
#include "util/alloc.h"

#define PORT_SUFFIX "_port_t"

/* Types of refpolicy for the ports that have no type of their own */
static const char *const learn_common_ports[] = { "reserved", "hi_reserved", "unreserved",
						  "ephemeral" };

static int learn_by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void learn_add_type(void *arg, const char *name)
{
	struct learn_policy *p = arg;

	p->types = alloc_one_more(p->types, p->n_types, sizeof(*p->types));
	p->types[p->n_types++] = alloc_copy(name);
}

/* A type with so many ports in a row says nothing about one of them. */
#define LEARN_COMMON_PORTS 1024

static char *learn_port_name(const struct oracle_ports *ports)
{
	const char *type = ports->type;
	size_t len = strlen(type), suffix = strlen(PORT_SUFFIX), i;
	char *name;

	if (len <= suffix || strcmp(type + len - suffix, PORT_SUFFIX) ||
	    ports->hi - ports->lo >= LEARN_COMMON_PORTS)
		return NULL;
	name = alloc_text(type, len - suffix);
	for (i = 0; i < sizeof(learn_common_ports) / sizeof(learn_common_ports[0]); i++) {
		if (!strcmp(name, learn_common_ports[i])) {
			free(name);
			return NULL;
		}
	}
	return name;
}

static void learn_add_range(void *arg, const struct oracle_ports *ports)
{
	struct learn_policy *p = arg;

	p->ranges = alloc_one_more(p->ranges, p->n_ranges, sizeof(*p->ranges));
	p->ranges[p->n_ranges++] = (struct learn_port_range){ ports->proto, ports->lo, ports->hi,
							      learn_port_name(ports) };
}

int learn_policy_read(struct oracle *o, struct learn_policy *p, struct err *err)
{
	int ret;

	*p = (struct learn_policy){ 0 };
	ret = o->ops->names(o, ORACLE_TYPES, NULL, learn_add_type, p);
	if (!ret)
		ret = o->ops->ports(o, learn_add_range, p);
	if (ret)
		return err_set(err, ret, "%s: %s", o->policy, strerror(-ret));
	if (p->types)
		qsort(p->types, p->n_types, sizeof(*p->types), learn_by_text);
	return access_open(o, &p->access, err);
}

const char *learn_policy_type(const struct learn_policy *p, const char *type)
{
	char **found = p->types ? bsearch(&type, p->types, p->n_types, sizeof(*p->types),
					  learn_by_text) :
				  NULL;

	return found ? *found : NULL;
}

bool learn_policy_has(const struct learn_policy *p, const char *type)
{
	return learn_policy_type(p, type);
}

const char *learn_policy_port(const struct learn_policy *p, uint8_t proto, uint16_t port)
{
	const struct learn_port_range *r = p->ranges;
	size_t i;

	for (i = 0; i < p->n_ranges; i++)
		if (r[i].proto == proto && r[i].lo <= port && port <= r[i].hi)
			return r[i].name;
	return NULL;
}

bool learn_policy_allows(const struct learn_policy *p, const char *domain, const char *label,
			 unsigned int perms)
{
	struct access_grants grants = { 0 };
	struct err ignored;
	bool all = false;
	size_t i;

	if (!access_of(p->access, domain, label, &grants, &ignored))
		for (i = 0; i < grants.n; i++)
			all |= grants.v[i].permissive || !(perms & ~grants.v[i].perms);
	access_grants_free(&grants);
	return all;
}

void learn_policy_free(struct learn_policy *p)
{
	while (p->n_types)
		free(p->types[--p->n_types]);
	while (p->n_ranges)
		free(p->ranges[--p->n_ranges].name);
	free(p->types);
	free(p->ranges);
	access_close(p->access);
	*p = (struct learn_policy){ 0 };
}
