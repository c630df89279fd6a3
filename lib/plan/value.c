// SPDX-License-Identifier: GPL-2.0-only
#include "plan/value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/nearest.h"
#include "base/number.h"
#include "packet/service.h"
#include "selinux/context.h"
#include "util/alloc.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static const char *const keywords[] = {
	"table",    "type",  "server",  "client", "forward", "default", "unlabeled",
	"loopback", "trust", "include", "level",  "from",    "to",      "on",
	"in",       "out",   "only",    "allow",  NULL,
};

static bool value_is_one_of(const char *text, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(text, *names))
			return true;
	return false;
}

bool plan_is_keyword(const char *text)
{
	return value_is_one_of(text, keywords) || proto_find(text);
}

void plan_suggest(char *out, size_t size, const char *text, const char *const *names)
{
	struct nearest nearest = NEAREST(text);
	char found[128];
	size_t used = 0, i;

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

/* Writes a hint with the protocols that are nearest to a text, or with all of them. */
static void suggest_proto(char *out, size_t size, const char *text)
{
	const char *names[16] = { NULL };
	size_t i;

	for (i = 0; known_protos[i].name; i++)
		names[i] = known_protos[i].name;
	plan_suggest(out, size, text, names);
}

int plan_value_proto(struct words *w, const struct proto **proto)
{
	const struct word *word = words_peek(w);
	char hint[256];

	*proto = word ? proto_find(word->text) : NULL;
	if (*proto) {
		w->at++;
		return 0;
	}
	suggest_proto(hint, sizeof(hint), word ? word->text : "");
	if (word)
		return words_fault(w, word, hint, "unknown protocol");
	words_take(w, "the protocol", hint);
	return -EINVAL;
}

static int read_range(const struct words *w, const struct word *item, int *lo, int *hi)
{
	const char *dash = strchr(item->text, '-');
	size_t len = dash ? (size_t)(dash - item->text) : strlen(item->text);
	char hint[64];

	*lo = number_parse(item->text, len, PORT_MAX);
	*hi = dash ? number_parse(dash + 1, strlen(dash + 1), PORT_MAX) : *lo;
	if (*lo < 0 || *hi < 0)
		return words_fault(w, item,
				   "a port is a number from 0 to 65535, without leading zeros",
				   "not a port");
	if (*lo <= *hi)
		return 0;
	snprintf(hint, sizeof(hint), "did you mean %d-%d?", *hi, *lo);
	return words_fault(w, item, hint, "the range ends before it begins");
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static int service_fault(const struct words *w, const struct word *item, const struct proto *proto,
			 struct services *services)
{
	int elsewhere = service_port(services, item->text, NULL);
	struct nearest nearest = NEAREST(item->text);
	char hint[128] = "a number up to 65535, a range, or a name of services(5)", found[64],
	     lower[64];
	size_t i;

	/* it may be a misspelled clause in the place of the ports */
	for (i = 0; keywords[i]; i++)
		nearest_offer(&nearest, keywords[i]);
	nearest_format(&nearest, found, sizeof(found));
	if (item->text[0] == '!')
		return words_fault(w, item, "a ! before the list negates the whole list",
				   "a ! inside the list");
	for (i = 0; item->text[i] && i + 1 < sizeof(lower); i++)
		lower[i] = is_capital(item->text[i]) ? item->text[i] + ('a' - 'A') : item->text[i];
	lower[i] = '\0';
	if (strchr(item->text, '#'))
		snprintf(hint, sizeof(hint), "a comment needs a blank before its #");
	else if (strchr(item->text, ':'))
		snprintf(hint, sizeof(hint), "a range is written 1024-65535");
	else if (elsewhere >= 0)
		snprintf(hint, sizeof(hint), "it is port %d of other protocols", elsewhere);
	else if (*found)
		snprintf(hint, sizeof(hint), "did you mean %s?", found);
	else if (service_port(services, lower, proto->name) >= 0)
		snprintf(hint, sizeof(hint), "did you mean %s?", lower);
	return words_fault(w, item, hint, "unknown %s port", proto->name);
}

/* A number, a range, or the name of a service, which may have a - in it. */
static int read_port(const struct words *w, const struct word *item, const struct proto *proto,
		     struct services *services, int *lo, int *hi)
{
	if (item->text[strspn(item->text, DIGITS "-")] == '\0')
		return read_range(w, item, lo, hi);
	*lo = *hi = service_port(services, item->text, proto->name);
	return *lo < 0 ? service_fault(w, item, proto, services) : 0;
}

static int value_add_ports(const struct words *w, const struct word *item, int lo, int hi,
			   struct ports *ports)
{
	uint16_t twice;

	if (ports_overlap(ports, lo, hi, &twice))
		diag_add(w->diag, DIAG_WARNING, words_pos(w, item), item->text, NULL,
			 "port %u is given twice", twice);
	return ports_add(ports, lo, hi);
}

int plan_value_ports(struct words *w, const struct proto *proto, struct services *services,
		     struct ports *ports)
{
	bool negated = words_negated(w);
	const struct word *first = words_take(w, "the list of ports", NULL);
	struct word rest, item;
	int ret = first ? 0 : -EINVAL, lo, hi;

	for (rest = first ? *first : (struct word){ 0 }; !ret && rest.text;) {
		ret = words_item(w, &rest, &item);
		if (!ret)
			ret = read_port(w, &item, proto, services, &lo, &hi);
		if (!ret)
			ret = value_add_ports(w, &item, lo, hi, ports);
	}
	if (!ret && negated)
		ret = ports_complement(ports);
	if (!ret && !ports->n) {
		item = (struct word){ NULL, first->col };
		return words_fault(w, &item, "it negates all ports", "the list matches no port");
	}
	/* all ports: the same as no list */
	if (!ret && ports->v[0].lo == 0 && ports->v[0].hi == PORT_MAX)
		ports_free(ports);
	return ret;
}

static bool value_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
	return value_is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* checkpolicy, policy_scan.l: {letter}({alnum}|[_\-])*([\.]?({alnum}|[_\-]))* */
static bool is_identifier(const char *text)
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
	if (!is_identifier(word->text))
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
	if (!is_identifier(ctx.type))
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

static int value_read_net(const struct words *w, const struct word *item, const struct proto *proto,
			  struct plan_nets *nets)
{
	struct net net;
	struct err err;

	if (item->text[0] == '!')
		return words_fault(w, item, "a ! before the list negates the whole list",
				   "a ! inside the list");
	if (net_parse(item->text, &net, &err))
		return words_fault(w, item, err.hint, "%s", err.what);
	if (proto->family != AF_UNSPEC && proto->family != net.family)
		return words_fault(w, item, NULL, "%s is %s only", proto->name,
				   proto->family == AF_INET ? "IPv4" : "IPv6");
	if (net_is_mapped(&net))
		diag_add(w->diag, DIAG_WARNING, words_pos(w, item), item->text,
			 "write the IPv4 address", "packets never have an IPv4-mapped address");
	nets->v = alloc_one_more(nets->v, nets->n, sizeof(*nets->v));
	nets->v[nets->n++] = net;
	return 0;
}

int plan_value_nets(struct words *w, const struct proto *proto, struct plan_nets *nets)
{
	bool negated = words_negated(w);
	const struct word *first = words_take(w, "the network", "an address, or ADDRESS/LENGTH");
	struct word rest, item;
	int ret;

	if (!first)
		return -EINVAL;
	nets->negated = negated;
	for (rest = *first; rest.text;) {
		ret = words_item(w, &rest, &item);
		if (!ret)
			ret = value_read_net(w, &item, proto, nets);
		if (ret)
			return ret;
	}
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

	if (!is_identifier(word->text + (word->text[0] == '@')) || plan_is_keyword(word->text))
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

	while (word && !value_is_one_of(word->text, keywords)) {
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
