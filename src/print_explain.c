// SPDX-License-Identifier: GPL-2.0-only
#include "print_explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "advise/explain.h"
#include "advise/explain_groups.h"
#include "audit/reader.h"
#include "print.h"
#include "selinux/oracle.h"
#include "util/buffer.h"
#include "util/json.h"
#include "util/printable.h"

#define WIDTH 96
#define INDENT 11 /* the names of sections stand here */

static const char *result_name(const struct denial *d)
{
	return d->granted ? "granted" : d->permissive == 1 ? "let through" : "denied";
}

/* "2022-08-20 21:21:55 UTC", or with a T and a Z for scripts; nothing for an unknown time */
static const char *time_text(int64_t time, bool json, char buf[32])
{
	time_t seconds = time / 1000;
	struct tm tm;

	*buf = '\0';
	if (time && gmtime_r(&seconds, &tm))
		strftime(buf, 32, json ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%d %H:%M:%S UTC", &tm);
	return buf;
}

/* Prints an end of a packet: "192.0.2.1 port 53". */
static void print_explain_end(FILE *out, const struct net *net, uint16_t port)
{
	char address[NET_STRLEN];

	if (net->family)
		fputs(net_format(net, address), out);
	if (port)
		fprintf(out, "%sport %u", net->family ? " " : "", port);
}

/* "192.0.2.1 port 49945 to 192.0.2.2 port 53, netif=v0"; empty if the record has no ends */
static char *packet_text(const struct denial *d)
{
	bool from = d->src.family || d->sport, to = d->dst.family || d->dport;
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	print_explain_end(out, &d->src, d->sport);
	if (to)
		fputs(from ? " to " : "to ", out);
	print_explain_end(out, &d->dst, d->dport);
	if (d->netif)
		fprintf(out, "%snetif=%s", from || to ? ", " : "", d->netif);
	buffer_close(out);
	return text;
}

/* Prints a text in lines that are not too long, behind a name. Lines to type stay whole. */
static void print_wrapped(const char *name, const char *text)
{
	int column = printf("  %-*s", INDENT - 3, name);
	const char *word = text;
	size_t len;

	while (*word) {
		if (*word == '\n') {
			len = strcspn(word + 1, "\n");
			printf("\n%*s%.*s", INDENT - 1, "", (int)len, word + 1);
			word += 1 + len;
			column = WIDTH + 1;
			continue;
		}
		len = strcspn(word, " \n");
		if (column > INDENT - 1 && column + 1 + (int)len > WIDTH) {
			printf("\n%*s", INDENT - 1, "");
			column = INDENT - 1;
		}
		column += printf(" %.*s", (int)len, word);
		word += len;
		word += *word == ' ';
	}
	putchar('\n');
}

static void print_note(const char *name, const char *text)
{
	char *printable = lines_printable(text);

	print_wrapped(name, printable);
	free(printable);
}

static void print_group(const struct explain_group *g, const struct explanation *e)
{
	char *packet = packet_text(&g->last), last[32];
	const char *section = "", *name;
	size_t i;

	time_text(g->last.time, false, last);
	print_line(stdout, "%s: %s", result_name(&g->last), e->what);
	if (g->count > 1 && *last)
		printf("  %zu times, the last one at %s\n", g->count, last);
	else if (*last)
		printf("  at %s\n", last);
	else if (g->count > 1)
		printf("  %zu times\n", g->count);
	if (*packet)
		print_note("packet", packet);
	for (i = 0; i < e->n; i++) {
		name = explain_section_name(e->notes[i].section);
		if (strcmp(section, name))
			print_note(name, e->notes[i].text);
		else
			print_note(e->notes[i].section == EXPLAIN_ALLOW ? "or" : "",
				   e->notes[i].text);
		section = name;
	}
	free(packet);
}

/* What would have told more */
static void print_unknown(const struct explain_world *w)
{
	if (!w->plan || !w->oracle)
		putchar('\n');
	if (!w->plan)
		print_line(stdout,
			   "The plan is not known (%s): the lines that gave labels are not named. "
			   "\"--plan FILE\" names it.",
			   w->plan_why);
	if (!w->oracle)
		print_line(stdout,
			   "The policy is not known (%s): booleans and constraints are not looked "
			   "at. \"--policy FILE\" names it.",
			   w->policy_why);
}

void print_explain_text(const struct explain_world *w, const struct explain_groups *groups)
{
	struct explanation e;
	size_t i;

	for (i = 0; i < groups->n; i++) {
		explain_group(w, &groups->v[i], &e);
		if (i)
			putchar('\n');
		print_group(&groups->v[i], &e);
		explanation_free(&e);
	}
	if (groups->n)
		print_unknown(w);
	else
		puts("no records of packets, peers, ports or interfaces");
}

static json_t *address_json(const struct net *net)
{
	char text[NET_STRLEN];

	return net->family ? text_to_json(net_format(net, text)) : json_null();
}

static json_t *port_json(uint16_t port)
{
	return port ? json_integer(port) : json_null();
}

static json_t *time_json(int64_t time)
{
	char text[32];

	return time ? text_to_json(time_text(time, true, text)) : json_null();
}

static json_t *notes_json(const struct explanation *e, enum explain_section section)
{
	json_t *notes = need_json(json_array());
	size_t i;

	for (i = 0; i < e->n; i++)
		if (e->notes[i].section == section)
			json_array_append_new(notes,
					      need_json(json_pack("{s:s, s:o}", "id",
								  e->notes[i].id, "text",
								  text_to_json(e->notes[i].text))));
	return notes;
}

static json_t *group_json(const struct explain_group *g, const struct explanation *e)
{
	const struct denial *d = &g->last;
	json_t *object;
	int i;

	object = need_json(json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "what",
				     text_to_json(e->what), "result",
				     d->granted         ? "granted" :
				     d->permissive == 1 ? "permissive" :
							  "denied",
				     "class", text_to_json(d->class), "permissions",
				     text_to_json(d->perms), "source", text_to_json(d->source),
				     "target", text_to_json(d->target), "count",
				     (json_int_t)g->count, "first", time_json(g->first), "last",
				     time_json(d->time)));
	json_object_set_new(object, "from", address_json(&d->src));
	json_object_set_new(object, "sport", port_json(d->sport));
	json_object_set_new(object, "to", address_json(&d->dst));
	json_object_set_new(object, "dport", port_json(d->dport));
	json_object_set_new(object, "netif", text_to_json(d->netif));
	json_object_set_new(object, "file", text_to_json(d->file));
	json_object_set_new(object, "line", json_integer(d->line));
	for (i = 0; i < EXPLAIN_SECTIONS; i++)
		json_object_set_new(object, explain_section_name(i), notes_json(e, i));
	return object;
}

