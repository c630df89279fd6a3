// SPDX-License-Identifier: GPL-2.0-only
#include "nft/port_maps.h"

#include "nft/line_chains.h"
#include "packet/proto.h"

/*
 * Segments of up to so many ports are written port by port. That takes one lookup in a hash table;
 * a range takes a tree for each protocol. Loading an element costs 50,000 to 70,000 instructions.
 */
#define PORTS_APART 64
#define PORTS_APART_OF_MANY 8
#define MANY_PORTS 4096

static const char *set_from(const struct nft_ask *ask)
{
	return ask->save ? "ct secmark set meta secmark accept" : "accept";
}

static const char *port_key(const struct nft_ask *ask)
{
	return ask->view.reversed ? "sport" : "dport";
}

static unsigned int segment_width(const struct dispatch_segment *s)
{
	return s->hi - s->lo + 1;
}

static unsigned int most_apart(const struct inet_side *side)
{
	unsigned int ports = 0;
	size_t i, j;

	for (i = 0; i < side->n_protos; i++)
		for (j = 0; j < side->protos[i].n; j++)
			if (segment_width(&side->protos[i].v[j]) <= PORTS_APART)
				ports += segment_width(&side->protos[i].v[j]);
	return ports > MANY_PORTS ? PORTS_APART_OF_MANY : PORTS_APART;
}

/* Selects the segments of a side that go into one map. */
struct selection {
	const struct inet_side *side;
	const struct inet_proto *proto; /* the wide segments of this protocol; NULL: all segments
					   that are written port by port */
	bool labels; /* the ones with one label, else the ones that need a chain */
	unsigned int apart;
};

static struct selection select_from(const struct inet_side *side, const struct inet_proto *proto,
				    bool labels)
{
	return (struct selection){
		.side = side, .proto = proto, .labels = labels, .apart = most_apart(side)
	};
}

static bool selects_segment(const struct selection *x, const struct inet_proto *p,
			    const struct dispatch_segment *s)
{
	return (!x->proto || x->proto == p) &&
	       (segment_width(s) > x->apart) == (x->proto != NULL) && s->decision != INET_NONE &&
	       (x->side->outcomes[s->decision].label >= 0) == x->labels;
}

/* Calls fn with each selected segment, protocol by protocol. Returns how many elements the map
 * needs. */
static size_t each_selected(const struct selection *x, void *arg,
			    void (*fn)(void *arg, const struct inet_proto *p,
				       const struct dispatch_segment *s))
{
	size_t i, j, n = 0;

	for (i = 0; i < x->side->n_protos; i++)
		for (j = 0; j < x->side->protos[i].n; j++)
			if (selects_segment(x, &x->side->protos[i], &x->side->protos[i].v[j])) {
				n += x->proto ? 1 : segment_width(&x->side->protos[i].v[j]);
				if (fn)
					fn(arg, &x->side->protos[i], &x->side->protos[i].v[j]);
			}
	return n;
}

static size_t n_selected(const struct inet_side *side, const struct inet_proto *proto, bool labels)
{
	struct selection x = select_from(side, proto, labels);

	return each_selected(&x, NULL, NULL);
}

/* Where elements go, and what they point to. */
struct elements {
	struct nft_rules *r;
	enum side side;
	const struct nft_ask *ask; /* elements go to its chains; NULL: elements are labels */
	bool wide;
};

static void put_element(void *arg, const struct inet_proto *p, const struct dispatch_segment *s)
{
	struct elements *e = arg;
	FILE *out = e->r->maps;
	unsigned int port;

	for (port = s->lo; port <= s->hi; port++) {
		if (e->wide)
			fprintf(out, "\t\t\t%u-%u", s->lo, s->hi);
		else
			fprintf(out, "\t\t\t%u . %u", p->proto, port);
		if (e->ask)
			fprintf(out, " : jump %s_%u,\n", e->ask->name, s->decision);
		else
			fprintf(out, " : \"%s\",\n",
				nft_secmark(&e->r->labels,
					    e->r->side[e->side].outcomes[s->decision].label));
		if (e->wide)
			break;
	}
}

/* With a fixed size the kernel uses a hash table that does not resize, which is faster. */
static void put_map(struct nft_rules *r, enum side side, const struct inet_proto *proto,
		    const struct nft_ask *ask)
{
	struct selection x = select_from(&r->side[side], proto, !ask);
	struct elements e = { .r = r, .side = side, .ask = ask, .wide = proto };
	const char *value = ask ? "verdict" : "secmark";
	size_t n = each_selected(&x, NULL, NULL);

	if (!n)
		return;
	fprintf(r->maps, "\n\tmap %s", ask ? ask->name : plan_side_name(side));
	if (proto)
		fprintf(r->maps, "_%s {\n\t\ttype inet_service : %s\n\t\tflags interval\n",
			proto_name(proto->proto), value);
	else
		fprintf(r->maps,
			"_ports {\n\t\ttype inet_proto . inet_service : %s\n\t\tsize %zu\n", value,
			n);
	fputs("\t\telements = {\n", r->maps);
	each_selected(&x, &e, put_element);
	fputs("\t\t}\n\t}\n", r->maps);
}

/* Writes all maps of a side: of labels, or of the chains of one nft_ask. */
static void put_maps(struct nft_rules *r, enum side side, const struct nft_ask *ask)
{
	const struct inet_side *s = &r->side[side];
	size_t i;

	put_map(r, side, NULL, ask);
	for (i = 0; i < s->n_protos; i++)
		put_map(r, side, &s->protos[i], ask);
}

void nft_ask_maps(struct nft_rules *r, enum side side)
{
	put_maps(r, side, NULL);
}

