// SPDX-License-Identifier: GPL-2.0-only
#include "print_access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/access_text.h"
#include "policy/module_rules.h"
#include "print.h"
#include "selinux/packet_perms.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/json.h"
#include "util/printable.h"

/* A table: the permissions of each grant that has some, and the rules that give them. */
struct section {
	const char *title; /* NULL for the first one */
	unsigned int (*perms)(const struct access_grant *g);
};

static unsigned int perms_now(const struct access_grant *g)
{
	return g->perms;
}

static unsigned int perms_withheld(const struct access_grant *g)
{
	return g->withheld;
}

static const struct section sections[] = {
	{ NULL, perms_now },
	{ "rules allow this, and a constraint denies it:", perms_withheld },
};

#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

/* The modules that have a rule. Returns NULL if that is not known. */
static const struct module_packet_rule *modules_of(const struct access_answers *all,
						   const struct access_rule *r, size_t *n)
{
	const struct module_packet_rule *found;
	const char **names;
	char *booleans;
	size_t i;

	*n = 0;
	if (!all->modules)
		return NULL;
	names = alloc_zeroed(r->n_booleans + 1, sizeof(*names));
	for (i = 0; i < r->n_booleans; i++)
		names[i] = r->booleans[i].name;
	booleans = module_rules_booleans(names, r->n_booleans);
	found = module_rules_find(all->modules, r->source, r->target, booleans, n);
	free(booleans);
	free(names);
	return found;
}

/* " # a is on, b is off; modules c, d" */
static char *comment_text(const struct access_answers *all, const struct access_rule *rule)
{
	const struct module_packet_rule *modules;
	char *text;
	size_t len, n, i;
	FILE *out = buffer_open(&text, &len);

	for (i = 0; i < rule->n_booleans; i++)
		fprintf(out, "%s%s is %s", i ? ", " : " # ", rule->booleans[i].name,
			rule->booleans[i].on ? "on" : "off");
	modules = modules_of(all, rule, &n);
	if (n)
		fprintf(out, "%smodule%s ", rule->n_booleans ? "; " : " # ", n == 1 ? "" : "s");
	for (i = 0; i < n; i++)
		fprintf(out, "%s%s", i ? ", " : "", modules[i].module);
	buffer_close(out);
	return text;
}

static void print_access_rule(const struct access_answers *all, const char *before, int width,
			      const struct access_rule *r)
{
	char *rule = access_rule_text(r), *comment = comment_text(all, r);

	print_line(stdout, "%-*s  %s%s", width, before, rule, comment);
	free(comment);
	free(rule);
}

static void print_access_rules(const struct access_answers *all, const struct access_grant *g,
			       const struct section *s, const char *first, int width)
{
	size_t i;

	for (i = 0; i < g->n_rules; i++) {
		if (!g->rules[i]->on || !(g->rules[i]->perms & s->perms(g)))
			continue;
		print_access_rule(all, first, width, g->rules[i]);
		first = "";
	}
}

static const char *row_name(const struct access_answers *all, const struct access_grant *g)
{
	return all->domain ? g->label : g->domain;
}

/* Prints a row, and its rules behind it. */
static void print_row(const struct access_answers *all, const struct access_grant *g,
		      const struct section *s, int name_width, int perms_width)
{
	char *perms = access_perms_text(s->perms(g)), *first;
	size_t len;
	FILE *out = buffer_open(&first, &len);

	fprintf(out, "  %-*s  %s", name_width, row_name(all, g), perms);
	buffer_close(out);
	print_access_rules(all, g, s, first, 4 + name_width + perms_width);
	free(first);
	free(perms);
}

static void measure(const struct access_answers *all, const struct access_grants *grants,
		    int *name_width, int *perms_width)
{
	const struct access_grant *g;
	char *perms;
	size_t i;

	for (g = grants->v; g < grants->v + grants->n; g++) {
		if ((int)strlen(row_name(all, g)) > *name_width)
			*name_width = strlen(row_name(all, g));
		for (i = 0; i < SECTIONS; i++) {
			perms = access_perms_text(sections[i].perms(g));
			if ((int)strlen(perms) > *perms_width)
				*perms_width = strlen(perms);
			free(perms);
		}
	}
}

static size_t count_users(const struct access_grants *grants)
{
	size_t i, n = 0;

	for (i = 0; i < grants->n; i++)
		n += grants->v[i].perms != 0;
	return n;
}

static void print_section(const struct access_answers *all, const struct access_answer *answers,
			  size_t n, const struct section *s)
{
	int name_width = 0, perms_width = 0;
	bool titled = !s->title;
	size_t i, k;

	for (i = 0; i < n; i++)
		measure(all, &answers[i].grants, &name_width, &perms_width);
	for (i = 0; i < n; i++) {
		for (k = 0; k < answers[i].grants.n; k++) {
			if (!s->perms(&answers[i].grants.v[k]))
				continue;
			if (!titled)
				printf("  %s\n", s->title);
			titled = true;
			print_row(all, &answers[i].grants.v[k], s, name_width, perms_width);
		}
	}
}

