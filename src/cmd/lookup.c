// SPDX-License-Identifier: GPL-2.0-only
/* lookup: which line of a plan labels a flow, without a kernel */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "base/err.h"
#include "base/number.h"
#include "host/client_ports.h"
#include "host/local_addresses.h"
#include "packet/flow.h"
#include "packet/service.h"
#include "packet/tunnel.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "plan/protos.h"
#include "plan/value.h"
#include "plan/words.h"
#include "print.h"
#include "util/diag.h"
#include "util/json.h"

enum { FROM, TO, SPORT, ON, IN, OUT, STRAY, JSON };

static const struct cmd_option options[] = {
	[FROM] = { "from", "ADDRESS", "source address (out: an address of this host)", 0 },
	[TO] = { "to", "ADDRESS", "destination address (in: an address of this host)", 0 },
	[SPORT] = { "sport", "PORT", "source port", 0 },
	[ON] = { "on", "IFACE", "in, out: the interface", 0 },
	[IN] = { "in", "IFACE", "forward: the incoming interface", 0 },
	[OUT] = { "out", "IFACE", "forward: the outgoing interface", 0 },
	[STRAY] = { "stray", NULL, "the flow's start was not seen: compare the ports of both ends",
		    0 },
	[JSON] = { "json", NULL, "print the answer as JSON", 0 },
	{ NULL, NULL, NULL, 0 },
};

static const char *const dirs[] = {
	[FLOW_IN] = "in", [FLOW_OUT] = "out", [FLOW_FORWARD] = "forward", NULL
};

/* The flow that the command line describes. */
struct question {
	const struct args *args;
	int next; /* the operand to read next */
	struct flow flow;
};

static int parse_dir(struct question *q)
{
	const char *text = q->args->operand[q->next++];
	char hint[256];
	int i;

	for (i = 0; dirs[i]; i++) {
		if (!strcmp(dirs[i], text)) {
			q->flow.dir = i;
			return DONE;
		}
	}
	plan_suggest(hint, sizeof(hint), text, dirs);
	return args_fault(q->args->cmd, text, hint, "unknown direction");
}

static int parse_proto(struct question *q)
{
	const char *text = q->args->operand[q->next++], *names[32] = { NULL };
	const struct proto *proto;
	char hint[256];
	size_t n = 0;
	int number;

	proto = proto_find(text);
	if (proto && proto->number) {
		q->flow.proto = proto->number;
		return DONE;
	}
	number = number_parse(text, strlen(text), UINT8_MAX);
	if (number > 0) {
		q->flow.proto = number;
		return DONE;
	}
	for (proto = known_protos; proto->name; proto++)
		if (proto->number)
			names[n++] = proto->name;
	plan_suggest(hint, sizeof(hint), text, names);
	return args_fault(q->args->cmd, text, hint, "unknown protocol");
}

static int lookup_parse_address(struct question *q, const char *text, struct net *address)
{
	struct err err;

	if (net_parse(text, address, &err))
		return args_fault(q->args->cmd, text, *err.hint ? err.hint : NULL, "%s", err.what);
	if (address->len != net_bits(address->family))
		return args_fault(q->args->cmd, text, "each end of a flow is one address",
				  "not an address");
	return DONE;
}

/* What is missing? Only forward takes two addresses. */
static int end_is_missing(const struct question *q, int option)
{
	const char *what = q->flow.dir != FLOW_FORWARD ? "ADDRESS" :
			   option == FROM              ? "the source" :
							 "the destination";

	return args_fault(q->args->cmd, NULL, NULL, "missing argument: %s", what);
}

/* Reads ports, as a plan writes them. If that fails, diag says why, unless the text is not a single
 * word. The caller frees both in any case. */
static int lookup_read_ports(const struct question *q, const char *text, struct ports *ports,
			     struct diag *diag)
{
	struct services services = { NULL };
	struct words w = { .diag = diag };
	struct plan_proto proto = { .proto = proto_get(q->flow.proto) };
	struct plan_protos protos = { &proto, 1 };
	int ret;

	ret = words_split(&w, text, strlen(text)) || w.n != 1 ||
	      plan_value_ports(&w, &services, &protos);
	*ports = proto.ports;
	services_free(&services);
	words_free(&w);
	return ret;
}

static bool is_port(const struct question *q, const char *text)
{
	struct ports ports;
	struct diag diag = { 0 };
	bool read = !lookup_read_ports(q, text, &ports, &diag);

	ports_free(&ports);
	diag_free(&diag);
	return read;
}

