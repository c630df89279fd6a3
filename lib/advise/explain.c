// SPDX-License-Identifier: GPL-2.0-only
#include "advise/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/explain_case.h"
#include "audit/denial.h"
#include "selinux/oracle.h"
#include "util/alloc.h"
#include "util/buffer.h"

const char *explain_section_name(enum explain_section section)
{
	static const char *const names[EXPLAIN_SECTIONS] = {
		[EXPLAIN_WHO] = "who",     [EXPLAIN_LABEL] = "label",     [EXPLAIN_WHY] = "why",
		[EXPLAIN_ALLOW] = "allow", [EXPLAIN_CAREFUL] = "careful",
	};

	return names[section];
}

/* What a permission is about. S is the source's type, T the target's, P a port. */
static const struct sentence {
	const char *class; /* NULL: any */
	const char *perm;  /* one that begins with _ ends so */
	const char *text;
} sentences[] = {
	{ "packet", "send", "S sends a packet with the label T" },
	{ "packet", "recv", "S receives a packet with the label T" },
	{ "packet", "forward_in",
	  "a packet with the label T comes in to be forwarded (peer label S)" },
	{ "packet", "forward_out", "a forwarded packet with the label T goes out (peer label S)" },
	{ "packet", "relabelto", "S loads a rule that gives packets the label T" },
	{ "peer", "recv", "S receives a packet from a peer with the label T" },
	{ "association", "sendto", "S sends a packet through the security association T" },
	{ "association", "recvfrom", "S receives a packet from the security association T" },
	{ "association", "polmatch", "S uses the IPsec policy with the label T" },
	{ "association", "setcontext", "S adds or deletes IPsec with the label T" },
	{ "netif", "ingress", "a packet with the peer label S comes in by an interface T" },
	{ "netif", "egress", "a packet of S goes out by an interface T" },
	{ "node", "recvfrom", "a packet with the peer label S comes from an address T" },
	{ "node", "sendto", "a packet of S goes to an address T" },
	{ "sctp_socket", "association",
	  "an SCTP association with the peer label T joins a listener whose first one has S" },
	{ NULL, "name_bind", "S binds a socket to port P, which has the type T" },
	{ NULL, "name_connect", "S connects to port P, which has the type T" },
	{ NULL, "node_bind", "S binds a socket to an address with the type T" },
	{ NULL, "_send", "S sends a packet by way of T" },
	{ NULL, "_recv", "S receives a packet by way of T" },
	{ NULL, "send_msg", "S sends a packet to a port with the type T" },
	{ NULL, "recv_msg", "S receives a packet from a port with the type T" },
	{ NULL, "recvfrom", "S receives a packet from a peer with the label T" },
	{ NULL, NULL, "S has to do with T" },
};

static bool sentence_fits(const struct sentence *s, const struct explain_case *c)
{
	size_t len = strlen(c->d->perms), n = s->perm ? strlen(s->perm) : 0;

	if (s->class && strcmp(s->class, c->d->class))
		return false;
	if (!s->perm || explain_has_perm(c, s->perm))
		return true;
	return *s->perm == '_' && n < len && !strcmp(c->d->perms + len - n, s->perm);
}

static void explain_what(struct explain_case *c)
{
	const struct sentence *s = sentences;
	unsigned int port = c->d->dport ? c->d->dport : c->d->sport;
	const char *at;
	size_t len;
	FILE *out;

	while (!sentence_fits(s, c))
		s++;
	out = buffer_open(&c->e->what, &len);
	for (at = s->text; *at; at++) {
		/* a word of one letter */
		if ((at > s->text && at[-1] != ' ') || (at[1] && !strchr(" ,)", at[1])))
			fputc(*at, out);
		else if (*at == 'S')
			fputs(c->source, out);
		else if (*at == 'T')
			fputs(c->target, out);
		else if (*at == 'P')
			fprintf(out, "%u", port);
		else
			fputc(*at, out);
	}
	buffer_close(out);
}

static bool is_of_sockets(const struct explain_case *c)
{
	return explain_has_perm(c, "name_bind") || explain_has_perm(c, "name_connect") ||
	       explain_has_perm(c, "node_bind");
}

