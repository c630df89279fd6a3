// SPDX-License-Identifier: GPL-2.0-only
#include "plan/print.h"

#include <stdint.h>

#include "packet/net.h"
#include "packet/ports.h"
#include "packet/proto.h"
#include "plan/plan.h"
#include "util/buffer.h"

static void print_settings(const struct plan *plan, FILE *out)
{
	static const char *const unlabeled[] = {
		[PLAN_UNLABELED_ALLOW] = "allow",
		[PLAN_UNLABELED_AUDIT] = "audit",
		[PLAN_UNLABELED_DENY] = "deny",
	};

	if (plan->table == PLAN_MANGLE)
		fputs("table mangle\n", out);
	if (plan->unlabeled != PLAN_UNLABELED_UNSAID)
		fprintf(out, "unlabeled %s\n", unlabeled[plan->unlabeled]);
	if (!plan->loopback)
		fputs("loopback no\n", out);
}

static void print_ranges(const char *before, const struct port_range *v, size_t n, FILE *out)
{
	size_t i;

	for (i = 0; i < n; i++) {
		fprintf(out, "%s%u", i ? "," : before, v[i].lo);
		if (v[i].hi != v[i].lo)
			fprintf(out, "-%u", v[i].hi);
	}
}

/* A list that has nearly all ports is said by those that it lacks. */
static void print_ports(const struct ports *ports, FILE *out)
{
	struct port_range gaps[2];
	size_t i, n = 0;

	if (ports->n < 2 || ports->v[0].lo || ports->v[ports->n - 1].hi != PORT_MAX ||
	    ports->n - 1 > sizeof(gaps) / sizeof(gaps[0])) {
		print_ranges(" ", ports->v, ports->n, out);
		return;
	}
	for (i = 1; i < ports->n; i++)
		gaps[n++] = (struct port_range){ ports->v[i - 1].hi + 1, ports->v[i].lo - 1 };
	print_ranges(" !", gaps, n, out);
}

static void print_nets(const char *clause, const struct plan_nets *nets, FILE *out)
{
	char text[NET_STRLEN];
	size_t i;

	if (nets->n)
		fprintf(out, " %s %s", clause, nets->negated ? "!" : "");
	for (i = 0; i < nets->n; i++)
		fprintf(out, "%s%s", i ? "," : "", net_format(&nets->v[i], text));
}

static void print_iface(const char *clause, const struct plan_iface *iface, FILE *out)
{
	if (*iface->name)
		fprintf(out, " %s %s%s", clause, iface->negated ? "!" : "", iface->name);
}

static void print_domains(const char *clause, const struct plan_domains *domains, FILE *out)
{
	size_t i;

	if (domains->n)
		fprintf(out, " %s", clause);
	for (i = 0; i < domains->n; i++)
		fprintf(out, " %s", domains->v[i].name);
}

static void print_plan_line(const struct plan_line *line, FILE *out)
{
	fprintf(out, "%s%s %s", line->is_default ? "default " : "", plan_side_name(line->side),
		line->label.text);
	if (!line->is_default)
		fprintf(out, " %s", proto_name(line->proto));
	print_ports(&line->ports, out);
	print_nets("from", &line->from, out);
	print_nets("to", &line->to, out);
	print_iface(line->side == SIDE_FORWARD ? "in" : "on", &line->in, out);
	print_iface(line->side == SIDE_FORWARD ? "out" : "on", &line->out, out);
	if (line->label.level)
		fprintf(out, " level %s", line->label.level);
	print_domains("only", &line->only, out);
	print_domains("allow", &line->allow, out);
	fputc('\n', out);
}

void plan_print(const struct plan *plan, FILE *out)
{
	size_t i;

	print_settings(plan, out);
	for (i = 0; i < plan->n_trusted; i++)
		fprintf(out, "trust %s\n", plan->trusted[i]);
	for (i = 0; i < plan->n_types; i++)
		fprintf(out, "type %s\n", plan->types[i].text);
	for (i = 0; i < plan->n_applications; i++)
		plan_application_print(&plan->applications[i], out);
	for (i = 0; i < plan->n_lines; i++)
		print_plan_line(&plan->lines[i], out);
}

char *plan_print_text(const struct plan *plan)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	plan_print(plan, out);
	buffer_close(out);
	return text;
}
