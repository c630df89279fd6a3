// SPDX-License-Identifier: GPL-2.0-only
#include "policy/module.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "plan/line.h"
#include "plan/plan.h"
#include "plan/value.h"
#include "policy/names.h"
#include "selinux/context.h"
#include "selinux/domain_attribute.h"
#include "selinux/packet_perms.h"
#include "util/alloc.h"
#include "util/buffer.h"
#include "util/diag.h"
#include "util/printable.h"

/* refpolicy's names. kernel_t is the initial SID kernel, unlabeled_t the initial SID unlabeled, and
 * each domain has the attribute domain. */
#define KERNEL "kernel_t"
#define UNLABELED "unlabeled_t"
#define BOTH (PACKET_SEND | PACKET_RECV)
#define FORWARD (PACKET_FORWARD_IN | PACKET_FORWARD_OUT)

/* Who loads rules: iptables and nft run in the first; secmarkctl, which calls libnftables and
 * libiptc itself, in that of our own policy module, or of a unit or an administrator. */
static const char *const loaders[] = {
	"iptables_t",   "secmarkctl_t",         "init_t", "initrc_t", "sysadm_t",
	"unconfined_t", "unconfined_service_t",
};

/* Begins a part; takes the comment. */
static void part_begin(struct policy_module *m, char *comment, const char *needs)
{
	m->parts = alloc_one_more(m->parts, m->n_parts, sizeof(*m->parts));
	m->parts[m->n_parts++] = (struct module_part){ .comment = comment,
						       .needs = alloc_copy(needs),
						       .first = m->n_rules };
}

/* Adds a rule to the last part. */
static struct module_rule *rule_add(struct policy_module *m, const char *subject,
				    const char *object, unsigned int perms)
{
	struct module_rule *rule;

	m->rules = alloc_one_more(m->rules, m->n_rules, sizeof(*m->rules));
	rule = &m->rules[m->n_rules++];
	*rule = (struct module_rule){ .subject = alloc_copy(subject + (*subject == '@')),
				      .attribute = *subject == '@',
				      .object = alloc_copy(object),
				      .perms = perms };
	m->parts[m->n_parts - 1].n++;
	return rule;
}

/* "FILE:LINE: the line", which a comment can carry. */
static char *comment_of(const struct pos *pos, const char *text)
{
	char *all, *safe;
	size_t len;
	FILE *out = buffer_open(&all, &len);

	fprintf(out, "%s:%u: %s", pos->file, pos->line, text);
	buffer_close(out);
	safe = text_printable(all);
	free(all);
	return safe;
}

/* How the lines of a plan use one of its types. */
struct type_use {
	const struct plan_label *type;
	bool talks, forwards, granted;
};

static int type_uses_by_name(const void *va, const void *vb)
{
	const struct type_use *a = va, *b = vb;

	return strcmp(a->type->text, b->type->text);
}

static int compare_name_with_use(const void *name, const void *use)
{
	return strcmp(name, ((const struct type_use *)use)->type->text);
}

/* Adds what the lines say; a line with several protocols is there several times. */
static void module_add_lines(struct policy_module *m, struct type_use *uses)
{
	size_t n = m->plan->n_types, i, k;

	for (i = 0; i < m->plan->n_lines; i++) {
		const struct plan_line *line = &m->plan->lines[i];
		struct context ctx;
		const char *type = plan_label_type(&line->label, &ctx);
		struct type_use *use = bsearch(type, uses, n, sizeof(*uses), compare_name_with_use);

		if (use) {
			use->talks |= line->side != SIDE_FORWARD;
			use->forwards |= line->side == SIDE_FORWARD;
			use->granted |= line->allow.n;
		}
		if (line->part || !line->allow.n)
			continue;
		part_begin(m, comment_of(&line->pos, line->text), NULL);
		for (k = 0; k < line->allow.n; k++)
			rule_add(m, line->allow.v[k].name, type,
				 line->side == SIDE_FORWARD ? FORWARD : BOTH);
	}
}

