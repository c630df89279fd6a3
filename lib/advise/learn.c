// SPDX-License-Identifier: GPL-2.0-only
#include "advise/learn.h"

#include <stdlib.h>
#include <string.h>

#include "advise/learn_label.h"
#include "packet/proto.h"
#include "plan/plan.h"
#include "util/alloc.h"

#define LEARN_KERNEL "kernel_t"

static const char learn_held_border[] = "remove the # below if all addresses may have this label";
static const char learn_held_domain[] =
	"write \"allow DOMAIN\" for who uses it, and remove the # below";

static int learn_by_port(const void *va, const void *vb)
{
	const struct learn_use *a = *(const struct learn_use *const *)va,
			       *b = *(const struct learn_use *const *)vb;

	if (a->side != b->side)
		return (int)a->side - (int)b->side;
	return a->proto != b->proto ? a->proto - b->proto : a->port - b->port;
}

/* Has the domain begun flows of this protocol itself? Then what it received without ports are the
 * answers. */
static bool learn_is_answer(const struct learn_evidence *e, const struct learn_use *use)
{
	size_t i;

	if (use->port || use->side != SIDE_SERVER || use->sent || use->listens)
		return false;
	for (i = 0; i < e->n; i++)
		if (e->v[i].side == SIDE_CLIENT && e->v[i].proto == use->proto && e->v[i].sent &&
		    e->v[i].domain == use->domain)
			return true;
	return false;
}

static void learn_add_speaker(struct learn_line *line, const struct learn_speaker *new)
{
	struct learn_speaker *s;
	size_t i;

	for (i = 0; i < line->n_speakers; i++) {
		s = &line->speakers[i];
		if (s->domain != new->domain)
			continue;
		s->packets += new->packets;
		s->connections += new->connections;
		s->sent |= new->sent;
		s->received |= new->received;
		s->allow |= new->allow;
		return;
	}
	line->speakers = alloc_one_more(line->speakers, line->n_speakers, sizeof(*s));
	line->speakers[line->n_speakers++] = *new;
}

static void learn_add_line_peer(struct learn_line *line, const struct net *peer)
{
	size_t i;

	for (i = 0; i < line->n_peers; i++)
		if (!memcmp(&line->peers[i], peer, sizeof(*peer)))
			return;
	if (line->n_peers == LEARN_PEERS_MAX)
		line->peers_many = true;
	else
		line->peers[line->n_peers++] = *peer;
}

static void learn_add_use(struct learn_line *line, const struct learn_use *use)
{
	const struct learn_speaker speaker = {
		.domain = use->domain,
		.packets = use->packets,
		.connections = use->connections,
		.sent = use->sent,
		.received = use->received || use->listens || use->connections,
	};
	size_t i;

	/* what is needed may be seen, too */
	if (!use->why || use->listens || use->connections || use->packets)
		learn_add_speaker(line, &speaker);
	if (use->why)
		line->why = use->why;
	line->guessed |= use->guessed;
	line->listens |= use->listens;
	line->outside |= use->outside;
	line->packets += use->packets;
	line->denied += use->denied;
	line->connections += use->connections;
	if (line->last < use->last)
		line->last = use->last;
	line->peers_many |= use->more_peers;
	for (i = 0; i < use->n_peers; i++)
		learn_add_line_peer(line, &use->peers[i]);
}

static int learn_by_packets(const void *va, const void *vb)
{
	const struct learn_speaker *a = va, *b = vb;

	if (a->packets + a->connections != b->packets + b->connections)
		return a->packets + a->connections > b->packets + b->connections ? -1 : 1;
	if (!a->domain || !b->domain)
		return (b->domain != NULL) - (a->domain != NULL);
	return strcmp(a->domain, b->domain);
}

static void learn_line_free(struct learn_line *line)
{
	free(line->label);
	ports_free(&line->ports);
	free(line->speakers);
}

/* The kernel answers to a port without a program by itself. */
static bool learn_is_of_kernel(const struct learn_line *line)
{
	const struct learn_speaker *s = line->speakers;

	return line->ports.n && line->n_speakers == 1 && s->domain &&
	       !strcmp(s->domain, LEARN_KERNEL) && !s->received;
}

/* Makes a line for one port. */
static void learn_add_port(const struct learn_evidence *e, struct learn_lines *lines,
			   struct learn_line *line)
{
	if (!line->why && (!line->n_speakers || learn_is_of_kernel(line))) {
		lines->kernel += line->packets;
		learn_line_free(line);
		return;
	}
	if (line->speakers)
		qsort(line->speakers, line->n_speakers, sizeof(*line->speakers), learn_by_packets);
	if (!learn_label_line(e, lines, line)) {
		lines->nameless++;
		learn_line_free(line);
		return;
	}
	/* what nobody uses now gets a label that the policy has for it */
	if ((line->n_speakers || line->own_type) && !learn_first_domain(line))
		line->held = learn_held_domain;
	lines->v = alloc_one_more(lines->v, lines->n, sizeof(*lines->v));
	lines->v[lines->n++] = *line;
}

