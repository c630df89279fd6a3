// SPDX-License-Identifier: GPL-2.0-only
/* learn: lines of a plan for packets that have no label yet */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/learn.h"
#include "advise/learn_policy.h"
#include "advise/learn_print.h"
#include "args.h"
#include "audit/reader.h"
#include "audit_log.h"
#include "base/err.h"
#include "learn_host.h"
#include "learn_plan.h"
#include "learn_source.h"
#include "policy_option.h"
#include "print.h"
#include "selinux/oracle.h"
#include "util/buffer.h"

enum { NOW, SINCE, MERGE, ADDRESSES, POLICY };

static const struct cmd_option options[] = {
	[NOW] = { "now", NULL, "learn from the sockets of this machine", 0 },
	[SINCE] = { "since", "TIME", "read the audit log of this machine from this time on", 0 },
	[MERGE] = { "merge", "PLAN", "print this plan with the lines that it lacks", 0 },
	[ADDRESSES] = { "addresses", "LINES", "lines that name addresses: none, client or all", 0 },
	[POLICY] = POLICY_OPTION,
	{ NULL, NULL, NULL, 0 },
};

struct learning {
	const struct args *args;
	int64_t since;
	enum learn_addresses addresses;
	struct learn_policy policy;
	struct learn_host host;
	struct learn_evidence evidence;
	struct audit_counts counts;
	struct learn_lines lines;
	struct learn_plan plan; /* of --merge */
};

static int learn_parse_addresses(const struct args *args, enum learn_addresses *addresses)
{
	static const char *const words[] = {
		[LEARN_ADDRESSES_NONE] = "none",
		[LEARN_ADDRESSES_CLIENT] = "client",
		[LEARN_ADDRESSES_ALL] = "all",
	};
	const char *word = args->option[ADDRESSES];
	size_t i;

	*addresses = LEARN_ADDRESSES_CLIENT;
	for (i = 0; word && i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(word, words[i])) {
			*addresses = i;
			return DONE;
		}
	}
	return word ? args_fault(args->cmd, word, "expected none, client or all",
				 "unknown value of --addresses") :
		      DONE;
}

static int learn_parse(struct learning *l)
{
	const struct args *args = l->args;
	struct err err;

	if (!args->n && !args->option[SINCE] && !args->option[NOW])
		return args_fault(args->cmd, NULL, NULL,
				  "missing argument: FILE, --now or --since TIME");
	if (args->n && args->option[MERGE] && !strcmp(args->operand[0], "-") &&
	    !strcmp(args->option[MERGE], "-"))
		return args_fault(args->cmd, NULL, NULL,
				  "standard input cannot be the log and the plan");
	if (args->option[SINCE] && audit_log_since(args->option[SINCE], &l->since, &err)) {
		print_err(&err);
		return USAGE;
	}
	return learn_parse_addresses(args, &l->addresses);
}

/* A log from elsewhere is judged without this machine. */
static int learn_read(struct learning *l, struct err *err)
{
	const struct args *args = l->args;
	int ret = 0;

	l->evidence.policy = &l->policy;
	l->evidence.plan = args->option[MERGE] ? &l->plan.plan : NULL;
	l->evidence.client_ports = (struct port_range)PORTS_OF_CLIENTS;
	if (!args->n || args->option[NOW])
		ret = learn_host_read(&l->host, args->option[NOW], &l->evidence, err);
	if (!ret && args->n)
		return learn_from_file(&l->evidence, args->operand[0], l->since, &l->counts, err);
	if (!ret && args->option[SINCE])
		ret = learn_from_audit(&l->evidence, l->since, &l->counts, err);
	if (ret > 0)
		print_err_as_warning(err);
	return ret < 0 ? ret : 0;
}

static void learn_note(size_t n, const char *one, const char *many)
{
	if (n)
		print_line(stderr, "secmarkctl: note: %zu %s", n, n == 1 ? one : many);
}

