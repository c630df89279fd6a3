// SPDX-License-Identifier: GPL-2.0-only
#include "support/plan_dump.h"

#include "plan/plan.h"

static void dump_ports(const struct ports *ports, FILE *out)
{
	size_t i;

	for (i = 0; i < ports->n; i++) {
		fprintf(out, "%c%u", i ? ',' : ' ', ports->v[i].lo);
		if (ports->v[i].hi != ports->v[i].lo)
			fprintf(out, "-%u", ports->v[i].hi);
	}
}

static void dump_nets(const char *clause, const struct plan_nets *nets, FILE *out)
{
	char text[NET_STRLEN];
	size_t i;

	for (i = 0; i < nets->n; i++) {
		if (i)
			fputc(',', out);
		else
			fprintf(out, " %s %s", clause, nets->negated ? "!" : "");
		fputs(net_format(&nets->v[i], text), out);
	}
}

static void dump_iface(const char *clause, const struct plan_iface *iface, FILE *out)
{
	if (*iface->name)
		fprintf(out, " %s %s%s", clause, iface->negated ? "!" : "", iface->name);
}

static void dump_domains(const char *clause, const struct plan_domains *domains, FILE *out)
{
	size_t i;

	for (i = 0; i < domains->n; i++)
		fprintf(out, " %s%s%s", i ? "" : clause, i ? "" : " ", domains->v[i].name);
}

static void dump_line(const struct plan_line *line, FILE *out)
{
	fprintf(out, "%s%s %s", line->is_default ? "default " : "", plan_side_name(line->side),
		line->label.text);
	if (!line->is_default)
		fprintf(out, " %s", proto_name(line->proto));
	dump_ports(&line->ports, out);
	if (line->label.level)
		fprintf(out, " level %s", line->label.level);
	dump_nets("from", &line->from, out);
	dump_nets("to", &line->to, out);
	dump_iface(line->side == SIDE_FORWARD ? "in" : "on", &line->in, out);
	dump_iface(line->side == SIDE_FORWARD ? "out" : "on", &line->out, out);
	dump_domains("only", &line->only, out);
	dump_domains("allow", &line->allow, out);
	fputc('\n', out);
}

static void dump_application(const struct plan_application *a, FILE *out)
{
	size_t i;

	fprintf(out, "application %s", a->name);
	for (i = 0; i < a->n_paths; i++)
		fprintf(out, " %s", a->paths[i].text);
	dump_domains("from", &a->from, out);
	fprintf(out, " # %s %s\n", a->domain, a->entry);
}

void plan_dump(const struct plan *plan, FILE *out)
{
	static const char *const tables[] = {
		[PLAN_SECURITY] = "security", [PLAN_MANGLE] = "mangle"
	};
	static const char *const unlabeled[] = {
		[PLAN_UNLABELED_ALLOW] = "allow",
		[PLAN_UNLABELED_AUDIT] = "audit",
		[PLAN_UNLABELED_DENY] = "deny",
	};
	size_t i;

	fprintf(out, "table %s\n", tables[plan->table]);
	if (plan->unlabeled != PLAN_UNLABELED_UNSAID)
		fprintf(out, "unlabeled %s\n", unlabeled[plan->unlabeled]);
	if (!plan->loopback)
		fputs("loopback no\n", out);
	for (i = 0; i < plan->n_trusted; i++)
		fprintf(out, "trust %s\n", plan->trusted[i]);
	for (i = 0; i < plan->n_types; i++)
		fprintf(out, "type %s\n", plan->types[i].text);
	for (i = 0; i < plan->n_applications; i++)
		dump_application(&plan->applications[i], out);
	for (i = 0; i < plan->n_lines; i++)
		dump_line(&plan->lines[i], out);
}
