// SPDX-License-Identifier: GPL-2.0-only
#include "policy/program.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sepol/policydb/policydb.h>

#include "plan/plan.h"
#include "policy/application.h"
#include "policy/application_rules.h"
#include "util/alloc.h"
#include "util/diag.h"

/* refpolicy's types of shells, of the kernel's domain, and the attribute of user domains. */
#define SHELL "shell_exec_t"
#define KERNEL "kernel_t"
#define USERS "userdomain"

/* What a policy says of a program. */
struct program {
	const struct policydb *p;
	const struct plan_application *a;
	uint32_t entry;           /* the type of its file */
	uint32_t process;         /* the class */
	uint32_t transition;      /* a permission of it */
	bool *entered;            /* by value of a type: some domain starts the program in it */
	const char *by_kernel;    /* the kernel starts it in this domain */
	const char *starter, *in; /* one that starts the application starts it in this domain */
	const char *opens;        /* it starts sessions in this domain */
};

typedef void program_visitor(struct program *program, const avtab_key_t *key, uint32_t data);

static void each_rule_of(struct program *program, const avtab_t *table, program_visitor *visit)
{
	const struct avtab_node *node;
	uint32_t i;

	for (i = 0; i < table->nslot; i++)
		for (node = table->htable[i]; node; node = node->next)
			if (node->key.target_class == program->process && node->key.source_type &&
			    node->key.source_type <= program->p->p_types.nprim &&
			    node->key.target_type &&
			    node->key.target_type <= program->p->p_types.nprim)
				visit(program, &node->key, node->datum.data);
}

/* Whatever the booleans are. */
static void each_process_rule(struct program *program, program_visitor *visit)
{
	each_rule_of(program, &program->p->te_avtab, visit);
	each_rule_of(program, &program->p->te_cond_avtab, visit);
}

static const char *name_of(const struct program *program, uint32_t type)
{
	return program->p->p_type_val_to_name[type - 1];
}

/* The value of a type or an attribute; 0: the policy has none of this name. */
static uint32_t named_value(const struct program *program, const char *name)
{
	const type_datum_t *type = hashtab_search(program->p->p_types.table, name);

	return type ? type->s.value : 0;
}

static bool carries(const struct program *program, uint32_t type, const char *attribute)
{
	uint32_t value = named_value(program, attribute);

	return value && ebitmap_get_bit(&program->p->type_attr_map[type - 1], value - 1);
}

/* Domains that the services of a machine begin in, and users. */
static bool is_general(const struct program *program, uint32_t type)
{
	const char *name = name_of(program, type);

	return !strcmp(name, "init_t") || !strcmp(name, "initrc_t") ||
	       carries(program, type, USERS);
}

static void see_transition(struct program *program, const avtab_key_t *key, uint32_t data)
{
	const char *source = name_of(program, key->source_type), *domain;

	if (!(key->specified & AVTAB_TRANSITION) || key->target_type != program->entry || !data ||
	    data > program->p->p_types.nprim)
		return;
	domain = name_of(program, data);
	program->entered[data] = true;
	if (!strcmp(source, KERNEL))
		program->by_kernel = domain;
	/* the first in the alphabet, so that the order of the rules does not count */
	if (application_is_started_by(program->a, source) && strcmp(source, domain) &&
	    !carries(program, data, APPLICATION_UNCONFINED) && !is_general(program, data) &&
	    (!program->starter || strcmp(source, program->starter) < 0)) {
		program->starter = source;
		program->in = domain;
	}
}

/* Is it the domain that users log in to, or an attribute of domains of users alone? A program that
 * enters one other domain only goes back to the user that started it: staff_git_t is such a one. */
static bool is_of_users(const struct program *program, uint32_t target)
{
	const ebitmap_t *types = &program->p->attr_type_map[target - 1];
	ebitmap_node_t *node;
	uint32_t i;

	if (!strcmp(name_of(program, target), APPLICATION_LIKE))
		return true;
	if (!program->p->type_val_to_struct[target - 1] ||
	    program->p->type_val_to_struct[target - 1]->flavor != TYPE_ATTRIB)
		return false;
	/* cppcheck-suppress unknownMacro ; libsepol has it */
	ebitmap_for_each_positive_bit(types, node, i)
		if (!carries(program, i + 1, USERS))
			return false;
	return !ebitmap_is_empty(types);
}

static void see_session(struct program *program, const avtab_key_t *key, uint32_t data)
{
	const ebitmap_t *sources = &program->p->attr_type_map[key->source_type - 1];
	ebitmap_node_t *node;
	uint32_t i;

	if (!(key->specified & AVTAB_ALLOWED) || !(data & program->transition) ||
	    !is_of_users(program, key->target_type))
		return;
	/* cppcheck-suppress unknownMacro ; libsepol has it */
	ebitmap_for_each_positive_bit(sources, node, i)
		if (program->entered[i + 1] && !is_general(program, i + 1) &&
		    (!program->opens || strcmp(name_of(program, i + 1), program->opens) < 0))
			program->opens = name_of(program, i + 1);
}

static void tell_program(const struct program *program, const struct plan_application_path *path,
			 const char *type, struct diag *diag)
{
	if (!strcmp(type, SHELL))
		diag_add(diag, DIAG_ERROR, path->pos, path->text,
			 "all that it starts would be in the application's domain",
			 "a shell cannot be an application");
	else if (program->by_kernel)
		diag_add(diag, DIAG_ERROR, path->pos, path->text,
			 "the machine needs it, and all that it starts, in their own domains",
			 "the kernel starts this program, in the domain %s", program->by_kernel);
	else if (program->opens)
		diag_add(diag, DIAG_ERROR, path->pos, path->text,
			 "an application cannot start them in their own domains",
			 "this program starts sessions of users, from the domain %s",
			 program->opens);
	else if (program->in)
		diag_add(diag, DIAG_WARNING, path->pos, path->text,
			 "the application can do nearly all that " APPLICATION_LIKE " can",
			 "%s starts this program in the confined domain %s, but for the "
			 "application",
			 program->starter, program->in);
}

void policy_program_judge(const struct policydb *p, const struct plan_application *a,
			  const struct plan_application_path *path, const char *type,
			  struct diag *diag)
{
	static const char *const transition[] = { "transition", NULL };
	const class_datum_t *process = hashtab_search(p->p_classes.table, "process");
	struct program program = { .p = p, .a = a };

	program.entry = named_value(&program, type);
	if (!process || !program.entry)
		return;
	program.process = process->s.value;
	program.transition = application_vector(p, "process", transition);
	program.entered = alloc_zeroed(p->p_types.nprim + 1, sizeof(*program.entered));
	each_process_rule(&program, see_transition);
	each_process_rule(&program, see_session);
	tell_program(&program, path, type, diag);
	free(program.entered);
}