/* Prints each rule once that gives something with other booleans. */
static void print_possible(const struct access_answers *all, const struct access_answer *answers,
			   size_t n)
{
	const struct access_rule **seen = NULL, *rule;
	size_t n_seen = 0, i, k, r, s;

	for (i = 0; i < n; i++) {
		for (k = 0; k < answers[i].grants.n; k++) {
			const struct access_grant *g = &answers[i].grants.v[k];

			for (r = 0; r < g->n_rules; r++) {
				rule = g->rules[r];
				if (rule->on || !(rule->perms & g->possible))
					continue;
				for (s = 0; s < n_seen && seen[s] != rule; s++)
					;
				if (s < n_seen)
					continue;
				if (!n_seen)
					puts("  with other booleans, these rules would count:");
				seen = alloc_one_more(seen, n_seen, sizeof(*seen));
				seen[n_seen++] = rule;
				print_access_rule(all, "  ", 0, rule);
			}
		}
	}
	free(seen);
}

/* Such as ftpdata_t: no process has the type, and a program can ask for it for its sockets. */
static void print_sockets(const struct access_answer *a)
{
	const struct access_grant *g;

	for (g = a->grants.v; g < a->grants.v + a->grants.n; g++)
		if (g->socket && g->perms)
			print_line(stdout,
				   "  %s is no domain: a program can give this type to a socket",
				   g->domain);
}

static void print_permissive(const struct access_answer *a)
{
	size_t i;

	for (i = 0; i < a->grants.n; i++)
		if (a->grants.v[i].permissive)
			print_line(stdout, "  %s is permissive: the kernel denies it nothing",
				   a->grants.v[i].domain);
}

/* Prints who may use one label. */
static void print_label(const struct access_answers *all, const struct access_answer *a)
{
	size_t n = count_users(&a->grants), i;
	char place[512] = "";

	if (a->file)
		snprintf(place, sizeof(place), " (%s:%u)", a->file, a->line);
	if (!a->known) {
		print_line(stdout, "%s%s: the plan defines it, and the policy does not have it",
			   a->label, place);
		return;
	}
	print_line(stdout, "%s%s: %zu domain%s", a->label, place, n, n == 1 ? "" : "s");
	for (i = 0; i < SECTIONS; i++)
		print_section(all, a, 1, &sections[i]);
	print_possible(all, a, 1);
	print_sockets(a);
	print_permissive(a);
}

/* Prints which labels one domain may use. */
static void print_domain(const struct access_answers *all)
{
	size_t n = 0, i;

	for (i = 0; i < all->n; i++)
		n += count_users(&all->v[i].grants);
	print_line(stdout, "%s: %zu label%s", all->domain, n, n == 1 ? "" : "s");
	for (i = 0; i < SECTIONS; i++)
		print_section(all, all->v, all->n, &sections[i]);
	print_possible(all, all->v, all->n);
	for (i = 0; i < all->n; i++) {
		if (all->v[i].grants.n && all->v[i].grants.v[0].socket) {
			print_sockets(&all->v[i]);
			break;
		}
	}
	for (i = 0; i < all->n; i++) {
		if (all->v[i].grants.n && all->v[i].grants.v[0].permissive) {
			print_permissive(&all->v[i]);
			break;
		}
	}
}

/* A class or permission that the policy does not have is the same for every domain and label. */
static void print_lacks(const struct access_answers *all)
{
	static const char *const effects[] = {
		[ACCESS_UNKNOWN_DENY] = "denies what it lacks: no domain has these permissions",
		[ACCESS_UNKNOWN_REJECT] = "rejects what it lacks: the kernel does not load it",
		[ACCESS_UNKNOWN_ALLOW] = "allows what it lacks: every domain has these permissions",
	};
	char *perms = access_perms_text(all->missing);

	if (all->missing)
		print_line(stdout, "class packet lacks %s, and the policy %s", perms,
			   effects[all->unknown]);
	free(perms);
}

void print_access_text(const struct access_answers *all)
{
	size_t i;

	print_line(stdout, "policy: %s", all->policy);
	print_lacks(all);
	if (all->domain)
		print_domain(all);
	for (i = 0; i < all->n && !all->domain; i++)
		print_label(all, &all->v[i]);
}

static json_t *perms_to_json(unsigned int perms)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < PACKET_PERMS; i++)
		if (perms & 1u << i)
			json_array_append_new(list, json_string(packet_perm_names[i]));
	return list;
}

