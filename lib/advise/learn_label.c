// SPDX-License-Identifier: GPL-2.0-only
#include "advise/learn_label.h"

#include <stdio.h>
#include <string.h>

#include "advise/learn.h"
#include "advise/learn_policy.h"
#include "packet/proto.h"
#include "plan/plan.h"
#include "selinux/packet_perms.h"
#include "util/alloc.h"
#include "util/hash.h"

#define LEARN_NAME_MAX 160

/* So many names are tried for a type. */
#define LEARN_TRIES 1000

/* A program sends and receives; of the kernel, only what it did counts. */
static unsigned int learn_needs(const struct learn_line *line, const struct learn_speaker *s)
{
	if (line->side == SIDE_FORWARD)
		return PACKET_FORWARD_IN | PACKET_FORWARD_OUT;
	if (strcmp(s->domain, "kernel_t"))
		return PACKET_SEND | PACKET_RECV;
	return (s->sent ? PACKET_SEND : 0) | (s->received ? PACKET_RECV : 0);
}

/* The module of a plan lets the kernel send with each of its types. */
static bool learn_needs_rule(const struct learn_line *line, const struct learn_speaker *s)
{
	return s->domain && learn_needs(line, s) != PACKET_SEND;
}

bool learn_line_allows(const struct learn_line *line, const char *domain)
{
	size_t i;

	for (i = 0; i < line->n_speakers; i++)
		if (line->speakers[i].allow && line->speakers[i].domain == domain)
			return true;
	return false;
}

static size_t learn_count_allowed(const struct learn_line *line)
{
	size_t i, n = 0;

	for (i = 0; i < line->n_speakers; i++)
		n += line->speakers[i].allow;
	return n;
}

/* The order of the domains does not matter. */
static uint64_t learn_hash_allowed(const struct learn_line *line)
{
	uint64_t hash = 0;
	size_t i;

	for (i = 0; i < line->n_speakers; i++)
		if (line->speakers[i].allow)
			hash += hash_text(line->speakers[i].domain);
	return hash;
}

static const struct learn_type *learn_find_type(const struct learn_lines *lines, const char *name)
{
	size_t i;

	for (i = 0; i < lines->n_types; i++)
		if (!strcmp(lines->types[i].name, name))
			return &lines->types[i];
	return NULL;
}

static void learn_note_type(struct learn_lines *lines, const struct learn_line *line)
{
	if (learn_find_type(lines, line->label))
		return;
	lines->types = alloc_one_more(lines->types, lines->n_types, sizeof(*lines->types));
	lines->types[lines->n_types++] = (struct learn_type){ .name = alloc_copy(line->label),
							      .allowed = line->allowed };
}

/* Does each line of the plan with this label let the same domains use it? */
static bool learn_plan_agrees(const struct plan *plan, const char *label,
			      const struct learn_line *line)
{
	const struct plan_line *l;
	size_t i, k;

	for (k = 0; k < plan->n_lines; k++) {
		l = &plan->lines[k];
		if (strcmp(l->label.text, label))
			continue;
		if (l->allow.n != learn_count_allowed(line))
			return false;
		for (i = 0; i < line->n_speakers; i++)
			if (line->speakers[i].allow &&
			    !plan_domains_have(&l->allow, line->speakers[i].domain))
				return false;
	}
	return true;
}

/* Is this name free for a type of the line's domains, or the name of just such a type? */
static bool learn_may_be_called(const struct learn_evidence *e, const struct learn_lines *lines,
				const struct learn_line *line, const char *name)
{
	const struct learn_type *type = learn_find_type(lines, name);

	if (type)
		return type->allowed == line->allowed;
	if (plan_defines_type(e->plan, name))
		return learn_plan_agrees(e->plan, name, line);
	return !learn_policy_has(e->policy, name);
}

void learn_stem(char *out, size_t size, const char *domain)
{
	size_t len = strlen(domain), i;

	if (len > 2 && !strcmp(domain + len - 2, "_t"))
		len -= 2;
	if (len >= size)
		len = size - 1;
	for (i = 0; i < len; i++)
		out[i] = domain[i] == '-' || domain[i] == '.' ? '_' : domain[i];
	out[len] = '\0';
}

