// SPDX-License-Identifier: GPL-2.0-only
#include "advise/learn_policy.h"

#include <errno.h>
#include <search.h>
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

/* What a domain may do with a label. */
struct learn_answer {
	char *domain, *label;
	bool permissive;
	unsigned int perms;
};

static int learn_by_question(const void *va, const void *vb)
{
	const struct learn_answer *a = va, *b = vb;
	int order = strcmp(a->label, b->label);

	return order ? order : strcmp(a->domain, b->domain);
}

static void learn_answer_free(void *p)
{
	struct learn_answer *a = p;

	free(a->domain);
	free(a->label);
	free(a);
}

static void learn_ask_access(const struct learn_policy *p, struct learn_answer *a)
{
	struct access_grants grants = { 0 };
	struct err ignored;
	size_t i;

	if (!access_of(p->access, a->domain, a->label, &grants, &ignored)) {
		for (i = 0; i < grants.n; i++) {
			a->permissive |= grants.v[i].permissive;
			a->perms |= grants.v[i].perms;
		}
	}
	access_grants_free(&grants);
}

bool learn_policy_allows(struct learn_policy *p, const char *domain, const char *label,
			 unsigned int perms)
{
	struct learn_answer *new = alloc_zeroed(1, sizeof(*new)), **found;

	new->domain = alloc_copy(domain);
	new->label = alloc_copy(label);
	found = tsearch(new, &p->answers, learn_by_question);
	/* it is a cache: without memory, it has no answer */
	if (!found || *found != new)
		learn_answer_free(new);
	else
		learn_ask_access(p, new);
	return found && ((*found)->permissive || !(perms & ~(*found)->perms));
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
	tdestroy(p->answers, learn_answer_free);
	*p = (struct learn_policy){ 0 };
}