/* Is a line of the plan for the same ports? */
static bool learn_is_beside(const struct plan_line *l, const struct learn_line *line)
{
	return l->side == line->side && l->proto == line->proto &&
	       (!l->ports.n || !line->ports.n || ports_has(&l->ports, line->ports.v[0].lo));
}

/* So many addresses and networks do lines of the plan name for the other end of a port. */
static size_t learn_count_named(const struct plan *plan, const struct learn_line *line)
{
	const struct plan_line *l;
	size_t i, n = 0;

	for (i = 0; plan && i < plan->n_lines; i++) {
		l = &plan->lines[i];
		if (learn_is_beside(l, line))
			n += line->side == SIDE_SERVER ? l->from.n : l->to.n;
	}
	return n;
}

/* A new forward line names no sources. */
static bool learn_plan_names_sources(const struct plan *plan, const struct learn_line *line)
{
	size_t i;

	for (i = 0; plan && line->side == SIDE_FORWARD && i < plan->n_lines; i++)
		if (learn_is_beside(&plan->lines[i], line) && plan->lines[i].from.n)
			return true;
	return false;
}

/* Which addresses does the line name? */
static void learn_settle_peers(const struct plan *plan, struct learn_line *line,
			       enum learn_addresses addresses)
{
	size_t named = learn_count_named(plan, line);
	bool sources = learn_plan_names_sources(plan, line);
	/* without ports there is no server whose address stays */
	bool names = line->ports.n && (addresses == LEARN_ADDRESSES_ALL ||
				       (addresses == LEARN_ADDRESSES_CLIENT &&
					(line->side != SIDE_SERVER || !line->outside)));

	line->peers_change = named || sources;
	if (named)
		names = addresses != LEARN_ADDRESSES_NONE;
	if (!names || line->peers_many || (named && named + line->n_peers > LEARN_PEERS_MAX))
		line->n_peers = 0;
	if (((named && !line->n_peers) || sources) && line->denied)
		line->held = learn_held_border;
}

static int learn_by_address(const void *va, const void *vb)
{
	const struct net *a = va, *b = vb;

	if (a->family != b->family)
		return a->family - b->family;
	return memcmp(a->addr, b->addr, sizeof(a->addr));
}

/* Orders lines so that those come together that say the same, apart from ports and protocol. */
static int learn_by_kind(const struct learn_line *a, const struct learn_line *b)
{
	int order = (int)a->side - (int)b->side;

	if (!order)
		order = strcmp(a->label, b->label);
	if (!order)
		order = a->peers_change - b->peers_change;
	if (!order)
		order = (a->held > b->held) - (a->held < b->held);
	if (!order)
		order = (a->why > b->why) - (a->why < b->why);
	if (!order)
		order = (a->allowed > b->allowed) - (a->allowed < b->allowed);
	if (!order)
		order = (a->n_peers > b->n_peers) - (a->n_peers < b->n_peers);
	return order ? order : memcmp(a->peers, b->peers, a->n_peers * sizeof(a->peers[0]));
}

static int learn_compare_ports(const struct ports *a, const struct ports *b)
{
	int order = (a->n > b->n) - (a->n < b->n);

	return order || !a->n ? order : memcmp(a->v, b->v, a->n * sizeof(*a->v));
}

static int learn_by_proto(const void *va, const void *vb)
{
	const struct learn_line *a = va, *b = vb;
	int order = learn_by_kind(a, b);

	if (!order)
		order = a->proto - b->proto;
	return order ? order : learn_compare_ports(&a->ports, &b->ports);
}

static int learn_by_ports(const void *va, const void *vb)
{
	const struct learn_line *a = va, *b = vb;
	int order = learn_by_kind(a, b);

	if (!order)
		order = learn_compare_ports(&a->ports, &b->ports);
	return order ? order : a->proto - b->proto;
}

/* Puts what speaks for a line, and its ports, into another one. */
static void learn_join(struct learn_line *to, struct learn_line *from, bool count)
{
	size_t i;

	for (i = 0; i < from->ports.n; i++)
		alloc_check(ports_add(&to->ports, from->ports.v[i].lo, from->ports.v[i].hi));
	for (i = 0; i < from->n_speakers && count; i++)
		learn_add_speaker(to, &from->speakers[i]);
	to->guessed |= from->guessed;
	to->listens |= from->listens;
	if (to->last < from->last)
		to->last = from->last;
	if (count) {
		to->packets += from->packets;
		to->denied += from->denied;
		to->connections += from->connections;
	}
	learn_line_free(from);
}

