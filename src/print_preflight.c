// SPDX-License-Identifier: GPL-2.0-only
#include "print_preflight.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/preflight.h"
#include "base/err.h"
#include "packet/proto.h"
#include "plan/line.h"
#include "print.h"
#include "selinux/context.h"
#include "selinux/packet_perms.h"
#include "util/buffer.h"
#include "util/json.h"

/* The type of a context, or the whole text. */
static void print_type(const char *text, FILE *out)
{
	struct context ctx;
	struct err ignored;

	fputs(context_parse(text, &ctx, &ignored) ? text : ctx.type, out);
}

static void print_preflight_end(const struct host_socket *s, const struct net *address,
				uint16_t port, FILE *out)
{
	char text[NET_STRLEN];

	if (address->len)
		fprintf(out, " %s", net_format(address, text));
	if (!s->raw)
		fprintf(out, " port %u", port);
}

static void print_subject(const struct preflight_cut *cut, FILE *out)
{
	const struct host_socket *s = cut->socket;
	const char *proto = proto_name(s->proto);

	if (cut->kind == PREFLIGHT_LOGIN) {
		fprintf(out, "%slogin from", cut->own ? "your " : "");
		print_preflight_end(s, &s->remote, s->rport, out);
	} else if (cut->kind == PREFLIGHT_CONNECTION) {
		fprintf(out, "%s connection of", proto);
		print_preflight_end(s, &s->local, s->lport, out);
		fputs(" with", out);
		print_preflight_end(s, &s->remote, s->rport, out);
	} else {
		fprintf(out, "%s packets%s", proto, s->raw ? "" : " to");
		print_preflight_end(s, &s->local, s->lport, out);
		if (cut->partly)
			fputs(", from some addresses or interfaces", out);
	}
}

static void print_reason(const struct preflight_cut *cut, FILE *out)
{
	const struct plan_line *line = cut->line;

	switch (cut->why) {
	case PREFLIGHT_LINE:
		fprintf(out, ": %s:%u: %s", line->pos.file, line->pos.line, line->text);
		if (cut->partly && cut->kind != PREFLIGHT_LISTENER)
			fputs(" (if it uses that interface)", out);
		break;
	case PREFLIGHT_NONE:
		fputs(": no line of the plan labels them", out);
		break;
	case PREFLIGHT_OLDER:
		fprintf(out, ": it is older than the rules; with --reset-flows, %s:%u: %s",
			line->pos.file, line->pos.line, line->text);
		break;
	case PREFLIGHT_KEPT:
		fputs(": the connection keeps its label from earlier rules", out);
		break;
	case PREFLIGHT_OTHER:
		fputs(": this plan has no rules there", out);
		break;
	}
}

static const char *verb_of(unsigned int lacks)
{
	return lacks == PACKET_SEND ? "send" : lacks == PACKET_RECV ? "receive" : "send or receive";
}

char *preflight_cut_text(const struct preflight_cut *cut, const struct preflight_machine *m)
{
	const struct net_namespace *ns = &m->namespaces.v[cut->socket->place];
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	print_subject(cut, out);
	if (cut->socket->place && ns->name)
		fprintf(out, " in network namespace %s", ns->name);
	else if (cut->socket->place)
		fprintf(out, " in the network namespace of pid %d", (int)ns->pid);
	fprintf(out, ": %s (pid %d, ", cut->process->comm, (int)cut->process->pid);
	print_type(cut->domain, out);
	fprintf(out, ") may not %s ", verb_of(cut->lacks));
	print_type(cut->label, out);
	print_reason(cut, out);
	buffer_close(out);
	return text;
}

/* Is a connection cut off as the one before it? A server may have thousands. */
static bool preflight_alike(const struct preflight_cut *a, const struct preflight_cut *b)
{
	return a->kind == PREFLIGHT_CONNECTION && b->kind == a->kind && a->process == b->process &&
	       a->line == b->line && a->label == b->label && a->why == b->why &&
	       a->lacks == b->lacks && a->socket->place == b->socket->place;
}

static void print_cuts(const struct preflight *p, const struct preflight_machine *m)
{
	const struct preflight_cut *cut = p->v, *end = p->v + p->n;
	size_t more;
	char *text;

	for (; cut < end; cut += more + 1) {
		for (more = 0; cut + more + 1 < end && preflight_alike(cut, cut + more + 1);)
			more++;
		text = preflight_cut_text(cut, m);
		if (more)
			print_line(stdout, "%s (and %zu more of its connections)", text, more);
		else
			print_line(stdout, "%s", text);
		free(text);
	}
}

static size_t namespaces_not_entered(const struct preflight_machine *m)
{
	size_t i, n = m->namespaces.left_out;

	for (i = 1; i < m->namespaces.n; i++)
		n += m->namespaces.v[i].error && !m->namespaces.v[i].other_kind;
	return n;
}

static void print_count(size_t n, const char *one, const char *many, const char *what)
{
	if (n)
		printf("not judged: %zu %s%s\n", n, n == 1 ? one : many, what);
}

static void print_unlisted(const struct host_sockets *sockets)
{
	unsigned int i;

	for (i = 0; i < SOCKETS_MODULES; i++)
		if (sockets->unlisted[i])
			printf("not judged: %zu %s that the kernel does not list without %s: try "
			       "modprobe %s\n",
			       sockets->unlisted[i],
			       sockets->unlisted[i] == 1 ? "socket" : "sockets", sockets_modules[i],
			       sockets_modules[i]);
}

