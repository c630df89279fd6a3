// SPDX-License-Identifier: GPL-2.0-only
#include "selinux/oracle_kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <selinux/selinux.h>

#include "base/err.h"
#include "base/file.h"
#include "selinux/attribute_types.h"
#include "selinux/context.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"

#define LOADED_POLICY "the loaded policy"
#define LOADED_POLICY_FILE "/sys/fs/selinux/policy"

struct oracle_kernel {
	struct oracle oracle;
	int silent;            /* -errno to answer with instead of asking, or 0 */
	char *self;            /* context of the calling process */
	char *program;         /* the last program that was asked about */
	char *loader;          /* the context of a process that runs it */
	struct oracle *names;  /* the running policy, read when first needed */
	int names_failed;      /* -errno of that reading, which is not tried twice */
	char *image;           /* a copy of the running policy, for the types of one attribute */
	const char *attribute; /* this one */
	struct attribute_types types;
};

static struct oracle_kernel *to_kernel(struct oracle *o)
{
	return (struct oracle_kernel *)o;
}

/* What to return if the kernel did not answer. After a refusal nothing more is asked. */
static int kernel_unanswered(struct oracle_kernel *k, int err)
{
	if (err == EACCES || err == EPERM)
		k->silent = -EACCES;
	return err ? -err : -EIO;
}

static int kernel_valid(struct oracle *o, const char *context)
{
	struct oracle_kernel *k = to_kernel(o);

	if (k->silent)
		return k->silent;
	if (!security_check_context_raw(context))
		return 1;
	return errno == EINVAL ? 0 : kernel_unanswered(k, errno);
}

static int kernel_base(struct oracle *o, char *context)
{
	struct oracle_kernel *k = to_kernel(o);
	char *text;
	int n;

	if (k->silent)
		return k->silent;
	if (security_get_initial_context_raw("port", &text))
		return kernel_unanswered(k, errno);
	n = snprintf(context, CONTEXT_LEN_MAX + 1, "%s", text);
	freecon(text);
	return n > CONTEXT_LEN_MAX ? -ENAMETOOLONG : 0;
}

/* 1, 0, or -errno: nobody knows. Leaves no record in the audit log. */
static int is_allowed(const char *source, const char *target, const char *class_name,
		      const char *permission)
{
	security_class_t class = string_to_security_class(class_name);
	access_vector_t bit = class ? string_to_av_perm(class, permission) : 0;
	struct av_decision avd;

	/* neither function sets errno when it finds nothing */
	if (!bit)
		return -ENOENT;
	if (security_compute_av_flags_raw(source, target, class, bit, &avd))
		return errno ? -errno : -EIO;
	if ((avd.allowed & bit) || (avd.flags & SELINUX_AVD_FLAGS_PERMISSIVE))
		return 1;
	return security_getenforce() == 1 ? 0 : 1;
}

/* Asking for transitions is a permission of its own. A domain without it gets no record here. */
static bool may_ask_for_transitions(const char *self)
{
	char *kernel = NULL;
	bool may = !security_get_initial_context_raw("security", &kernel) &&
		   is_allowed(self, kernel, "security", "compute_create") == 1;

	freecon(kernel);
	return may;
}

/* What a process of this context becomes when it runs a program; NULL if nobody can tell. The
 * caller frees it with freecon(). */
static char *context_after_exec(const char *self, const char *program)
{
	security_class_t class = string_to_security_class("process");
	char *file = NULL, *next = NULL;

	if (class && may_ask_for_transitions(self) && getfilecon_raw(program, &file) > 0 &&
	    security_compute_create_raw(self, file, class, &next))
		next = NULL;
	freecon(file);
	return next;
}

/* The context of whoever loads rules, or NULL if nobody can tell. A large plan asks for each label,
 * so the last answer is kept. */
static const char *loader(struct oracle_kernel *k, const char *program)
{
	if (!program)
		return k->self;
	if (!k->program || strcmp(program, k->program)) {
		free(k->program);
		freecon(k->loader);
		k->program = strdup(program);
		k->loader = context_after_exec(k->self, program);
	}
	return k->loader;
}

