// SPDX-License-Identifier: GPL-2.0-only
#include "advise/port_plan.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "selinux/oracle.h"
#include "util/alloc.h"

#define PORT_SUFFIX "_port_t"

/* Names of the policy, in alphabetical order. */
struct names {
	char **v;
	size_t n;
};

/* The types of one protocol's ports: an index into types, from 1; 0: none */
struct owners {
	uint8_t proto;
	unsigned int of[PORT_MAX + 1];
};

struct reader {
	struct names types; /* of ports, in the order of the policy */
	struct owners *v;   /* one for each protocol */
	size_t n;
};

static int port_plan_by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_name(void *arg, const char *name)
{
	struct names *names = arg;

	names->v = alloc_one_more(names->v, names->n, sizeof(*names->v));
	names->v[names->n++] = alloc_text(name, strlen(name));
}

static void port_plan_names_free(struct names *names)
{
	while (names->n)
		free(names->v[--names->n]);
	free(names->v);
}

static bool has_type_name(const struct names *names, const char *prefix, const char *suffix)
{
	char name[256], *key = name;

	snprintf(name, sizeof(name), "%s%s", prefix, suffix);
	return names->v && bsearch(&key, names->v, names->n, sizeof(*names->v), port_plan_by_name);
}

static struct owners *owners_of(struct reader *r, uint8_t proto)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (r->v[i].proto == proto)
			return &r->v[i];
	r->v = alloc_one_more(r->v, r->n, sizeof(*r->v));
	memset(&r->v[r->n], 0, sizeof(*r->v));
	r->v[r->n].proto = proto;
	return &r->v[r->n++];
}

/* The ranges of a type usually follow each other. */
static unsigned int type_number(struct reader *r, const char *type)
{
	size_t i;

	for (i = r->types.n; i; i--)
		if (!strcmp(r->types.v[i - 1], type))
			return i;
	add_name(&r->types, type);
	return r->types.n;
}

static void port_plan_add_ports(void *arg, const struct oracle_ports *ports)
{
	struct reader *r = arg;
	struct owners *owners = owners_of(r, ports->proto);
	unsigned int type = type_number(r, ports->type), port;

	for (port = ports->lo; port <= ports->hi; port++)
		if (!owners->of[port])
			owners->of[port] = type;
}

static int port_plan_add_range(struct port_plan *gen, struct port_plan_ports **of_type,
			       const char *type, uint8_t proto, unsigned int lo, unsigned int hi)
{
	struct port_plan_ports *p;
	size_t i;

	for (i = gen->n; i && !*of_type; i--)
		if (gen->v[i - 1].proto == proto && !strcmp(gen->v[i - 1].name, type))
			*of_type = &gen->v[i - 1];
	if (!*of_type) {
		gen->v = alloc_one_more(gen->v, gen->n, sizeof(*gen->v));
		p = &gen->v[gen->n++];
		*p = (struct port_plan_ports){ .name = alloc_text(type, strlen(type)),
					       .proto = proto };
		*of_type = p;
	}
	return ports_add(&(*of_type)->ports, lo, hi);
}

static int add_owners(struct port_plan *gen, const struct reader *r, const struct owners *owners)
{
	unsigned int lo, hi;

	for (lo = 0; lo <= PORT_MAX; lo = hi + 1) {
		struct port_plan_ports *of_type = NULL;

		for (hi = lo; hi < PORT_MAX && owners->of[hi + 1] == owners->of[lo]; hi++)
			;
		if (owners->of[lo] &&
		    port_plan_add_range(gen, &of_type, r->types.v[owners->of[lo] - 1],
					owners->proto, lo, hi))
			return -ENOMEM;
	}
	return 0;
}

static void ports_end(struct port_plan_ports *p)
{
	free(p->name);
	ports_free(&p->ports);
}

/* Removes the suffix of each type, and keeps the names that have a packet type. */
static void keep_labeled(struct port_plan *gen, const struct names *types)
{
	const size_t suffix = strlen(PORT_SUFFIX);
	size_t i, kept = 0, len;

	for (i = 0; i < gen->n; i++) {
		struct port_plan_ports *p = &gen->v[i];

		len = strlen(p->name);
		if (len > suffix && !strcmp(p->name + len - suffix, PORT_SUFFIX)) {
			p->name[len - suffix] = '\0';
			p->server = has_type_name(types, p->name, "_server_packet_t");
			p->client = has_type_name(types, p->name, "_client_packet_t");
		}
		if (p->server || p->client)
			gen->v[kept++] = *p;
		else
			ports_end(p);
	}
	gen->n = kept;
}

static int by_name_and_proto(const void *va, const void *vb)
{
	const struct port_plan_ports *a = va, *b = vb;
	int order = strcmp(a->name, b->name);

	return order ? order : a->proto - b->proto;
}

int port_plan_read(struct oracle *o, struct port_plan *gen, struct err *err)
{
	struct reader r = { .n = 0 };
	struct names types = { .n = 0 };
	size_t i;
	int ret;

	*gen = (struct port_plan){ .n = 0 };
	ret = o->ops->ports(o, port_plan_add_ports, &r);
	if (!ret)
		ret = o->ops->names(o, ORACLE_TYPES, NULL, add_name, &types);
	for (i = 0; i < r.n && !ret; i++)
		ret = add_owners(gen, &r, &r.v[i]);
	if (ret) {
		err_set(err, ret, "%s: %s", o->policy, strerror(-ret));
		goto out;
	}
	if (types.v)
		qsort(types.v, types.n, sizeof(*types.v), port_plan_by_name);
	keep_labeled(gen, &types);
	if (gen->v)
		qsort(gen->v, gen->n, sizeof(*gen->v), by_name_and_proto);
	gen->server = has_type_name(&types, "server", "_packet_t");
	gen->client = has_type_name(&types, "client", "_packet_t");
	gen->icmp = has_type_name(&types, "icmp", "_packet_t");
	if (!gen->n) {
		ret = err_set(err, -ENODATA, "%s has no packet type named after a port type",
			      o->policy);
		err_hint(err, "refpolicy has NAME_server_packet_t and NAME_client_packet_t for "
			      "NAME_port_t");
	}
out:
	port_plan_names_free(&r.types);
	port_plan_names_free(&types);
	free(r.v);
	return ret;
}

void port_plan_free(struct port_plan *gen)
{
	size_t i;

	for (i = 0; i < gen->n; i++)
		ports_end(&gen->v[i]);
	free(gen->v);
	*gen = (struct port_plan){ .n = 0 };
}
