// SPDX-License-Identifier: GPL-2.0-only
#include "audit/denial.h"

#include <ctype.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include "base/err.h"
#include "packet/ports.h"
#include "util/alloc.h"

static const char *const network_classes[] = { "packet", "peer", "association", "netif", "node" };

/* Other classes of sockets have no ports, and their permissions are about other things. */
static const char *const socket_classes[] = { "tcp_socket",  "udp_socket",  "rawip_socket",
					      "dccp_socket", "sctp_socket", "icmp_socket" };

/* The rest of a socket's permissions is about the program and its own socket. recv_msg and send_msg
 * are of the time before Linux 2.6.30, the last three before 2.6.18. */
static const char *const socket_perms[] = { "name_bind", "name_connect", "node_bind",
					    "recv_msg",  "send_msg",     "recvfrom",
					    "sendto",    "association",  "acceptfrom",
					    "connectto", "newconn" };

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

static bool denial_is_listed(const char *const *list, size_t n, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(list[i]) == len && !memcmp(list[i], text, len))
			return true;
	return false;
}

bool denial_is_network(const char *class, const char *perms)
{
	const char *perm = perms;
	size_t len;

	if (denial_is_listed(network_classes, COUNT(network_classes), class, strlen(class)))
		return true;
	if (!denial_is_listed(socket_classes, COUNT(socket_classes), class, strlen(class)))
		return false;
	for (; *perm; perm += len + (perm[len] == ' ')) {
		len = strcspn(perm, " ");
		if (denial_is_listed(socket_perms, COUNT(socket_perms), perm, len))
			return true;
	}
	return false;
}

/* "pack" was "packet", before the line was cut. */
static bool is_cut_class(const char *class)
{
	size_t i, len = strlen(class);

	for (i = 0; i < COUNT(network_classes); i++)
		if (strlen(network_classes[i]) > len && !strncmp(class, network_classes[i], len))
			return true;
	for (i = 0; i < COUNT(socket_classes); i++)
		if (strlen(socket_classes[i]) > len && !strncmp(class, socket_classes[i], len))
			return true;
	return false;
}

const char *denial_type(const char *context, char *buf, size_t size)
{
	const char *user = strchr(context, ':'), *role = user ? strchr(user + 1, ':') : NULL;
	size_t len = role ? strcspn(role + 1, ":") : 0;

	if (!len)
		role = "??", len = 1;
	if (len >= size)
		len = size - 1;
	memcpy(buf, role + 1, len);
	buf[len] = '\0';
	return buf;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_control_byte(int byte)
{
	return byte < ' ' || byte == 0x7f;
}

void denial_decode(char *text)
{
	size_t len = strlen(text), i;

	if (*text == '"') {
		len -= len > 1 && text[len - 1] == '"';
		memmove(text, text + 1, len - 1);
		text[len - 1] = '\0';
		return;
	}
	if (!len || len % 2 || strspn(text, "0123456789ABCDEF") != len)
		return;
	for (i = 0; i < len; i += 2)
		if (is_control_byte(hex_value(text[i]) << 4 | hex_value(text[i + 1])))
			return;
	for (i = 0; i < len / 2; i++)
		text[i] = hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]);
	text[i] = '\0';
}

static void denial_take_address(const char *text, struct net *net)
{
	struct err ignored;

	if (net_parse(text, net, &ignored) || net->len != net_bits(net->family))
		net->family = 0;
}

/* ausearch -i may write the name of a service. */
static uint16_t take_port(const char *text)
{
	const struct servent *service;
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	if (isdigit((unsigned char)*text) && !*end)
		return port <= PORT_MAX ? port : 0;
	service = getservbyname(text, NULL);
	return service ? ntohs(service->s_port) : 0;
}

enum field_kind { FIELD_TEXT, FIELD_NAME, FIELD_ADDRESS, FIELD_PORT, FIELD_PERMISSIVE };

/* The fields of a record that matter. srawcon and trawcon are contexts that the policy does not
 * have. */
static const struct field {
	const char *name;
	enum field_kind kind;
	size_t member;
} fields[] = {
	{ "scontext", FIELD_TEXT, offsetof(struct denial, source) },
	{ "tcontext", FIELD_TEXT, offsetof(struct denial, target) },
	{ "srawcon", FIELD_TEXT, offsetof(struct denial, source) },
	{ "trawcon", FIELD_TEXT, offsetof(struct denial, target) },
	{ "tclass", FIELD_TEXT, offsetof(struct denial, class) },
	{ "pid", FIELD_TEXT, offsetof(struct denial, pid) },
	{ "netif", FIELD_TEXT, offsetof(struct denial, netif) },
	{ "comm", FIELD_NAME, offsetof(struct denial, comm) },
	{ "exe", FIELD_NAME, offsetof(struct denial, exe) },
	{ "saddr", FIELD_ADDRESS, offsetof(struct denial, src) },
	{ "laddr", FIELD_ADDRESS, offsetof(struct denial, src) },
	{ "daddr", FIELD_ADDRESS, offsetof(struct denial, dst) },
	{ "faddr", FIELD_ADDRESS, offsetof(struct denial, dst) },
	{ "src", FIELD_PORT, offsetof(struct denial, sport) },
	{ "lport", FIELD_PORT, offsetof(struct denial, sport) },
	{ "dest", FIELD_PORT, offsetof(struct denial, dport) },
	{ "fport", FIELD_PORT, offsetof(struct denial, dport) },
	{ "permissive", FIELD_PERMISSIVE, offsetof(struct denial, permissive) },
};

