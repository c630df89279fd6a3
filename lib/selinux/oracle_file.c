// SPDX-License-Identifier: GPL-2.0-only
#include "selinux/oracle_file.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sepol/context.h>
#include <sepol/debug.h>
#include <sepol/policydb.h>
#include <sepol/policydb/module.h>
#include <sepol/policydb/policydb.h>

#include "base/err.h"
#include "base/file.h"
#include "selinux/context.h"
#include "selinux/oracle.h"

/* SECINITSID_PORT, the kernel's security/selinux/include/initial_sid_to_string.h */
#define INITIAL_SID_PORT 9

struct oracle_file {
	struct oracle oracle;
	sepol_handle_t *handle;
	sepol_policydb_t *policydb;
};

static struct oracle_file *to_file(struct oracle *o)
{
	return (struct oracle_file *)o;
}

/* libsepol's internal structure, the only member of the one that it gives out
 * (src/policydb_internal.h). This is why libsepol is linked statically. */
static const policydb_t *policy_tables(struct oracle *o)
{
	return (const policydb_t *)to_file(o)->policydb;
}

static int file_valid(struct oracle *o, const char *text)
{
	struct oracle_file *f = to_file(o);
	sepol_context_t *context;
	int ret;

	if (sepol_context_from_string(f->handle, text, &context) < 0)
		return 0;
	ret = sepol_context_check(f->handle, f->policydb, context);
	sepol_context_free(context);
	return ret == 0;
}

static const void *oracle_file_find(struct oracle *o, unsigned int table, const char *name)
{
	return hashtab_search(policy_tables(o)->symtab[table].table, name);
}

/* "user:role:type" of one of the policy's initial contexts, and the low level of its range */
static int format_initial(const policydb_t *p, const context_struct_t *c, char *out)
{
	const mls_level_t *low = &c->range.level[0];
	const char *level = p->mls ? p->p_sens_val_to_name[low->sens - 1] : NULL;

	return context_format(out, p->p_user_val_to_name[c->user - 1],
			      p->p_role_val_to_name[c->role - 1],
			      p->p_type_val_to_name[c->type - 1], level);
}

static int file_base(struct oracle *o, char *context)
{
	const policydb_t *p = policy_tables(o);
	const ocontext_t *isid;

	for (isid = p->ocontexts[OCON_ISID]; isid; isid = isid->next)
		if (isid->sid[0] == INITIAL_SID_PORT)
			return format_initial(p, &isid->context[0], context);
	return -ENOENT;
}

static int file_may_relabelto(struct oracle *o, const char *program, const char *context)
{
	(void)o;
	(void)program;
	(void)context;
	return -ENOSYS;
}

static int file_role(struct oracle *o, const char *user, const char *role, const char *type)
{
	const user_datum_t *u = oracle_file_find(o, SYM_USERS, user);
	const role_datum_t *r = oracle_file_find(o, SYM_ROLES, role);
	const type_datum_t *t = oracle_file_find(o, SYM_TYPES, type);

	if (!r)
		return ORACLE_ROLE_UNKNOWN;
	if (!u || !t)
		return -ENOENT;
	if (!ebitmap_get_bit(&u->cache, r->s.value - 1))
		return ORACLE_ROLE_NOT_FOR_USER;
	if (!ebitmap_get_bit(&r->cache, t->s.value - 1))
		return ORACLE_ROLE_NOT_FOR_TYPE;
	return ORACLE_ROLE_FITS;
}

/* The types that carry the attribute, or NULL if there is no such attribute. */
static const ebitmap_t *types_with(struct oracle *o, const char *attribute)
{
	const type_datum_t *a = oracle_file_find(o, SYM_TYPES, attribute);

	return a && a->flavor == TYPE_ATTRIB ? &policy_tables(o)->attr_type_map[a->s.value - 1] :
					       NULL;
}

static int file_type_has(struct oracle *o, const char *type, const char *attribute)
{
	const ebitmap_t *types = types_with(o, attribute);
	const type_datum_t *t = oracle_file_find(o, SYM_TYPES, type);

	if (!types || !t)
		return -ENOENT;
	return ebitmap_get_bit(types, t->s.value - 1);
}

static void offer_type(const policydb_t *p, uint32_t i, void (*fn)(void *arg, const char *name),
		       void *arg)
{
	const type_datum_t *t = p->type_val_to_struct[i];

	if (t && t->flavor == TYPE_TYPE && p->p_type_val_to_name[i])
		fn(arg, p->p_type_val_to_name[i]);
}

