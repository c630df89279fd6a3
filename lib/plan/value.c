// SPDX-License-Identifier: GPL-2.0-only
#include "plan/value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/nearest.h"
#include "packet/iface.h"
#include "selinux/context.h"
#include "util/alloc.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

const char *const plan_keywords[] = {
	"table",    "type",  "server",  "client", "forward",     "default", "unlabeled",
	"loopback", "trust", "include", "net",    "application", "level",   "from",
	"to",       "on",    "in",      "out",    "only",        "allow",   NULL,
};

static bool value_is_one_of(const char *text, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(text, *names))
			return true;
	return false;
}

/* Not all protocols: "gre" may well be the name of an interface. */
static bool proto_has_keyword(const char *text)
{
	static const char *const names[] = { "tcp",  "udp",    "sctp", "dccp", "udplite",
					     "icmp", "icmpv6", "any",  NULL };

	return value_is_one_of(text, names);
}

bool plan_is_keyword(const char *text)
{
	return value_is_one_of(text, plan_keywords) || proto_has_keyword(text);
}

void plan_to_lower(char *out, size_t size, const char *text)
{
	size_t i;

	for (i = 0; text[i] && i + 1 < size; i++)
		out[i] = text[i] >= 'A' && text[i] <= 'Z' ? text[i] + ('a' - 'A') : text[i];
	out[i] = '\0';
}

void plan_suggest(char *out, size_t size, const char *text, const char *const *names)
{
	char lower[64], found[128];
	struct nearest nearest = NEAREST(lower);
	size_t used = 0, i;

	plan_to_lower(lower, sizeof(lower), text);

	for (i = 0; names[i]; i++)
		nearest_offer(&nearest, names[i]);
	nearest_format(&nearest, found, sizeof(found));
	if (*found) {
		snprintf(out, size, "did you mean %s?", found);
		return;
	}
	for (i = 0; names[i] && used < size; i++)
		used += snprintf(out + used, size - used, "%s%s",
				 !i           ? "expected " :
				 names[i + 1] ? ", " :
						" or ",
				 names[i]);
}

static bool value_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
	return value_is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool plan_is_identifier(const char *text)
{
	return value_is_letter(*text) && !text[strspn(text, LETTERS DIGITS "_")];
}

/* checkpolicy, policy_scan.l: {letter}({alnum}|[_\-])*([\.]?({alnum}|[_\-]))* */
bool plan_is_name(const char *text)
{
	if (!value_is_letter(*text))
		return false;
	for (; *text; text++)
		if (!is_name_char(*text) && (*text != '.' || !is_name_char(text[1])))
			return false;
	return true;
}

static int value_check_type(const struct words *w, const struct word *word)
{
	if (plan_is_keyword(word->text))
		return words_fault(w, word, NULL, "a keyword cannot be a type");
	if (!plan_is_name(word->text))
		return words_fault(
			w, word, "a type has letters, digits, _, - and ., and begins with a letter",
			"not a type");
	/* u:r:TYPE is the shortest context */
	if (strlen(word->text) > CONTEXT_LEN_MAX - 4)
		return words_fault(w, word, NULL, "the type is too long for a context");
	return 0;
}

static int value_check_context(const struct words *w, const struct word *word)
{
	struct context ctx;
	struct err err;

	if (context_parse(word->text, &ctx, &err))
		return words_fault(w, word, err.hint, "%s", err.what);
	if (!plan_is_name(ctx.type))
		return words_fault(
			w, word, "a type has letters, digits, _, - and ., and begins with a letter",
			"the third field is not a type");
	return 0;
}

int plan_value_label(struct words *w, bool whole, struct plan_label *label)
{
	const struct word *word = words_take(w, "the type",
					     whole ? "expected a packet type or a whole context" :
						     NULL);
	int ret;

	if (!word)
		return -EINVAL;
	ret = whole && strchr(word->text, ':') ? value_check_context(w, word) :
						 value_check_type(w, word);
	if (ret)
		return ret;
	label->pos = words_pos(w, word);
	label->text = alloc_text(word->text, strlen(word->text));
	return 0;
}