/* "\"chronyd\" (process 973)" */
static char *program_text(const struct denial *d)
{
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	if (d->comm)
		fprintf(out, "\"%s\"", d->comm);
	else if (d->pid)
		fprintf(out, "process %s", d->pid);
	if (d->comm && d->pid)
		fprintf(out, " (process %s)", d->pid);
	if (d->comm && !d->pid)
		fputs(" (the record does not tell its process)", out);
	buffer_close(out);
	return text;
}

/* Is the source the domain of the socket that receives? */
static bool owns_socket(const struct explain_case *c)
{
	return c->in && !c->no_peer && !explain_has_perm(c, "ingress") &&
	       (strcmp(c->d->class, "node") || !explain_has_perm(c, "recvfrom"));
}

/* Whoever ran when the kernel handled the packet */
static void explain_softirq(struct explain_case *c, const char *program)
{
	if (!*program)
		return;
	explain_add(c, EXPLAIN_WHO, "bystander",
		    "%s is not who it was: process and name in the record are of whatever ran when "
		    "the kernel handled the packet.%s%s",
		    program,
		    owns_socket(c) ? " The domain owns the socket, so look for its programs." : "",
		    c->loopback && c->in ? " Over loopback that is often a thread of the sender." :
					   "");
	if (c->d->syscall)
		explain_add(c, EXPLAIN_WHO, "syscall",
			    "The SYSCALL record of this event does not change that: %s only "
			    "happened to make a system call then.",
			    c->d->exe ? c->d->exe : "a program");
}

static void explain_who_of_source(struct explain_case *c)
{
	const char *class = c->d->class;
	bool peer = c->forward || explain_has_perm(c, "ingress") || !strcmp(class, "sctp_socket") ||
		    (!strcmp(class, "node") && explain_has_perm(c, "recvfrom"));
	bool of_packet = peer || !strcmp(class, "netif") || !strcmp(class, "node");

	if (c->no_peer && of_packet)
		explain_add(c, EXPLAIN_WHO, "no-peer-label",
			    "%s is no domain here: it is the peer label of a packet that has none "
			    "(neither labeled IPsec nor NetLabel gave one). No program of this "
			    "host takes part%s",
			    c->source, c->forward ? ": it forwards a packet between others." : ".");
	else if (c->no_peer && (c->in || c->out))
		explain_add(c, EXPLAIN_WHO, "lost-domain",
			    "%s is no domain of a program: the policy does not have the domain of "
			    "this socket any more, because a module was removed. Start the program "
			    "again, or load the module again.",
			    c->source);
	else if (c->forward)
		explain_add(c, EXPLAIN_WHO, "peer-label",
			    "%s is the peer label of the packet, from labeled IPsec or NetLabel. "
			    "No program of this host takes part: it forwards a packet between "
			    "others.",
			    c->source);
	else if (c->kernel && c->out)
		explain_add(c, EXPLAIN_WHO, "kernel",
			    "%s: the kernel itself sent the packet, for no program.", c->source);
	else if (c->kernel && c->in)
		explain_add(c, EXPLAIN_WHO, "kernel",
			    "%s owns the socket: a part of the kernel (NFS, a tunnel), or a "
			    "program that was started without a domain of its own.",
			    c->source);
}

static void explain_who(struct explain_case *c)
{
	char *program = program_text(c->d);

	explain_who_of_source(c);
	if (c->softirq) {
		explain_softirq(c, program);
	} else if (*program) {
		explain_add(c, EXPLAIN_WHO, "program", "%s%s%s%s did it%s.", program,
			    c->d->exe ? ", " : "", c->d->exe ? c->d->exe : "", c->d->exe ? "," : "",
			    is_of_sockets(c) || !c->out ?
				    "" :
				    ": the record of a packet that is sent names the program, "
				    "unless the kernel sends it again later");
	}
	free(program);
	if (strchr(c->source, '.'))
		explain_add(c, EXPLAIN_WHO, "cil-block",
			    "%s has a dot: it is a type in a block of CIL, as tools for containers "
			    "(udica) make them. Modules in the language of refpolicy cannot name "
			    "it.",
			    c->source);
}