static int file_names(struct oracle *o, enum oracle_names what, const char *attribute,
		      void (*fn)(void *arg, const char *name), void *arg)
{
	static const unsigned int table[] = {
		[ORACLE_USERS] = SYM_USERS,
		[ORACLE_ROLES] = SYM_ROLES,
		[ORACLE_TYPES] = SYM_TYPES,
	};
	const policydb_t *p = policy_tables(o);
	const ebitmap_t *among = attribute ? types_with(o, attribute) : NULL;
	ebitmap_node_t *node;
	uint32_t i;

	if (attribute && !among)
		return -ENOENT;
	if (among) {
		/* cppcheck-suppress unknownMacro ; a macro of libsepol, whose headers cppcheck does
		 * not read */
		ebitmap_for_each_positive_bit(among, node, i)
			offer_type(p, i, fn, arg);
		return 0;
	}
	for (i = 0; i < p->symtab[table[what]].nprim; i++) {
		if (what == ORACLE_TYPES)
			offer_type(p, i, fn, arg);
		else if (p->sym_val_to_name[table[what]][i])
			fn(arg, p->sym_val_to_name[table[what]][i]);
	}
	return 0;
}

static int file_ports(struct oracle *o, void (*fn)(void *arg, const struct oracle_ports *ports),
		      void *arg)
{
	const policydb_t *p = policy_tables(o);
	struct oracle_ports ports;
	const ocontext_t *port;

	for (port = p->ocontexts[OCON_PORT]; port; port = port->next) {
		ports.proto = port->u.port.protocol;
		ports.lo = port->u.port.low_port;
		ports.hi = port->u.port.high_port;
		ports.type = p->p_type_val_to_name[port->context[0].type - 1];
		fn(arg, &ports);
	}
	return 0;
}

static void file_free(struct oracle *o)
{
	struct oracle_file *f = to_file(o);

	sepol_policydb_free(f->policydb);
	sepol_handle_destroy(f->handle);
	free(f);
}

static const struct oracle_ops file_ops = {
	.valid = file_valid,
	.base = file_base,
	.may_relabelto = file_may_relabelto,
	.role = file_role,
	.type_has = file_type_has,
	.names = file_names,
	.ports = file_ports,
	.free = file_free,
};

struct policydb *oracle_file_tables(struct oracle *o)
{
	return o->ops == &file_ops ? (struct policydb *)to_file(o)->policydb : NULL;
}

/* Without a message function libsepol is silent, also where it has no handle. */
static int oracle_file_parse(struct oracle_file *f, char *data, size_t len)
{
	sepol_policy_file_t *file;
	int ret = -ENOMEM;

	f->handle = sepol_handle_create();
	if (!f->handle)
		return ret;
	sepol_msg_set_callback(f->handle, NULL, NULL);
	sepol_debug(0);
	if (sepol_policydb_create(&f->policydb))
		return ret;
	if (sepol_policy_file_create(&file))
		return ret;
	sepol_policy_file_set_mem(file, data, len);
	sepol_policy_file_set_handle(file, f->handle);
	ret = sepol_policydb_read(f->policydb, file) ? -EBADMSG : 0;
	sepol_policy_file_free(file);
	return ret;
}

/* Says why libsepol cannot read a file. A policy begins with a number, a text with its length, and
 * its version. */
static void excuse_file(const char *path, const char *data, size_t len, struct err *err)
{
	uint32_t word[2] = { 0, 0 }, version;

	if (len >= sizeof(word))
		memcpy(word, data, sizeof(word));
	word[0] = le32toh(word[0]);
	if (word[0] == SEPOL_MODULE_PACKAGE_MAGIC || word[0] == SELINUX_MOD_MAGIC) {
		err_set(err, -EBADMSG, "%s: a policy module, not a whole policy", path);
		return;
	}
	if (word[0] != SELINUX_MAGIC || le32toh(word[1]) > len - sizeof(word) ||
	    len - sizeof(word) - le32toh(word[1]) < sizeof(version)) {
		err_set(err, -EBADMSG, "%s: not a kernel policy", path);
		return;
	}
	memcpy(&version, data + sizeof(word) + le32toh(word[1]), sizeof(version));
	version = le32toh(version);
	if ((int)version < sepol_policy_kern_vers_min() ||
	    (int)version > sepol_policy_kern_vers_max())
		err_set(err, -EBADMSG, "%s: a policy of version %u; this libsepol reads %d to %d",
			path, version, sepol_policy_kern_vers_min(), sepol_policy_kern_vers_max());
	else
		err_set(err, -EBADMSG, "%s: a damaged policy, or one that is not complete", path);
}

int oracle_file_open(const char *path, const char *name, struct oracle **o, struct err *err)
{
	struct oracle_file *f;
	char *data = NULL;
	size_t len = 0;
	int ret;

	ret = file_read(path, &data, &len, err);
	if (ret)
		return ret;
	f = calloc(1, sizeof(*f));
	ret = f ? oracle_file_parse(f, data, len) : -ENOMEM;
	if (!ret && policy_tables(&f->oracle)->policy_type != POLICY_KERN)
		ret = -EBADMSG;
	if (ret == -EBADMSG)
		excuse_file(path, data, len, err);
	else if (ret)
		err_set(err, ret, "%s: %s", path, strerror(-ret));
	free(data);
	if (ret) {
		if (f)
			file_free(&f->oracle);
		return ret;
	}
	f->oracle.ops = &file_ops;
	f->oracle.policy = name;
	*o = &f->oracle;
	return 0;
}
