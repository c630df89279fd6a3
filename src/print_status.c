// SPDX-License-Identifier: GPL-2.0-only
#include "print_status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "facts.h"
#include "print.h"

/* A fact that was not added has no value either. */
static const json_t *value_of(const struct facts *facts, const char *section, const char *name)
{
	const struct fact *f = facts_find(facts, section, name);

	return f ? f->value : NULL;
}

static const char *text_of(const struct facts *facts, const char *section, const char *name)
{
	return json_string_value(value_of(facts, section, name));
}

/* Prints "TITLE: " and why the fact is unknown. Returns true if the fact is known. */
static bool print_unless_unknown(const struct facts *facts, const char *section, const char *name,
				 const char *title)
{
	const struct fact *f = facts_find(facts, section, name);

	printf("  %s: ", title);
	if (f && f->value)
		return true;
	print_line(stdout, "unknown (%s)", f && f->why ? f->why : "not asked");
	return false;
}

static void print_capability(const struct facts *facts, const char *name, const char *title,
			     const char *on, const char *off)
{
	bool is_on;

	if (!print_unless_unknown(facts, "packet_checks", name, title))
		return;
	is_on = json_is_true(value_of(facts, "packet_checks", name));
	printf("%s (%s is %s)\n", is_on ? on : off, name, is_on ? "on" : "off");
}

static bool selinux_is_disabled(const struct facts *facts)
{
	const char *mode = text_of(facts, "selinux", "mode");

	return mode && !strcmp(mode, "disabled");
}

static void print_selinux(const struct facts *facts)
{
	puts("SELinux");
	if (!print_unless_unknown(facts, "selinux", "mode", "mode"))
		return;
	puts(text_of(facts, "selinux", "mode"));
	if (selinux_is_disabled(facts))
		return;
	if (print_unless_unknown(facts, "selinux", "policy", "policy"))
		print_line(stdout, "%s", text_of(facts, "selinux", "policy"));
	printf("  policy version: %" JSON_INTEGER_FORMAT ", %s MLS or MCS\n",
	       json_integer_value(value_of(facts, "selinux", "policy_version")),
	       json_is_true(value_of(facts, "selinux", "mls")) ? "with" : "without");
	print_capability(facts, "always_check_network", "packets are checked", "always",
			 "only while a rule labels packets");
	print_capability(facts, "network_peer_controls", "forwarded packets are checked",
			 "like all others", "never");
}

/* What should be loaded and is not, and how to load it. */
static void print_missing(const char *plan)
{
	if (plan)
		puts("  rules of this plan are gone or changed (secmarkctl apply loads them "
		     "again)");
	else
		puts("  secmark2.service is active or enabled, but its plan is not loaded "
		     "(secmarkctl apply --boot\n  loads it)");
}

static void print_plan(const struct facts *facts)
{
	const char *backend = text_of(facts, "plan", "backend"), *name;

	if (print_unless_unknown(facts, "plan", "loaded", "plan")) {
		name = text_of(facts, "plan", "loaded");
		if (name)
			print_line(stdout, "%s, loaded by %s", name, backend);
		else
			printf("none is loaded%s%s\n", backend ? "; apply would use " : "",
			       backend ? backend : "");
	}
	if (!value_of(facts, "plan", "missing") && value_of(facts, "plan", "loaded"))
		print_unless_unknown(facts, "plan", "missing", "whether it should be loaded");
	else if (json_is_true(value_of(facts, "plan", "missing")))
		print_missing(text_of(facts, "plan", "loaded"));
	if (!value_of(facts, "plan", "interrupted"))
		print_unless_unknown(facts, "plan", "interrupted", "interrupted run");
	else if (json_is_true(value_of(facts, "plan", "interrupted")))
		puts("  an apply or remove was interrupted; the next one finishes its work");
}

static json_int_t sum_of(const struct facts *facts, const char *section)
{
	const struct fact *f;
	json_int_t sum = 0;

	for (f = facts->v; f < facts->v + facts->n; f++)
		if (!strcmp(f->section, section))
			sum += json_integer_value(f->value);
	return sum;
}