/* Joins lines that differ only in their ports. */
static void learn_join_ports(struct learn_lines *lines)
{
	struct learn_line *v = lines->v;
	size_t i, kept = 0;

	qsort(v, lines->n, sizeof(*v), learn_by_proto);
	for (i = 0; i < lines->n; i++) {
		if (kept && v[kept - 1].proto == v[i].proto && !learn_by_kind(&v[kept - 1], &v[i]))
			learn_join(&v[kept - 1], &v[i], true);
		else
			v[kept++] = v[i];
	}
	lines->n = kept;
}

/* Joins lines that are for TCP and for UDP. */
static void learn_join_protos(struct learn_lines *lines)
{
	struct learn_line *v = lines->v, *last;
	size_t i, kept = 0;

	qsort(v, lines->n, sizeof(*v), learn_by_ports);
	for (i = 0; i < lines->n; i++) {
		last = kept ? &v[kept - 1] : NULL;
		if (!last || last->proto != IPPROTO_TCP || v[i].proto != IPPROTO_UDP ||
		    learn_by_kind(last, &v[i]) || learn_compare_ports(&last->ports, &v[i].ports)) {
			v[kept++] = v[i];
			continue;
		}
		last->other_udp = true;
		/* the same packets were counted for both protocols */
		learn_join(last, &v[i], !last->guessed || !v[i].guessed);
	}
	lines->n = kept;
}

static int learn_by_use(const void *va, const void *vb)
{
	const struct learn_line *a = va, *b = vb;

	if (a->packets != b->packets)
		return a->packets > b->packets ? -1 : 1;
	if (a->connections != b->connections)
		return a->connections > b->connections ? -1 : 1;
	if (a->side != b->side)
		return (int)a->side - (int)b->side;
	if (strcmp(a->label, b->label))
		return strcmp(a->label, b->label);
	if (a->proto != b->proto)
		return a->proto - b->proto;
	return a->ports.n && b->ports.n ? a->ports.v[0].lo - b->ports.v[0].lo : 0;
}

void learn_propose(const struct learn_evidence *e, enum learn_addresses addresses,
		   struct learn_lines *lines)
{
	const struct learn_use **uses = alloc_zeroed(e->n + 1, sizeof(*uses));
	struct learn_line line;
	size_t i, k;

	*lines = (struct learn_lines){ 0 };
	for (i = 0; i < e->n; i++)
		uses[i] = &e->v[i];
	qsort(uses, e->n, sizeof(*uses), learn_by_port);
	for (i = 0; i < e->n; i = k) {
		line = (struct learn_line){ .side = uses[i]->side, .proto = uses[i]->proto };
		if (proto_has_ports(line.proto))
			alloc_check(ports_add(&line.ports, uses[i]->port, uses[i]->port));
		for (k = i; k < e->n && !learn_by_port(&uses[i], &uses[k]); k++)
			if (!learn_is_answer(e, uses[k]))
				learn_add_use(&line, uses[k]);
		learn_add_port(e, lines, &line);
	}
	free(uses);
	for (i = 0; i < lines->n; i++) {
		learn_settle_peers(e->plan, &lines->v[i], addresses);
		qsort(lines->v[i].peers, lines->v[i].n_peers, sizeof(struct net), learn_by_address);
	}
	if (!lines->n)
		return;
	learn_join_ports(lines);
	learn_join_protos(lines);
	for (i = 0; i < lines->n; i++)
		if (lines->v[i].speakers)
			qsort(lines->v[i].speakers, lines->v[i].n_speakers,
			      sizeof(struct learn_speaker), learn_by_packets);
	qsort(lines->v, lines->n, sizeof(*lines->v), learn_by_use);
	learn_define_types(lines, e->plan);
}

/* Is it the first line that needs the type? A held line, which is a comment, defines none. */
static bool learn_needs_type(const struct learn_line *line, struct learn_type *type)
{
	bool first = !type->defined && (!line->held || !type->held);

	if (line->held)
		type->held = true;
	else
		type->defined = true;
	return first;
}

void learn_define_types(struct learn_lines *lines, const struct plan *plan)
{
	struct learn_line *line;
	size_t i, k;

	for (k = 0; k < lines->n_types; k++) {
		lines->types[k].defined = plan_defines_type(plan, lines->types[k].name);
		lines->types[k].held = false;
	}
	for (i = 0; i < lines->n; i++) {
		line = &lines->v[i];
		line->defines = false;
		for (k = 0; line->own_type && k < lines->n_types; k++) {
			if (strcmp(lines->types[k].name, line->label))
				continue;
			line->defines = learn_needs_type(line, &lines->types[k]);
			break;
		}
	}
}

void learn_lines_free(struct learn_lines *lines)
{
	while (lines->n)
		learn_line_free(&lines->v[--lines->n]);
	while (lines->n_types)
		free(lines->types[--lines->n_types].name);
	free(lines->types);
	free(lines->v);
	*lines = (struct learn_lines){ 0 };
}
