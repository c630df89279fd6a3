// SPDX-License-Identifier: GPL-2.0-only
/*
 * flows [--plans N] [--flows N] [--plan N] [--backend NAME]...: loads random plans with each
 * backend into the network namespaces of kernel-tests/flows.sh, and sends the packets of random
 * flows. The label of each packet in each hook, and of each connection, must be the answer of
 * lookup(). Prints TAP, one line for each backend.
 *
 * A plan's number and the seed determine the plan, its flows and how it is loaded, so one plan can
 * be tried alone.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "compile/compile.h"
#include "compile/dispatch.h"
#include "differential/flow_expect.h"
#include "differential/flow_load.h"
#include "differential/flow_trial.h"
#include "differential/flow_tunnel.h"
#include "differential/flow_watch.h"
#include "differential/flow_wire.h"
#include "plan/plan.h"
#include "support/random_plan.h"
#include "util/alloc.h"

/* At most so many wrong labels are printed for each backend. */
#define TOLD 50

/* One plan in so many may be refused. */
#define REFUSED_MAX 20

#define MAX_FLOWS 16000

struct options {
	unsigned int seed, plans, flows;
	int plan; /* -1: all */
	bool wanted[BACKENDS];
};

struct kernel {
	struct wires *wires;
	struct watch *watch[HOSTS];
	unsigned char labels[WATCH_SIDS];
};

/* A plan and its flows. */
struct subject {
	unsigned int number, run_seed, seed;
	enum host host;
	struct plan plan;
	struct dispatch d;
	struct trial *trials;
	size_t n_trials;
};

struct counts {
	unsigned int plans, refused, packets, sessions, outer, connections, wrong, failed;
};

static void flows_die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

static void subject_make(struct subject *s, const struct options *o, unsigned int number,
			 unsigned int features)
{
	struct err err;

	*s = (struct subject){ .number = number, .run_seed = o->seed, .host = number % HOSTS };
	/* the next seed is another one for every plan */
	s->seed = (o->seed * 40503u + number) * 2654435761u;
	for (;;) {
		random_plan(&s->seed, features, &s->plan);
		if (s->plan.n_lines)
			break;
		plan_free(&s->plan);
	}
	if (compile(&s->plan, &s->d, &err))
		flows_die(err.what);
	s->n_trials = o->flows;
	s->trials = alloc_zeroed(o->flows, sizeof(*s->trials));
	trials_random(&s->seed, &s->plan, s->host, features & RANDOM_OUT_IFACE, s->trials,
		      s->n_trials);
}

static void subject_free(struct subject *s)
{
	dispatch_free(&s->d);
	plan_free(&s->plan);
	free(s->trials);
}

/* How a plan is loaded by a backend. */
static struct xt_opts random_opts(const struct subject *s, const struct backend *b)
{
	static const char fast[][IFNAMSIZ] = { "eth0", "wlan+", "veth0" };
	static const char vrfs[][IFNAMSIZ] = { FLOW_VRF };
	unsigned int seed = s->seed + (b - backends);

	return (struct xt_opts){
		.module = b->module,
		.nft = b->nft,
		.unlabeled = UNLABELED,
		.accept = random_below(&seed, 2),
		.fast = fast + random_below(&seed, 2),
		.n_fast = b->plain_nft ? 0 : random_below(&seed, 3),
		.vrfs = vrfs,
		.n_vrfs = 1,
	};
}

/* The plan, and how to try it alone. */
static void tell_subject(const struct subject *s, const struct backend *b,
			 const struct xt_opts *opts)
{
	size_t i;

	printf("# SEED=%u --plan %u --backend %s: host %s", s->run_seed, s->number, b->name,
	       host_names[s->host]);
	if (!b->plain_nft)
		printf(", %s", opts->accept ? "accept" : "ending nothing");
	for (i = 0; i < opts->n_fast; i++)
		printf(", fast=%s", opts->fast[i]);
	printf("\n#   table %s\n%s", s->plan.table == PLAN_MANGLE ? "mangle" : "security",
	       s->plan.loopback ? "" : "#   loopback no\n");
	for (i = 0; i < s->plan.n_lines; i++)
		printf("#   %s\n", s->plan.lines[i].text);
}

static void tell_trial(const struct trial *t)
{
	static const char *const dirs[] = {
		[FLOW_IN] = "in", [FLOW_OUT] = "out", [FLOW_FORWARD] = "forward"
	};
	char src[NET_STRLEN], dst[NET_STRLEN];

	printf("#   flow %u: %s, %s > %s, proto %u, %s port %u > %s port %u%s%s%s%s\n", t->number,
	       dirs[t->flow.dir], t->flow.in, t->flow.out, t->flow.proto,
	       net_format(&t->flow.src, src), t->flow.sport, net_format(&t->flow.dst, dst),
	       t->flow.dport,
	       t->untracked  ? ", untracked" :
	       t->flow.stray ? ", no SYN" :
			       "",
	       t->foreign ? ", foreign" : "", t->tunnel ? ", in " : "", tunnel_name(t->tunnel));
	if (!t->tunnel)
		return;
	printf("#   outer connection: %s, %s, proto %u, %s > %s\n", dirs[t->outer.dir], t->outer.in,
	       t->outer.proto, net_format(&t->outer.src, src), net_format(&t->outer.dst, dst));
}