/* Categories: "s0:c14,c347" */
static void explain_levels(struct explain_case *c)
{
	const char *level = c->d->source;
	int i;

	for (i = 0; i < 3 && level; i++) {
		level = strchr(level, ':');
		if (level)
			level++;
	}
	if (!level || !strchr(level, ':') || strcmp(c->d->class, "packet"))
		return;
	if (c->w->allowed && allowed_has_constraint(c->w->allowed, "packet"))
		return;
	explain_add(c, EXPLAIN_WHY, "categories",
		    "The categories of the domain (%s) play no part: %s has no constraint for "
		    "packets.",
		    level, c->w->allowed ? "this policy" : "refpolicy");
}

static void explain_result(struct explain_case *c)
{
	if (c->d->granted)
		explain_add(c, EXPLAIN_WHY, "granted",
			    "Nothing was denied: the policy allows this, and has a rule auditallow "
			    "that asks for a record of each use.");
	else if (c->d->permissive == 1)
		explain_add(c, EXPLAIN_WHY, "permissive",
			    "It was let through: the system or the domain is permissive. In "
			    "enforcing mode it would be denied.");
	else if (c->d->permissive < 0)
		explain_add(c, EXPLAIN_WHY, "no-permissive-field",
			    "The record has no field permissive=: the kernel is older than 2014, "
			    "or somebody cut the text. So it does not tell if the access was let "
			    "through in permissive mode.");
}

/* What the policy says today. */
static void explain_policy(struct explain_case *c)
{
	const struct allowed_answer *p = &c->policy;
	const char *name = c->w->oracle ? c->w->oracle->policy : "";

	if (c->d->invalid_source || c->d->invalid_target)
		explain_add(c, EXPLAIN_WHY, "invalid-context",
			    "The policy did not have the context of the %s any more: a module was "
			    "removed. The kernel takes it for unlabeled_t.",
			    c->d->invalid_source ? "source" : "target");
	if (!c->w->allowed || c->d->granted)
		return;
	if (p->verdict == ALLOWED_UNKNOWN)
		explain_add(c, EXPLAIN_WHY, "not-in-policy",
			    "%s does not have the %s: the record is from another machine, or a "
			    "module is not loaded any more.",
			    name, p->lacks);
	else if (p->verdict == ALLOWED_YES)
		explain_add(c, EXPLAIN_WHY, "allowed-now",
			    "%s allows this now: it has changed since the record was written, or "
			    "the record is from another machine.",
			    name);
	else if (p->verdict == ALLOWED_CONSTRAINED)
		explain_add(c, EXPLAIN_WHY, "constraint",
			    "A rule of %s allows it, and a constraint denies it: the levels (%s "
			    "and %s), users or roles do not fit. No further rule \"allow\" helps.",
			    name, c->d->source, c->d->target);
}

static const struct {
	const char *class;
	void (*explain)(struct explain_case *c);
} explainers[] = {
	{ "packet", explain_packet },           { "peer", explain_peer },
	{ "association", explain_association }, { "netif", explain_interface },
	{ "node", explain_interface },
};

void explain(const struct explain_world *w, const struct denial *d, struct explanation *e)
{
	void (*of_class)(struct explain_case * c) = explain_socket;
	struct explain_case c;
	size_t i;

	*e = (struct explanation){ .what = NULL };
	explain_case_make(&c, w, d, e);
	explain_what(&c);
	explain_who(&c);
	explain_result(&c);
	for (i = 0; i < sizeof(explainers) / sizeof(explainers[0]); i++)
		if (!strcmp(d->class, explainers[i].class))
			of_class = explainers[i].explain;
	of_class(&c);
	explain_levels(&c);
	explain_policy(&c);
}

/* Notes stay sorted by section; within one they are in the order in which they were added. */
void explanation_add(struct explanation *e, enum explain_section section, const char *id,
		     char *text)
{
	size_t i;

	e->notes = alloc_one_more(e->notes, e->n, sizeof(*e->notes));
	for (i = e->n; i && e->notes[i - 1].section > section; i--)
		e->notes[i] = e->notes[i - 1];
	e->notes[i] = (struct explain_note){ section, id, text };
	e->n++;
}

void explanation_free(struct explanation *e)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		free(e->notes[i].text);
	free(e->notes);
	free(e->what);
	*e = (struct explanation){ .what = NULL };
}