void nft_ask_ports(struct nft_rules *r, const struct nft_ask *ask)
{
	const struct inet_side *s = &r->side[ask->side];

	if (n_selected(s, NULL, true))
		fprintf(r->chains, "\t\tmeta secmark set meta l4proto . th %s map @%s_ports %s\n",
			port_key(ask), plan_side_name(ask->side), set_from(ask));
	if (n_selected(s, NULL, false))
		fprintf(r->chains, "\t\tmeta l4proto . th %s vmap @%s_ports\n", port_key(ask),
			ask->name);
}

void nft_ask_label(struct nft_rules *r, const struct nft_ask *ask, unsigned int label)
{
	fprintf(r->chains, "meta secmark set \"%s\" %s\n", nft_secmark(&r->labels, label),
		set_from(ask));
}

/* The only line of an outcome, and its family; NULL: there are several. */
static const struct plan_line *only_line(const struct nft_rules *r, const struct nft_ask *ask,
					 unsigned int outcome, enum dispatch_family *family)
{
	const enum side side = ask->side;
	const struct inet_outcome *o = &r->side[side].outcomes[outcome];
	const struct dispatch_decision *v4 =
		&r->d->side[side][DISPATCH_IPV4].decisions[o->decision[DISPATCH_IPV4]];
	const struct dispatch_decision *v6 =
		&r->d->side[side][DISPATCH_IPV6].decisions[o->decision[DISPATCH_IPV6]];

	if (v4->n + v6->n != 1 || nft_match_never(v4->n ? v4->lines[0] : v6->lines[0], &ask->view))
		return NULL;
	*family = v4->n ? DISPATCH_IPV4 : DISPATCH_IPV6;
	return v4->n ? v4->lines[0] : v6->lines[0];
}

void nft_ask_outcome(struct nft_rules *r, const struct nft_ask *ask, unsigned int outcome)
{
	const struct inet_outcome *o = &r->side[ask->side].outcomes[outcome];
	enum dispatch_family family;
	const struct plan_line *line = only_line(r, ask, outcome, &family);

	if (o->label >= 0) {
		nft_ask_label(r, ask, o->label);
	} else if (line) {
		nft_line_chains_rule(r, ask, line, family);
	} else {
		fprintf(r->chains, "jump %s_%u\n", ask->name, outcome);
	}
}

/* Is a rule of nft_ask_outcome() the only way there, and does it need no chain? */
static bool needs_no_chain(const struct nft_rules *r, const struct nft_ask *ask,
			   unsigned int outcome)
{
	const struct inet_side *s = &r->side[ask->side];
	enum dispatch_family family;
	size_t i, j;

	if (s->outcomes[outcome].label >= 0)
		return true;
	if (!only_line(r, ask, outcome, &family))
		return false;
	for (i = 0; i < s->n_protos; i++)
		for (j = 0; j < s->protos[i].n; j++)
			if (s->protos[i].v[j].decision == outcome)
				return false;
	return true;
}

/* The outcome of all others needs no rule here. */
static bool same_label(const struct inet_side *s, unsigned int a, unsigned int b)
{
	return a == b ||
	       (s->outcomes[a].label >= 0 && s->outcomes[a].label == s->outcomes[b].label);
}

static void ask_proto(struct nft_rules *r, const struct nft_ask *ask, const struct inet_proto *p)
{
	const struct inet_side *s = &r->side[ask->side];
	const char *name = proto_name(p->proto);

	if (n_selected(s, p, true))
		fprintf(r->chains, "\t\tmeta l4proto %u meta secmark set th %s map @%s_%s %s\n",
			p->proto, port_key(ask), plan_side_name(ask->side), name, set_from(ask));
	if (n_selected(s, p, false))
		fprintf(r->chains, "\t\tmeta l4proto %u th %s vmap @%s_%s\n", p->proto,
			port_key(ask), ask->name, name);
	if (p->rest != INET_NONE && !same_label(s, p->rest, s->others)) {
		fprintf(r->chains, "\t\tmeta l4proto %u ", p->proto);
		nft_ask_outcome(r, ask, p->rest);
	}
}

bool nft_ask_rest(struct nft_rules *r, const struct nft_ask *ask)
{
	const struct inet_side *s = &r->side[ask->side];
	size_t i;

	for (i = 0; i < s->n_protos; i++)
		ask_proto(r, ask, &s->protos[i]);
	if (s->others == INET_NONE)
		return false;
	fputs("\t\t", r->chains);
	nft_ask_outcome(r, ask, s->others);
	return s->outcomes[s->others].label >= 0;
}

static void put_decision(struct nft_rules *r, const struct nft_ask *ask,
			 enum dispatch_family family, unsigned int n)
{
	const struct dispatch_decision *x = &r->d->side[ask->side][family].decisions[n];
	size_t i;

	for (i = 0; i < x->n; i++) {
		if (nft_match_never(x->lines[i], &ask->view))
			continue;
		fputs("\t\t", r->chains);
		nft_line_chains_rule(r, ask, x->lines[i], family);
	}
}

void nft_ask_chains(struct nft_rules *r, const struct nft_ask *ask)
{
	const struct inet_side *s = &r->side[ask->side];
	size_t i;

	for (i = INET_NONE + 1; i < s->n_outcomes; i++) {
		if (needs_no_chain(r, ask, i))
			continue;
		fprintf(r->chains, "\n\tchain %s_%zu {\n", ask->name, i);
		put_decision(r, ask, DISPATCH_IPV4, s->outcomes[i].decision[DISPATCH_IPV4]);
		put_decision(r, ask, DISPATCH_IPV6, s->outcomes[i].decision[DISPATCH_IPV6]);
		fputs("\t}\n", r->chains);
	}
	nft_line_chains_write(r, ask);
	put_maps(r, ask->side, ask);
}
