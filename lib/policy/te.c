// SPDX-License-Identifier: GPL-2.0-only
/* A module in the language of checkmodule, with the macros of refpolicy. */
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "policy/application.h"
#include "policy/module.h"
#include "policy/names.h"
#include "selinux/packet_perms.h"
#include "util/alloc.h"

/* The version of each module: refpolicy asks for one, and nothing compares it any more. */
#define MODULE_VERSION "1.0.0"

#define TE_RULER "########################################\n"

/* A name that the module needs from the rest of the policy. */
struct needed {
	const char *name;
	bool attribute;
};

static int compare_needed(const void *va, const void *vb)
{
	const struct needed *a = va, *b = vb;

	return a->attribute != b->attribute ? a->attribute - b->attribute :
					      strcmp(a->name, b->name);
}

static int compare_type_texts(const void *va, const void *vb)
{
	return strcmp(*(const char *const *)va, *(const char *const *)vb);
}

/* The names of the plan's own types, sorted. The caller frees the array. */
static const char **own_types(const struct plan *plan)
{
	const char **v = alloc_zeroed(plan->n_types + 1, sizeof(*v));
	size_t i;

	for (i = 0; i < plan->n_types; i++)
		v[i] = plan->types[i].text;
	qsort(v, plan->n_types, sizeof(*v), compare_type_texts);
	return v;
}

/* What the rules of a part name, but the plan's own types: each once, types first. */
static void print_needed(const char *indent, const struct policy_module *m,
			 const struct module_part *part, const char **own, FILE *out)
{
	struct needed *v = alloc_zeroed(2 * part->n + 1, sizeof(*v));
	size_t count = 0, i;

	for (i = part->first; i < part->first + part->n; i++) {
		const struct module_rule *rule = &m->rules[i];
		const char *object = rule->object;

		v[count++] = (struct needed){ rule->subject, rule->attribute };
		if (!bsearch(&object, own, m->plan->n_types, sizeof(*own), compare_type_texts))
			v[count++] = (struct needed){ object, false };
	}
	qsort(v, count, sizeof(*v), compare_needed);
	fprintf(out, "%sgen_require(`\n", indent);
	for (i = 0; i < count; i++)
		if (!i || compare_needed(&v[i - 1], &v[i]))
			fprintf(out, "%s\t%s %s;\n", indent, v[i].attribute ? "attribute" : "type",
				v[i].name);
	fprintf(out, "%s')\n", indent);
	free(v);
}

static void print_te_rule(const char *indent, const char *kind, const struct module_rule *rule,
			  FILE *out)
{
	fprintf(out, "%s%s %s %s:packet { ", indent, kind, rule->subject, rule->object);
	packet_perms_print(rule->perms, out);
	fputs(" };\n", out);
}

/* @own: of own_types() */
static void print_te_part(const struct policy_module *m, const struct module_part *part,
			  const char **own, FILE *out)
{
	const char *indent = part->needs ? "\t" : "";
	size_t i;

	fprintf(out, "\n# %s\n", part->comment);
	if (part->needs)
		fputs("optional_policy(`\n", out);
	print_needed(indent, m, part, own, out);
	for (i = part->first; i < part->first + part->n; i++) {
		if (!m->rules[i].elsewhere)
			print_te_rule(indent, "allow", &m->rules[i], out);
		if (m->rules[i].audited)
			print_te_rule(indent, "auditallow", &m->rules[i], out);
	}
	if (part->needs)
		fputs("')\n", out);
}

void policy_module_print_te(const struct policy_module *m, FILE *out)
{
	const char **own = own_types(m->plan);
	size_t i;

	fprintf(out, "policy_module(%s, " MODULE_VERSION ")\n", m->name);
	for (i = 0; i < m->plan->n_types; i++)
		fprintf(out, "%stype %s;\n", i ? "" : "\n", m->plan->types[i].text);
	policy_applications_print_te(m, out);
	for (i = 0; i < m->n_parts; i++)
		print_te_part(m, &m->parts[i], own, out);
	free(own);
}

/* What another module can ask for. */
static const struct interface {
	const char *verb, *summary;
	unsigned int perms;
} interfaces[] = {
	{ "sendrecv", "Send and receive packets with the label", PACKET_SEND | PACKET_RECV },
	{ "forward", "Have packets forwarded that have the label",
	  PACKET_FORWARD_IN | PACKET_FORWARD_OUT },
	{ "relabelto", "Load rules that give packets the label", PACKET_RELABELTO },
};

static void print_interface(const struct policy_module *m, const char *type,
			    const struct interface *i, FILE *out)
{
	fprintf(out,
		"\n" TE_RULER "## <summary>\n##\t%s %s.\n## </summary>\n"
		"## <param name=\"domain\">\n##\t<summary>\n##\tDomain allowed access.\n"
		"##\t</summary>\n## </param>\n#\ninterface(`%s_%s_%.*s_packets',`\n"
		"\tgen_require(`\n\t\ttype %s;\n\t')\n\n\tallow $1 %s:packet { ",
		i->summary, type, m->name, i->verb, policy_names_stem(type), type, type, type);
	packet_perms_print(i->perms, out);
	fputs(" };\n')\n", out);
}

void policy_module_print_if(const struct policy_module *m, FILE *out)
{
	size_t i, k;

	fputs("## <summary>\n##\tPacket types of a plan of secmark2.\n## </summary>\n", out);
	for (i = 0; i < m->plan->n_types; i++)
		for (k = 0; k < sizeof(interfaces) / sizeof(interfaces[0]); k++)
			print_interface(m, m->plan->types[i].text, &interfaces[k], out);
	policy_applications_print_if(m, out);
}

void policy_module_print_fc(const struct policy_module *m, FILE *out)
{
	if (!m->plan->n_applications)
		fprintf(out, "# The module %s labels no file.\n", m->name);
	policy_applications_print_fc(m, out);
}
