// SPDX-License-Identifier: GPL-2.0-only
/* Applications as text of a module. */
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "policy/application.h"
#include "policy/condition.h"
#include "policy/file_contexts.h"
#include "policy/module.h"
#include "selinux/sepol_conditional.h"
#include "util/alloc.h"
#include "util/printable.h"

/* Whose files these are (refpolicy's gen_context). */
#define FILE_USER "system_u"
#define FILE_LEVEL "s0"

/* makes sockets for services */
#define SOCKET_MAKER "init_t"

/* Of sockets whose packets the kernel judges (socket_type_to_security_class()). MPTCP has
 * tcp_socket. */
static const char *const socket_classes[] = { "tcp_socket",  "udp_socket",  "rawip_socket",
					      "icmp_socket", "sctp_socket", "dccp_socket" };

/* Rules of one application that need the same from the policy. */
struct rule_group {
	const struct application_rule *v;
	size_t n;
};

static bool same_group(const struct application_rule *a, const struct application_rule *b)
{
	const char *const x[] = { a->needs, a->needs_too }, *const y[] = { b->needs, b->needs_too };
	size_t i;

	for (i = 0; i < 2; i++)
		if (!x[i] != !y[i] || (x[i] && strcmp(x[i], y[i])))
			return false;
	return a->condition == b->condition && a->branch == b->branch;
}

/* The group that begins at a rule. */
static struct rule_group group_at(const struct application_rules *rules, size_t at)
{
	struct rule_group g = { &rules->v[at], 1 };

	while (at + g.n < rules->n && same_group(g.v, &g.v[g.n]))
		g.n++;
	return g;
}

/* The path of a file, or what stands for it, as a regular expression. */
static void print_path(const struct policy_module *m, const struct plan_application *a, size_t i,
		       FILE *out)
{
	char *path = policy_application_path(m->applications->labels, a, a->paths[i].text);
	const char *c;

	for (c = path; *c; c++)
		fprintf(out, "%s%c", strchr(".+", *c) ? "\\" : "", *c);
	free(path);
}

static const char *const cil_words[] = {
	[APPLICATION_ALLOW] = "allow",         [APPLICATION_AUDITALLOW] = "auditallow",
	[APPLICATION_DONTAUDIT] = "dontaudit", [APPLICATION_TRANSITION] = "typetransition",
	[APPLICATION_MEMBER] = "typemember",   [APPLICATION_CHANGE] = "typechange",
};

static void print_cil_application_rule(const char *indent, const struct application_rule *r,
				       FILE *out)
{
	fputs(indent, out);
	if (r->kind == APPLICATION_ROLE)
		fprintf(out, "(roletype %s %s)\n", r->source, r->target);
	else if (r->kind == APPLICATION_ATTRIBUTE)
		fprintf(out, "(typeattributeset %s (%s))\n", r->target, r->source);
	else if (r->kind < APPLICATION_TRANSITION)
		fprintf(out, "(%s %s %s (%s (%s)))\n", cil_words[r->kind], r->source, r->target,
			r->class, r->perms);
	else if (r->file)
		fprintf(out, "(typetransition %s %s %s \"%s\" %s)\n", r->source, r->target,
			r->class, r->file, r->result);
	else
		fprintf(out, "(%s %s %s %s %s)\n", cil_words[r->kind], r->source, r->target,
			r->class, r->result);
}

/* A group is optional, so that a module of the policy can be removed. @number: its name ends in it
 */
static void print_cil_group(const struct policy_module *m, const struct plan_application *a,
			    const struct rule_group *g, size_t number, FILE *out)
{
	static const char *const indents[] = { "", "\t", "\t\t", "\t\t\t" };
	bool optional = g->v->needs || g->v->needs_too || g->v->condition;
	const char *const *indent = indents + optional;
	size_t i;

	if (optional)
		fprintf(out, "(optional %s-%s-%zu\n", m->name, a->name, number);
	if (g->v->condition)
		fprintf(out, "%s(booleanif %s\n%s\t(%s\n", *indent, g->v->condition->cil, *indent,
			g->v->branch ? "true" : "false");
	for (i = 0; i < g->n; i++)
		print_cil_application_rule(indent[g->v->condition ? 2 : 0], &g->v[i], out);
	if (g->v->condition)
		fputs("\t\t))\n", out);
	if (optional)
		fputs(")\n", out);
}

static void print_application_comment(const char *mark, const struct plan_application *a, FILE *out)
{
	char *safe = text_printable(a->text);

	fprintf(out,
		"\n%s %s:%u: %s\n%s %s has what " APPLICATION_LIKE
		" has, but no access to packets\n",
		mark, a->pos.file, a->pos.line, safe, mark, a->domain);
	free(safe);
}

