// SPDX-License-Identifier: GPL-2.0-only
#include "compile/compile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "compile/dispatch.h"
#include "packet/ports.h"
#include "plan/plan.h"
#include "util/alloc.h"

/* A list of indexes of the plan's lines. */
struct list {
	unsigned int *v;
	size_t n, room;
};

/* A range of a line that begins or ends at a port. next: the index of another one there, counted
 * from 1; it is of an earlier line. */
struct event {
	unsigned int line, next;
	uint16_t hi;
};

/* A line without further conditions, and the last port of its range. */
struct whole {
	unsigned int line;
	uint16_t hi;
};

/*
 * The sweep over one protocol's ports: the lines that cover the current port. Only the first line
 * without further conditions counts; these lines are a heap, where ranges that have ended stay
 * until they reach the top. The other lines are sorted. */
struct sweep {
	const struct plan *plan;
	enum dispatch_family family;
	struct event *events;
	size_t n_events;
	unsigned int *begins, *ends; /* by port; indexes of events, counted from 1 */
	struct whole *heap;
	size_t n_heap;
	struct list some;
};

/* The side of a family that is being built, and a hash table of its decisions. */
struct build {
	struct dispatch *d;
	struct dispatch_side *side;
	unsigned int *table; /* indexes of decisions, by hash; DISPATCH_NONE: free */
	size_t room;         /* a power of two, more than twice what is in it */
	size_t *lines;       /* how many lines all decisions have in sum */
};

/* Room for @more values. */
static void list_grow(struct list *l, size_t more)
{
	size_t room = l->room ? l->room : 16;
	unsigned int *v;

	while (room < l->n + more)
		room *= 2;
	if (room == l->room)
		return;
	v = alloc_zeroed(room, sizeof(*v));
	if (l->n)
		memcpy(v, l->v, l->n * sizeof(*v));
	free(l->v);
	l->v = v;
	l->room = room;
}

static void list_append(struct list *l, unsigned int value)
{
	list_grow(l, 1);
	l->v[l->n++] = value;
}

/* Merges a list that falls into one that rises. */
static void list_merge(struct list *l, const struct list *falling)
{
	size_t old = l->n, i = 0, at;

	list_grow(l, falling->n);
	l->n += falling->n;
	for (at = l->n; i < falling->n; at--)
		if (old && l->v[old - 1] > falling->v[i])
			l->v[at - 1] = l->v[--old];
		else
			l->v[at - 1] = falling->v[i++];
}