int plan_value_level(struct words *w, struct plan_label *label)
{
	const struct word *word = words_take(w, "the level", "such as s0 or s0:c1,c5");
	char whole[2 * CONTEXT_LEN_MAX + 2];
	struct context ctx;
	struct err err;

	if (!word)
		return -EINVAL;
	if (!value_is_letter(word->text[0]) ||
	    word->text[strspn(word->text, LETTERS DIGITS "_.,:-")])
		return words_fault(w, word, "such as s0 or s0:c1,c5", "not a level");
	/* in the shortest possible context */
	snprintf(whole, sizeof(whole), "%s%s:%.*s",
		 strchr(label->text, ':') ? "" : "u:r:", label->text, CONTEXT_LEN_MAX, word->text);
	if (context_parse(label->text, &ctx, &err) == 0 && ctx.level)
		return words_fault(w, word, NULL, "the context already has a level");
	if (context_parse(whole, &ctx, &err))
		return words_fault(w, word, NULL,
				   "with this level the context is longer than %d bytes",
				   CONTEXT_LEN_MAX);
	label->level_pos = words_pos(w, word);
	label->level = alloc_text(word->text, strlen(word->text));
	return 0;
}

/* The names that the kernel accepts: dev_valid_name(), net/core/dev.c */
static int value_check_iface(const struct words *w, const struct word *word)
{
	if (strchr(word->text, ','))
		return words_fault(w, word, "name one; a + at its end stands for any ending",
				   "more than one interface");
	if (plan_is_keyword(word->text))
		return words_fault(w, word, NULL, "a keyword cannot be an interface");
	if (!iface_can_be_named(word->text))
		return words_fault(w, word,
				   strchr(word->text, '*') ?
					   "a + at its end stands for any ending" :
					   "its name must be UTF-8 without \", \\ and "
					   "control characters",
				   "the interface cannot be named");
	if (strpbrk(word->text, "/:!") || !strcmp(word->text, ".") || !strcmp(word->text, ".."))
		return words_fault(w, word, "such as eth0, or eth+ for any ending",
				   "not an interface");
	if (strlen(word->text) >= IFNAMSIZ)
		return words_fault(w, word, "at most 15 bytes", "the interface name is too long");
	return 0;
}

int plan_value_iface(struct words *w, char name[IFNAMSIZ], bool *negated)
{
	const struct word *word;

	if (negated)
		*negated = words_negated(w);
	word = words_take(w, "the interface", "such as eth0, or eth+ for any ending");
	if (!word || value_check_iface(w, word))
		return -EINVAL;
	if (!strcmp(word->text, "+") && negated && *negated)
		return words_fault(w, word, NULL, "the clause matches no interface");
	strcpy(name, word->text);
	/* any interface: the same as no clause */
	if (!strcmp(word->text, "+") && negated)
		name[0] = '\0';
	return 0;
}

static int read_domain(const struct words *w, const struct word *word, struct plan_domains *domains)
{
	struct plan_domain *domain;

	if (!plan_is_name(word->text + (word->text[0] == '@')) || plan_is_keyword(word->text))
		return words_fault(w, word,
				   strchr(word->text, ',') ? "blanks separate domains" :
							     "a type, or @ and an attribute",
				   "not a domain");
	domains->v = alloc_one_more(domains->v, domains->n, sizeof(*domains->v));
	domain = &domains->v[domains->n++];
	domain->pos = words_pos(w, word);
	domain->name = alloc_text(word->text, strlen(word->text));
	return 0;
}

int plan_value_domains(struct words *w, struct plan_domains *domains)
{
	const struct word *word = words_peek(w);

	while (word && !value_is_one_of(word->text, plan_keywords)) {
		w->at++;
		if (read_domain(w, word, domains))
			return -EINVAL;
		word = words_peek(w);
	}
	if (domains->n)
		return 0;
	if (!word)
		words_take(w, "the domain", "a type, or @ and an attribute");
	else
		words_fault(w, word, "a type, or @ and an attribute",
			    "a keyword cannot be a domain");
	return -EINVAL;
}