static int kernel_may_relabelto(struct oracle *o, const char *program, const char *context)
{
	struct oracle_kernel *k = to_kernel(o);
	const char *who;
	int ret;

	if (k->silent)
		return k->silent;
	who = loader(k, program);
	ret = is_allowed(who ? who : k->self, context, "packet", "relabelto");
	/* the program may have a domain that is allowed more */
	if (!who && ret == 0)
		return -ENODATA;
	return ret < 0 && ret != -ENOENT ? kernel_unanswered(k, -ret) : ret;
}

/* The running policy as a file, for questions that the kernel does not answer one by one. */
static int running_policy(struct oracle_kernel *k, struct oracle **policy)
{
	struct err ignored;

	if (!k->names && k->silent)
		return k->silent;
	if (!k->names && !k->names_failed)
		k->names_failed = oracle_file_open(LOADED_POLICY_FILE, LOADED_POLICY, &k->names,
						   &ignored);
	if (k->names_failed)
		return kernel_unanswered(k, -k->names_failed);
	*policy = k->names;
	return 0;
}

static int kernel_role(struct oracle *o, const char *user, const char *role, const char *type)
{
	struct oracle *p;
	int ret = running_policy(to_kernel(o), &p);

	return ret ? ret : p->ops->role(p, user, role, type);
}

static int map_attribute(struct oracle_kernel *k, const char *attribute)
{
	struct err ignored;
	size_t len;
	int ret = file_read(LOADED_POLICY_FILE, &k->image, &len, &ignored);

	if (ret)
		return kernel_unanswered(k, -ret);
	ret = attribute_types_open(&k->types, k->image, len, attribute);
	if (ret) {
		free(k->image);
		k->image = NULL;
		return ret;
	}
	k->attribute = attribute;
	return 0;
}

/* Users wait for this answer with every rule that they add. So libsepol is asked only if
 * attribute_types cannot read the policy, or about another attribute. */
static int kernel_type_has(struct oracle *o, const char *type, const char *attribute)
{
	struct oracle_kernel *k = to_kernel(o);
	struct oracle *p;
	int ret;

	if (!k->image && k->silent)
		return k->silent;
	if (!k->image && !k->names && !k->names_failed) {
		ret = map_attribute(k, attribute);
		if (ret && ret != -EBADMSG)
			return ret;
	}
	if (k->attribute && !strcmp(attribute, k->attribute))
		return attribute_types_has(&k->types, type);
	ret = running_policy(k, &p);
	return ret ? ret : p->ops->type_has(p, type, attribute);
}

static int kernel_names(struct oracle *o, enum oracle_names what, const char *attribute,
			void (*fn)(void *arg, const char *name), void *arg)
{
	struct oracle *p;
	int ret = running_policy(to_kernel(o), &p);

	return ret ? ret : p->ops->names(p, what, attribute, fn, arg);
}

static int kernel_ports(struct oracle *o, void (*fn)(void *arg, const struct oracle_ports *ports),
			void *arg)
{
	struct oracle *p;
	int ret = running_policy(to_kernel(o), &p);

	return ret ? ret : p->ops->ports(p, fn, arg);
}

static void kernel_free(struct oracle *o)
{
	struct oracle_kernel *k = to_kernel(o);

	oracle_free(k->names);
	attribute_types_close(&k->types);
	free(k->image);
	freecon(k->self);
	freecon(k->loader);
	free(k->program);
	free(k);
}

static const struct oracle_ops kernel_ops = {
	.valid = kernel_valid,
	.base = kernel_base,
	.may_relabelto = kernel_may_relabelto,
	.role = kernel_role,
	.type_has = kernel_type_has,
	.names = kernel_names,
	.ports = kernel_ports,
	.free = kernel_free,
};

struct oracle *oracle_kernel_new(void)
{
	struct oracle_kernel *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->oracle.ops = &kernel_ops;
	k->oracle.policy = LOADED_POLICY;
	/* Before a policy is loaded the kernel accepts any context, and the context of every
	 * process is the name of an initial SID ("kernel"). */
	if (getcon_raw(&k->self) || !k->self || !strchr(k->self, ':'))
		k->silent = -ENOENT;
	return &k->oracle;
}
