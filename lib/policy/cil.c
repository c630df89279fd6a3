// SPDX-License-Identifier: GPL-2.0-only
/* A module in the Common Intermediate Language (secil of the SELinux userspace). */
#include "plan/plan.h"
#include "policy/application.h"
#include "policy/module.h"
#include "selinux/packet_perms.h"

static void print_cil_rule(const char *indent, const char *kind, const struct module_rule *rule,
			   FILE *out)
{
	fprintf(out, "%s(%s %s %s (packet (", indent, kind, rule->subject, rule->object);
	packet_perms_print(rule->perms, out);
	fputs(")))\n", out);
}

static void print_cil_part(const struct policy_module *m, const struct module_part *part, FILE *out)
{
	const char *indent = part->needs ? "\t" : "";
	size_t i;

	fprintf(out, "\n; %s\n", part->comment);
	if (part->needs)
		fprintf(out, "(optional %s_%s\n", m->name, part->needs);
	for (i = part->first; i < part->first + part->n; i++) {
		if (!m->rules[i].elsewhere)
			print_cil_rule(indent, "allow", &m->rules[i], out);
		if (m->rules[i].audited)
			print_cil_rule(indent, "auditallow", &m->rules[i], out);
	}
	if (part->needs)
		fputs(")\n", out);
}

void policy_module_print_cil(const struct policy_module *m, FILE *out)
{
	size_t i;

	for (i = 0; i < m->plan->n_types; i++)
		fprintf(out, "(type %s)\n(roletype object_r %s)\n", m->plan->types[i].text,
			m->plan->types[i].text);
	policy_applications_print_cil(m, out);
	for (i = 0; i < m->n_parts; i++)
		print_cil_part(m, &m->parts[i], out);
}