/* Compares and counts labels, and reports wrong ones. */
struct judge {
	const struct subject *s;
	const struct backend *b;
	const struct xt_opts *opts;
	struct counts *counts;
	bool told; /* the plan is printed */
};

static void flows_judge(struct judge *j, const struct trial *t, const char *what,
			const char *context, enum label seen)
{
	enum label wanted = label_of(context);

	if (seen == wanted || j->counts->wrong++ >= TOLD)
		return;
	if (!j->told)
		tell_subject(j->s, j->b, j->opts);
	j->told = true;
	tell_trial(t);
	printf("#   %s: %s, expected %s\n", what, label_name(seen), label_name(wanted));
}

static const char *const turn_names[TURNS] = { "first packet", "reply", "second packet" };

static void judge_outer(struct judge *j, const struct trial *t, const struct manner *m,
			const struct seen *seen)
{
	char what[64];
	enum turn turn;
	bool comes;

	for (turn = 0; turn < trial_turns(t); turn++) {
		comes = trial_comes(t, turn);
		snprintf(what, sizeof(what), "outer packet of %s in %s", turn_names[turn],
			 hook_names[comes ? HOOK_INPUT : HOOK_OUTPUT]);
		flows_judge(j, t, what, expect_outer(&j->s->plan, t, m, turn),
			    seen->packets[comes ? SET_OUTER_IN : SET_OUTER_OUT]
					 [trial_packet(t, turn)]);
		j->counts->outer++;
	}
	flows_judge(j, t, "connection of outer packets", expect_outer_connection(&j->s->plan, t),
		    seen->outer_connections[t->number]);
	j->counts->connections++;
}

static void judge_packets(struct judge *j, const struct trial *t, const struct manner *m,
			  const struct seen *seen)
{
	const char *context;
	char what[64];
	enum turn turn;
	enum hook hook;

	for (turn = 0; turn < trial_turns(t); turn++) {
		for (hook = 0; hook < HOOKS; hook++) {
			if (!expect_packet(&j->s->plan, t, m, turn, hook, &context))
				continue;
			snprintf(what, sizeof(what), "%s in %s", turn_names[turn],
				 hook_names[hook]);
			flows_judge(j, t, what, context,
				    seen->packets[hook][trial_packet(t, turn)]);
			j->counts->packets++;
			if (!expect_session(&j->s->plan, t, m, turn, hook, &context))
				continue;
			snprintf(what, sizeof(what), "open session, %s in %s", turn_names[turn],
				 hook_names[hook]);
			flows_judge(j, t, what, context,
				    seen->packets[hook][trial_packet(t, turn)]);
			j->counts->sessions++;
		}
	}
}

static void judge_all(struct judge *j, const struct manner *m, const struct seen *seen)
{
	const struct trial *t;

	for (t = j->s->trials; t < j->s->trials + j->s->n_trials; t++) {
		judge_packets(j, t, m, seen);
		if (t->tunnel)
			judge_outer(j, t, m, seen);
		if (t->untracked)
			continue;
		flows_judge(j, t, "its connection", expect_connection(&j->s->plan, t),
			    seen->connections[t->number]);
		j->counts->connections++;
	}
}

static void send_all(const struct kernel *k, const struct subject *s, const struct manner *m)
{
	const struct trial *t;
	enum turn turn;

	for (turn = 0; turn < TURNS; turn++) {
		for (t = s->trials; t < s->trials + s->n_trials; t++)
			if (turn < trial_turns(t))
				wires_send(k->wires, s->host, t, m, turn);
		wires_settle(k->wires);
	}
}

/* Loads the plan, sends all packets, and judges their labels. */
static void try_subject(const struct kernel *k, const struct subject *s, const struct backend *b,
			struct counts *counts)
{
	struct xt_opts opts = random_opts(s, b);
	struct manner m = { .overwrites = b->plain_nft || b->module,
			    .fast = opts.fast,
			    .n_fast = opts.n_fast };
	struct judge j = { .s = s, .b = b, .opts = &opts, .counts = counts };
	struct seen seen;
	struct err err;
	int ret;

	/* secmarkctl(8), "Without xt_secmark2" */
	if (!m.overwrites && random_plan_names_ipsec(&s->plan))
		m.n_fast = 0;
	m.keeps_outer = !m.overwrites;
	counts->plans++;
	wires_enter(k->wires, s->host);
	ret = load_plan(b, &s->d, &opts, &err);
	if (ret == -E2BIG) {
		counts->refused++;
		return;
	}
	if (ret) {
		counts->failed++;
		tell_subject(s, b, &opts);
		printf("#   cannot be loaded: %s\n", err.what);
		return;
	}
	watch_clear(k->watch[s->host]);
	send_all(k, s, &m);
	watch_read(k->watch[s->host], s->trials, s->n_trials, &seen);
	judge_all(&j, &m, &seen);
	seen_free(&seen);
}