static void take_value_of(struct denial *d, const struct field *f, char *value)
{
	void *member = (char *)d + f->member;

	switch (f->kind) {
	case FIELD_NAME:
		denial_decode(value);
		/* fall through */
	case FIELD_TEXT:
		if (*value)
			*(const char **)member = value;
		break;
	case FIELD_ADDRESS:
		denial_take_address(value, member);
		break;
	case FIELD_PORT:
		*(uint16_t *)member = take_port(value);
		break;
	case FIELD_PERMISSIVE:
		*(int *)member = !strcmp(value, "1") ? 1 : !strcmp(value, "0") ? 0 : -1;
		break;
	}
}

static void take_field(struct denial *d, const char *name, char *value)
{
	size_t i;

	for (i = 0; i < COUNT(fields); i++) {
		if (*fields[i].name != *name || strcmp(fields[i].name, name))
			continue;
		d->invalid_source |= !strcmp(name, "srawcon");
		d->invalid_target |= !strcmp(name, "trawcon");
		take_value_of(d, &fields[i], value);
		return;
	}
}

/* auditd writes it in front of what it adds to enriched records: names that others have chosen. */
#define ENRICHED '\x1d'

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts the next word off: up to a blank that is not between quotation marks. */
static char *next_word(char **rest)
{
	char *word = *rest, *end, *close;

	while (is_blank(*word))
		word++;
	for (end = word; *end && !is_blank(*end) && *end != ENRICHED; end++) {
		close = *end == '"' ? strchr(end + 1, '"') : NULL;
		if (close)
			end = close;
	}
	*rest = is_blank(*end) ? end + 1 : end + strlen(end);
	*end = '\0';
	return *word ? word : NULL;
}

/* Reads "denied { recv send } for". Returns what follows, or NULL. */
static char *take_decision(struct denial *d, char *text)
{
	char *word, *open = strchr(text, '{'), *close = open ? strchr(open, '}') : NULL;
	char *perms = open, *rest = text;

	if (!close)
		return NULL;
	*open = *close = '\0';
	word = next_word(&rest);
	if (!word || (strcmp(word, "denied") && strcmp(word, "granted")) || next_word(&rest))
		return NULL;
	d->granted = *word == 'g';
	/* the words move to the left, to single blanks */
	rest = open + 1;
	d->perms = perms;
	while ((word = next_word(&rest))) {
		if (perms > d->perms)
			*perms++ = ' ';
		memmove(perms, word, strlen(word));
		perms += strlen(word);
	}
	*perms = '\0';
	return *d->perms ? close + 1 : NULL;
}

static enum denial_parse denial_judge(const struct denial *d)
{
	if (!d->source || !d->target || !d->class || is_cut_class(d->class))
		return DENIAL_PARTIAL;
	if (!denial_is_network(d->class, d->perms))
		return DENIAL_OTHER;
	/* a context that the policy does not have may be a number, or anything */
	if ((!strchr(d->source, ':') && !d->invalid_source) ||
	    (!strchr(d->target, ':') && !d->invalid_target))
		return DENIAL_PARTIAL;
	return DENIAL_READ;
}

enum denial_parse denial_parse(const char *text, size_t len, struct denial *d)
{
	enum denial_parse result;
	char *rest, *word, *equals;
	size_t i;

	*d = (struct denial){ .permissive = -1, .count = 1, .store = alloc_text(text, len) };
	for (i = 0; i < len; i++)
		if (!d->store[i])
			d->store[i] = '?';
	rest = strncmp(d->store, "avc:", 4) ? NULL : take_decision(d, d->store + 4);
	while (rest && (word = next_word(&rest))) {
		equals = strchr(word, '=');
		if (!equals)
			continue;
		*equals = '\0';
		take_field(d, word, equals + 1);
	}
	result = rest ? denial_judge(d) : DENIAL_PARTIAL;
	if (result != DENIAL_READ)
		denial_free(d);
	return result;
}

#define TEXTS 8

static void list_texts(struct denial *d, const char **all[TEXTS])
{
	const char **const texts[TEXTS] = { &d->perms, &d->source, &d->target, &d->class,
					    &d->comm,  &d->exe,    &d->pid,    &d->netif };

	memcpy(all, texts, sizeof(texts));
}

/* Gives all texts a store of their own. */
static void store_texts(struct denial *d)
{
	const char **all[TEXTS];
	size_t i, len = 1;
	char *at;

	list_texts(d, all);
	for (i = 0; i < TEXTS; i++)
		len += *all[i] ? strlen(*all[i]) + 1 : 0;
	d->store = at = alloc_zeroed(len, 1);
	for (i = 0; i < TEXTS; i++) {
		if (!*all[i])
			continue;
		len = strlen(*all[i]) + 1;
		*all[i] = memcpy(at, *all[i], len);
		at += len;
	}
}

void denial_copy(struct denial *to, const struct denial *from)
{
	*to = *from;
	store_texts(to);
}

void denial_take_syscall(struct denial *d, const char *text, size_t len)
{
	char *copy = alloc_text(text, len), *rest = copy, *word, *old = d->store;

	d->syscall = true;
	while ((word = next_word(&rest))) {
		if (strncmp(word, "exe=", strlen("exe=")))
			continue;
		word += strlen("exe=");
		denial_decode(word);
		if (!d->exe)
			d->exe = word;
	}
	store_texts(d);
	free(old);
	free(copy);
}

void denial_free(struct denial *d)
{
	free(d->store);
	*d = (struct denial){ .permissive = -1 };
}