/* The place of a value in a sorted list, or where it belongs. */
static size_t list_find(const struct list *l, unsigned int value)
{
	size_t from = 0, to = l->n, mid;

	while (from < to) {
		mid = from + (to - from) / 2;
		if (l->v[mid] < value)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static void heap_push(struct sweep *s, struct whole w)
{
	size_t i = s->n_heap++, up;

	for (; i; i = up) {
		up = (i - 1) / 2;
		if (s->heap[up].line <= w.line)
			break;
		s->heap[i] = s->heap[up];
	}
	s->heap[i] = w;
}

static void heap_pop(struct sweep *s)
{
	struct whole w = s->heap[--s->n_heap];
	size_t i = 0, down;

	for (;; i = down) {
		down = 2 * i + 1;
		if (down + 1 < s->n_heap && s->heap[down + 1].line < s->heap[down].line)
			down++;
		if (down >= s->n_heap || w.line <= s->heap[down].line)
			break;
		s->heap[i] = s->heap[down];
	}
	s->heap[i] = w;
}

/* Do two lines give the same label, if they have no further conditions? */
static bool same_outcome(const struct build *b, const struct plan_line *x,
			 const struct plan_line *y)
{
	return dispatch_label(b->d, x) == dispatch_label(b->d, y);
}

static bool same_decision(const struct build *b, const struct dispatch_decision *x,
			  const struct dispatch_decision *y)
{
	size_t asked = x->final ? x->n - 1 : x->n;

	if (x->n != y->n || x->final != y->final ||
	    memcmp(x->lines, y->lines, asked * sizeof(*x->lines)))
		return false;
	return !x->final || same_outcome(b, x->lines[asked], y->lines[asked]);
}

static size_t decision_hash(const struct build *b, const struct dispatch_decision *x)
{
	size_t i, asked = x->final ? x->n - 1 : x->n, h = x->final;

	for (i = 0; i < asked; i++)
		h = h * 0x9e3779b97f4a7c15u + (x->lines[i] - b->d->plan->lines);
	if (x->final)
		h = h * 0x9e3779b97f4a7c15u + dispatch_label(b->d, x->lines[asked]);
	h *= 0x9e3779b97f4a7c15u;
	return h >> 20;
}

/* The place of a decision in the table, or the free place where it belongs. */
static unsigned int *table_find(const struct build *b, const struct dispatch_decision *x)
{
	size_t at = decision_hash(b, x);
	unsigned int *slot;

	for (;; at++) {
		slot = &b->table[at & (b->room - 1)];
		if (*slot == DISPATCH_NONE || same_decision(b, x, &b->side->decisions[*slot]))
			return slot;
	}
}

static void table_grow(struct build *b)
{
	size_t i;

	free(b->table);
	b->room = b->room ? 2 * b->room : 64;
	b->table = alloc_zeroed(b->room, sizeof(*b->table));
	for (i = DISPATCH_NONE + 1; i < b->side->n_decisions; i++)
		*table_find(b, &b->side->decisions[i]) = i;
}

/* Takes ownership of x->lines. */
static unsigned int decision_index(struct build *b, struct dispatch_decision *x)
{
	unsigned int *slot;

	if (2 * (b->side->n_decisions + 1) > b->room)
		table_grow(b);
	slot = table_find(b, x);
	if (*slot != DISPATCH_NONE) {
		free(x->lines);
		return *slot;
	}
	*slot = b->side->n_decisions;
	b->side->decisions = alloc_one_more(b->side->decisions, b->side->n_decisions, sizeof(*x));
	b->side->decisions[b->side->n_decisions++] = *x;
	*b->lines += x->n;
	return *slot;
}

/* The decision at the current port of the sweep. */
static unsigned int decide_at_sweep(struct build *b, const struct sweep *s)
{
	const struct plan_line *lines = s->plan->lines;
	struct dispatch_decision x = { .final = s->n_heap > 0 };
	size_t i, asked = x.final ? list_find(&s->some, s->heap[0].line) : s->some.n;

	/* a line that gives the same label as the next one is not needed */
	while (x.final && asked &&
	       same_outcome(b, &lines[s->some.v[asked - 1]], &lines[s->heap[0].line]))
		asked--;
	x.n = asked + x.final;
	if (!x.n)
		return DISPATCH_NONE;
	x.lines = alloc_zeroed(x.n, sizeof(struct plan_line *));
	for (i = 0; i < asked; i++)
		x.lines[i] = &lines[s->some.v[i]];
	if (x.final)
		x.lines[asked] = &lines[s->heap[0].line];
	return decision_index(b, &x);
}

/* Not the index of a line */
#define GONE ((unsigned int)-1)

/* Removes the ranges that ended before the port. */
static void sweep_off(struct sweep *s, unsigned int port)
{
	unsigned int i = port ? s->ends[port - 1] : 0;
	size_t k, kept = 0;

	if (!i)
		return;
	/* all are found before any is removed, and GONE is above them: later ones come first */
	for (; i; i = s->events[i - 1].next)
		s->some.v[list_find(&s->some, s->events[i - 1].line)] = GONE;
	for (k = 0; k < s->some.n; k++)
		if (s->some.v[k] != GONE)
			s->some.v[kept++] = s->some.v[k];
	s->some.n = kept;
}

/* Adds the ranges that begin at the port. */
static void sweep_on(struct sweep *s, unsigned int port)
{
	struct list begun = { 0 };
	unsigned int i, line;

	for (i = s->begins[port]; i; i = s->events[i - 1].next) {
		line = s->events[i - 1].line;
		if (dispatch_fit(&s->plan->lines[line], s->family) == DISPATCH_ALWAYS)
			heap_push(s, (struct whole){ line, s->events[i - 1].hi });
		else
			list_append(&begun, line);
	}
	list_merge(&s->some, &begun);
	free(begun.v);
}

static void sweep_to(struct sweep *s, unsigned int port)
{
	sweep_off(s, port);
	sweep_on(s, port);
	while (s->n_heap && s->heap[0].hi < port)
		heap_pop(s);
}

static void compile_add_segment(struct dispatch_proto *p, unsigned int lo, unsigned int hi,
				unsigned int decision)
{
	if (decision == DISPATCH_NONE)
		return;
	if (p->n && p->v[p->n - 1].hi + 1u == lo && p->v[p->n - 1].decision == decision) {
		p->v[p->n - 1].hi = hi;
		return;
	}
	p->v = alloc_one_more(p->v, p->n, sizeof(*p->v));
	p->v[p->n++] = (struct dispatch_segment){ lo, hi, decision };
}

/* Does the decision change at this port? In the heap only the top's end counts. */
static bool changes_at_port(const struct sweep *s, unsigned int port)
{
	return !port || s->begins[port] || s->ends[port - 1] || (s->n_heap && s->heap[0].hi < port);
}

static int refuse_combinations(const struct sweep *s, struct err *err)
{
	const struct pos *pos = &s->plan->lines[s->some.v[s->some.n - 1]].pos;

	err_set(err, -E2BIG,
		"%s:%u: too many lines with from, to or on share ports with this one: their "
		"combinations have more than %d lines",
		pos->file, pos->line, COMPILE_LINES_MAX);
	return -E2BIG;
}

static int sweep_ports(struct build *b, struct sweep *s, struct dispatch_proto *p, struct err *err)
{
	unsigned int port, lo = 0, decision = DISPATCH_NONE;

	for (port = 0; port <= PORT_MAX; port++) {
		if (!changes_at_port(s, port))
			continue;
		sweep_to(s, port);
		if (port)
			compile_add_segment(p, lo, port - 1, decision);
		lo = port;
		decision = decide_at_sweep(b, s);
		/* a decision of many lines is one of lines that ask for more */
		if (*b->lines > COMPILE_LINES_MAX && s->some.n)
			return refuse_combinations(s, err);
	}
	compile_add_segment(p, lo, PORT_MAX, decision);
	return 0;
}

static void add_event(struct sweep *s, unsigned int *head, unsigned int line, uint16_t hi)
{
	s->events = alloc_one_more(s->events, s->n_events, sizeof(*s->events));
	s->events[s->n_events++] = (struct event){ line, *head, hi };
	*head = s->n_events;
}

static void compile_add_range(struct sweep *s, unsigned int line, struct port_range range,
			      enum dispatch_fit fit)
{
	add_event(s, &s->begins[range.lo], line, range.hi);
	if (fit == DISPATCH_SOMETIMES)
		add_event(s, &s->ends[range.hi], line, range.hi);
}

static void compile_add_line(struct sweep *s, enum side side, uint8_t proto, unsigned int index)
{
	const struct plan_line *line = &s->plan->lines[index];
	enum dispatch_fit fit = dispatch_fit(line, s->family);
	size_t i;

	if (line->side != side || line->is_default || fit == DISPATCH_NEVER)
		return;
	if (line->proto && line->proto != proto)
		return;
	for (i = 0; i < line->ports.n; i++)
		compile_add_range(s, index, line->ports.v[i], fit);
	if (!line->ports.n)
		compile_add_range(s, index, (struct port_range){ 0, PORT_MAX }, fit);
}

static int compile_family_proto(struct build *b, enum side side, enum dispatch_family family,
				uint8_t proto, struct err *err)
{
	struct sweep s = { .plan = b->d->plan, .family = family };
	struct dispatch_proto *p;
	unsigned int i;
	int ret;

	b->side->protos = alloc_one_more(b->side->protos, b->side->n_protos, sizeof(*p));
	p = &b->side->protos[b->side->n_protos++];
	*p = (struct dispatch_proto){ .proto = proto };
	s.begins = alloc_zeroed(PORT_MAX + 1, sizeof(*s.begins));
	s.ends = alloc_zeroed(PORT_MAX + 1, sizeof(*s.ends));
	for (i = 0; i < s.plan->n_lines; i++)
		compile_add_line(&s, side, proto, i);
	s.heap = alloc_zeroed(s.n_events + 1, sizeof(*s.heap));
	ret = sweep_ports(b, &s, p, err);
	free(s.begins);
	free(s.ends);
	free(s.events);
	free(s.heap);
	free(s.some.v);
	return ret;
}

/* Notes the protocols that lines of this side name. */
static void find_named(const struct plan *plan, enum side side, enum dispatch_family family,
		       bool named[UINT8_MAX + 1])
{
	size_t i;

	for (i = 0; i < plan->n_lines; i++)
		if (plan->lines[i].side == side && !plan->lines[i].is_default &&
		    dispatch_fit(&plan->lines[i], family) != DISPATCH_NEVER)
			named[plan->lines[i].proto] = true;
	/* any */
	named[0] = true;
}

static int compile_side(struct dispatch *d, enum side side, enum dispatch_family family,
			size_t *lines, struct err *err)
{
	struct build b = { .d = d, .side = &d->side[side][family], .lines = lines };
	bool named[UINT8_MAX + 1] = { false };
	size_t i;
	int ret = 0;

	for (i = 0; i < d->plan->n_lines; i++)
		if (d->plan->lines[i].side == side && d->plan->lines[i].is_default)
			b.side->dflt = &d->plan->lines[i];
	/* DISPATCH_NONE */
	b.side->decisions = alloc_one_more(NULL, 0, sizeof(*b.side->decisions));
	b.side->decisions[b.side->n_decisions++] = (struct dispatch_decision){ 0 };
	find_named(d->plan, side, family, named);
	for (i = 0; i <= UINT8_MAX && !ret; i++) {
		uint8_t proto = proto_in_order(i);

		if (named[proto])
			ret = compile_family_proto(&b, side, family, proto, err);
	}
	free(b.table);
	return ret;
}

static int label_compare(const void *a, const void *b)
{
	const struct plan_line *const *x = a, *const *y = b;

	return strcmp((*x)->label.context, (*y)->label.context);
}

/* Numbers the contexts alphabetically, so that the numbers depend only on the plan. */
static void number_labels(struct dispatch *d)
{
	const struct plan_line **lines = alloc_zeroed(d->plan->n_lines + 1,
						      sizeof(struct plan_line *));
	size_t i;

	for (i = 0; i < d->plan->n_lines; i++)
		lines[i] = &d->plan->lines[i];
	qsort(lines, d->plan->n_lines, sizeof(*lines), label_compare);
	d->label_of = alloc_zeroed(d->plan->n_lines + 1, sizeof(*d->label_of));
	for (i = 0; i < d->plan->n_lines; i++) {
		if (!i || label_compare(&lines[i - 1], &lines[i]) != 0) {
			d->labels = alloc_one_more(d->labels, d->n_labels, sizeof(*d->labels));
			d->labels[d->n_labels++] = lines[i]->label.context;
		}
		d->label_of[lines[i] - d->plan->lines] = d->n_labels - 1;
	}
	free(lines);
}

int compile(const struct plan *plan, struct dispatch *d, struct err *err)
{
	size_t lines = 0;
	int side, family, ret = 0;

	*d = (struct dispatch){ .plan = plan };
	number_labels(d);
	for (side = 0; side < SIDES && !ret; side++)
		for (family = 0; family < DISPATCH_FAMILIES && !ret; family++)
			ret = compile_side(d, side, family, &lines, err);
	return ret;
}