/* The kernel judges packets by the label of their socket, and a process can ask for another label
 * of its sockets than its own (setsockcreatecon(3)). The policy lets each unconfined domain do that
 * for all domains. Only systemd needs it, which makes the sockets of a service. Each is optional: a
 * later policy may be without the class. */
static void print_cil_sockets(const struct policy_module *m, const struct plan_application *a,
			      FILE *out)
{
	const struct policydb *p = m->applications->policy;
	bool has_init = hashtab_search(p->p_types.table, SOCKET_MAKER) != NULL;
	size_t i;

	for (i = 0; i < sizeof(socket_classes) / sizeof(socket_classes[0]); i++) {
		if (!hashtab_search(p->p_classes.table, socket_classes[i]))
			continue;
		fprintf(out,
			"(optional %s-%s-%s\n"
			"\t(constrain (%s (create relabelto)) (or (neq t2 %s) ",
			m->name, a->name, socket_classes[i], socket_classes[i], a->domain);
		if (has_init)
			fprintf(out, "(or (eq t1 %s) (eq t1 " SOCKET_MAKER "))", a->domain);
		else
			fprintf(out, "(eq t1 %s)", a->domain);
		fputs(")))\n", out);
	}
}

static void print_cil_application(const struct policy_module *m,
				  const struct application_rules *rules, FILE *out)
{
	const struct plan_application *a = rules->application;
	struct rule_group g;
	size_t i, number = 0;

	print_application_comment(";", a, out);
	for (i = 0; i < a->n_paths; i++) {
		fputs("(filecon \"", out);
		print_path(m, a, i, out);
		fprintf(out,
			"\" file (" FILE_USER " object_r %s ((" FILE_LEVEL ") (" FILE_LEVEL
			"))))\n",
			a->entry);
	}
	print_cil_sockets(m, a, out);
	for (i = 0; i < rules->n; i += g.n) {
		g = group_at(rules, i);
		print_cil_group(m, a, &g, ++number, out);
	}
}

void policy_applications_print_cil(const struct policy_module *m, FILE *out)
{
	const struct policy_applications *all = m->applications;
	const char *type;
	size_t i, k;

	for (i = 0; all && i < all->n; i++)
		for (k = 0; k < 2; k++) {
			type = k ? all->v[i].application->entry : all->v[i].application->domain;
			fprintf(out, "(type %s)\n(roletype object_r %s)\n", type, type);
		}
	for (i = 0; all && i < all->n; i++)
		print_cil_application(m, &all->v[i], out);
}

static const char *const te_words[] = {
	[APPLICATION_ALLOW] = "allow",         [APPLICATION_AUDITALLOW] = "auditallow",
	[APPLICATION_DONTAUDIT] = "dontaudit", [APPLICATION_TRANSITION] = "type_transition",
	[APPLICATION_MEMBER] = "type_member",  [APPLICATION_CHANGE] = "type_change",
};

/* A name that a group needs from the rest of the policy. */
struct group_need {
	const char *kind, *name;
	const char *perms; /* of a class */
};

static int needs_by_name(const void *va, const void *vb)
{
	const struct group_need *a = va, *b = vb;
	int order = strcmp(a->kind, b->kind);

	if (!order)
		order = strcmp(a->name, b->name);
	return order ? order : strcmp(a->perms ? a->perms : "", b->perms ? b->perms : "");
}

/* The kind of a name in a rule; NULL: the module declares it. */
static const char *kind_of(const struct policy_module *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->plan->n_applications; i++)
		if (!strcmp(m->plan->applications[i].domain, name) ||
		    !strcmp(m->plan->applications[i].entry, name))
			return NULL;
	return policy_applications_is_attribute(m->applications, name) ? "attribute" : "type";
}

static void add_need(struct group_need *v, size_t *n, const char *kind, const char *name,
		     const char *perms)
{
	if (kind && name)
		v[(*n)++] = (struct group_need){ kind, name, perms };
}

/* The most that one rule can need: two names, a result and a class. */
#define NEEDS_OF_RULE 4

static void print_te_needs(const struct policy_module *m, const struct rule_group *g,
			   const char *indent, FILE *out)
{
	const struct policy_condition *c = g->v->condition;
	size_t room = g->n * NEEDS_OF_RULE + (c ? c->n : 0) + 1, n = 0, i;
	struct group_need *v = alloc_zeroed(room, sizeof(*v));
	const struct application_rule *r;

	for (r = g->v; r < g->v + g->n; r++) {
		add_need(v, &n, r->kind == APPLICATION_ROLE ? "role" : kind_of(m, r->source),
			 r->source, NULL);
		add_need(v, &n,
			 r->kind == APPLICATION_ATTRIBUTE ? "attribute" : kind_of(m, r->target),
			 r->target, NULL);
		if (r->class)
			add_need(v, &n, "class", r->class, r->perms);
		if (r->result)
			add_need(v, &n, kind_of(m, r->result), r->result, NULL);
	}
	for (i = 0; c && i < c->n; i++)
		add_need(v, &n, "bool", c->booleans[i], NULL);
	qsort(v, n, sizeof(*v), needs_by_name);
	fprintf(out, "%sgen_require(`\n", indent);
	for (i = 0; i < n; i++) {
		if (i && !needs_by_name(&v[i - 1], &v[i]))
			continue;
		if (v[i].perms)
			fprintf(out, "%s\tclass %s { %s };\n", indent, v[i].name, v[i].perms);
		else
			fprintf(out, "%s\t%s %s;\n", indent, v[i].kind, v[i].name);
	}
	fprintf(out, "%s')\n", indent);
	free(v);
}

