// SPDX-License-Identifier: GPL-2.0-only
#include "plan/protos.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/nearest.h"
#include "base/number.h"
#include "packet/service.h"
#include "plan/value.h"
#include "util/alloc.h"

#define DIGITS "0123456789"
#define PROTO_HINT_MAX 256

int plan_protos_family(const struct plan_protos *protos)
{
	size_t i;

	for (i = 1; i < protos->n; i++)
		if (protos->v[i].proto->family != protos->v[0].proto->family)
			return AF_UNSPEC;
	return protos->n ? protos->v[0].proto->family : AF_UNSPEC;
}

const struct proto *plan_protos_first(const struct plan_protos *protos, bool has_ports)
{
	size_t i;

	for (i = 0; i < protos->n; i++)
		if (protos->v[i].proto->has_ports == has_ports)
			return protos->v[i].proto;
	return NULL;
}

/* What people call a service, and its name in services(5). */
static const char *service_meant(const char *text)
{
	static const char *const names[][2] = {
		{ "dns", "domain" },
		{ "nameserver", "domain" },
		{ "web", "http" },
		{ "dhcp", "bootps" },
		{ "imap", "imap2" },
		{ "ike", "isakmp" },
		{ "postgres", "postgresql" },
		{ "smb", "microsoft-ds" },
		{ "cifs", "microsoft-ds" },
		{ "samba", "microsoft-ds" },
		{ "rdp", "ms-wbt-server" },
		{ "mail", "smtp" },
		{ "submissions", "urd" },
		{ "netbios", "netbios-ns" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i][0], text))
			return names[i][1];
	return NULL;
}

/* The name of a service that a text is, or that was meant by it; NULL: neither. */
static const char *known_service(struct services *services, const char *text, const char *proto)
{
	const char *meant = service_meant(text);

	if (service_port(services, text, proto) >= 0)
		return text;
	return meant && service_port(services, meant, proto) >= 0 ? meant : NULL;
}

/* Writes a hint with the protocols that are nearest to a text, or with all of them. */
static void suggest_proto(char *out, size_t size, const char *text)
{
	const char *names[32] = { NULL };
	size_t i;

	for (i = 0; known_protos[i].name; i++)
		names[i] = known_protos[i].name;
	plan_suggest(out, size, text, names);
}

/* Is it a list of ports? */
static bool is_list_of_ports(const char *text)
{
	text += *text == '!';
	return *text && !text[strspn(text, DIGITS ",-")];
}

/* The word is a port, or the beginning of a clause. Returns 0 if it is neither. */
static int proto_missing(const struct words *w, const struct word *word, struct services *services)
{
	int number = number_parse(word->text, strlen(word->text), UINT8_MAX);
	const char *tcp = known_service(services, word->text, "tcp");
	const char *udp = known_service(services, word->text, "udp");
	char hint[PROTO_HINT_MAX];

	if (is_list_of_ports(word->text) && number > 0 && !proto_is_hidden(number))
		snprintf(hint, sizeof(hint),
			 "write tcp, udp or tcp,udp before the port; protocol number %d is %s",
			 number, proto_name(number));
	else if (is_list_of_ports(word->text))
		snprintf(hint, sizeof(hint), "write tcp, udp or tcp,udp before the ports");
	else if (tcp && udp)
		snprintf(hint, sizeof(hint), "did you mean tcp %s, udp %s or tcp,udp %s?", tcp, udp,
			 tcp);
	else if (tcp || udp)
		snprintf(hint, sizeof(hint), "did you mean %s %s?", tcp ? "tcp" : "udp",
			 tcp ? tcp : udp);
	else if (plan_is_keyword(word->text))
		suggest_proto(hint, sizeof(hint), "");
	else
		return 0;
	return words_fault(w, word, hint, "the protocol is missing");
}

static int proto_fault(const struct words *w, const struct word *item)
{
	static const char *const all[] = { "all",    "ip",   "ipv4",
					   "hopopt", "both", PROTO_BY_NUMBER "0",
					   NULL };
	char hint[PROTO_HINT_MAX];
	size_t i;

	for (i = 0; all[i] && strcmp(all[i], item->text); i++)
		;
	if (all[i])
		snprintf(hint, sizeof(hint), "write any for all protocols, or a list: tcp,udp");
	else if (!strncmp(item->text, "ipv6-", 5) || !strncmp(item->text, PROTO_BY_NUMBER, 6))
		snprintf(hint, sizeof(hint),
			 "a number from 1 to 255, but no extension header of IPv6: rules see the "
			 "protocol behind it");
	else if (strpbrk(item->text, "/:" DIGITS) && strpbrk(item->text, "/:"))
		snprintf(hint, sizeof(hint), "the ports are the next word: tcp 80");
	else if (strpbrk(item->text, "+|&;"))
		snprintf(hint, sizeof(hint), "a list is A,B,C without blanks");
	else if (item->text[0] == '!')
		snprintf(hint, sizeof(hint), "protocols cannot be negated");
	else
		suggest_proto(hint, sizeof(hint), item->text);
	return words_fault(w, item, hint, "unknown protocol");
}