const char *learn_first_domain(const struct learn_line *line)
{
	size_t i;

	for (i = 0; i < line->n_speakers; i++)
		if (line->speakers[i].domain)
			return line->speakers[i].domain;
	return NULL;
}

/* A type of the plan's own, named after the domain that uses it most. */
static bool learn_name_own(const struct learn_evidence *e, const struct learn_lines *lines,
			   struct learn_line *line)
{
	const char *side = plan_side_name(line->side), *domain = learn_first_domain(line);
	char stem[LEARN_NAME_MAX - 64], name[LEARN_NAME_MAX];
	unsigned int i;

	if (!domain)
		return false;
	learn_stem(stem, sizeof(stem), domain);
	snprintf(name, sizeof(name), "%s_%s_packet_t", stem, side);
	for (i = 1; i <= LEARN_TRIES && !learn_may_be_called(e, lines, line, name); i++)
		snprintf(name, sizeof(name), i == 1 ? "%s_%u_%s_packet_t" : "%s_%u_%s_%u_packet_t",
			 stem, line->ports.n ? line->ports.v[0].lo : line->proto, side, i);
	line->label = alloc_copy(name);
	return i <= LEARN_TRIES;
}

/* Notes which domains need a rule. Returns whether there are any. */
static bool learn_ask_policy(const struct learn_evidence *e, struct learn_line *line,
			     const char *label)
{
	struct learn_speaker *s;
	bool any = false;
	size_t i;

	for (i = 0; i < line->n_speakers; i++) {
		s = &line->speakers[i];
		s->allow = s->domain &&
			   !learn_policy_allows(e->policy, s->domain, label, learn_needs(line, s));
		any |= s->allow;
	}
	return any;
}

static void learn_allow_all(struct learn_line *line)
{
	size_t i;

	for (i = 0; i < line->n_speakers; i++)
		line->speakers[i].allow = learn_needs_rule(line, &line->speakers[i]);
}

/* NAME_server_packet_t; or for protocols without ports NAME_packet_t */
static void learn_name_of_port(const struct learn_evidence *e, const struct learn_line *line,
			       char *label, size_t size)
{
	const char *name, *side = plan_side_name(line->side);

	*label = '\0';
	if (!line->ports.n) {
		/* refpolicy has one type for both versions of ICMP */
		name = line->proto == IPPROTO_ICMPV6 ? "icmp" : proto_name(line->proto);
		snprintf(label, size, "%s_packet_t", name);
		return;
	}
	name = learn_policy_port(e->policy, line->proto, line->ports.v[0].lo);
	if (name)
		snprintf(label, size, "%s_%s_packet_t", name, side);
}

/* Finds the label. */
static bool learn_choose_label(const struct learn_evidence *e, const struct learn_lines *lines,
			       struct learn_line *line)
{
	char label[LEARN_NAME_MAX];

	learn_name_of_port(e, line, label, sizeof(label));
	if (*label) {
		line->own_type = plan_defines_type(e->plan, label) ||
				 !learn_policy_has(e->policy, label);
		if (line->own_type)
			learn_allow_all(line);
		else
			learn_ask_policy(e, line, label);
		line->label = alloc_copy(label);
		return true;
	}
	snprintf(label, sizeof(label), "%s_packet_t", plan_side_name(line->side));
	if (learn_policy_has(e->policy, label) && learn_first_domain(line) &&
	    !learn_ask_policy(e, line, label)) {
		line->label = alloc_copy(label);
		return true;
	}
	learn_allow_all(line);
	line->own_type = true;
	line->allowed = learn_hash_allowed(line);
	return learn_name_own(e, lines, line);
}

bool learn_label_line(const struct learn_evidence *e, struct learn_lines *lines,
		      struct learn_line *line)
{
	bool found = learn_choose_label(e, lines, line);

	line->allowed = learn_hash_allowed(line);
	if (found && line->own_type)
		learn_note_type(lines, line);
	return found;
}