static void print_not_judged(const struct preflight *p, const struct preflight_machine *m)
{
	size_t hidden = m->owners.hidden;

	print_count(p->unowned, "socket", "sockets",
		    " of no process that could be seen (the kernel's own are among them)");
	print_count(p->unknown, "socket", "sockets", " whose label is not known to the policy");
	print_count(p->unaimed, "socket", "sockets",
		    " of clients, which may talk to anybody (udp, raw)");
	print_unlisted(&m->sockets);
	print_count(p->ruled, "socket", "sockets", " of network namespaces with their own rules");
	print_count(namespaces_not_entered(m), "network namespace", "network namespaces",
		    " that could not be entered");
	if (hidden)
		printf("%zu %s not be looked into: root is needed\n", hidden,
		       hidden == 1 ? "process could" : "processes could");
	if (m->untold)
		puts("connection tracking could not be read: open connections are judged as if it "
		     "did not know them");
}

void print_preflight_text(const struct preflight *p, const struct preflight_machine *m)
{
	printf("%zu of %zu sockets would be cut off\n", p->n, p->judged);
	print_cuts(p, m);
	if (p->older)
		printf("%zu %s older than the rules and %s no label; --reset-flows labels %s\n",
		       p->older, p->older == 1 ? "connection is" : "connections are",
		       p->older == 1 ? "has" : "have", p->older == 1 ? "it" : "them");
	print_not_judged(p, m);
}

static json_t *net_to_json(const struct net *net)
{
	char text[NET_STRLEN];

	return net->len ? text_to_json(net_format(net, text)) : json_null();
}

static json_t *port_to_json(const struct host_socket *s, uint16_t port)
{
	return s->raw || !port ? json_null() : json_integer(port);
}

static json_t *lacks_to_json(unsigned int lacks)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < PACKET_PERMS; i++)
		if (lacks & 1u << i)
			json_array_append_new(list, json_string(packet_perm_names[i]));
	return list;
}

static json_t *namespace_to_json(const struct net_namespace *ns, bool own)
{
	if (own)
		return json_null();
	return need_json(
		json_pack("{s:o, s:i}", "name", text_to_json(ns->name), "pid", (int)ns->pid));
}

static json_t *cut_to_json(const struct preflight_cut *cut, const struct preflight_machine *m)
{
	static const char *const kinds[] = {
		[PREFLIGHT_LOGIN] = "login",
		[PREFLIGHT_LISTENER] = "listener",
		[PREFLIGHT_CONNECTION] = "connection",
	};
	static const char *const whys[] = {
		[PREFLIGHT_LINE] = "line",       [PREFLIGHT_NONE] = "no line",
		[PREFLIGHT_OLDER] = "older",     [PREFLIGHT_KEPT] = "kept",
		[PREFLIGHT_OTHER] = "namespace",
	};
	const struct host_socket *s = cut->socket;
	const struct plan_line *line = cut->line;
	json_t *o = json_pack("{s:s, s:b, s:b, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o}", "kind",
			      kinds[cut->kind], "own", cut->own, "partly", cut->partly, "reason",
			      whys[cut->why], "protocol", proto_name(s->proto), "pid",
			      (int)cut->process->pid, "command", text_to_json(cut->process->comm),
			      "domain", text_to_json(cut->domain), "label",
			      text_to_json(cut->label), "permissions", lacks_to_json(cut->lacks),
			      "namespace",
			      namespace_to_json(&m->namespaces.v[s->place], !s->place));
	json_t *ends = json_pack("{s:o, s:o, s:o, s:o}", "local", net_to_json(&s->local),
				 "local_port", port_to_json(s, s->lport), "remote",
				 net_to_json(&s->remote), "remote_port", port_to_json(s, s->rport));
	json_t *place = json_pack("{s:o, s:o, s:o}", "file",
				  text_to_json(line ? line->pos.file : NULL), "line",
				  line ? json_integer(line->pos.line) : json_null(), "text",
				  text_to_json(line ? line->text : NULL));

	json_object_update(need_json(o), need_json(ends));
	json_object_update(o, need_json(place));
	json_decref(ends);
	json_decref(place);
	return o;
}

static json_t *unlisted_to_json(const struct host_sockets *sockets)
{
	json_t *o = json_object();
	unsigned int i;

	for (i = 0; i < SOCKETS_MODULES; i++)
		json_object_set_new(o, sockets_modules[i], json_integer(sockets->unlisted[i]));
	return o;
}

void print_preflight_json(const struct preflight *p, const struct preflight_machine *m,
			  const char *policy)
{
	json_t *cut = json_array(), *unseen;
	size_t i;

	for (i = 0; i < p->n; i++)
		json_array_append_new(cut, cut_to_json(&p->v[i], m));
	unseen = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:o}", "without_process",
			   (json_int_t)p->unowned, "unknown_label", (json_int_t)p->unknown,
			   "clients", (json_int_t)p->unaimed, "other_rules", (json_int_t)p->ruled,
			   "namespaces", (json_int_t)namespaces_not_entered(m), "processes",
			   (json_int_t)m->owners.hidden, "conntrack", m->untold != 0, "unlisted",
			   unlisted_to_json(&m->sockets));
	print_json(json_pack("{s:o, s:o, s:I, s:I, s:o}", "policy", text_to_json(policy), "cut",
			     cut, "judged", (json_int_t)p->judged, "older", (json_int_t)p->older,
			     "unseen", need_json(unseen)));
}