static int add_proto(const struct words *w, const struct word *item, struct plan_protos *protos)
{
	const struct proto *proto = proto_find(item->text);
	size_t i;

	if (!proto)
		return proto_fault(w, item);
	for (i = 0; i < protos->n; i++)
		if (protos->v[i].proto == proto) {
			diag_add(w->diag, DIAG_WARNING, words_pos(w, item), item->text, NULL,
				 "the protocol is given twice");
			return 0;
		}
	protos->v = alloc_one_more(protos->v, protos->n, sizeof(*protos->v));
	protos->v[protos->n++] = (struct plan_proto){ .proto = proto };
	return 0;
}

int plan_value_protos(struct words *w, struct services *services, struct plan_protos *protos)
{
	const struct word *word = words_peek(w);
	struct word rest, item;
	char hint[PROTO_HINT_MAX];

	if (!word) {
		suggest_proto(hint, sizeof(hint), "");
		words_take(w, "the protocol", hint);
		return -EINVAL;
	}
	if (!proto_find(word->text) && proto_missing(w, word, services))
		return -EINVAL;
	w->at++;
	for (rest = *word; rest.text;) {
		bool alone = !strchr(rest.text, ',') && !protos->n;

		if (words_item(w, &rest, &item) || add_proto(w, &item, protos))
			return -EINVAL;
		if (!alone && !protos->v[protos->n - 1].proto->number)
			return words_fault(w, &item, "write it alone",
					   "this stands for every protocol");
	}
	return 0;
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

static int service_fault(const struct words *w, const struct word *item, const struct proto *proto,
			 struct services *services)
{
	int elsewhere = service_port(services, item->text, NULL);
	struct nearest nearest = NEAREST(item->text);
	char hint[128] = "a number up to 65535, a range, or a name of services(5)", found[64],
	     lower[64];
	const char *meant;
	size_t i;

	/* it may be a misspelled clause in the place of the ports */
	for (i = 0; plan_keywords[i]; i++)
		nearest_offer(&nearest, plan_keywords[i]);
	nearest_format(&nearest, found, sizeof(found));
	if (item->text[0] == '!')
		return words_fault(w, item, "a ! before the list negates the whole list",
				   "a ! inside the list");
	plan_to_lower(lower, sizeof(lower), item->text);
	meant = known_service(services, lower, proto->name);
	if (strchr(item->text, '#'))
		snprintf(hint, sizeof(hint), "a comment needs a blank before its #");
	else if (strchr(item->text, ':'))
		snprintf(hint, sizeof(hint), "a range is written 1024-65535");
	else if (elsewhere >= 0)
		snprintf(hint, sizeof(hint), "it is port %d of other protocols", elsewhere);
	else if (*found)
		snprintf(hint, sizeof(hint), "did you mean %s?", found);
	else if (meant)
		snprintf(hint, sizeof(hint), "did you mean %s?", meant);
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

/* Adds an item of the list to the ports of each protocol. */
static int protos_add_ports(const struct words *w, const struct word *item,
			    struct services *services, struct plan_protos *protos)
{
	struct plan_proto *p;
	uint16_t twice;
	int ret = 0, lo, hi;

	for (p = protos->v; p < protos->v + protos->n && !ret; p++) {
		ret = read_port(w, item, p->proto, services, &lo, &hi);
		if (ret)
			return ret;
		/* one warning for all protocols */
		if (p == protos->v && ports_overlap(&p->ports, lo, hi, &twice))
			diag_add(w->diag, DIAG_WARNING, words_pos(w, item), item->text, NULL,
				 "port %u is given twice", twice);
		ret = ports_add(&p->ports, lo, hi);
	}
	return ret;
}

/* All ports mean the same as no list. */
static int protos_end_ports(struct words *w, const struct word *first, bool negated,
			    struct plan_proto *p)
{
	struct word item = { NULL, first->col };

	if (negated && ports_complement(&p->ports))
		return -EINVAL;
	if (!p->ports.n)
		return words_fault(w, &item, "it negates all ports", "the list matches no port");
	if (p->ports.v[0].lo == 0 && p->ports.v[0].hi == PORT_MAX)
		ports_free(&p->ports);
	return 0;
}

int plan_value_ports(struct words *w, struct services *services, struct plan_protos *protos)
{
	bool negated = words_negated(w);
	const struct word *first = words_take(w, "the list of ports", NULL);
	const struct proto *portless = plan_protos_first(protos, false);
	struct word rest, item;
	int ret = first ? 0 : -EINVAL;
	size_t i;

	if (first && portless)
		return words_fault(w, first, NULL, "%s has no ports", portless->name);
	for (rest = first ? *first : (struct word){ 0 }; !ret && rest.text;) {
		ret = words_item(w, &rest, &item);
		if (!ret)
			ret = protos_add_ports(w, &item, services, protos);
	}
	for (i = 0; i < protos->n && !ret; i++)
		ret = protos_end_ports(w, first, negated, &protos->v[i]);
	return ret;
}

void plan_protos_free(struct plan_protos *protos)
{
	size_t i;

	for (i = 0; i < protos->n; i++)
		ports_free(&protos->v[i].ports);
	free(protos->v);
	*protos = (struct plan_protos){ 0 };
}