static void print_te_application_rule(const char *indent, const struct application_rule *r,
				      FILE *out)
{
	fputs(indent, out);
	if (r->kind == APPLICATION_ROLE)
		fprintf(out, "role %s types %s;\n", r->source, r->target);
	else if (r->kind == APPLICATION_ATTRIBUTE)
		fprintf(out, "typeattribute %s %s;\n", r->source, r->target);
	else if (r->kind < APPLICATION_TRANSITION)
		fprintf(out, "%s %s %s:%s { %s };\n", te_words[r->kind], r->source, r->target,
			r->class, r->perms);
	else if (r->file)
		/* quoted for m4: the name may be a macro */
		fprintf(out, "type_transition %s %s:%s %s \"`%s'\";\n", r->source, r->target,
			r->class, r->result, r->file);
	else
		fprintf(out, "%s %s %s:%s %s;\n", te_words[r->kind], r->source, r->target, r->class,
			r->result);
}

static void print_te_group(const struct policy_module *m, const struct rule_group *g, FILE *out)
{
	bool optional = g->v->needs || g->v->needs_too || g->v->condition;
	const char *indent = optional ? "\t" : "";
	size_t i;

	if (optional)
		fputs("optional_policy(`\n", out);
	print_te_needs(m, g, indent, out);
	if (g->v->condition)
		fprintf(out, "\tif (%s) {\n%s", g->v->condition->te,
			g->v->branch ? "" : "\t} else {\n");
	for (i = 0; i < g->n; i++)
		print_te_application_rule(g->v->condition ? "\t\t" : indent, &g->v[i], out);
	if (g->v->condition)
		fputs("\t}\n", out);
	if (optional)
		fputs("')\n", out);
}

void policy_applications_print_te(const struct policy_module *m, FILE *out)
{
	const struct policy_applications *all = m->applications;
	const struct plan_application *a;
	struct rule_group g;
	size_t i, k;

	for (i = 0; all && i < all->n; i++) {
		a = all->v[i].application;
		fprintf(out, "type %s;\ntype %s;\n", a->domain, a->entry);
	}
	for (i = 0; all && i < all->n; i++) {
		print_application_comment("#", all->v[i].application, out);
		for (k = 0; k < all->v[i].n; k += g.n) {
			g = group_at(&all->v[i], k);
			print_te_group(m, &g, out);
		}
	}
}

void policy_applications_print_if(const struct policy_module *m, FILE *out)
{
	const struct policy_applications *all = m->applications;
	const struct plan_application *a;
	size_t i;

	for (i = 0; all && i < all->n; i++) {
		a = all->v[i].application;
		fprintf(out,
			"\n########################################\n## <summary>\n"
			"##\tStart the application %s.\n## </summary>\n"
			"## <desc>\n##\t<p>\n"
			"##\tThe application has the rights of " APPLICATION_LIKE
			", but for packets. Give this\n"
			"##\tto no domain that has to stay confined.\n##\t</p>\n## </desc>\n"
			"## <param name=\"domain\">\n##\t<summary>\n"
			"##\tDomain allowed to transition.\n##\t</summary>\n## </param>\n#\n"
			"interface(`%s_domtrans_%s',`\n\tgen_require(`\n\t\ttype %s, %s;\n\t')\n\n"
			"\tdomtrans_pattern($1, %s, %s)\n')\n",
			a->name, m->name, a->name, a->domain, a->entry, a->entry, a->domain);
	}
}

void policy_applications_print_fc(const struct policy_module *m, FILE *out)
{
	const struct policy_applications *all = m->applications;
	const struct plan_application *a;
	size_t i, k;

	for (i = 0; all && i < all->n; i++) {
		a = all->v[i].application;
		for (k = 0; k < a->n_paths; k++) {
			/* quoted for m4: a part of the path may be a macro */
			fputc('`', out);
			print_path(m, a, k, out);
			fprintf(out,
				"'\t--\tgen_context(" FILE_USER ":object_r:%s," FILE_LEVEL ")\n",
				a->entry);
		}
	}
}