/* Prints the counts of a section that are not 0: "nft 21, iptables-legacy 3". */
static void print_counts(const struct facts *facts, const char *section)
{
	const char *before = "";
	const struct fact *f;

	for (f = facts->v; f < facts->v + facts->n; f++) {
		if (strcmp(f->section, section) || !json_integer_value(f->value))
			continue;
		printf("%s%s %" JSON_INTEGER_FORMAT, before, f->name, json_integer_value(f->value));
		before = ", ";
	}
}

static bool are_rules_known(const struct facts *facts)
{
	const struct fact *f;

	for (f = facts->v; f < facts->v + facts->n; f++)
		if (!strcmp(f->section, "our_label_rules") && !f->value)
			return false;
	return true;
}

/* Returns the number of rules that were counted. */
static json_int_t print_rules(const struct facts *facts)
{
	json_int_t ours = sum_of(facts, "our_label_rules");
	json_int_t others = sum_of(facts, "other_label_rules");
	const struct fact *f;

	printf("  label rules: ");
	print_counts(facts, "our_label_rules");
	fputs(ours ? " (ours), others " : others ? "none of ours, others " : "", stdout);
	print_counts(facts, "other_label_rules");
	puts(others ? "" : are_rules_known(facts) ? "none" : "none found");
	for (f = facts->v; f < facts->v + facts->n; f++)
		if (!strcmp(f->section, "our_label_rules") && !f->value)
			print_line(stdout, "  label rules of %s: unknown (%s)", f->name, f->why);
	return ours + others;
}

static void print_tables(const struct facts *facts, const char *name, const char *title)
{
	const json_t *names = value_of(facts, "tables", name);
	size_t i;

	if (!print_unless_unknown(facts, "tables", name, title))
		return;
	for (i = 0; i < json_array_size(names); i++)
		printf("%s%s", i ? ", " : "", json_string_value(json_array_get(names, i)));
	puts(i ? "" : "none");
}

static void print_iptables(const struct facts *facts)
{
	puts("iptables");
	if (print_unless_unknown(facts, "tables", "iptables_command", "command"))
		printf("%s variant\n", text_of(facts, "tables", "iptables_command"));
	print_tables(facts, "legacy_ipv4", "legacy tables, IPv4");
	print_tables(facts, "legacy_ipv6", "legacy tables, IPv6");
}

static bool is_in_state(const struct fact *f, const char *state)
{
	return state ? f->value && !strcmp(json_string_value(f->value), state) : !f->value;
}

/* Prints the modules in a state; NULL: the modules whose state is unknown. */
static void print_modules_in(const struct facts *facts, const char *state)
{
	const char *why = NULL;
	const struct fact *f;
	bool any = false;

	for (f = facts->v; f < facts->v + facts->n; f++) {
		if (strcmp(f->section, "modules") || !is_in_state(f, state))
			continue;
		if (any)
			printf(", %s", f->name);
		else
			printf("  %s: %s", state ? state : "unknown", f->name);
		any = true;
		why = f->why;
	}
	if (why)
		printf(" (%s)", why);
	if (any)
		putchar('\n');
}

static void print_modules(const struct facts *facts)
{
	static const char *const states[] = { "loaded", "built in", "not loaded", "missing", NULL };
	size_t i;

	puts("Kernel modules");
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		print_modules_in(facts, states[i]);
}

/* Both dangers: labeling, and not labeling. */
static void print_warning(bool labeled, bool complete)
{
	putchar('\n');
	if (labeled) {
		puts("Rules label packets here. A packet that no rule labels is unlabeled_t, in "
		     "every network\nnamespace.");
	} else {
		puts(complete ? "No rule in this network namespace labels packets." :
				"It is unknown whether a rule in this network namespace labels "
				"packets.");
		puts("The first rule that labels packets, in any network namespace, switches the "
		     "packet checks on in\nall of them: packets without a label are then "
		     "unlabeled_t. Without such a rule no packet is\nchecked, unless the policy "
		     "has always_check_network.");
	}
	puts("If the rules fail to load at boot, no packet is checked.");
}

void status_print(const struct facts *facts)
{
	json_int_t rules;

	print_selinux(facts);
	puts("Rules");
	print_plan(facts);
	rules = print_rules(facts);
	print_iptables(facts);
	print_modules(facts);
	if (selinux_is_disabled(facts))
		puts("\nSELinux is disabled: no packet is checked.");
	else
		print_warning(rules > 0, are_rules_known(facts));
}