/* Is the next operand the port? It is the last one, and no address. */
static bool port_is_next(const struct question *q)
{
	const char *text = q->args->operand[q->next];
	struct net ignored;
	struct err err;

	return q->next + 1 == q->args->n && proto_has_ports(q->flow.proto) &&
	       net_parse(text, &ignored, &err) && is_port(q, text);
}

/* Reads one end: the value of its option, or the next operand if this end must be given. Otherwise
 * the address stays as it is. */
static int parse_end(struct question *q, int option, bool must, struct net *address)
{
	const char *text = q->args->option[option];

	if (!text && must) {
		if (q->next == q->args->n || port_is_next(q))
			return end_is_missing(q, option);
		text = q->args->operand[q->next++];
	}
	return text ? lookup_parse_address(q, text, address) : DONE;
}

/* An end that must be given can be an option or an operand, but not both. */
static int refuse_both_forms(const struct question *q)
{
	static const int forms[] = { FROM, TO };
	bool must[] = { q->flow.dir != FLOW_OUT, q->flow.dir != FLOW_IN };
	int spare = q->args->n - q->next - proto_has_ports(q->flow.proto), i;

	for (i = 0; i < 2; i++)
		spare -= must[i] && !q->args->option[forms[i]];
	for (i = 0; i < 2; i++)
		if (spare > 0 && must[i] && q->args->option[forms[i]])
			return args_fault(q->args->cmd, q->args->operand[q->next], NULL,
					  "the %s is already given by --%s",
					  i ? "destination" : "source", options[forms[i]].name);
	return DONE;
}

static int parse_ends(struct question *q)
{
	const struct proto *proto = proto_get(q->flow.proto);
	struct flow *f = &q->flow;
	int ret;

	ret = refuse_both_forms(q);
	if (!ret)
		ret = parse_end(q, FROM, f->dir != FLOW_OUT, &f->src);
	if (!ret)
		ret = parse_end(q, TO, f->dir != FLOW_IN, &f->dst);
	if (ret)
		return ret;
	/* an end that is not given: any address */
	if (!f->src.family)
		f->src.family = f->dst.family;
	if (!f->dst.family)
		f->dst.family = f->src.family;
	if (f->src.family != f->dst.family)
		return args_fault(q->args->cmd, NULL, NULL,
				  "one address is IPv4, the other is IPv6");
	if (proto->family != AF_UNSPEC && proto->family != f->src.family)
		return args_fault(q->args->cmd, NULL, NULL, "%s is %s only", proto->name,
				  proto->family == AF_INET ? "IPv4" : "IPv6");
	return DONE;
}

/* Prints the error of a reader of plan values. */
static int value_fault(const struct question *q, const char *text, const struct diag *diag)
{
	const struct diag_entry *e = diag->n ? &diag->v[0] : NULL;

	if (!e)
		return args_fault(q->args->cmd, text, NULL, "not a single word");
	return args_fault(q->args->cmd, e->text ? e->text : text, e->hint, "%s", e->what);
}

/* Reads one port, as a plan writes it. */
static int parse_port(const struct question *q, const char *text, uint16_t *port)
{
	struct diag diag = { 0 };
	struct ports ports;
	int ret = lookup_read_ports(q, text, &ports, &diag);

	if (ret)
		ret = value_fault(q, text, &diag);
	else if (ports.n != 1 || ports.v[0].lo != ports.v[0].hi)
		ret = args_fault(q->args->cmd, text, "each end of a flow has one port",
				 "not a port");
	else
		*port = ports.v[0].lo;
	ports_free(&ports);
	diag_free(&diag);
	return ret;
}

static int parse_ports(struct question *q)
{
	const char *sport = q->args->option[SPORT];
	int ret;

	if (!proto_has_ports(q->flow.proto)) {
		if (sport)
			return args_fault(q->args->cmd, sport, NULL, "this protocol has no ports");
		return DONE;
	}
	if (q->next == q->args->n)
		return args_fault(q->args->cmd, NULL, NULL, "missing argument: PORT");
	if (q->flow.stray && !sport)
		return args_fault(q->args->cmd, NULL, "the server may be at either end",
				  "--stray needs --sport");
	ret = parse_port(q, q->args->operand[q->next++], &q->flow.dport);
	if (!ret && sport)
		ret = parse_port(q, sport, &q->flow.sport);
	return ret;
}