/* A list, or null without --modules. */
static json_t *modules_to_json(const struct access_answers *all, const struct access_rule *r)
{
	json_t *list = all->modules ? json_array() : json_null();
	const struct module_packet_rule *modules;
	size_t n, i;

	modules = modules_of(all, r, &n);
	for (i = 0; i < n; i++)
		json_array_append_new(list, text_to_json(modules[i].module));
	return list;
}

static json_t *rule_to_json(const struct access_answers *all, const struct access_rule *r)
{
	json_t *booleans = json_object();
	size_t i;

	for (i = 0; i < r->n_booleans; i++)
		json_object_set_new(booleans, r->booleans[i].name, json_boolean(r->booleans[i].on));
	return need_json(json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "source",
				   text_to_json(r->source), "target", text_to_json(r->target),
				   "permissions", perms_to_json(r->perms), "condition",
				   text_to_json(r->condition), "branch",
				   r->condition ? json_boolean(r->branch) : json_null(), "booleans",
				   booleans, "active", r->on, "modules", modules_to_json(all, r)));
}

static json_t *grant_to_json(const struct access_answers *all, const struct access_grant *g)
{
	json_t *rules = json_array();
	size_t i;

	for (i = 0; i < g->n_rules; i++)
		json_array_append_new(rules, rule_to_json(all, g->rules[i]));
	return need_json(json_pack("{s:o, s:b, s:b, s:b, s:o, s:o, s:o, s:o}", "domain",
				   text_to_json(g->domain), "process", g->runs, "socket", g->socket,
				   "permissive", g->permissive, "permissions",
				   perms_to_json(g->perms), "constrained",
				   perms_to_json(g->withheld), "possible",
				   perms_to_json(g->possible), "rules", rules));
}

void print_access_json(const struct access_answers *all)
{
	static const char *const unknown[] = {
		[ACCESS_UNKNOWN_DENY] = "deny",
		[ACCESS_UNKNOWN_REJECT] = "reject",
		[ACCESS_UNKNOWN_ALLOW] = "allow",
	};
	json_t *labels = json_array(), *access;
	const struct access_answer *a;
	size_t i;

	for (a = all->v; a < all->v + all->n; a++) {
		access = json_array();
		for (i = 0; i < a->grants.n; i++)
			json_array_append_new(access, grant_to_json(all, &a->grants.v[i]));
		json_array_append_new(labels,
				      need_json(json_pack("{s:o, s:o, s:o, s:b, s:o}", "label",
							  text_to_json(a->label), "file",
							  text_to_json(a->file), "line",
							  a->file ? json_integer(a->line) :
								    json_null(),
							  "known", a->known, "access", access)));
	}
	print_json(json_pack("{s:o, s:o, s:o, s:s, s:o}", "policy", text_to_json(all->policy),
			     "domain", text_to_json(all->domain), "missing",
			     perms_to_json(all->missing), "unknown", unknown[all->unknown],
			     "labels", labels));
}

/* Is the access there only because of how booleans stand? */
static bool is_conditional(const struct access_grant *g)
{
	size_t i;

	for (i = 0; i < g->n_rules; i++)
		if (g->rules[i]->on && !g->rules[i]->condition)
			return false;
	return true;
}

/* Prints a name within quotes of dot. The file of a policy can have any byte in its names. */
static void print_dot_name(const char *name)
{
	char *safe = text_printable(name);
	const char *c;

	for (c = safe; *c; c++)
		printf("%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
	free(safe);
}

static void print_dot_grant(const struct access_grant *g)
{
	char *perms = access_perms_text(g->perms);

	fputs("\t\"", stdout);
	print_dot_name(g->domain);
	fputs("\" -> \"", stdout);
	print_dot_name(g->label);
	printf(":packet\" [label=\"%s\"%s]\n", perms, is_conditional(g) ? " style=dashed" : "");
	free(perms);
}

/* A type can be both a domain and a label. */
static void print_dot_label(const struct access_answer *a)
{
	const struct access_grant *g;
	bool any = false;

	for (g = a->grants.v; g < a->grants.v + a->grants.n; g++) {
		if (!g->perms)
			continue;
		if (!any) {
			fputs("\t\"", stdout);
			print_dot_name(g->label);
			fputs(":packet\" [label=\"", stdout);
			print_dot_name(g->label);
			fputs("\" style=filled]\n", stdout);
		}
		any = true;
		print_dot_grant(g);
	}
}

void print_access_dot(const struct access_answers *all)
{
	size_t i;

	fputs("digraph who {\n\trankdir=LR\n\tnode [shape=box]\n", stdout);
	for (i = 0; i < all->n; i++)
		print_dot_label(&all->v[i]);
	fputs("}\n", stdout);
}