/* Returns whether all was right. */
static bool try_backend(const struct kernel *k, const struct subject *subjects, unsigned int n,
			const struct backend *b, unsigned int test)
{
	struct counts c = { 0 };
	struct err err;
	unsigned int i;
	enum host host;
	bool good;

	for (i = 0; i < n; i++)
		try_subject(k, &subjects[i], b, &c);
	for (host = 0; host < HOSTS; host++) {
		wires_enter(k->wires, host);
		if (load_nothing(b, &err))
			flows_die(err.what);
	}
	/* one plan may have lines for forwarded packets only */
	good = !c.wrong && !c.failed && c.packets && (c.outer || n == 1) &&
	       c.refused * REFUSED_MAX <= n;
	if (c.refused)
		printf("# %s: %u of %u plans refused, their lists need too many chains\n", b->name,
		       c.refused, n);
	printf("%sok %u - %s: %u of %u labels are not what lookup says: %u plans, %u packets, %u "
	       "of them in open sessions, %u outer packets of tunnels, %u connections\n",
	       good ? "" : "not ", test, b->name, c.wrong,
	       c.packets + c.sessions + c.outer + c.connections, c.plans - c.refused - c.failed,
	       c.packets, c.sessions, c.outer, c.connections);
	fflush(stdout);
	return good;
}

/* Backends of the same kind get the same plans: only nft can ask where a forwarded packet leaves.
 */
static bool try_kind(const struct kernel *k, const struct options *o, bool plain_nft,
		     unsigned int *test)
{
	struct subject *subjects = alloc_zeroed(o->plans, sizeof(*subjects));
	unsigned int i, n = 0;
	bool good = true;

	for (i = 0; i < o->plans; i++)
		if (o->plan < 0 || (unsigned int)o->plan == i)
			subject_make(&subjects[n++], o, i,
				     RANDOM_FORWARD | (plain_nft ? RANDOM_OUT_IFACE : 0));
	for (i = 0; i < BACKENDS; i++) {
		if (!o->wanted[i] || backends[i].plain_nft != plain_nft)
			continue;
		++*test;
		if (backends[i].module && access("/sys/module/xt_secmark2", F_OK))
			printf("ok %u - %s # SKIP no kernel module xt_secmark2\n", *test,
			       backends[i].name);
		else
			good = try_backend(k, subjects, n, &backends[i], *test) && good;
	}
	for (i = 0; i < n; i++)
		subject_free(&subjects[i]);
	free(subjects);
	return good;
}

static void kernel_open(struct kernel *k)
{
	struct watch *world;
	unsigned int label;
	enum host host;

	k->wires = wires_open();
	for (host = 0; host < HOSTS; host++) {
		wires_enter(k->wires, host);
		k->watch[host] = watch_open(k->labels);
	}
	wires_enter_world(k->wires);
	world = watch_open(k->labels);
	for (label = LABEL_FIRST; label <= LABEL_FOREIGN; label++)
		wires_calibrate(k->wires, label);
	wires_settle(k->wires);
	watch_calibrate(world);
	watch_close(world);
}

static void kernel_close(struct kernel *k)
{
	enum host host;

	for (host = 0; host < HOSTS; host++)
		watch_close(k->watch[host]);
	wires_close(k->wires);
}

static unsigned int want_backend(struct options *o, const char *name)
{
	unsigned int i, found = 0;

	for (i = 0; i < BACKENDS; i++)
		if (!name || !strcmp(backends[i].name, name))
			o->wanted[i] = true, found++;
	return found;
}

static void flows_parse(struct options *o, int argc, char **argv)
{
	static const struct option options[] = {
		{ "plans", required_argument, NULL, 'p' },
		{ "flows", required_argument, NULL, 'f' },
		{ "plan", required_argument, NULL, 'n' },
		{ "backend", required_argument, NULL, 'b' },
		{ 0 },
	};
	bool some = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'p')
			o->plans = strtoul(optarg, NULL, 10);
		else if (c == 'f')
			o->flows = strtoul(optarg, NULL, 10);
		else if (c == 'n')
			o->plan = strtoul(optarg, NULL, 10);
		else if (c == 'b' && want_backend(o, optarg))
			some = true;
		else
			flows_die("unknown option");
	}
	if (!some)
		want_backend(o, NULL);
	if (o->plan >= 0 && o->plans <= (unsigned int)o->plan)
		o->plans = o->plan + 1;
	if (!o->plans || !o->flows || o->flows > MAX_FLOWS)
		flows_die("impossible number of plans or flows");
}

int main(int argc, char **argv)
{
	struct options o = { .plans = 200, .flows = 50, .plan = -1 };
	unsigned int test = 0, n = 0, i;
	struct kernel k = { 0 };
	bool good;

	setvbuf(stdout, NULL, _IOLBF, 0);
	flows_parse(&o, argc, argv);
	o.seed = random_seed();
	for (i = 0; i < BACKENDS; i++)
		n += o.wanted[i];
	printf("1..%u\n", n);
	kernel_open(&k);
	good = try_kind(&k, &o, true, &test);
	good = try_kind(&k, &o, false, &test) && good;
	kernel_close(&k);
	return !good;
}