void print_explain_json(const struct explain_world *w, const struct explain_groups *groups,
			const struct audit_counts *counts)
{
	json_t *answers = need_json(json_array());
	struct explanation e;
	size_t i;

	for (i = 0; i < groups->n; i++) {
		explain_group(w, &groups->v[i], &e);
		json_array_append_new(answers, group_json(&groups->v[i], &e));
		explanation_free(&e);
	}
	print_json(json_pack("{s:b, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "plan",
			     w->plan != NULL, "policy",
			     text_to_json(w->oracle ? w->oracle->policy : NULL), "answers", answers,
			     "lines", (json_int_t)counts->lines, "other", (json_int_t)counts->other,
			     "unreadable", (json_int_t)counts->unreadable, "forged",
			     (json_int_t)counts->forged, "undated", (json_int_t)counts->undated,
			     "lost", (json_int_t)counts->lost, "dropped",
			     (json_int_t)groups->dropped));
}

/* The first note of a section, up to its lines to type; or those lines. */
static void print_first(FILE *out, const struct explanation *e, enum explain_section section)
{
	const char *text, *typed;
	size_t i = 0;

	while (i < e->n && e->notes[i].section != section)
		i++;
	if (i == e->n)
		return;
	text = e->notes[i].text;
	typed = strstr(text, "\n    ");
	if (section != EXPLAIN_ALLOW || !typed) {
		fprintf(out, ": %.*s", (int)strcspn(text, "\n"), text);
		return;
	}
	fputs("; to allow it: ", out);
	for (; typed; typed = strstr(typed, "\n    ")) {
		typed += strlen("\n    ");
		fprintf(out, "%.*s%s", (int)strcspn(typed, "\n"), typed,
			strchr(typed, '\n') ? "; " : "");
	}
}

void print_explain_line(const struct explain_world *w, const struct denial *d, bool color)
{
	const char *tint = d->granted ? "\033[32m" : d->permissive == 1 ? "\033[33m" : "\033[31m";
	char *packet = packet_text(d), *text, *printable, when[32];
	struct explanation e;
	size_t len;
	FILE *out;

	explain(w, d, &e);
	out = buffer_open(&text, &len);
	fprintf(out, "%s%s%s%s", e.what, *packet ? " (" : "", packet, *packet ? ")" : "");
	print_first(out, &e, EXPLAIN_ALLOW);
	buffer_close(out);
	printable = text_printable(text);
	time_text(d->time, false, when);
	printf("%s%s%s%s%s: %s\n", when, *when ? " " : "", color ? tint : "", result_name(d),
	       color ? "\033[0m" : "", printable);
	free(printable);
	free(text);
	free(packet);
	explanation_free(&e);
}

void print_explain_counts(const struct audit_counts *counts)
{
	const struct audit_place *p;
	unsigned long i;

	if (counts->unreadable)
		print_line(stderr,
			   "secmarkctl: warning: %lu line%s looked like records of SELinux and "
			   "could not be read:",
			   counts->unreadable, counts->unreadable == 1 ? "" : "s");
	for (i = 0; i < counts->unreadable && i < AUDIT_PLACES; i++) {
		p = &counts->places[i];
		print_line(stderr, "%s:%lu: %s", p->file, p->line, p->text);
	}
	if (counts->forged)
		print_line(stderr,
			   "secmarkctl: warning: %lu line%s of the system log that look like "
			   "records of SELinux are left out: a program wrote them, not the kernel",
			   counts->forged, counts->forged == 1 ? "" : "s");
	if (counts->undated)
		print_line(stderr,
			   "secmarkctl: warning: the time of %lu record%s is unknown: the date of "
			   "ausearch -i does not tell it (ausearch --raw does)",
			   counts->undated, counts->undated == 1 ? "" : "s");
	if (counts->lost)
		print_line(stderr,
			   "secmarkctl: warning: the kernel says %lu time%s that it left out "
			   "records: there may be more denials than these",
			   counts->lost, counts->lost == 1 ? "" : "s");
}