static int parse_iface(struct question *q, int option, bool fits, char name[IFNAMSIZ])
{
	const char *text = q->args->option[option];
	bool forward = q->flow.dir == FLOW_FORWARD;
	struct diag diag = { 0 };
	struct words w = { .diag = &diag };
	int ret;

	if (!text)
		return DONE;
	if (!fits)
		return args_fault(q->args->cmd, NULL, forward ? "use --in and --out" : "use --on",
				  "--%s does not fit the direction %s", options[option].name,
				  dirs[q->flow.dir]);
	ret = words_split(&w, text, strlen(text)) || w.n != 1 || plan_value_iface(&w, name, NULL);
	if (ret)
		ret = value_fault(q, text, &diag);
	else if (name[strlen(name) - 1] == '+')
		ret = args_fault(q->args->cmd, text, "each end of a flow has one interface",
				 "not an interface");
	words_free(&w);
	diag_free(&diag);
	return ret;
}

static int parse_ifaces(struct question *q)
{
	struct flow *f = &q->flow;
	bool forward = f->dir == FLOW_FORWARD, in = f->dir == FLOW_IN;
	int ret;

	ret = parse_iface(q, ON, !forward, in ? f->in : f->out);
	if (!ret)
		ret = parse_iface(q, IN, forward, f->in);
	if (!ret)
		ret = parse_iface(q, OUT, forward, f->out);
	return ret;
}

static int lookup_parse(struct question *q)
{
	static int (*const steps[])(struct question * q) = {
		parse_dir, parse_proto, parse_ends, parse_ports, parse_ifaces,
	};
	size_t i;
	int ret;

	q->next = 1; /* the first operand after the plan */
	q->flow.stray = q->args->option[STRAY];
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		ret = steps[i](q);
		if (ret)
			return ret;
	}
	if (q->next < q->args->n)
		return args_unexpected(q->args, q->next);
	return DONE;
}

static void print_answer(const struct plan_line *line, bool json)
{
	if (json && !line)
		print_json(json_pack("{s:n}", "label"));
	else if (json)
		print_json(json_pack("{s:o, s:o, s:s, s:b, s:o, s:i, s:o}", "label",
				     text_to_json(line->label.text), "level",
				     text_to_json(line->label.level), "side",
				     plan_side_name(line->side), "default", line->is_default,
				     "file", text_to_json(line->pos.file), "line",
				     (int)line->pos.line, "text", text_to_json(line->text)));
	else if (line)
		print_line(stdout, "%s %s:%u: %s", line->label.text, line->pos.file, line->pos.line,
			   line->text);
	else
		puts("no label");
}

/* Without DNAT the flow would end here. */
static void warn_of_dnat_to(const struct net *address)
{
	struct local_addresses local = { 0 };
	char text[NET_STRLEN];
	struct err ignored;

	if (!local_addresses_read(&local, &ignored) && local_addresses_receives(&local, address))
		fprintf(stderr,
			"warning: %s is an address of this host: the backend nft gives this label "
			"if DNAT sends the flow on; iptables gives none\n",
			net_format(address, text));
	local_addresses_free(&local);
}

static int lookup_answer(const struct question *q, const struct plan *plan)
{
	const struct plan_line *line = lookup(plan, &q->flow),
			       *first = lookup_possible(plan, &q->flow);

	if (first != line)
		print_line(stderr,
			   "%s:%u: warning: this line labels the flow if its addresses and "
			   "interfaces match: '%s' (give them with --from, --to%s)",
			   first->pos.file, first->pos.line, first->text,
			   q->flow.dir == FLOW_FORWARD ? ", --in and --out" : " and --on");
	if (!line && q->flow.dir != FLOW_FORWARD && tunnel_has_proto(q->flow.proto))
		fputs("warning: this protocol carries other packets: no default labels it, and an "
		      "outer packet that leaves keeps the label of the packet inside\n",
		      stderr);
	if (line && q->flow.dir == FLOW_FORWARD)
		warn_of_dnat_to(&q->flow.dst);
	print_answer(line, q->args->option[JSON]);
	return line ? DONE : FAILED;
}

static int lookup_run(const struct args *args)
{
	struct question q = { .args = args };
	struct diag diag = { 0 };
	struct plan plan;
	int ret = lookup_parse(&q);

	if (ret)
		return ret;
	ret = plan_read(args->operand[0], &plan, &diag);
	if (ret)
		print_diag(&diag);
	plan.client_ports = client_ports_read();
	ret = ret ? FAILED : lookup_answer(&q, &plan);
	plan_free(&plan);
	diag_free(&diag);
	return ret;
}

const struct cmd cmd_lookup = {
	.name = "lookup",
	.operands = "PLAN in|out|forward PROTO ADDRESS... [PORT]",
	.help = "show which line of a plan labels a flow",
	.options = options,
	.min = 3,
	.max = 6,
	.run = lookup_run,
};