static void add_kernel(struct policy_module *m, const struct type_use *uses)
{
	bool begun = false;
	size_t i;

	for (i = 0; i < m->plan->n_types; i++) {
		if (!uses[i].talks && !uses[i].forwards)
			continue;
		if (!begun)
			part_begin(m,
				   alloc_copy("the kernel itself sends resets, ICMP errors, and "
					      "acknowledgements after a connection's end"),
				   NULL);
		begun = true;
		rule_add(m, KERNEL, uses[i].type->text, PACKET_SEND);
	}
}

static void add_loaders(struct policy_module *m, const struct type_use *uses)
{
	size_t i, k;

	for (i = 0; i < sizeof(loaders) / sizeof(loaders[0]); i++) {
		part_begin(m, alloc_copy("whoever loads rules with these labels"), loaders[i]);
		for (k = 0; k < m->plan->n_types; k++)
			rule_add(m, loaders[i], uses[k].type->text, PACKET_RELABELTO);
		/* rules take away the labels that packets bring from another namespace */
		rule_add(m, loaders[i], UNLABELED, PACKET_RELABELTO);
	}
}

static void add_unlabeled(struct policy_module *m)
{
	const struct plan *plan = m->plan;
	bool audit = plan->unlabeled == PLAN_UNLABELED_AUDIT;
	struct module_rule *rule;

	if (plan->unlabeled != PLAN_UNLABELED_ALLOW && !audit)
		return;
	part_begin(m, alloc_copy(audit ? "unlabeled audit" : "unlabeled allow"), NULL);
	rule_add(m, "@" DOMAIN_ATTRIBUTE, UNLABELED, BOTH)->audited = audit;
	if (!audit)
		return;
	/* The source of a forwarded packet is the label of its peer, or unlabeled_t. A packet that
	 * came in needs no second record when it goes out. */
	rule = rule_add(m, UNLABELED, UNLABELED, PACKET_FORWARD_IN);
	rule->audited = rule->elsewhere = true;
}

static void warn_of_unused(const struct policy_module *m, const struct type_use *uses,
			   struct diag *diag)
{
	size_t i;

	for (i = 0; i < m->plan->n_types; i++) {
		const struct type_use *use = &uses[i];

		if (!use->granted && (use->talks || use->forwards))
			diag_add(diag, DIAG_WARNING, use->type->pos, use->type->text,
				 use->forwards ? "add allow unlabeled_t to its lines; forwarded "
						 "packets without a peer label have that type" :
						 "add allow and a domain to its lines",
				 "no domain may use this type");
	}
}

void policy_module_make(struct policy_module *m, const struct plan *plan, const char *name,
			struct diag *diag)
{
	struct type_use *uses = alloc_zeroed(plan->n_types + 1, sizeof(*uses));
	size_t i;

	*m = (struct policy_module){ .name = name, .plan = plan };
	for (i = 0; i < plan->n_types; i++)
		uses[i].type = &plan->types[i];
	qsort(uses, plan->n_types, sizeof(*uses), type_uses_by_name);
	module_add_lines(m, uses);
	add_kernel(m, uses);
	add_unlabeled(m);
	add_loaders(m, uses);
	warn_of_unused(m, uses, diag);
	diag_sort(diag);
	free(uses);
}

bool policy_module_is_name(const char *name)
{
	return plan_is_identifier(name) && strlen(name) <= 64 && !policy_names_is_reserved(name);
}

void policy_module_free(struct policy_module *m)
{
	size_t i;

	for (i = 0; i < m->n_parts; i++) {
		free(m->parts[i].comment);
		free(m->parts[i].needs);
	}
	for (i = 0; i < m->n_rules; i++) {
		free(m->rules[i].subject);
		free(m->rules[i].object);
	}
	free(m->parts);
	free(m->rules);
	*m = (struct policy_module){ 0 };
}