/* Says what no line is for. */
static void learn_print_notes(const struct learning *l)
{
	const struct learn_counts *c = &l->evidence.counts;

	learn_note(c->covered,
		   "packet has a line in the plan: its connection is older than the rules, or it "
		   "is older than the line",
		   "packets have a line in the plan: their connections are older than the rules, "
		   "or they are older than the line");
	learn_note(c->unusable,
		   "packet without a label has no addresses, or a domain that the "
		   "policy lacks",
		   "packets without a label have no addresses, or domains that the policy lacks");
	learn_note(l->lines.kernel,
		   "packet is an answer of the kernel for a port that no "
		   "program has",
		   "packets are answers of the kernel for ports that no program has");
	learn_note(l->lines.nameless, "port has no type, and nobody knows which domain uses it",
		   "ports have no type, and nobody knows which domains use them");
	learn_note(c->port_unknown,
		   "UDP socket has a port that the kernel chose: its packets tell more",
		   "UDP sockets have ports that the kernel chose: their packets tell more");
	learn_note(l->host.owners.hidden, "process does not show its sockets to you: try as root",
		   "processes do not show their sockets to you: try as root");
	learn_host_print_unlisted(&l->host);
	learn_note(c->lost, "packet was left out: there are too many different ports",
		   "packets were left out: there are too many different ports");
	learn_note(l->counts.unreadable, "line looks like a record and cannot be read",
		   "lines look like records and cannot be read");
	learn_note(l->counts.forged, "line was written into the log by a program, not the kernel",
		   "lines were written into the log by programs, not the kernel");
	learn_note(l->counts.undated,
		   "record has an unknown time: the date of ausearch -i does not tell it "
		   "(ausearch --raw does)",
		   "records have an unknown time: the dates of ausearch -i do not tell it "
		   "(ausearch --raw does)");
	learn_note(l->counts.lost, "time, the kernel left records out: run learn again later",
		   "times, the kernel left records out: run learn again later");
}

static void learn_print_lines(const struct learning *l)
{
	char *text;
	size_t len, i;
	FILE *out = buffer_open(&text, &len);

	for (i = 0; i < l->lines.n; i++) {
		learn_print_reason(&l->lines.v[i], out);
		learn_print_line(&l->lines.v[i], out);
	}
	buffer_close(out);
	if (!l->lines.n)
		print_line(stdout, "# no packets without a label that need a line");
	print_lines(text);
	free(text);
}

/* Finds and prints the lines. */
static int learn_tell(struct learning *l)
{
	int ret = 0;

	learn_propose(&l->evidence, l->addresses, &l->lines);
	if (l->args->option[MERGE])
		ret = learn_plan_print(&l->plan, &l->lines);
	else
		learn_print_lines(l);
	learn_print_notes(l);
	return ret;
}

static int learn_run(const struct args *args)
{
	struct learning l = { .args = args };
	struct oracle *oracle;
	struct err err;
	int ret = learn_parse(&l);

	if (ret)
		return ret;
	if (args->option[MERGE] && learn_plan_read(&l.plan, args->option[MERGE])) {
		learn_plan_free(&l.plan);
		return FAILED;
	}
	oracle = policy_open_whole(args->option[POLICY]);
	if (!oracle) {
		learn_plan_free(&l.plan);
		return FAILED;
	}
	ret = learn_policy_read(oracle, &l.policy, &err);
	if (!ret)
		ret = learn_read(&l, &err);
	if (ret)
		print_err(&err);
	else
		ret = learn_tell(&l);
	learn_lines_free(&l.lines);
	learn_evidence_free(&l.evidence);
	learn_host_free(&l.host);
	learn_policy_free(&l.policy);
	learn_plan_free(&l.plan);
	oracle_free(oracle);
	return ret ? FAILED : DONE;
}

const struct cmd cmd_learn = {
	.name = "learn",
	.operands = "[FILE]",
	.help = "propose lines of a plan for packets that have no label",
	.options = options,
	.max = 1,
	.run = learn_run,
};
