// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_domains POLICY CONTEXT OTHER...: prints where each other domain differs from the first in
 * what libsepol decides: as source ("->") and as target ("<-"), for each type and class. If there
 * are several, a line begins with the context of the other domain.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sepol/debug.h>
#include <sepol/policydb/policydb.h>
#include <sepol/policydb/services.h>

#include "selinux/sepol_conditional.h"

struct comparison {
	policydb_t p;
	sidtab_t sids;
	sepol_security_id_t one, *others;
	char **contexts; /* of the others */
	int n_others;
	const char *names[32];
};

static int see_name(hashtab_key_t name, hashtab_datum_t datum, void *names)
{
	const perm_datum_t *perm = datum;

	((const char **)names)[perm->s.value - 1] = name;
	return 0;
}

static void print_set(const struct comparison *c, const char *title, uint32_t vector)
{
	size_t i;

	if (!vector)
		return;
	printf(" %s {", title);
	for (i = 0; i < 32; i++)
		if (vector & UINT32_C(1) << i)
			printf(" %s", c->names[i]);
	printf(" }");
}

/* What differs of one other domain. place: as source or target, the type and the class. */
static void print_difference(const struct comparison *c, int i, const char *place,
			     const struct sepol_av_decision *a, const struct sepol_av_decision *b,
			     uint32_t all)
{
	if (!((a->allowed ^ b->allowed) & all) && !((a->auditdeny ^ b->auditdeny) & all) &&
	    !((a->auditallow ^ b->auditallow) & all))
		return;
	if (c->n_others > 1)
		printf("%s ", c->contexts[i]);
	printf("%s", place);
	print_set(c, "lacks", a->allowed & ~b->allowed & all);
	print_set(c, "has", b->allowed & ~a->allowed & all);
	print_set(c, "says", b->auditdeny & ~a->auditdeny & all);
	print_set(c, "hides", a->auditdeny & ~b->auditdeny & all);
	print_set(c, "records", b->auditallow & ~a->auditallow & all);
	print_set(c, "forgets", a->auditallow & ~b->auditallow & all);
	putchar('\n');
}

static void compare_class(struct comparison *c, const char *type, sepol_security_id_t sid,
			  bool target, sepol_security_class_t class)
{
	class_datum_t *datum = c->p.class_val_to_struct[class - 1];
	uint32_t all = datum->permissions.nprim >= 32 ?
			       UINT32_MAX :
			       (UINT32_C(1) << datum->permissions.nprim) - 1;
	struct sepol_av_decision a = { 0 };
	char place[512];

	snprintf(place, sizeof(place), "%s %s:%s", target ? "<-" : "->", type,
		 c->p.p_class_val_to_name[class - 1]);
	memset(c->names, 0, sizeof(c->names));
	hashtab_map(datum->permissions.table, see_name, c->names);
	if (datum->comdatum)
		hashtab_map(datum->comdatum->permissions.table, see_name, c->names);
	sepol_compute_av(target ? sid : c->one, target ? c->one : sid, class, 0, &a);
	for (int i = 0; i < c->n_others; i++) {
		struct sepol_av_decision b = { 0 };
		sepol_security_id_t other = c->others[i];

		sepol_compute_av(target ? sid : other, target ? other : sid, class, 0, &b);
		print_difference(c, i, place, &a, &b, all);
	}
}

/* Compares with a type in a role, if it can have that. */
static void compare_type(struct comparison *c, const char *type, const char *prefix, bool target)
{
	sepol_security_class_t class;
	sepol_security_id_t sid;
	char context[512];

	snprintf(context, sizeof(context), "%s:%s:s0", prefix, type);
	if (sepol_context_to_sid(context, strlen(context) + 1, &sid))
		return;
	for (class = 1; class <= c->p.p_classes.nprim; class ++)
		compare_class(c, type, sid, target, class);
}

static bool comparison_begin(struct comparison *c, char *argv[])
{
	struct policy_file pf;
	FILE *in = fopen(argv[1], "re");
	bool good;

	sepol_debug(0);
	policy_file_init(&pf);
	pf.type = PF_USE_STDIO;
	pf.fp = in;
	good = in && !policydb_init(&c->p) && !policydb_read(&c->p, &pf, 0) &&
	       !sepol_set_policydb(&c->p) && !sepol_sidtab_init(&c->sids) && !evaluate_conds(&c->p);
	if (in)
		fclose(in);
	if (!good)
		return false;
	sepol_set_sidtab(&c->sids);
	good = !sepol_context_to_sid(argv[2], strlen(argv[2]) + 1, &c->one);
	for (int i = 0; i < c->n_others; i++)
		good = good && !sepol_context_to_sid(c->contexts[i], strlen(c->contexts[i]) + 1,
						     &c->others[i]);
	return good;
}

int main(int argc, char *argv[])
{
	static struct comparison c;
	uint32_t i;

	c.contexts = argv + 3;
	c.n_others = argc - 3;
	c.others = argc < 4 ? NULL : calloc(c.n_others, sizeof(*c.others));
	if (!c.others || !comparison_begin(&c, argv))
		return 1;
	for (i = 0; i < c.p.p_types.nprim; i++) {
		if (c.p.type_val_to_struct[i]->flavor != TYPE_TYPE)
			continue;
		compare_type(&c, c.p.p_type_val_to_name[i], "system_u:object_r", false);
		compare_type(&c, c.p.p_type_val_to_name[i], "system_u:system_r", true);
	}
	policydb_destroy(&c.p);
	sepol_sidtab_destroy(&c.sids);
	free(c.others);
	return 0;
}
